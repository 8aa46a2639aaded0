/* models.h - what Runway renders, as tables: models, shapes, and which fields their requests take.
 *
 * One row a model. Numbers that Runway does not publish are marked so here and named in README.md.
 * A model that appears later is added in the settings, `models: {new-id: {like: gen4.5}}`.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_runway_test.c
 */
#ifndef RUNWAY_MODELS_H
#define RUNWAY_MODELS_H

#include "settings.h"

/* How a model is fed: which endpoint, and which assets it cannot do without. */
enum runway_kind {
    RUNWAY_TEXT_OR_IMAGE = 1, /* /v1/text_to_video, or /v1/image_to_video with a picture */
    RUNWAY_IMAGE = 2,         /* /v1/image_to_video, never without a picture */
    RUNWAY_FOOTAGE = 3,       /* /v1/video_to_video: changes footage */
    RUNWAY_PERFORMANCE = 4,   /* /v1/character_performance: a picture that acts as footage does */
};

enum runway_field { /* unknown fields are refused by the hosted models: only these are sent */
                    RUNWAY_SEED = 1 << 0,
                    RUNWAY_NEGATIVE = 1 << 1,
                    RUNWAY_AUDIO = 1 << 2,    /* a switch that changes the price */
                    RUNWAY_FIGURES = 1 << 3,  /* contentModeration.publicFigureThreshold */
                    RUNWAY_POSITION = 1 << 4, /* promptImage is a list of {uri, position} */
                    RUNWAY_WORDLESS = 1 << 5, /* promptText may be missing */
};

struct runway_model {
    int32_t kind;                   /* enum runway_kind */
    uint32_t fields;                /* bits of enum runway_field */
    const struct kit_ratio *ratios; /* the first `text_ratios` of them also without a picture */
    size_t ratio_count, text_ratios;
};

enum { /* of what is uploaded */
       RUNWAY_LEAST_UPLOAD = 512,
       RUNWAY_MOST_IMAGE = 16 * 1024 * 1024,
       RUNWAY_MOST_UPLOAD = 200 * 1024 * 1024,
};

#define RUNWAY_IMAGE_TYPES "image/png image/jpeg image/webp"
#define RUNWAY_VIDEO_TYPES "video/mp4 video/quicktime video/webm"

/* Fills to->models; 0 without memory. */
int models_offer(struct kit_reading *reading, struct runway_settings *to);

/* The row behind a model's id, and what it declares; NULL when nobody offers it. */
const struct runway_model *models_find(const struct runway_settings *settings, const char *id,
                                       const struct gen_provider_model **declared);

#endif
