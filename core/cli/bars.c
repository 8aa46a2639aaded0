/* bars.c - see bars.h. Columns, left to right; the later ones go first when there is no room:
 *   16x9  ━━━━━━━━━━━━━━━────── ~62 %  rendering  0:14  eta 0:09  $1.25
 * ~ stands before progress that is estimated.
 */
#include "cli/bars.h"

#include "cli/printable.h"

#include <stdio.h>
#include <string.h>

enum {
    BARS_NAME_MOST = 20,
    BARS_LEAST = 8, /* columns of a bar, or there is none */
    BARS_MOST = 40,
    BARS_STATE = 12, /* "queued (12)" */
    BARS_GAP = 2,
};

enum bars_part {
    BARS_PART_STATE = 1 << 0,
    BARS_PART_ELAPSED = 1 << 1,
    BARS_PART_ETA = 1 << 2,
    BARS_PART_COST = 1 << 3,
    BARS_PART_BAR = 1 << 4,
};

struct bars_column {
    unsigned part;
    size_t width; /* with its gap */
};

/* In the order in which they find room. */
static const struct bars_column bars_columns[] = {
    {BARS_PART_BAR, BARS_LEAST + BARS_GAP}, {BARS_PART_STATE, BARS_STATE + BARS_GAP},
    {BARS_PART_ELAPSED, 7 + BARS_GAP},      {BARS_PART_ETA, 11 + BARS_GAP},
    {BARS_PART_COST, 9 + BARS_GAP},         {0, 0},
};

struct bars_layout {
    const struct gen_bars_style *style;
    unsigned parts;
    size_t name, bar; /* columns */
    gen_moment now;
};

static const char bars_plain[] = "\033[0m";

const char *gen_bars_time(int64_t ms, char *out)
{
    int64_t seconds = ms > 0 ? ms / 1000 : 0;
    int hours = (int)(seconds / 3600 < 9999 ? seconds / 3600 : 9999);
    int minutes = (int)(seconds / 60 % 60), rest = (int)(seconds % 60);

    if (hours > 0) {
        (void)snprintf(out, GEN_BARS_TIME_SIZE, "%d:%02d:%02d", hours, minutes, rest);
    } else {
        (void)snprintf(out, GEN_BARS_TIME_SIZE, "%d:%02d", minutes, rest);
    }
    return out;
}

static void bars_layout(struct bars_layout *layout, const struct gen_board *board)
{
    size_t least = 4 + BARS_GAP + 5; /* name, gap, percent */
    size_t room;

    for (size_t i = 0; i < board->count; i++) {
        size_t width = gen_printable_width(board->rows[i].name);

        layout->name = width > layout->name ? width : layout->name;
    }
    layout->name = layout->name < BARS_NAME_MOST ? layout->name : BARS_NAME_MOST;
    if (layout->style->width < layout->name + BARS_GAP + 5) {
        layout->name = layout->style->width > least ? layout->style->width - BARS_GAP - 5 : 4;
    }
    room = layout->style->width > layout->name + BARS_GAP + 5
               ? layout->style->width - layout->name - BARS_GAP - 5
               : 0;
    for (const struct bars_column *column = bars_columns; column->part != 0; column++) {
        if (column->width <= room) {
            layout->parts |= column->part;
            room -= column->width;
        } else {
            break;
        }
    }
    layout->bar = BARS_LEAST + room < BARS_MOST ? BARS_LEAST + room : BARS_MOST;
}

static void bars_color(const struct bars_layout *layout, struct gen_bytes *out, const char *code)
{
    if (layout->style->colors) {
        (void)gen_bytes_text(out, code);
    }
}

static const char *bars_row_color(const struct gen_board_row *row)
{
    switch (row->status) {
    case GEN_PIPELINE_COMPLETED:
        return "\033[32m";
    case GEN_PIPELINE_FAILED:
        return "\033[31m";
    case GEN_PIPELINE_NEEDS_ATTENTION:
    case GEN_PIPELINE_CANCELED:
        return "\033[33m";
    default:
        return "\033[36m";
    }
}

static void bars_bar(const struct bars_layout *layout, const struct gen_board_row *row,
                     struct gen_bytes *out)
{
    const char *full = layout->style->unicode ? "\xe2\x94\x81" : "#";
    const char *empty = layout->style->unicode ? "\xe2\x94\x80" : "-";
    size_t filled = (size_t)(row->progress * (double)layout->bar);

    bars_color(layout, out, bars_row_color(row));
    for (size_t i = 0; i < layout->bar; i++) {
        if (i == filled) {
            bars_color(layout, out, "\033[0;2m");
        }
        (void)gen_bytes_text(out, i < filled ? full : empty);
    }
    bars_color(layout, out, bars_plain);
}

static void bars_pad(struct gen_bytes *out, size_t used, size_t wanted)
{
    for (; used < wanted; used++) {
        (void)gen_bytes_text(out, " ");
    }
}

/* A text of at most `width` columns, filled up with spaces, and a gap before it. */
static void bars_cell(struct gen_bytes *out, const char *text, size_t width)
{
    bars_pad(out, 0, BARS_GAP);
    bars_pad(out, gen_printable_fit(out, text, width), width);
}

/* Queue place, stage, or how it ended. */
static void bars_state(const struct gen_board_row *row, char *out, size_t size)
{
    if (row->status == GEN_PIPELINE_COMPLETED) {
        (void)snprintf(out, size, "ready");
    } else if (row->status == GEN_PIPELINE_PROCESSING && row->place > 0 && row->place < 10 &&
               row->phase == GEN_PHASE_WAITING) {
        (void)snprintf(out, size, "at prov. (%d)", (int)row->place);
    } else if (row->status == GEN_PIPELINE_PROCESSING &&
               (row->place <= 0 || row->phase > GEN_PHASE_QUEUED)) {
        (void)snprintf(out, size, "%s", gen_board_row_word(row));
    } else if (row->status == GEN_PIPELINE_NEEDS_ATTENTION) {
        (void)snprintf(out, size, "attention");
    } else if (row->place > 0) {
        (void)snprintf(out, size, "queued (%d)", (int)(row->place < 9999 ? row->place : 9999));
    } else {
        (void)snprintf(out, size, "%s", gen_pipeline_status_word(row->status));
    }
}

static void bars_times(const struct bars_layout *layout, const struct gen_board_row *row,
                       struct gen_bytes *out)
{
    char time[GEN_BARS_TIME_SIZE], text[GEN_BARS_TIME_SIZE + 8] = "";
    gen_moment end = row->ended_at != 0 ? row->ended_at : layout->now;

    if ((layout->parts & BARS_PART_ELAPSED) != 0) {
        bars_cell(out, row->started_at != 0 ? gen_bars_time(end - row->started_at, time) : "", 7);
    }
    if ((layout->parts & BARS_PART_ETA) != 0) {
        if (row->ended_at == 0 && row->estimated_at > layout->now) {
            (void)snprintf(text, sizeof(text), "eta %s",
                           gen_bars_time(row->estimated_at - layout->now, time));
        }
        bars_cell(out, text, 11);
    }
}

/* What is going on, or went wrong, where nothing else is said: in place of the columns of time. */
static bool bars_told(const struct bars_layout *layout, const struct gen_board_row *row)
{
    return row->note[0] != '\0' && (layout->parts & BARS_PART_ELAPSED) != 0 &&
           (row->status == GEN_PIPELINE_FAILED || row->status == GEN_PIPELINE_NEEDS_ATTENTION);
}

/* Is its progress worth a mark: under way, and not by those who render? */
static bool bars_guessed(const struct gen_board_row *row)
{
    return row->guessed && row->progress > 0 && !gen_pipeline_status_terminal(row->status);
}

static void bars_row(const struct bars_layout *layout, const struct gen_board_row *row,
                     struct gen_bytes *out)
{
    char state[32], share[16], money[GEN_MONEY_TEXT_SIZE], cost[GEN_MONEY_TEXT_SIZE + 1];
    size_t used = layout->name + BARS_GAP + 5;

    bars_pad(out, gen_printable_fit(out, row->name, layout->name), layout->name);
    if ((layout->parts & BARS_PART_BAR) != 0) {
        bars_pad(out, 0, BARS_GAP);
        bars_bar(layout, row, out);
        used += BARS_GAP + layout->bar;
    }
    (void)snprintf(share, sizeof(share), "%s%d", bars_guessed(row) ? "~" : "",
                   (int)(row->progress * 100.0 + 1e-9));
    (void)gen_bytes_printf(out, "%*s %%", (int)BARS_GAP + 3, share);
    if ((layout->parts & BARS_PART_STATE) != 0) {
        bars_state(row, state, sizeof(state));
        bars_color(layout, out, bars_row_color(row));
        bars_cell(out, state, BARS_STATE);
        bars_color(layout, out, bars_plain);
        used += BARS_GAP + BARS_STATE;
    }
    if (bars_told(layout, row)) {
        bars_pad(out, 0, BARS_GAP);
        (void)gen_printable_fit(out, row->note, layout->style->width - used - BARS_GAP);
    } else {
        bars_times(layout, row, out);
        if ((layout->parts & BARS_PART_COST) != 0) {
            (void)snprintf(cost, sizeof(cost), "$%s", gen_money_text(row->cost, 2, money));
            bars_cell(out, cost, 9);
        }
    }
    (void)gen_bytes_text(out, "\n");
}

/* "14:32" by the clock on the wall. */
static const char *bars_clock(const struct bars_layout *layout, gen_moment at, char *out)
{
    int64_t minutes = (at + layout->style->zone_ms) / 60000 % (24 * 60);

    (void)snprintf(out, GEN_BARS_TIME_SIZE, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
    return out;
}

/* "done about 14:32 (by 14:40)" of the job. */
static void bars_done(const struct bars_layout *layout, const struct gen_board *board, char *line,
                      size_t size)
{
    char about[GEN_BARS_TIME_SIZE], by[GEN_BARS_TIME_SIZE];
    gen_moment done, latest;
    size_t used = strlen(line);

    if (gen_board_done(board, &done, &latest) && done > layout->now) {
        (void)snprintf(line + used, size - used, "  done about %s (by %s)",
                       bars_clock(layout, done, about), bars_clock(layout, latest, by));
    }
}

/* The job in one line: "2 of 3 ready  $1.25 spent, $0.50 held  done about 14:32 (by 14:40)". */
static void bars_summary(const struct bars_layout *layout, const struct gen_board *board,
                         struct gen_bytes *out)
{
    char time[GEN_BARS_TIME_SIZE], spent[GEN_MONEY_TEXT_SIZE], held[GEN_MONEY_TEXT_SIZE];
    char line[256];
    gen_moment end = board->completed_at != 0 ? board->completed_at : layout->now;
    int size = snprintf(
        line, sizeof(line), "%zu of %zu ready  %s  $%s spent", gen_board_ready(board), board->count,
        gen_bars_time(end - board->created_at, time), gen_money_text(board->spent, 2, spent));

    if (board->held > 0 && size > 0 && (size_t)size < sizeof(line)) {
        (void)snprintf(line + size, sizeof(line) - (size_t)size, ", $%s held",
                       gen_money_text(board->held, 2, held));
    }
    bars_done(layout, board, line, sizeof(line));
    bars_color(layout, out, "\033[2m");
    (void)gen_printable_fit(out, line, layout->style->width);
    bars_color(layout, out, bars_plain);
    (void)gen_bytes_text(out, "\n");
}

size_t gen_bars_draw(const struct gen_board *board, gen_moment now,
                     const struct gen_bars_style *style, struct gen_bytes *out)
{
    struct bars_layout layout = {.style = style, .now = now};
    size_t room = style->lines > 1 ? style->lines - 1 : 1; /* for the rows */
    size_t shown = board->count <= room ? board->count : room - 1;

    bars_layout(&layout, board);
    for (size_t i = 0; i < shown; i++) {
        bars_row(&layout, &board->rows[i], out);
    }
    if (shown < board->count) {
        char more[48];

        (void)snprintf(more, sizeof(more), "... and %zu more", board->count - shown);
        (void)gen_printable_fit(out, more, style->width);
        (void)gen_bytes_text(out, "\n");
        shown++;
    }
    bars_summary(&layout, board, out);
    return shown + 1;
}
