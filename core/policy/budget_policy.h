/* budget_policy.h - budget.yaml: rules and default limits; limits set through the API live in the store
 * and the lower wins.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_BUDGET_POLICY_H
#define GEN_POLICY_BUDGET_POLICY_H

#include "base/record.h"
#include "model/budget.h"

enum gen_unpriced { GEN_UNPRICED_REFUSE = 1, GEN_UNPRICED_HOLD };

struct gen_budget_limit {
    struct gen_named named;
    int scope;                 /* enum gen_scope */
    struct gen_texts of;       /* ids of that scope; empty = each one on its own */
    int period;                /* enum gen_period */
    gen_micros hard, soft;     /* 0 = none */
    struct gen_numbers alerts; /* shares of hard, rising */
    bool rollover;             /* what the period before left of hard is added, once */
    double throttle_from;      /* share of hard at which ... ; 0 = never */
    int64_t throttle_parallel; /* ... only so many generations run at once */
    struct gen_formula when;   /* gen_domain_guard; absent = always */
    const char *help;
};

struct gen_budget_unpriced {
    int action;         /* enum gen_unpriced */
    gen_micros ceiling; /* held where action is hold */
};

struct gen_budget_policy {
    const char *time_zone;     /* in which periods begin */
    int64_t week_starts;       /* 1 = Monday .. 7 */
    int64_t month_starts;      /* day 1 .. 28 */
    gen_micros job_default;    /* of a job that names none */
    gen_micros job_most;       /* more is refused; 0 = no bound */
    struct gen_records limits; /* struct gen_budget_limit */
    struct gen_budget_unpriced unknown_price;
    double price_margin; /* estimates are held with this share on top */
    double
        price_drift; /* share by which bills may differ from prices before people are told; 0 = any */
};

extern const struct gen_record gen_budget_record;
extern const struct gen_choice gen_unpriced_choices[];

#endif
