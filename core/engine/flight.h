/* flight.h - one shot's work in the outside world: the request or program under way, its timer, its
 * scratch folder, and the storing of its result.
 *
 * It decides nothing: the machine asked for a step, the flight performs it and reports. Stopping it
 * makes everything still under way silent.
 * Invariants: at most one thing is under way; a report belongs to the last thing asked for; a
 * request that costs money is sent with `once` and never again by this room.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/crash/main.c
 */
#ifndef GEN_ENGINE_FLIGHT_H
#define GEN_ENGINE_FLIGHT_H

#include "engine/errand.h"
#include "engine/lanes.h"
#include "engine/programs.h"
#include "engine/terms.h"
#include "engine/turn.h"

struct gen_flight;
struct gen_storing; /* private: a result on its way into the blobs */

struct gen_flight_world { /* what all flights share; owned by the engine */
    struct gen_loop *loop;
    struct gen_programs *programs;
    const char *blobs, *scratch; /* folders */
    const struct gen_engine_options *options;
    const struct gen_errand_world *errands;
    /* Reports. */
    void (*on_reply)(struct gen_flight *flight, const struct gen_reply *reply);
    void (*on_unanswered)(struct gen_flight *flight, enum gen_fate fate, bool costs,
                          const char *reason);
    /* The step could not be performed, and flight->step says so instead, as one that fails. */
    void (*on_failed)(struct gen_flight *flight);
    void (*on_progress)(struct gen_flight *flight, int32_t progress_ppm);
    void (*on_timer)(struct gen_flight *flight);
    /* Also before it was asked to be stored: GEN_EINVAL, what comes cannot be the clip. */
    void (*on_clip)(struct gen_flight *flight, enum gen_status status, const char *digest,
                    const char *reason);
};

struct gen_flight { /* the engine owns the memory; zeroed, then world, owner and indexes set */
    const struct gen_flight_world *world;
    void *owner; /* the engine's job */
    size_t pipeline, shot;
    struct gen_ticket ticket;
    uint32_t generation; /* grows when the machine stops it; stale effects are dropped */
    uint32_t under_way;  /* generation of what is under way: its reports are heard while equal */
    struct gen_ident attempt;       /* whose scratch folder is in use */
    struct gen_keyring_owner signs; /* for whom requests are signed; texts of the job */
    struct gen_arena *exchange;     /* of `step` and what it points to */
    struct gen_step step;
    const struct gen_hosted *hosted; /* whose step it is */
    struct gen_setup *setup;         /* what the step may point to; held */
    int32_t steps;                   /* since its verb was called; see consult.h */
    struct gen_errand *errand;       /* a request under way */
    struct gen_run *run;
    struct gen_timer *timer;
    struct gen_storing *storing;
    bool scratch_made;
    bool fetches;        /* its step is one of fetch: what it extracts is the result */
    int64_t result_most; /* bytes that its result can have; 0 = nobody knows */
};

/* The provider was asked: its step, and the memory of it, which becomes the flight's; those of the step
 * before are gone. `exchange` may be NULL. */
void gen_flight_take(struct gen_flight *flight, const struct gen_hosted *hosted,
                     const struct gen_step *step, struct gen_arena *exchange);

/* The step in flight->step, whose memory is flight->exchange. `assets` as in the task. */
void gen_flight_perform(struct gen_flight *flight, const struct gen_ident *attempt,
                        const struct gen_asset *assets, size_t asset_count);

/* A report on_timer after wait_ms; replaces the one before. */
void gen_flight_wake(struct gen_flight *flight, int64_t wait_ms);

/* Probes and stores the result (`file` in the scratch folder, "" = what the sink received). */
void gen_flight_store(struct gen_flight *flight, const char *file);

/* Ends and silences what is under way; keeps the scratch folder. */
void gen_flight_stop(struct gen_flight *flight);

/* The attempt is over: stop, and remove its scratch folder. */
void gen_flight_land(struct gen_flight *flight);

/* Memory of the last exchange. */
void gen_flight_fini(struct gen_flight *flight);

#endif
