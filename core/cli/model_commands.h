/* model_commands.h - the command models: what can render, what it costs, how it has done, whether it can be
 * used now.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/jobs_test.sh
 */
#ifndef GEN_CLI_MODEL_COMMANDS_H
#define GEN_CLI_MODEL_COMMANDS_H

#include "cli/command.h"

gen_command_run gen_model_commands_models;

#endif
