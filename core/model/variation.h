/* variation.h - one video to be made of a storyboard: its shape, size and frame rate.
 *
 * Invariant: after gen_variation_check name, aspect ratio and resolution are filled in and agree.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/brief_test.c
 */
#ifndef GEN_MODEL_VARIATION_H
#define GEN_MODEL_VARIATION_H

#include "base/record.h"

enum { GEN_VARIATION_MAX_SIDE = 4096 };

struct gen_variation {
    const char *name;         /* "16x9": names files; unique in the brief */
    const char *aspect_ratio; /* "16:9" */
    const char *resolution;   /* "1920x1080"; the reader fills in what is missing */
    int32_t width, height;    /* even */
    double frame_rate;
    int32_t frame_rate_milli;
};

extern const struct gen_record gen_variation_record;

/* The record's check: fills in what follows from what was given. */
gen_record_check gen_variation_check;

#endif
