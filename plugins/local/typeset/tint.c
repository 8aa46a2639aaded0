/* tint.c - see tint.h. */
#include "tint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct tint white = {1, 1, 1};
static const struct tint black = {0, 0, 0};
static const struct tint default_primary = {0.106, 0.153, 0.337}; /* a calm deep blue */
static const struct tint default_accent = {1.0, 0.420, 0.290};    /* a warm coral */

struct tint tint_read(const char *text, struct tint fallback)
{
    size_t digits = text[0] == '#' ? strspn(text + 1, "0123456789abcdefABCDEF") : 0;
    unsigned long value;

    if ((digits != 6 && digits != 3) || text[1 + digits] != '\0') {
        return fallback;
    }
    value = strtoul(text + 1, NULL, 16);
    if (digits == 3) {
        value = ((value & 0xf00) * 0x1100) | ((value & 0xf0) * 0x110) | ((value & 0xf) * 0x11);
    }
    return (struct tint){(double)(value >> 16 & 255) / 255, (double)(value >> 8 & 255) / 255,
                         (double)(value & 255) / 255};
}

struct tint tint_mix(struct tint a, struct tint b, double share)
{
    return (struct tint){a.r + (b.r - a.r) * share, a.g + (b.g - a.g) * share,
                         a.b + (b.b - a.b) * share};
}

static double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4);
}

double tint_luminance(struct tint color)
{
    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b);
}

double tint_contrast(struct tint a, struct tint b)
{
    double la = tint_luminance(a) + 0.05, lb = tint_luminance(b) + 0.05;

    return la > lb ? la / lb : lb / la;
}

struct tint tint_readable(struct tint wish, struct tint ground)
{
    struct tint light = tint_mix(white, wish, 0.04), deep = tint_mix(black, wish, 0.16);
    int on_dark = tint_contrast(light, ground) >= tint_contrast(deep, ground);

    if (tint_contrast(wish, ground) >= 4.5) {
        return wish;
    }
    if (on_dark || tint_contrast(light, ground) >= 3.9) { /* white on mid tones looks fresher */
        return tint_contrast(light, ground) >= 4.5 ? light : white;
    }
    return tint_contrast(deep, ground) >= 4.5 ? deep : black;
}

/* Grounds of middle luminance read badly under any text: push them a little. */
static struct tint settle_ground(struct tint ground)
{
    double luminance = tint_luminance(ground);
    int i;

    for (i = 0; i < 12 && luminance > 0.17 && luminance < 0.33; i++) {
        ground = tint_mix(ground, luminance < 0.26 ? black : white, 0.08);
        luminance = tint_luminance(ground);
    }
    return ground;
}

void palette_derive(struct palette *palette, const char *primary, const char *accent,
                    const char *background, const char *text)
{
    struct tint main_color = tint_read(primary, default_primary);
    struct tint spark = tint_read(accent, primary[0] != '\0' ? tint_mix(main_color, white, 0.82)
                                                             : default_accent);
    struct tint back = settle_ground(tint_read(background, main_color));
    struct tint ink;

    palette->dark = tint_luminance(back) < 0.26;
    palette->back = back;
    palette->back_far = palette->dark ? tint_mix(back, black, 0.38) : tint_mix(back, spark, 0.15);
    /* On dark grounds a yellow accent turns to mud: the lights take the main colour instead. */
    palette->glow = palette->dark ? tint_mix(spark.g < 0.6 ? tint_mix(back, spark, 0.30)
                                                           : tint_mix(back, main_color, 0.75),
                                             white, 0.10)
                                  : tint_mix(back, spark, 0.30);
    palette->glow_far = palette->dark ? tint_mix(tint_mix(back, main_color, 0.7), white, 0.16)
                                      : tint_mix(back, white, 0.80);
    palette->shape = palette->dark ? tint_mix(back, white, 0.55) : white;
    ink = tint_readable(tint_read(text, palette->dark ? white : tint_mix(main_color, black, 0.55)),
                        back);
    palette->ink = ink;
    palette->head = palette->dark || tint_contrast(main_color, back) < 5.5 ? ink : main_color;
    palette->accent = spark;
    palette->on_accent = tint_readable(
        tint_contrast(white, spark) >= 3.2 ? white : tint_mix(main_color, black, 0.5), spark);
    palette->button = tint_contrast(spark, back) >= 1.7 ? spark : ink;
    palette->on_button = tint_contrast(spark, back) >= 1.7 ? palette->on_accent
                                                           : tint_readable(back, ink);
    palette->scrim = tint_mix(main_color, black, 0.68);
}
