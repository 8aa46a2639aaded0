/* policy_explaining.h - `gen policy explain`: why would this brief go where it goes?
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/policy_test.sh
 */
#ifndef GEN_CLI_POLICY_EXPLAINING_H
#define GEN_CLI_POLICY_EXPLAINING_H

#include "cli/command.h"

gen_command_run gen_policy_explaining_run;

#endif
