/* batch_reading.h - a batch as a document: what became of the jobs that were admitted together.
 *
 * Nothing of it is stored twice: state, progress and money are those of the jobs.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/batch_store_test.c
 */
#ifndef GEN_STORE_BATCH_READING_H
#define GEN_STORE_BATCH_READING_H

#include "base/node.h"
#include "store/store.h"

enum { GEN_BATCH_LISTING_MOST = 100 }; /* batches of a page */

/* {batchId, title, userId, createdAt, status, progress 0..1, cost, held, jobCount, counts (by status of
 * jobs, those that are not 0), jobs [{jobId, title, projectId, status, progress, pipelines, cost, held,
 * createdAt, completedAt}], in the order in which they came}. The status is that of the jobs where it is
 * the same; else "in_progress", or, where all that is left to do needs a person, "needs_attention"; or,
 * once all are over, "partially_completed". GEN_ENOTFOUND: none of this organization. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_read_batch(struct gen_store *store, const char *organization,
                                              const char *batch, struct gen_arena *arena,
                                              struct gen_node **out, struct gen_error *err);

/* The same without `jobs`, newest first; after: id of the last one of the page before, or NULL. */
GEN_MUST_CHECK enum gen_status gen_read_batches(struct gen_store *store, const char *organization,
                                                const char *after, int64_t limit,
                                                struct gen_arena *arena, struct gen_node **out,
                                                bool *more, struct gen_error *err);

/* The batch that a job came with; "" = none. GEN_ENOTFOUND: there is no such job. */
GEN_MUST_CHECK enum gen_status gen_read_batch_of(struct gen_store *store, const char *job,
                                                 struct gen_ident *out, struct gen_error *err);

#endif
