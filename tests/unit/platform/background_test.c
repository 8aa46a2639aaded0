/* background_test.c - programs that outlive us: their session, output, descriptors and end. */
#include "platform/background.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char name[] = "background-XXXXXX";

static void setup(void)
{
    int fd = mkstemp(name);

    cr_assert(fd >= 0 && write(fd, "before\n", 7) == 7);
    close(fd);
}

static void teardown(void)
{
    unlink(name);
}

TestSuite(background, .init = setup, .fini = teardown, .timeout = 30);

/* Starts a shell, waits for its end and gives the log. */
static int run(const char *script, char *log, size_t size)
{
    const char *arguments[] = {"/bin/sh", "-c", script, NULL};
    struct gen_error err = {0};
    int pid = 0, code = -1, fd;
    ssize_t got;

    cr_assert(eq(int, gen_background_start(arguments, name, &pid, &err), GEN_OK), "%s", err.message);
    while (!gen_background_ended(pid, &code)) {
        usleep(1000);
    }
    fd = open(name, O_RDONLY);
    got = read(fd, log, size - 1);
    close(fd);
    log[got > 0 ? got : 0] = '\0';
    return code;
}

Test(background, output_is_appended)
{
    char log[4096];

    cr_assert(eq(int, run("echo out; echo err >&2; exit 3", log, sizeof log), 3));
    cr_assert(eq(str, log, "before\nout\nerr\n"));
}

Test(background, nothing_of_ours_is_inherited)
{
    int fd = open("/dev/null", O_RDONLY); /* without O_CLOEXEC, on purpose */
    sigset_t blocked;
    char log[4096];

    cr_assert(fd >= 0);
    signal(SIGTERM, SIG_IGN);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    /* Its session is its own, standard input is empty, nothing is blocked, SIGTERM works. The shell
     * reads its mask itself: while it starts a program, it blocks everything for a moment. */
    cr_assert(eq(int, run("while read -r line; do case $line in SigBlk*) mask=$line; esac; done "
                          "</proc/$$/status; ls /proc/self/fd | wc -l; cat; echo \"$mask\"; "
                          "test $(cut -d' ' -f6 /proc/$$/stat) = $$ && echo own; kill -TERM $$; sleep 5",
                          log, sizeof log), 128 + SIGTERM));
    cr_assert(strncmp(log, "before\n4\n", 9) == 0, "%s", log); /* 0, 1, 2 and the folder itself */
    cr_assert(strstr(log, "SigBlk:\t0000000000000000") != NULL, "%s", log);
    cr_assert(strstr(log, "\nown\n") != NULL, "%s", log);
    close(fd);
}

Test(background, what_cannot_start_is_told)
{
    const char *missing[] = {"/nonexistent/gend", NULL};
    const char *real[] = {"/bin/true", NULL};
    struct gen_error err = {0};
    int pid = 0;

    cr_assert(eq(int, gen_background_start(missing, name, &pid, &err), GEN_ENOTFOUND));
    cr_assert(strstr(err.message, "/nonexistent/gend") != NULL, "%s", err.message);
    cr_assert(eq(int, gen_background_start(real, "/nonexistent/log", &pid, &err), GEN_ENOTFOUND));
    cr_assert(strstr(err.message, "/nonexistent/log") != NULL, "%s", err.message);
    cr_assert(eq(int, pid, 0));
}
