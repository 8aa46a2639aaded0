/* mark.h - the brand's mark: its logo, or its name in letters where there is no logo.
 *
 * NOT here: where it stands (board.h), how it comes in (motion.h).
 * Invariant: the surface has no clear margins.
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_MARK_H
#define TYPESET_MARK_H

#include "board.h"

struct mark {
    cairo_surface_t *surface; /* owned; NULL = the brand has neither */
    struct board_mark shape;
};

/* Loads or sets the mark for a board of this kind. 0, or -1 (message printed). */
int mark_open(struct mark *mark, const struct job *job, enum board_kind kind,
              const struct palette *palette, const struct letter_press *press);
void mark_fini(struct mark *mark);

#endif
