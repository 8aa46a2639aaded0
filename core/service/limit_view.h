/* limit_view.h - a limit as the API shows it: what is used of it, by whom it is held, where it is going,
 * and what people were told.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/budgets_test.c
 */
#ifndef GEN_SERVICE_LIMIT_VIEW_H
#define GEN_SERVICE_LIMIT_VIEW_H

#include "model/budget.h"
#include "model/ledger.h"
#include "service/call.h"

/* Adds to `map`: spent, held, unverified, used, room (null without a hard limit), left, begins, resetsAt,
 * heldBy[] (jobId, held), forecast (null or {known, low, expected, high, exceededAt}), alertsFired[]
 * (level, share, at). Statuses of reading the store, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_limit_view_add(struct gen_call *call,
                                                  const struct gen_limit *limit, gen_moment now,
                                                  struct gen_node *map, struct gen_error *err);

/* Of all limits that hold for these at `at` those that have a sum, in the arena of the call. Texts: NULL =
 * none. */
GEN_MUST_CHECK enum gen_status gen_limit_view_find(struct gen_call *call, enum gen_scope scope,
                                                   const char *of, gen_moment at,
                                                   struct gen_limit **out, size_t *count,
                                                   struct gen_error *err);

#endif
