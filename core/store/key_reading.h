/* key_reading.h - reads API keys, and how many jobs of a day are used.
 *
 * Results live in the caller's arena. A key of another organization is GEN_ENOTFOUND, like one that
 * never was.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/key_store_test.c
 */
#ifndef GEN_STORE_KEY_READING_H
#define GEN_STORE_KEY_READING_H

#include "model/access_key.h"
#include "store/store.h"

enum { GEN_KEY_READING_MOST = 200 }; /* keys of a page */

/* The key of this digest, of whatever organization, whatever became of it. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_key_of_digest(struct gen_store *store, const char *digest,
                                                      struct gen_arena *arena,
                                                      struct gen_access_key *out,
                                                      struct gen_error *err);
/* By id ("key_..."), or by the name of a living one. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_access_key(struct gen_store *store,
                                                   const char *organization, const char *key,
                                                   struct gen_arena *arena,
                                                   struct gen_access_key *out,
                                                   struct gen_error *err);
/* Newest first, after the id `after` (NULL = from the newest); `*more`: there are more. */
GEN_MUST_CHECK enum gen_status gen_read_access_keys(struct gen_store *store,
                                                    const char *organization, const char *after,
                                                    int64_t limit, struct gen_arena *arena,
                                                    struct gen_access_key **out, size_t *count,
                                                    bool *more, struct gen_error *err);
/* Is there any living key at all, of whatever organization? */
GEN_MUST_CHECK enum gen_status gen_read_any_key(struct gen_store *store, gen_moment now, bool *out,
                                                struct gen_error *err);
/* Jobs admitted in the day of `at`. */
GEN_MUST_CHECK enum gen_status gen_read_quota(struct gen_store *store, const char *organization,
                                              const char *scope, const char *of, gen_moment at,
                                              int64_t *out, struct gen_error *err);
/* Milliseconds of video that they ask for. */
GEN_MUST_CHECK enum gen_status gen_read_quota_video(struct gen_store *store,
                                                    const char *organization, const char *scope,
                                                    const char *of, gen_moment at, int64_t *out,
                                                    struct gen_error *err);
/* Generations at once that the living keys of this user allow, the least; 0 = no bound. */
GEN_MUST_CHECK enum gen_status gen_read_user_parallel(struct gen_store *store,
                                                      const char *organization, const char *user,
                                                      int64_t *out, struct gen_error *err);

#endif
