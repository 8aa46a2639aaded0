/* stack.c - see stack.h. */
#include "stack.h"

#include <string.h>

/* Sizes in parts of the short side, by shape (landscape, square, portrait). */
static const double sizes[6][3] = {
    [JOB_HEADLINE] = {0.122, 0.118, 0.122}, [JOB_BODY] = {0.044, 0.047, 0.050},
    [JOB_BADGE] = {0.044, 0.048, 0.050},    [JOB_ACTION] = {0.042, 0.046, 0.049},
    [JOB_LEGAL] = {0.021, 0.0235, 0.0245},
};

/* The space above an item, by its role, in parts of the short side. */
static const double gaps[6] = {[JOB_HEADLINE] = 0.034, [JOB_BODY] = 0.030, [JOB_BADGE] = 0.034,
                               [JOB_ACTION] = 0.050, [JOB_LEGAL] = 0.03};

/* Smaller and smaller, until everything fits. */
static const struct level {
    double headline, rest;
    int lines; /* most of a headline */
} levels[] = {
    {1.34, 1.12, 2}, {1.20, 1.10, 2}, {1.08, 1.05, 3}, {1.00, 1.00, 3}, {0.92, 0.98, 3},
    {0.84, 0.95, 3}, {0.76, 0.92, 4}, {0.68, 0.88, 4}, {0.60, 0.84, 5}, {0.53, 0.79, 6},
    {0.47, 0.74, 8}, {0.41, 0.69, 9}, {0.36, 0.64, 12}, {0, 0, 0},
};

struct fit {
    struct board *board;
    const struct letter_press *press;
    const struct level *level;
    double base;  /* multiplies all sizes */
    int last;     /* 1: the smallest level: break words, cut with an ellipsis */
    int logo_h;   /* of the logo on an end card */
};

static double size_of(const struct fit *fit, enum job_role role)
{
    double size = sizes[role][fit->board->shape - 1] * fit->board->side * fit->base;

    if (role == JOB_LEGAL) {
        return size / fit->base;
    }
    if (role == JOB_BADGE && fit->board->kind == BOARD_COLOR) {
        size *= 1.7; /* without a picture the offer is the picture */
    }
    return size * (role == JOB_HEADLINE ? fit->level->headline : fit->level->rest);
}

static int is_boxed(const struct board_item *item)
{
    return item->dress == BOARD_PILL || item->dress == BOARD_BUTTON;
}

/* Text of a long one at the smallest size: paragraphs would defeat the limit on its height. */
static void flatten(const char *text, char *out, size_t size)
{
    size_t i;

    for (i = 0; text[i] != '\0' && i + 1 < size; i++) {
        out[i] = text[i] == '\n' ? ' ' : text[i];
    }
    out[i] = '\0';
}

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

static int set_item(const struct fit *fit, struct board_item *item, int most_height)
{
    static const double pads[5][2] = {
        [BOARD_PILL] = {0.62, 0.34}, [BOARD_BUTTON] = {0.95, 0.56}};
    const struct board *board = fit->board;
    char flat[4 * JOB_MAX_CHARACTERS + 8];
    struct letter_ask ask = {
        .text = item->text,
        .style = &letter_styles[item->role],
        .size = size_of(fit, item->role),
        .break_words = fit->last || item->role == JOB_LEGAL,
        .balance = item->role != JOB_LEGAL || board->centered,
        .align = board->centered ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT,
        .most_height = most_height,
    };

    item->size = ask.size;
    item->pad_x = (int)(pads[item->dress][0] * ask.size);
    item->pad_y = (int)(pads[item->dress][1] * ask.size);
    ask.width = board->zone.w - 2 * item->pad_x;
    if (item->role == JOB_BODY && !board->centered && ask.width > 30 * ask.size * 0.62) {
        ask.width = (int)(30 * ask.size * 0.62); /* about 34 characters a line read well */
    }
    if (is_boxed(item) || most_height > 0) {
        flatten(item->text, flat, sizeof(flat));
        ask.text = flat;
    }
    if (is_boxed(item)) {
        ask.most_height = 1; /* one line */
        ask.align = PANGO_ALIGN_CENTER;
        ask.balance = 0;
    }
    letter_fini(&item->letter);
    if (letter_set(fit->press, &ask, &item->letter) != 0) {
        return -1;
    }
    item->box.w = item->letter.width + 2 * item->pad_x;
    item->box.h = item->letter.height + 2 * item->pad_y;
    return 0;
}

static int in_stack(const struct board_item *item)
{
    return item->dress != BOARD_SEAL && item->role != JOB_LEGAL;
}

/* Height of the whole stack; *fits = 0 when a line is too long for this level. */
static int stack_height(const struct fit *fit, int *fits)
{
    struct board *board = fit->board;
    int height = fit->logo_h, first = fit->logo_h == 0;
    size_t i;

    *fits = 1;
    for (i = 0; i < board->item_count; i++) {
        struct board_item *item = &board->items[i];

        if (!in_stack(item)) {
            continue;
        }
        height += item->box.h + (first ? 0 : (int)(gaps[item->role] * board->side));
        first = 0;
        if (item->letter.broken || (item->role == JOB_HEADLINE &&
                                    item->letter.lines > fit->level->lines +
                                                             (board->shape == BOARD_PORTRAIT))) {
            *fits = 0;
        }
        if (is_boxed(item) && pango_layout_is_ellipsized(item->letter.layout)) {
            *fits = 0;
        }
    }
    if (height > board->zone.h) {
        *fits = 0;
    }
    return height;
}

static int set_all(const struct fit *fit)
{
    size_t i;

    for (i = 0; i < fit->board->item_count; i++) {
        if (in_stack(&fit->board->items[i]) && set_item(fit, &fit->board->items[i], 0) != 0) {
            return -1;
        }
    }
    return 0;
}

/* At the smallest level: take what is too much from the longest plain texts, one after another. */
static int cut(const struct fit *fit)
{
    struct board *board = fit->board;
    size_t round;
    int fits;

    for (round = 0; round < board->item_count; round++) {
        int over = stack_height(fit, &fits) - board->zone.h, least;
        struct board_item *longest = NULL;
        size_t i;

        if (over <= 0) {
            return 0;
        }
        for (i = 0; i < board->item_count; i++) {
            struct board_item *item = &board->items[i];

            if (in_stack(item) && !is_boxed(item) &&
                (longest == NULL || item->box.h > longest->box.h)) {
                longest = item;
            }
        }
        if (longest == NULL) {
            return 0;
        }
        least = (int)(longest->size * 1.25);
        if (set_item(fit, longest, longest->box.h - over > least ? longest->box.h - over : least) !=
            0) {
            return -1;
        }
    }
    return 0;
}

static int fit_all(struct fit *fit)
{
    int fits;

    for (fit->level = levels; fit->level->headline > 0; fit->level++) {
        fit->last = fit->level[1].headline <= 0;
        if (set_all(fit) != 0) {
            return -1;
        }
        stack_height(fit, &fits);
        if (fits) {
            return 0;
        }
        if (fit->last) {
            return cut(fit);
        }
    }
    return 0;
}

static void place_stack(const struct fit *fit, double top)
{
    struct board *board = fit->board;
    int fits, height = stack_height(fit, &fits), first = fit->logo_h == 0;
    int y = board->zone.y + (int)((board->zone.h - height) * top);
    size_t i;

    y = y > board->zone.y ? y : board->zone.y;
    if (fit->logo_h > 0) {
        board->logo.x = board->width / 2 - board->logo.w / 2;
        board->logo.y = y;
        y += fit->logo_h;
    }
    for (i = 0; i < board->item_count; i++) {
        struct board_item *item = &board->items[i];

        if (!in_stack(item)) {
            continue;
        }
        y += first ? 0 : (int)(gaps[item->role] * board->side);
        first = 0;
        item->box.y = y;
        item->box.x = board->zone.x;
        if (board->centered) {
            item->box.x += (board->zone.w - item->box.w) / 2;
        } else if (board->rtl) {
            item->box.x += board->zone.w - item->box.w;
        }
        y += item->box.h;
    }
}

/* Small print stands alone at the bottom of the safe area and takes its height from the zone. */
static int lay_legal(struct fit *fit)
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
        if (set_item(fit, item, (int)(size_of(fit, JOB_LEGAL) * 4.2)) != 0) {
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

/* A seal: a short badge as a round burst on the picture. */
static int lay_seal(struct fit *fit, struct board_item *item)
{
    struct board *board = fit->board;
    double side = board->side * (board->kind == BOARD_COLOR ? 0.42 : 0.27);
    int d = (int)side, right = board->safe.x + board->safe.w - d;
    char flat[JOB_MAX_CHARACTERS];
    struct letter_ask ask = {.text = flat,
                             .style = &letter_styles[JOB_BADGE],
                             .size = side * 0.36,
                             .width = (int)(side * 0.70),
                             .align = PANGO_ALIGN_CENTER};

    bind(item->text, flat, sizeof(flat));
    for (;;) {
        letter_fini(&item->letter);
        if (letter_set(fit->press, &ask, &item->letter) != 0) {
            return -1;
        }
        if (ask.break_words || (!item->letter.broken && item->letter.height < side * 0.62)) {
            break;
        }
        ask.size *= 0.93;
        ask.break_words = ask.size < side * 0.1;
    }
    item->size = ask.size;
    item->box = (struct board_box){right, board->safe.y, d, d};
    if (board->kind == BOARD_COLOR && board->shape == BOARD_LANDSCAPE) {
        item->box.y = board->height / 2 - d / 2;
    } else if (board->kind == BOARD_SPLIT && board->shape != BOARD_LANDSCAPE) {
        item->box.y = board->picture.y + board->picture.h - (int)(d * 0.80);
        item->box.y -= board->shape == BOARD_PORTRAIT ? (int)(d * 0.1) : 0;
    }
    if (board->rtl) {
        item->box.x = board->safe.x;
    }
    return 0;
}

static int is_seal(const struct board *board, const struct job_text *text, int seals)
{
    return text->role == JOB_BADGE && seals == 0 && board->kind != BOARD_END &&
           (board->kind != BOARD_COLOR || board->shape == BOARD_LANDSCAPE) &&
           letter_count(text->text) <= 8;
}

/* Reading order: badge, headline, body, action, small print. */
static void collect(struct board *board, const struct job *job)
{
    static const enum job_role order[] = {JOB_BADGE, JOB_HEADLINE, JOB_BODY, JOB_ACTION,
                                          JOB_LEGAL};
    int seals = 0;
    size_t i, r;

    for (r = 0; r < sizeof(order) / sizeof(order[0]); r++) {
        for (i = 0; i < job->text_count; i++) {
            struct board_item *item = &board->items[board->item_count];

            if (job->texts[i].role != order[r]) {
                continue;
            }
            item->role = order[r];
            item->text = job->texts[i].text;
            item->dress = is_seal(board, &job->texts[i], seals) ? BOARD_SEAL
                          : order[r] == JOB_BADGE               ? BOARD_PILL
                          : order[r] == JOB_ACTION              ? BOARD_BUTTON
                                                                : BOARD_PLAIN;
            seals += item->dress == BOARD_SEAL;
            board->item_count++;
        }
    }
}

int stack_lay(struct board *board, const struct job *job, double top, double logo_ratio,
              const struct letter_press *press)
{
    struct fit fit = {.board = board, .press = press, .level = levels, .base = 1};
    size_t i;

    collect(board, job);
    if (board->kind == BOARD_COLOR) {
        fit.base = 1.14;
    } else if (board->shape == BOARD_SQUARE && board_is_stage(board)) {
        fit.base = 0.92;
    }
    if (board->kind == BOARD_END && logo_ratio > 0) {
        double height = board->side * (logo_ratio > 2.2 ? 0.17 : 0.25);
        double most = board->zone.w * 0.62;

        height = height * logo_ratio > most ? most / logo_ratio : height;
        board->logo.w = (int)(height * logo_ratio);
        board->logo.h = (int)height;
        fit.logo_h = board->logo.h + (int)(0.03 * board->side);
    }
    for (i = 0; i < board->item_count; i++) {
        if (board->items[i].dress == BOARD_SEAL && lay_seal(&fit, &board->items[i]) != 0) {
            return -1;
        }
    }
    if (board->kind == BOARD_COLOR && board->item_count > 0 &&
        board->items[0].dress == BOARD_SEAL) {
        board->zone.w -= board->items[0].box.w;
        board->zone.x += board->rtl ? board->items[0].box.w : 0;
    }
    if (lay_legal(&fit) != 0 || fit_all(&fit) != 0) {
        return -1;
    }
    place_stack(&fit, top);
    return 0;
}
