/* audit_commands.h - gen audit: who did what, and whether the log is whole.
 *
 * The log is checked piece by piece, so that gend goes on with its work meanwhile.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/audit_test.sh
 */
#ifndef GEN_CLI_AUDIT_COMMANDS_H
#define GEN_CLI_AUDIT_COMMANDS_H

#include "cli/command.h"

extern const struct gen_option gen_audit_options[];
extern const struct gen_example gen_audit_examples[];

gen_command_run gen_audit_commands_run; /* operand: none, "verify" or "head" */

#endif
