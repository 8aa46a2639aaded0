/* foresight.h - how long a render will go on, from how long others of its model took, and in one word what
 * goes on with it.
 *
 * Spans are two numbers: the middle one is right for one of two, the late one for nine of ten. They are ranks
 * among what was seen (one more than there is, so that few samples give wide spans), of those that
 * lasted at least as long as this one has already. It is NOT the choice of models (decide/ranking.h), and it
 * keeps nothing.
 * Invariants: a span never ends before now; estimated progress never reaches what only a result can show.
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/foresight_test.c
 */
#ifndef GEN_DECIDE_FORESIGHT_H
#define GEN_DECIDE_FORESIGHT_H

#include "base/moment.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    GEN_FORESIGHT_SAMPLES = 64,      /* of a model: the newest count */
    GEN_FORESIGHT_KEPT = 512,        /* so that one can ask what was known when a long one began */
    GEN_FORESIGHT_MOST_PPM = 950000, /* estimated progress is below */
    GEN_FORESIGHT_LEAST_PPM = 50000, /* measured progress from which it says when it ends */
    GEN_FORESIGHT_HANDOVER_MS =
        2000, /* fetching, or putting a video together, where nothing is known */
};

/* What goes on with a pipeline, in one word. The later ones matter more when its shots differ. */
#define GEN_PHASE_TABLE(ROW) \
    ROW(GEN_PHASE_QUEUED, "queued")         /* it waits here: for its turn, or for another shot */ \
    ROW(GEN_PHASE_ASSEMBLING, "assembling") /* all is rendered: looked at, joined, delivered */ \
    ROW(GEN_PHASE_FETCHING, "fetching")     /* it is rendered and on its way to us */ \
    ROW(GEN_PHASE_SUBMITTING, "submitting") /* it is being ordered */ \
    ROW(GEN_PHASE_WAITING, "waiting")       /* it is ordered, and waits in the provider's queue */ \
    ROW(GEN_PHASE_RENDERING, "rendering") \
    ROW(GEN_PHASE_STUCK, "stuck") /* it takes longer than nearly all did, and nothing moves */

enum gen_phase {
    GEN_PHASE_NONE = 0,
#define GEN_PHASE_ENUM(name, word) name,
    GEN_PHASE_TABLE(GEN_PHASE_ENUM)
#undef GEN_PHASE_ENUM
};

/* NULL outside the set. */
const char *gen_phase_word(enum gen_phase phase);
enum gen_phase gen_phase_of(const char *word); /* NONE when unknown, or NULL */

struct gen_foresight_sample { /* a render that came to its end */
    int64_t took_ms;          /* from accepted to settled, > 0 */
    int64_t video_ms;         /* of its clip, > 0 */
    gen_moment accepted_at, ended_at;
};

struct gen_foresight_past {                                  /* of a model; all zero to begin */
    struct gen_foresight_sample samples[GEN_FORESIGHT_KEPT]; /* a ring */
    size_t count, next; /* next: where the following one goes */
};

/* The oldest goes when there is no room. */
void gen_foresight_add(struct gen_foresight_past *past, const struct gen_foresight_sample *sample);

struct gen_foresight_span { /* milliseconds */
    int64_t middle, late;
};

struct gen_foresight_render {
    int64_t video_ms;
    double declared;      /* seconds of work for a second of video, by its model; 0 = not said */
    int64_t elapsed_ms;   /* since it was accepted; 0 = it is not yet */
    int32_t measured_ppm; /* what its provider says; <= 0 = nothing */
    size_t beside;       /* other renders that must be done as well; its span is that of the last */
    gen_moment known_by; /* only what had ended by then counts; 0 = all */
};

/* What is left of a render. False: nothing at all is known. `past` may be NULL here and below: none. */
bool gen_foresight_left(const struct gen_foresight_past *past,
                        const struct gen_foresight_render *render, struct gen_foresight_span *out);

/* Does it take longer than 99 of 100 did? Never, where fewer than ten are known. */
bool gen_foresight_overdue(const struct gen_foresight_past *past,
                           const struct gen_foresight_render *render);

/* How far it is by its time, 0 .. GEN_FORESIGHT_MOST_PPM; grows with its time. 0: nothing is known. */
int32_t gen_foresight_progress(const struct gen_foresight_past *past,
                               const struct gen_foresight_render *render);

/* One after the other: lateness of both at once is rare, so it adds up like errors do. */
struct gen_foresight_span gen_foresight_then(struct gen_foresight_span first,
                                             struct gen_foresight_span second);
/* Whichever ends last. */
struct gen_foresight_span gen_foresight_both(struct gen_foresight_span one,
                                             struct gen_foresight_span other);
/* The wait at `place` (1 = next; 0 = none) of a queue before `rooms` places, each free after `work`. */
struct gen_foresight_span gen_foresight_queue(size_t place, size_t rooms,
                                              struct gen_foresight_span work);

#endif
