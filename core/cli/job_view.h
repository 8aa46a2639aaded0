/* job_view.h - documents about jobs as text for people.
 *
 * Whatever comes from the document is made harmless for a terminal.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/client_test.c
 */
#ifndef GEN_CLI_JOB_VIEW_H
#define GEN_CLI_JOB_VIEW_H

#include "cli/session.h"

/* Everything one wants to know of a job: status, decision, pipelines, costs, failures, outputs. */
void gen_job_view_full(struct gen_session *session, const struct gen_node *job,
                       struct gen_bytes *out);

enum gen_job_view_end {
    GEN_JOB_VIEW_FAILURES = 1, /* a line for each pipeline that failed, then the summary */
    GEN_JOB_VIEW_SUMMARY,      /* the lines were told already */
};

/* How it ended and what it cost. */
void gen_job_view_result(const struct gen_node *job, enum gen_job_view_end end,
                         struct gen_bytes *out);

/* Where it needs a person: what is held and where, what goes on meanwhile, what can be done; else
 * nothing. The reasons themselves are among the failures. */
void gen_job_view_attention(struct gen_session *session, const struct gen_node *job,
                            struct gen_bytes *out);

/* Says which models were chosen, why, and for how much. */
void gen_job_view_decision(struct gen_session *session, const struct gen_node *job);

/* The page of GET /v1/jobs as a table, newest first. */
void gen_job_view_list(struct gen_session *session, const struct gen_node *page,
                       struct gen_bytes *out);

/* The list of GET /v1/jobs/{id}/outputs. */
void gen_job_view_outputs(struct gen_session *session, const struct gen_node *page,
                          struct gen_bytes *out);

/* "$2.40", "$0.000001"; "-" when the node is no amount. In the session's arena. */
const char *gen_job_view_money(struct gen_arena *arena, const struct gen_node *node);

/* "45.7 MB" of a number of bytes. */
const char *gen_job_view_size(struct gen_arena *arena, const struct gen_node *node);

#endif
