/* orientation.h - how stored pixels become what is shown.
 *
 * Cameras turn the picture by a note beside it instead of moving pixels: a matrix in MP4, a number
 * in EXIF. Both become the number of EXIF (TIFF 6.0, tag 274). It moves no pixels itself.
 *
 * Thread: [any]. Floor: media. Tests: tests/media/sniff_test.c
 */
#ifndef GEN_MEDIA_ORIENTATION_H
#define GEN_MEDIA_ORIENTATION_H

#include <stdbool.h>
#include <stdint.h>

struct AVFrame;
struct AVStream;

enum gen_orientation {
    GEN_ORIENTATION_NORMAL = 1,
    GEN_ORIENTATION_MIRROR,
    GEN_ORIENTATION_TURN_180,
    GEN_ORIENTATION_FLIP,
    GEN_ORIENTATION_TRANSPOSE,
    GEN_ORIENTATION_TURN_90, /* clockwise */
    GEN_ORIENTATION_TRANSVERSE,
    GEN_ORIENTATION_TURN_270,
};

/* From the nine numbers of a display matrix; an angle between is taken to the nearest quarter. */
enum gen_orientation gen_orientation_of_matrix(const int32_t *matrix);

/* NORMAL when the stream or frame says nothing. */
enum gen_orientation gen_orientation_of_stream(const struct AVStream *stream);
enum gen_orientation gen_orientation_of_frame(const struct AVFrame *frame);

/* Do width and height change places? */
bool gen_orientation_swaps(enum gen_orientation orientation);
/* Degrees clockwise (0, 90, 180, 270), after mirroring left to right when `*mirrored`. */
int gen_orientation_degrees(enum gen_orientation orientation, bool *mirrored);

/* Where the pixel shown at (x, y) is stored; `width` and `height` are those stored. */
void gen_orientation_locate(enum gen_orientation orientation, int width, int height, int x, int y,
                            int *from_x, int *from_y);

#endif
