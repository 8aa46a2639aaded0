/* budget_watch.h - tells people when a budget is nearly used up, once a limit, level and period, and says who
 * is slowed down near the limit.
 *
 * It looks at limits that a hold or a charge has touched, once that is durable. What people were told is a
 * row of the store, so nobody is told again after a restart. It refuses nothing.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/budget_watch_test.c
 */
#ifndef GEN_ENGINE_BUDGET_WATCH_H
#define GEN_ENGINE_BUDGET_WATCH_H

#include "engine/terms.h"
#include "model/budget.h"

struct gen_budget_watch;

/* `options` are borrowed for its life. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_budget_watch_create(const struct gen_engine_options *options,
                                                       struct gen_budget_watch **out,
                                                       struct gen_error *err);
/* Nothing of it may be on its way to the store. NULL is allowed. */
void gen_budget_watch_destroy(struct gen_budget_watch *watch);

/* Hears of every alert that was written: the number of its event. */
void gen_budget_watch_listen(struct gen_budget_watch *watch,
                             void (*on_events)(void *context, int64_t last_event), void *context);

/* These limits are touched by changes on their way to the store. GEN_ENOMEM, GEN_ELIMIT. */
GEN_MUST_CHECK enum gen_status gen_budget_watch_note(struct gen_budget_watch *watch,
                                                     const struct gen_limit *limits, size_t count,
                                                     struct gen_error *err);

/* Changes with ledger entries are durable: looks at what was touched, tells people. True: somebody is to
 * be slowed down, or not any more. */
bool gen_budget_watch_look(struct gen_budget_watch *watch, gen_moment now);

/* How many generations may run at once under this limit now; 0 = it slows nobody down. A limit that nobody
 * has touched since the start is looked up in the store. */
int32_t gen_budget_watch_parallel(const struct gen_budget_watch *watch,
                                  const struct gen_limit *limit, gen_moment now);

/* The limits are others now. Those that a hold on its way to the store has touched are looked at still. */
void gen_budget_watch_forget(struct gen_budget_watch *watch);

#endif
