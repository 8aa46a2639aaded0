/* files.h - the few things we do with files, each durable or clearly not.
 *
 * Invariant: a file that gen_files_publish has put in place is whole and on disk.
 *
 * Thread: [any]; calls block. Floor: platform. Tests: tests/unit/platform/files_test.c
 */
#ifndef GEN_PLATFORM_FILES_H
#define GEN_PLATFORM_FILES_H

#include "base/arena.h"
#include "base/bytes.h"

#include <sys/types.h>

/* errno as a status (ENOSPC, EDQUOT -> GEN_ENOSPACE, ENOENT -> GEN_ENOTFOUND, EACCES, EPERM, EROFS ->
 * GEN_EDENIED, EEXIST -> GEN_ECONFLICT, ENOMEM -> GEN_ENOMEM, a path of the wrong kind (EISDIR,
 * ENOTDIR, ELOOP, ENAMETOOLONG) -> GEN_EINVAL, else GEN_EIO) with "what path: reason". */
enum gen_status gen_files_errno(struct gen_error *err, int number, const char *what,
                                const char *path);

/* Creates a folder and its parents with `mode`, durably; existing is fine. GEN_EINVAL: something
 * else has that name. */
GEN_MUST_CHECK enum gen_status gen_files_make_folder(const char *path, mode_t mode,
                                                     struct gen_error *err);

/* Whole file into `out` (whose maximum gives GEN_ETOOLARGE), which is empty after a failure. "-" is
 * standard input. */
GEN_MUST_CHECK enum gen_status gen_files_read(const char *path, struct gen_bytes *out,
                                              struct gen_error *err);

/* Writes a file of exactly `mode` and makes it durable: temporary name beside it (".NAME.XXXXXX",
 * left behind only by a crash), fsync, rename over what is there, fsync folder. On failure `path` is
 * what it was, or whole and new if only the last sync failed. */
GEN_MUST_CHECK enum gen_status gen_files_write(const char *path, const void *data, size_t size,
                                               mode_t mode, struct gen_error *err);

/* Moves a closed file to its place durably (same file system): fsync file, rename, fsync folder of
 * `to`. GEN_OK also when `to` exists already with the same size (content-addressed; `from` is
 * removed); GEN_ECONFLICT when it has another size. Never replaces a file. On failure both are what
 * they were, or the move is done and only its sync failed; calling again is safe. */
GEN_MUST_CHECK enum gen_status gen_files_publish(const char *from, const char *to,
                                                 struct gen_error *err);

/* Copies the bytes of a regular file (reflink or copy_file_range where possible) to a new one. Not
 * durable: publish it. On failure there is no `to`. GEN_ECONFLICT: `to` exists, and is untouched.
 * GEN_EINVAL: `from` is not a regular file. */
GEN_MUST_CHECK enum gen_status gen_files_copy(const char *from, const char *to, mode_t mode,
                                              struct gen_error *err);

/* BLAKE2b-256 of a file's content as hex (GEN_DIGEST_TEXT_SIZE), and its size. */
GEN_MUST_CHECK enum gen_status gen_files_digest(const char *path, char *hex, int64_t *size,
                                                struct gen_error *err);

/* Removes a folder (or file) with everything in it, not following links; a missing one is fine. */
GEN_MUST_CHECK enum gen_status gen_files_remove_tree(const char *path, struct gen_error *err);

/* Bytes free for us on the file system of `path`. */
GEN_MUST_CHECK enum gen_status gen_files_free_space(const char *path, int64_t *bytes,
                                                    struct gen_error *err);

/* Takes an exclusive lock on a file (created if missing) that ends with the process or when the
 * caller closes `*fd`. GEN_EBUSY: another process holds it; the message names its pid, which is
 * written into the file. */
GEN_MUST_CHECK enum gen_status gen_files_lock(const char *path, int *fd, struct gen_error *err);

/* First of the NULL-terminated folders (then of PATH when `search_path`) that has an executable
 * `program`; NULL when none has. */
char *gen_files_find_program(const char *const *folders, int search_path, const char *program,
                             struct gen_arena *arena);

#endif
