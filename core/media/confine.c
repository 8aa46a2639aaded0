/* confine.c - see confine.h. */
#include "media/confine.h"

#include "media/sanitized.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum gen_status gen_confine_follow(pid_t parent, struct gen_error *err)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) {
        return gen_error_set(err, GEN_EIO, "cannot follow the parent: %s", strerror(errno));
    }
    if (parent != 0 && getppid() != parent) { /* it died between our start and the line above */
        return gen_error_set(err, GEN_ECANCELED, "the parent %d is gone", (int)parent);
    }
    return GEN_OK;
}

/* Never above what we were given; `grace` is how much later the hard limit comes. */
static enum gen_status limit(int which, int64_t value, int64_t grace, struct gen_error *err)
{
    struct rlimit now;
    rlim_t soft = (rlim_t)value, hard = (rlim_t)(value + grace);

    if (getrlimit((__rlimit_resource_t)which, &now) != 0) {
        return gen_error_set(err, GEN_EIO, "limit %d cannot be read: %s", which, strerror(errno));
    }
    now.rlim_max = hard < now.rlim_max ? hard : now.rlim_max;
    now.rlim_cur = soft < now.rlim_max ? soft : now.rlim_max;
    if (setrlimit((__rlimit_resource_t)which, &now) != 0) {
        return gen_error_set(err, GEN_EIO, "limit %d cannot be set: %s", which, strerror(errno));
    }
    return GEN_OK;
}

enum gen_status gen_confine_limit(const struct gen_confine_limits *limits, struct gen_error *err)
{
    const struct {
        int which;
        int64_t value, unit, grace;
    } table[] = {
        {RLIMIT_CPU, limits->cpu_seconds, 1, 1},
        {RLIMIT_FSIZE, limits->file_mb, 1024 * 1024, 0},
        {RLIMIT_NPROC, limits->processes, 1, 0},
        {RLIMIT_NOFILE, limits->files, 1, 0},
    };
    enum gen_status status = limit(RLIMIT_CORE, 0, 0, err);
    size_t index;

    for (index = 0; index < GEN_COUNT(table) && status == GEN_OK; index++) {
        if (table[index].value > 0) {
            status = limit(table[index].which, table[index].value * table[index].unit,
                           table[index].grace, err);
        }
    }
    umask(077);
    if (status == GEN_OK && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
        status = gen_error_set(err, GEN_EIO, "new privileges cannot be given up: %s",
                               strerror(errno));
    }
    /* other processes of the same user may not look into this one (exec takes it back) */
    if (status == GEN_OK && !GEN_SANITIZED && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) {
        status = gen_error_set(err, GEN_EIO, "cannot become private: %s", strerror(errno));
    }
    return status;
}

enum gen_status gen_confine_memory(int64_t memory_mb, struct gen_error *err)
{
    return memory_mb > 0 ? limit(RLIMIT_AS, memory_mb * 1024 * 1024, 0, err) : GEN_OK;
}

static void close_span(unsigned int first, unsigned int last)
{
    unsigned int fd;
    struct rlimit files;

    if (first > last || syscall(SYS_close_range, first, last, 0) == 0) {
        return;
    }
    /* before Linux 5.9: one by one, as far as descriptors can go */
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur > 65536) {
        files.rlim_cur = 65536;
    }
    for (fd = first; fd <= last && fd < files.rlim_cur; fd++) {
        close((int)fd);
    }
}

void gen_confine_close(const int *keep, size_t count)
{
    unsigned int next = 3;

    for (;;) { /* the gap before the lowest kept descriptor that is still ahead */
        unsigned int lowest = ~0U;
        size_t index;

        for (index = 0; index < count; index++) {
            if (keep[index] >= 0 && (unsigned int)keep[index] >= next &&
                (unsigned int)keep[index] < lowest) {
                lowest = (unsigned int)keep[index];
            }
        }
        if (lowest == ~0U) {
            close_span(next, ~0U);
            return;
        }
        if (lowest > next) {
            close_span(next, lowest - 1);
        }
        next = lowest + 1;
    }
}

void gen_confine_signals(void)
{
    sigset_t none;
    int number;

    for (number = 1; number < NSIG; number++) {
        signal(number, SIG_DFL); /* SIGKILL and SIGSTOP refuse, which is fine */
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int64_t gen_confine_memory_used(void)
{
    char text[128] = "";
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

    if (fd >= 0) {
        close(fd);
    }
    return got <= 0 ? 0 : strtoll(text, NULL, 10) * sysconf(_SC_PAGESIZE) / (1024 * 1024);
}
