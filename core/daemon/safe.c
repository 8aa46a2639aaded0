/* safe.c - see safe.h. */
#include "daemon/safe.h"

#include "daemon/paths.h"
#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum { SAFE_PATH = 1200, SAFE_PASSPHRASE = 1024 };

/* Will a passphrase be needed that nobody has given? */
static bool safe_must_ask(const struct gen_settings *settings, const char *const *environment,
                          const char *state)
{
    char path[SAFE_PATH];
    bool made = snprintf(path, sizeof path, "%s/master.kdf", state) < (int)sizeof path &&
                access(path, F_OK) == 0;

    return gen_paths_variable(environment, "GEN_MASTER_PASSPHRASE") == NULL &&
           gen_paths_variable(environment, "CREDENTIALS_DIRECTORY") == NULL &&
           gen_paths_variable(environment, "GEN_MASTER_KEY") == NULL &&
           (settings->master_key == GEN_MASTER_PASSPHRASE ||
            (settings->master_key == GEN_MASTER_AUTOMATIC && made)) &&
           isatty(STDIN_FILENO) == 1;
}

/* A line from the terminal, which does not show it, as a descriptor that it can be read from. -1: none. */
static int safe_ask(void)
{
    struct termios before, hidden;
    char *line = gen_crypto_hide(SAFE_PASSPHRASE);
    int ends[2] = {-1, -1};
    ssize_t got = 0;

    if (line == NULL || tcgetattr(STDIN_FILENO, &before) != 0 || pipe2(ends, O_CLOEXEC) != 0) {
        gen_crypto_unhide(line);
        return -1;
    }
    hidden = before;
    hidden.c_lflag &= (tcflag_t)~ECHO;
    (void)fputs("passphrase of the master key: ", stderr);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    do {
        got = read(STDIN_FILENO, line, SAFE_PASSPHRASE);
    } while (got < 0 && errno == EINTR);
    (void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    (void)fputs("\n", stderr);
    if (got > 0 && write(ends[1], line, (size_t)got) != got) { /* a pipe takes that much */
        got = -1;
    }
    (void)close(ends[1]);
    gen_crypto_unhide(line);
    if (got <= 0) {
        (void)close(ends[0]);
        return -1;
    }
    return ends[0];
}

static enum gen_status safe_keyring(const struct gen_safe_options *options,
                                    struct gen_lockbox *lockbox, struct gen_keyring **out,
                                    struct gen_error *err)
{
    struct gen_keyring_vault vault = gen_lockbox_vault(lockbox);
    char folder[SAFE_PATH];
    struct gen_keyring_options keyring = {.first = options->first,
                                          .vault = &vault,
                                          .folder = folder,
                                          .environment = options->environment};

    return snprintf(folder, sizeof folder, "%s/credentials", options->state) < (int)sizeof folder
               ? gen_keyring_create(&keyring, out, err)
               : gen_error_set(err, GEN_EINVAL, "the path of the state folder is too long");
}

enum gen_status gen_safe_open(const struct gen_safe_options *options, struct gen_lockbox **lockbox,
                              struct gen_keyring **keyring, struct gen_error *err)
{
    const struct gen_settings *settings = options->settings;
    struct gen_lockbox_options box = {
        .store = options->store,
        .clock = gen_clock_real(),
        .random = gen_random_real(),
        .log = options->log,
        .master = {.source = (enum gen_master_source)settings->master_key,
                   .state = options->state,
                   .environment = options->environment,
                   .passphrase_fd = -1,
                   .random = gen_random_real()},
    };
    enum gen_status status;

    if (settings->passphrase_file != NULL) {
        box.master.passphrase_fd = open(settings->passphrase_file, O_RDONLY | O_CLOEXEC);
        if (box.master.passphrase_fd < 0) {
            return gen_files_errno(err, errno, "cannot read the passphrase from",
                                   settings->passphrase_file);
        }
    } else if (safe_must_ask(settings, options->environment, options->state)) {
        box.master.passphrase_fd = safe_ask();
    }
    status = gen_lockbox_create(&box, lockbox, err);
    return status == GEN_OK ? safe_keyring(options, *lockbox, keyring, err) : status;
}
