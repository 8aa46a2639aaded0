/* reserve.h - what a job holds beside its first attempts when it is admitted.
 *
 * Money for the dearest way that retry.yaml allows (decide/hold.h): renders that are bought again, on their
 * own model or, once it switches, on the dearest other provider that the decision found fit. All of it or
 * nothing: where it does not fit the budgets, only the first attempts are held, and the job says so.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/reserve_test.c
 */
#ifndef GEN_ENGINE_RESERVE_H
#define GEN_ENGINE_RESERVE_H

#include "decide/decision.h"
#include "engine/treasury.h"

struct gen_reserve {
    struct gen_job *job; /* its pipelines are made; the holds of their attempts grow */
    const struct gen_decision *decision;
    const struct gen_treasury *treasury;
    gen_moment now;
    bool bare;           /* hold the first attempts only */
    bool made;           /* out */
    const char *warning; /* out: why not; static; NULL */
};

/* GEN_ENOMEM, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_reserve_make(struct gen_reserve *reserve, struct gen_error *err);

#endif
