/* policy_comparing.h - `gen policy diff`: what would another policy set do with these briefs?
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/policy_test.sh
 */
#ifndef GEN_CLI_POLICY_COMPARING_H
#define GEN_CLI_POLICY_COMPARING_H

#include "cli/command.h"

gen_command_run gen_policy_comparing_run;

#endif
