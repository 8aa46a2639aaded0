/* reading.h - the questions that the API and the engine ask the store.
 *
 * Every one is answered by an index. Results live in the caller's arena. A thing of another
 * organization is GEN_ENOTFOUND, like one that never was.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/reading_test.c
 */
#ifndef GEN_STORE_READING_H
#define GEN_STORE_READING_H

#include "base/node.h"
#include "store/store.h"

/* The job document in the shape of PRODUCT's generationJobs: jobId, projectId, userId, input,
 * routing, pipelines[] (pipelineId, provider, model, variation, status, stage, progress 0..1,
 * startTime, endTime, estimatedCompletion, cost, attempts, failure?), results {completed, failed,
 * outputs[] (outputId, pipelineId, variation, url, thumbnailUrl, sheetUrl, quality null, format,
 * size, duration, resolution, frameRate)}, metadata {priority, deadline, budget, tags, title},
 * costs {held, spent, unverified, estimate}, createdAt, completedAt, status. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_job(struct gen_store *store, const char *organization,
                                            const char *job, struct gen_arena *arena,
                                            struct gen_node **out, struct gen_error *err);

struct gen_job_query { /* NULL and 0 = any */
    const char *organization; /* required */
    const char *status, *project, *user, *tag;
    gen_moment since, until; /* created at */
    const char *after;       /* id of the last job of the page before */
    int64_t limit;           /* 1..200 */
};
/* A list of summaries, newest first (jobId, projectId, title, status, progress, pipelines count,
 * cost, budget, priority, tags, createdAt, completedAt); `*more`: there is another page. */
GEN_MUST_CHECK enum gen_status gen_read_jobs(struct gen_store *store,
                                             const struct gen_job_query *query,
                                             struct gen_arena *arena, struct gen_node **out,
                                             bool *more, struct gen_error *err);

/* Events with numbers above `after`, oldest first, at most `limit`: a list of {seq, id, type, at,
 * jobId?, pipelineId?, data}. job NULL = all of the organization. `*last` is the newest number
 * looked at, also when the filter dropped it. */
GEN_MUST_CHECK enum gen_status gen_read_events(struct gen_store *store, const char *organization,
                                               const char *job, int64_t after, int64_t limit,
                                               struct gen_arena *arena, struct gen_node **out,
                                               int64_t *last, struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_read_last_event(struct gen_store *store, int64_t *out,
                                                   struct gen_error *err);
/* The number of an event id ("evt_..."). GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_event_number(struct gen_store *store, const char *event,
                                                     int64_t *out, struct gen_error *err);

GEN_MUST_CHECK enum gen_status gen_read_asset(struct gen_store *store, const char *organization,
                                              const char *asset, struct gen_arena *arena,
                                              struct gen_asset *out, struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_read_asset_of_digest(struct gen_store *store,
                                                        const char *organization,
                                                        const char *digest,
                                                        struct gen_arena *arena,
                                                        struct gen_asset *out,
                                                        struct gen_error *err);
/* Newest first; after: id of the last one of the page before, NULL = first page. */
GEN_MUST_CHECK enum gen_status gen_read_assets(struct gen_store *store, const char *organization,
                                               const char *after, int64_t limit,
                                               struct gen_arena *arena, struct gen_asset **out,
                                               size_t *count, bool *more, struct gen_error *err);

/* Outputs of a job, by variation; or one output by id. */
GEN_MUST_CHECK enum gen_status gen_read_outputs(struct gen_store *store, const char *organization,
                                                const char *job, struct gen_arena *arena,
                                                struct gen_output **out, size_t *count,
                                                struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_read_output(struct gen_store *store, const char *organization,
                                               const char *output, struct gen_arena *arena,
                                               struct gen_output *out, struct gen_error *err);

/* What a key was used for. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_key(struct gen_store *store, const char *organization,
                                            const char *key, char *digest /* 65 */,
                                            struct gen_ident *job, struct gen_error *err);

/* Money of a job as the ledger has it. */
GEN_MUST_CHECK enum gen_status gen_read_balance(struct gen_store *store, const char *job,
                                                struct gen_balance *out, struct gen_error *err);

/* Ids of all jobs that are not over, oldest first; and one of them as the engine holds it, with its
 * brief read again. load: a new arena owned by the job. GEN_ENOTFOUND, GEN_ECORRUPT. */
GEN_MUST_CHECK enum gen_status gen_read_open_jobs(struct gen_store *store, struct gen_arena *arena,
                                                  struct gen_ident **out, size_t *count,
                                                  struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_read_load(struct gen_store *store, const char *job,
                                             struct gen_job **out, struct gen_error *err);

struct gen_read_counts {
    int64_t jobs[16];      /* by enum gen_job_status */
    int64_t attempts[16];  /* by enum gen_attempt_state */
    struct gen_balance money;
    int64_t outputs, output_bytes, assets, asset_bytes;
};
/* For /metrics: kept by triggers or answered by covering indexes, never by a scan of history. */
GEN_MUST_CHECK enum gen_status gen_read_counts(struct gen_store *store,
                                               struct gen_read_counts *out, struct gen_error *err);

/* Is this blob named by any asset, shot or output? */
GEN_MUST_CHECK enum gen_status gen_read_blob_used(struct gen_store *store, const char *digest,
                                                  bool *used, struct gen_error *err);

#endif
