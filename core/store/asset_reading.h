/* asset_reading.h - uploaded files, by id, by content, by page.
 *
 * Results live in the caller's arena. An asset of another organization is GEN_ENOTFOUND.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/asset_reading_test.c
 */
#ifndef GEN_STORE_ASSET_READING_H
#define GEN_STORE_ASSET_READING_H

#include "store/store.h"

enum { GEN_ASSET_READING_MOST = 200 }; /* assets of a page */

/* GEN_ENOTFOUND. of_digest: the oldest one with this content. */
GEN_MUST_CHECK enum gen_status gen_read_asset(struct gen_store *store, const char *organization,
                                              const char *asset, struct gen_arena *arena,
                                              struct gen_asset *out, struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_read_asset_of_digest(struct gen_store *store,
                                                        const char *organization,
                                                        const char *digest, struct gen_arena *arena,
                                                        struct gen_asset *out,
                                                        struct gen_error *err);

/* Newest first; after: id of the last one of the page before, NULL = first page; limit:
 * 1..GEN_ASSET_READING_MOST, others are moved into it. `*more`: there is another page. */
GEN_MUST_CHECK enum gen_status gen_read_assets(struct gen_store *store, const char *organization,
                                               const char *after, int64_t limit,
                                               struct gen_arena *arena, struct gen_asset **out,
                                               size_t *count, bool *more, struct gen_error *err);

/* Assets of all organizations that no job has ever used and that came for the last time before that
 * moment; the oldest first, at most GEN_ASSET_READING_MOST. */
GEN_MUST_CHECK enum gen_status gen_read_unused_assets(struct gen_store *store, gen_moment before,
                                                      struct gen_arena *arena,
                                                      struct gen_asset **out, size_t *count,
                                                      struct gen_error *err);

/* Blobs of removed assets that may be removed, too, unless something else needs them; after: the
 * last digest of the part before, "" = the first part. At most GEN_ASSET_READING_MOST. */
GEN_MUST_CHECK enum gen_status gen_read_loose_blobs(struct gen_store *store, const char *after,
                                                    struct gen_arena *arena, const char ***out,
                                                    size_t *count, struct gen_error *err);

#endif
