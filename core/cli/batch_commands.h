/* batch_commands.h - a folder of briefs as one batch: submitted, followed, downloaded; and what else may be
 * done with a batch by its id.
 *
 * The commands are those of jobs (cli/job_commands.h), which hand over what is about a batch.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/batch_test.sh
 */
#ifndef GEN_CLI_BATCH_COMMANDS_H
#define GEN_CLI_BATCH_COMMANDS_H

#include "cli/session.h"

/* Is the operand a folder of briefs; the id of a batch? */
bool gen_batch_commands_folder(const struct gen_session *session);
bool gen_batch_commands_id(const struct gen_session *session);

/* Each returns the exit code. */
int gen_batch_commands_run(struct gen_session *session);
int gen_batch_commands_submit(struct gen_session *session);
int gen_batch_commands_watch(struct gen_session *session);
int gen_batch_commands_show(struct gen_session *session);
int gen_batch_commands_cancel(struct gen_session *session);

#endif
