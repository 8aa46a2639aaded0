/* submission.h - a brief on its way to gend: its files are uploaded, then the job is submitted.
 *
 * Everything may be repeated safely: files are known by their content, and the job carries an
 * Idempotency-Key that stays the same over lost connections and restarts of gend.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/unit/cli/client_test.c
 */
#ifndef GEN_CLI_SUBMISSION_H
#define GEN_CLI_SUBMISSION_H

#include "cli/brief_folder.h"
#include "cli/session.h"

struct gen_submission {
    const char *job;                 /* id; of a batch its own */
    const struct gen_node *document; /* of the job */
    bool existing;                   /* the key gave an earlier job back */
};

/* Errors that gend finds in the brief have their place in its file. The statuses of
 * gen_client_send. */
GEN_MUST_CHECK enum gen_status gen_submission_send(struct gen_session *session,
                                                   struct gen_briefing *briefing,
                                                   struct gen_submission *out,
                                                   struct gen_error *err);

/* All of them as one batch of this title: they are admitted together, or none of them. Id and document
 * are those of the batch. As gen_submission_send. */
GEN_MUST_CHECK enum gen_status gen_submission_send_batch(struct gen_session *session,
                                                         const struct gen_brief_folder *folder,
                                                         struct gen_submission *out,
                                                         struct gen_error *err);

/* Uploads one file and gives its document; shows how far it is on a terminal. */
GEN_MUST_CHECK enum gen_status gen_submission_upload(struct gen_session *session, const char *path,
                                                     const struct gen_node **out,
                                                     struct gen_error *err);

#endif
