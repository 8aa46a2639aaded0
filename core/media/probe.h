/* probe.h - what a file is, as a document: the answer of `gen-media probe`.
 *
 * It goes by content and never by name; whether that is what somebody expected is the caller's
 * business. A file that is recognized but damaged is an error, bytes of no known kind are not.
 *
 * Thread: one at a time. Floor: media. Tests: tests/media/probe_test.c, media_test.sh
 */
#ifndef GEN_MEDIA_PROBE_H
#define GEN_MEDIA_PROBE_H

#include "base/node.h"
#include "media/container.h"

enum gen_probe_decode {
    GEN_PROBE_DECODE_FIRST = 1, /* one frame and one block of sound prove that it decodes */
    GEN_PROBE_DECODE_ALL,       /* everything, counted */
    GEN_PROBE_DECODE_NONE,      /* headers only */
};

/* What the bytes are, and for a picture how large: refuses what must not meet a decoder.
 * GEN_EIO, GEN_EINVAL, GEN_ETOOLARGE, GEN_EUNSUPPORTED (animated WebP). */
GEN_MUST_CHECK enum gen_status gen_probe_recognize(const struct gen_media_source *source,
                                                   const struct gen_container_limits *limits,
                                                   const struct gen_sniff_format **out,
                                                   struct gen_error *err);

/* A map in `arena`. GEN_EINVAL: damaged. GEN_ETOOLARGE: past a limit. GEN_EUNSUPPORTED: a codec
 * that is not decoded here. GEN_ENOMEM, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_probe_read(const struct gen_media_source *source,
                                              const struct gen_container_limits *limits,
                                              enum gen_probe_decode decode, struct gen_arena *arena,
                                              struct gen_node **out, struct gen_error *err);

#endif
