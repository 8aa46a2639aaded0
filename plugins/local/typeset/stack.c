/* stack.c - see stack.h. */
#include "stack.h"

#include "aside.h"

#include <string.h>

/* Sizes in parts of the short side, by shape (landscape, square, portrait). */
static const double sizes[6][3] = {
    [JOB_HEADLINE] = {0.122, 0.118, 0.132}, [JOB_BODY] = {0.050, 0.049, 0.055},
    [JOB_BADGE] = {0.048, 0.048, 0.052},    [JOB_ACTION] = {0.047, 0.047, 0.052},
    [JOB_LEGAL] = {0.024, 0.025, 0.027},
};

/* The space above an item, by its role, in parts of the short side. */
static const double gaps[6] = {[JOB_HEADLINE] = 0.034,
                               [JOB_BODY] = 0.030,
                               [JOB_BADGE] = 0.034,
                               [JOB_ACTION] = 0.050,
                               [JOB_LEGAL] = 0.03};

/* Smaller and smaller, until everything fits. */
static const struct stack_level levels[] = {
    {1.34, 1.12, 2},  {1.20, 1.10, 2},  {1.08, 1.05, 3},  {1.00, 1.00, 3},
    {0.92, 0.98, 3},  {0.84, 0.95, 3},  {0.76, 0.92, 4},  {0.68, 0.88, 4},
    {0.60, 0.84, 5},  {0.53, 0.79, 6},  {0.47, 0.74, 8},  {0.41, 0.69, 9},
    {0.37, 0.64, 12}, {0.35, 0.58, 12}, {0.33, 0.52, 12}, {0, 0, 0},
};

/* A headline keeps its words whole down to the first; a word that does not even fit there breaks
 * already at the second, rather than small and broken. */
#define WHOLE_DOWN_TO 0.47
#define BREAK_EARLY 0.77

/* Down to this level a headline shrinks rather than leave a short word alone on a line. */
#define THIN_DOWN_TO 0.70

/* A body is never nearly as large as its headline: the eye would not know where to begin. */
#define BODY_OF_HEADLINE 0.80

enum { CONTACT = 32 }; /* characters at most: an address, a telephone number */

double stack_size(const struct stack_fit *fit, enum job_role role)
{
    double size = sizes[role][fit->board->shape - 1] * fit->board->side * fit->base;

    if (role == JOB_LEGAL) {
        return size / fit->base * fit->legal;
    }
    if (role == JOB_BADGE && fit->board->kind == BOARD_COLOR) {
        size *= 1.7; /* without a picture the offer is the picture */
    }
    if (role == JOB_BODY && fit->no_headline) {
        size *= 1.5;
    }
    if (role == JOB_BODY && !fit->no_headline) {
        double most = BODY_OF_HEADLINE * stack_size(fit, JOB_HEADLINE);

        size *= fit->rest->rest * (fit->contact ? 1.3 : 1);
        return size < most ? size : most;
    }
    return size * (role == JOB_HEADLINE ? fit->level->headline : fit->rest->rest);
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

static int set_plain(const struct stack_fit *fit, struct board_item *item,
                     const struct letter_ask *ask)
{
    letter_fini(&item->letter);
    return letter_set(fit->press, ask, &item->letter);
}

/* A pill or a button has one line; a long one shrinks alone, then takes two lines, so that it does
 * not make everything else small. */
static int set_boxed(const struct stack_fit *fit, struct board_item *item, struct letter_ask *ask)
{
    double full = ask->size, least = fit->board->kind == BOARD_COLOR ? 0.5 : 0.64, share;
    int width = ask->width;

    ask->balance = 0;
    ask->width = 1000 * (int)full; /* how long is it in one line? */
    if (set_plain(fit, item, ask) != 0) {
        return -1;
    }
    share = item->letter.width > 0 ? 0.995 * width / item->letter.width : 1;
    ask->width = width;
    ask->break_words = share < least;
    ask->balance = share < least;
    ask->size = full * (share > 1 ? 1 : share >= least ? share : 0.7);
    ask->most_height = share < least ? (int)(3.2 * ask->size) : 1;
    item->size = ask->size;
    return set_plain(fit, item, ask);
}

int stack_set(const struct stack_fit *fit, struct board_item *item, int most_height)
{
    static const double pads[5][2] = {[BOARD_PILL] = {0.62, 0.34}, [BOARD_BUTTON] = {0.95, 0.56}};
    const struct board *board = fit->board;
    char flat[4 * JOB_MAX_CHARACTERS + 8];
    struct letter_ask ask = {
        .text = item->text,
        .style = &letter_styles[item->role],
        .size = stack_size(fit, item->role),
        .break_words = fit->last || item->role == JOB_LEGAL ||
                       (item->role == JOB_HEADLINE && fit->level->headline <= fit->break_from),
        .balance = item->role != JOB_LEGAL || board->centered,
        .align = board->centered ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT,
        .most_height = most_height,
    };

    item->size = ask.size;
    item->pad_x = (int)(pads[item->dress][0] * ask.size);
    item->pad_y = (int)(pads[item->dress][1] * ask.size);
    ask.width = board->zone.w - 2 * item->pad_x;
    if (item->role == JOB_BODY && !board->centered) {
        /* About 34 characters a line read well; a long text gets a wider column. */
        int column = (int)((letter_count(item->text) > 140 ? 30 : 19) * ask.size);

        ask.width = ask.width > column ? column : ask.width;
    }
    if (is_boxed(item) || most_height > 0) {
        flatten(item->text, flat, sizeof(flat));
        ask.text = flat;
    }
    if (is_boxed(item)) {
        ask.align = PANGO_ALIGN_CENTER;
    }
    if (is_boxed(item) ? set_boxed(fit, item, &ask) != 0 : set_plain(fit, item, &ask) != 0) {
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

/* Height of the whole stack. *fits: 0 when something is too long for its level, and *wide = 1 when
 * that is only a headline's width or number of lines. */
static int stack_height(const struct stack_fit *fit, int *fits, int *wide)
{
    struct board *board = fit->board;
    int height = fit->logo_h, first = fit->logo_h == 0;
    size_t i;

    *fits = 1;
    *wide = 0;
    for (i = 0; i < board->item_count; i++) {
        struct board_item *item = &board->items[i];

        if (!in_stack(item)) {
            continue;
        }
        height += item->box.h + (first ? 0 : (int)(gaps[item->role] * board->side));
        first = 0;
        if (item->role == JOB_HEADLINE &&
            (item->letter.broken ||
             (item->letter.thin && fit->level->headline > THIN_DOWN_TO &&
              strchr(item->text, '\n') == NULL) ||
             item->letter.lines > fit->level->lines + (board->shape == BOARD_PORTRAIT))) {
            *wide = 1;
        } else if (item->letter.broken) {
            *fits = 0;
        }
    }
    if (height > board->zone.h) {
        *fits = 0;
    }
    return height;
}

static int set_all(const struct stack_fit *fit)
{
    size_t i;

    for (i = 0; i < fit->board->item_count; i++) {
        if (in_stack(&fit->board->items[i]) && stack_set(fit, &fit->board->items[i], 0) != 0) {
            return -1;
        }
    }
    return 0;
}

/* At the smallest level: take what is too much from the longest plain texts, one after another. */
static int cut(const struct stack_fit *fit)
{
    struct board *board = fit->board;
    size_t round;
    int fits, wide;

    for (round = 0; round < 60; round++) {
        int over = stack_height(fit, &fits, &wide) - board->zone.h, least, take, second = 0;
        struct board_item *longest = NULL;
        size_t i;

        if (over <= 0) {
            return 0;
        }
        for (i = 0; i < board->item_count; i++) {
            struct board_item *item = &board->items[i];

            if (!in_stack(item) || is_boxed(item)) {
                continue;
            }
            if (longest == NULL || item->box.h > longest->box.h) {
                second = longest != NULL ? longest->box.h : second;
                longest = item;
            } else if (item->box.h > second) {
                second = item->box.h;
            }
        }
        if (longest == NULL) {
            return 0;
        }
        /* Down to the second longest and a line more, then it is another's turn. */
        take = longest->box.h - second + (int)(longest->size * 1.3);
        take = take < over ? take : over;
        least = (int)(longest->size * 1.25);
        if (stack_set(fit, longest,
                      longest->box.h - take > least ? longest->box.h - take : least) != 0) {
            return -1;
        }
    }
    return 0;
}

static int is_last(const struct stack_level *level)
{
    return level[1].headline <= 0;
}

/* Is there a headline with a word that has to be broken anyway? 0 no, 1 yes, -1 (printed). */
static int must_break(struct stack_fit *fit)
{
    const struct stack_level *level = fit->level;
    int must = 0;
    size_t i;

    while (fit->level->headline > WHOLE_DOWN_TO) {
        fit->level++;
    }
    for (i = 0; i < fit->board->item_count && must == 0; i++) {
        struct board_item *item = &fit->board->items[i];

        if (item->role == JOB_HEADLINE) {
            must = stack_set(fit, item, 0) != 0 ? -1 : item->letter.broken;
        }
    }
    fit->level = level;
    return must;
}

/* A headline that is too wide shrinks alone; what is too high shrinks all. */
static int fit_all(struct stack_fit *fit)
{
    int fits, wide, must = must_break(fit);

    if (must < 0) {
        return -1;
    }
    fit->break_from = must ? BREAK_EARLY : WHOLE_DOWN_TO - 0.01;
    for (;;) {
        fit->last = is_last(fit->level) && is_last(fit->rest);
        if (set_all(fit) != 0) {
            return -1;
        }
        stack_height(fit, &fits, &wide);
        if (fits && (!wide || is_last(fit->level))) {
            return 0;
        }
        if (fit->last) {
            return cut(fit);
        }
        fit->level += !is_last(fit->level) && (wide || !fits);
        fit->rest += !is_last(fit->rest) && !fits;
    }
}

static void place_stack(const struct stack_fit *fit, double top)
{
    struct board *board = fit->board;
    int fits, wide, height = stack_height(fit, &fits, &wide), first = fit->logo_h == 0;
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

static int is_seal(const struct board *board, const struct job_text *text, int seals)
{
    return text->role == JOB_BADGE && seals == 0 && board->kind != BOARD_END &&
           (board->kind != BOARD_COLOR || board->shape == BOARD_LANDSCAPE) &&
           letter_count(text->text) <= 8;
}

/* Reading order: badge, headline, body, action, small print. */
static void collect(struct board *board, const struct job *job)
{
    static const enum job_role order[] = {JOB_BADGE, JOB_HEADLINE, JOB_BODY, JOB_ACTION, JOB_LEGAL};
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

/* On an end card the mark is the first of the stack. */
static void size_mark(struct stack_fit *fit, const struct board_mark *mark)
{
    struct board *board = fit->board;
    double height = board->side * (mark->ratio > 2.2 ? 0.17 : 0.25);
    double most = board->zone.w * 0.62;

    if (mark->lines > 0) { /* a name in letters is not louder than the headline */
        height = board->side * (mark->lines > 1 ? 0.105 : 0.052);
        most = board->zone.w * 0.8;
    } else if (most > mark->width * 2.5) {
        most = mark->width * 2.5; /* few pixels stay small rather than soft */
    }
    height = height * mark->ratio > most ? most / mark->ratio : height;
    board->logo.w = (int)(height * mark->ratio);
    board->logo.h = (int)height;
    fit->logo_h = board->logo.h + (int)((mark->lines > 0 ? 0.045 : 0.03) * board->side);
}

int stack_lay(struct board *board, const struct job *job, double top, const struct board_mark *mark,
              const struct letter_press *press)
{
    struct stack_fit fit = {.board = board,
                            .press = press,
                            .level = levels,
                            .rest = levels,
                            .base = 1,
                            .legal = 1,
                            .no_headline = 1};
    size_t i;

    collect(board, job);
    if (board->kind == BOARD_COLOR) {
        fit.base = 1.14;
    } else if (board->shape == BOARD_SQUARE && board_is_stage(board)) {
        fit.base = 0.92;
    }
    if (board->kind == BOARD_END && mark->ratio > 0) {
        size_mark(&fit, mark);
    }
    for (i = 0; i < board->item_count; i++) {
        if (board->items[i].dress == BOARD_SEAL && aside_seal(&fit, &board->items[i]) != 0) {
            return -1;
        }
    }
    if (board->kind == BOARD_COLOR && board->item_count > 0 &&
        board->items[0].dress == BOARD_SEAL) {
        board->zone.w -= board->items[0].box.w;
        board->zone.x += board->rtl ? board->items[0].box.w : 0;
    }
    for (i = 0; i < board->item_count; i++) {
        fit.no_headline &= board->items[i].role != JOB_HEADLINE;
        fit.contact |= board->kind == BOARD_END && board->items[i].role == JOB_BODY &&
                       letter_count(board->items[i].text) <= CONTACT;
    }
    if (aside_legal(&fit) != 0 || fit_all(&fit) != 0) {
        return -1;
    }
    place_stack(&fit, top);
    return 0;
}
