/* session.h - one run of gen: its options, its connection, and how it speaks to people and programs.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/unit/cli/client_test.c
 */
#ifndef GEN_CLI_SESSION_H
#define GEN_CLI_SESSION_H

#include "cli/client.h"
#include "cli/command.h"
#include "cli/exit_code.h"
#include "platform/clock.h"
#include "platform/crypto.h"

#include <stdio.h>

struct gen_session {                    /* caller owns; gen_session_init, gen_session_fini */
    const struct gen_command *commands; /* all */
    const struct gen_command *command;  /* this one */
    struct gen_options options;
    struct gen_arena *arena; /* as long as the run */
    const struct gen_clock *clock;
    const struct gen_random *random;
    FILE *out, *errors;
    struct gen_target target;
    struct gen_client *client; /* NULL until gen_session_connect */
    bool colors;               /* on out */
};

/* Arena, clock, random and streams. GEN_ENOMEM, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_session_init(struct gen_session *session, struct gen_error *err);
void gen_session_fini(struct gen_session *session);

/* Finds out which gend is meant and gets ready to talk; sends nothing. Twice is fine. */
GEN_MUST_CHECK enum gen_status gen_session_connect(struct gen_session *session,
                                                   struct gen_error *err);

/* Connect, and one request that may be repeated; `path` is a format. */
GEN_MUST_CHECK enum gen_status gen_session_get(struct gen_session *session,
                                               struct gen_client_answer *out, struct gen_error *err,
                                               const char *path, ...) GEN_PRINTF(4, 5);

/* A line on standard output for people; texts in it must be harmless already. Nothing with --json. */
void gen_session_say(struct gen_session *session, const char *format, ...) GEN_PRINTF(2, 3);
/* The same on standard error; with --json as {"note": ...}. */
void gen_session_note(struct gen_session *session, const char *format, ...) GEN_PRINTF(2, 3);
/* A document on standard output, on one line. */
void gen_session_print_json(struct gen_session *session, const struct gen_node *node);
/* Bytes as they are; false when standard output cannot be written. */
bool gen_session_write(struct gen_session *session, const struct gen_bytes *bytes);

/* Tells an error on standard error, with --json as one JSON object on one line, and returns its exit
 * code. `more` (a map, or NULL) is what programs also want to know of it: members of that object. */
int gen_session_fail(struct gen_session *session, const struct gen_error *err);
int gen_session_fail_with(struct gen_session *session, const struct gen_error *err,
                          const struct gen_node *more);

/* "gen watch" with the options that lead to this gend, as they were typed: for hints. Never NULL. */
const char *gen_session_again(struct gen_session *session, const char *command);

/* The harmless form of a text from elsewhere, in the session's arena; never NULL. */
const char *gen_session_clean(struct gen_session *session, const char *text);

/* A text for a query: letters, digits and -._~ as they are, the rest as %XX. NULL: no memory. */
const char *gen_session_escape(struct gen_session *session, const char *text);

#endif
