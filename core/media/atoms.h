/* atoms.h - the boxes of an MP4 or QuickTime file: is its index in front, is it whole.
 *
 * It reads headers only; what the streams are is media/decode's. Invariant: visits at most a fixed
 * number of boxes, whatever the file says.
 *
 * Thread: [any]. Floor: media. Tests: tests/media/sniff_test.c
 */
#ifndef GEN_MEDIA_ATOMS_H
#define GEN_MEDIA_ATOMS_H

#include "media/media_source.h"

#include <stdbool.h>

struct gen_atoms {
    bool index;          /* there is a moov */
    bool faststart;      /* moov stands before the first mdat or moof */
    bool truncated;      /* a box says it is longer than the file */
    bool fragmented;     /* there is a moof */
    uint32_t edit_lists; /* tracks with an edit list that has at least one entry */
};

/* Damaged boxes end the walk; what was seen until there is reported. */
void gen_atoms_read(const struct gen_media_source *source, struct gen_atoms *out);

#endif
