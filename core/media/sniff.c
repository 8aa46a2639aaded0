/* sniff.c - see sniff.h. Each row's matcher looks at magic numbers that the format's own document
 * gives; the first row that matches wins, so narrower rows stand before wider ones. */
#include "media/sniff.h"

#include "base/utf8.h"
#include "media/media_source.h"

#include <string.h>

static bool has(const uint8_t *head, size_t size, size_t offset, const char *magic, size_t length)
{
    return size >= offset + length && memcmp(head + offset, magic, length) == 0;
}

#define HAS(offset, magic) has(head, size, offset, magic, sizeof(magic) - 1)

static bool is_png(const uint8_t *head, size_t size)
{
    return HAS(0, "\x89PNG\r\n\x1a\n") && HAS(12, "IHDR");
}

static bool is_jpeg(const uint8_t *head, size_t size)
{
    return HAS(0, "\xff\xd8\xff");
}

static bool is_gif(const uint8_t *head, size_t size)
{
    return HAS(0, "GIF87a") || HAS(0, "GIF89a");
}

static bool is_webp(const uint8_t *head, size_t size)
{
    return HAS(0, "RIFF") && HAS(8, "WEBP");
}

static bool is_wav(const uint8_t *head, size_t size)
{
    return (HAS(0, "RIFF") || HAS(0, "RF64")) && HAS(8, "WAVE");
}

static bool is_avi(const uint8_t *head, size_t size)
{
    return HAS(0, "RIFF") && HAS(8, "AVI ");
}

/* One of `brands` (four letters each) as major or compatible brand of an ftyp box. */
static bool has_brand(const uint8_t *head, size_t size, const char *brands)
{
    size_t end, at;

    if (!HAS(4, "ftyp") || size < 16) {
        return false;
    }
    end = gen_be32(head) < size ? gen_be32(head) : size;
    for (at = 8; at + 4 <= end; at += 4) {
        const char *brand;

        if (at == 12) { /* the minor version is a number, not a brand */
            continue;
        }
        for (brand = brands; *brand != '\0'; brand += 4) {
            if (memcmp(head + at, brand, 4) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool is_avif(const uint8_t *head, size_t size)
{
    return has_brand(head, size, "avifavis");
}

static bool is_heic(const uint8_t *head, size_t size)
{
    return has_brand(head, size, "heicheixhevcheimheismif1msf1");
}

static bool is_m4a(const uint8_t *head, size_t size)
{
    return HAS(4, "ftyp") && (HAS(8, "M4A ") || HAS(8, "M4B "));
}

static bool is_mov(const uint8_t *head, size_t size)
{
    if (HAS(4, "ftyp")) {
        return HAS(8, "qt  ");
    }
    /* QuickTime from before ftyp: it starts with any of these boxes */
    return size >= 8 && gen_be32(head) != 0 &&
           (HAS(4, "moov") || HAS(4, "mdat") || HAS(4, "wide") || HAS(4, "free") ||
            HAS(4, "skip") || HAS(4, "pnot"));
}

static bool is_mp4(const uint8_t *head, size_t size)
{
    return HAS(4, "ftyp") && size >= 16;
}

/* EBML with this DocType (element 42 82) in its header, which is short. */
static bool has_doctype(const uint8_t *head, size_t size, const char *type)
{
    size_t at, length = strlen(type);

    if (!HAS(0, "\x1a\x45\xdf\xa3")) {
        return false;
    }
    for (at = 4; at + 3 + length <= size && at < 128; at++) {
        if (head[at] == 0x42 && head[at + 1] == 0x82 && head[at + 2] == (0x80 | length) &&
            memcmp(head + at + 3, type, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_webm(const uint8_t *head, size_t size)
{
    return has_doctype(head, size, "webm");
}

static bool is_mkv(const uint8_t *head, size_t size)
{
    return has_doctype(head, size, "matroska");
}

static bool is_ogg(const uint8_t *head, size_t size)
{
    return HAS(0, "OggS");
}

static bool is_flac(const uint8_t *head, size_t size)
{
    return HAS(0, "fLaC");
}

/* Bytes of an ID3v2 tag at the beginning, 0 when there is none. */
static size_t id3_size(const uint8_t *head, size_t size)
{
    if (!HAS(0, "ID3") || size < 10) {
        return 0;
    }
    return 10 + ((size_t)(head[6] & 0x7f) << 21 | (size_t)(head[7] & 0x7f) << 14 |
                 (size_t)(head[8] & 0x7f) << 7 | (size_t)(head[9] & 0x7f));
}

/* Length of the MPEG layer III frame at `at`, 0 when there is none. */
static size_t mp3_frame(const uint8_t *at, size_t size)
{
    static const uint16_t rates_v1[] = {0,   32,  40,  48,  56,  64,  80, 96,
                                        112, 128, 160, 192, 224, 256, 320};
    static const uint16_t rates_v2[] = {0,  8,  16, 24,  32,  40,  48, 56,
                                        64, 80, 96, 112, 128, 144, 160};
    static const uint32_t samples[] = {44100, 48000, 32000};
    uint32_t version, rate, sampling, padding, hertz;

    if (size < 4 || at[0] != 0xff || (at[1] & 0xe0) != 0xe0 || (at[1] & 0x06) != 0x02) {
        return 0;
    }
    version = at[1] >> 3 & 3; /* 3 = MPEG 1, 2 = MPEG 2, 0 = MPEG 2.5 */
    rate = at[2] >> 4;
    sampling = at[2] >> 2 & 3;
    padding = at[2] >> 1 & 1;
    if (version == 1 || rate == 0 || rate == 15 || sampling == 3) {
        return 0;
    }
    hertz = samples[sampling] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
    return version == 3 ? 144000u * rates_v1[rate] / hertz + padding
                        : 72000u * rates_v2[rate] / hertz + padding;
}

static bool is_mp3(const uint8_t *head, size_t size)
{
    size_t at = id3_size(head, size), length;

    if (at > 0 && at + 4 > size) {
        return true; /* a tag with a large picture; the frames come after our window */
    }
    length = mp3_frame(head + at, size - at);
    if (length == 0) {
        return false;
    }
    /* two frames in a row: one sync word alone is in every sixth kilobyte of noise */
    return at + length + 4 > size || mp3_frame(head + at + length, size - at - length) > 0;
}

static bool is_aac(const uint8_t *head, size_t size)
{
    size_t at = id3_size(head, size), length;

    if (at + 7 > size || head[at] != 0xff || (head[at + 1] & 0xf6) != 0xf0) {
        return false;
    }
    length = (size_t)(head[at + 3] & 3) << 11 | (size_t)head[at + 4] << 3 | head[at + 5] >> 5;
    if (length < 7) {
        return false;
    }
    at += length;
    return at + 2 > size || (head[at] == 0xff && (head[at + 1] & 0xf6) == 0xf0);
}

static bool is_ttf(const uint8_t *head, size_t size)
{
    return HAS(0, "\0\1\0\0") && size >= 12 && gen_be16(head + 4) > 0 && gen_be16(head + 4) < 256;
}

static bool is_otf(const uint8_t *head, size_t size)
{
    return HAS(0, "OTTO");
}

static bool is_font_collection(const uint8_t *head, size_t size)
{
    return HAS(0, "ttcf");
}

static bool is_woff(const uint8_t *head, size_t size)
{
    return HAS(0, "wOFF");
}

static bool is_woff2(const uint8_t *head, size_t size)
{
    return HAS(0, "wOF2");
}

static bool is_pdf(const uint8_t *head, size_t size)
{
    return HAS(0, "%PDF-");
}

static bool is_bmp(const uint8_t *head, size_t size)
{
    return HAS(0, "BM") && size >= 26 && gen_le16(head + 6) == 0 && gen_le16(head + 8) == 0;
}

static bool is_tiff(const uint8_t *head, size_t size)
{
    return HAS(0, "II*\0") || HAS(0, "MM\0*");
}

static bool is_zip(const uint8_t *head, size_t size)
{
    return HAS(0, "PK\3\4");
}

/* UTF-8 without control characters: what a person could have typed. */
static bool is_text(const uint8_t *head, size_t size)
{
    size_t index;

    for (index = 0; index < size; index++) {
        uint8_t byte = head[index];

        if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f') ||
            byte == 0x7f) {
            return false;
        }
    }
    return gen_utf8_valid((const char *)head, size, NULL);
}

/* SVG is a program for a browser, not a picture to us: scripts, links to other files. */
static bool is_svg(const uint8_t *head, size_t size)
{
    size_t at, end = size < 4096 ? size : 4096;

    if (!is_text(head, end)) {
        return false;
    }
    for (at = 0; at < end && (head[at] <= ' ' || head[at] >= 0x80); at++) {
    }
    if (at == end || head[at] != '<') {
        return false;
    }
    for (; at + 4 <= end; at++) {
        if (memcmp(head + at, "<svg", 4) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_anything(const uint8_t *head, size_t size)
{
    (void)head;
    (void)size;
    return true;
}

static const struct gen_sniff_format formats[] = {
    {"PNG", GEN_SNIFF_PICTURE, "image/png", NULL, NULL, "png", is_png},
    {"JPEG", GEN_SNIFF_PICTURE, "image/jpeg", NULL, NULL, "mjpeg", is_jpeg},
    {"WebP", GEN_SNIFF_PICTURE, "image/webp", NULL, NULL, "webp", is_webp},
    {"GIF", GEN_SNIFF_PICTURE, "image/gif", NULL, "gif", "gif", is_gif},
    {"AVIF", GEN_SNIFF_UNKNOWN, "image/avif", NULL, NULL, NULL, is_avif},
    {"HEIC", GEN_SNIFF_UNKNOWN, "image/heic", NULL, NULL, NULL, is_heic},
    {"M4A", GEN_SNIFF_CONTAINER, "video/mp4", "audio/mp4", "mov", NULL, is_m4a},
    {"QuickTime", GEN_SNIFF_CONTAINER, "video/quicktime", "audio/mp4", "mov", NULL, is_mov},
    {"MP4", GEN_SNIFF_CONTAINER, "video/mp4", "audio/mp4", "mov", NULL, is_mp4},
    {"WebM", GEN_SNIFF_CONTAINER, "video/webm", "audio/webm", "matroska", NULL, is_webm},
    {"Matroska", GEN_SNIFF_CONTAINER, "video/x-matroska", "audio/x-matroska", "matroska", NULL,
     is_mkv},
    {"AVI", GEN_SNIFF_CONTAINER, "video/x-msvideo", "audio/x-msvideo", "avi", NULL, is_avi},
    {"Ogg", GEN_SNIFF_CONTAINER, "video/ogg", "audio/ogg", "ogg", NULL, is_ogg},
    {"WAV", GEN_SNIFF_SOUND, "audio/wav", NULL, "wav", NULL, is_wav},
    {"FLAC", GEN_SNIFF_SOUND, "audio/flac", NULL, "flac", NULL, is_flac},
    {"AAC", GEN_SNIFF_SOUND, "audio/aac", NULL, "aac", NULL, is_aac},
    {"MP3", GEN_SNIFF_SOUND, "audio/mpeg", NULL, "mp3", NULL, is_mp3},
    {"TrueType font", GEN_SNIFF_FONT, "font/ttf", NULL, NULL, NULL, is_ttf},
    {"OpenType font", GEN_SNIFF_FONT, "font/otf", NULL, NULL, NULL, is_otf},
    {"font collection", GEN_SNIFF_FONT, "font/collection", NULL, NULL, NULL, is_font_collection},
    {"WOFF font", GEN_SNIFF_FONT, "font/woff", NULL, NULL, NULL, is_woff},
    {"WOFF2 font", GEN_SNIFF_FONT, "font/woff2", NULL, NULL, NULL, is_woff2},
    {"PDF", GEN_SNIFF_UNKNOWN, "application/pdf", NULL, NULL, NULL, is_pdf},
    {"BMP", GEN_SNIFF_UNKNOWN, "image/bmp", NULL, NULL, NULL, is_bmp},
    {"TIFF", GEN_SNIFF_UNKNOWN, "image/tiff", NULL, NULL, NULL, is_tiff},
    {"ZIP", GEN_SNIFF_UNKNOWN, "application/zip", NULL, NULL, NULL, is_zip},
    {"SVG", GEN_SNIFF_UNKNOWN, "image/svg+xml", NULL, NULL, NULL, is_svg},
    {"text", GEN_SNIFF_TEXT, "text/plain", NULL, NULL, NULL, is_text},
    {"unknown bytes", GEN_SNIFF_UNKNOWN, "application/octet-stream", NULL, NULL, NULL, is_anything},
    {NULL, GEN_SNIFF_UNKNOWN, NULL, NULL, NULL, NULL, NULL},
};

const struct gen_sniff_format *gen_sniff_bytes(const uint8_t *head, size_t size, bool whole)
{
    const struct gen_sniff_format *format = formats;

    /* when the head is a cut of a longer file, its last character may be cut too */
    if (!whole) {
        size_t back;

        for (back = 0; back < 3 && size > 0 && (head[size - 1] & 0xc0) == 0x80; back++) {
            size--;
        }
        if (size > 0 && head[size - 1] >= 0xc0) {
            size--;
        }
    }
    while (!format->matches(head, size)) {
        format++; /* the last row matches anything */
    }
    return format;
}
