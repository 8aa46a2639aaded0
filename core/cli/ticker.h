/* ticker.h - tells how a job goes on while one waits: bars on a terminal, lines when piped, JSON
 * lines with --json.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/unit/cli/bars_test.c
 */
#ifndef GEN_CLI_TICKER_H
#define GEN_CLI_TICKER_H

#include "cli/board.h"
#include "cli/session.h"

enum gen_ticker_kind {
    GEN_TICKER_BARS = 1,
    GEN_TICKER_LINES,
    GEN_TICKER_JSON,
    GEN_TICKER_SILENT,
};

struct gen_ticker_row { /* what a line last said of a pipeline */
    enum gen_pipeline_status status;
    enum gen_stage stage;
    enum gen_phase phase;
    int tenth; /* of its progress */
};

struct gen_ticker { /* caller owns; gen_ticker_init, gen_ticker_fini */
    struct gen_session *session;
    enum gen_ticker_kind kind;
    bool unicode;
    size_t drawn;                           /* lines on the terminal that are redrawn */
    size_t widths[GEN_BOARD_ROWS_MOST + 2]; /* their columns */
    enum gen_job_status status;
    struct gen_ticker_row rows[GEN_BOARD_ROWS_MOST];
};

/* Follows from --json, --quiet and what standard output is. */
enum gen_ticker_kind gen_ticker_kind_of(struct gen_session *session);

void gen_ticker_init(struct gen_ticker *ticker, struct gen_session *session);
/* Leaves what is drawn on the screen and the cursor below it. */
void gen_ticker_fini(struct gen_ticker *ticker);

/* The board as it is now; draws or says what changed. */
void gen_ticker_show(struct gen_ticker *ticker, const struct gen_board *board);

/* A message of the stream as it came (JSON lines only). */
void gen_ticker_event(struct gen_ticker *ticker, const struct gen_node *event);

/* A remark above the bars; harmless text. With --json on standard error. */
void gen_ticker_note(struct gen_ticker *ticker, const char *format, ...) GEN_PRINTF(2, 3);

#endif
