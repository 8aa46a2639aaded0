/* ward.h - runs a piece of our own work on bytes from outside in a child that can do nothing else,
 * and says what became of it.
 *
 * The child has the descriptors it was given, memory, and a pipe to answer through; hostile media
 * that takes over a decoder gains those and nothing more. Whatever happens to the child, the parent
 * returns one clear status. It is not for programs: media/launch.h.
 *
 * Thread: [any]; forks, so call it while there is only one. Floor: media.
 * Tests: tests/media/ward_test.c
 */
#ifndef GEN_MEDIA_WARD_H
#define GEN_MEDIA_WARD_H

#include "base/bytes.h"
#include "media/confine.h"

#include <stdbool.h>

enum { GEN_WARD_ANSWER_MAX = 1024 * 1024 };

/* Fills `out` (maximum GEN_WARD_ANSWER_MAX) or `err`; runs in the child, confined. */
typedef enum gen_status gen_ward_work(void *context, struct gen_bytes *out, struct gen_error *err);

struct gen_ward {
    int64_t memory_mb;   /* on top of what the libraries take; 0 = no limit */
    int64_t cpu_seconds; /* 0 = no limit */
    int64_t file_mb;     /* what it may write to a file; 0 = no limit */
    const int *keep;     /* descriptors that stay open */
    size_t keep_count;
    bool unconfined_ok; /* go on when there is no seccomp */
    gen_ward_work *work;
    void *context;
};

/* What the work returned; or GEN_ETIMEOUT: it used up its processor time. GEN_ECORRUPT: it crashed
 * or tried a forbidden system call. GEN_ELIMIT: it was killed. GEN_EUNSUPPORTED: it could not be
 * confined. GEN_EIO, GEN_ENOMEM. The answer's text comes from the child: it is outside bytes. */
GEN_MUST_CHECK enum gen_status gen_ward_run(const struct gen_ward *ward, struct gen_bytes *out,
                                            struct gen_error *err);

#endif
