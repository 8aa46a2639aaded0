/* extent.c - see extent.h. */
#include "media/extent.h"

#include <string.h>

enum { JPEG_SEGMENTS_MAX = 4096 };

static bool png_extent(const struct gen_media_source *source, struct gen_extent *out)
{
    uint8_t head[24];

    if (!gen_media_source_exact(source, 0, head, sizeof(head))) {
        return false;
    }
    out->width = gen_be32(head + 16);
    out->height = gen_be32(head + 20);
    return true;
}

static bool gif_extent(const struct gen_media_source *source, struct gen_extent *out)
{
    uint8_t head[10];

    if (!gen_media_source_exact(source, 0, head, sizeof(head))) {
        return false;
    }
    out->width = gen_le16(head + 6);
    out->height = gen_le16(head + 8);
    return true;
}

static bool webp_extent(const struct gen_media_source *source, struct gen_extent *out)
{
    uint8_t head[30];

    if (!gen_media_source_exact(source, 0, head, sizeof(head))) {
        return false;
    }
    if (memcmp(head + 12, "VP8X", 4) == 0) {
        out->animated = (head[20] & 0x02) != 0;
        out->width = gen_le24(head + 24) + 1;
        out->height = gen_le24(head + 27) + 1;
        return true;
    }
    if (memcmp(head + 12, "VP8L", 4) == 0 && head[20] == 0x2f) {
        out->width = (gen_le16(head + 21) & 0x3fff) + 1;
        out->height = (gen_le24(head + 22) >> 6 & 0x3fff) + 1;
        return true;
    }
    if (memcmp(head + 12, "VP8 ", 4) == 0 && memcmp(head + 23, "\x9d\x01\x2a", 3) == 0) {
        out->width = gen_le16(head + 26) & 0x3fff;
        out->height = gen_le16(head + 28) & 0x3fff;
        return true;
    }
    return false;
}

/* A start-of-frame marker holds the size; C4, C8 and CC are other things in the same range. */
static bool is_frame_marker(uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

static bool jpeg_extent(const struct gen_media_source *source, struct gen_extent *out)
{
    uint64_t at = 2;
    int segments;

    for (segments = 0; segments < JPEG_SEGMENTS_MAX; segments++) {
        uint8_t head[9] = {0};
        int64_t got = gen_media_source_read(source, at, head, sizeof(head));

        if (got < 4 || head[0] != 0xff) {
            return false;
        }
        if (head[1] == 0xff) { /* fill bytes may stand before a marker */
            at++;
            continue;
        }
        if (is_frame_marker(head[1])) {
            out->height = gen_be16(head + 5);
            out->width = gen_be16(head + 7);
            return got == (int64_t)sizeof(head);
        }
        if (head[1] == 0xd9 || head[1] == 0xda) { /* the picture begins or ends without a size */
            return false;
        }
        at += 2 + (uint64_t)gen_be16(head + 2);
    }
    return false;
}

static const struct {
    const char *decoder;
    bool (*read)(const struct gen_media_source *source, struct gen_extent *out);
} readers[] = {
    {"png", png_extent}, {"mjpeg", jpeg_extent}, {"webp", webp_extent},
    {"gif", gif_extent}, {NULL, NULL},
};

enum gen_status gen_extent_read(const struct gen_media_source *source,
                                const struct gen_sniff_format *format, struct gen_extent *out,
                                struct gen_error *err)
{
    struct gen_extent extent = {0};
    size_t index = 0;

    while (readers[index].decoder != NULL && strcmp(readers[index].decoder, format->decoder) != 0) {
        index++;
    }
    GEN_CHECK(readers[index].decoder != NULL); /* every picture row of sniff.c has a reader */
    if (!readers[index].read(source, &extent)) {
        return gen_error_set(err, GEN_EINVAL, "the %s header is damaged or cut off", format->name);
    }
    if (extent.width == 0 || extent.height == 0) {
        return gen_error_set(err, GEN_EINVAL, "the %s header says %u x %u pixels", format->name,
                             extent.width, extent.height);
    }
    *out = extent;
    return GEN_OK;
}
