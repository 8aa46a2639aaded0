/* main.c - gen-sim: the providers' wire formats on loopback. Options, start, end. */
#include "simulator/accounts.h"
#include "simulator/faults.h"
#include "simulator/films.h"
#include "simulator/genesis.h"
#include "simulator/server.h"
#include "simulator/service_account.h"

#include "base/number.h"
#include "platform/crypto.h"
#include "platform/files.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAIN_ACCOUNTS = 64, MAIN_USAGE = 2, MAIN_FAILED = 1 };

static const char main_usage[] =
    "usage: gen-sim --state DIR [options]\n"
    "\n"
    "Speaks the wire formats of the video providers on 127.0.0.1, keeps accounts and books, "
    "renders\n"
    "clips with ffmpeg, and misbehaves on demand. Prints one line with its port when it is ready.\n"
    "\n"
    "  --state DIR         folder of the journal, uploads and rendered clips; made if missing\n"
    "  --port N            port to listen on; 0 = any (default 0)\n"
    "  --seed N            decides ids, render times, chances of faults (default 1)\n"
    "  --speed X           how much faster than a provider tasks run, 0.01 to 100000 (default 1)\n"
    "  --faults SPEC       rules as JSON, or a file with them; see GET /_sim/faults\n"
    "  --account TEXT      provider:name=test,key=...,secret=...,usd=100,concurrency=5,daily=50\n"
    "                      adds an account or changes one; may be repeated\n"
    "  --service-account FILE\n"
    "                      Google's service account for /vertex, with a key made here: written if\n"
    "                      missing, kept otherwise\n"
    "  --link-life SECONDS how long result links live (default 86400)\n"
    "  --cdn-host NAME     host of result links, where it is to differ from the API's: localhost\n"
    "  --with-parent       end when standard input closes or the parent process dies\n"
    "  --help, --version\n"
    "\n"
    "Base URLs: http://127.0.0.1:PORT/runway, /kling, ...: GET /_sim lists them. The books, which\n"
    "are the truth about what was billed: GET /_sim/books. See sdk/simulator/README.md.\n"
    "\n"
    "Exit status: 0 ended by SIGTERM, SIGINT or the parent; 1 it could not start; 2 usage.\n";

struct options {
    struct sim_settings settings;
    const char *accounts[MAIN_ACCOUNTS + 1];
    size_t account_count;
    const char *faults;
    const char *service_account; /* a file, NULL = none */
    int port;
    bool with_parent;
    bool done; /* --help, --version: nothing is left to do */
};

static bool main_wrong(const char *option, const char *value, const char *wanted)
{
    (void)fprintf(stderr, "gen-sim: --%s %s: not %s\n", option, value, wanted);
    return false;
}

enum option_code {
    OPTION_STATE = 256,
    OPTION_PORT,
    OPTION_SEED,
    OPTION_SPEED,
    OPTION_FAULTS,
    OPTION_ACCOUNT,
    OPTION_SERVICE_ACCOUNT,
    OPTION_LINK_LIFE,
    OPTION_CDN_HOST,
    OPTION_WITH_PARENT,
    OPTION_HELP,
    OPTION_VERSION,
};

static bool main_number(int code, const char *value, struct options *out)
{
    int64_t whole = 0;
    double real = 0;

    switch (code) {
    case OPTION_PORT:
        out->port = gen_number_integer(value, &whole) && whole >= 0 && whole < 65536 ? (int)whole
                                                                                     : -1;
        return out->port >= 0 || main_wrong("port", value, "a port");
    case OPTION_SEED:
        out->settings.seed = gen_number_integer(value, &whole) ? (uint64_t)whole : 0;
        return whole > 0 || main_wrong("seed", value, "a whole number above 0");
    case OPTION_SPEED:
        if (!gen_number_real(value, &real) || real < 0.01 || real > 100000) {
            return main_wrong("speed", value, "a number from 0.01 to 100000");
        }
        out->settings.speed = real;
        return true;
    default:
        if (!gen_number_integer(value, &whole) || whole < 1 || whole > 10000000) {
            return main_wrong("link-life", value, "a number of seconds");
        }
        out->settings.link_life_ms = whole * 1000;
        return true;
    }
}

static bool main_option(int code, const char *value, struct options *out)
{
    switch (code) {
    case OPTION_STATE:
        out->settings.folder = value;
        return true;
    case OPTION_FAULTS:
        out->faults = value;
        return true;
    case OPTION_ACCOUNT:
        if (out->account_count == MAIN_ACCOUNTS) {
            return main_wrong("account", value, "one of 64 at most");
        }
        out->accounts[out->account_count++] = value;
        return true;
    case OPTION_SERVICE_ACCOUNT:
        out->service_account = value;
        return true;
    case OPTION_CDN_HOST:
        out->settings.cdn_host = value;
        return true;
    case OPTION_WITH_PARENT:
        out->with_parent = true;
        return true;
    case OPTION_HELP:
    case OPTION_VERSION:
        (void)fputs(code == OPTION_HELP ? main_usage : "gen-sim " GEN_VERSION "\n", stdout);
        out->done = true;
        return true;
    default:
        return main_number(code, value, out);
    }
}

static bool main_options(int count, char **words, struct options *out)
{
    static const struct option options[] = {
        {"state", required_argument, NULL, OPTION_STATE},
        {"port", required_argument, NULL, OPTION_PORT},
        {"seed", required_argument, NULL, OPTION_SEED},
        {"speed", required_argument, NULL, OPTION_SPEED},
        {"faults", required_argument, NULL, OPTION_FAULTS},
        {"account", required_argument, NULL, OPTION_ACCOUNT},
        {"service-account", required_argument, NULL, OPTION_SERVICE_ACCOUNT},
        {"link-life", required_argument, NULL, OPTION_LINK_LIFE},
        {"cdn-host", required_argument, NULL, OPTION_CDN_HOST},
        {"with-parent", no_argument, NULL, OPTION_WITH_PARENT},
        {"help", no_argument, NULL, OPTION_HELP},
        {"version", no_argument, NULL, OPTION_VERSION},
        {NULL, 0, NULL, 0},
    };
    int code;

    while ((code = getopt_long(count, words, "", options, NULL)) != -1) {
        if (code == '?' || !main_option(code, optarg, out)) {
            return false;
        }
        if (out->done) {
            return true;
        }
    }
    if (optind < count) {
        (void)fprintf(stderr, "gen-sim: \"%s\" is not an option\n", words[optind]);
        return false;
    }
    if (out->settings.folder == NULL) {
        (void)fprintf(stderr, "gen-sim: --state DIR is needed\n");
        return false;
    }
    return true;
}

/* Until a signal, or the end of standard input. */
static void main_wait(int signals, bool with_parent)
{
    struct stat input;
    bool listens = with_parent && fstat(STDIN_FILENO, &input) == 0 && !S_ISCHR(input.st_mode);
    struct pollfd ends[2] = {
        {.fd = signals, .events = POLLIN},
        {.fd = listens ? STDIN_FILENO : -1, .events = POLLIN}, /* /dev/null is at its end */
    };

    for (;;) {
        char ignored[256];

        if (poll(ends, 2, -1) < 0) {
            if (errno == EINTR) {
                continue;
            }
            return;
        }
        if (ends[0].revents != 0) {
            return;
        }
        if (ends[1].revents != 0 && read(STDIN_FILENO, ignored, sizeof(ignored)) <= 0) {
            return;
        }
    }
}

/* Its file names our port, so it comes after the server; no client knows of us yet. */
static enum gen_status main_service_account(struct sim_world *world, const char *path,
                                            struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    const char *account = NULL;
    enum gen_status status;

    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = sim_service_account_ready(
        path, gen_arena_printf(arena, "http://127.0.0.1:%d", world->port), arena, &account, err);
    if (status == GEN_OK) {
        (void)pthread_mutex_lock(&world->lock);
        status = sim_accounts_set(world, account, err);
        (void)pthread_mutex_unlock(&world->lock);
    }
    gen_arena_destroy(arena);
    return status;
}

static enum gen_status main_serve(const struct options *options, int signals,
                                  struct sim_world **world, struct gen_error *err)
{
    struct sim_server *server = NULL;
    enum gen_status status = sim_genesis_open(&options->settings, world, err);

    if (status == GEN_OK && options->faults != NULL) {
        status = sim_faults_text((*world)->faults, options->faults, err);
    }
    if (status == GEN_OK) {
        status = sim_films_begin(*world, err);
    }
    if (status == GEN_OK) {
        status = sim_server_start(*world, options->port, &server, err);
    }
    if (status == GEN_OK && options->service_account != NULL) {
        status = main_service_account(*world, options->service_account, err);
    }
    if (status != GEN_OK) {
        sim_server_stop(server);
        return status;
    }
    (void)printf("gen-sim listens on http://127.0.0.1:%d\n", (*world)->port);
    (void)fflush(stdout);
    main_wait(signals, options->with_parent);
    atomic_store(&(*world)->stopping, true);
    sim_server_stop(server);
    return GEN_OK;
}

static enum gen_status main_run(struct options *options, int signals, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct sim_world *world = NULL;
    enum gen_status status;

    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    options->settings.ffmpeg = gen_files_find_program(NULL, 1, "ffmpeg", arena);
    options->settings.accounts = options->accounts;
    status = options->settings.ffmpeg == NULL
                 ? gen_error_set(err, GEN_ENOTFOUND,
                                 "the program ffmpeg is not in PATH; it renders "
                                 "the clips (Debian package ffmpeg)")
                 : gen_crypto_init(err);
    if (status == GEN_OK) {
        status = main_serve(options, signals, &world, err);
    }
    if (world != NULL) {
        sim_films_end(world);
    }
    sim_genesis_close(world);
    gen_arena_destroy(arena);
    return status;
}

int main(int count, char **words)
{
    struct options options = {
        .settings = {.seed = 1, .speed = 1, .link_life_ms = 86400 * INT64_C(1000)}};
    struct gen_error err = {0};
    char text[GEN_ERROR_MESSAGE_SIZE + GEN_ERROR_PATH_SIZE + GEN_ERROR_FILE_SIZE];
    sigset_t ends;
    int signals;

    if (!main_options(count, words, &options)) {
        (void)fputs("gen-sim --help tells more\n", stderr);
        return MAIN_USAGE;
    }
    if (options.done) {
        return 0;
    }
    if (options.with_parent && prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) {
        (void)fprintf(stderr, "gen-sim: --with-parent: %s\n", strerror(errno));
    }
    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &ends, NULL);
    signals = signalfd(-1, &ends, SFD_CLOEXEC);
    if (signals < 0 || main_run(&options, signals, &err) != GEN_OK) {
        (void)fprintf(stderr, "gen-sim: %s\n",
                      signals < 0 ? strerror(errno) : gen_error_text(&err, text, sizeof(text)));
        return MAIN_FAILED;
    }
    (void)close(signals);
    return 0;
}
