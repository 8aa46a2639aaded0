/* completion.h - the command completion: scripts for bash, zsh and fish, written from the tables.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/catalogue_test.c, tests/cli/pages_test.sh
 */
#ifndef GEN_CLI_COMPLETION_H
#define GEN_CLI_COMPLETION_H

#include "base/bytes.h"
#include "cli/command.h"

extern const struct gen_choice gen_completion_shells[];

/* `shell` is a value of gen_completion_shells. */
void gen_completion_write(const struct gen_command *commands, int shell, struct gen_bytes *out);

gen_command_run gen_completion_run;

#endif
