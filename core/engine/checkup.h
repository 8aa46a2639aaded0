/* checkup.h - asks each provider now and then how it is: by its extension gen.health/1, which
 * costs nothing, and never by generating.
 *
 * Only providers that offer it and have a credential of the daemon or the machine's owner are
 * asked, each by a timer of its own, so that idle
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

struct gen_checkup_verdict { /* valid during the call */
    bool well;
    const char *words; /* why not, or what the provider says of itself; "" */
    int64_t took_ms;
};
typedef void gen_checkup_done(void *context, const struct gen_checkup_verdict *verdict);

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

/* One check now with the secrets of `owner`, to know whether they work: free, never by
 * generating. The vitals hear nothing of it: a wrong key of one tenant is no illness. `done`
 * comes from a later turn, or when the checkup is destroyed. GEN_EUNSUPPORTED: the provider has
 * no free check. GEN_ENOTFOUND: a secret is missing or cannot be read. GEN_ENOMEM. Then no call. */
GEN_MUST_CHECK enum gen_status gen_checkup_try(struct gen_checkup *checkup,
                                               const struct gen_hosted *hosted,
                                               const struct gen_keyring_owner *owner,
                                               gen_checkup_done *done, void *context,
                                               struct gen_error *err);

/* Providers may have come, or been configured again, and are asked soon; of those the vitals forget what was
 * heard before. */
void gen_checkup_steer(struct gen_checkup *checkup);

#endif
