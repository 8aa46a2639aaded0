/* aside.c - see aside.h. */
#include "aside.h"

/* A short badge ("-30 %") stays on one line: its spaces become no-break spaces. */
static void bind(const char *text, char *out, size_t size)
{
    size_t at = 0;

    for (; *text != '\0' && at + 3 < size; text++) {
        if (*text == ' ') {
            out[at++] = (char)0xc2;
            out[at++] = (char)0xa0;
        } else {
            out[at++] = *text;
        }
    }
    out[at] = '\0';
}

/* Small print is there because it has to be: it gets smaller and longer before it is cut. */
static int set_legal(struct stack_fit *fit, struct board_item *item)
{
    double size = stack_size(fit, JOB_LEGAL), usual = fit->legal;
    int result;

    for (;;) {
        result = stack_set(fit, item, (int)(size * (fit->legal > 0.85 ? 4.2 : 6.2)));
        if (result != 0 || fit->legal < 0.8 || !pango_layout_is_ellipsized(item->letter.layout)) {
            break;
        }
        fit->legal -= 0.1;
    }
    fit->legal = usual;
    return result;
}

int aside_legal(struct stack_fit *fit)
{
    struct board *board = fit->board;
    struct board_box zone = board->zone;
    size_t i;

    for (i = board->item_count; i-- > 0;) {
        struct board_item *item = &board->items[i];
        int bottom = board->zone.y + board->zone.h;

        if (item->role != JOB_LEGAL) {
            continue;
        }
        board->zone.w = board->kind == BOARD_FULL ? board->safe.w : zone.w;
        if (set_legal(fit, item) != 0) {
            return -1;
        }
        item->box.y = bottom - item->box.h;
        item->box.x = board->centered ? zone.x + (zone.w - item->box.w) / 2
                      : board->rtl    ? zone.x + zone.w - item->box.w
                                      : zone.x;
        board->zone = zone;
        board->zone.h = item->box.y - (int)(0.026 * board->side) - board->zone.y;
        zone = board->zone;
    }
    return 0;
}

int aside_seal(struct stack_fit *fit, struct board_item *item)
{
    struct board *board = fit->board;
    double side = board->side * (board->kind == BOARD_COLOR        ? 0.42
                                 : board->shape != BOARD_LANDSCAPE ? 0.245
                                                                   : 0.27);
    int d = (int)side, right = board->safe.x + board->safe.w - d;
    char flat[JOB_MAX_CHARACTERS];
    struct letter_ask ask = {.text = flat,
                             .style = &letter_styles[JOB_BADGE],
                             .size = side * 0.36,
                             .width = 100 * (int)side, /* never wraps by itself */
                             .align = PANGO_ALIGN_CENTER};

    bind(item->text, flat, sizeof(flat));
    for (;;) {
        letter_fini(&item->letter);
        if (letter_set(fit->press, &ask, &item->letter) != 0) {
            return -1;
        }
        if (ask.size < side * 0.08 ||
            (item->letter.width < side * 0.70 && item->letter.height < side * 0.62)) {
            break;
        }
        ask.size *= 0.94;
    }
    item->size = ask.size;
    item->box = (struct board_box){right, board->safe.y, d, d};
    if (board->kind == BOARD_COLOR && board->shape == BOARD_LANDSCAPE) {
        item->box.y = board->height / 2 - d / 2;
    }
    if (board->rtl) {
        item->box.x = board->safe.x;
    }
    return 0;
}
