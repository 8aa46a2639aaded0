/* stack.h - the texts of one board: sizes, shrinking until they fit, positions.
 *
 * Split from board.h only for length: it fills board->items and, on an end card, board->logo.
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_STACK_H
#define TYPESET_STACK_H

#include "board.h"

struct stack_level { /* one size of all texts, in parts of the usual */
    double headline, rest;
    int lines; /* most of a headline */
};

struct stack_fit { /* the state of fitting */
    struct board *board;
    const struct letter_press *press;
    const struct stack_level *level; /* of the headlines */
    const struct stack_level *rest;  /* of all else */
    int no_headline;                 /* 1: the body speaks loudest */
    int contact;                     /* 1: the body of an end card is short: where to call or go */
    double break_from;               /* from this level down a headline's words may break */
    double base;                     /* multiplies all sizes */
    double legal;                    /* multiplies the size of small print */
    int last;                        /* 1: the smallest level: break words, cut */
    int logo_h;                      /* of the logo on an end card */
};

/* The size of a role's letters at the present level, px. */
double stack_size(const struct stack_fit *fit, enum job_role role);
/* Sets one item; most_height 0 = any. 0, or -1 (message printed). */
int stack_set(const struct stack_fit *fit, struct board_item *item, int most_height);

/* `top`: where the stack sits in the zone, 0 top to 1 bottom. 0, or -1 (message printed). */
int stack_lay(struct board *board, const struct job *job, double top, const struct board_mark *mark,
              const struct letter_press *press);

#endif
