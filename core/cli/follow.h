/* follow.h - follows a job to its end, or until it needs a person, over lost connections and
 * restarts of gend.
 *
 * The event stream says that something happened, the job's document what is true: the document is
 * read again after each event and every few seconds, so nothing depends on a message arriving.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/unit/cli/client_test.c
 */
#ifndef GEN_CLI_FOLLOW_H
#define GEN_CLI_FOLLOW_H

#include "cli/ticker.h"

/* Until the job is over, or needs a person for longer than a moment, with its last document in
 * `*out` (in the session's arena). GEN_ECANCELED: Ctrl-C; the job goes on. GEN_EUNREACHABLE,
 * GEN_EIO: gend was away for longer than a restart takes. GEN_ENOTFOUND and what else gend says. */
GEN_MUST_CHECK enum gen_status gen_follow_job(struct gen_session *session, const char *job,
                                              const struct gen_node **out, struct gen_error *err);

#endif
