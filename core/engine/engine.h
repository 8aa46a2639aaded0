/* engine.h - the engine as the service sees it: admit, cancel, store an asset, follow, resume.
 *
 * The shell around the pure machine: it owns the jobs that are not over, hands their changes to the
 * store, and releases effects once they are durable.
 * Invariant: a job is admitted when its money is reserved and durable, or not at all.
 *
 * Thread: [loop]; callbacks come from other turns, never from inside a call. Floor: engine.
 * Tests: tests/unit/engine/engine_test.c
 */
#ifndef GEN_ENGINE_ENGINE_H
#define GEN_ENGINE_ENGINE_H

#include "host/loader.h"
#include "platform/crypto.h"
#include "platform/http_client.h"
#include "store/reading.h"

struct gen_engine;

struct gen_engine_options { /* borrowed for the engine's life, but for the texts */
    struct gen_loop *loop;
    struct gen_store *store;
    const struct gen_loader *loader;
    struct gen_http_client *http;
    const struct gen_clock *clock;
    const struct gen_random *random;
    const struct gen_log *log;
    const char *media;       /* path of gen-media */
    const char *blobs;       /* folder */
    const char *scratch;     /* folder, emptied at creation; same file system as blobs */
    int32_t most_programs;   /* renders on this machine at once, 0 = processors */
    gen_micros job_budget;   /* of a job that names none */
    int64_t least_free;      /* bytes of disk below which nothing is admitted */
    const struct gen_node *prices; /* map: provider -> its price book; NULL = none */
    bool allow_private;      /* providers may live on loopback (tests, sandbox) */
};

/* GEN_ENOMEM, GEN_EIO, GEN_EDENIED, GEN_ENOSPACE. */
GEN_MUST_CHECK enum gen_status gen_engine_create(const struct gen_engine_options *options,
                                                 struct gen_engine **out, struct gen_error *err);
/* Stops what is under way; open jobs resume at the next start. The loop must still turn. */
void gen_engine_destroy(struct gen_engine *engine);

/* Loads the jobs that are not over and goes on with them. */
GEN_MUST_CHECK enum gen_status gen_engine_resume(struct gen_engine *engine, struct gen_error *err);

/* ---- admission */

struct gen_request { /* borrowed for the call */
    const char *organization, *user;
    const struct gen_node *brief; /* asset names are asset ids */
    const char *key;              /* of the client's Idempotency-Key, NULL = none */
    const char *digest;           /* of the body, with a key */
};

/* GEN_OK with the job's id (`existing`: the key gave an earlier job back), or why nothing was
 * admitted: GEN_EINVAL (with key path), GEN_ENOTFOUND (an asset; with key path), GEN_EUNSUPPORTED
 * (no model can), GEN_EBUDGET, GEN_ECONFLICT (key used with another body), GEN_ENOSPACE,
 * GEN_EBUSY (the store cannot be written now), GEN_EIO, GEN_ENOMEM. */
typedef void gen_engine_admitted(void *context, enum gen_status status, const struct gen_error *err,
                                 const char *job, bool existing);
/* Always ends in one call of `done`. */
void gen_engine_admit(struct gen_engine *engine, const struct gen_request *request,
                      gen_engine_admitted *done, void *context);

/* ---- control */

/* GEN_OK: cancelling has begun or was under way. GEN_ENOTFOUND; GEN_ECONFLICT: it is over. */
GEN_MUST_CHECK enum gen_status gen_engine_cancel(struct gen_engine *engine,
                                                 const char *organization, const char *job,
                                                 struct gen_error *err);

/* ---- assets */

struct gen_upload { /* borrowed for the call */
    const char *organization;
    const char *path; /* finished file on the blobs' file system; taken over, whatever happens */
    const char *name; /* as the user calls it */
};
/* GEN_OK with the asset (valid during the call; `existing`: the same content was there already), or
 * GEN_EINVAL (not what its name says, damaged, not a kind we take), GEN_ENOSPACE, ... */
typedef void gen_engine_stored(void *context, enum gen_status status, const struct gen_error *err,
                               const struct gen_asset *asset, bool existing);
void gen_engine_store_asset(struct gen_engine *engine, const struct gen_upload *upload,
                            gen_engine_stored *done, void *context);

/* ---- following */

struct gen_listener { /* callee owns nothing; all members may be NULL */
    /* Something new is in the event log, up to this number. */
    void (*on_events)(void *context, int64_t last_event);
    /* A pipeline has moved on (at most five times a second each). Not in the log. */
    void (*on_progress)(void *context, const struct gen_job *job,
                        const struct gen_pipeline *pipeline);
    void *context;
};
/* One listener (the service); replaces the one before. */
void gen_engine_listen(struct gen_engine *engine, const struct gen_listener *listener);

/* An open job as it is in memory, NULL when it is over or unknown. Valid until the loop turns. */
const struct gen_job *gen_engine_job(const struct gen_engine *engine, const char *job);

/* Place in its provider's queue, 1 = next; 0 = not waiting. The first waiting shot counts. */
size_t gen_engine_queue_position(const struct gen_engine *engine, const struct gen_job *job,
                                 const struct gen_pipeline *pipeline);

struct gen_engine_figures {
    size_t open_jobs, waiting_shots, working_shots, running_programs, waiting_programs;
    uint64_t admitted, refused, inputs, dropped_inputs;
    uint64_t programs_started;
    int64_t programs_wall_ms, programs_cpu_ms; /* summed over processes that have ended */
    int64_t programs_busy_ms;                  /* time with at least one of them running */
};
void gen_engine_figures(const struct gen_engine *engine, struct gen_engine_figures *out);

/* GEN_OK, or why no job can be admitted now (disk nearly full, store stalled, no provider). */
GEN_MUST_CHECK enum gen_status gen_engine_ready(struct gen_engine *engine, struct gen_error *err);

#endif
