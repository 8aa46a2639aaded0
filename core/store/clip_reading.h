/* clip_reading.h - is there a finished clip for this order?
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/clip_store_test.c
 */
#ifndef GEN_STORE_CLIP_READING_H
#define GEN_STORE_CLIP_READING_H

#include "model/change.h"
#include "platform/crypto.h"
#include "store/store.h"

struct gen_clip_query {
    const char *organization, *request; /* whose, and the digest of the order */
    const char *job; /* that asks: what it has made or been given itself is no answer */
    gen_moment since;
    int64_t skip; /* newer ones that are not wanted */
};

struct gen_clip_found {
    char digest[GEN_DIGEST_TEXT_SIZE];
    struct gen_ident attempt, job; /* that made it */
};

/* The newest one. GEN_ENOTFOUND: none. */
GEN_MUST_CHECK enum gen_status gen_read_clip(struct gen_store *store,
                                             const struct gen_clip_query *query,
                                             struct gen_clip_found *out, struct gen_error *err);

/* Was any made before? */
GEN_MUST_CHECK enum gen_status gen_read_older_clip(struct gen_store *store, gen_moment before,
                                                   bool *out, struct gen_error *err);

#endif
