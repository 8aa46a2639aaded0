/* intake.h - an uploaded file becomes an asset: looked at by gen-media, stored, recorded.
 *
 * What a file is, its content decides; a name that says otherwise is an error, since somebody made
 * a mistake. The same content uploaded again is the asset that is there.
 * Invariant: a refused file leaves nothing behind.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/intake_test.c
 */
#ifndef GEN_ENGINE_INTAKE_H
#define GEN_ENGINE_INTAKE_H

#include "engine/programs.h"
#include "engine/terms.h"

/* See gen_engine_store_asset. */
void gen_intake_start(const struct gen_engine_options *options, struct gen_programs *programs,
                      const struct gen_upload *upload, gen_engine_stored *done, void *context);

/* The media type that a name's ending promises, in `arena`; of several the usual one. NULL: it promises
 * none, or no memory. */
const char *gen_intake_promise(const char *name, struct gen_arena *arena);

/* GEN_EINVAL when the name's ending promises another type than `media_type`. */
GEN_MUST_CHECK enum gen_status gen_intake_check_name(const char *name, const char *media_type,
                                                     struct gen_error *err);

#endif
