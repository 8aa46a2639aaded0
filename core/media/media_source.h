/* media_source.h - the bytes of one file from outside, read at offsets, from disk or memory.
 *
 * It never opens anything: main opens the file before the process is confined, fuzzers hand memory.
 * Invariant: no read reaches past `size`; the file offset of the descriptor is never used.
 *
 * Thread: one at a time. Floor: media. Tests: tests/media/media_source_test.c
 */
#ifndef GEN_MEDIA_MEDIA_SOURCE_H
#define GEN_MEDIA_MEDIA_SOURCE_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct gen_media_source { /* caller owns; nothing to end */
    int fd;               /* borrowed; -1 when the bytes are in memory */
    const uint8_t *data;  /* borrowed; NULL when they are in a file */
    uint64_t size;
};

/* GEN_EINVAL: not a regular file, or empty. GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_media_source_file(int fd, struct gen_media_source *out,
                                                     struct gen_error *err);
void gen_media_source_memory(const uint8_t *data, size_t size, struct gen_media_source *out);

/* Up to `size` bytes at `offset`; fewer only at the end. -1 when the disk fails. */
GEN_MUST_CHECK int64_t gen_media_source_read(const struct gen_media_source *source, uint64_t offset,
                                             void *into, size_t size);

/* Exactly `size` bytes, or 0: the file ends before that, or the disk fails. */
GEN_MUST_CHECK int gen_media_source_exact(const struct gen_media_source *source, uint64_t offset,
                                          void *into, size_t size);

/* Big-endian and little-endian numbers as media headers hold them. */
static inline uint32_t gen_be16(const uint8_t *at)
{
    return (uint32_t)at[0] << 8 | at[1];
}

static inline uint32_t gen_be32(const uint8_t *at)
{
    return gen_be16(at) << 16 | gen_be16(at + 2);
}

static inline uint64_t gen_be64(const uint8_t *at)
{
    return (uint64_t)gen_be32(at) << 32 | gen_be32(at + 4);
}

static inline uint32_t gen_le16(const uint8_t *at)
{
    return (uint32_t)at[1] << 8 | at[0];
}

static inline uint32_t gen_le24(const uint8_t *at)
{
    return (uint32_t)at[2] << 16 | gen_le16(at);
}

#endif
