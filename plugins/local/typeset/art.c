/* art.c - the drawing half of motion.h: texts, pills, buttons, the seal, the logo. */
#include "motion.h"

#include <math.h>
#include <string.h>

static const struct tint white = {1, 1, 1};

struct look {
    struct tint ink, fill;
    int shadow; /* 1: a soft shadow under the letters */
};

/* Colours by role and by ground: words on pictures are white on the scrim. */
static struct look look_of(const struct board *board, const struct board_item *item,
                           const struct palette *palette)
{
    int on_picture = board->kind == BOARD_FULL;
    struct look look = {palette->ink, palette->accent, on_picture};
    size_t i;

    if (item->dress == BOARD_PILL || item->dress == BOARD_SEAL) {
        look.ink = palette->on_accent;
        if (board->kind != BOARD_FULL && item->dress == BOARD_PILL &&
            tint_contrast(palette->accent, palette->back) < 1.35) {
            look.fill = palette->ink;
            look.ink = tint_readable(palette->back, palette->ink);
        }
        return look;
    }
    if (item->dress == BOARD_BUTTON) {
        look.ink = on_picture ? palette->on_accent : palette->on_button;
        look.fill = on_picture ? palette->accent : palette->button;
        for (i = 0; i < board->item_count; i++) { /* one loud thing at a time */
            if (board->items[i].role == JOB_BADGE) {
                look.fill = on_picture ? white : palette->ink;
                look.ink = tint_readable(on_picture ? palette->scrim : palette->back, look.fill);
            }
        }
        return look;
    }
    if (on_picture) {
        look.ink = item->role == JOB_HEADLINE ? white : (struct tint){0.95, 0.95, 0.96};
    } else if (item->role == JOB_HEADLINE) {
        look.ink = palette->head;
    } else if (item->role == JOB_BODY || item->role == JOB_LEGAL) {
        struct tint soft = tint_mix(palette->ink, palette->back, 0.14);

        look.ink = tint_contrast(soft, palette->back) >= 5 ? soft : palette->ink;
    }
    return look;
}

static void source(cairo_t *cr, struct tint color)
{
    cairo_set_source_rgb(cr, color.r, color.g, color.b);
}

static void round_path(cairo_t *cr, double x, double y, double w, double h, double radius)
{
    double most = (w < h ? w : h) / 2;

    radius = radius < most ? radius : most;
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + w - radius, y + radius, radius, -M_PI / 2, 0);
    cairo_arc(cr, x + w - radius, y + h - radius, radius, 0, M_PI / 2);
    cairo_arc(cr, x + radius, y + h - radius, radius, M_PI / 2, M_PI);
    cairo_arc(cr, x + radius, y + radius, radius, M_PI, 3 * M_PI / 2);
    cairo_close_path(cr);
}

/* A round burst with a soft wavy rim. */
static void seal_path(cairo_t *cr, double cx, double cy, double radius)
{
    int i, steps = 288, waves = 14;

    for (i = 0; i < steps; i++) {
        double angle = 2 * M_PI * i / steps;
        double r = radius * (0.962 + 0.038 * cos(waves * angle));

        cairo_line_to(cr, cx + r * cos(angle), cy + r * sin(angle));
    }
    cairo_close_path(cr);
}

/* Puts `face` over its own blurred shadow, in place. */
static int add_shadow(cairo_surface_t *face, double alpha, int radius, double fall)
{
    cairo_surface_t *shadow = raster_shadow(face, (struct tint){0.02, 0.02, 0.04}, alpha, radius);
    cairo_t *cr;

    if (shadow == NULL) {
        return -1;
    }
    cr = cairo_create(face);
    cairo_set_operator(cr, CAIRO_OPERATOR_DEST_OVER);
    cairo_set_source_surface(cr, shadow, 0, fall);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_flush(face);
    cairo_surface_destroy(shadow);
    return 0;
}

/* A blank face around `box` with at least `pad` pixels on each side, on even numbers. */
static int open_face(struct motion_art *art, struct board_box box, int pad_x, int pad_y)
{
    art->box.x = (box.x - pad_x) & ~1;
    art->box.y = (box.y - pad_y) & ~1;
    art->box.w = (box.x + box.w + pad_x - art->box.x + 1) & ~1;
    art->box.h = (box.y + box.h + pad_y - art->box.y + 1) & ~1;
    art->face = raster_create(art->box.w, art->box.h);
    return art->face != NULL ? 0 : -1;
}

static void draw_seal(cairo_t *cr, const struct board_item *item, struct look look, double x,
                      double y)
{
    double radius = item->box.w / 2.0;

    cairo_translate(cr, x + radius, y + radius);
    cairo_rotate(cr, -0.13);
    source(cr, look.fill);
    seal_path(cr, 0, 0, radius);
    cairo_fill(cr);
    source(cr, look.ink);
    cairo_set_line_width(cr, radius * 0.018);
    cairo_arc(cr, 0, 0, radius * 0.83, 0, 2 * M_PI);
    cairo_stroke(cr);
    letter_paint(&item->letter, cr, -item->letter.width / 2.0, -item->letter.height / 2.0,
                 look.ink);
}

/* The lines of a headline, each on a surface of its own. */
static int take_strips(struct motion_art *art, const struct board_item *item, struct look look,
                       double x, double y, int soft)
{
    int i;

    for (i = 0; i < item->letter.lines; i++) {
        struct motion_strip *strip = &art->strips[i];
        int depth = item->letter.bottom[i] - item->letter.top[i] + 4 * soft;
        cairo_t *cr;

        strip->y = (int)y + item->letter.top[i] - 2 * soft;
        strip->slot = (int)y + item->letter.bottom[i] + soft;
        strip->height = depth;
        strip->face = raster_create(art->box.w, depth > 0 ? depth : 1);
        if (strip->face == NULL) {
            return -1;
        }
        art->strip_count++;
        cr = cairo_create(strip->face);
        letter_paint_line(&item->letter, i, cr, x + item->pad_x, y - strip->y, look.ink);
        cairo_destroy(cr);
        cairo_surface_flush(strip->face);
        if (look.shadow && add_shadow(strip->face, 0.42, soft, soft * 0.22) != 0) {
            return -1;
        }
    }
    return 0;
}

int motion_draw_item(struct motion_art *art, const struct job *job, const struct board *board,
                     const struct board_item *item, const struct palette *palette)
{
    static const int entry_ms[5] = {
        [MOTION_RISE] = 560, [MOTION_SLIDE] = 520, [MOTION_POP] = 600, [MOTION_FADE] = 400};
    struct look look = look_of(board, item, palette);
    int soft = (int)(0.016 * board->side) + 2;
    int boxed = item->dress != BOARD_PLAIN;
    int pad_x = item->letter.over_x + soft * 2, pad_y = item->letter.over_y + soft * 2;
    double x, y;
    cairo_t *cr;

    memset(art, 0, sizeof(*art));
    pad_x = item->dress == BOARD_SEAL ? item->box.w / 6 + soft : pad_x;
    pad_y = item->dress == BOARD_SEAL ? item->box.w / 6 + soft : pad_y;
    if (open_face(art, item->box, pad_x, pad_y) != 0) {
        return -1;
    }
    x = item->box.x - art->box.x;
    y = item->box.y - art->box.y;
    cr = cairo_create(art->face);
    if (item->dress == BOARD_SEAL) {
        draw_seal(cr, item, look, x, y);
    } else {
        if (boxed) {
            source(cr, look.fill);
            round_path(cr, x, y, item->box.w, item->box.h, 0.8 * item->size + item->pad_y);
            cairo_fill(cr);
        }
        letter_paint(&item->letter, cr, x + item->pad_x, y + item->pad_y, look.ink);
    }
    cairo_destroy(cr);
    cairo_surface_flush(art->face);
    art->entry = item->dress == BOARD_SEAL    ? MOTION_POP
                 : item->role == JOB_HEADLINE ? MOTION_RISE
                 : item->role == JOB_LEGAL    ? MOTION_FADE
                                              : MOTION_SLIDE;
    art->frames = job_frames(job, entry_ms[art->entry]);
    if (art->entry == MOTION_RISE) {
        if (take_strips(art, item, look, x, y, soft) != 0) {
            return -1;
        }
        art->frames += job_frames(job, 90) * (art->strip_count < 5 ? art->strip_count - 1 : 4);
    }
    if (boxed || look.shadow) {
        return add_shadow(art->face, boxed ? 0.26 : 0.42, soft, soft * (boxed ? 0.5 : 0.22));
    }
    return 0;
}

/* Would the logo be lost on this ground? 1 = it needs a plate. */
static int needs_plate(const struct board *board, const struct raster_look *seen,
                       const struct palette *palette)
{
    double mean = seen->luminance;
    struct tint grey = {mean, mean, mean};

    if (board->kind == BOARD_SPLIT && board->shape != BOARD_LANDSCAPE) {
        return 1; /* on the bare picture */
    }
    if (board->kind == BOARD_FULL) {
        return mean < 0.62 || board->under_logo > 0.42;
    }
    return tint_contrast(grey, palette->back) < 3.0; /* WCAG 2, 1.4.11: what must be told apart */
}

int motion_draw_logo(struct motion_art *art, const struct job *job, const struct board *board,
                     cairo_surface_t *logo, const struct palette *palette)
{
    struct raster_look seen;
    struct board_box box = board->logo;
    int soft = (int)(0.014 * board->side) + 2, plate, pad = 0, rim = 0;
    cairo_surface_t *small;
    cairo_t *cr;

    memset(art, 0, sizeof(*art));
    raster_examine(logo, &seen);
    plate = seen.clear >= 0.02 && needs_plate(board, &seen, palette);
    if (plate) { /* it takes its rim from the logo's own room */
        pad = box.h / 6;
        rim = box.w < box.h * 8 / 5 ? pad : box.h * 2 / 5; /* round marks stand on round plates */
        box.w = (int)((box.h - 2.0 * pad) * box.w / box.h);
        box.h -= 2 * pad;
        box.y += pad;
        box.x = board->kind == BOARD_END ? board->width / 2 - box.w / 2
                : board->rtl             ? board->logo.x + board->logo.w - box.w - rim
                                         : board->logo.x + rim;
    }
    small = raster_resize(logo, box.w, box.h);
    if (small == NULL || open_face(art, box, soft * 2 + rim, soft * 2 + pad) != 0) {
        return -1;
    }
    cr = cairo_create(art->face);
    cairo_translate(cr, box.x - art->box.x, box.y - art->box.y);
    if (seen.clear < 0.02) { /* it brings its own ground: only its corners are rounded */
        round_path(cr, 0, 0, box.w, box.h, 0.14 * (box.w < box.h ? box.w : box.h));
        cairo_clip(cr);
    } else if (plate) {
        source(cr, seen.luminance >= 0.62 ? tint_mix(palette->scrim, white, 0.06) : white);
        round_path(cr, -rim, -pad, box.w + rim * 2.0, box.h + pad * 2.0, box.h);
        cairo_fill(cr);
    }
    cairo_set_source_surface(cr, small, 0, 0);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_destroy(small);
    cairo_surface_flush(art->face);
    art->entry = board->kind == BOARD_END ? MOTION_SLIDE : MOTION_FADE;
    art->frames = job_frames(job, board->kind == BOARD_END ? 520 : 330);
    if (board->kind == BOARD_FULL || plate || seen.clear < 0.02) {
        return add_shadow(art->face, plate ? 0.22 : 0.45, soft, soft * 0.3);
    }
    return 0;
}
