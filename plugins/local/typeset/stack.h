/* stack.h - the texts of one board: sizes, shrinking until they fit, positions.
 *
 * Split from board.h only for length: it fills board->items and, on an end card, board->logo.
 * Thread: one. Program: gen-typeset. Tests: ../tests/typeset_test.sh
 */
#ifndef TYPESET_STACK_H
#define TYPESET_STACK_H

#include "board.h"

/* `top`: where the stack sits in the zone, 0 top to 1 bottom. 0, or -1 (message printed). */
int stack_lay(struct board *board, const struct job *job, double top, double logo_ratio,
              const struct letter_press *press);

#endif
