/* almanac.h - what day it is where a policy lives: when its periods began, whether a window is open.
 *
 * Pure: what time it is comes from the caller.
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/almanac_test.c
 */
#ifndef GEN_DECIDE_ALMANAC_H
#define GEN_DECIDE_ALMANAC_H

#include "base/moment.h"
#include "policy/budget_policy.h"
#include "policy/schedule_policy.h"

struct gen_zones;

/* When the period that `now` is in began, in budget.yaml's time zone; 0 for GEN_PERIOD_ALWAYS. A zone
 * that cannot be read counts as UTC. */
gen_moment gen_almanac_period(const struct gen_budget_policy *policy, enum gen_period period,
                              const struct gen_zones *zones, gen_moment now);

struct gen_interval {
    gen_moment before;       /* when the interval before this one began */
    gen_moment begins, ends; /* ends: GEN_MOMENT_NEVER */
};
/* The period that `now` is in and the one before it. Days around a change of the clocks have 23 or 25
 * hours. */
struct gen_interval gen_almanac_interval(const struct gen_budget_policy *policy,
                                         enum gen_period period, const struct gen_zones *zones,
                                         gen_moment now);

/* Is `now` in an off-peak window of this provider? */
bool gen_almanac_off_peak(const struct gen_schedule_policy *policy, const char *provider,
                          const struct gen_zones *zones, gen_moment now);

#endif
