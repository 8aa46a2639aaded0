/* mark.c - see mark.h. */
#include "mark.h"

#include "raster.h"

#include <string.h>

enum {
    LETTER_SIZE = 150, /* px; the mark is made smaller for its place, never larger by much */
    LONG_NAME = 28,    /* characters: a longer name is set in two lines */
    MOST_CHARACTERS = 64
};

/* `whole` without its clear margins; `whole` is used up. */
static int trim(struct mark *mark, cairo_surface_t *whole)
{
    struct raster_look look;
    cairo_t *cr;

    if (whole == NULL) {
        return -1;
    }
    raster_examine(whole, &look);
    mark->surface = raster_create(look.width, look.height);
    if (mark->surface != NULL) {
        cr = cairo_create(mark->surface);
        cairo_set_source_surface(cr, whole, -look.x, -look.y);
        cairo_paint(cr);
        cairo_destroy(cr);
        cairo_surface_flush(mark->surface);
    }
    cairo_surface_destroy(whole);
    mark->shape.ratio = (double)look.width / look.height;
    mark->shape.width = look.width;
    return mark->surface != NULL ? 0 : -1;
}

/* Words on pictures are white; where the picture has no scrim the mark gets a white plate, and
 * dark letters on it. */
static struct tint ink_on(const struct job *job, enum board_kind kind,
                          const struct palette *palette)
{
    static const struct tint white = {1, 1, 1};

    if (kind == BOARD_FULL) {
        return white;
    }
    if (kind == BOARD_SPLIT && board_shape_of(job->width, job->height) != BOARD_LANDSCAPE) {
        return tint_readable(palette->scrim, white);
    }
    return palette->head;
}

static int set_name(struct mark *mark, const struct job *job, enum board_kind kind,
                    const struct palette *palette, const struct letter_press *press)
{
    int characters = letter_count(job->brand_name), pad = LETTER_SIZE / 2, result = -1;
    struct letter letter = {0};
    struct letter_ask ask = {
        .text = job->brand_name,
        .style = &letter_styles[JOB_BADGE],
        .size = LETTER_SIZE,
        .width = characters > LONG_NAME ? LETTER_SIZE * characters * 3 / 8 : LETTER_SIZE * 40,
        .most_height = LETTER_SIZE * 4,
        .balance = 1,
        .align = kind == BOARD_END ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT,
    };
    cairo_surface_t *whole;
    cairo_t *cr;

    if (characters >
        MOST_CHARACTERS) { /* no mark, but a sentence: small enough it would be noise */
        ask.width = LETTER_SIZE * MOST_CHARACTERS * 3 / 8;
    }
    if (letter_set(press, &ask, &letter) != 0) {
        goto done;
    }
    whole = raster_create(letter.width + 2 * pad, letter.height + 2 * pad);
    if (whole != NULL) {
        cr = cairo_create(whole);
        letter_paint(&letter, cr, pad, pad, ink_on(job, kind, palette));
        cairo_destroy(cr);
        cairo_surface_flush(whole);
    }
    mark->shape.lines = letter.lines;
    result = trim(mark, whole);
done:
    letter_fini(&letter);
    return result;
}

int mark_open(struct mark *mark, const struct job *job, enum board_kind kind,
              const struct palette *palette, const struct letter_press *press)
{
    memset(mark, 0, sizeof(*mark));
    if (job->logo[0] != '\0') {
        return trim(mark, raster_load(job->logo));
    }
    return job->brand_name[0] != '\0' ? set_name(mark, job, kind, palette, press) : 0;
}

void mark_fini(struct mark *mark)
{
    if (mark->surface != NULL) {
        cairo_surface_destroy(mark->surface);
    }
    mark->surface = NULL;
}
