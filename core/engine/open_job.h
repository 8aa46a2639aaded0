/* open_job.h - a job that is not over, with everything that is under way for it.
 *
 * Memory only: it lives in the job's arena and goes with it. The runner drives it.
 * Invariant: it is freed once it is closed and nothing of it is on its way to the store.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_OPEN_JOB_H
#define GEN_ENGINE_OPEN_JOB_H

#include "base/map.h"
#include "engine/delivery.h"
#include "engine/flight.h"
#include "engine/outlook.h"
#include "engine/splice.h"
#include "engine/terms.h"

struct gen_open_job;
struct gen_provision; /* engine/provision.h */

struct gen_open_pipeline {
    struct gen_open_job *open;
    struct gen_flight *flights;        /* one a shot */
    struct gen_provision **provisions; /* one a shot; NULL = none under way */
    struct gen_delivery *delivery;     /* NULL = none under way */
    int64_t progress_at;               /* loop time of the last word to listeners */
};

struct gen_open_owner { /* who drives it; outlives it */
    const struct gen_engine_options *options;
    const struct gen_flight_world *world;
    struct gen_lanes *lanes;
    struct gen_outlook *outlook; /* NULL: nobody is slowed down by a budget */
    struct gen_map *jobs;        /* id -> struct gen_open_job */
    /* What a part of the job reports. */
    void (*on_input)(struct gen_open_job *open, struct gen_input *input);
    void (*stop_provision)(struct gen_provision **provision);
    uint64_t dropped; /* reports that came too late */
    bool closing;     /* the scratch folders are left to the next start */
};

struct gen_open_job {
    struct gen_open_owner *owner;
    struct gen_job *job;
    const struct gen_asset *assets; /* in the job's arena */
    size_t asset_count;
    struct gen_open_pipeline *pipelines;
    size_t uses; /* commits on their way, and effects being carried out */
    bool listed; /* in the owner's map */
    bool over;   /* closed */
};

/* GEN_ENOMEM: the job is still the caller's. */
GEN_MUST_CHECK enum gen_status gen_open_job_create(struct gen_open_owner *owner,
                                                   struct gen_job *job,
                                                   const struct gen_asset *assets,
                                                   size_t asset_count, struct gen_open_job **out,
                                                   struct gen_error *err);

/* Puts it into the owner's map. GEN_ENOMEM, GEN_ELIMIT. */
GEN_MUST_CHECK enum gen_status gen_open_job_list(struct gen_open_job *open);

/* Takes it out of the map and stops what is under way; freed now or with its last use. */
void gen_open_job_close(struct gen_open_job *open);

/* Keeps it in memory until the same number of leaves. */
void gen_open_job_use(struct gen_open_job *open);
void gen_open_job_leave(struct gen_open_job *open);

/* Brings the limits that its organization and its lanes stand under up to date. */
void gen_open_job_steer(struct gen_open_job *open);

/* Queues a flight in its provider's lane, with the limit of its model as loaded now; nothing when it
 * stands there already. */
void gen_open_job_queue(struct gen_open_job *open, struct gen_flight *flight, bool front);

#endif
