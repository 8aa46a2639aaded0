/* asset_commands.h - the command assets: lists what was uploaded, uploads more.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/jobs_test.sh
 */
#ifndef GEN_CLI_ASSET_COMMANDS_H
#define GEN_CLI_ASSET_COMMANDS_H

#include "cli/command.h"

gen_command_run gen_asset_commands_assets;

#endif
