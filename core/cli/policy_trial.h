/* policy_trial.h - one test case decided, and how the decision differs from what was expected.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/policy_trial_test.c
 */
#ifndef GEN_CLI_POLICY_TRIAL_H
#define GEN_CLI_POLICY_TRIAL_H

#include "cli/policy_case.h"

struct gen_policy_difference {
    struct gen_policy_difference *next;
    const char *what; /* the key in `expect`: "models" */
    const char *expected, *got;
};

struct gen_policy_trial { /* lives in the arena */
    const struct gen_policy_case *item;
    const struct gen_decision *decision;        /* NULL where none could be made */
    struct gen_policy_difference *first, *last; /* none: it is as expected */
    const char *broken; /* the case itself is wrong (its brief, say): why; NULL */
};

/* GEN_ENOMEM; anything else that goes wrong is in the trial. */
GEN_MUST_CHECK enum gen_status gen_policy_trial_run(const struct gen_policy_case *item,
                                                    const struct gen_policy_set *set,
                                                    const struct gen_zones *zones,
                                                    struct gen_arena *arena,
                                                    struct gen_policy_trial *out,
                                                    struct gen_error *err);

/* Compares a decision that is made: adds the differences to `trial`. */
void gen_policy_trial_compare(struct gen_policy_trial *trial, const struct gen_decision *decision,
                              struct gen_arena *arena);

#endif
