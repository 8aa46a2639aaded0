/* hand_commands.h - what people decide: gen pause, resume, retry, resolve, accept, reject.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/hand_test.sh
 */
#ifndef GEN_CLI_HAND_COMMANDS_H
#define GEN_CLI_HAND_COMMANDS_H

#include "cli/command.h"

extern const struct gen_option gen_hand_reason_options[], gen_hand_retry_options[],
    gen_hand_resolve_options[];
extern const struct gen_example gen_hand_retry_examples[], gen_hand_resolve_examples[];

gen_command_run gen_hand_commands_pause;
gen_command_run gen_hand_commands_resume;
gen_command_run gen_hand_commands_retry;
gen_command_run gen_hand_commands_resolve;
gen_command_run gen_hand_commands_accept;
gen_command_run gen_hand_commands_reject;

#endif
