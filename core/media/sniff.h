/* sniff.h - what a file is by its first bytes, never by its name.
 *
 * Only what has a row here is ever handed to a decoder, and only to the demuxer or decoder that the
 * row names: a playlist is text, a document is unknown, and neither meets libav.
 * Invariant: reads nothing outside the bytes it is given.
 *
 * Thread: [any]. Floor: media. Tests: tests/media/sniff_test.c
 */
#ifndef GEN_MEDIA_SNIFF_H
#define GEN_MEDIA_SNIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GEN_SNIFF_HEAD = 65536 }; /* bytes of the beginning that are worth handing in */

enum gen_sniff_kind {
    GEN_SNIFF_UNKNOWN = 1, /* perhaps recognized, never opened */
    GEN_SNIFF_PICTURE,
    GEN_SNIFF_CONTAINER, /* video or audio: its streams decide */
    GEN_SNIFF_SOUND,     /* holds sound only */
    GEN_SNIFF_FONT,
    GEN_SNIFF_TEXT,
};

struct gen_sniff_format {
    const char *name; /* for people: "PNG" */
    enum gen_sniff_kind kind;
    const char *media_type; /* with video, or the only one */
    const char *audio_type; /* container without video; NULL = media_type */
    const char *demuxer;    /* libav's name; NULL = the whole file is one packet, or not opened */
    const char *decoder;    /* pictures: libav's decoder; NULL for others */
    bool (*matches)(const uint8_t *head, size_t size);
};

/* Never NULL: at least the row of unknown bytes. `whole` = the head is the whole file. */
const struct gen_sniff_format *gen_sniff_bytes(const uint8_t *head, size_t size, bool whole);

#endif
