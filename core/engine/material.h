/* material.h - the assets that a brief names, each once, checked for the use it is put to.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/material_test.c
 */
#ifndef GEN_ENGINE_MATERIAL_H
#define GEN_ENGINE_MATERIAL_H

#include "store/reading.h"

/* Reads the asset rows of `brief` (asset ids) into `arena`. GEN_ENOTFOUND, GEN_EINVAL (not an asset
 * id, or not fit for its use), with the key path of the first that is wrong. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_material_read(struct gen_store *store, const char *organization,
                                                 struct gen_brief *brief, struct gen_arena *arena,
                                                 struct gen_asset **out, size_t *count,
                                                 struct gen_error *err);

/* The same for a brief that nothing is made of: where it names a file in place of an asset, an asset
 * stands in that is what the name's ending says; its size is unknown (0), and a sound is as long as its
 * scene. No file is opened. Those have digest "", and their ids take the names' places in `brief`.
 * GEN_EINVAL also for an ending that says nothing. */
GEN_MUST_CHECK enum gen_status gen_material_foresee(struct gen_store *store,
                                                    const char *organization,
                                                    struct gen_brief *brief,
                                                    struct gen_arena *arena, struct gen_asset **out,
                                                    size_t *count, struct gen_error *err);

#endif
