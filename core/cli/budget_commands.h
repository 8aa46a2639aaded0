/* budget_commands.h - gen budget list, show, set and remove.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/costs_test.sh
 */
#ifndef GEN_CLI_BUDGET_COMMANDS_H
#define GEN_CLI_BUDGET_COMMANDS_H

#include "cli/session.h"

extern const struct gen_choice gen_budget_yes_choices[];

int gen_budget_commands_list(struct gen_session *session);
int gen_budget_commands_show(struct gen_session *session);
int gen_budget_commands_set(struct gen_session *session);
int gen_budget_commands_remove(struct gen_session *session);

#endif
