/* asset_store.h - the changes of uploaded files: added, sent again, used by a job, removed.
 *
 * A file that a job names is kept for ever; one that no job names can be removed. Its blob is then
 * "loose" in the same transaction, until somebody has looked whether anything else needs it and has
 * told us that it is gone, so that no crash forgets a file.
 * Invariant: an asset that a job names is never removed, and a job never names one that is.
 *
 * Thread: that of the write connection, inside a transaction. Floor: store.
 * Tests: tests/unit/store/asset_store_test.c
 */
#ifndef GEN_STORE_ASSET_STORE_H
#define GEN_STORE_ASSET_STORE_H

#include "model/change.h"
#include "store/database.h"

/* As gen_apply_changes; GEN_ECONFLICT: the asset is not there (any more), or, for remove, is used or
 * was sent again in the meantime. */
GEN_MUST_CHECK enum gen_status gen_asset_store_add(struct gen_database *database,
                                                   const struct gen_change *change,
                                                   struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_asset_store_sent(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_asset_store_used(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_asset_store_remove(struct gen_database *database,
                                                      const struct gen_change *change,
                                                      struct gen_error *err);
/* A loose blob is gone, or is needed after all. */
GEN_MUST_CHECK enum gen_status gen_asset_store_tied(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);

#endif
