/* cost_commands.h - gen costs, gen report and gen estimate.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/costs_test.sh
 */
#ifndef GEN_CLI_COST_COMMANDS_H
#define GEN_CLI_COST_COMMANDS_H

#include "cli/session.h"

extern const struct gen_option gen_cost_options[], gen_report_options[];
extern const struct gen_example gen_cost_examples[], gen_report_examples[], gen_estimate_examples[];

int gen_cost_commands_costs(struct gen_session *session);
int gen_cost_commands_report(struct gen_session *session);
int gen_cost_commands_estimate(struct gen_session *session);

#endif
