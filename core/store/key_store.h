/* key_store.h - writes API keys, and counts the jobs of a day.
 *
 * Reading them is store/key_reading.h.
 * Invariants: a revoked key stays revoked; a day's count never passes the bound that came with a job.
 *
 * Thread: that of the write connection, inside a transaction. Floor: store.
 * Tests: tests/unit/store/key_store_test.c
 */
#ifndef GEN_STORE_KEY_STORE_H
#define GEN_STORE_KEY_STORE_H

#include "model/change.h"
#include "store/database.h"

/* GEN_ECONFLICT: there is a living key of this name. */
GEN_MUST_CHECK enum gen_status gen_key_store_add(struct gen_database *database,
                                                 const struct gen_change *change,
                                                 struct gen_error *err);
/* Everything but who made it, when, and when it was last used. GEN_ECONFLICT: the row has another
 * version than the one before, or is revoked. */
GEN_MUST_CHECK enum gen_status gen_key_store_set(struct gen_database *database,
                                                 const struct gen_change *change,
                                                 struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_key_store_used(struct gen_database *database,
                                                  const struct gen_change *change,
                                                  struct gen_error *err);
/* GEN_ECONFLICT with path "quota": the day's jobs are used up. */
GEN_MUST_CHECK enum gen_status gen_key_store_quota(struct gen_database *database,
                                                   const struct gen_change *change,
                                                   struct gen_error *err);

/* When the day of a moment began (UTC). */
gen_moment gen_key_store_day(gen_moment at);

#endif
