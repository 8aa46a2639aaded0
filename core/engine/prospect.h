/* prospect.h - what a planned job would cost and what that would leave of each limit, as a document.
 *
 * The plan itself is engine/admission.h's, made on the way of a real job; nothing is held. Sums of limits
 * are those of now: who admits something meanwhile takes of them.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/prospect_test.c, tests/api/costs_test.c
 */
#ifndef GEN_ENGINE_PROSPECT_H
#define GEN_ENGINE_PROSPECT_H

#include "decide/decision.h"
#include "engine/treasury.h"

struct gen_prospect { /* borrowed for the call */
    const struct gen_treasury *treasury;
    struct gen_store *store;
    const struct gen_job
        *job; /* with the pipelines and holds of the plan; none where it is refused */
    const struct gen_decision *decision;
    const struct gen_question *question;
    const struct gen_node *routing; /* the decision's document */
    const char *const *bases;       /* of the prices, one a pipeline */
    enum gen_status verdict;        /* of the plan */
    const struct gen_error *refusal;
    struct gen_arena *arena; /* of the document */
};

/* {affordable, refusal (null or {code, path, detail}), costEstimate, costMost, reserve, costHeld, exact,
 * expectedSeconds, budget, pipelines[] (variation, provider, model, costEstimate, costMost, reserve, basis,
 * shots[] (scenes, model, role, duration, costEstimate, costMost, exact)), limits[] (name, budgetId, scope,
 * of, period, hard, soft, spent, held, unverified, left, needs, leftAfter, fits, resetsAt), routing}.
 * Statuses of reading the store, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_prospect_document(const struct gen_prospect *prospect,
                                                     gen_moment now, struct gen_node **out,
                                                     struct gen_error *err);

/* A refusal for money, where it is a limit that leaves too little and not the job's own budget: names that
 * limit and what the cheapest choice would take, as gen_limit_refuse says it, before what stands there. */
void gen_prospect_blame(const struct gen_treasury *treasury, struct gen_store *store,
                        const struct gen_job *job, const struct gen_decision *decision,
                        gen_moment now, struct gen_error *err);

/* What the API says of a limit and of what is used of it: name, budgetId, scope, of, period, hard (with what
 * rolled over), soft, spent, held, unverified, left, begins, resetsAt. */
struct gen_node *gen_prospect_limit(const struct gen_limit *limit, const struct gen_balance *used,
                                    gen_micros room, struct gen_arena *arena);

#endif
