/* plate.c - see plate.h. */
#include "plate.h"

#include "backdrop.h"
#include "seal.h"

#include <math.h>
#include <string.h>

enum { CUTOUT_CLEAR_PERCENT = 6 }; /* from this share of clear pixels a picture is a cut-out */

/* Shapes of cards, width / height. */
#define WIDEST_CARD 1.8
#define TALLEST_CARD 0.62

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

/* The share of a picture that is left when it is cropped to fill a box. */
static double kept(double picture_ratio, double box_ratio)
{
    return smaller(picture_ratio / box_ratio, box_ratio / picture_ratio);
}

static double enlargement(const struct raster_look *look, struct board_box box)
{
    return fmax((double)box.w / look->width, (double)box.h / look->height);
}

/* Would words at the start of the lines hide what a wide picture shows? Its middle counts, too:
 * what stands there is half under them. */
static int hides_subject(const struct plate *plate)
{
    int rtl = board_is_rtl(plate->job);
    double under = eye_weight(&plate->eye, rtl ? 0.45 : 0, 0, 0.55, 1);

    return plate->job->text_count > 0 && under > 0.51;
}

/* A tall picture in a square: beside it there is room for few words only. */
static int is_terse(const struct job *job)
{
    int characters = board_characters(job);

    return characters > 0 && characters <= 160;
}

static enum board_kind kind_of_picture(const struct plate *plate)
{
    const struct job *job = plate->job;
    double ratio = (double)plate->look.width / plate->look.height;
    struct board_box frame = {0, 0, job->width, job->height};
    struct board_box side = board_picture(job, BOARD_SPLIT, 0);

    enum board_kind stage = ratio < 0.8 ? BOARD_STAGE_TALL : BOARD_STAGE;
    double full = kept(ratio, (double)job->width / job->height);
    double split = kept(ratio, (double)side.w / side.h), least = ratio >= 2 ? 0.42 : 0.52;
    enum board_shape shape = board_shape_of(job->width, job->height);

    if (plate->cutout) {
        return stage;
    }
    if (shape != BOARD_LANDSCAPE && split > full + 0.1) {
        full = 0; /* words over the middle of a square would hide what it shows */
    }
    if (shape == BOARD_LANDSCAPE &&
        (board_is_wordy(job) || (split >= least && hides_subject(plate)))) {
        full = 0; /* a paragraph over a picture is read by nobody */
    }
    if (shape == BOARD_LANDSCAPE && ratio < 0.8 && split < 0.62) {
        return stage; /* cropped so far, a person loses the head */
    }
    if (shape == BOARD_SQUARE && ratio < 0.9 && is_terse(job)) {
        return BOARD_STAGE_TALL;
    }
    if (full >= (ratio >= 2 && shape == BOARD_LANDSCAPE ? least : 0.66) &&
        enlargement(&plate->look, frame) <= 2.4) {
        return BOARD_FULL;
    }
    if (split >= least && enlargement(&plate->look, side) <= 2.4) {
        return BOARD_SPLIT;
    }
    return stage;
}

/* A strip of a card looks like a mistake: only its busiest part is shown. */
static void trim_card(struct plate *plate)
{
    struct raster_look *look = &plate->look;
    int w = (int)(look->height * WIDEST_CARD), h = (int)(look->width / TALLEST_CARD);

    if (look->width > w) {
        look->x = (int)(eye_crop(&plate->eye, (double)w / look->width, 0) * look->width);
        look->width = w;
    } else if (look->height > h) {
        look->y = (int)(eye_crop(&plate->eye, (double)h / look->height, 1) * look->height);
        look->height = h;
    }
}

enum board_kind plate_open(struct plate *plate, const struct job *job,
                           const struct palette *palette)
{
    enum board_kind kind;

    memset(plate, 0, sizeof(*plate));
    plate->job = job;
    plate->palette = palette;
    plate->under = 0.6;
    if (job->card) {
        return BOARD_END;
    }
    if (job->footage) {
        return BOARD_FULL;
    }
    if (job->picture[0] == '\0') {
        return BOARD_COLOR;
    }
    plate->picture = raster_load(job->picture);
    if (plate->picture == NULL) {
        return 0;
    }
    raster_examine(plate->picture, &plate->look);
    plate->cutout = plate->look.clear * 100 >= CUTOUT_CLEAR_PERCENT;
    if (!plate->cutout) {
        plate->look.x = plate->look.y = 0;
        plate->look.width = cairo_image_surface_get_width(plate->picture);
        plate->look.height = cairo_image_surface_get_height(plate->picture);
        if (eye_open(&plate->eye, plate->picture) != 0) {
            return 0;
        }
    }
    kind = kind_of_picture(plate);
    if (!plate->cutout && (kind == BOARD_STAGE || kind == BOARD_STAGE_TALL)) {
        trim_card(plate);
    }
    return kind;
}

void plate_fini(struct plate *plate)
{
    if (plate->picture != NULL) {
        cairo_surface_destroy(plate->picture);
    }
    plate->picture = NULL;
}

/* Mean lightness of the part of a surface inside `box`. */
static double lightness(cairo_surface_t *surface, struct board_box box)
{
    const unsigned char *data = cairo_image_surface_get_data(surface);
    int stride = cairo_image_surface_get_stride(surface), x, y;
    double sum = 0, count = 0;

    for (y = box.y; y < box.y + box.h; y += 3) {
        for (x = box.x; x < box.x + box.w; x += 3) {
            const unsigned char *pixel = data + (size_t)y * (size_t)stride + (size_t)x * 4;

            sum += 0.0722 * pixel[0] + 0.7152 * pixel[1] + 0.2126 * pixel[2];
            count++;
        }
    }
    return count > 0 ? sum / count / 255 : 0.5;
}

/* Where the picture goes: its board's box; but in a tall frame with words a less tall picture keeps
 * its whole width and stands at the top, so that the words are below what it shows. */
static struct board_box filled_box(const struct plate *plate, const struct board *board)
{
    struct board_box box = board->picture;
    int natural = (int)ceil((double)box.w * plate->look.height / plate->look.width);

    if (board->kind == BOARD_FULL && board->shape == BOARD_PORTRAIT && board->item_count > 0 &&
        natural < box.h) {
        box.h = natural > box.h * 7 / 10 ? natural : box.h * 7 / 10;
    }
    return box;
}

/* Below a picture that ends early: a soft end into the scrim's colour. */
static void fade_out(const struct plate *plate, const struct board *board, cairo_t *cr,
                     struct board_box box)
{
    struct tint c = plate->palette->scrim;
    cairo_pattern_t *fade = cairo_pattern_create_linear(0, box.y + box.h * 0.62, 0, box.y + box.h);
    int i;

    for (i = 0; i <= 8; i++) { /* a smooth step: a straight ramp shows where it begins */
        double t = i / 8.0;

        cairo_pattern_add_color_stop_rgba(fade, t, c.r, c.g, c.b, t * t * (3 - 2 * t));
    }
    cairo_set_source(cr, fade);
    cairo_rectangle(cr, 0, box.y + box.h * 0.62 - 1, board->width, board->height);
    cairo_fill(cr);
    cairo_pattern_destroy(fade);
}

/* The whole frame with the picture, cropped to its busiest part, in `box`. NULL on failure. */
static cairo_surface_t *draw_filled(const struct plate *plate, const struct board *board,
                                    struct board_box box)
{
    double scale = enlargement(&plate->look, box);
    int w = (int)ceil(plate->look.width * scale), h = (int)ceil(plate->look.height * scale);
    cairo_surface_t *frame = raster_create(board->width, board->height), *scaled;
    cairo_t *cr;

    scaled = raster_resize(plate->picture, w, h);
    if (frame == NULL || scaled == NULL) {
        if (frame != NULL) {
            cairo_surface_destroy(frame);
        }
        return NULL;
    }
    cr = cairo_create(frame);
    cairo_set_source_rgb(cr, plate->palette->back.r, plate->palette->back.g,
                         plate->palette->back.b);
    cairo_paint(cr);
    cairo_set_source_surface(cr, scaled,
                             box.x - (int)(eye_crop(&plate->eye, (double)box.w / w, 0) * w),
                             box.y - (int)(eye_crop(&plate->eye, (double)box.h / h, 1) * h));
    cairo_paint(cr);
    if (box.h < board->picture.h) {
        fade_out(plate, board, cr, box);
    }
    cairo_destroy(cr);
    cairo_surface_flush(frame);
    cairo_surface_destroy(scaled);
    return frame;
}

static int write_filled(struct plate *plate, struct board *board, FILE *file)
{
    cairo_surface_t *frame = draw_filled(plate, board, filled_box(plate, board));
    int result;

    if (frame == NULL) {
        return -1;
    }
    plate->under = lightness(frame, board->zone);
    board->under_logo = board->logo.w > 0 ? lightness(frame, board->logo) : 0;
    result = seal_settle_on_frame(board, frame);
    result = result == 0 ? raster_write(frame, 1, file) : -1;
    cairo_surface_destroy(frame);
    return result;
}

int plate_write_base(struct plate *plate, struct board *board, FILE *file)
{
    struct backdrop backdrop;

    if (plate->picture != NULL && (board->kind == BOARD_FULL || board->kind == BOARD_SPLIT)) {
        return write_filled(plate, board, file);
    }
    backdrop_init(&backdrop, board, plate->palette, plate->job->index);
    backdrop.card = !plate->cutout;
    return raster_write_field(backdrop_field, &backdrop, board->width, board->height, 1, file);
}

int plate_has_veil(const struct plate *plate, const struct board *board)
{
    (void)plate;
    return board->kind == BOARD_SPLIT ||
           (board->kind == BOARD_FULL && (board->item_count > 0 || board->logo.w > 0));
}

int plate_write_veil(struct plate *plate, const struct board *board, FILE *file)
{
    struct backdrop backdrop;

    backdrop_init(&backdrop, board, plate->palette, plate->job->index);
    backdrop.under = plate->under;
    return raster_write_field(board->kind == BOARD_SPLIT ? backdrop_split : backdrop_scrim,
                              &backdrop, board->width, board->height, 0, file);
}

static void round_box(cairo_t *cr, double x, double y, double w, double h, double radius)
{
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + w - radius, y + radius, radius, -M_PI / 2, 0);
    cairo_arc(cr, x + w - radius, y + h - radius, radius, 0, M_PI / 2);
    cairo_arc(cr, x + radius, y + h - radius, radius, M_PI / 2, M_PI);
    cairo_arc(cr, x + radius, y + radius, radius, M_PI, 3 * M_PI / 2);
    cairo_close_path(cr);
}

/* The picture alone on a surface with `pad` pixels around it. */
static cairo_surface_t *draw_face(struct plate *plate, int w, int h, int pad, double radius)
{
    cairo_surface_t *face = raster_create(w + 2 * pad, h + 2 * pad);
    cairo_t *cr;

    if (face == NULL) {
        return NULL;
    }
    cr = cairo_create(face);
    if (radius > 0) {
        round_box(cr, pad, pad, w, h, radius);
        cairo_clip(cr);
    }
    cairo_translate(cr, pad, pad);
    cairo_scale(cr, (double)w / plate->look.width, (double)h / plate->look.height);
    cairo_rectangle(cr, 0, 0, plate->look.width, plate->look.height);
    cairo_clip(cr);
    cairo_set_source_surface(cr, plate->picture, -plate->look.x, -plate->look.y);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BEST);
    cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
    cairo_paint(cr);
    cairo_destroy(cr);
    cairo_surface_flush(face);
    return face;
}

/* face over its shadow, which falls a little below it. */
static cairo_surface_t *with_shadow(struct plate *plate, cairo_surface_t *face, double side)
{
    struct tint dark = tint_mix(plate->palette->back_far, (struct tint){0, 0, 0}, 0.75);
    cairo_surface_t *shadow = raster_shadow(face, dark, plate->palette->dark ? 0.55 : 0.34,
                                            (int)(0.045 * side));
    cairo_surface_t *both = NULL;
    cairo_t *cr;

    if (shadow == NULL) {
        return NULL;
    }
    both = raster_create(cairo_image_surface_get_width(face), cairo_image_surface_get_height(face));
    if (both != NULL) {
        cr = cairo_create(both);
        cairo_set_source_surface(cr, shadow, 0, 0.026 * side);
        cairo_paint(cr);
        cairo_set_source_surface(cr, face, 0, 0);
        cairo_paint(cr);
        cairo_destroy(cr);
        cairo_surface_flush(both);
    }
    cairo_surface_destroy(shadow);
    return both;
}

/* The part of the picture that its card shows. */
static struct seal_view shown_part(const struct plate *plate)
{
    double w = cairo_image_surface_get_width(plate->picture);
    double h = cairo_image_surface_get_height(plate->picture);

    return (struct seal_view){plate->look.x / w, plate->look.y / h, plate->look.width / w,
                              plate->look.height / h};
}

cairo_surface_t *plate_layer(struct plate *plate, struct board *board, struct board_box *box)
{
    struct board_box room = board->picture;
    double scale = smaller((double)room.w / plate->look.width, (double)room.h / plate->look.height);
    int pad = (int)(0.085 * board->side), w, h;
    cairo_surface_t *face, *both;

    scale = smaller(scale, 3.6); /* a tiny picture stays small rather than turning to mush */
    w = (int)fmax(1, plate->look.width * scale);
    h = (int)fmax(1, plate->look.height * scale);
    plate->spot = (struct board_box){room.x + (room.w - w) / 2, room.y + (room.h - h) / 2, w, h};
    if (!plate->cutout) {
        seal_settle_on_card(board, &plate->eye, shown_part(plate), plate->spot);
    }
    box->x = (plate->spot.x - pad) & ~1;
    box->y = (plate->spot.y - pad) & ~1;
    w += w & 1;
    h += h & 1;
    box->w = w + 2 * (pad + (pad & 1));
    box->h = h + 2 * (pad + (pad & 1));
    face = draw_face(plate, w, h, pad + (pad & 1),
                     plate->cutout ? 0 : smaller(0.035 * board->side, smaller(w, h) * 0.12));
    if (face == NULL) {
        return NULL;
    }
    both = with_shadow(plate, face, board->side);
    cairo_surface_destroy(face);
    return both;
}
