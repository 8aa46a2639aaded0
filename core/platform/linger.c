/* linger.c - see linger.h. */
#include "platform/linger.h"

#include "base/alloc.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINGER_BLOCK = 16 * 1024, LINGER_READS = 64 }; /* at most so many reads a turn */

struct lingering {
    struct gen_linger *linger;
    int fd;
    int64_t dropped;
    int64_t until; /* on the loop's clock */
    struct gen_watch *watch;
    struct lingering *next, *previous;
};

struct gen_linger {
    struct gen_loop *loop;
    struct gen_timer *timer;
    struct lingering *first; /* the youngest */
    size_t count;
};

static void lingering_end(struct lingering *one)
{
    struct gen_linger *linger = one->linger;

    if (one->previous != NULL) {
        one->previous->next = one->next;
    } else {
        linger->first = one->next;
    }
    if (one->next != NULL) {
        one->next->previous = one->previous;
    }
    linger->count--;
    gen_watch_close(&one->watch);
    (void)close(one->fd);
    gen_free(one);
}

static void lingering_read(void *context, int fd, unsigned events)
{
    struct lingering *one = context;
    char block[LINGER_BLOCK];
    ssize_t got = 1;

    (void)events;
    for (int i = 0; got > 0 && i < LINGER_READS && one->dropped < GEN_LINGER_BYTES; i++) {
        got = recv(fd, block, sizeof block, MSG_DONTWAIT);
        one->dropped += got > 0 ? got : 0;
    }
    if (got == 0 || one->dropped >= GEN_LINGER_BYTES ||
        (got < 0 && errno != EAGAIN && errno != EINTR)) {
        lingering_end(one);
    }
}

static bool linger_arm(struct gen_linger *linger);

static void linger_on_timer(void *context)
{
    struct gen_linger *linger = context;
    int64_t now_ms = gen_loop_now(linger->loop);
    struct lingering *next;

    linger->timer = NULL;
    for (struct lingering *one = linger->first; one != NULL; one = next) {
        next = one->next;
        if (one->until <= now_ms) {
            lingering_end(one);
        }
    }
    if (linger->first != NULL && !linger_arm(linger)) {
        while (linger->first != NULL) { /* without a timer nobody may wait */
            lingering_end(linger->first);
        }
    }
}

static bool linger_arm(struct gen_linger *linger)
{
    if (linger->timer == NULL) {
        linger->timer = gen_timer_start(linger->loop, GEN_LINGER_MS, linger_on_timer, linger);
    }
    return linger->timer != NULL;
}

enum gen_status gen_linger_create(struct gen_loop *loop, struct gen_linger **out,
                                  struct gen_error *err)
{
    struct gen_linger *linger = gen_alloc(sizeof *linger);

    if (linger == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory for closing connections");
    }
    linger->loop = loop;
    *out = linger;
    return GEN_OK;
}

void gen_linger_destroy(struct gen_linger *linger)
{
    if (linger == NULL) {
        return;
    }
    while (linger->first != NULL) {
        lingering_end(linger->first);
    }
    gen_timer_cancel(&linger->timer);
    gen_free(linger);
}

void gen_linger_take(struct gen_linger *linger, int fd)
{
    struct lingering *one = NULL;

    if (linger->count < GEN_LINGER_MOST && linger_arm(linger)) {
        one = gen_alloc(sizeof *one);
    }
    if (one == NULL || gen_watch_open(linger->loop, fd, GEN_WATCH_READ, lingering_read, one,
                                      &one->watch, NULL) != GEN_OK) {
        gen_free(one);
        (void)close(fd);
        return;
    }
    one->linger = linger;
    one->fd = fd;
    one->until = gen_loop_now(linger->loop) + GEN_LINGER_MS;
    one->next = linger->first;
    if (one->next != NULL) {
        one->next->previous = one;
    }
    linger->first = one;
    linger->count++;
}

size_t gen_linger_count(const struct gen_linger *linger)
{
    return linger->count;
}
