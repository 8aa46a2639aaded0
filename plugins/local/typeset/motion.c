/* motion.c - see motion.h: the frames of an entry. What an item looks like is art.c's. */
#include "motion.h"

#include <math.h>

static double ease_out(double t) /* fast, then gently: 1 - (1-t)^4 */
{
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return 1 - pow(1 - t, 4);
}

static double ease_back(double t) /* passes the end by a tenth and returns */
{
    double s = 1.9;

    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return 1 + (s + 1) * pow(t - 1, 3) + s * pow(t - 1, 2);
}

/* Each line rises out of its own slot, which ends below its descenders; the next starts a little
 * later. Drawn from the last: a line's shadow falls under the line above, not on it. */
static void draw_rise(const struct motion_art *art, cairo_t *cr, double t)
{
    double share = 1.0 / (1 + 0.22 * (art->strip_count - 1));
    int i;

    for (i = art->strip_count - 1; i >= 0; i--) {
        const struct motion_strip *strip = &art->strips[i];
        double local = (t - 0.22 * share * i) / share, e = ease_out(local);

        if (local <= 0) {
            continue;
        }
        cairo_save(cr);
        cairo_rectangle(cr, 0, 0, art->box.w, strip->slot);
        cairo_clip(cr);
        cairo_set_source_surface(cr, strip->face, 0, strip->y + (1 - e) * strip->height);
        cairo_paint_with_alpha(cr, local * 3 < 1 ? local * 3 : 1);
        cairo_restore(cr);
    }
}

static void draw_slide(const struct motion_art *art, cairo_t *cr, double t)
{
    double e = ease_out(t), distance = art->entry == MOTION_FADE ? 0 : 0.35;

    cairo_translate(cr, 0, (1 - e) * distance * (art->box.h < 160 ? art->box.h : 160));
    cairo_set_source_surface(cr, art->face, 0, 0);
    cairo_paint_with_alpha(cr, t * 1.8 < 1 ? t * 1.8 : 1);
}

static void draw_pop(const struct motion_art *art, cairo_t *cr, double t)
{
    double scale = 0.45 + 0.55 * ease_back(t);

    cairo_translate(cr, art->box.w / 2.0, art->box.h / 2.0);
    cairo_rotate(cr, (1 - ease_out(t)) * -0.5);
    cairo_scale(cr, scale, scale);
    cairo_translate(cr, -art->box.w / 2.0, -art->box.h / 2.0);
    cairo_set_source_surface(cr, art->face, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_GOOD);
    cairo_paint_with_alpha(cr, t * 4 < 1 ? t * 4 : 1);
}

int motion_write(const struct motion_art *art, FILE *file)
{
    int i;

    for (i = 1; i < art->frames; i++) {
        cairo_surface_t *frame = raster_create(art->box.w, art->box.h);
        double t = (double)i / art->frames;
        int result;
        cairo_t *cr;

        if (frame == NULL) {
            return -1;
        }
        cr = cairo_create(frame);
        if (art->entry == MOTION_RISE) {
            draw_rise(art, cr, t);
        } else if (art->entry == MOTION_POP) {
            draw_pop(art, cr, t);
        } else {
            draw_slide(art, cr, t);
        }
        cairo_destroy(cr);
        result = raster_write(frame, 0, file);
        cairo_surface_destroy(frame);
        if (result != 0) {
            return -1;
        }
    }
    return raster_write(art->face, 0, file);
}

void motion_fini(struct motion_art *art)
{
    int i;

    for (i = 0; i < art->strip_count; i++) {
        cairo_surface_destroy(art->strips[i].face);
    }
    art->strip_count = 0;
    if (art->face != NULL) {
        cairo_surface_destroy(art->face);
    }
    art->face = NULL;
}
