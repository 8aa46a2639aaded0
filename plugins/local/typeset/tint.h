/* tint.h - colours: reading, mixing, contrast, and the palette that a brand's few colours grow to.
 *
 * A brand names at most four colours, and often none that can be read on another. The palette
 * derives the rest and guarantees that text on each ground has a WCAG contrast of 4.5 or more.
 *
 * Invariant: channels are sRGB in 0..1. Thread: one. Program: gen-typeset.
 * Tests: tests/contract/local/typeset_test.sh
 */
#ifndef TYPESET_TINT_H
#define TYPESET_TINT_H

struct tint {
    double r, g, b;
};

struct palette {
    struct tint back, back_far;    /* the backdrop's gradient */
    struct tint glow, glow_far;    /* soft lights on the backdrop */
    struct tint shape;             /* decoration on the backdrop */
    struct tint head, ink;         /* headline, other text on the backdrop */
    struct tint accent, on_accent; /* badge */
    struct tint button, on_button; /* action on the backdrop */
    struct tint scrim;             /* near black in the brand's hue, under text on pictures */
    int dark;                      /* 1: the backdrop is dark */
};

/* "#rrggbb" or "#rgb"; `fallback` where it is neither. */
struct tint tint_read(const char *text, struct tint fallback);
/* share 0 gives a, 1 gives b. */
struct tint tint_mix(struct tint a, struct tint b, double share);
double tint_luminance(struct tint color);
/* WCAG 2 contrast, 1 to 21. */
double tint_contrast(struct tint a, struct tint b);
/* `wish` if it reads on `ground` (4.5), else a near white or near black in its hue. */
struct tint tint_readable(struct tint wish, struct tint ground);

void palette_derive(struct palette *palette, const char *primary, const char *accent,
                    const char *background, const char *text);

#endif
