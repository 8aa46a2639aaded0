/* master_file.h - the files of a master key: what stands in them, and that it is whole.
 *
 * master.key holds a key; master.kdf says how a passphrase becomes one. Which of them is used, and when one
 * is made, is platform/master_key.h's matter.
 * Invariant: what is not exactly as it was written is GEN_ECORRUPT, and is left alone.
 *
 * Thread: [loop]; reads and writes files. Floor: platform. Tests: tests/unit/platform/master_key_test.c
 */
#ifndef GEN_PLATFORM_MASTER_FILE_H
#define GEN_PLATFORM_MASTER_FILE_H

#include "platform/crypto.h"

struct gen_master_way { /* from a passphrase to a key */
    struct gen_stretch stretch;
    char id[17]; /* of the key that must come out */
};

/* Base64 of exactly `size` bytes, spaces around it allowed. GEN_EINVAL, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_master_file_base64(const char *text, size_t text_size,
                                                      unsigned char *out, size_t size);

/* A whole file of at most `room` bytes, with a NUL behind (so `out` has one byte more). `ours`: it must be
 * closed to others. GEN_ENOTFOUND, GEN_EDENIED, GEN_EINVAL (too large, no file), GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_master_file_read(const char *path, bool ours, char *out,
                                                    size_t room, size_t *size,
                                                    struct gen_error *err);
/* The same of a descriptor, which is closed. */
GEN_MUST_CHECK enum gen_status gen_master_file_line(int fd, char *out, size_t room, size_t *size,
                                                    struct gen_error *err);
/* A file with nothing but the base64 of a key. GEN_EINVAL: it has something else. */
GEN_MUST_CHECK enum gen_status gen_master_file_plain(const char *path,
                                                     unsigned char out[GEN_SEAL_KEY],
                                                     struct gen_error *err);

/* GEN_ENOTFOUND; GEN_ECORRUPT: it is damaged; GEN_EUNSUPPORTED: of a newer version; GEN_EDENIED, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_master_file_get_key(const char *path,
                                                       unsigned char out[GEN_SEAL_KEY],
                                                       struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_master_file_get_way(const char *path, struct gen_master_way *out,
                                                       struct gen_error *err);

/* Written whole and durably, for us alone (0600). GEN_ECONFLICT: the file is there already. */
GEN_MUST_CHECK enum gen_status gen_master_file_put_key(const char *path,
                                                       const unsigned char key[GEN_SEAL_KEY],
                                                       struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_master_file_put_way(const char *path,
                                                       const struct gen_master_way *way,
                                                       struct gen_error *err);
/* Moves `from` over `to`, durably. */
GEN_MUST_CHECK enum gen_status gen_master_file_replace(const char *from, const char *to,
                                                       struct gen_error *err);

#endif
