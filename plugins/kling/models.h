/* models.h - what Kling renders, as tables: models, their names in both dialects, sizes, sound.
 *
 * One row a model. Numbers that Kling does not publish are marked so here and named in README.md.
 * A model that appears later is added in the settings, `models: {kling-v4: {like: kling-v3}}`; it is
 * then called by its own id in either dialect.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_kling_test.c
 */
#ifndef KLING_MODELS_H
#define KLING_MODELS_H

#include "settings.h"

enum kling_lines { KLING_720P = 1 << 0, KLING_1080P = 1 << 1, KLING_4K = 1 << 2 };

struct kling_resolution {
    const char *word; /* as the new dialect and the price book say it */
    const char *mode; /* as the legacy one does */
    uint32_t bit;     /* of enum kling_lines */
    int32_t side;     /* the shorter one */
};

enum kling_sound {
    KLING_SILENT = 1,
    KLING_SWITCH = 2, /* `sound` or `audio` decides, and the price with it */
    KLING_SOUNDS = 3, /* always */
};

enum kling_trait {
    KLING_OMNI = 1 << 0,     /* the endpoint omni-video, its own shape of pictures */
    KLING_NO_MODE = 1 << 1,  /* one quality: `mode` is not sent */
    KLING_NEGATIVE = 1 << 2, /* takes negative_prompt (legacy) */
};

struct kling_model {
    const char *legacy; /* model_name; "" = is not spoken of there */
    const char *fresh;  /* the last part of the path in the new dialect; "" */
    int32_t sound;      /* enum kling_sound */
    uint32_t sounds_at; /* bits of enum kling_lines where it can be switched on */
    uint32_t traits;    /* bits of enum kling_trait */
    uint32_t lines;     /* bits of enum kling_lines */
};

enum {
    KLING_MOST_PROMPT = 2500, /* the new dialect takes 3072 and advises 2500 */
    KLING_MOST_IMAGE = 10 * 1024 * 1024,
    KLING_LEAST_SIDE = 300, /* of a picture */
};

#define KLING_MOST_ASPECT 2.5 /* of a picture, and its inverse */
#define KLING_IMAGE_TYPES "image/jpeg image/png"

/* Fills to->models; 0 without memory. */
int models_offer(struct kit_reading *reading, struct kling_settings *to);

/* The row behind a model's id, and what it declares; NULL when nobody offers it. */
const struct kling_model *models_find(const struct kling_settings *settings, const char *id,
                                      const struct gen_provider_model **declared);

/* By its word; NULL = there is none. */
const struct kling_resolution *models_resolution(const char *word);

/* The smallest of `lines` that is not smaller than `side`, else the largest. */
const struct kling_resolution *models_lines(uint32_t lines, int32_t side);

#endif
