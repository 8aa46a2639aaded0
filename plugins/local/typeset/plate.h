/* plate.h - what lies under the words: backdrop, picture, scrim, and the picture's own layer.
 *
 * Chooses how a picture is shown from its shape and transparency, so that a product cut-out stands
 * on the brand's backdrop and a photo is never cropped to nonsense.
 *
 * Invariant: plates are opaque and as large as the frame; layers and veils carry alpha.
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_PLATE_H
#define TYPESET_PLATE_H

#include "board.h"
#include "eye.h"
#include "raster.h"

struct plate {
    const struct job *job;
    const struct palette *palette;
    cairo_surface_t *picture; /* owned; NULL = none */
    struct raster_look look;  /* of the picture: the part of it that is shown on a stage */
    struct eye eye;           /* of the whole picture */
    int cutout;               /* 1: it has a transparent surround */
    struct board_box spot;    /* where the picture itself ended up (STAGE) */
    double under;             /* mean lightness under the texts, 0..1 (FULL) */
};

/* Loads the job's picture and says which kind of board suits it. 0 = failure (message printed). */
enum board_kind plate_open(struct plate *plate, const struct job *job,
                           const struct palette *palette);
void plate_fini(struct plate *plate);

/* The opaque bottom of the frame. A seal on the board moves to where it covers least. 0, or -1. */
int plate_write_base(struct plate *plate, struct board *board, FILE *file);
/* Is there a veil between picture and words? Then it is written as one yuva420p frame. */
int plate_has_veil(const struct plate *plate, const struct board *board);
int plate_write_veil(struct plate *plate, const struct board *board, FILE *file);
/* The picture as a layer of its own (STAGE): its surface with shadow; *box is its place, even.
 * NULL on failure. */
cairo_surface_t *plate_layer(struct plate *plate, struct board *board, struct board_box *box);

#endif
