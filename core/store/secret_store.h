/* secret_store.h - the changes of stored secrets: a version added, wrapped anew, tested, all removed.
 *
 * It sees ciphertext only.
 * Invariant: versions of a name only grow; of two who set the same version the second is refused.
 *
 * Thread: that of the write connection, inside a transaction. Floor: store.
 * Tests: tests/unit/store/secret_store_test.c
 */
#ifndef GEN_STORE_SECRET_STORE_H
#define GEN_STORE_SECRET_STORE_H

#include "model/change.h"
#include "store/database.h"

/* As gen_apply_changes; GEN_ECONFLICT: somebody else was first, or there is no such version (any more). */
GEN_MUST_CHECK enum gen_status gen_secret_store_add(struct gen_database *database,
                                                    const struct gen_change *change,
                                                    struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_secret_store_wrap(struct gen_database *database,
                                                     const struct gen_change *change,
                                                     struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_secret_store_test(struct gen_database *database,
                                                     const struct gen_change *change,
                                                     struct gen_error *err);
/* All versions of the name up to the row's. */
GEN_MUST_CHECK enum gen_status gen_secret_store_remove(struct gen_database *database,
                                                       const struct gen_change *change,
                                                       struct gen_error *err);

#endif
