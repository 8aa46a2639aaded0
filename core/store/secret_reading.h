/* secret_reading.h - the stored secrets, as they lie there: sealed.
 *
 * Results live in the caller's arena.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/secret_store_test.c
 */
#ifndef GEN_STORE_SECRET_READING_H
#define GEN_STORE_SECRET_READING_H

#include "model/secret.h"
#include "store/store.h"

enum { GEN_SECRETS_MOST = 10000 };

/* All versions of all organizations, ordered by organization, team, name, version. GEN_ELIMIT: there are more
 * than GEN_SECRETS_MOST. */
GEN_MUST_CHECK enum gen_status gen_read_secrets(struct gen_store *store, struct gen_arena *arena,
                                                struct gen_secret_row **out, size_t *count,
                                                struct gen_error *err);

/* Has a job that is not over begun before this moment? */
GEN_MUST_CHECK enum gen_status gen_read_older_job(struct gen_store *store, gen_moment before,
                                                  bool *out, struct gen_error *err);

#endif
