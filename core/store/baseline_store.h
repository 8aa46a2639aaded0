/* baseline_store.h - writes what outputs would have cost otherwise, in the set that admits their job.
 *
 * Invariant: a row is written once; its pipeline's end moves its ended_at (a trigger).
 *
 * Thread: that of the write connection. Floor: store. Tests: tests/unit/store/cost_reading_test.c
 */
#ifndef GEN_STORE_BASELINE_STORE_H
#define GEN_STORE_BASELINE_STORE_H

#include "model/change.h"
#include "store/database.h"

/* GEN_ECONFLICT: the pipeline is not there, or has one already. */
GEN_MUST_CHECK enum gen_status gen_baseline_store_add(struct gen_database *database,
                                                      const struct gen_change *change,
                                                      struct gen_error *err);

#endif
