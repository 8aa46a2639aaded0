/* hold.h - which limits a hold must fit, and how much a job holds beside its first attempts.
 *
 * All limits apply that are about the job (organization, team, project, user, provider, the job itself): of
 * budget.yaml those whose `of` and `when` fit, of the store those in force. Each is checked; the lower wins
 * by that. A condition that has a fault counts as true: rather a limit too many.
 * The reserve is money for paid retries: as many as retry.yaml lets the job buy again, in whole attempts.
 * Pure: nothing is added up or written here, and no clock is read.
 *
 * Thread: that of the policy set's formulas. Floor: decide. Tests: tests/unit/decide/hold_test.c
 */
#ifndef GEN_DECIDE_HOLD_H
#define GEN_DECIDE_HOLD_H

#include "decide/contest.h"
#include "model/budget.h"

struct gen_hold_of { /* whose hold; texts: NULL or "" = none */
    const char *organization, *team, *project, *user;
    const char *provider; /* none: limits of providers are left out */
    const char *job;      /* none: limits of jobs are left out */
    gen_moment at;
};

struct gen_hold_rules {                     /* borrowed for the call */
    const struct gen_budget_policy *policy; /* NULL = none */
    const struct gen_budget *budgets; /* of any organization; those of others and ended ones do
                                             * not apply */
    size_t budget_count;
    const struct gen_zones *zones;
    /* What conditions look at; NULL: limits with a condition are left out. */
    const struct gen_question *question;
};

/* Borrows the texts of `of` and of the rules. GEN_ENOMEM, and what gen_portrait_init says. */
GEN_MUST_CHECK enum gen_status gen_hold_limits(const struct gen_hold_rules *rules,
                                               const struct gen_hold_of *of,
                                               struct gen_arena *arena, struct gen_limit **out,
                                               size_t *count, struct gen_error *err);

struct gen_hold_shot {
    gen_micros price, most; /* of one attempt */
    gen_micros reserve;     /* out */
};

/* Money for paid retries on top of `most` of each: retry.yaml's rebuys of a shot, as long as its share of
 * the job's cost lasts; the first shots first. All 0 without a policy. */
void gen_hold_reserve(const struct gen_retry_policy *policy, struct gen_hold_shot *shots,
                      size_t count);

#endif
