/* policy_coverage.h - which parts of a policy set test cases have used: rules that did something, strategies,
 * signals that added something, filters that rejected somebody, tiers, plans.
 *
 * A rule that never fires in a test is a rule whose first try costs money.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/policy_trial_test.c
 */
#ifndef GEN_CLI_POLICY_COVERAGE_H
#define GEN_CLI_POLICY_COVERAGE_H

#include "decide/decision.h"

struct gen_policy_coverage; /* lives in its arena, knows the set */

/* NULL: no memory. */
struct gen_policy_coverage *gen_policy_coverage_create(const struct gen_policy_set *set,
                                                       struct gen_arena *arena);
/* The decision must be made with the same set. */
void gen_policy_coverage_note(struct gen_policy_coverage *coverage,
                              const struct gen_decision *decision);

struct gen_policy_covered { /* one kind of thing */
    const char *kind;       /* "rules" */
    size_t used, total;
    struct gen_texts never; /* names of those that were not used */
    /* Not counted: filters that no case can reach, because nothing in the set asks for them (no strategy has
     * leastReliability) or because only a plugin or a broken formula rejects so. */
    struct gen_texts beyond;
};

/* Rows for every kind; `*count` of them, in `arena`. NULL: no memory. */
const struct gen_policy_covered *gen_policy_coverage_rows(
    const struct gen_policy_coverage *coverage, struct gen_arena *arena, size_t *count);

#endif
