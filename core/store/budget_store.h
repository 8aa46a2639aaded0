/* budget_store.h - writes budgets, guarded by their version, and remembers what people were told of them.
 *
 * Two people who change the same budget at once: the second is refused and sees the first one's change.
 * An ended budget stays as a row, for the books.
 *
 * Thread: that of the write connection, inside a transaction. Floor: store.
 * Tests: tests/unit/store/budget_store_test.c
 */
#ifndef GEN_STORE_BUDGET_STORE_H
#define GEN_STORE_BUDGET_STORE_H

#include "model/change.h"
#include "store/database.h"

/* The whole budget, at version 1. GEN_ECONFLICT: the id is taken. */
GEN_MUST_CHECK enum gen_status gen_budget_store_add(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);
/* Amounts, alerts, rollover, throttling, note and updated_at; whose it is and its period never change.
 * GEN_ECONFLICT: the row is not at version - 1, has ended, or is not there (or of another organization). */
GEN_MUST_CHECK enum gen_status gen_budget_store_set(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);
/* ended_at; the same guard. */
GEN_MUST_CHECK enum gen_status gen_budget_store_end(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);

/* GEN_ECONFLICT: people were told already. */
GEN_MUST_CHECK enum gen_status gen_budget_store_alert(struct gen_database *database,
                                                      const struct gen_change *change,
                                                      struct gen_error *err);

#endif
