/* main.c - gen-trial: tries a plugin out in a child process and says as JSON what it found.
 *
 * usage: gen-trial [--settings FILE.json [--settings-only]] [--recordings DIR] [--quick] [--seconds
 * N] PLUGIN.so gend asks it before it loads a new or changed plugin, `gen plugin check` asks it for
 * a plugin's author. The plugin's code runs only in the child (jail.h); this process reads lines
 * and waits. A child that uses up its share of the processor, or waits for something that does not
 * come, is a finding; one that got no share within the seconds is one only without --quick.
 * Exit code: 0 it fits, 1 it does not (the document says why), 2 bad usage, 3 it could not be tried,
 * 4 there was no time (--quick).
 */
#include "child.h"

#include "base/json.h"
#include "base/record.h"
#include "platform/crypto.h"
#include "platform/files.h"
#include "platform/json_reader.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    TRIAL_SLICE_MS = 100,
    TRIAL_IDLE_SLICES = 20, /* so long it may wait for something */
    TRIAL_NO_TIME = 4,
};
enum trial_end { TRIAL_IN_TIME = 1, TRIAL_IDLE, TRIAL_LATE };

enum { TRIAL_SECONDS = 60, TRIAL_LINES = 4096, TRIAL_FINDINGS = 200, TRIAL_PLUGIN = 256 << 20 };

struct trial {
    struct gen_arena *arena;
    struct gen_node *document, *facts, *models, *tried, *findings, *advice;
    char line[2 * REPORT_LINE];
    size_t size;
    char phase[REPORT_PHASE];
    const char *calls;
    bool ended;
};

static void trial_add(struct trial *trial, struct gen_node *list, const char *where,
                      const char *message)
{
    struct gen_node *map;

    if (gen_node_count(list) >= TRIAL_FINDINGS) {
        return;
    }
    for (const struct gen_node *item = gen_node_first(list); item != NULL;
         item = item->next) { /* the same mistake in every case is one mistake */
        if (strcmp(gen_node_text(gen_node_get(item, "message"), ""), message) == 0) {
            return;
        }
    }
    map = gen_node_push(list, gen_node_map(trial->arena));
    gen_node_set(trial->arena, map, "where", gen_node_string(trial->arena, where));
    gen_node_set(trial->arena, map, "message", gen_node_string(trial->arena, message));
}

static void trial_finding(struct trial *trial, const char *where, const char *message)
{
    trial_add(trial, trial->findings, where, message);
}

static void trial_line(struct trial *trial, char *line)
{
    char *where = strchr(line, '\t'), *text = where == NULL ? NULL : strchr(where + 1, '\t');

    if (text == NULL) {
        return;
    }
    *where++ = '\0';
    *text++ = '\0';
    if (strcmp(line, "phase") == 0) {
        (void)snprintf(trial->phase, sizeof(trial->phase), "%s", where);
    } else if (strcmp(line, "finding") == 0) {
        trial_finding(trial, where, text);
    } else if (strcmp(line, "advice") == 0) {
        trial_add(trial, trial->advice, where, text);
    } else if (strcmp(line, "fact") == 0 && gen_node_get(trial->facts, where) == NULL) {
        gen_node_set(trial->arena, trial->facts, where, gen_node_string(trial->arena, text));
    } else if (strcmp(line, "model") == 0) {
        const struct gen_node *model = NULL;
        struct gen_error err = {0};

        if (gen_json_read(text, strlen(text), NULL, trial->arena, &model, &err) == GEN_OK) {
            gen_node_push(trial->models, gen_node_copy(trial->arena, model));
        }
    } else if (strcmp(line, "called") == 0) {
        gen_node_set(trial->arena, trial->tried, gen_arena_strdup(trial->arena, where),
                     gen_node_int(trial->arena, strtol(text, NULL, 10)));
    } else if (strcmp(line, "end") == 0) {
        trial->ended = true;
        trial->calls = gen_arena_strdup(trial->arena, where);
    }
}

/* Takes what came through the pipe; false at its end. */
static bool trial_read(struct trial *trial, int fd)
{
    ssize_t got = read(fd, trial->line + trial->size, sizeof(trial->line) - 1 - trial->size);
    char *start = trial->line, *end;

    if (got <= 0) {
        return got < 0 && errno == EINTR;
    }
    trial->size += (size_t)got;
    trial->line[trial->size] = '\0';
    while ((end = strchr(start, '\n')) != NULL) {
        *end = '\0';
        trial_line(trial, start);
        start = end + 1;
    }
    trial->size -= (size_t)(start - trial->line);
    memmove(trial->line, start, trial->size);
    if (trial->size == sizeof(trial->line) - 1) {
        trial->size = 0; /* no line of ours is so long */
    }
    return true;
}

static int64_t trial_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now); /* house-allow call: a program, not the core */
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the child has used of the processor, in the kernel's ticks; -1 when it is not asleep. A
 * child that is ready to run, or waits for a disk, is not idle but has had no turn yet. */
static long trial_asleep(pid_t child)
{
    char path[64], text[512] = "";
    const char *at;
    long user = 0, system = 0;
    FILE *file;

    (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)child);
    file = fopen(path, "re");
    if (file != NULL) {
        (void)!fread(text, 1, sizeof(text) - 1, file);
        (void)fclose(file);
    }
    at = strrchr(text, ')'); /* its name may hold anything */
    if (at == NULL || (at[2] != 'S' && at[2] != 'T' && at[2] != 't')) {
        return -1;
    }
    for (int i = 0; i < 12 && at != NULL; i++) { /* fields 3 to 14 */
        at = strchr(at + 1, ' ');
    }
    if (at != NULL) {
        char *end = NULL;

        user = strtol(at, &end, 10);
        system = strtol(end, NULL, 10);
    }
    return user + system;
}

/* Reads until the child has closed its end, sleeps and sleeps, or the time is over. */
static enum trial_end trial_listen(struct trial *trial, int fd, pid_t child, int seconds)
{
    int64_t until = trial_now() + (int64_t)seconds * 1000;
    long used = -1;
    int idle = 0;

    while (trial_now() < until) {
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = poll(&wait, 1, TRIAL_SLICE_MS);

        if (ready > 0) {
            idle = 0;
            if (!trial_read(trial, fd)) {
                return TRIAL_IN_TIME;
            }
        } else {
            long now = trial_asleep(child);

            idle = now >= 0 && now == used ? idle + 1 : 0;
            used = now;
            if (idle >= TRIAL_IDLE_SLICES) {
                return TRIAL_IDLE;
            }
        }
    }
    return TRIAL_LATE;
}

static void trial_verdict(struct trial *trial, enum trial_end end, int status, int seconds)
{
    char text[128];

    if (end == TRIAL_IDLE) {
        trial_finding(trial, trial->phase,
                      "it does not come to an end: it waits for something that does not come");
    } else if (end == TRIAL_LATE) {
        (void)snprintf(text, sizeof(text), "it does not come to an end (%d s)", seconds);
        trial_finding(trial, trial->phase, text);
    } else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
        trial_finding(trial, trial->phase, "it starts a thread"); /* signals are blocked there */
    } else if (WIFSIGNALED(status)) {
        (void)snprintf(text, sizeof(text), "it crashes: signal %d (%s)", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
        trial_finding(trial, trial->phase, text);
    } else if (!trial->ended && gen_node_count(trial->findings) == 0) {
        trial_finding(trial, trial->phase, "it ends the process");
    }
}

/* Runs the child; GEN_EIO when it cannot be started, GEN_EBUSY when it got no time for a quick look. */
static enum gen_status trial_run(struct trial *trial, const struct child_order *order, int seconds,
                                 struct gen_error *err)
{
    int ends[2], status = 0;
    enum trial_end end;
    pid_t child;

    if (pipe(ends) != 0) {
        return gen_error_set(err, GEN_EIO, "no pipe: %s", strerror(errno));
    }
    (void)fflush(NULL);
    child = fork(); /* house-allow call: the child must be a copy, to be confined step by step */
    if (child < 0) {
        return gen_error_set(err, GEN_EIO, "no child process: %s", strerror(errno));
    }
    if (child == 0) {
        (void)close(ends[0]);
        child_run(order, ends[1]);
        _exit(0);
    }
    (void)close(ends[1]);
    end = trial_listen(trial, ends[0], child, seconds);
    (void)close(ends[0]);
    if (end != TRIAL_IN_TIME) {
        (void)kill(child, SIGKILL);
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    trial_verdict(trial, end, status, seconds);
    return end == TRIAL_LATE && order->quick
               ? gen_error_set(err, GEN_EBUSY, "it got no time within %d s", seconds)
               : GEN_OK;
}

static int trial_print(struct trial *trial, const struct child_order *order)
{
    struct gen_arena *arena = trial->arena;
    bool fits = gen_node_count(trial->findings) == 0;
    struct gen_bytes text;

    gen_node_set(arena, trial->document, "file", gen_node_string(arena, order->path));
    gen_node_set(arena, trial->document, "verdict",
                 gen_node_string(arena, fits ? "fits" : "refused"));
    gen_node_set(arena, trial->document, "calls",
                 gen_node_int(arena, trial->calls == NULL ? 0 : strtol(trial->calls, NULL, 10)));
    gen_node_set(arena, trial->document, "recordings",
                 gen_node_int(arena, (int64_t)order->recording_count));
    gen_node_set(arena, trial->document, "plugin", trial->facts);
    gen_node_set(arena, trial->document, "models", trial->models);
    gen_node_set(arena, trial->document, "tried", trial->tried);
    gen_node_set(arena, trial->document, "findings", trial->findings);
    gen_node_set(arena, trial->document, "advice", trial->advice);
    gen_bytes_init(&text, 16 << 20);
    (void)gen_json_write(trial->document, GEN_JSON_PRETTY, &text);
    (void)fwrite(text.data == NULL ? "" : text.data, 1, text.size, stdout);
    gen_bytes_fini(&text);
    return fits ? 0 : 1;
}

/* The folder that this program is in: others of ours are beside it. */
static const char *trial_folder(struct gen_arena *arena)
{
    char path[4096];
    ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);
    char *slash;

    path[size > 0 ? size : 0] = '\0';
    slash = strrchr(path, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    return gen_arena_strdup(arena, path);
}

static int trial_usage(void)
{
    (void)fputs("usage: gen-trial [--settings FILE.json [--settings-only]] [--recordings DIR] "
                "[--quick] [--seconds N] "
                "PLUGIN.so\n"
                "Loads the plugin in a child process without I/O, calls every verb, and prints "
                "what it found as JSON.\n"
                "Exit code: 0 it fits, 1 it does not, 2 bad usage, 3 it could not be tried, "
                "4 there was no time (--quick).\n",
                stderr);
    return 2;
}

int main(int argc, char **argv)
{
    struct gen_arena *arena;
    struct child_order order = {0};
    struct gen_error err = {0};
    int seconds = TRIAL_SECONDS, code = 3;

    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;

        if (more && strcmp(argv[i], "--settings") == 0) {
            order.settings_path = argv[++i];
        } else if (more && strcmp(argv[i], "--recordings") == 0) {
            order.recordings_path = argv[++i];
        } else if (strcmp(argv[i], "--settings-only") == 0) {
            order.settings_only = true;
        } else if (strcmp(argv[i], "--quick") == 0) {
            order.quick = true;
        } else if (more && strcmp(argv[i], "--seconds") == 0) {
            seconds = (int)strtol(argv[++i], NULL, 10);
        } else if (argv[i][0] != '-' && order.path == NULL) {
            order.path = argv[i];
        } else {
            return trial_usage();
        }
    }
    if (order.path == NULL || seconds <= 0) {
        return trial_usage();
    }
    arena = gen_arena_create(0);
    if (arena != NULL && strchr(order.path, '/') == NULL) {
        order.path = gen_arena_printf(arena, "./%s", order.path); /* not from the library path */
    }
    (void)clearenv(); /* nothing of it is the plugin's */
    (void)setenv("PATH", "/usr/local/bin:/usr/bin:/bin", 1);
    order.programs = arena == NULL ? NULL : trial_folder(arena);
    if (arena != NULL && gen_crypto_init(&err) == GEN_OK &&
        child_prepare(&order, arena, &err) == GEN_OK) {
        struct trial trial = {.arena = arena,
                              .document = gen_node_map(arena),
                              .facts = gen_node_map(arena),
                              .models = gen_node_list(arena),
                              .tried = gen_node_map(arena),
                              .findings = gen_node_list(arena),
                              .advice = gen_node_list(arena)};

        enum gen_status status = trial_run(&trial, &order, seconds, &err);

        code = status == GEN_OK      ? trial_print(&trial, &order)
               : status == GEN_EBUSY ? TRIAL_NO_TIME
                                     : code;
    }
    if (code == 3 || code == TRIAL_NO_TIME) {
        (void)fprintf(stderr, "gen-trial: %s\n", err.message);
    }
    gen_arena_destroy(arena);
    return code;
}
