/* board.h - the layout of a scene: where picture, texts, logo stand on a frame of any shape.
 *
 * Chosen by the shape of the frame (landscape, square, portrait) and by what there is to show;
 * numbers are rows of tables, in parts of the frame's short side. Texts shrink together, step by
 * step, until they fit their zone; what does not fit at the smallest size ends in an ellipsis.
 *
 * Invariant: every item's box lies inside `safe`, which keeps clear of the places where
 * portrait apps draw their own buttons (top 14 %, bottom 20 %).
 * Thread: one. Program: gen-typeset. Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_BOARD_H
#define TYPESET_BOARD_H

#include "job.h"
#include "letter.h"

enum board_shape { BOARD_LANDSCAPE = 1, BOARD_SQUARE = 2, BOARD_PORTRAIT = 3 };

enum board_kind {
    BOARD_FULL = 1,       /* picture or footage fills the frame, text on a scrim */
    BOARD_SPLIT = 2,      /* picture fills one side behind a curved edge */
    BOARD_STAGE = 3,      /* picture stands on the backdrop: a cut-out, or a card */
    BOARD_COLOR = 4,      /* no picture */
    BOARD_END = 5,        /* the end card */
    BOARD_STAGE_TALL = 6, /* a tall picture stands beside the texts, not above them */
};

enum board_dress { BOARD_PLAIN = 1, BOARD_PILL = 2, BOARD_BUTTON = 3, BOARD_SEAL = 4 };

struct board_box {
    int x, y, w, h;
};

struct board_mark { /* the shape of the brand's mark */
    double ratio;   /* width / height; 0 = there is none */
    int lines;      /* of a name in letters; 0 = it is a picture */
    int width;      /* px of the picture: it is not enlarged much */
};

struct board_item {
    enum job_role role;
    enum board_dress dress;
    const char *text;
    struct letter letter; /* owned by the board */
    struct board_box box; /* with padding of pills and buttons */
    int pad_x, pad_y;
    double size;
};

struct board {
    enum board_shape shape;
    enum board_kind kind;
    int width, height;
    double side;                          /* the short side, px */
    int rtl;                              /* 1: mirrored */
    int centered;                         /* 1: lines are centred */
    struct board_box safe, zone, picture; /* zone: of the stacked texts */
    struct board_box logo;                /* w = 0: none */
    double under_logo;                    /* lightness of the picture there; 0 = unknown */
    struct board_item items[JOB_MAX_TEXTS];
    size_t item_count;
};

/* Lays out `job` with a mark of this shape. 0, or -1 (message printed). */
int board_lay(struct board *board, const struct job *job, enum board_kind kind,
              const struct board_mark *mark, const struct letter_press *press);
void board_fini(struct board *board);

enum board_shape board_shape_of(int width, int height);
int board_is_stage(const struct board *board);
/* The place of the picture of this kind, before any text is laid out. */
struct board_box board_picture(const struct job *job, enum board_kind kind, int rtl);
/* Is there so much to read that the picture has to make room? */
int board_is_wordy(const struct job *job);
/* Characters to read, small print not counted. */
int board_characters(const struct job *job);
/* Do the texts of the job read from right to left? */
int board_is_rtl(const struct job *job);

#endif
