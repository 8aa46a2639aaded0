/* policy_testing.h - `gen policy test`: the cases beside the policies, decided for real.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/policy_test.sh
 */
#ifndef GEN_CLI_POLICY_TESTING_H
#define GEN_CLI_POLICY_TESTING_H

#include "cli/command.h"

gen_command_run gen_policy_testing_run;

#endif
