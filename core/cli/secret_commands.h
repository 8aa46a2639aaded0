/* secret_commands.h - what the verbs of gen secret do.
 *
 * A secret is read here and sent on, in hidden memory, over the Unix socket or whatever
 * connection was asked for. Thread: [loop]. Floor: cli. Tests: tests/cli/secret_test.sh
 */
#ifndef GEN_CLI_SECRET_COMMANDS_H
#define GEN_CLI_SECRET_COMMANDS_H

#include "cli/findings.h"

gen_command_run gen_secret_commands_set, gen_secret_commands_list, gen_secret_commands_rotate,
    gen_secret_commands_test, gen_secret_commands_remove;

/* For gen doctor: can the stored secrets be read? */
void gen_secret_commands_examine(struct gen_findings *findings);

#endif
