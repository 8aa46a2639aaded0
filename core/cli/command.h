/* command.h - what a command of gen is: one row that the dispatcher, help, man page, completion and
 * docs/cli.md read.
 *
 * The rows themselves stand in cli/catalogue.c. Thread: [any]. Floor: cli.
 * Tests: tests/unit/cli/catalogue_test.c
 */
#ifndef GEN_CLI_COMMAND_H
#define GEN_CLI_COMMAND_H

#include "cli/option.h"

struct gen_session;

enum gen_operand_kind {
    GEN_OPERAND_NONE = 1,
    GEN_OPERAND_FILE,
    GEN_OPERAND_JOB,
    GEN_OPERAND_COMMAND,
    GEN_OPERAND_SHELL,
    GEN_OPERAND_FOLDER,
    GEN_OPERAND_VERB, /* of a command that has verbs */
};

struct gen_example { /* a table of these ends with line NULL */
    const char *line;
    const char *what;
};

/* Returns the exit code. */
typedef int gen_command_run(struct gen_session *session);

struct gen_command { /* a table of these ends with name NULL */
    const char *name;
    const char *operands; /* for help: "BRIEF", "[FILE...]"; "" = none */
    const char *summary;  /* a line for the list, no full stop */
    const char *text;     /* paragraphs, separated by an empty line */
    const struct gen_option *options;
    const struct gen_example *examples;
    size_t least, most; /* number of operands */
    enum gen_operand_kind operand;
    bool passes_rest; /* what stands after `--` goes to another program */
    gen_command_run *run;
    /* A command that is several: `gen policy check`. A table like this one; the names in it are whole
     * ("policy check"). NULL = none. The command itself is never run then. */
    const struct gen_command *verbs;
};

/* NULL when there is none of that name. */
const struct gen_command *gen_command_named(const struct gen_command *commands, const char *name);

/* The verb of this name ("check"); NULL when the command has none such. */
const struct gen_command *gen_command_verb(const struct gen_command *command, const char *name);
/* "check" of "policy check". */
const char *gen_command_verb_name(const struct gen_command *verb);

size_t gen_command_count(const struct gen_command *commands);

/* The command, its options and operands out of the arguments (NULL-terminated, without the
 * program's name). Global options may stand before the command. Without any argument `*out` is NULL.
 * GEN_EINVAL: an unknown command or option (names the nearest), or a wrong number of operands; then
 * `*out` is the command if that much is known, and options.json is right wherever --json stands.
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_command_parse(
    const struct gen_command *commands, const char *const *arguments, struct gen_arena *arena,
    const struct gen_command **out, struct gen_options *options, struct gen_error *err);

#endif
