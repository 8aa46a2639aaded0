/* main.c - gend, the daemon: what the process is allowed, what it was told, and then wiring.h.
 *
 * Thread: [loop]. Floor: daemon. Tests: tests/api/api_test.c */
#include "daemon/paths.h"
#include "daemon/wiring.h"
#include "platform/crypto.h"

#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { OPEN_FILES = 8192 };

#if defined(__SANITIZE_ADDRESS__)
#define INSPECTED 1 /* the leak checker looks at its own process from outside */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define INSPECTED 1
#endif
#endif
#ifndef INSPECTED
#define INSPECTED 0
#endif

/* No core file or debugger shows keys; enough descriptors; no signal ends us by surprise. Whatever of
 * it the system refuses, the daemon works without. */
static void process_settle(void)
{
    struct rlimit none = {0, 0}, files;

    (void)signal(SIGPIPE, SIG_IGN);
    (void)umask(077);
    if (!INSPECTED) {
        (void)setrlimit(RLIMIT_CORE, &none);
        (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < OPEN_FILES) {
        files.rlim_cur = files.rlim_max < OPEN_FILES ? files.rlim_max : OPEN_FILES;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    (void)mallopt(M_ARENA_MAX, 2);  /* two threads that matter; each arena costs */
    (void)mallopt(M_PERTURB, 0x5a); /* what is freed is overwritten, by libraries too */
}

static int settings_print(enum gen_settings_wish wish)
{
    struct gen_bytes text;

    if (wish == GEN_SETTINGS_VERSION) {
        return printf("gend %s\n", GEN_VERSION) < 0 ? GEN_EXIT_FAILED : GEN_EXIT_FINE;
    }
    gen_bytes_init(&text, 65536);
    gen_settings_help(&text);
    (void)fputs(text.data == NULL ? "" : text.data, stdout);
    gen_bytes_fini(&text);
    return fflush(stdout) == 0 ? GEN_EXIT_FINE : GEN_EXIT_FAILED;
}

static int error_print(const struct gen_error *err)
{
    char text[GEN_ERROR_MESSAGE_SIZE + GEN_ERROR_FILE_SIZE + GEN_ERROR_PATH_SIZE + 64];

    (void)fprintf(stderr, "gend: %s\n", gen_error_text(err, text, sizeof text));
    return GEN_EXIT_FAILED;
}

/* The environment may hold keys, and whatever is loaded later (a plugin, a library) can read it. So it is
 * copied for those who are meant to see it and wiped; what libraries need is set anew. NULL: no memory. */
static const char *const *environment_take(char **from, struct gen_arena *arena)
{
    static const char *const kept[] = {"PATH",          "TZ",          "TZDIR", "LANG",
                                       "SSL_CERT_FILE", "SSL_CERT_DIR"};
    const char **copy;
    size_t count = 0;

    while (from[count] != NULL) {
        count++;
    }
    copy = gen_arena_array(arena, count + 1, sizeof *copy);
    for (size_t i = 0; copy != NULL && i < count; i++) {
        copy[i] = gen_arena_strdup(arena, from[i]);
    }
    if (copy == NULL || gen_arena_failed(arena)) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        memset(from[i], 0, strlen(from[i]));
    }
    (void)clearenv();
    for (size_t i = 0; i < GEN_COUNT(kept); i++) {
        const char *value = gen_paths_variable(copy, kept[i]);

        if (value != NULL) {
            (void)setenv(kept[i], value, 1);
        }
    }
    return copy;
}

int main(int argc, char **argv, char **envp)
{
    struct gen_arena *arena = gen_arena_create(0);
    const char *const *arguments = (const char *const *)(argc > 0 ? argv + 1 : argv);
    const char *const *environment = arena == NULL ? NULL : environment_take(envp, arena);
    enum gen_settings_wish wish = GEN_SETTINGS_RUN;
    struct gen_settings settings;
    struct gen_error err = {0};
    int result = GEN_EXIT_FAILED;

    process_settle();
    if (environment == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        result = error_print(&err);
    } else if (gen_crypto_init(&err) != GEN_OK) {
        result = error_print(&err);
    } else if (gen_settings_read(arguments, environment, arena, &settings, &wish, &err) != GEN_OK) {
        (void)error_print(&err);
        result = err.status == GEN_ENOMEM ? GEN_EXIT_FAILED : GEN_EXIT_USAGE;
    } else if (wish != GEN_SETTINGS_RUN) {
        result = settings_print(wish);
    } else {
        result = gen_wiring_run(&settings, environment, &err);
        if (result != GEN_EXIT_FINE) {
            (void)error_print(&err);
        }
    }
    gen_arena_destroy(arena);
    return result;
}
