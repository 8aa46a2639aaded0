/* policy_checking.h - `gen policy check` and `gen policy reload`: is a set in order, and take it.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/policy_test.sh
 */
#ifndef GEN_CLI_POLICY_CHECKING_H
#define GEN_CLI_POLICY_CHECKING_H

#include "cli/command.h"

gen_command_run gen_policy_checking_check;
gen_command_run gen_policy_checking_reload;

#endif
