/* decision.h - which models make what, and why: the policy set applied to a brief and a snapshot.
 *
 * Pure and deterministic: the same question gives the same decision. Nothing is reserved here,
 * no clock is read, no plugin is known: prices come through the question's quoter, or from the
 * price book.
 *
 * A job is one contest a variation, or one a variation and scene where the strategy chooses for
 * each scene. Every model enters every contest as a contender; filters reject some, with one
 * sentence each, scores rank the others, the first (or first few) are chosen.
 * Invariant: a contender that is chosen has no rejection; the sum of `most` of the chosen is within
 * the budget; a decision without a refusal has chosen at least one contender in every contest.
 *
 * Thread: that of the policy set's formulas. Floor: decide.
 * Tests: tests/unit/decide/decision_test.c
 */
#ifndef GEN_DECIDE_DECISION_H
#define GEN_DECIDE_DECISION_H

#include "decide/demand.h"
#include "decide/ruling.h"

struct gen_decision { /* lives in the arena given */
    const struct gen_question *question;
    const struct gen_routing_strategy *strategy;
    const char *strategy_reason; /* "named by the user", "rule \"rush\"", "default" */
    const struct gen_access_plan *plan;
    struct gen_demand demand;
    struct gen_contest *contests;
    size_t contest_count;
    struct gen_rule_record *rules;
    size_t rule_count;
    gen_micros budget;      /* that was applied, the lowest; GEN_SNAPSHOT_NO_LIMIT */
    gen_micros price, most; /* of all chosen */
    bool exact;
    double seconds;        /* until the last of the chosen is expected to be done */
    const char **warnings; /* sentences */
    size_t warning_count;
    const char *version; /* of the policy set */
    /* No answer: GEN_EUNSUPPORTED (no model fits), GEN_EBUDGET, GEN_EDENIED (the plan), GEN_EINVAL
     * (an unknown strategy). GEN_OK: there is one. */
    enum gen_status verdict;
    struct gen_error refusal; /* names the constraint and by how much it is missed */
    /* For coverage: bits of enum gen_filter that rejected somebody. */
    uint64_t filters_used;
};

/* GEN_OK: there is a decision; look at its verdict. GEN_ENOMEM, GEN_ELIMIT (too many models). */
GEN_MUST_CHECK enum gen_status gen_decision_make(const struct gen_question *question,
                                                 struct gen_arena *arena, struct gen_decision **out,
                                                 struct gen_error *err);

/* The product's `routing` object: complexityScore, tier, needs, signals, selectedModels, strategy,
 * costEstimate, costMost, routingReason, policyVersion, considered, rules, warnings. */
struct gen_node *gen_decision_document(const struct gen_decision *decision,
                                       struct gen_arena *arena);

/* The same and all the rest: every rule with the facts it read, every contender with all scores and
 * what was expected of it. For `gen policy explain`. */
struct gen_node *gen_decision_explain(const struct gen_decision *decision, struct gen_arena *arena);

/* "Complex storyboard (7.5 of 10): runway/gen4.5 meets all its needs for $2.40 (estimated)." */
const char *gen_decision_sentence(const struct gen_decision *decision, struct gen_arena *arena);

#endif
