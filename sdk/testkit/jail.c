/* jail.c - see jail.h. */
#include "jail.h"

#include <seccomp.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { JAIL_STACK = 64 * 1024 };

/* What a plugin's author recognizes; the rest is told by number. */
static const struct {
    int number;
    const char *name, *meaning;
} jail_calls[] = {
    {SYS_socket, "socket", "opens a socket"},
    {SYS_connect, "connect", "connects to somebody"},
    {SYS_openat, "openat", "opens a file"},
    {SYS_open, "open", "opens a file"},
    {SYS_read, "read", "reads from a file"},
    {SYS_write, "write", "writes to a file or prints"},
    {SYS_clone, "clone", "starts a thread or process"},
    {SYS_clone3, "clone3", "starts a thread or process"},
    {SYS_fork, "fork", "starts a process"},
    {SYS_vfork, "vfork", "starts a process"},
    {SYS_execve, "execve", "runs a program"},
    {SYS_nanosleep, "nanosleep", "sleeps"},
    {SYS_clock_nanosleep, "clock_nanosleep", "sleeps"},
    {SYS_clock_gettime, "clock_gettime", "asks for the time"},
    {SYS_gettimeofday, "gettimeofday", "asks for the time"},
    {SYS_time, "time", "asks for the time"},
    {SYS_getrandom, "getrandom", "asks for randomness"},
    {SYS_getpid, "getpid", "asks who it is"},
    {SYS_gettid, "gettid", "asks for its thread, or starts one"},
    {SYS_rt_sigaction, "rt_sigaction", "catches signals or starts a program"},
    {SYS_unlink, "unlink", "removes a file"},
    {SYS_kill, "kill", "sends a signal"},
    {SYS_newfstatat, "newfstatat", "looks at a file"},
    {SYS_stat, "stat", "looks at a file"},
    {SYS_ioctl, "ioctl", "controls a device"},
};

#if defined(__SANITIZE_ADDRESS__)
/* Its allocator asks for the time, which a plugin must not: not as long as we watch. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_release_to_os_interval_ms=-1";
}
#endif

static struct jail *jail_current; /* house-allow state: handlers get no context; a trial has one */

static void jail_end(const char *text, const char *detail)
{
    report_raw(jail_current->report, text, detail);
    (void)syscall(SYS_exit_group, JAIL_EXIT); /* _exit asks others before it goes */
    __builtin_unreachable();
}

static const char jail_environment[] =
    "it looks into the environment, which is another on every machine; what it may know stands in "
    "its settings";

/* Who asks for a variable of the environment, of any name? A plugin must not; libraries that it needs may
 * when they are loaded, and find nothing. (These take the place of the C library's.) */
static char *jail_variable(const char *name, const void *caller)
{
    size_t size = strlen(name);
    char **at = environ;

    if (jail_current != NULL && jail_current->environment != NULL) {
        if (statics_of((uintptr_t)caller, jail_current->plugin)) {
            jail_end(jail_environment, "");
        }
        at = jail_current->environment;
    }
    for (; at != NULL && *at != NULL; at++) {
        if (strncmp(*at, name, size) == 0 && (*at)[size] == '=') {
            return *at + size + 1;
        }
    }
    return NULL;
}

__attribute__((visibility("default"))) char *getenv(const char *name)
{
    return jail_variable(name, __builtin_return_address(0));
}

__attribute__((visibility("default"))) char *secure_getenv(const char *name)
{
    return jail_variable(name, __builtin_return_address(0));
}

static void jail_on_call(int number, siginfo_t *info, void *context)
{
    char detail[64];

    (void)number;
    (void)context;
    for (size_t i = 0; i < GEN_COUNT(jail_calls); i++) {
        if (jail_calls[i].number == info->si_syscall) {
            (void)snprintf(detail, sizeof(detail), "%s (system call %s)", jail_calls[i].meaning,
                           jail_calls[i].name);
            jail_end("it does I/O of its own: ", detail);
        }
    }
    (void)snprintf(detail, sizeof(detail), "%d", info->si_syscall);
    jail_end("it does I/O of its own: system call ", detail);
}

static void jail_on_fault(int number, siginfo_t *info, void *context)
{
    uintptr_t address = (uintptr_t)info->si_addr;
    char detail[256];

    (void)context;
    if (number == SIGSEGV && address >= jail_current->clock_from &&
        address < jail_current->clock_to) {
        jail_end("it asks for the time; the task has it (now_ms)", "");
    }
    if (number == SIGSEGV && address >= jail_current->environment_from &&
        address < jail_current->environment_to) {
        jail_end(jail_environment, "");
    }
    if (number == SIGSEGV && statics_hold(&jail_current->statics, address)) {
        (void)snprintf(detail, sizeof(detail), "%s%s0x%zx", statics_name(address),
                       statics_name(address)[0] == '\0' ? "" : " ", statics_offset(address));
        jail_end("it keeps state between calls: it writes to the static variable at ", detail);
    }
    if (number == SIGSEGV && info->si_code == SI_KERNEL) {
        jail_end("it reads the processor's clock (rdtsc), or an address that cannot be", "");
    }
    if (number == SIGXCPU) {
        jail_end("it does not come to an end", "");
    }
    jail_end("it crashes: ", number == SIGSEGV || number == SIGBUS
                                 ? "reads or writes where nothing is"
                             : number == SIGFPE  ? "divides by zero"
                             : number == SIGABRT ? "aborts"
                                                 : "illegal instruction");
}

static enum gen_status jail_handlers(struct gen_error *err)
{
    static const int faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGXCPU};
    static char memory[JAIL_STACK]; /* house-allow state: the stack of the handlers */
    stack_t stack = {.ss_size = sizeof(memory), .ss_sp = memory};
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    int failed = sigaltstack(&stack, NULL);

    action.sa_sigaction = jail_on_call;
    failed |= sigaction(SIGSYS, &action, NULL);
    action.sa_sigaction = jail_on_fault;
    for (size_t i = 0; i < GEN_COUNT(faults); i++) {
        failed |= sigaction(faults[i], &action, NULL);
    }
    return failed == 0
               ? GEN_OK
               : gen_error_set(err, GEN_EIO, "signals cannot be caught: %s", strerror(errno));
}

/* Whoever follows `environ` comes to a page that cannot be read. */
static enum gen_status jail_hide_environment(struct jail *jail, struct gen_error *err)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    jail->environment_from = (uintptr_t)page;
    jail->environment_to = jail->environment_from + size;
    jail->environment = environ;
    environ = page;
    return GEN_OK;
}

static enum gen_status jail_put_on(scmp_filter_ctx filter, int failed, struct gen_error *err)
{
    if (failed == 0) {
        failed = seccomp_load(filter);
    }
    seccomp_release(filter);
    return failed == 0 ? GEN_OK
                       : gen_error_set(err, GEN_EUNSUPPORTED,
                                       "this system does not let us confine a plugin (seccomp: %s)",
                                       strerror(-failed));
}

enum gen_status jail_loading(struct jail *jail, struct gen_error *err)
{
    static const int stopped[] = {
        SCMP_SYS(socket), SCMP_SYS(socketpair),     SCMP_SYS(connect),   SCMP_SYS(bind),
        SCMP_SYS(clone),  SCMP_SYS(clone3),         SCMP_SYS(fork),      SCMP_SYS(vfork),
        SCMP_SYS(execve), SCMP_SYS(execveat),       SCMP_SYS(ptrace),    SCMP_SYS(kill),
        SCMP_SYS(tkill),  SCMP_SYS(unlink),         SCMP_SYS(unlinkat),  SCMP_SYS(rename),
        SCMP_SYS(mkdir),  SCMP_SYS(io_uring_setup), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
    };
    struct rlimit cpu = {(rlim_t)jail->cpu_seconds, (rlim_t)jail->cpu_seconds + 1}, none = {0, 0};
    enum gen_status status = jail_handlers(err);
    scmp_filter_ctx filter;
    int failed = 0;

    jail_current = jail;
    if (status == GEN_OK) {
        status = jail_hide_environment(jail, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    (void)setrlimit(RLIMIT_CPU, &cpu);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    filter = seccomp_init(SCMP_ACT_ALLOW);
    if (filter == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < GEN_COUNT(stopped) && failed == 0; i++) {
        failed = seccomp_rule_add(filter, SCMP_ACT_TRAP, stopped[i], 0);
    }
    for (unsigned mode = O_WRONLY; mode <= O_RDWR && failed == 0; mode++) {
        failed = seccomp_rule_add(filter, SCMP_ACT_TRAP, SCMP_SYS(openat), 1,
                                  SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE, mode));
    }
    return jail_put_on(filter, failed, err);
}

/* The page through which the kernel tells the time without being called. */
static void jail_hide_clock(struct jail *jail)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    struct {
        uintptr_t from, to;
    } found[4];
    size_t count = 0;
    char line[512];

    while (maps != NULL && count < GEN_COUNT(found) && fgets(line, sizeof(line), maps) != NULL) {
        char *end;

        if (strstr(line, "[vdso]") != NULL || strstr(line, "[vvar") != NULL) {
            found[count].from = strtoul(line, &end, 16);
            found[count].to = strtoul(end + 1, NULL, 16);
            count++;
        }
    }
    if (maps != NULL) {
        (void)fclose(maps);
    }
    for (size_t i = 0; i < count; i++) {
        if (jail->clock_to == 0 || found[i].from < jail->clock_from) {
            jail->clock_from = found[i].from;
        }
        jail->clock_to = found[i].to > jail->clock_to ? found[i].to : jail->clock_to;
        (void)munmap((void *)found[i].from, /* NOLINT(performance-no-int-to-ptr) */
                     found[i].to - found[i].from);
    }
    (void)prctl(PR_SET_TSC, PR_TSC_SIGSEGV, 0, 0, 0);
}

enum gen_status jail_verbs(struct jail *jail, struct gen_error *err)
{
    static const int memory[] = {
        SCMP_SYS(brk),        SCMP_SYS(munmap),         SCMP_SYS(mremap),       SCMP_SYS(madvise),
        SCMP_SYS(mprotect),   SCMP_SYS(futex),          SCMP_SYS(rt_sigreturn), SCMP_SYS(exit),
        SCMP_SYS(exit_group), SCMP_SYS(rt_sigprocmask), SCMP_SYS(sigaltstack),
    };
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_TRAP);
    int failed = 0;

    if (filter == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    jail_hide_clock(jail);
    for (size_t i = 0; i < GEN_COUNT(memory) && failed == 0; i++) {
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, memory[i], 0);
    }
    if (failed == 0) {
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                  SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS));
    }
    if (failed == 0) {
        failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
                                  SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)jail->report->fd, 0));
    }
    return jail_put_on(filter, failed, err);
}
