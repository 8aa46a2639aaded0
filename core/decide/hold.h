/* hold.h - which limits a hold must fit, and how much a job holds beside its first attempts.
 *
 * All limits apply that are about the job (organization, team, project, user, provider, the job itself): of
 * budget.yaml those whose `of` and `when` fit, of the store those in force. Each is checked; the lower wins
 * by that. A condition that has a fault counts as true: rather a limit too many.
 * The reserve is money for the dearest way that the policy allows beyond the first attempts: as many as
 * retry.yaml lets the job buy again, in whole attempts, each where it is dearest, and what runs beside them.
 * It shrinks as ways close: gen_hold_open says what those that are still open can cost.
 * Pure: nothing is added up or written here, and no clock is read.
 *
 * Thread: that of the policy set's formulas. Floor: decide. Tests: tests/unit/decide/hold_test.c
 */
#ifndef GEN_DECIDE_HOLD_H
#define GEN_DECIDE_HOLD_H

#include "decide/contest.h"
#include "decide/retry.h"
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

enum gen_hold_way {
    GEN_HOLD_ELSEWHERE = 1, /* instead, once retry.yaml switches: on another provider */
    GEN_HOLD_BESIDE,        /* at the same time, once a shot: both may be billed */
};
struct gen_hold_branch { /* a way that the policy allows beside the shot's own model */
    enum gen_hold_way way;
    gen_micros price, most; /* of one attempt there */
};

struct gen_hold_shot {
    gen_micros price, most;                 /* of one attempt on its own model */
    const struct gen_hold_branch *branches; /* all that are allowed; NULL = only its own model */
    size_t branch_count;
    gen_micros reserve; /* out */
};

/* Money on top of `most` of each: for every attempt beside it, and for the rebuys of retry.yaml, each where
 * it is dearest and can still be reached by switchAfter, as long as the job's retries and their share of its
 * cost last; round by round, the first shots first. Without a policy: only what runs beside. A sum that does
 * not fit is left out: such a job is refused for its price elsewhere. */
void gen_hold_reserve(const struct gen_retry_policy *policy, struct gen_hold_shot *shots,
                      size_t count);

/* An attempt of the shot is over, and retry.yaml gives it another one (`it`: as it was judged): what that one
 * and all that may follow it can cost at most. Never less than one attempt where it is dearest. INT64_MAX: it
 * does not fit. */
gen_micros gen_hold_open(const struct gen_retry_policy *policy, const struct gen_hold_shot *shot,
                         const struct gen_retry_case *it);

#endif
