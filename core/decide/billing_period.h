/* billing_period.h - "2026-11" as an interval: days, weeks, months, quarters and years as
 * budget.yaml begins them, by the names people and statements use.
 *
 * A month of budget.yaml that begins on the 25th is called by the month it begins in.
 * Pure: what time it is comes from the caller. Thread: [any]. Floor: decide.
 * Tests: tests/unit/decide/billing_period_test.c
 */
#ifndef GEN_DECIDE_BILLING_PERIOD_H
#define GEN_DECIDE_BILLING_PERIOD_H

#include "decide/almanac.h"

enum { GEN_BILLING_PERIOD_NAME_SIZE = 24 };

struct gen_billing_period {
    enum gen_period period;
    gen_moment begins, ends;
    gen_moment before;                       /* when the one before it began */
    char name[GEN_BILLING_PERIOD_NAME_SIZE]; /* "2026-11", "2026-Q4", "2026-W47", "2026", ... */
};

/* "2026-11-22", "2026-W47", "2026-11", "2026-Q4", "2026", or the one that `now` is in: "day", "week",
 * "month", "quarter", "year"; NULL is "month". Weeks have ISO 8601's numbers; where budget.yaml
 * lets them begin on another day than Monday, that of the ISO week in which their fourth day is.
 * GEN_EINVAL. */
GEN_MUST_CHECK enum gen_status gen_billing_period_read(const struct gen_budget_policy *policy,
                                                       const struct gen_zones *zones,
                                                       const char *text, gen_moment now,
                                                       struct gen_billing_period *out,
                                                       struct gen_error *err);

/* The date on the wall where the policy lives, at `moment`. Returns `out`
 * (GEN_BILLING_PERIOD_NAME_SIZE bytes). */
const char *gen_billing_period_date(const struct gen_budget_policy *policy,
                                    const struct gen_zones *zones, gen_moment moment, char *out);

#endif
