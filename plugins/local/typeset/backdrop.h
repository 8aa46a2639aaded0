/* backdrop.h - colours without a picture: gradient, soft lights, rings, the scrim, the split edge.
 *
 * Everything is a function of the point, evaluated in floating point and dithered when written:
 * gradients drawn with 8 bits show bands on every screen.
 *
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_BACKDROP_H
#define TYPESET_BACKDROP_H

#include "board.h"
#include "raster.h"

struct backdrop {
    const struct board *board;
    const struct palette *palette;
    const struct backdrop_look *look; /* one of a table, by the scene's index */
    int flip;                         /* 1: mirrored in x */
    int card;                         /* 1: on the stage is a card, which needs no disc behind it */
    double under;                     /* lightness under the texts, for the scrim */
};

void backdrop_init(struct backdrop *backdrop, const struct board *board,
                   const struct palette *palette, int index);

raster_field backdrop_field; /* opaque: gradient, lights, shapes */
raster_field backdrop_scrim; /* dark towards the texts, clear elsewhere */
raster_field
    backdrop_split; /* the backdrop with a hole for the picture, and a stripe on its edge */

#endif
