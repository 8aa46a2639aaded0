/* vendor.h - a render service on loopback that keeps its own books, strictly.
 *
 * It speaks the wire format of tests/contract/plugins/fake.c. Every POST /jobs that was read whole is
 * a purchase, whatever happens to its answer. Faults come on demand, and at a named stage it can kill
 * the daemon that is talking to it.
 */
#ifndef CRASH_VENDOR_H
#define CRASH_VENDOR_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { BOOKS_MOST = 4096 };

struct book { /* one purchase */
    char reference[64];
    int purchases;  /* under this reference; more than one was paid for twice */
    int64_t billed; /* micro-dollars */
    int64_t done_at_ms;
    bool fails, cancelled;
};

enum vendor_stage { /* where the daemon can be killed */
    STAGE_NONE = 0,
    STAGE_ACCEPTED,        /* the connection is there, nothing was read */
    STAGE_CREATE_READ,     /* bought, no answer yet */
    STAGE_CREATE_ANSWERED,
    STAGE_STATUS,
    STAGE_STATUS_DONE, /* it has just been told that the video is ready */
    STAGE_FILE_HALF,
    STAGE_FILE_SENT,
    STAGE_FIND,
    STAGE_COUNT
};

struct vendor {
    int listener, port;
    pthread_t thread;
    pthread_mutex_t lock;
    struct book books[BOOKS_MOST];
    size_t count;
    const char *clip; /* the video, in memory */
    size_t clip_size;
    atomic_int faults; /* of a hundred requests */
    atomic_int stage;  /* enum vendor_stage: kill there, once */
    atomic_int victim; /* pid */
    atomic_int working;
    atomic_bool closing;
    _Atomic uint64_t draw;
};

int64_t vendor_now_ms(void);
uint64_t vendor_draw(struct vendor *vendor);
void vendor_open(struct vendor *vendor, const char *clip, size_t size, uint64_t seed);
void vendor_close(struct vendor *vendor);

#endif
