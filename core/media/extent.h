/* extent.h - how large a picture says it is, read from its header before any decoder sees it.
 *
 * A header of a few bytes can ask a decoder for gigabytes; this is where that is refused.
 * It decodes nothing. Invariant: reads a bounded number of headers.
 *
 * Thread: [any]. Floor: media. Tests: tests/media/sniff_test.c
 */
#ifndef GEN_MEDIA_EXTENT_H
#define GEN_MEDIA_EXTENT_H

#include "media/media_source.h"
#include "media/sniff.h"

struct gen_extent {
    uint32_t width, height; /* as stored, before any rotation */
    bool animated;          /* WebP only: the decoder cannot do these */
};

/* GEN_EINVAL: the header is damaged or cut off, or says zero pixels. `format` is a picture's. */
GEN_MUST_CHECK enum gen_status gen_extent_read(const struct gen_media_source *source,
                                               const struct gen_sniff_format *format,
                                               struct gen_extent *out, struct gen_error *err);

#endif
