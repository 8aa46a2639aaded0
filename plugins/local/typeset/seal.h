/* seal.h - moves the round badge to where it hides least of the picture.
 *
 * NOT here: its size and its first place (aside.h), its look (motion.h).
 * Invariant: it stays inside `safe` and touches neither texts nor the mark.
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_SEAL_H
#define TYPESET_SEAL_H

#include "board.h"
#include "eye.h"

/* Over the picture that fills `frame`, or a side of it. 0, or -1 (message printed). */
int seal_settle_on_frame(struct board *board, cairo_surface_t *frame);

struct seal_view { /* the part of a picture that is shown, in parts of it */
    double x, y, w, h;
};
/* On the upper or the lower corner of a card at `card`, which shows `view` of what `eye` saw. */
void seal_settle_on_card(struct board *board, const struct eye *eye, struct seal_view view,
                         struct board_box card);

#endif
