/* bars.h - a board as lines for a terminal: one bar per pipeline, never wider than the window.
 *
 * Pure: the same board, instant and style give the same bytes. It moves no cursor (cli/ticker.c).
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/bars_test.c
 */
#ifndef GEN_CLI_BARS_H
#define GEN_CLI_BARS_H

#include "base/bytes.h"
#include "cli/board.h"

struct gen_bars_style {
    size_t width; /* columns of the window */
    size_t lines; /* at most so many */
    bool colors;
    bool unicode;    /* else ASCII only */
    int64_t zone_ms; /* of the clock on the wall, east of Greenwich */
};

/* Appends the lines, each with a newline. Returns their number. */
size_t gen_bars_draw(const struct gen_board *board, gen_moment now,
                     const struct gen_bars_style *style, struct gen_bytes *out);

enum { GEN_BARS_TIME_SIZE = 24 };

/* "0:07", "12:30", "1:02:03"; negative is 0. Returns `out` (GEN_BARS_TIME_SIZE bytes). */
const char *gen_bars_time(int64_t ms, char *out);

#endif
