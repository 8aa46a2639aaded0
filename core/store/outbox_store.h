/* outbox_store.h - the changes of subscribers: added, set, removed, told something.
 *
 * There is no copy of the events that wait: the log is the queue, and a subscriber's position in it
 * is what is kept. Only what a subscriber has refused for good while others pass it has a row of
 * its own (outbox).
 *
 * Thread: that of the write connection, inside a transaction. Floor: store.
 * Tests: tests/unit/store/outbox_store_test.c
 */
#ifndef GEN_STORE_OUTBOX_STORE_H
#define GEN_STORE_OUTBOX_STORE_H

#include "model/change.h"
#include "store/database.h"

enum { GEN_OUTBOX_DELIVERIES = 200 }; /* kept of each subscriber */

/* As gen_apply_changes. add: GEN_ECONFLICT when the id is taken. set, remove: GEN_ECONFLICT:
 * somebody else has changed it in between, or it is gone. A subscriber that becomes active begins
 * without failures. */
GEN_MUST_CHECK enum gen_status gen_outbox_store_add(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_outbox_store_set(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_outbox_store_remove(struct gen_database *database,
                                                       const struct gen_change *change,
                                                       struct gen_error *err);
/* A position never goes back. A state that somebody has set meanwhile stays. */
GEN_MUST_CHECK enum gen_status gen_outbox_store_told(struct gen_database *database,
                                                     const struct gen_change *change,
                                                     struct gen_error *err);

#endif
