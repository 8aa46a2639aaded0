/* ruling.h - the rules of routing.yaml applied: which fire, what they prefer, exclude and require.
 *
 * NOT here: whether rules make sense (core/policy), scores (scoring.h).
 *
 * Thread: that of the policy set's formulas. Floor: decide. Tests: tests/unit/decide/ruling_test.c
 */
#ifndef GEN_DECIDE_RULING_H
#define GEN_DECIDE_RULING_H

#include "decide/portrait.h"

struct gen_fact_seen { /* a fact that a rule's condition reads */
    const char *name;  /* "job.complexity" */
    const char *value; /* as people write it; NULL = not bound */
};

struct gen_rule_record { /* one for each rule of routing.yaml */
    const struct gen_routing_rule *rule;
    bool fired;
    const char
        *fault; /* of its condition: it does not fire; of a `where`: that one does not match */
    const struct gen_fact_seen *facts;
    size_t fact_count;
    size_t preferred, excluded, kept_out; /* contenders (kept_out: by require) */
    bool set_strategy;
};

/* Did it change anything? A rule without a condition always fires, and need not match anybody. */
bool gen_ruling_used(const struct gen_rule_record *record);

/* Looks at every condition. The facts of the job must be complete. */
void gen_ruling_open(struct gen_portrait *portrait, struct gen_rule_record **rules, size_t *count);

/* The last rule that fired and names a strategy; NULL. */
struct gen_rule_record *gen_ruling_strategy(struct gen_rule_record *rules, size_t count);

/* Applies those that fired to the contenders that are in and were not looked at before (weight
 * NAN). */
void gen_ruling_apply(struct gen_portrait *portrait, struct gen_contest *contest,
                      struct gen_rule_record *rules, size_t count);

/* The same for one contender, whatever it was. */
void gen_ruling_contender(struct gen_portrait *portrait, struct gen_contender *contender,
                          struct gen_rule_record *rules, size_t count);

/* The facts that an expression reads, by its text: "job.tier", "team.plan", "now". */
void gen_ruling_facts(struct gen_portrait *portrait, const struct gen_formula *formula,
                      const struct gen_fact_seen **out, size_t *count);

#endif
