/* job_reading.h - one job as the document that the API shows.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/job_reading_test.c
 */
#ifndef GEN_STORE_JOB_READING_H
#define GEN_STORE_JOB_READING_H

#include "base/node.h"
#include "store/store.h"

/* The job document in the shape of PRODUCT's generationJobs: jobId, projectId, userId, input
 * (storyboardId, title, scenes, duration, resolution, frameRate, variations[] of name, aspectRatio,
 * resolution, frameRate, storyboard: the brief), routing, pipelines[] (pipelineId, provider, model,
 * variation, status, stage, progress 0..1, startTime, endTime, estimatedCompletion, cost, estimate,
 * attempts, warning null or a sentence, failure null or {kind, message}, shots[]: see
 * shot_reading.h), results {completed, failed, outputs[] (outputId,
 * pipelineId, variation, url, thumbnailUrl, sheetUrl, quality null, format, size, duration,
 * resolution, frameRate)}, metadata {priority, deadline, budget, tags, title}, costs {held, spent,
 * unverified, estimate}, createdAt, completedAt, status, cancelRequested, sandbox. A job of another
 * organization is GEN_ENOTFOUND, like one that never was. GEN_ECORRUPT, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_read_job(struct gen_store *store, const char *organization,
                                            const char *job, struct gen_arena *arena,
                                            struct gen_node **out, struct gen_error *err);

#endif
