/* background.c - see background.h. */
#include "platform/background.h"

#include "platform/files.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

/* Sessions, signals and descriptors of the child. */
static int background_prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes,
                              const char *log)
{
    sigset_t none, all;
    int number = 0;

    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    number = posix_spawnattr_setsigmask(attributes, &none);
    if (number == 0) {
        number = posix_spawnattr_setsigdefault(attributes, &all);
    }
    if (number == 0) {
        number = posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK |
                                                          POSIX_SPAWN_SETSIGDEF);
    }
    if (number == 0) {
        number = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    }
    if (number == 0) {
        number = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, log,
                                                  O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0600);
    }
    if (number == 0) {
        number = posix_spawn_file_actions_adddup2(actions, STDOUT_FILENO, STDERR_FILENO);
    }
    if (number == 0) {
        number = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    }
    return number;
}

enum gen_status gen_background_start(const char *const *arguments, const char *log, int *pid,
                                     struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    pid_t child = 0;
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0600);
    int number;

    if (fd < 0) { /* posix_spawn would say the same of the program */
        return gen_files_errno(err, errno, "cannot write the log", log);
    }
    (void)close(fd);
    number = posix_spawn_file_actions_init(&actions);
    if (number != 0) {
        return gen_files_errno(err, number, "cannot start", arguments[0]);
    }
    number = posix_spawnattr_init(&attributes);
    if (number != 0) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return gen_files_errno(err, number, "cannot start", arguments[0]);
    }
    number = background_prepare(&actions, &attributes, log);
    if (number == 0) {
        number = posix_spawn(&child, arguments[0], &actions, &attributes, (char *const *)arguments,
                             environ);
    }
    if (number != 0) {
        status = gen_files_errno(err, number, "cannot start", arguments[0]);
    } else {
        *pid = (int)child;
    }
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    return status;
}

bool gen_background_ended(int pid, int *code)
{
    int status = 0;
    pid_t got;

    do {
        got = waitpid((pid_t)pid, &status, WNOHANG);
    } while (got < 0 && errno == EINTR);
    if (got == 0) {
        return false;
    }
    *code = got < 0 ? 0 : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return true;
}
