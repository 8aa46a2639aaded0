/* help_document.h - help for programs: the rows of commands, options and exit codes as a document.
 *
 * What `gen help --json` prints. Thread: [any]. Floor: cli. Tests: tests/unit/cli/catalogue_test.c
 */
#ifndef GEN_CLI_HELP_DOCUMENT_H
#define GEN_CLI_HELP_DOCUMENT_H

#include "base/node.h"
#include "cli/command.h"

/* Of one command, or of gen with all commands and exit codes where `command` is NULL. Lives in
 * `arena`; NULL when there is no memory. */
struct gen_node *gen_help_document(struct gen_arena *arena, const struct gen_command *commands,
                                   const struct gen_command *command);

/* Prints it, as one line. Returns the exit code. */
int gen_help_document_print(struct gen_session *session, const struct gen_command *command);

#endif
