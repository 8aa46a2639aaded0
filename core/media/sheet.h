/* sheet.h - small pictures of a medium: one frame (thumbnail) or many in a grid (contact sheet).
 *
 * Thread: one at a time. Floor: media. Tests: tests/media/media_test.sh
 */
#ifndef GEN_MEDIA_SHEET_H
#define GEN_MEDIA_SHEET_H

#include "media/container.h"

struct gen_sheet_plan {
    int columns, rows; /* 0 = chosen from the shape of the video */
    int width;         /* of the whole sheet, pixels */
};

struct gen_sheet_result {
    int width, height;
    int columns, rows; /* thumbnail: 1 */
    double at;         /* thumbnail: seconds */
};

/* One frame, at `at` seconds, or when that is negative at `share` (0..1) of the duration; its
 * longer side at most `longest`. Written to `fd` as JPEG.
 * GEN_EINVAL: no picture, or it does not decode. GEN_ENOMEM, GEN_EIO, GEN_ENOSPACE. */
GEN_MUST_CHECK enum gen_status gen_sheet_thumbnail(struct gen_container *container, double at,
                                                   double share, int longest, int fd,
                                                   struct gen_sheet_result *out,
                                                   struct gen_error *err);

/* Evenly spaced frames, left to right and down. GEN_EINVAL also: it is not a video, or the sheet is
 * too narrow for its columns. */
GEN_MUST_CHECK enum gen_status gen_sheet_write(struct gen_container *container,
                                               const struct gen_sheet_plan *plan, int fd,
                                               struct gen_sheet_result *out, struct gen_error *err);

#endif
