/* syscall_filter.c - see syscall_filter.h. */
#include "media/syscall_filter.h"

#include "media/sanitized.h"

#include <seccomp.h>

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

struct call_rule {    /* a table of these ends with call 0 and no name */
    const char *name; /* by name: libseccomp knows calls that our headers do not */
    int number;       /* errno to answer */
};

/* Reaching out of the process, by kind. EACCES reads like a firewall, ENOSYS like an old kernel. */
static const struct call_rule denied[] = {
    /* network, local sockets included */
    {"socket", EACCES},
    {"socketpair", EACCES},
    {"connect", EACCES},
    {"bind", EACCES},
    {"listen", EACCES},
    {"accept", EACCES},
    {"accept4", EACCES},
    {"sendmsg", EACCES},
    {"sendmmsg", EACCES},
    {"recvmsg", EACCES},
    {"recvmmsg", EACCES},
    {"sendto", EACCES},
    {"recvfrom", EACCES},
    /* other processes */
    {"ptrace", EPERM},
    {"process_vm_readv", EPERM},
    {"process_vm_writev", EPERM},
    {"process_madvise", EPERM},
    {"process_mrelease", EPERM},
    {"kcmp", EPERM},
    {"pidfd_open", EPERM},
    {"pidfd_getfd", EPERM},
    {"pidfd_send_signal", EPERM},
    {"rt_sigqueueinfo", EPERM},
    {"rt_tgsigqueueinfo", EPERM},
    {"tkill", EPERM},
    /* namespaces and file systems */
    {"unshare", EPERM},
    {"setns", EPERM},
    {"mount", EPERM},
    {"umount", EPERM},
    {"umount2", EPERM},
    {"fsopen", EPERM},
    {"fsconfig", EPERM},
    {"fsmount", EPERM},
    {"fspick", EPERM},
    {"move_mount", EPERM},
    {"open_tree", EPERM},
    {"mount_setattr", EPERM},
    {"pivot_root", EPERM},
    {"chroot", EPERM},
    {"swapon", EPERM},
    {"swapoff", EPERM},
    {"quotactl", EPERM},
    {"quotactl_fd", EPERM},
    {"open_by_handle_at", EPERM},
    {"name_to_handle_at", EPERM},
    {"fanotify_init", EPERM},
    {"fanotify_mark", EPERM},
    {"acct", EPERM},
    /* Landlock does not watch over modes and owners by path */
    {"chmod", EPERM},
    {"fchmodat", EPERM},
    {"fchmodat2", EPERM},
    {"chown", EPERM},
    {"lchown", EPERM},
    {"fchownat", EPERM},
    {"setxattr", EPERM},
    {"lsetxattr", EPERM},
    {"removexattr", EPERM},
    {"lremovexattr", EPERM},
    {"mknod", EPERM},
    {"mknodat", EPERM},
    /* the kernel itself, its clocks and secrets */
    {"bpf", EPERM},
    {"perf_event_open", EPERM},
    {"userfaultfd", EPERM},
    {"keyctl", EPERM},
    {"add_key", EPERM},
    {"request_key", EPERM},
    {"init_module", EPERM},
    {"finit_module", EPERM},
    {"create_module", EPERM},
    {"delete_module", EPERM},
    {"kexec_load", EPERM},
    {"kexec_file_load", EPERM},
    {"reboot", EPERM},
    {"syslog", EPERM},
    {"iopl", EPERM},
    {"ioperm", EPERM},
    {"modify_ldt", EPERM},
    {"personality", EPERM},
    {"vhangup", EPERM},
    {"settimeofday", EPERM},
    {"clock_settime", EPERM},
    {"clock_adjtime", EPERM},
    {"adjtimex", EPERM},
    {"sethostname", EPERM},
    {"setdomainname", EPERM},
    {"lookup_dcookie", EPERM},
    {"memfd_secret", EPERM},
    {"io_uring_setup", ENOSYS},
    {"io_uring_enter", ENOSYS},
    {"io_uring_register", ENOSYS},
    {"clone3", ENOSYS}, /* its flags are in memory, where a filter cannot look; libc uses clone */
    {NULL, 0},
};

static const struct call_rule no_children[] = {
    {"fork", EPERM},
    {"vfork", EPERM},
    {NULL, 0},
};

/* number 0 = allow; else answer this errno and go on: libraries ask these and live without. */
static const struct call_rule allowed[] = {
    {"read", 0},
    {"pread64", 0},
    {"lseek", 0},
    {"write", 0},
    {"close", 0},
    {"munmap", 0},
    {"mremap", 0},
    {"brk", 0},
    {"madvise", 0},
    {"futex", 0},
    {"sched_yield", 0},
    {"sched_getaffinity", 0},
    {"getrandom", 0},
    {"clock_gettime", 0},
    {"gettimeofday", 0},
    {"time", 0},
    {"getrusage", 0},
    {"rt_sigreturn", 0},
    {"rt_sigprocmask", 0},
    {"rt_sigaction", 0},
    {"restart_syscall", 0},
    {"getpid", 0},
    {"gettid", 0},
    {"exit", 0},
    {"exit_group", 0},
    {"fstat", EACCES},
    {"newfstatat", EACCES},
    {"open", EACCES},
    {"openat", EACCES},
    {"access", EACCES},
    {"faccessat", EACCES},
    {"readlink", EACCES},
    {"ioctl", EACCES},
    {"sysinfo", EACCES},
    {"uname", EACCES},
    {"prlimit64", EACCES},
    {"getcwd", EACCES},
    {NULL, 0},
};

/* LeakSanitizer starts a thread that stops the process with ptrace and reads its memory map. */
static const struct call_rule sanitizer_allowed[] = {
    {"clone", 0},
    {"ptrace", 0},
    {"prctl", 0},
    {"wait4", 0},
    {"openat", 0},
    {"open", 0},
    {"readlink", 0},
    {"readlinkat", 0},
    {"getdents64", 0},
    {"getdents", 0},
    {"sigaltstack", 0},
    {"fstat", 0},
    {"newfstatat", 0},
    {"stat", 0},
    {"getppid", 0},
    {"ioctl", 0},
    {"prlimit64", 0},
    {"getrlimit", 0},
    {"sched_setaffinity", 0},
    {"set_robust_list", 0},
    {"tgkill", 0},
    {"dup2", 0},
    {"fcntl", 0},
    {"nanosleep", 0},
    {"clock_nanosleep", 0},
    {"access", 0},
    {"mprotect", 0},
    {"mmap", 0},
    {"getcwd", 0},
    {"arch_prctl", 0},
    {"process_vm_readv", 0},
    {NULL, 0},
};

bool gen_syscall_filter_available(void)
{
    uint32_t action = SECCOMP_RET_KILL_PROCESS;

    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}

static bool listed(const struct call_rule *table, const char *name)
{
    for (; table->name != NULL; table++) {
        if (strcmp(table->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Calls that this architecture does not have are passed over. */
static int add_table(scmp_filter_ctx filter, const struct call_rule *table,
                     const struct call_rule *except)
{
    int code = 0;

    for (; table->name != NULL && code == 0; table++) {
        int call = seccomp_syscall_resolve_name(table->name);

        if (call < 0 || (except != NULL && listed(except, table->name))) {
            continue;
        }
        code = seccomp_rule_add(
            filter, table->number == 0 ? SCMP_ACT_ALLOW : SCMP_ACT_ERRNO((uint16_t)table->number),
            call, 0);
    }
    return code;
}

static int deny_rules(scmp_filter_ctx filter, bool children)
{
    static const uint64_t namespaces[] = {CLONE_NEWNS,  CLONE_NEWUTS, CLONE_NEWIPC,   CLONE_NEWUSER,
                                          CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP};
    size_t index;
    int code = add_table(filter, denied, NULL);

    for (index = 0; index < GEN_COUNT(namespaces) && code == 0; index++) {
        code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                                SCMP_A0(SCMP_CMP_MASKED_EQ, namespaces[index], namespaces[index]));
    }
    if (code == 0) { /* typing into the terminal of whoever started us */
        code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
                                SCMP_A1(SCMP_CMP_MASKED_EQ, 0xffffffff, TIOCSTI));
    }
    if (code != 0 || children) {
        return code;
    }
    /* threads, not processes: what cannot be started need not be found and killed afterwards */
    code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                            SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
    if (code == 0) {
        code = add_table(filter, no_children, NULL);
    }
    if (code == 0) { /* signals to itself only (abort); the pid stays through exec */
        code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(kill), 1,
                                SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid(), 0));
    }
    if (code == 0) {
        code = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1,
                                SCMP_A0(SCMP_CMP_NE, (scmp_datum_t)getpid(), 0));
    }
    return code;
}

static int allow_rules(scmp_filter_ctx filter)
{
    int code = add_table(filter, allowed, GEN_SANITIZED ? sanitizer_allowed : NULL);

    if (GEN_SANITIZED) {
        return code == 0 ? add_table(filter, sanitizer_allowed, NULL) : code;
    }
    if (code == 0) { /* memory, but none that can be executed */
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    }
    if (code == 0) {
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                                SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    }
    if (code == 0) { /* abort() raises a signal on itself */
        code = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0));
    }
    return code;
}

static enum gen_status load(scmp_filter_ctx filter, int code, struct gen_error *err)
{
    if (code == 0) {
        code = seccomp_load(filter);
    }
    seccomp_release(filter);
    if (code != 0) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "the filter of system calls cannot be put on: "
                             "%s",
                             strerror(-code));
    }
    return GEN_OK;
}

enum gen_status gen_syscall_filter_deny(bool children, struct gen_error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);

    if (filter == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory for the filter of system calls");
    }
    return load(filter, deny_rules(filter, children), err);
}

enum gen_status gen_syscall_filter_allow(struct gen_error *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);

    if (filter == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory for the filter of system calls");
    }
    return load(filter, allow_rules(filter), err);
}
