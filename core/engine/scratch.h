/* scratch.h - folders for work in progress: one an attempt or a delivery, under one root.
 *
 * Everything in them can be lost at any time without losing money or a promise. Assets appear as
 * links to blobs under names of ours.
 *
 * Thread: [loop]; calls block shortly. Floor: engine. Tests: tests/unit/engine/scratch_test.c
 */
#ifndef GEN_ENGINE_SCRATCH_H
#define GEN_ENGINE_SCRATCH_H

#include "base/arena.h"
#include "base/error.h"
#include "base/ident.h"
#include "platform/loop.h"

/* Makes the root, and removes what a crash or the end of the engine has left in it, but for the folders
 * of these ids. GEN_EIO, GEN_EDENIED, GEN_ENOSPACE, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_scratch_clear(const char *root, const struct gen_ident *keep,
                                                 size_t count, struct gen_error *err);

/* <root>/<id>; `id` is one of our identifiers. NULL: no memory. */
char *gen_scratch_path(const char *root, const char *id, struct gen_arena *arena);

/* A plain file name: not empty, no '/', no leading '.', printable ASCII, at most 100 bytes. */
bool gen_scratch_name(const char *name);

/* Creates the folder, 0700; existing is fine. */
GEN_MUST_CHECK enum gen_status gen_scratch_make(const char *path, struct gen_error *err);

/* <path>/<name> becomes a link to the blob; an existing one is replaced. */
GEN_MUST_CHECK enum gen_status gen_scratch_link(const char *path, const char *name,
                                                const char *blobs, const char *digest,
                                                struct gen_error *err);

/* Writes a small file for a program; an existing one is replaced. */
GEN_MUST_CHECK enum gen_status gen_scratch_write(const char *path, const char *name,
                                                 const void *data, size_t size,
                                                 struct gen_error *err);

/* Is <path>/<name> a regular file (no link) that is not empty? Fills `out` with its path.
 * GEN_EINVAL with the reason when it is not. */
GEN_MUST_CHECK enum gen_status gen_scratch_result(const char *path, const char *name, char *out,
                                                  size_t size, struct gen_error *err);

/* Removes it with everything in it, on the worker pool; trouble is left for the next start. */
void gen_scratch_remove(struct gen_loop *loop, const char *path);

#endif
