/* budget_verbs.h - gen budget: its verbs, as rows like those of the catalogue.
 *
 * Thread: [any]. Floor: cli. Tests: tests/cli/costs_test.sh
 */
#ifndef GEN_CLI_BUDGET_VERBS_H
#define GEN_CLI_BUDGET_VERBS_H

#include "cli/command.h"

extern const struct gen_command gen_budget_verbs[];

#endif
