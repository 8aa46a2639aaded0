/* policy_names.h - do the names in test cases exist: models, rules, strategies, needs, filters?
 *
 * A name that nobody has would make a case pass for the wrong reason (`avoid`, `silent`), or fail without
 * a hint. It also looks at the briefs and snapshots of the cases, which are read again when they run.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/policy_names_test.c
 */
#ifndef GEN_CLI_POLICY_NAMES_H
#define GEN_CLI_POLICY_NAMES_H

#include "cli/policy_case.h"

/* Adds a problem for each name that is not in `set` or in the case's snapshot, at its place, with the name
 * that was probably meant; and one for a snapshot (or, where no error is expected, a brief) that cannot be
 * read. GEN_ENOMEM; mistakes are no failure. */
GEN_MUST_CHECK enum gen_status gen_policy_names_check(const struct gen_policy_suite *suite,
                                                      const struct gen_policy_set *set,
                                                      struct gen_arena *arena,
                                                      struct gen_policy_problems *problems,
                                                      struct gen_error *err);

#endif
