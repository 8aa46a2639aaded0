/* ward_test.c - whatever work does in the ward, one clear status comes back. */
#include "media/ward.h"

#include "base/alloc.h"
#include "media/sanitized.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static enum gen_status run(gen_ward_work *work, void *context, struct gen_bytes *out,
                           struct gen_error *err)
{
    struct gen_ward ward = {.memory_mb = 64, .cpu_seconds = 1, .work = work, .context = context};

    *err = (struct gen_error){.status = GEN_OK};
    gen_bytes_init(out, GEN_WARD_ANSWER_MAX);
    return gen_ward_run(&ward, out, err);
}

static enum gen_status work_answer(void *context, struct gen_bytes *out, struct gen_error *err)
{
    (void)err;
    return gen_bytes_text(out, context);
}

static enum gen_status work_long(void *context, struct gen_bytes *out, struct gen_error *err)
{
    size_t index;

    (void)context;
    (void)err;
    for (index = 0; index < GEN_WARD_ANSWER_MAX / 16; index++) {
        gen_bytes_text(out, "0123456789abcdef");
    }
    return GEN_OK;
}

static enum gen_status work_refuse(void *context, struct gen_bytes *out, struct gen_error *err)
{
    gen_bytes_text(out, "half an answer");
    return gen_error_set(err, GEN_ETOOLARGE, "no: %s", (const char *)context);
}

static enum gen_status work_crash(void *context, struct gen_bytes *out, struct gen_error *err)
{
    (void)context, (void)out, (void)err;
    abort();
}

static enum gen_status work_leave(void *context, struct gen_bytes *out, struct gen_error *err)
{
    (void)context, (void)out, (void)err;
    _exit(0);
}

static enum gen_status work_forever(void *context, struct gen_bytes *out, struct gen_error *err)
{
    volatile int never = 0;

    (void)context, (void)out, (void)err;
    while (never == 0) {
    }
    return GEN_OK;
}

static enum gen_status work_network(void *context, struct gen_bytes *out, struct gen_error *err)
{
    (void)context, (void)out, (void)err;
    (void)socket(AF_INET, SOCK_STREAM, 0);
    return GEN_OK;
}

static enum gen_status work_program(void *context, struct gen_bytes *out, struct gen_error *err)
{
    (void)context, (void)out, (void)err;
    execl("/bin/true", "true", (char *)NULL);
    return GEN_OK;
}

static const struct {
    gen_ward_work *work;
    enum gen_status status;
    const char *message; /* part of it */
} ends[] = {
    {work_refuse, GEN_ETOOLARGE, "no: because"},     /* its own error comes through whole */
    {work_crash, GEN_ECORRUPT, "signal 6"},          /* a decoder that dies */
    {work_leave, GEN_ECORRUPT, "without an answer"}, /* a decoder that calls exit */
    {work_forever, GEN_ETIMEOUT, "1 seconds"},       /* one that never ends */
    {work_network, GEN_ECORRUPT, "system call"},     /* one that was taken over */
    {work_program, GEN_ECORRUPT, "system call"},     /* and wants a shell */
};

Test(ward, explains_every_end)
{
    size_t index;

    for (index = 0; index < GEN_COUNT(ends); index++) {
        struct gen_bytes out;
        struct gen_error err;

        cr_expect(eq(int, (int)run(ends[index].work, (void *)(uintptr_t) "because", &out, &err),
                     (int)ends[index].status),
                  "case %zu: %s", index, err.message);
        cr_expect(ne(ptr, strstr(err.message, ends[index].message), NULL), "case %zu: %s", index,
                  err.message);
        cr_expect(eq(sz, out.size, 0), "case %zu left something", index);
        gen_bytes_fini(&out);
    }
}

Test(ward, brings_the_answer_back)
{
    struct gen_bytes out;
    struct gen_error err;

    cr_expect(eq(int, (int)run(work_answer, (void *)(uintptr_t) "an answer", &out, &err), GEN_OK));
    cr_expect(eq(str, out.data, "an answer"));
    gen_bytes_fini(&out);
    cr_expect(eq(int, (int)run(work_long, NULL, &out, &err), GEN_OK), "longer than a pipe holds");
    cr_expect(eq(sz, out.size, GEN_WARD_ANSWER_MAX));
    gen_bytes_fini(&out);
}

/* What the child can still reach, one letter each; nothing is what we want. */
static enum gen_status work_reach(void *context, struct gen_bytes *out, struct gen_error *err)
{
    const int *fds = context;
    char byte;
    void *block;
    int fd;

    (void)err;
    gen_bytes_text(out, read(fds[0], &byte, 1) == 1 ? "kept " : "");
    gen_bytes_text(out, read(fds[1], &byte, 1) >= 0 ? "other-descriptor " : "");
    fd = open("/tmp/ward-test-must-not-exist", O_WRONLY | O_CREAT, 0600);
    gen_bytes_text(out, fd >= 0 ? "writes-files " : "");
    if (!GEN_SANITIZED) { /* sanitizers need both, see sanitized.h */
        gen_bytes_text(out, open("/etc/passwd", O_RDONLY) >= 0 ? "reads-files " : "");
        block = malloc((size_t)256 << 20);
        gen_bytes_text(out, block != NULL ? "much-memory " : "");
        free(block);
    }
    return GEN_OK;
}

Test(ward, leaves_only_what_was_given)
{
    int fds[2] = {open("/dev/zero", O_RDONLY), open("/dev/zero", O_RDONLY)};
    struct gen_ward ward = {.memory_mb = 64,
                            .cpu_seconds = 5,
                            .keep = fds,
                            .keep_count = 1,
                            .work = work_reach,
                            .context = fds};
    struct gen_bytes out;
    struct gen_error err = {.status = GEN_OK};

    gen_bytes_init(&out, GEN_WARD_ANSWER_MAX);
    cr_assert(eq(int, (int)gen_ward_run(&ward, &out, &err), GEN_OK), "%s", err.message);
    cr_expect(eq(str, out.data, "kept "));
    gen_bytes_fini(&out);
    close(fds[0]);
    close(fds[1]);
}
