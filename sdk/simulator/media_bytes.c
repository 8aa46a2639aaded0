/* media_bytes.c - what bytes are, by how they begin; see dialect.h. It decodes nothing. */
#include "simulator/dialect.h"

#include <string.h>

static const struct {
    const char *type;
    const char *magic;
    size_t offset, size;
} media_types[] = {
    {"image/png", "\x89PNG\r\n\x1a\n", 0, 8},
    {"image/jpeg", "\xff\xd8\xff", 0, 3},
    {"image/gif", "GIF8", 0, 4},
    {"image/webp", "WEBP", 8, 4},
    {"audio/wav", "WAVE", 8, 4},
    {"video/mp4", "ftyp", 4, 4},
    {"video/webm", "\x1a\x45\xdf\xa3", 0, 4},
    {"audio/mpeg", "ID3", 0, 3},
    {"audio/mpeg", "\xff\xfb", 0, 2},
    {"audio/mpeg", "\xff\xf3", 0, 2},
    {"application/pdf", "%PDF-", 0, 5},
};

const char *sim_media_type(const void *data, size_t size)
{
    for (size_t i = 0; i < GEN_COUNT(media_types); i++) {
        if (size >= media_types[i].offset + media_types[i].size &&
            memcmp((const char *)data + media_types[i].offset, media_types[i].magic,
                   media_types[i].size) == 0) {
            return media_types[i].type;
        }
    }
    return NULL;
}

static int32_t media_big(const unsigned char *at, size_t bytes)
{
    uint32_t value = 0;

    for (size_t i = 0; i < bytes; i++) {
        value = value << 8 | at[i];
    }
    return (int32_t)(value & 0x7fffffff);
}

/* The frame header of a JPEG stands behind segments whose lengths lead to it. */
static bool media_jpeg(const unsigned char *at, size_t size, int32_t *width, int32_t *height)
{
    for (size_t i = 2; i + 9 < size && at[i] == 0xff;) {
        unsigned char kind = at[i + 1];

        if (kind == 0xff) {
            i++;
            continue;
        }
        if (kind >= 0xc0 && kind <= 0xcf && kind != 0xc4 && kind != 0xc8 && kind != 0xcc) {
            *height = media_big(at + i + 5, 2);
            *width = media_big(at + i + 7, 2);
            return *width > 0 && *height > 0;
        }
        i += 2 + (size_t)media_big(at + i + 2, 2);
    }
    return false;
}

bool sim_media_pixels(const void *data, size_t size, int32_t *width, int32_t *height)
{
    const unsigned char *at = data;
    const char *type = sim_media_type(data, size);

    if (type != NULL && strcmp(type, "image/png") == 0 && size >= 24 &&
        memcmp(at + 12, "IHDR", 4) == 0) {
        *width = media_big(at + 16, 4);
        *height = media_big(at + 20, 4);
        return *width > 0 && *height > 0;
    }
    return type != NULL && strcmp(type, "image/jpeg") == 0 && media_jpeg(at, size, width, height);
}

int64_t sim_media_duration_ms(const void *data, size_t size)
{
    const unsigned char *end = (const unsigned char *)data + size;
    const unsigned char *at = size == 0 ? NULL : memmem(data, size, "mvhd", 4);
    size_t wide;
    int64_t scale, units;

    if (at == NULL || end - at < 40) {
        return 0;
    }
    wide = at[4] == 1 ? 8 : 4; /* version 1 has 64-bit times */
    scale = media_big(at + 8 + 2 * wide, 4);
    units = media_big(at + 12 + 2 * wide + (wide - 4), 4);
    return scale == 0 ? 0 : units * 1000 / scale;
}
