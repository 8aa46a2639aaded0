/* board.c - see board.h: the frame's zones. The stack of texts inside a zone is stack.c's. */
#include "board.h"

#include "stack.h"

#include <string.h>

enum { FEW = 44, MANY = 190 }; /* characters of a scene: few need little room, many a lot */

/* Zones in parts of width and height; `top` is where the stack sits in it: 0 top, 1 bottom. The
 * first row of a kind that takes the number of characters holds. */
static const struct zone_row {
    enum board_shape shape;
    enum board_kind kind;
    double x, y, w, h;     /* of the texts */
    double px, py, pw, ph; /* of the picture */
    double top;
    int centered;
    int least; /* characters */
} zones[] = {
    {BOARD_LANDSCAPE, BOARD_FULL, 0, 0, 0.56, 1, 0, 0, 1, 1, 0.56, 0, 0},
    {BOARD_LANDSCAPE, BOARD_SPLIT, 0, 0, 0.50, 1, 0.52, 0, 0.48, 1, 0.5, 0, MANY},
    {BOARD_LANDSCAPE, BOARD_SPLIT, 0, 0, 0.438, 1, 0.46, 0, 0.54, 1, 0.5, 0, 0},
    {BOARD_LANDSCAPE, BOARD_STAGE, 0, 0, 0.50, 1, 0.53, 0.09, 0.42, 0.82, 0.5, 0, 0},
    {BOARD_LANDSCAPE, BOARD_STAGE_TALL, 0, 0, 0.54, 1, 0.57, 0.08, 0.38, 0.84, 0.5, 0, 0},
    {BOARD_LANDSCAPE, BOARD_COLOR, 0, 0, 0.80, 1, 0, 0, 1, 1, 0.5, 0, 0},
    {BOARD_LANDSCAPE, BOARD_END, 0.10, 0, 0.80, 1, 0, 0, 1, 1, 0.5, 1, 0},
    {BOARD_SQUARE, BOARD_FULL, 0, 0.36, 1, 0.64, 0, 0, 1, 1, 1.0, 0, 0},
    {BOARD_SQUARE, BOARD_SPLIT, 0, 0.43, 1, 0.57, 0, 0, 1, 0.40, 0.4, 0, MANY},
    {BOARD_SQUARE, BOARD_SPLIT, 0, 0.60, 1, 0.40, 0, 0, 1, 0.56, 0.4, 0, 0},
    {BOARD_SQUARE, BOARD_STAGE, 0, 0.46, 1, 0.54, 0.12, 0.16, 0.76, 0.27, 0.5, 0, MANY},
    {BOARD_SQUARE, BOARD_STAGE, 0, 0.585, 1, 0.415, 0.12, 0.175, 0.76, 0.36, 0.5, 0, 0},
    {BOARD_SQUARE, BOARD_STAGE_TALL, 0, 0, 0.515, 1, 0.555, 0.12, 0.385, 0.76, 0.5, 0, 0},
    {BOARD_SQUARE, BOARD_COLOR, 0, 0, 1, 1, 0, 0, 1, 1, 0.5, 0, 0},
    {BOARD_SQUARE, BOARD_END, 0, 0, 1, 1, 0, 0, 1, 1, 0.5, 1, 0},
    {BOARD_PORTRAIT, BOARD_FULL, 0, 0.40, 1, 0.60, 0, 0, 1, 1, 1.0, 0, 0},
    {BOARD_PORTRAIT, BOARD_SPLIT, 0, 0.385, 1, 0.615, 0, 0, 1, 0.36, 0.40, 0, MANY},
    {BOARD_PORTRAIT, BOARD_SPLIT, 0, 0.505, 1, 0.495, 0, 0, 1, 0.48, 0.40, 0, FEW},
    {BOARD_PORTRAIT, BOARD_SPLIT, 0, 0.575, 1, 0.425, 0, 0, 1, 0.55, 0.30, 0, 0},
    {BOARD_PORTRAIT, BOARD_STAGE, 0, 0.415, 1, 0.585, 0.08, 0.20, 0.84, 0.195, 0.40, 0, MANY},
    {BOARD_PORTRAIT, BOARD_STAGE, 0, 0.52, 1, 0.48, 0.08, 0.20, 0.84, 0.29, 0.40, 0, 0},
    {BOARD_PORTRAIT, BOARD_STAGE_TALL, 0, 0.445, 1, 0.555, 0.08, 0.20, 0.84, 0.22, 0.40, 0, MANY},
    {BOARD_PORTRAIT, BOARD_STAGE_TALL, 0, 0.545, 1, 0.455, 0.08, 0.20, 0.84, 0.32, 0.40, 0, 0},
    {BOARD_PORTRAIT, BOARD_COLOR, 0, 0, 1, 1, 0, 0, 1, 1, 0.5, 0, 0},
    {BOARD_PORTRAIT, BOARD_END, 0, 0, 1, 1, 0, 0, 1, 1, 0.5, 1, 0},
    {0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0.5, 0, 0},
};

enum board_shape board_shape_of(int width, int height)
{
    double ratio = (double)width / height;

    return ratio > 1.2 ? BOARD_LANDSCAPE : ratio < 0.84 ? BOARD_PORTRAIT : BOARD_SQUARE;
}

int board_is_stage(const struct board *board)
{
    return board->kind == BOARD_STAGE || board->kind == BOARD_STAGE_TALL;
}

int board_characters(const struct job *job)
{
    int characters = 0;
    size_t i;

    for (i = 0; i < job->text_count; i++) {
        characters += job->texts[i].role != JOB_LEGAL ? letter_count(job->texts[i].text) : 0;
    }
    return characters;
}

int board_is_wordy(const struct job *job)
{
    return board_characters(job) >= MANY;
}

static const struct zone_row *row_of(const struct job *job, enum board_kind kind)
{
    const struct zone_row *row = zones;
    enum board_shape shape = board_shape_of(job->width, job->height);
    int characters = board_characters(job);

    while (row->shape != 0 &&
           (row->shape != shape || row->kind != kind || characters < row->least)) {
        row++;
    }
    return row;
}

static struct board_box box_of(double x, double y, double w, double h)
{
    return (struct board_box){(int)x, (int)y, (int)w, (int)h};
}

static struct board_box overlap(struct board_box a, struct board_box b)
{
    int right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
    int bottom = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;

    a.x = a.x > b.x ? a.x : b.x;
    a.y = a.y > b.y ? a.y : b.y;
    a.w = right > a.x ? right - a.x : 0;
    a.h = bottom > a.y ? bottom - a.y : 0;
    return a;
}

struct board_box board_picture(const struct job *job, enum board_kind kind, int rtl)
{
    const struct zone_row *row = row_of(job, kind);
    struct board_box box = box_of(row->px * job->width, row->py * job->height, row->pw * job->width,
                                  row->ph * job->height);

    if (rtl) {
        box.x = job->width - box.x - box.w;
    }
    return box;
}

int board_is_rtl(const struct job *job)
{
    size_t i;

    for (i = 0; i < job->text_count; i++) {
        if (job->texts[i].role == JOB_HEADLINE || job->texts[i].role == JOB_BODY) {
            return letter_is_rtl(job->texts[i].text);
        }
    }
    return job->text_count > 0 && letter_is_rtl(job->texts[0].text);
}

static struct board_box safe_area(const struct board *board)
{
    double margin = board->side * (board->shape == BOARD_LANDSCAPE ? 0.075 : 0.068);
    double top = board->shape == BOARD_PORTRAIT ? 0.14 * board->height : margin;
    double bottom = board->shape == BOARD_PORTRAIT ? 0.20 * board->height : margin;

    if (board->shape == BOARD_PORTRAIT && board->height < 1.5 * board->width) {
        top = bottom = margin; /* 4:5 is a feed format: no buttons over it */
    }
    return box_of(margin, top, board->width - 2 * margin, board->height - top - bottom);
}

/* The logo's corner: the start of the top line; on the end card the stack places it. */
static void place_logo(struct board *board, const struct board_mark *mark)
{
    double height = board->side * 0.078, most = board->side * 0.36, ratio = mark->ratio;

    board->logo = box_of(0, 0, 0, 0);
    if (ratio <= 0 || board->kind == BOARD_END) {
        return;
    }
    if (mark->lines > 0) { /* a name: the letters are all of it */
        height = board->side * (mark->lines > 1 ? 0.074 : 0.040);
        most = board->side * 0.48;
        if (board->kind == BOARD_SPLIT && board->shape != BOARD_LANDSCAPE) {
            height *=
                1.5; /* on a picture it has a plate, which takes its rim from the mark's room */
            most *= 1.15;
        }
    } else if (ratio < 1.6) {
        height *= 1.25; /* marks without letters need more height to weigh the same */
    }
    if (height * ratio > most) {
        height = most / ratio;
    }
    board->logo = box_of(board->safe.x, board->safe.y, height * ratio, height);
    if (board->rtl) {
        board->logo.x = board->safe.x + board->safe.w - board->logo.w;
    }
}

int board_lay(struct board *board, const struct job *job, enum board_kind kind,
              const struct board_mark *mark, const struct letter_press *press)
{
    const struct zone_row *row;

    memset(board, 0, sizeof(*board));
    board->width = job->width;
    board->height = job->height;
    board->side = job->width < job->height ? job->width : job->height;
    board->shape = board_shape_of(job->width, job->height);
    board->kind = kind;
    board->rtl = board_is_rtl(job);
    row = row_of(job, kind);
    board->centered = row->centered;
    board->safe = safe_area(board);
    board->picture = board_picture(job, kind, board->rtl);
    board->zone = box_of(row->x * job->width, row->y * job->height, row->w * job->width,
                         row->h * job->height);
    if (board->rtl) {
        board->zone.x = job->width - board->zone.x - board->zone.w;
    }
    board->zone = overlap(board->zone, board->safe);
    place_logo(board, mark);
    if (board->logo.w > 0 && board->zone.y < board->logo.y + board->logo.h) {
        int used = board->logo.h + (int)(0.045 * board->side);

        board->zone.y += used;
        board->zone.h -= used;
    }
    return stack_lay(board, job, row->top, mark, press);
}

void board_fini(struct board *board)
{
    size_t i;

    for (i = 0; i < board->item_count; i++) {
        letter_fini(&board->items[i].letter);
    }
    board->item_count = 0;
}
