/* sniff_test.c - the rooms that read bytes from outside without libav: sniff, extent, atoms; and
 * orientation's arithmetic. */
#include "media/atoms.h"
#include "media/extent.h"
#include "media/orientation.h"
#include "media/sniff.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>
#include <string.h>

struct sample {
    const char *bytes;
    size_t size;
    const char *media_type;
    const char *why;
};

#define ROW(text, type, why) \
    { \
        text, sizeof(text) - 1, type, why \
    }

static const struct sample samples[] = {
    ROW("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png", "signature and first chunk"),
    ROW("\x89PNG\r\n\x1a\n\0\0\0\rCgBI", "application/octet-stream", "Apple's crushed PNG is none"),
    ROW("\xff\xd8\xff\xe0", "image/jpeg", "SOI and any marker"),
    ROW("GIF89a\1\0\1\0", "image/gif", "new GIF"),
    ROW("GIF87a\1\0\1\0", "image/gif", "old GIF"),
    ROW("RIFF\0\0\0\0WEBPVP8 ", "image/webp", "RIFF is three things"),
    ROW("RIFF\0\0\0\0WAVEfmt ", "audio/wav", "RIFF is three things"),
    ROW("RF64\0\0\0\0WAVEds64", "audio/wav", "WAV over 4 GB"),
    ROW("RIFF\0\0\0\0AVI LIST", "video/x-msvideo", "RIFF is three things"),
    ROW("RIFF\0\0\0\0ACON", "application/octet-stream", "animated cursor"),
    ROW("\0\0\0\x14"
        "ftypisom\0\0\2\0isom",
        "video/mp4", "MP4"),
    ROW("\0\0\0\x14"
        "ftypqt  \0\0\2\0qt  ",
        "video/quicktime", "QuickTime brand"),
    ROW("\0\0\0\x08"
        "wide\0\0\1\0mdat",
        "video/quicktime", "QuickTime before ftyp"),
    ROW("\0\0\0\x14"
        "ftypM4A \0\0\2\0isom",
        "video/mp4", "sound; its streams decide"),
    ROW("\0\0\0\x1c"
        "ftypmif1\0\0\0\0mif1avif",
        "image/avif", "only a compatible brand says so"),
    ROW("\0\0\0\x18"
        "ftypheic\0\0\0\0mif1heic",
        "image/heic", "HEIC"),
    ROW("\0\0\0\x10"
        "ftypisom\0\0\2\0avif",
        "video/mp4", "a brand after the box is none"),
    ROW("\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm", "video/webm", "EBML doc type"),
    ROW("\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska", "video/x-matroska", "EBML doc type"),
    ROW("\x1a\x45\xdf\xa3\x9f\x42\x82\x83xyz", "application/octet-stream", "other EBML"),
    ROW("OggS\0\2", "video/ogg", "Ogg"),
    ROW("fLaC\0\0", "audio/flac", "FLAC"),
    ROW("ID3\4\0\0\0\0\x7f\x7f", "audio/mpeg", "a tag larger than what we see"),
    ROW("\xff\xfb\x90\x00", "audio/mpeg", "one whole frame header, nothing to contradict it"),
    ROW("\xff\xfb\xf0\x00", "application/octet-stream", "bit rate 15 does not exist"),
    ROW("\xff\xf1\x50\x80\x00\xff\xfc\xff\xf1", "audio/aac", "ADTS, two frames in a row"),
    ROW("\xff\xf1\x50\x80\x00\xff\xfc\0\0", "application/octet-stream", "ADTS, no second frame"),
    ROW("\0\1\0\0\0\x0b\0\x80\0\3\0\x30", "font/ttf", "TrueType"),
    ROW("OTTO\0\x0b", "font/otf", "OpenType"),
    ROW("wOFF", "font/woff", "web font"),
    ROW("wOF2", "font/woff2", "web font"),
    ROW("%PDF-1.7", "application/pdf", "known, never opened"),
    ROW("PK\3\4", "application/zip", "known, never opened"),
    ROW("#EXTM3U\nhttp://x/", "text/plain", "a playlist is text and meets no demuxer"),
    ROW("ffconcat version 1.0", "text/plain", "so is a concat script"),
    ROW("Gr\xc3\xbc\xc3\x9f"
        "e",
        "text/plain", "UTF-8"),
    ROW("Gr\xfc\xdf"
        "e",
        "application/octet-stream", "Latin-1 is not UTF-8"),
    ROW("a\0b", "application/octet-stream", "text has no NUL"),
    ROW("\xef\xbb\xbf<svg/>", "image/svg+xml", "after a byte order mark"),
    ROW("<?xml version='1.0'?>\n<!-- x --><svg>", "image/svg+xml", "after an XML declaration"),
    ROW("a < b <svg", "text/plain", "a text that mentions it"),
    {NULL, 0, NULL, NULL},
};

Test(sniff, recognizes)
{
    const struct sample *row;

    for (row = samples; row->bytes != NULL; row++) {
        const struct gen_sniff_format *got = gen_sniff_bytes((const uint8_t *)row->bytes, row->size,
                                                             true);

        cr_expect(eq(str, (char *)got->media_type, (char *)row->media_type), "%s", row->why);
    }
}

/* A recognizer must live with the file ending anywhere: exact blocks let sanitizers see more. */
Test(sniff, reads_nothing_past_the_end)
{
    const struct sample *row;
    size_t size;

    for (row = samples; row->bytes != NULL; row++) {
        for (size = 0; size <= row->size; size++) {
            uint8_t *block = malloc(size == 0 ? 1 : size);

            memcpy(block, row->bytes, size);
            cr_expect(ne(ptr, (void *)gen_sniff_bytes(block, size, true), NULL));
            cr_expect(ne(ptr, (void *)gen_sniff_bytes(block, size, false), NULL));
            free(block);
        }
    }
}

Test(sniff, forgives_a_character_cut_by_the_window)
{
    static const uint8_t cut[] = "Gr\xc3";
    const struct gen_sniff_format *got = gen_sniff_bytes(cut, 3, false);

    cr_expect(eq(int, (int)got->kind, GEN_SNIFF_TEXT), "the window ends inside a character");
    got = gen_sniff_bytes(cut, 3, true);
    cr_expect(eq(int, (int)got->kind, GEN_SNIFF_UNKNOWN), "the file ends inside a character");
}

static const struct {
    const char *bytes;
    size_t size;
    uint32_t width, height;
    bool animated;
    const char *why;
} pictures[] = {
    {"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\2\0\0\0\3", 24, 258, 3, false, "PNG, big-endian"},
    {"GIF89a\2\1\3\0", 10, 258, 3, false, "GIF, little-endian"},
    {"\xff\xd8\xff\xe0\0\4ab\xff\xff\xc2\0\x0b\x08\0\3\1\2", 18, 258, 3, false,
     "JPEG: another segment, a fill byte, progressive"},
    {"\xff\xd8\xff\xc4\0\4ab\xff\xda\0\4ab", 14, 0, 0, false, "JPEG: a scan without a frame"},
    {"\xff\xd8\xff\xe0\xff\xff"
     "abcd",
     10, 0, 0, false, "JPEG: the segment passes the end"},
    {"\xff\xd8\xff\xc0\0\x0b\x08\0\0\0\0", 11, 0, 0, false, "JPEG: zero pixels"},
    {"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\2\0\0\0\1\1\0\2\0\0", 30, 258, 3, true,
     "WebP, extended and animated"},
    {"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\1\x81\0\0\0\0\0\0\0", 30, 258, 3, false, "WebP, lossless"},
    {"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\1\x2a\2\1\3\0", 30, 258, 3, false, "WebP, lossy"},
    {NULL, 0, 0, 0, false, NULL},
};

Test(extent, reads_sizes_from_headers)
{
    size_t index;

    for (index = 0; pictures[index].bytes != NULL; index++) {
        const uint8_t *bytes = (const uint8_t *)pictures[index].bytes;
        size_t size = pictures[index].size;
        const struct gen_sniff_format *format = gen_sniff_bytes(bytes, size, true);
        struct gen_media_source source;
        struct gen_extent extent = {0};
        struct gen_error err;
        enum gen_status status;

        cr_assert(eq(int, (int)format->kind, GEN_SNIFF_PICTURE), "%s", pictures[index].why);
        gen_media_source_memory(bytes, size, &source);
        status = gen_extent_read(&source, format, &extent, &err);
        if (pictures[index].width == 0) {
            cr_expect(eq(int, (int)status, GEN_EINVAL), "%s", pictures[index].why);
            continue;
        }
        cr_expect(eq(int, (int)status, GEN_OK), "%s", pictures[index].why);
        cr_expect(eq(u32, extent.width, pictures[index].width), "%s", pictures[index].why);
        cr_expect(eq(u32, extent.height, pictures[index].height), "%s", pictures[index].why);
        cr_expect(eq(int, extent.animated, pictures[index].animated), "%s", pictures[index].why);
    }
}

Test(extent, a_cut_header_is_an_error)
{
    size_t index, size;

    for (index = 0; pictures[index].bytes != NULL; index++) {
        const struct gen_sniff_format *format =
            gen_sniff_bytes((const uint8_t *)pictures[index].bytes, pictures[index].size, true);

        for (size = 1; size < pictures[index].size; size++) {
            struct gen_media_source source;
            struct gen_extent extent;

            gen_media_source_memory((const uint8_t *)pictures[index].bytes, size, &source);
            cr_expect(eq(int, (int)gen_extent_read(&source, format, &extent, NULL), GEN_EINVAL),
                      "%s, %zu bytes", pictures[index].why, size);
        }
    }
}

#define FTYP \
    "\0\0\0\x10" \
    "ftypisom\0\0\2\0"
/* moov > trak > edts > elst with one entry */
#define MOOV \
    "\0\0\0\x28" \
    "moov\0\0\0\x20" \
    "trak\0\0\0\x18" \
    "edts\0\0\0\x10" \
    "elst\0\0\0\0\0\0\0\1"
#define MDAT \
    "\0\0\0\x0a" \
    "mdatxx"

static const struct {
    const char *bytes;
    size_t size;
    bool index, faststart, truncated, fragmented;
    uint32_t edit_lists;
    const char *why;
} movies[] = {
    {FTYP MOOV MDAT, 16 + 40 + 10, true, true, false, false, 1, "index in front"},
    {FTYP MDAT MOOV, 16 + 10 + 40, true, false, false, false, 1, "index at the end"},
    {FTYP MOOV MDAT, 16 + 40 + 9, true, true, true, false, 1, "the data is cut"},
    {FTYP MDAT, 16 + 9, false, false, true, false, 0, "cut before the index"},
    {FTYP "\0\0\0\1mdat\0\0\0\0\0\0\0\x12"
          "xx" MOOV,
     16 + 18 + 40, true, false, false, false, 1, "64-bit size"},
    {FTYP MOOV "\0\0\0\0mdatxx", 16 + 40 + 10, true, true, false, false, 1, "size 0: to the end"},
    {FTYP MOOV "\0\0\0\4mdatxx", 16 + 40 + 10, true, true, false, false, 1,
     "a size below the header ends the walk"},
    {FTYP "\0\0\0\1mdat\xff\xff\xff\xff\xff\xff\xff\xff", 32, false, false, true, false, 0,
     "a size that would wrap around"},
    {FTYP "\0\0\0\x08"
          "moof" MOOV,
     16 + 8 + 40, true, false, false, true, 1, "fragments first"},
    {NULL, 0, false, false, false, false, 0, NULL},
};

Test(atoms, walks_the_boxes)
{
    size_t index;

    for (index = 0; movies[index].bytes != NULL; index++) {
        const char *why = movies[index].why;
        struct gen_media_source source;
        struct gen_atoms atoms;

        gen_media_source_memory((const uint8_t *)movies[index].bytes, movies[index].size, &source);
        gen_atoms_read(&source, &atoms);
        cr_expect(eq(int, atoms.index, movies[index].index), "index: %s", why);
        cr_expect(eq(int, atoms.faststart, movies[index].faststart), "faststart: %s", why);
        cr_expect(eq(int, atoms.truncated, movies[index].truncated), "truncated: %s", why);
        cr_expect(eq(int, atoms.fragmented, movies[index].fragmented), "fragmented: %s", why);
        cr_expect(eq(u32, atoms.edit_lists, movies[index].edit_lists), "edit lists: %s", why);
    }
}

/* A stored 3 x 2 picture, its pixels numbered row by row, as each orientation shows it. */
static const struct {
    enum gen_orientation orientation;
    const char *shown;
    int degrees;
    bool mirrored;
    int32_t matrix[9];
} turns[] = {
    {GEN_ORIENTATION_NORMAL, "012 345", 0, false, {1, 0, 0, 0, 1, 0, 0, 0, 1}},
    {GEN_ORIENTATION_MIRROR, "210 543", 0, true, {-1, 0, 0, 0, 1, 0, 0, 0, 1}},
    {GEN_ORIENTATION_TURN_180, "543 210", 180, false, {-1, 0, 0, 0, -1, 0, 0, 0, 1}},
    {GEN_ORIENTATION_FLIP, "345 012", 180, true, {1, 0, 0, 0, -1, 0, 0, 0, 1}},
    {GEN_ORIENTATION_TRANSPOSE, "03 14 25", 270, true, {0, 1, 0, 1, 0, 0, 0, 0, 1}},
    {GEN_ORIENTATION_TURN_90, "30 41 52", 90, false, {0, 1, 0, -1, 0, 0, 0, 0, 1}},
    {GEN_ORIENTATION_TRANSVERSE, "52 41 30", 90, true, {0, -1, 0, -1, 0, 0, 0, 0, 1}},
    {GEN_ORIENTATION_TURN_270, "25 14 03", 270, false, {0, -1, 0, 1, 0, 0, 0, 0, 1}},
};

Test(orientation, shows_every_pixel_in_its_place)
{
    size_t index;

    for (index = 0; index < GEN_COUNT(turns); index++) {
        bool swaps = gen_orientation_swaps(turns[index].orientation), mirrored;
        int width = swaps ? 2 : 3, height = swaps ? 3 : 2, x, y;
        char shown[16];
        size_t at = 0;

        for (y = 0; y < height; y++) {
            for (x = 0; x < width; x++) {
                int from_x, from_y;

                gen_orientation_locate(turns[index].orientation, 3, 2, x, y, &from_x, &from_y);
                shown[at++] = (char)('0' + from_y * 3 + from_x);
            }
            shown[at++] = y + 1 < height ? ' ' : '\0';
        }
        cr_expect(eq(str, shown, (char *)turns[index].shown), "orientation %zu", index + 1);
        cr_expect(eq(int, (int)gen_orientation_of_matrix(turns[index].matrix),
                     (int)turns[index].orientation));
        cr_expect(eq(int, gen_orientation_degrees(turns[index].orientation, &mirrored),
                     turns[index].degrees));
        cr_expect(eq(int, mirrored, turns[index].mirrored));
    }
}
