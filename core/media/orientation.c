/* orientation.c - see orientation.h. */
#include "media/orientation.h"

#include "base/check.h"

#include <libavformat/avformat.h>
#include <libavutil/dict.h>
#include <libavutil/frame.h>

#include <stdlib.h>

/* EXIF's eight, as three switches applied in this order to shown coordinates: swap x and y, then
 * run x backwards, then y backwards; and the way back as turn and mirror. */
static const struct {
    bool swap, back_x, back_y, mirrored;
    int degrees;
} table[] = {
    [GEN_ORIENTATION_NORMAL] = {false, false, false, false, 0},
    [GEN_ORIENTATION_MIRROR] = {false, true, false, true, 0},
    [GEN_ORIENTATION_TURN_180] = {false, true, true, false, 180},
    [GEN_ORIENTATION_FLIP] = {false, false, true, true, 180},
    [GEN_ORIENTATION_TRANSPOSE] = {true, false, false, true, 270},
    [GEN_ORIENTATION_TURN_90] = {true, false, true, false, 90},
    [GEN_ORIENTATION_TRANSVERSE] = {true, true, true, true, 90},
    [GEN_ORIENTATION_TURN_270] = {true, true, false, false, 270},
};

enum gen_orientation gen_orientation_of_matrix(const int32_t *matrix)
{
    int64_t a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];

    /* a stored point (p, q) is shown at (a p + c q, b p + d q) */
    if (llabs(a) + llabs(d) >= llabs(b) + llabs(c)) {
        if (a < 0) {
            return d < 0 ? GEN_ORIENTATION_TURN_180 : GEN_ORIENTATION_MIRROR;
        }
        return d < 0 ? GEN_ORIENTATION_FLIP : GEN_ORIENTATION_NORMAL;
    }
    if (b < 0) {
        return c < 0 ? GEN_ORIENTATION_TRANSVERSE : GEN_ORIENTATION_TURN_270;
    }
    return c < 0 ? GEN_ORIENTATION_TURN_90 : GEN_ORIENTATION_TRANSPOSE;
}

enum gen_orientation gen_orientation_of_stream(const struct AVStream *stream)
{
    size_t size = 0;
    const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);

    if (data == NULL || size < 9 * sizeof(int32_t)) {
        return GEN_ORIENTATION_NORMAL;
    }
    return gen_orientation_of_matrix((const int32_t *)(const void *)data);
}

enum gen_orientation gen_orientation_of_frame(const struct AVFrame *frame)
{
    const AVFrameSideData *side = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    const AVDictionaryEntry *entry;
    long value;

    if (side != NULL && side->size >= 9 * sizeof(int32_t)) {
        return gen_orientation_of_matrix((const int32_t *)(const void *)side->data);
    }
    /* libavcodec leaves what EXIF says of a JPEG or WebP here */
    entry = av_dict_get(frame->metadata, "Orientation", NULL, 0);
    value = entry == NULL ? 0 : strtol(entry->value, NULL, 10);
    return value >= GEN_ORIENTATION_NORMAL && value <= GEN_ORIENTATION_TURN_270
               ? (enum gen_orientation)value
               : GEN_ORIENTATION_NORMAL;
}

bool gen_orientation_swaps(enum gen_orientation orientation)
{
    return table[orientation].swap;
}

int gen_orientation_degrees(enum gen_orientation orientation, bool *mirrored)
{
    *mirrored = table[orientation].mirrored;
    return table[orientation].degrees;
}

void gen_orientation_locate(enum gen_orientation orientation, int width, int height, int x, int y,
                            int *from_x, int *from_y)
{
    int p = table[orientation].swap ? y : x, q = table[orientation].swap ? x : y;

    *from_x = table[orientation].back_x ? width - 1 - p : p;
    *from_y = table[orientation].back_y ? height - 1 - q : q;
}
