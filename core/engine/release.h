/* release.h - the rules by which effects of a turn are let out: when, which, and what is stale.
 *
 * Shared by the runner and the simulation, so that what is simulated is what runs. It carries out
 * nothing and knows neither flights nor the store.
 * Invariants: effects that hold until a commit are let out only when it is durable; what was
 * stopped neither starts again nor is heard.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/release_test.c, tests/simulation
 */
#ifndef GEN_ENGINE_RELEASE_H
#define GEN_ENGINE_RELEASE_H

#include "engine/turn.h"

/* The generation of the flight of that shot. */
typedef uint32_t *gen_release_generation(void *context, size_t pipeline, size_t shot);

/* Right after the turn: a stop makes stale what was asked for before it, in this turn and earlier
 * ones. */
void gen_release_stamp(struct gen_effect *first, gen_release_generation *generation, void *context);

/* May the effect be carried out, or was its flight stopped since it was asked for? A stop that a
 * later one has overtaken is not carried out either: that one is, or will be, in charge. */
bool gen_release_current(const struct gen_effect *effect, uint32_t generation);

/* Is a report about something that the machine still wants? under_way: the generation of what
 * reports. */
bool gen_release_heard(uint32_t under_way, uint32_t generation, const struct gen_shot *shot);

enum gen_release {
    GEN_RELEASE_EFFECTS = 1, /* durable: carry them out, in order */
    GEN_RELEASE_REFUSED,     /* the money was refused: tell the machine, for its shot */
    GEN_RELEASE_STRANGER,    /* so was the handle, which is another attempt's */
    GEN_RELEASE_PARK,        /* memory is ahead of the store: drop the job, read it again later */
};

/* What the answer to a commit means. With REFUSED and STRANGER `about` is the effect of the shot that it is
 * about. */
enum gen_release gen_release_of(enum gen_status committed, const struct gen_error *err,
                                const struct gen_effect *first, const struct gen_effect **about);

/* The input that tells the machine, for those two; reason as in `err`. */
struct gen_input gen_release_input(enum gen_release release, const struct gen_effect *about,
                                   const struct gen_error *err);

#endif
