/* attempt_store.h - writes attempts, whose states guard against paying twice.
 *
 * Invariant: a row moves only from the state that the writer believed it in, along
 * gen_attempt_may; so two that both think it is theirs to submit cannot both succeed.
 *
 * Thread: that of the write connection, inside a transaction. Floor: store.
 * Tests: tests/unit/store/attempt_store_test.c
 */
#ifndef GEN_STORE_ATTEMPT_STORE_H
#define GEN_STORE_ATTEMPT_STORE_H

#include "model/change.h"
#include "store/database.h"

/* GEN_ECONFLICT: the id, or the ordinal within the shot, is taken, or its shot is not there. */
GEN_MUST_CHECK enum gen_status gen_attempt_store_add(struct gen_database *database,
                                                     const struct gen_change *change,
                                                     struct gen_error *err);
/* GEN_ECONFLICT: the move is not legal, or the row is not in `from`; the message says where. */
GEN_MUST_CHECK enum gen_status gen_attempt_store_move(struct gen_database *database,
                                                      const struct gen_change *change,
                                                      struct gen_error *err);
/* The handle is this attempt's from now on; that it is so already is fine. GEN_ECONFLICT, with the key path
 * "handle" (gen_attempt_store_taken): it is that of another attempt, in whatever state. */
GEN_MUST_CHECK enum gen_status gen_attempt_store_handle(struct gen_database *database,
                                                        const struct gen_change *change,
                                                        struct gen_error *err);
/* Was a set of changes refused for that? */
bool gen_attempt_store_taken(enum gen_status status, const struct gen_error *err);
/* The plugin's own text between steps; the same guard on `from`, no move. */
GEN_MUST_CHECK enum gen_status gen_attempt_store_note(struct gen_database *database,
                                                      const struct gen_change *change,
                                                      struct gen_error *err);

#endif
