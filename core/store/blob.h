/* blob.h - the content-addressed folder of files: what it is called is what it holds.
 *
 * A blob's name is the BLAKE2b-256 of its content, in <folder>/ab/abcdef... Files come in by a
 * durable rename and never change. Which blobs are needed is the database's business; the time of
 * a file is that of its last adoption, so that one which somebody is about to name is not removed.
 * Invariant: a file under a blob's name is whole and on disk.
 *
 * Thread: [any]; calls block, so long ones belong on the worker pool. Floor: store.
 * Tests: tests/unit/store/blob_test.c
 */
#ifndef GEN_STORE_BLOB_H
#define GEN_STORE_BLOB_H

#include "base/error.h"
#include "base/ident.h"

#include <stdbool.h>

enum { GEN_BLOB_PATH_SIZE = 1024 };

/* Is `digest` 64 lower-case hexadecimal digits? Nothing else ever becomes part of a path. */
bool gen_blob_valid(const char *digest);

/* The path of a blob; GEN_EINVAL for a digest that is none, GEN_ELIMIT for a folder too long. */
GEN_MUST_CHECK enum gen_status gen_blob_path(const char *folder, const char *digest,
                                             char *out /* GEN_BLOB_PATH_SIZE */,
                                             struct gen_error *err);

/* Moves a finished file in (same file system): digests it, makes it durable and read-only. `digest`
 * gets GEN_DIGEST_TEXT_SIZE bytes. The file is gone from `path` on success. Statuses of
 * platform/files.h. */
GEN_MUST_CHECK enum gen_status gen_blob_adopt(const char *folder, const char *path, char *digest,
                                              int64_t *size, struct gen_error *err);

/* Removes a blob that nobody has adopted since `before`; `*removed` says whether it is gone (also
 * when it was gone already). What is adopted at the same moment by another thread stays. The caller
 * knows that nothing durable names it. */
GEN_MUST_CHECK enum gen_status gen_blob_remove(const char *folder, const char *digest,
                                               gen_moment before, bool *removed,
                                               struct gen_error *err);

/* Opens for reading; the descriptor is the caller's. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_blob_open(const char *folder, const char *digest, int *fd,
                                             struct gen_error *err);

#endif
