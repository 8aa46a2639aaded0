/* decode.h - frames out of an open container.
 *
 * It opens nothing and judges nothing. A damaged packet is counted and passed over, as players do;
 * nothing at all coming out is an error.
 *
 * Thread: one at a time. Floor: media. Tests: tests/media/probe_test.c
 */
#ifndef GEN_MEDIA_DECODE_H
#define GEN_MEDIA_DECODE_H

#include "media/container.h"

struct gen_decode_counts {
    int64_t frames;       /* decoded pictures */
    int64_t audio_frames; /* decoded blocks of sound */
    int64_t errors;       /* damaged packets and frames */
};

/* On a container just opened: proves that the first picture and the first sound decode. What only a
 * decoded frame tells (orientation of a JPEG, transparency) is in the container afterwards.
 * GEN_EINVAL, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_decode_first(struct gen_container *container,
                                                struct gen_error *err);

/* On a container just opened: decodes everything and counts. GEN_EINVAL: not one frame came out. */
GEN_MUST_CHECK enum gen_status gen_decode_all(struct gen_container *container,
                                              struct gen_decode_counts *out, struct gen_error *err);

/* The picture that is shown at `seconds`, or the last one before the end; borrowed until the next
 * call. GEN_EINVAL: there is none, or it does not decode. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_decode_frame_at(struct gen_container *container, double seconds,
                                                   const struct AVFrame **out,
                                                   struct gen_error *err);

#endif
