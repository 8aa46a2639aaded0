/* seal.c - see seal.h. */
#include "seal.h"

enum { HEIGHTS = 10 }; /* that are tried */

/* The seal is the first item, where there is one. */
static struct board_item *seal_of(struct board *board)
{
    struct board_item *first = board->item_count > 0 ? &board->items[0] : NULL;

    return first != NULL && first->dress == BOARD_SEAL ? first : NULL;
}

static int touches(struct board_box a, struct board_box b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* May a seal stand here: inside the picture, on no other item and not on the mark? */
static int is_free(const struct board *board, const struct board_item *seal, struct board_box box)
{
    int gap = box.w / 8;
    struct board_box wide = {box.x - gap, box.y - gap, box.w + 2 * gap, box.h + 2 * gap};
    size_t i;

    for (i = 0; i < board->item_count; i++) {
        if (&board->items[i] != seal && touches(wide, board->items[i].box)) {
            return 0;
        }
    }
    return (board->logo.w == 0 || !touches(wide, board->logo)) &&
           box.x >= board->picture.x - box.w / 4 &&
           box.y + box.h <= board->picture.y + board->picture.h - box.h / 8;
}

int seal_settle_on_frame(struct board *board, cairo_surface_t *frame)
{
    struct board_item *seal = seal_of(board);
    struct board_box safe = board->safe, best;
    double least = 2, w = board->width, h = board->height;
    struct eye eye;
    int i;

    if (seal == NULL) {
        return 0;
    }
    if (eye_open(&eye, frame) != 0) {
        return -1;
    }
    best = seal->box;
    for (i = 0; i < 2 * HEIGHTS; i++) { /* at the lines' end, then at their start */
        int floor = safe.y + safe.h < board->picture.y + board->picture.h
                        ? safe.y + safe.h
                        : board->picture.y + board->picture.h - seal->box.h / 6;
        struct board_box box = seal->box;
        double weight;

        box.x = (i < HEIGHTS) != board->rtl ? safe.x + safe.w - box.w : safe.x;
        box.y = safe.y + (floor - box.h - safe.y) * (i % HEIGHTS) / (HEIGHTS - 1);
        if (!is_free(board, seal, box)) {
            continue;
        }
        weight = eye_weight(&eye, box.x / w, box.y / h, box.w / w, box.h / h) +
                 (i == 0 ? 0 : 0.008) + (i < HEIGHTS ? 0 : 0.004);
        if (weight < least) {
            least = weight;
            best = box;
        }
    }
    seal->box = best;
    return 0;
}

/* How much of a card's picture a seal hides. */
static double hidden(const struct eye *eye, struct seal_view view, struct board_box card,
                     struct board_box seal)
{
    double x0 = seal.x > card.x ? seal.x - card.x : 0, y0 = seal.y > card.y ? seal.y - card.y : 0;
    double x1 = seal.x + seal.w - card.x, y1 = seal.y + seal.h - card.y;

    x1 = x1 < card.w ? x1 : card.w;
    y1 = y1 < card.h ? y1 : card.h;
    if (x1 <= x0 || y1 <= y0) {
        return 0;
    }
    return eye_weight(eye, view.x + view.w * x0 / card.w, view.y + view.h * y0 / card.h,
                      view.w * (x1 - x0) / card.w, view.h * (y1 - y0) / card.h);
}

void seal_settle_on_card(struct board *board, const struct eye *eye, struct seal_view view,
                         struct board_box card)
{
    struct board_item *seal = seal_of(board);
    struct board_box low;
    size_t i;

    if (seal == NULL) {
        return;
    }
    low = seal->box;
    low.y = card.y + card.h - low.h * 6 / 10;
    for (i = 1; i < board->item_count; i++) {
        if (touches(low, board->items[i].box)) {
            return;
        }
    }
    if (low.y + low.h <= board->safe.y + board->safe.h &&
        hidden(eye, view, card, low) < hidden(eye, view, card, seal->box)) {
        seal->box = low;
    }
}
