/* ward.c - see ward.h. */
#include "media/ward.h"

#include "media/landlock.h"
#include "media/sanitized.h"
#include "media/syscall_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* There only under AddressSanitizer: looks for leaks now and ends the process if it finds any. */
extern void __lsan_do_leak_check(void) __attribute__((weak));

struct answer { /* over the pipe, then `size` bytes when status is GEN_OK */
    struct gen_error err;
    enum gen_status status;
    uint32_t size;
};

static bool send_all(int fd, const void *data, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t wrote = write(fd, (const char *)data + done, size - done);

        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return false;
        }
        done += (size_t)wrote;
    }
    return true;
}

/* Bytes read before the other end was closed, at most `size`. */
static size_t receive_all(int fd, void *into, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t got = read(fd, (char *)into + done, size - done);

        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            break;
        }
        done += (size_t)got;
    }
    return done;
}

static enum gen_status close_all_but(const struct gen_ward *ward, int pipe, struct gen_error *err)
{
    int keep[16], nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

    GEN_CHECK(ward->keep_count < GEN_COUNT(keep));
    if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(nothing, STDOUT_FILENO) < 0) {
        return gen_error_set(err, GEN_EIO, "/dev/null: %s", strerror(errno));
    }
    if (ward->keep_count > 0) {
        memcpy(keep, ward->keep, ward->keep_count * sizeof(keep[0]));
    }
    keep[ward->keep_count] = pipe;
    gen_confine_close(keep, ward->keep_count + 1);
    return GEN_OK;
}

static enum gen_status confine(const struct gen_ward *ward, int pipe, pid_t parent,
                               struct gen_error *err)
{
    static const struct gen_landlock_rule for_leak_check[] = {{"/", GEN_LANDLOCK_READ}, {NULL, 0}};
    const struct gen_landlock_rule *tables[] = {GEN_SANITIZED ? for_leak_check : NULL, NULL};
    struct gen_confine_limits limits = {
        .cpu_seconds = ward->cpu_seconds,
        .file_mb = ward->file_mb,
        .files = 64,
    };
    enum gen_status status;

    status = gen_confine_follow(parent, err);
    if (status == GEN_OK) {
        gen_confine_signals();
        status = close_all_but(ward, pipe, err);
    }
    if (status == GEN_OK) {
        status = gen_confine_limit(&limits, err);
    }
    if (status == GEN_OK && ward->memory_mb > 0 && !GEN_SANITIZED) {
        status = gen_confine_memory(ward->memory_mb + gen_confine_memory_used(), err);
    }
    if (status == GEN_OK) {
        status = gen_landlock_restrict(tables, err);
    }
    if (status == GEN_OK) {
        status = gen_syscall_filter_allow(err);
    }
    return status == GEN_EUNSUPPORTED && ward->unconfined_ok ? GEN_OK : status;
}

__attribute__((noreturn)) static void child(const struct gen_ward *ward, int pipe, pid_t parent)
{
    struct answer answer;
    struct gen_bytes out;
    bool sent;

    memset(&answer, 0, sizeof(answer)); /* padding too: it crosses a process border */
    gen_bytes_init(&out, GEN_WARD_ANSWER_MAX);
    answer.status = confine(ward, pipe, parent, &answer.err);
    if (answer.status == GEN_OK) {
        answer.status = ward->work(ward->context, &out, &answer.err);
    }
    if (answer.status == GEN_OK) {
        answer.status = gen_bytes_status(&out);
        answer.size = (uint32_t)out.size;
    }
    sent = send_all(pipe, &answer, sizeof(answer)) &&
           (answer.status != GEN_OK || send_all(pipe, out.data, out.size));
    gen_bytes_fini(&out);
    if (__lsan_do_leak_check != NULL) {
        __lsan_do_leak_check();
    }
    _exit(sent ? 0 : 1);
}

static enum gen_status explain_signal(int number, const struct gen_ward *ward,
                                      struct gen_error *err)
{
    switch (number) {
    case SIGXCPU:
        return gen_error_set(err, GEN_ETIMEOUT,
                             "it took more than %lld seconds of processor time; "
                             "raise --cpu-seconds if the file is right",
                             (long long)ward->cpu_seconds);
    case SIGXFSZ:
        return gen_error_set(err, GEN_ETOOLARGE, "the result is larger than %lld MiB",
                             (long long)ward->file_mb);
    case SIGSYS:
        return gen_error_set(err, GEN_ECORRUPT,
                             "reading the file led to a forbidden system call; "
                             "the file may be hostile");
    case SIGKILL:
        return gen_error_set(err, GEN_ELIMIT, "it was killed, probably because memory ran out");
    default:
        return gen_error_set(err, GEN_ECORRUPT,
                             "reading the file crashed the decoder (signal %d); "
                             "the file is damaged or hostile",
                             number);
    }
}

static enum gen_status collect(const struct gen_ward *ward, int pipe, pid_t pid,
                               struct gen_bytes *out, struct gen_error *err)
{
    struct answer answer = {.status = GEN_OK};
    enum gen_status status = GEN_OK;
    char block[4096];
    int ended;
    size_t got, all = receive_all(pipe, &answer, sizeof(answer));

    if (all == sizeof(answer) && answer.status == GEN_OK) {
        while ((got = receive_all(pipe, block, sizeof(block))) > 0 && status == GEN_OK) {
            status = gen_bytes_append(out, block, got);
        }
    }
    if (status != GEN_OK) {
        kill(pid, SIGKILL); /* it says more than we take: do not wait for its end */
    }
    while (waitpid(pid, &ended, 0) < 0 && errno == EINTR) {
    }
    if (status != GEN_OK) {
        return gen_error_set(err, status, "the answer is too long");
    }
    if (WIFSIGNALED(ended)) {
        return explain_signal(WTERMSIG(ended), ward, err);
    }
    if (WEXITSTATUS(ended) != 0 || all != sizeof(answer) ||
        (answer.status == GEN_OK && out->size != answer.size)) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "reading the file ended without an answer (exit "
                             "code %d)",
                             WEXITSTATUS(ended));
    }
    if (answer.status != GEN_OK && err != NULL) {
        *err = answer.err;
        err->file[sizeof(err->file) - 1] = err->path[sizeof(err->path) - 1] = '\0';
        err->message[sizeof(err->message) - 1] = '\0';
        err->status = answer.status;
    }
    return answer.status;
}

enum gen_status gen_ward_run(const struct gen_ward *ward, struct gen_bytes *out,
                             struct gen_error *err)
{
    int pipes[2];
    pid_t parent = getpid(), pid;
    enum gen_status status;

    if (pipe2(pipes, O_CLOEXEC) != 0) {
        return gen_error_set(err, GEN_EIO, "no pipe: %s", strerror(errno));
    }
    pid = fork();
    if (pid < 0) {
        status = gen_error_set(err, GEN_EIO, "no new process: %s", strerror(errno));
        close(pipes[0]);
        close(pipes[1]);
        return status;
    }
    if (pid == 0) {
        child(ward, pipes[1], parent);
    }
    close(pipes[1]);
    status = collect(ward, pipes[0], pid, out, err);
    close(pipes[0]);
    return status;
}
