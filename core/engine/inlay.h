/* inlay.h - a result that lies as base64 inside a JSON answer: into its file with it, while the rest is kept.
 *
 * base/json_sieve takes it out, this room puts it away.
 * Invariant: a file that gen_inlay_close was not told to keep is gone.
 *
 * Thread: [loop]; writing blocks shortly. Floor: engine. Tests: tests/unit/engine/errand_test.c
 */
#ifndef GEN_ENGINE_INLAY_H
#define GEN_ENGINE_INLAY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

struct gen_inlay;

/* `paths` is NULL-terminated, `file` NULL = what is taken out is dropped; both are borrowed. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_inlay_open(const char *const *paths, const char *file,
                                              struct gen_inlay **out, struct gen_error *err);
/* Without `keep` the file goes, too; sets NULL. NULL inside is allowed. */
void gen_inlay_close(struct gen_inlay **inlay, bool keep);

/* The next bytes of the answer. False: it is spoiled, and takes nothing more. */
bool gen_inlay_feed(struct gen_inlay *inlay, const char *data, size_t size);
/* No more bytes come. NULL: all is well; else why not. May be asked after a failed feed. */
const char *gen_inlay_end(struct gen_inlay *inlay);

/* What is left of the JSON, and whether anything was taken out; after the end. */
const char *gen_inlay_rest(const struct gen_inlay *inlay, size_t *size);
bool gen_inlay_found(const struct gen_inlay *inlay);

#endif
