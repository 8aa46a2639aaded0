/* backdrop.c - see backdrop.h. */
#include "backdrop.h"

#include <math.h>

/* Places in parts of the frame, radii in parts of the short side. */
struct ring {
    double x, y, radius, thick; /* thick 0: a disc */
    double alpha;
    int accent; /* 1: in the accent's colour */
};

struct backdrop_look {
    double glow_x, glow_y, far_x, far_y;
    struct ring rings[3];
};

static const struct backdrop_look looks[] = {
    {0.88,
     0.10,
     0.05,
     0.95,
     {{1.00, 0.02, 0.46, 0.075, 0.13, 0},
      {0.97, 1.05, 0.40, 0, 0.16, 1},
      {0.80, 0.96, 0.05, 0, 0.5, 1}}},
    {0.95,
     0.90,
     0.10,
     0.05,
     {{0.98, 1.02, 0.52, 0.085, 0.13, 0},
      {0.90, -0.06, 0.34, 0, 0.14, 1},
      {0.73, 0.07, 0.035, 0, 0.55, 1}}},
    {0.75,
     0.00,
     0.20,
     1.00,
     {{0.90, 0.50, 0.62, 0.06, 0.09, 0},
      {0.90, 0.50, 0.40, 0.06, 0.12, 0},
      {1.02, 0.98, 0.20, 0, 0.20, 1}}},
};

void backdrop_init(struct backdrop *backdrop, const struct board *board,
                   const struct palette *palette, int index)
{
    backdrop->board = board;
    backdrop->palette = palette;
    backdrop->look = &looks[(size_t)index % (sizeof(looks) / sizeof(looks[0]))];
    backdrop->flip = board->rtl;
    backdrop->card = 0;
    backdrop->under = 0.6;
}

static double smooth(double from, double to, double at)
{
    double t = (at - from) / (to - from);

    t = t < 0 ? 0 : t > 1 ? 1 : t;
    return t * t * (3 - 2 * t);
}

static double cover(double distance)
{
    return distance < -0.5 ? 1 : distance > 0.5 ? 0 : 0.5 - distance;
}

static struct tint lit(struct tint color, struct tint light, double dx, double dy, double spread,
                       double strength)
{
    return tint_mix(color, light, strength * exp(-(dx * dx + dy * dy) / (2 * spread * spread)));
}

static struct tint with_ring(const struct backdrop *b, struct tint color, const struct ring *ring,
                             double x, double y)
{
    double side = b->board->side, radius = ring->radius * side, thick = ring->thick * side;
    double distance = hypot(x - ring->x * b->board->width, y - ring->y * b->board->height);
    double share = ring->thick > 0 ? cover(fabs(distance - radius) - thick / 2)
                                   : cover(distance - radius);

    int large = ring->accent && ring->alpha < 0.3;

    if (!ring->accent && !b->palette->dark) {
        share *= 4; /* white on pale needs more of it than white on dark */
    }
    if (large && b->palette->dark) { /* a veil of a bright accent on a dark ground looks dirty */
        return tint_mix(color, b->palette->glow, share * 3 * ring->alpha);
    }
    return tint_mix(color, ring->accent ? b->palette->accent : b->palette->shape,
                    share * ring->alpha);
}

/* A pale disc behind the picture, so that it stands and does not float in nothing. */
static struct tint with_stage(const struct backdrop *b, struct tint color, double x, double y)
{
    struct board_box p = b->board->picture;
    double radius = 0.505 * (p.w < p.h ? p.w : p.h), cx = p.x + p.w / 2.0, cy = p.y + p.h / 2.0;
    double distance = hypot(x - cx, y - cy);
    double fall = 0.72 + 0.28 * smooth(-radius, radius, cy - y);
    struct tint pale = b->palette->dark ? b->palette->glow_far
                                        : tint_mix(b->palette->back, (struct tint){1, 1, 1}, 0.8);

    color = tint_mix(color, b->palette->accent,
                     0.75 * cover(fabs(distance - radius * 1.085) - 0.0028 * b->board->side));
    return tint_mix(color, pale, cover(distance - radius) * (b->palette->dark ? 0.62 : 0.8) * fall);
}

static struct tint color_at(const struct backdrop *b, double x, double y)
{
    const struct board *board = b->board;
    double large = board->width > board->height ? board->width : board->height;
    double u = x / board->width, v = y / board->height, w = board->width, h = board->height;
    int plain = board->kind == BOARD_COLOR || board->kind == BOARD_END;
    struct tint color = tint_mix(b->palette->back, b->palette->back_far,
                                 smooth(0, 1, u * 0.45 + v * 0.55));
    size_t i;

    color = lit(color, b->palette->glow, (u - b->look->glow_x) * w / large,
                (v - b->look->glow_y) * h / large, 0.26, 0.75);
    color = lit(color, b->palette->glow_far, (u - b->look->far_x) * w / large,
                (v - b->look->far_y) * h / large, 0.30, 0.55);
    for (i = 0; i < sizeof(b->look->rings) / sizeof(b->look->rings[0]); i++) {
        /* Below the words of a tall frame apps draw their own: a shape there, or it looks bare. */
        if (plain || (board->shape == BOARD_PORTRAIT && b->look->rings[i].y > 0.85)) {
            color = with_ring(b, color, &b->look->rings[i], x, y);
        }
    }
    return color;
}

struct raster_sample backdrop_field(const void *context, double x, double y)
{
    const struct backdrop *b = context;
    double mirrored = b->flip ? b->board->width - x : x;
    struct raster_sample sample = {color_at(b, mirrored, y), 1};

    if (board_is_stage(b->board) && !b->card) {
        sample.color = with_stage(b, sample.color, x, y);
    }
    return sample;
}

struct raster_sample backdrop_scrim(const void *context, double x, double y)
{
    const struct backdrop *b = context;
    const struct board *board = b->board;
    double u = (b->flip ? board->width - x : x) / board->width, v = y / board->height;
    double light = b->under + 0.12, need = 1 - 0.30 / (light > 0.3 ? light : 0.3);
    double most = need < 0.58 ? 0.58 : need > 0.88 ? 0.88 : need;
    double top = 0.34 * (1 - smooth(0, 0.22, v)) * (board->logo.w > 0);
    double alpha;

    if (board->item_count == 0) {
        alpha = 0;
    } else if (board->shape == BOARD_LANDSCAPE) {
        alpha = most * (1 - smooth(0.12, 0.78, u)) + 0.22 * smooth(0.6, 1, v) * (1 - u);
    } else {
        double first = board->height;
        size_t i;

        for (i = 0; i < board->item_count; i++) { /* the scrim begins above the highest text */
            const struct board_item *item = &board->items[i];

            if (item->dress != BOARD_SEAL && item->box.y < first) {
                first = item->box.y;
            }
        }
        alpha = most * smooth(first / board->height - 0.24, first / board->height + 0.07, v);
    }
    alpha = alpha > top ? alpha : top;
    return (struct raster_sample){b->palette->scrim, alpha > 0.94 ? 0.94 : alpha};
}

/* Signed distance to the picture's curved edge: positive on the side of the texts. */
static double split_distance(const struct backdrop *b, double x, double y)
{
    const struct board *board = b->board;
    struct board_box p = board->picture;
    double radius;

    if (board->shape == BOARD_LANDSCAPE) {
        radius = 1.3 * board->height;
        x = b->flip ? board->width - x : x;
        return hypot(x - ((board->width - p.w) + radius), y - board->height / 2.0) - radius;
    }
    radius = 1.9 * board->width;
    return hypot(x - board->width / 2.0, y - (p.y + p.h - radius)) - radius;
}

struct raster_sample backdrop_split(const void *context, double x, double y)
{
    const struct backdrop *b = context;
    double distance = split_distance(b, x, y), stripe = 0.011 * b->board->side;
    struct raster_sample sample = {b->palette->accent, cover(-distance)};

    if (distance > stripe - 1) {
        double mirrored = b->flip ? b->board->width - x : x;

        sample.color = tint_mix(b->palette->accent, color_at(b, mirrored, y),
                                cover(stripe - distance));
    } else if (distance < 0 && sample.alpha <= 0) { /* a soft shade of the edge on the picture */
        double reach = 0.05 * b->board->side;

        sample.color = b->palette->scrim;
        sample.alpha = 0.28 * (1 - smooth(0, reach, -distance));
    }
    return sample;
}
