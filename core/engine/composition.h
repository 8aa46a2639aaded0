/* composition.h - a request body put together from pieces: texts of a plugin, and assets as they are or as
 * base64.
 *
 * It goes into a file, piece by piece, so that a picture of 20 MB inside a JSON document is never in
 * memory as a whole.
 *
 * Thread: [worker]; blocks. Floor: engine. Tests: tests/unit/engine/errand_test.c
 */
#ifndef GEN_ENGINE_COMPOSITION_H
#define GEN_ENGINE_COMPOSITION_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gen_composition_piece {
    const char *file; /* path; NULL = data */
    bool base64;      /* of the file's bytes */
    const char *data;
    size_t data_size;
    int64_t from, length; /* of the file; length 0 = up to its end */
};

/* Writes a new file. GEN_EINVAL: a part that its file has not. GEN_ENOTFOUND, GEN_EDENIED, GEN_EIO,
 * GEN_ENOSPACE, GEN_ECONFLICT (there is such a file), GEN_ENOMEM. On failure there is no file. */
GEN_MUST_CHECK enum gen_status gen_composition_write(const struct gen_composition_piece *pieces,
                                                     size_t count, const char *path,
                                                     struct gen_error *err);

#endif
