/* manual.h - help, man page and reference document of gen, written from the rows of its tables.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/catalogue_test.c, tests/cli/pages_test.sh
 */
#ifndef GEN_CLI_MANUAL_H
#define GEN_CLI_MANUAL_H

#include "base/bytes.h"
#include "cli/command.h"

/* What `gen help` prints: all commands, and the exit codes. */
void gen_manual_overview(const struct gen_command *commands, struct gen_bytes *out);

/* What `gen help COMMAND` and `gen COMMAND --help` print. */
void gen_manual_command(const struct gen_command *command, struct gen_bytes *out);

/* gen(1) in troff. */
void gen_manual_page(const struct gen_command *commands, struct gen_bytes *out);

/* docs/cli.md. */
void gen_manual_markdown(const struct gen_command *commands, struct gen_bytes *out);

gen_command_run gen_manual_help; /* the command help */
gen_command_run gen_manual_version;

#endif
