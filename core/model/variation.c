/* variation.c - see variation.h. */
#include "model/variation.h"

#include "model/storyboard.h"

#include <stdlib.h>
#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

static const struct gen_field variation_fields[] = {
    {.key = "aspectRatio",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_variation, aspect_ratio),
     .max = 11,
     .help = "Shape, as width:height (16:9, 9:16, 1:1, 4:5); from the resolution by default."},
    {.key = "resolution",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_variation, resolution),
     .max = 11,
     .help =
         "Pixels, as widthxheight, or the short side by name: 480p, 720p, 1080p, 1440p, 4k; 1080p "
         "by default."},
    {.key = "frameRate",
     .type = GEN_FIELD_REAL,
     FIELD(gen_variation, frame_rate),
     .min = 1,
     .max = 120,
     .help = "Frames a second; the brief's by default."},
    {.key = "name",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_variation, name),
     .min = 1,
     .max = 40,
     .help = "Names the files; the shape by default (16x9)."},
    {.key = NULL}};

const struct gen_record gen_variation_record = {.name = "variation",
                                                .size = sizeof(struct gen_variation),
                                                .fields = variation_fields,
                                                .short_key = "aspectRatio",
                                                .check = gen_variation_check,
                                                .help = "One video to be made."};

/* Two positive numbers up to `most` around `separator`, nothing else. */
static bool variation_pair(const char *text, char separator, long most, long *first, long *second)
{
    char *end;

    if (text[0] < '0' || text[0] > '9') {
        return false;
    }
    *first = strtol(text, &end, 10);
    if (*end != separator || end[1] < '0' || end[1] > '9') {
        return false;
    }
    *second = strtol(end + 1, &end, 10);
    return *end == '\0' && *first > 0 && *second > 0 && *first <= most && *second <= most;
}

static long variation_divisor(long a, long b)
{
    while (b != 0) {
        long rest = a % b;

        a = b;
        b = rest;
    }
    return a;
}

/* The names that people have for sizes say the short side. */
static const struct gen_choice variation_sizes[] = {
    {"480p", 480, NULL},   {"720p", 720, NULL}, {"1080p", 1080, NULL}, {"1440p", 1440, NULL},
    {"2160p", 2160, NULL}, {"4k", 2160, NULL},  {"4K", 2160, NULL},    {NULL, 0, NULL},
};

/* The short side gets so many pixels, the long side follows the shape, to the nearest even number. */
static void variation_short_side(long side, long ratio_width, long ratio_height, long *width,
                                 long *height)
{
    bool wide = ratio_width >= ratio_height;
    long more = wide ? ratio_width : ratio_height, less = wide ? ratio_height : ratio_width;
    long other = (side * more + less) / (2 * less) * 2;

    *width = wide ? other : side;
    *height = wide ? side : other;
}

/* false: the resolution is given in pixels, or is no name. */
static bool variation_named(struct gen_variation *variation, long ratio_width, long ratio_height,
                            struct gen_arena *arena, long *width, long *height)
{
    const struct gen_choice *size = variation_sizes;

    while (size->word != NULL && variation->resolution != NULL &&
           strcmp(size->word, variation->resolution) != 0) {
        size++;
    }
    if (variation->resolution != NULL && size->word == NULL) {
        return false;
    }
    variation_short_side(variation->resolution == NULL ? 1080 : size->value, ratio_width,
                         ratio_height, width, height);
    variation->resolution = gen_arena_printf(arena, "%ldx%ld", *width, *height);
    return true;
}

static enum gen_status variation_size(struct gen_variation *variation, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    long ratio_width = 16, ratio_height = 9, width = 0, height = 0;

    /* The shape may have numbers as large as a size: that of 162x320 is 81:160 and is read again. */
    if (variation->aspect_ratio != NULL &&
        !variation_pair(variation->aspect_ratio, ':', GEN_VARIATION_MAX_SIDE, &ratio_width,
                        &ratio_height)) {
        return gen_storyboard_wrong(node, "aspectRatio", err,
                                    "is not a shape; write it as width:height, such as \"16:9\"");
    }
    if (!variation_named(variation, ratio_width, ratio_height, arena, &width, &height) &&
        !variation_pair(variation->resolution, 'x', 99999, &width, &height)) {
        return gen_storyboard_wrong(
            node, "resolution", err,
            "is not a size; write it as widthxheight, such as 1920x1080, or by its "
            "short side: 480p, 720p, 1080p, 1440p, 4k");
    }
    if (width > GEN_VARIATION_MAX_SIDE || height > GEN_VARIATION_MAX_SIDE || width < 64 ||
        height < 64) {
        return gen_storyboard_wrong(node, "resolution", err,
                                    "each side must have 64 to 4096 pixels");
    }
    if (width % 2 != 0 || height % 2 != 0) {
        return gen_storyboard_wrong(
            node, "resolution", err,
            "both sides must be even numbers (4:2:0 video has no half pixels)");
    }
    if (variation->aspect_ratio == NULL) {
        long divisor = variation_divisor(width, height);

        variation->aspect_ratio = gen_arena_printf(arena, "%ld:%ld", width / divisor,
                                                   height / divisor);
    } else if (labs(width * ratio_height - height * ratio_width) >
               2 * (ratio_width + ratio_height)) {
        return gen_storyboard_wrong(node, "resolution", err,
                                    "does not have the shape of `aspectRatio`");
    }
    variation->width = (int32_t)width;
    variation->height = (int32_t)height;
    return GEN_OK;
}

enum gen_status gen_variation_check(void *object, const struct gen_node *node,
                                    struct gen_arena *arena, struct gen_error *err)
{
    struct gen_variation *variation = object;
    enum gen_status status = variation_size(variation, node, arena, err);

    if (status != GEN_OK) {
        return status;
    }
    if (variation->name == NULL && variation->aspect_ratio != NULL) {
        char *name = gen_arena_strdup(arena, variation->aspect_ratio);

        if (name != NULL) {
            *strchr(name, ':') = 'x';
            variation->name = name;
        }
    } else if (variation->name != NULL &&
               strspn(variation->name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                       "0123456789-_.") != strlen(variation->name)) {
        return gen_storyboard_wrong(node, "name", err,
                                    "may hold letters, digits, '-', '_' and '.' only");
    } else if (variation->name != NULL && variation->name[0] == '.') {
        return gen_storyboard_wrong(node, "name", err, "must not begin with a dot: it names files");
    }
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}
