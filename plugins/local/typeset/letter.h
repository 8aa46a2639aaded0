/* letter.h - text set by Pango: fonts, styles of the roles, wrapping, shrinking, ellipsis.
 *
 * Works for any script that the installed fonts cover: fontconfig chooses fallback fonts, Pango
 * orders right-to-left text. NOT here: where on the frame a text goes (board.h).
 *
 * Invariant: a letter is never wider than asked; with `most_height` never higher.
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_LETTER_H
#define TYPESET_LETTER_H

#include "job.h"
#include "tint.h"

#include <cairo.h>
#include <pango/pangocairo.h>

enum { LETTER_MAX_LINES = 40 };

struct letter_style {
    int weight;      /* PANGO_WEIGHT_... */
    int display;     /* 1: the display cut of the family */
    double tracking; /* em; only for scripts that bear it */
    double leading;  /* line pitch, in parts of the usual; scripts with tall marks keep theirs */
};

struct letter {
    PangoLayout *layout; /* owned; NULL = none */
    int width, height;   /* of the logical box: the widest line, all lines */
    int lines;
    int top[LETTER_MAX_LINES];    /* of each line's ink, from the top of the logical box */
    int bottom[LETTER_MAX_LINES]; /* the same, with descenders: may lie below the next top */
    int over_x, over_y;           /* ink outside the logical box: how much margin it needs */
    int broken;                   /* 1: a word did not fit the width */
    int thin;                     /* 1: a line before the last is not half as long as the longest */
};

struct letter_press {      /* what all letters of a job share */
    PangoContext *context; /* owned */
    char *family;          /* the list of families */
    char *display;         /* the same for headlines */
};

int letter_press_init(struct letter_press *press, const struct job *job);
/* drawn: everything was, so that nothing of the libraries is under way any more. */
void letter_press_fini(struct letter_press *press, int drawn);

extern const struct letter_style letter_styles[6]; /* by enum job_role */

struct letter_ask {
    const char *text;
    const struct letter_style *style;
    double size;          /* px */
    int width;            /* most, px */
    int most_height;      /* px; 0 = any. Longer text ends in an ellipsis */
    int break_words;      /* 1: words that are too long may break */
    int balance;          /* 1: lines of even length */
    PangoAlignment align; /* LEFT is the start of the line in the text's own direction */
};

/* Sets `ask` into *letter. 0, or -1 (message printed). End with letter_fini. */
int letter_set(const struct letter_press *press, const struct letter_ask *ask,
               struct letter *letter);
void letter_fini(struct letter *letter);
/* Paints it with the logical box's corner at (x, y). */
void letter_paint(const struct letter *letter, cairo_t *cr, double x, double y, struct tint color);
/* Paints one line of it in the place that letter_paint gives it. */
void letter_paint_line(const struct letter *letter, int line, cairo_t *cr, double x, double y,
                       struct tint color);

/* 1 when the text reads from right to left. */
int letter_is_rtl(const char *text);
/* Characters (not bytes). */
int letter_count(const char *text);

#endif
