/* ticker.c - see ticker.h. */
#include "cli/ticker.h"

#include "base/utf8.h"
#include "cli/bars.h"
#include "cli/printable.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum { TICKER_WIDTH = 80, TICKER_HEIGHT = 24, TICKER_SCREEN_MOST = 1024 * 1024 };

/* Does the user's locale say UTF-8? The first variable that is set decides, as in setlocale. */
static bool ticker_unicode(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG", NULL};

    for (const char *const *name = names; *name != NULL; name++) {
        const char *value = getenv(*name);

        if (value != NULL && value[0] != '\0') {
            return strstr(value, "UTF-8") != NULL || strstr(value, "utf8") != NULL ||
                   strstr(value, "utf-8") != NULL || strstr(value, "UTF8") != NULL;
        }
    }
    return false;
}

static bool ticker_can_redraw(struct gen_session *session)
{
    const char *terminal = getenv("TERM");

    return isatty(fileno(session->out)) == 1 && terminal != NULL && terminal[0] != '\0' &&
           strcmp(terminal, "dumb") != 0;
}

enum gen_ticker_kind gen_ticker_kind_of(struct gen_session *session)
{
    if (session->options.json) {
        return GEN_TICKER_JSON;
    }
    if (session->options.quiet) {
        return GEN_TICKER_SILENT;
    }
    return ticker_can_redraw(session) ? GEN_TICKER_BARS : GEN_TICKER_LINES;
}

void gen_ticker_init(struct gen_ticker *ticker, struct gen_session *session)
{
    *ticker = (struct gen_ticker){.session = session, .unicode = ticker_unicode()};
    ticker->kind = gen_ticker_kind_of(session);
    for (size_t i = 0; i < GEN_BOARD_ROWS_MOST; i++) {
        ticker->rows[i].tenth = -1;
    }
}

void gen_ticker_fini(struct gen_ticker *ticker)
{
    (void)fflush(ticker->session->out);
    ticker->drawn = 0;
}

static void ticker_window(const struct gen_ticker *ticker, size_t *width, size_t *height)
{
    struct winsize window = {0};

    *width = TICKER_WIDTH;
    *height = TICKER_HEIGHT;
    if (ioctl(fileno(ticker->session->out), TIOCGWINSZ, &window) == 0 && window.ws_col > 0) {
        *width = window.ws_col;
        *height = window.ws_row > 1 ? window.ws_row : TICKER_HEIGHT;
    }
}

/* Takes the cursor to where the bars begin and clears from there. Terminals fold lines that are
 * longer than a window that became narrower, so there may be more to climb. */
static void ticker_rewind(struct gen_ticker *ticker, size_t width, struct gen_bytes *out)
{
    size_t climb = 0;

    for (size_t i = 0; i < ticker->drawn; i++) {
        climb += ticker->widths[i] > width ? (ticker->widths[i] + width - 1) / width : 1;
    }
    if (climb > 0) {
        (void)gen_bytes_printf(out, "\r\033[%zuA\033[J", climb);
    }
    ticker->drawn = 0;
}

/* Notes how many columns each of the lines has that begin at `from`; colours have none. */
static void ticker_measure(struct gen_ticker *ticker, const struct gen_bytes *screen, size_t from)
{
    size_t width = 0, line = 0, taken;
    uint32_t codepoint;

    while (from < screen->size && line < GEN_COUNT(ticker->widths)) {
        if (screen->data[from] == '\033') {
            from += strcspn(screen->data + from, "m") + 1;
        } else if (screen->data[from] == '\n') {
            ticker->widths[line++] = width;
            width = 0;
            from++;
        } else {
            taken = gen_utf8_next(screen->data + from, screen->size - from, &codepoint);
            width += taken > 0 ? gen_printable_columns(codepoint) : 1;
            from += taken > 0 ? taken : 1;
        }
    }
}

/* How far the clock on the wall is ahead of Greenwich. */
static int64_t ticker_zone(gen_moment now)
{
    time_t seconds = (time_t)(now / 1000);
    struct tm local;

    if (localtime_r(&seconds, &local) == NULL) { /* house-allow call: of the one who looks on */
        return 0;
    }
    return (int64_t)local.tm_gmtoff * 1000;
}

static void ticker_draw(struct gen_ticker *ticker, const struct gen_board *board)
{
    struct gen_bytes screen;
    struct gen_bars_style style = {.colors = ticker->session->colors,
                                   .unicode = ticker->unicode,
                                   .zone_ms = ticker_zone(gen_clock_now(ticker->session->clock))};
    size_t height, from;

    ticker_window(ticker, &style.width, &height);
    style.width -= style.width > 1; /* the last column is left free: some terminals wrap at it */
    style.lines = height - 1;
    gen_bytes_init(&screen, TICKER_SCREEN_MOST);
    ticker_rewind(ticker, style.width + 1, &screen);
    from = screen.size;
    ticker->drawn = gen_bars_draw(board, gen_clock_now(ticker->session->clock), &style, &screen);
    ticker_measure(ticker, &screen, from);
    (void)gen_session_write(ticker->session, &screen);
    (void)fflush(ticker->session->out);
    gen_bytes_fini(&screen);
}

/* One line for a pipeline that entered another state, stage or tenth. */
static void ticker_line(struct gen_ticker *ticker, const struct gen_board_row *row,
                        struct gen_ticker_row *last)
{
    int tenth = (int)(row->progress * 10.0 + 1e-9);
    bool over = gen_pipeline_status_terminal(row->status);

    if (row->status == last->status &&
        (over ||
         (row->stage == last->stage && row->phase == last->phase && tenth <= last->tenth))) {
        return;
    }
    *last = (struct gen_ticker_row){row->status, row->stage, row->phase, tenth};
    if (row->status == GEN_PIPELINE_PROCESSING) {
        gen_session_say(ticker->session, "%s: %s, %s%d %%", row->name, gen_board_row_word(row),
                        row->guessed && tenth > 0 ? "~" : "", tenth * 10);
    } else {
        bool failed = row->status == GEN_PIPELINE_FAILED && row->kind[0] != '\0';

        gen_session_say(ticker->session, "%s: %s%s%s%s%s%s", row->name,
                        gen_pipeline_status_word(row->status), failed ? " (" : "",
                        failed ? row->kind : "", failed ? ")" : "",
                        row->note[0] != '\0' ? ": " : "", row->note);
    }
}

static void ticker_lines(struct gen_ticker *ticker, const struct gen_board *board)
{
    if (board->status != ticker->status) {
        ticker->status = board->status;
        gen_session_say(ticker->session, "%s: %s", board->job, gen_job_status_word(board->status));
    }
    for (size_t i = 0; i < board->count && i < GEN_BOARD_ROWS_MOST; i++) {
        ticker_line(ticker, &board->rows[i], &ticker->rows[i]);
    }
    (void)fflush(ticker->session->out);
}

void gen_ticker_show(struct gen_ticker *ticker, const struct gen_board *board)
{
    if (ticker->kind == GEN_TICKER_BARS) {
        ticker_draw(ticker, board);
    } else if (ticker->kind == GEN_TICKER_LINES) {
        ticker_lines(ticker, board);
    }
}

void gen_ticker_event(struct gen_ticker *ticker, const struct gen_node *event)
{
    if (ticker->kind == GEN_TICKER_JSON) {
        gen_session_print_json(ticker->session, event);
    }
}

void gen_ticker_note(struct gen_ticker *ticker, const char *format, ...)
{
    struct gen_bytes text;
    size_t width, height;
    va_list values;

    gen_bytes_init(&text, TICKER_SCREEN_MOST);
    ticker_window(ticker, &width, &height);
    ticker_rewind(ticker, width, &text);
    va_start(values, format);
    (void)gen_bytes_vprintf(&text, format, values);
    va_end(values);
    if (ticker->kind != GEN_TICKER_BARS && gen_bytes_status(&text) == GEN_OK) {
        gen_session_note(ticker->session, "%s", text.data);
    } else if (gen_bytes_text(&text, "\n") == GEN_OK) {
        (void)gen_session_write(ticker->session, &text);
        (void)fflush(ticker->session->out);
    }
    gen_bytes_fini(&text);
}
