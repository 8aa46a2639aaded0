/* audit_reading.h - who did what: pages of the log with actors, origins and hashes, newest first.
 *
 * For those who look back; who goes on with the log reads store/event_reading.h.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/audit_reading_test.c
 */
#ifndef GEN_STORE_AUDIT_READING_H
#define GEN_STORE_AUDIT_READING_H

#include "base/node.h"
#include "store/store.h"

enum {
    GEN_AUDIT_READING_MOST = 500,       /* events of a page */
    GEN_AUDIT_READING_LOOKED_AT = 10000 /* rows that a page looks at, at most */
};

struct gen_audit_question { /* NULL or 0 = not asked */
    const char *organization;
    const char *job;
    const char *actor; /* "key:key_01…", or its beginning up to a colon: "key:" */
    const char *kind;  /* "job.failed", "job.*" */
    gen_moment since, until;
    int64_t before; /* numbers below it; 0 = from the newest */
    int64_t limit;  /* 1..GEN_AUDIT_READING_MOST, others are moved into it */
};

/* A list of {seq, id, type, at, actor, origin, jobId?, pipelineId?, data, hash}. `*next`: where the next page
 * begins (`before`), 0 = there is none. A page can be short, or empty, and still have a next one: when
 * little fits, it ends after so many rows. GEN_ENOMEM, GEN_ECORRUPT. */
GEN_MUST_CHECK enum gen_status gen_read_audit(struct gen_store *store,
                                              const struct gen_audit_question *question,
                                              struct gen_arena *arena, struct gen_node **out,
                                              int64_t *next, struct gen_error *err);

#endif
