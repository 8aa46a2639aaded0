/* checkup.h - asks each provider now and then how it is: by its extension gen.health/1, which costs nothing,
 * and never by generating.
 *
 * Only providers that offer it and have a credential are asked, each by a timer of its own, so that idle
 * ones cost nothing and not all are asked at once. What comes out goes to the vitals.
 * Invariant: at most one check of a provider is under way; none may send a request that costs money.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/checkup_test.c
 */
#ifndef GEN_ENGINE_CHECKUP_H
#define GEN_ENGINE_CHECKUP_H

#include "engine/errand.h"
#include "engine/terms.h"
#include "engine/vitals.h"

struct gen_checkup;

struct gen_checkup_options { /* borrowed for its life */
    const struct gen_engine_options *engine;
    const struct gen_errand_world *errands; /* its news are not told twice */
    struct gen_vitals *vitals;
    int64_t every_ms; /* between two checks of a provider, give or take a tenth; 0 = never */
    int64_t first_ms; /* the first ones come within this time; 0 = half a minute */
};

/* GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_checkup_create(const struct gen_checkup_options *options,
                                                  struct gen_checkup **out, struct gen_error *err);
/* Silences what is under way. NULL is allowed. */
void gen_checkup_destroy(struct gen_checkup *checkup);

/* Providers may have come, or been configured again: those not under way are asked soon. */
void gen_checkup_steer(struct gen_checkup *checkup);

#endif
