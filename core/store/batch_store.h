/* batch_store.h - the rows of batches: jobs that were admitted together, written.
 *
 * A batch has no state of its own: what became of it is what became of its jobs (batch_reading.h).
 *
 * Thread: [store], inside a transaction. Floor: store. Tests: tests/unit/store/batch_store_test.c
 */
#ifndef GEN_STORE_BATCH_STORE_H
#define GEN_STORE_BATCH_STORE_H

#include "model/change.h"
#include "store/database.h"

/* GEN_CHANGE_BATCH_ADD. GEN_ECONFLICT: it is there. */
GEN_MUST_CHECK enum gen_status gen_batch_store_add(struct gen_database *database,
                                                   const struct gen_change *change,
                                                   struct gen_error *err);

#endif
