/* lookup.h - the small questions that one row answers: keys, blobs, money, counts.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/lookup_test.c
 */
#ifndef GEN_STORE_LOOKUP_H
#define GEN_STORE_LOOKUP_H

#include "store/store.h"

/* What an idempotency key was used for; digest: 65 bytes. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_key(struct gen_store *store, const char *organization,
                                            const char *key, char *digest, struct gen_ident *job,
                                            struct gen_error *err);

/* The id of the storyboard with this digest. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_storyboard(struct gen_store *store,
                                                   const char *organization, const char *digest,
                                                   struct gen_ident *out, struct gen_error *err);

/* Money of a job as the ledger has it. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_balance(struct gen_store *store, const char *job,
                                                struct gen_balance *out, struct gen_error *err);

/* Is this blob named by any asset, shot or output? */
GEN_MUST_CHECK enum gen_status gen_read_blob_used(struct gen_store *store, const char *digest,
                                                  bool *used, struct gen_error *err);

struct gen_read_counts {
    int64_t jobs[16];     /* by enum gen_job_status */
    int64_t attempts[16]; /* by enum gen_attempt_state */
    struct gen_balance money;
    int64_t outputs, output_bytes, assets, asset_bytes;
};
/* For /metrics: a few dozen rows that triggers keep, whatever the history is. */
GEN_MUST_CHECK enum gen_status gen_read_counts(struct gen_store *store, struct gen_read_counts *out,
                                               struct gen_error *err);

#endif
