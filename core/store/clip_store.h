/* clip_store.h - writes finished clips that may be used again, and what is done with them.
 *
 * A row says which order a clip is the answer to; the clip itself is a blob, and its shot names it, too.
 * Invariant: a clip is never given to another organization, and a job never gets the same one twice: the
 * second use is refused as a conflict, and with it the set that asked for it.
 *
 * Thread: [writer]. Floor: store. Tests: tests/unit/store/clip_store_test.c
 */
#ifndef GEN_STORE_CLIP_STORE_H
#define GEN_STORE_CLIP_STORE_H

#include "model/change.h"
#include "store/database.h"

/* A clip as the answer to its order; nothing when the attempt has one already. */
GEN_MUST_CHECK enum gen_status gen_clip_store_add(struct gen_database *database,
                                                  const struct gen_change *change,
                                                  struct gen_error *err);
/* It was used again instead of a render; what that saved stands in the baseline of the pipeline. Nothing
 * is said of a clip that is forgotten by now: its blob is there. GEN_ECONFLICT: the job has it already. */
GEN_MUST_CHECK enum gen_status gen_clip_store_used(struct gen_database *database,
                                                   const struct gen_change *change,
                                                   struct gen_error *err);
/* Forgets those that were made before. */
GEN_MUST_CHECK enum gen_status gen_clip_store_expire(struct gen_database *database,
                                                     const struct gen_change *change,
                                                     struct gen_error *err);

#endif
