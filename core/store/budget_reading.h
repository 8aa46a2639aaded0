/* budget_reading.h - budgets, what is used of a limit, and who holds what.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/budget_reading_test.c
 */
#ifndef GEN_STORE_BUDGET_READING_H
#define GEN_STORE_BUDGET_READING_H

#include "model/budget.h"
#include "store/budget_use.h"
#include "store/store.h"

/* Those of an organization, the oldest first; NULL = of all of them, in force only. `ended`: those that are
 * over, too, after the others. */
GEN_MUST_CHECK enum gen_status gen_read_budgets(struct gen_store *store, const char *organization,
                                                bool ended, struct gen_arena *arena,
                                                struct gen_budget **out, size_t *count,
                                                struct gen_error *err);

/* GEN_ENOTFOUND: not there, or of another organization. */
GEN_MUST_CHECK enum gen_status gen_read_budget(struct gen_store *store, const char *organization,
                                               const char *budget, struct gen_arena *arena,
                                               struct gen_budget *out, struct gen_error *err);

/* What is used of a limit in its interval, and (may be NULL) what it allows there with what rolled over. */
GEN_MUST_CHECK enum gen_status gen_read_use(struct gen_store *store, const struct gen_limit *limit,
                                            struct gen_balance *used, gen_micros *room,
                                            struct gen_error *err);

/* The jobs that hold most of it, the largest first. */
GEN_MUST_CHECK enum gen_status gen_read_holders(struct gen_store *store,
                                                const struct gen_limit *limit,
                                                struct gen_holder *out, size_t capacity,
                                                size_t *count, struct gen_error *err);

/* The days of its interval up to `until`, for forecasts (see gen_budget_use_days). */
GEN_MUST_CHECK enum gen_status gen_read_days(struct gen_store *store, const struct gen_limit *limit,
                                             gen_moment until, struct gen_day_use *out,
                                             size_t capacity, size_t *count, struct gen_error *err);

#endif
