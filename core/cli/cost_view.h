/* cost_view.h - documents about costs, estimates and budgets as text for people.
 *
 * Whatever comes from a document is made harmless for a terminal. Amounts stand as they are stored, to the
 * micro-dollar where that is needed, never rounded.
 *
 * Thread: [any]. Floor: cli. Tests: tests/cli/costs_test.sh
 */
#ifndef GEN_CLI_COST_VIEW_H
#define GEN_CLI_COST_VIEW_H

#include "cli/session.h"

/* The page of GET /v1/costs: a table with bars, its total, then budget, forecast, estimates, savings. */
void gen_cost_view_page(struct gen_session *session, const struct gen_node *page,
                        struct gen_bytes *out);

/* The document of POST /v1/estimates. */
void gen_cost_view_estimate(struct gen_session *session, const struct gen_node *estimate,
                            struct gen_bytes *out);

/* The document of GET /v1/jobs/{id}/costs. */
void gen_cost_view_job(struct gen_session *session, const struct gen_node *job,
                       struct gen_bytes *out);

/* "budget      ━━━──  $3.00 of $500.00 used (...)": a limit with what is used of it, and its forecast. */
void gen_cost_view_limit(struct gen_session *session, const struct gen_node *limit,
                         struct gen_bytes *out);

/* "$2.40"; "-$1.00"; "-" when the node is no amount. */
const char *gen_cost_view_money(struct gen_session *session, const struct gen_node *node);
/* "$2.40" of an amount that is only a forecast: to the cent. */
const char *gen_cost_view_about(struct gen_session *session, const struct gen_node *node);
/* "+2.1 %", "-" when it is not known. */
const char *gen_cost_view_percent(struct gen_session *session, const struct gen_node *share,
                                  bool sign);
/* "2026-12-01 00:00" of a moment, "2026-12-01" at midnight UTC; "never" without one. */
const char *gen_cost_view_when(struct gen_session *session, const struct gen_node *moment);

#endif
