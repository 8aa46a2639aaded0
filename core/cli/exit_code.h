/* exit_code.h - how gen ends: the codes that scripts may rely on, and which status gives which.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/catalogue_test.c
 */
#ifndef GEN_CLI_EXIT_CODE_H
#define GEN_CLI_EXIT_CODE_H

#include "base/error.h"

/* name, code, meaning */
#define GEN_EXIT_TABLE(ROW) \
    ROW(GEN_EXIT_OK, 0, "everything that was asked for is done") \
    ROW(GEN_EXIT_FAILED, 1, "it failed; for a job: no video, or not all of them") \
    ROW(GEN_EXIT_USAGE, 2, "wrong usage or wrong input, such as a mistake in the brief") \
    ROW(GEN_EXIT_UNREACHABLE, 3, "gend cannot be reached; `gen up` starts it") \
    ROW(GEN_EXIT_NOT_FOUND, 4, "there is no such job, output or asset") \
    ROW(GEN_EXIT_BUDGET, 5, "refused: the budget does not allow it") \
    ROW(GEN_EXIT_CONFLICT, 6, \
        "it is not in a state that allows this, such as cancelling a job that is over") \
    ROW(GEN_EXIT_ATTENTION, 7, \
        "the job needs a person, and goes on by itself if what it waits for comes; gen says what " \
        "happened, what is held and what can be done") \
    ROW(GEN_EXIT_INTERRUPTED, 130, "interrupted by Ctrl-C; a submitted job goes on")

enum gen_exit {
#define GEN_EXIT_ENUM(name, code, meaning) name = code,
    GEN_EXIT_TABLE(GEN_EXIT_ENUM)
#undef GEN_EXIT_ENUM
};

struct gen_exit_row { /* a table of these ends with meaning NULL */
    int code;
    const char *meaning;
};

extern const struct gen_exit_row gen_exit_rows[];

/* The code that a failure with this status ends in. */
enum gen_exit gen_exit_of(enum gen_status status);

/* The same where a file or folder that the command line names could not be read: wrong input, whatever
 * keeps it from being read. GEN_EXIT_NOT_FOUND is for what gend does not have. */
enum gen_exit gen_exit_of_input(enum gen_status status);

#endif
