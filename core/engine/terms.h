/* terms.h - the terms between the engine and those who use it: what it stands on, what is handed in,
 * what is reported. Values only.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/admission_test.c
 */
#ifndef GEN_ENGINE_TERMS_H
#define GEN_ENGINE_TERMS_H

#include "engine/durations.h"
#include "engine/patience.h"
#include "host/loader.h"
#include "platform/crypto.h"
#include "platform/http_client.h"
#include "platform/keyring.h"
#include "store/reading.h"

struct gen_rulebook;     /* engine/rulebook.h */
struct gen_errand_world; /* engine/errand.h */
struct gen_vitals;       /* engine/vitals.h */

struct gen_engine_options { /* borrowed for the engine's life, but for the texts */
    struct gen_loop *loop;
    struct gen_store *store;
    const struct gen_loader *loader;
    struct gen_http_client *http;
    struct gen_keyring *keyring; /* NULL: requests cannot be signed */
    const struct gen_clock *clock;
    const struct gen_random *random;
    const struct gen_log *log;
    const char *media;          /* path of gen-media */
    const char *blobs;          /* folder */
    const char *scratch;        /* folder, cleared at creation; same file system as blobs */
    int32_t most_programs;      /* renders on this machine at once, 0 = processors */
    struct gen_rulebook *rules; /* NULL: the defaults in the code, and nothing is admitted */
    gen_micros job_budget; /* of a job that names none, if less than the rules say; 0 = theirs */
    int64_t least_free;    /* bytes of disk below which nothing is admitted */
    const struct gen_node *prices;       /* map: provider -> its price book; NULL = none */
    bool allow_private;                  /* providers may live on loopback (tests) */
    bool sandbox;                        /* the providers are simulated: jobs say so */
    const struct gen_patience *patience; /* instead of the rules'; NULL = theirs */
    int64_t recover_ms, asset_ms;        /* above the rules' patience; 0 = theirs */
    int64_t health_ms;                   /* between two checks of a provider; 0 = never */
    /* The engine's own, set by it: how requests leave, and how the providers are. */
    const struct gen_errand_world *errands;
    struct gen_vitals *vitals;
};

struct gen_request { /* borrowed for the call */
    const char *organization, *user;
    const char *team; /* NULL = none */
    bool bare;        /* hold the first attempts only, nothing for paid retries */
    const struct gen_node
        *brief; /* assets by their ids; where it is only explained, also by name */
    /* A list of briefs in its place: they are admitted together, or none of them; as a batch of this
     * title. NULL = one job. */
    const struct gen_node *briefs;
    const char *title;      /* of the batch; NULL = none */
    struct gen_ident batch; /* that the job belongs to; "" = none */
    int32_t batch_ordinal;
    const char *key;                       /* of the client's Idempotency-Key, NULL = none */
    const char *digest;                    /* of the body, with a key */
    const struct gen_principal *principal; /* what it may at most; NULL = anything */
    const struct gen_actor *actor;         /* who asks; NULL = the daemon */
};

struct gen_upload { /* borrowed for the call */
    const char *organization;
    const char *path; /* finished file on the blobs' file system; taken over, whatever happens */
    const char *name; /* as the user calls it */
    const struct gen_actor *actor; /* as in gen_request */
};
/* GEN_OK with the asset (valid during the call; `existing`: the same content was there already), or
 * GEN_EINVAL (not what its name says, damaged, not a kind we take), GEN_ENOSPACE, ... */
typedef void gen_engine_stored(void *context, enum gen_status status, const struct gen_error *err,
                               const struct gen_asset *asset, bool existing);
struct gen_listener { /* callee owns nothing; all members may be NULL */
    /* Something new is in the event log, up to this number. */
    void (*on_events)(void *context, int64_t last_event);
    /* A pipeline has moved on (at most five times a second each). Not in the log. */
    void (*on_progress)(void *context, const struct gen_job *job,
                        const struct gen_pipeline *pipeline);
    void *context;
};
struct gen_horizon {      /* a pipeline of an open job; see engine/horizon.h */
    enum gen_phase phase; /* NONE: it is over */
    int32_t progress_ppm;
    bool measured;   /* all of it by those who render; else some of it is estimated */
    gen_moment done; /* as likely before as after; 0 = nothing is known */
    gen_moment late; /* nine of ten are done by then; 0 = nothing is known */
};
struct gen_engine_figures {
    size_t open_jobs, waiting_shots, working_shots, running_programs, waiting_programs;
    uint64_t admitted, refused, inputs, dropped_inputs;
    uint64_t programs_started;
    int64_t programs_wall_ms, programs_cpu_ms; /* summed over processes that have ended */
    int64_t programs_busy_ms;                  /* time with at least one of them running */
    struct gen_durations_score estimates;
};

#endif
