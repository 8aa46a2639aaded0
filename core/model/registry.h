/* registry.h - a model that a provider offers, as decisions see it.
 *
 * Filled from a plugin's capabilities by core/host; pure data.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/registry_test.c
 */
#ifndef GEN_MODEL_REGISTRY_H
#define GEN_MODEL_REGISTRY_H

#include "base/arena.h"

#include <stdint.h>

/* Bits and words of the needs; values equal those of the plugin contract. */
#define GEN_NEEDS_TABLE(ROW) \
    ROW(GEN_NEEDS_TEXT_OVERLAY, 0, "text_overlay") \
    ROW(GEN_NEEDS_IMAGE_ANIMATION, 1, "image_animation") \
    ROW(GEN_NEEDS_AVATAR, 2, "avatar") \
    ROW(GEN_NEEDS_LIP_SYNC, 3, "lip_sync") \
    ROW(GEN_NEEDS_EFFECTS, 4, "effects") \
    ROW(GEN_NEEDS_TRANSFORMATION, 5, "transformation") \
    ROW(GEN_NEEDS_ARTISTIC_STYLE, 6, "artistic_style") \
    ROW(GEN_NEEDS_PHOTOREALISTIC, 7, "photorealistic") \
    ROW(GEN_NEEDS_CINEMATIC, 8, "cinematic") \
    ROW(GEN_NEEDS_VOICE, 9, "voice") \
    ROW(GEN_NEEDS_MUSIC, 10, "music")

enum gen_needs {
#define GEN_NEEDS_ENUM(name, bit, word) name = 1 << bit,
    GEN_NEEDS_TABLE(GEN_NEEDS_ENUM)
#undef GEN_NEEDS_ENUM
};

enum gen_model_trait { /* values equal enum gen_model_flag of the contract */
                       GEN_TRAIT_WHOLE_STORYBOARD = 1 << 0,
                       GEN_TRAIT_SUBMIT_IDEMPOTENT = 1 << 1,
                       GEN_TRAIT_REPORTS_COST = 1 << 2,
                       GEN_TRAIT_REPORTS_PROGRESS = 1 << 3,
                       GEN_TRAIT_ANY_RATIO = 1 << 4,
                       GEN_TRAIT_AUDIO = 1 << 5,
                       GEN_TRAIT_FIRST_FRAME = 1 << 6,
                       GEN_TRAIT_COMPOSES = 1 << 7,
                       /* Not of the contract's flags: the plugin has the extension (core/host adds them). */
                       GEN_TRAIT_CAN_RECOVER = 1 << 16,
                       GEN_TRAIT_CAN_CANCEL = 1 << 17,
};

struct gen_model { /* lives as long as its provider is loaded */
    const char *provider, *id, *name;
    uint32_t needs, traits;
    int32_t tier;
    int64_t min_duration_ms, max_duration_ms;
    const int64_t *durations_ms; /* the only ones, NULL = any */
    size_t duration_count;
    const int32_t (*sizes)[2]; /* width, height */
    size_t size_count;
    int32_t max_width, max_height, max_frame_rate, max_scenes, max_prompt, max_assets;
    int64_t max_asset_bytes;
    const char *asset_types;
    int32_t max_concurrent, rate_per_minute;
    double quality, seconds_per_second;
};

const char *gen_needs_word(uint32_t bit);         /* of one bit, NULL when unknown */
uint32_t gen_needs_of(const char *word);          /* 0 when unknown */
const char *gen_needs_nearest(const char *wrong); /* which word was meant; NULL */

#endif
