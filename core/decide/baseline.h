/* baseline.h - what the same outputs would have cost otherwise: the figure that savings are
 * measured against.
 *
 * It is the price on the model that the user named first; where nobody named one, on the model that
 * routing.yaml names for the tier (`baseline`). Prices are those of the decision's own quotes, or
 * of the price book, before discounts for volume and for the hour. Where neither knows a price
 * there is no baseline, and nothing is said to be saved by the choice of a model. It is no promise
 * that the model could have made it well. Pure: it reads a decision that was made.
 *
 * Thread: that of the decision. Floor: decide. Tests: tests/unit/decide/baseline_test.c
 */
#ifndef GEN_DECIDE_BASELINE_H
#define GEN_DECIDE_BASELINE_H

#include "decide/decision.h"
#include "model/change.h"

struct gen_baseline { /* in the arena given */
    enum gen_baseline_kind kind;
    const char *model;  /* "runway/gen4.5"; "" = none */
    const char *reason; /* one sentence */
    const gen_micros
        *variations; /* one output of each variation of the brief; 0 without a baseline */
    size_t count;
};

/* Of a decision whose verdict is GEN_OK. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_baseline_make(const struct gen_decision *decision,
                                                 struct gen_arena *arena, struct gen_baseline *out,
                                                 struct gen_error *err);

struct gen_discounts {   /* by how much a quote is below the list; not negative */
    gen_micros off_peak; /* the hour: the price at any hour, less the one at this hour */
    gen_micros batch;    /* after that, the volume already bought */
};

/* Of a contender, by the price book; 0 where that does not know. */
struct gen_discounts gen_baseline_discounts(const struct gen_decision *decision,
                                            const struct gen_contender *contender,
                                            struct gen_arena *arena);

/* The same for a pipeline: of what was chosen for its variation, what it is made of. */
struct gen_discounts gen_baseline_of_pipeline(const struct gen_decision *decision,
                                              const struct gen_pipeline *pipeline,
                                              struct gen_arena *arena);

#endif
