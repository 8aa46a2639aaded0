/* picture.h - a small RGB canvas: made from a decoded frame, painted, written as JPEG.
 *
 * It knows how a frame is to be shown (turned, stretched, over a checkerboard when it is
 * transparent) and not where it came from.
 * Invariant: rgb holds height rows of width * 3 bytes, without gaps, and room for a vector after.
 *
 * Thread: one at a time. Floor: media. Tests: tests/media/media_test.sh
 */
#ifndef GEN_MEDIA_PICTURE_H
#define GEN_MEDIA_PICTURE_H

#include "base/error.h"
#include "media/orientation.h"

#include <stdint.h>

struct AVFrame;

struct gen_picture { /* caller owns; end with gen_picture_fini */
    int width, height;
    uint8_t *rgb;
};

/* Sizes are 1..16384. GEN_ENOMEM. `ground` is 0xRRGGBB. */
GEN_MUST_CHECK enum gen_status gen_picture_init(struct gen_picture *picture, int width, int height,
                                                uint32_t ground, struct gen_error *err);
void gen_picture_fini(struct gen_picture *picture); /* all zero is allowed */

/* Makes `picture` of exactly width x height (as shown, after turning) from `frame`. GEN_ENOMEM,
 * GEN_EINVAL: pixels that cannot be converted. */
GEN_MUST_CHECK enum gen_status gen_picture_from_frame(struct gen_picture *picture,
                                                      const struct AVFrame *frame,
                                                      enum gen_orientation orientation, int width,
                                                      int height, struct gen_error *err);

/* Lays `piece` on `picture` with its corner at (x, y), corners rounded by `radius`; parts outside
 * are cut. */
void gen_picture_lay(struct gen_picture *picture, const struct gen_picture *piece, int x, int y,
                     int radius);

/* Baseline JPEG, 4:2:0, good quality, to an open descriptor. GEN_ENOMEM, GEN_EIO, GEN_ENOSPACE. */
GEN_MUST_CHECK enum gen_status gen_picture_write(const struct gen_picture *picture, int fd,
                                                 struct gen_error *err);

/* The largest size of the same shape within max_width x max_height, never larger than it is. */
void gen_picture_fit(int width, int height, int max_width, int max_height, int *out_width,
                     int *out_height);

#endif
