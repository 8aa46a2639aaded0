/* job_listing.h - pages of job summaries, newest first, by what people look for.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/job_listing_test.c
 */
#ifndef GEN_STORE_JOB_LISTING_H
#define GEN_STORE_JOB_LISTING_H

#include "base/node.h"
#include "store/store.h"

enum { GEN_JOB_LISTING_MOST = 200 }; /* jobs of a page */

struct gen_job_query {        /* NULL and 0 = any */
    const char *organization; /* required */
    const char *status, *project, *user, *tag;
    gen_moment since, until; /* created at or after, created before */
    const char *after;       /* id of the last job of the page before */
    int64_t limit;           /* 1..GEN_JOB_LISTING_MOST, others are moved into it */
};

/* A list of summaries (jobId, projectId, userId, title, status, progress 0..1, pipelines (count),
 * cost, held, unverified, budget, priority, tags, createdAt, completedAt); `*more`: there is another page.
 * GEN_EINVAL: `after` is no job of this organization, `status` is no status. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_read_jobs(struct gen_store *store,
                                             const struct gen_job_query *query,
                                             struct gen_arena *arena, struct gen_node **out,
                                             bool *more, struct gen_error *err);

#endif
