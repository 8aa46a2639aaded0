/* motion.h - how an item of a board looks and how it comes in: art, then frames of its entry.
 *
 * The entry is drawn here, frame by frame, because ffmpeg moves pictures by whole (even) pixels
 * only; the last frame stands until the scene ends.
 *
 * Invariant: the last frame of an entry is exactly the art in its place.
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_MOTION_H
#define TYPESET_MOTION_H

#include "board.h"
#include "raster.h"

enum motion_entry {
    MOTION_RISE = 1,  /* line by line out of an invisible slot */
    MOTION_SLIDE = 2, /* up a little, and in */
    MOTION_POP = 3,   /* grows past its size and settles */
    MOTION_FADE = 4,
};

/* One line of a headline, alone: a neighbour's descenders must not move with it. */
struct motion_strip {
    cairo_surface_t *face; /* owned */
    int y;                 /* its top, in the art's surface */
    int slot, height;      /* the slot that the line comes out of: its bottom edge, its depth */
};

struct motion_art {
    cairo_surface_t *face; /* owned */
    struct board_box box;  /* on the frame; even numbers, may reach over its edges */
    enum motion_entry entry;
    struct motion_strip strips[LETTER_MAX_LINES]; /* of MOTION_RISE */
    int strip_count;
    int frames; /* of the entry */
};

/* The look of one text on this ground. 0, or -1 (message printed). */
int motion_draw_item(struct motion_art *art, const struct job *job, const struct board *board,
                     const struct board_item *item, const struct palette *palette);
/* The logo, on a plate of its own where it would not be seen. 0, or -1. */
int motion_draw_logo(struct motion_art *art, const struct job *job, const struct board *board,
                     cairo_surface_t *logo, const struct palette *palette);
void motion_fini(struct motion_art *art);

/* Writes the frames of the entry. 0, or -1. */
int motion_write(const struct motion_art *art, FILE *file);

#endif
