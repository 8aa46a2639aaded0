/* eye.h - where a picture is busy: a coarse map of edges and skin, for cropping and for placing
 * what must not cover the subject.
 *
 * NOT here: recognition. A map says "look here rather than there", no more; where it says nothing
 * the middle wins.
 *
 * Invariant: weights are shares of the whole picture, 0..1; the same pixels give the same map.
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_EYE_H
#define TYPESET_EYE_H

#include <cairo.h>

enum { EYE_CELLS = 32 }; /* across and down */

struct eye {
    double cells[EYE_CELLS][EYE_CELLS]; /* [row][column]; all together 1 */
};

/* Looks at a surface. 0, or -1 (message printed). */
int eye_open(struct eye *eye, cairo_surface_t *surface);
/* What a box holds, all in parts of the picture. */
double eye_weight(const struct eye *eye, double x, double y, double w, double h);
/* Where a window of `share` of the width (or of the height, `down` = 1) begins at best. */
double eye_crop(const struct eye *eye, double share, int down);

#endif
