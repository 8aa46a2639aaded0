/* policy_writing.h - `gen policy fmt`, `schema` and `reference`: what the tables of the policy files write.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/policy_test.sh
 */
#ifndef GEN_CLI_POLICY_WRITING_H
#define GEN_CLI_POLICY_WRITING_H

#include "cli/command.h"

gen_command_run gen_policy_writing_fmt;
gen_command_run gen_policy_writing_schema;
gen_command_run gen_policy_writing_reference;

#endif
