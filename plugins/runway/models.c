/* models.c - see models.h. */
#include "models.h"

/* The native models: pixel pairs. The first two also from words alone. */
static const struct kit_ratio native[] = {
    {"1280:720", 1280, 720}, {"720:1280", 720, 1280}, {"1104:832", 1104, 832},
    {"960:960", 960, 960},   {"832:1104", 832, 1104}, {"1584:672", 1584, 672},
};
static const struct gen_provider_size native_sizes[] = {
    {1280, 720}, {720, 1280}, {1104, 832}, {960, 960}, {832, 1104}, {1584, 672},
};

static const struct kit_ratio veo[] = {
    {"1280:720", 1280, 720},
    {"720:1280", 720, 1280},
    {"1920:1080", 1920, 1080},
    {"1080:1920", 1080, 1920},
};
static const struct gen_provider_size veo_sizes[] = {
    {1280, 720},
    {720, 1280},
    {1920, 1080},
    {1080, 1920},
};

static const int64_t two_to_ten[] = {2000, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 10000};
static const int64_t three_to_ten[] = {3000, 4000, 5000, 6000, 7000, 8000, 9000, 10000};
static const int64_t four_six_eight[] = {4000, 6000, 8000};

#define NATIVE(fields) (fields), native, KIT_COUNT(native), 2
#define HOSTED(fields, ratios) (fields), ratios, KIT_COUNT(ratios), KIT_COUNT(ratios)

/* In the order of `declared`. */
static const struct runway_model rows[] = {
    {RUNWAY_TEXT_OR_IMAGE, NATIVE(RUNWAY_SEED | RUNWAY_FIGURES | RUNWAY_POSITION)},
    {RUNWAY_IMAGE, NATIVE(RUNWAY_SEED | RUNWAY_WORDLESS)},
    {RUNWAY_FOOTAGE, NATIVE(RUNWAY_SEED | RUNWAY_WORDLESS)},
    {RUNWAY_PERFORMANCE, NATIVE(RUNWAY_WORDLESS)},
    {RUNWAY_TEXT_OR_IMAGE,
     HOSTED(RUNWAY_SEED | RUNWAY_NEGATIVE | RUNWAY_AUDIO | RUNWAY_POSITION, veo)},
    {RUNWAY_TEXT_OR_IMAGE,
     HOSTED(RUNWAY_SEED | RUNWAY_NEGATIVE | RUNWAY_AUDIO | RUNWAY_POSITION, veo)},
    {RUNWAY_TEXT_OR_IMAGE, RUNWAY_POSITION, native, 2, 2},
};

#define SIZED(list) .sizes = list, .size_count = KIT_COUNT(list)
#define LASTS(from, to) .min_duration_ms = (from)*1000, .max_duration_ms = (to)*1000
#define ONLY(list) .durations_ms = list, .duration_count = KIT_COUNT(list)
#define COMMON \
    .size = sizeof(struct gen_provider_model), .max_frame_rate = 24, .max_scenes = 1, \
    .max_prompt = 1000, .max_assets = 8
#define REPORTS GEN_MODEL_REPORTS_COST | GEN_MODEL_REPORTS_PROGRESS
#define LOOKS GEN_NEED_EFFECTS | GEN_NEED_ARTISTIC_STYLE | GEN_NEED_PHOTOREALISTIC

static const struct gen_provider_model declared_models[] = {
    {COMMON, SIZED(native_sizes), .max_width = 1584, .max_height = 1280, .id = "gen4.5",
     LASTS(2, 10), ONLY(two_to_ten), .name = "Runway Gen-4.5", .tier = 2,
     .needs = GEN_NEED_IMAGE_ANIMATION | GEN_NEED_TRANSFORMATION | GEN_NEED_CINEMATIC | LOOKS,
     .flags = GEN_MODEL_FIRST_FRAME | REPORTS, .max_asset_bytes = RUNWAY_MOST_UPLOAD,
     .asset_types = RUNWAY_IMAGE_TYPES, .quality = 8.7, .seconds_per_second = 3},
    {COMMON, SIZED(native_sizes), .max_width = 1584, .max_height = 1280, .id = "gen4_turbo",
     LASTS(2, 10), ONLY(two_to_ten), .name = "Runway Gen-4 Turbo", .tier = 1,
     .needs = GEN_NEED_IMAGE_ANIMATION | LOOKS, .flags = GEN_MODEL_FIRST_FRAME | REPORTS,
     .max_asset_bytes = RUNWAY_MOST_UPLOAD, .asset_types = RUNWAY_IMAGE_TYPES, .quality = 7.9,
     .seconds_per_second = 2},
    /* How long footage may be is not published: ten seconds, as of its predecessor's sisters. */
    {COMMON, SIZED(native_sizes), .max_width = 1584, .max_height = 1280, .id = "aleph2",
     LASTS(1, 10), .name = "Runway Aleph 2", .tier = 3,
     .needs = GEN_NEED_TRANSFORMATION | GEN_NEED_CINEMATIC | LOOKS, .flags = REPORTS,
     .max_asset_bytes = RUNWAY_MOST_UPLOAD, .asset_types = RUNWAY_VIDEO_TYPES, .quality = 8.8,
     .seconds_per_second = 4},
    {COMMON, SIZED(native_sizes), .max_width = 1584, .max_height = 1280, .id = "act_two",
     LASTS(3, 30), .name = "Runway Act-Two", .tier = 2,
     .needs = GEN_NEED_IMAGE_ANIMATION | GEN_NEED_TRANSFORMATION | GEN_NEED_EFFECTS,
     .flags = REPORTS, .max_asset_bytes = RUNWAY_MOST_UPLOAD,
     .asset_types = RUNWAY_IMAGE_TYPES " " RUNWAY_VIDEO_TYPES, .quality = 8.4,
     .seconds_per_second = 3},
    {COMMON, SIZED(veo_sizes), .max_width = 1920, .max_height = 1920, .id = "veo3.1", LASTS(4, 8),
     ONLY(four_six_eight), .name = "Veo 3.1 (at Runway)", .tier = 3,
     .needs = GEN_NEED_IMAGE_ANIMATION | GEN_NEED_CINEMATIC | GEN_NEED_VOICE | LOOKS,
     .flags = GEN_MODEL_FIRST_FRAME | GEN_MODEL_AUDIO | REPORTS,
     .max_asset_bytes = RUNWAY_MOST_UPLOAD, .asset_types = RUNWAY_IMAGE_TYPES, .quality = 9.4,
     .seconds_per_second = 8},
    {COMMON, SIZED(veo_sizes), .max_width = 1920, .max_height = 1920, .id = "veo3.1_fast",
     LASTS(4, 8), ONLY(four_six_eight), .name = "Veo 3.1 Fast (at Runway)", .tier = 2,
     .needs = GEN_NEED_IMAGE_ANIMATION | GEN_NEED_CINEMATIC | GEN_NEED_VOICE | LOOKS,
     .flags = GEN_MODEL_FIRST_FRAME | GEN_MODEL_AUDIO | REPORTS,
     .max_asset_bytes = RUNWAY_MOST_UPLOAD, .asset_types = RUNWAY_IMAGE_TYPES, .quality = 8.8,
     .seconds_per_second = 5},
    {COMMON, .sizes = native_sizes, .size_count = 2, .max_width = 1280, .max_height = 1280,
     .id = "gemini_omni_flash", LASTS(3, 10), ONLY(three_to_ten),
     .name = "Gemini Omni Flash (at Runway)", .tier = 3,
     .needs = GEN_NEED_IMAGE_ANIMATION | GEN_NEED_CINEMATIC | LOOKS,
     .flags = GEN_MODEL_FIRST_FRAME | REPORTS, .max_asset_bytes = RUNWAY_MOST_UPLOAD,
     .asset_types = RUNWAY_IMAGE_TYPES, .quality = 9, .seconds_per_second = 7.5},
};

_Static_assert(KIT_COUNT(rows) == KIT_COUNT(declared_models), "a row without its declaration");

int models_offer(struct kit_reading *reading, struct runway_settings *to)
{
    return kit_read_models(reading, declared_models, KIT_COUNT(declared_models), &to->models);
}

const struct runway_model *models_find(const struct runway_settings *settings, const char *id,
                                       const struct gen_provider_model **declared)
{
    size_t row = kit_model(&settings->models, id, KIT_COUNT(rows));

    if (row == KIT_COUNT(rows)) {
        return NULL;
    }
    *declared = &declared_models[row];
    return &rows[row];
}
