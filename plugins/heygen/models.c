/* models.c - see models.h. */
#include "models.h"

#define SPEAKING_NEEDS \
    (GEN_NEED_AVATAR | GEN_NEED_LIP_SYNC | GEN_NEED_VOICE | GEN_NEED_PHOTOREALISTIC)

/* Sizes by ratio and resolution. HeyGen names both words and no pixels: the short side is taken to
 * be what the resolution says, the long side follows from the ratio (see README.md). */
static const struct kit_ratio shapes_to_4k[] = {
    {"16:9", 1280, 720},  {"16:9", 1920, 1080}, {"16:9", 3840, 2160}, {"9:16", 720, 1280},
    {"9:16", 1080, 1920}, {"9:16", 2160, 3840}, {"1:1", 720, 720},    {"1:1", 1080, 1080},
    {"1:1", 2160, 2160},  {"4:5", 720, 900},    {"4:5", 1080, 1350},  {"4:5", 2160, 2700},
    {"5:4", 900, 720},    {"5:4", 1350, 1080},  {"5:4", 2700, 2160},
};
static const struct kit_ratio shapes_to_1080[] = {
    {"16:9", 1280, 720}, {"16:9", 1920, 1080}, {"9:16", 720, 1280}, {"9:16", 1080, 1920},
    {"1:1", 720, 720},   {"1:1", 1080, 1080},  {"4:5", 720, 900},   {"4:5", 1080, 1350},
    {"5:4", 900, 720},   {"5:4", 1350, 1080},
};
static const struct kit_ratio shapes_cinematic[] = {
    {"16:9", 1280, 720},  {"16:9", 1920, 1080}, {"9:16", 720, 1280},
    {"9:16", 1080, 1920}, {"1:1", 720, 720},    {"1:1", 1080, 1080},
};

/* The same as sizes, for the capabilities. */
static const struct gen_provider_size sizes_to_4k[] = {
    {1280, 720},  {1920, 1080}, {3840, 2160}, {720, 1280},  {1080, 1920},
    {2160, 3840}, {720, 720},   {1080, 1080}, {2160, 2160}, {720, 900},
    {1080, 1350}, {2160, 2700}, {900, 720},   {1350, 1080}, {2700, 2160},
};
static const struct gen_provider_size sizes_to_1080[] = {
    {1280, 720},  {1920, 1080}, {720, 1280},  {1080, 1920}, {720, 720},
    {1080, 1080}, {720, 900},   {1080, 1350}, {900, 720},   {1350, 1080},
};
static const struct gen_provider_size sizes_cinematic[] = {
    {1280, 720}, {1920, 1080}, {720, 1280}, {1080, 1920}, {720, 720}, {1080, 1080},
};

static const int64_t cinematic_durations[] = {4000,  5000,  6000,  7000,  8000,  9000,
                                              10000, 11000, 12000, 13000, 14000, 15000};

#define ALL(array) array, KIT_COUNT(array)

static const struct heygen_model rows[] = {
    {HEYGEN_AVATAR, "avatar", ALL(shapes_to_4k)},
    {HEYGEN_AVATAR, "avatar", ALL(shapes_to_4k)},
    {HEYGEN_AVATAR, "avatar", ALL(shapes_to_1080)},
    {HEYGEN_IMAGE, "image", ALL(shapes_to_1080)},
    {HEYGEN_CINEMATIC, "cinematic_avatar", ALL(shapes_cinematic)},
};

#define SPEAKING(word, text, level, good, slow, list, longest) \
    { \
        .size = sizeof(struct gen_provider_model), .needs = SPEAKING_NEEDS, \
        .flags = GEN_MODEL_AUDIO, .tier = level, .id = word, .name = text, \
        .min_duration_ms = 1000, .max_duration_ms = HEYGEN_MOST_VOICE_MS, .sizes = list, \
        .size_count = KIT_COUNT(list), .max_width = longest, .max_height = longest, \
        .max_frame_rate = 60, .max_scenes = 1, .max_assets = 8, .max_asset_bytes = 50000000, \
        .asset_types = "image/png image/jpeg audio/mpeg audio/wav", .max_concurrent = 10, \
        .quality = good, .seconds_per_second = slow \
    }

/* In the order of `rows`. Quality and speed are working figures; the policy file overrides them. */
static const struct gen_provider_model models[] = {
    SPEAKING("avatar_iv", "HeyGen Avatar IV", 2, 8.7, 40, sizes_to_4k, 3840),
    SPEAKING("avatar_v", "HeyGen Avatar V", 2, 8.9, 40, sizes_to_4k, 3840),
    SPEAKING("avatar_iii", "HeyGen Avatar III", 1, 7.8, 30, sizes_to_1080, 1920),
    SPEAKING("photo_avatar", "HeyGen Avatar IV from a photo", 2, 8.4, 40, sizes_to_1080, 1920),
    {
        .size = sizeof(struct gen_provider_model),
        .needs = GEN_NEED_AVATAR | GEN_NEED_CINEMATIC | GEN_NEED_PHOTOREALISTIC,
        .flags = GEN_MODEL_AUDIO,
        .tier = 3,
        .id = "cinematic_avatar",
        .name = "HeyGen cinematic avatar",
        .min_duration_ms = HEYGEN_LEAST_CINEMATIC_S * 1000,
        .max_duration_ms = HEYGEN_MOST_CINEMATIC_S * 1000,
        .durations_ms = cinematic_durations,
        .duration_count = KIT_COUNT(cinematic_durations),
        .sizes = sizes_cinematic,
        .size_count = KIT_COUNT(sizes_cinematic),
        .max_width = 1920,
        .max_height = 1920,
        .max_frame_rate = 60,
        .max_scenes = 1,
        .max_prompt = HEYGEN_MOST_PROMPT,
        .asset_types = "",
        .max_concurrent = 10,
        .quality = 9,
        .seconds_per_second = 60,
    },
};

int models_offer(const struct kit *kit, const struct gen_node *settings, struct heygen_settings *to)
{
    struct gen_provider_model *list;
    size_t i;

    if (!kit_models_read(kit, settings, models, KIT_COUNT(models), &to->models)) {
        return 0;
    }
    list = kit->host->alloc(kit->arena, to->models.count * sizeof(*list));
    if (list == NULL) {
        return 0;
    }
    for (i = 0; i < to->models.count; i++) {
        list[i] = to->models.list[i];
        if (to->trusts_key) {
            list[i].flags |= GEN_MODEL_SUBMIT_IDEMPOTENT;
        }
        if (rows[to->models.like[i]].kind == HEYGEN_CINEMATIC && !to->cinematic_sound) {
            list[i].flags &= ~(uint32_t)GEN_MODEL_AUDIO;
        }
    }
    to->models.list = list;
    return 1;
}

const struct heygen_model *models_find(const struct heygen_settings *settings, const char *id)
{
    size_t index = kit_model(&settings->models, id, KIT_COUNT(rows));

    return index < KIT_COUNT(rows) ? &rows[index] : NULL;
}

const char *models_resolution(const struct kit_ratio *shape)
{
    int32_t side = shape->width < shape->height ? shape->width : shape->height;

    return side >= 2160 ? "4k" : side >= 1080 ? "1080p" : "720p";
}
