/* webhook_commands.h - the commands about webhooks.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/audit_test.sh
 */
#ifndef GEN_CLI_WEBHOOK_COMMANDS_H
#define GEN_CLI_WEBHOOK_COMMANDS_H

#include "cli/command.h"

gen_command_run gen_webhook_commands_add;
gen_command_run gen_webhook_commands_list;
gen_command_run gen_webhook_commands_test;
gen_command_run gen_webhook_commands_deliveries;
gen_command_run gen_webhook_commands_pause;
gen_command_run gen_webhook_commands_resume;
gen_command_run gen_webhook_commands_rotate;
gen_command_run gen_webhook_commands_remove;

#endif
