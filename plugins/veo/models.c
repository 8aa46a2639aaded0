/* models.c - see models.h. */
#include "models.h"

static const struct kit_ratio shapes_omni[] = {
    {"16:9", 640, 360}, {"16:9", 1280, 720}, {"16:9", 1920, 1080}, {"16:9", 3840, 2160},
    {"9:16", 360, 640}, {"9:16", 720, 1280}, {"9:16", 1080, 1920}, {"9:16", 2160, 3840},
};
static const struct kit_ratio shapes_to_4k[] = {
    {"16:9", 1280, 720}, {"16:9", 1920, 1080}, {"16:9", 3840, 2160},
    {"9:16", 720, 1280}, {"9:16", 1080, 1920}, {"9:16", 2160, 3840},
};
static const struct kit_ratio shapes_to_1080[] = {
    {"16:9", 1280, 720},
    {"16:9", 1920, 1080},
    {"9:16", 720, 1280},
    {"9:16", 1080, 1920},
};

/* The same as sizes, for the capabilities. */
static const struct gen_provider_size sizes_omni[] = {
    {640, 360}, {1280, 720}, {1920, 1080}, {3840, 2160},
    {360, 640}, {720, 1280}, {1080, 1920}, {2160, 3840},
};
static const struct gen_provider_size sizes_to_4k[] = {
    {1280, 720}, {1920, 1080}, {3840, 2160}, {720, 1280}, {1080, 1920}, {2160, 3840},
};
static const struct gen_provider_size sizes_to_1080[] = {
    {1280, 720},
    {1920, 1080},
    {720, 1280},
    {1080, 1920},
};

static const int64_t veo_durations[] = {4000, 6000, 8000};

#define ALL(array) array, KIT_COUNT(array)

static const struct veo_model rows[] = {
    {VEO_OMNI, 0, ALL(shapes_omni), NULL, 0, 3000, 15000},
    {VEO_OMNI, 0, ALL(shapes_omni), NULL, 0, 3000, 10000},
    {VEO_VERTEX, 0, ALL(shapes_to_4k), ALL(veo_durations), 4000, 8000},
    {VEO_VERTEX, 0, ALL(shapes_to_4k), ALL(veo_durations), 4000, 8000},
    {VEO_VERTEX, 0, ALL(shapes_to_1080), ALL(veo_durations), 4000, 8000},
};

#define NEEDS \
    (GEN_NEED_IMAGE_ANIMATION | GEN_NEED_EFFECTS | GEN_NEED_TRANSFORMATION | \
     GEN_NEED_ARTISTIC_STYLE | GEN_NEED_PHOTOREALISTIC | GEN_NEED_CINEMATIC)

#define COMMON(word, text, level, good, slow, list, longest) \
    .size = sizeof(struct gen_provider_model), .needs = NEEDS, \
    .flags = GEN_MODEL_AUDIO | GEN_MODEL_FIRST_FRAME, .tier = level, .id = word, .name = text, \
    .sizes = list, .size_count = KIT_COUNT(list), .max_width = longest, .max_height = longest, \
    .max_frame_rate = 24, .max_scenes = 1, .max_assets = 8, .max_asset_bytes = 20000000, \
    .asset_types = "image/png image/jpeg", .quality = good, .seconds_per_second = slow

#define OMNI(word, text, good, least, most) \
    { \
        COMMON(word, text, 3, good, 2.5, sizes_omni, 3840), .min_duration_ms = least, \
                                                            .max_duration_ms = most \
    }

#define VERTEX(word, text, level, good, slow, list, longest) \
    { \
        COMMON(word, text, level, good, slow, list, longest), \
            .min_duration_ms = 4000, .max_duration_ms = 8000, .durations_ms = veo_durations, \
            .duration_count = KIT_COUNT(veo_durations), .max_prompt = 4000, .rate_per_minute = 50 \
    }

/* In the order of `rows`. Quality and speed are working figures; the policy file overrides them. */
static const struct gen_provider_model models[] = {
    OMNI("gemini-omni-1.2-flash", "Gemini Omni 1.2 Flash", 9.2, 3000, 15000),
    OMNI("gemini-omni-1.1-flash", "Gemini Omni 1.1 Flash", 9, 3000, 10000),
    VERTEX("veo-3.1-generate-001", "Veo 3.1", 3, 9.4, 15, sizes_to_4k, 3840),
    VERTEX("veo-3.1-fast-generate-001", "Veo 3.1 Fast", 2, 8.8, 8, sizes_to_4k, 3840),
    VERTEX("veo-3.1-lite-generate-001", "Veo 3.1 Lite", 2, 8.3, 6, sizes_to_1080, 1920),
};

/* What Google has switched off, or says that it will, and what it names instead. */
static const struct {
    const char *begins, *replacement;
} retired[] = {
    {"gemini-omni-flash-preview", "gemini-omni-1.1-flash"},
    {"gemini-omni-1.1-flash", "gemini-omni-1.2-flash"},
    {"veo-2.0-", "veo-3.1-generate-001 (Vertex) or gemini-omni-1.2-flash"},
    {"veo-3.0-fast-", "veo-3.1-fast-generate-001 (Vertex) or gemini-omni-1.2-flash"},
    {"veo-3.0-", "veo-3.1-generate-001 (Vertex) or gemini-omni-1.2-flash"},
    {"veo-3.1-", "gemini-omni-1.2-flash"},
};

int models_offer(struct kit_reading *reading, struct veo_settings *to)
{
    const struct kit *kit = reading->kit;
    struct gen_provider_model *list;
    size_t i;

    if (!kit_read_models(reading, models, KIT_COUNT(models), &to->models)) {
        return 0;
    }
    list = kit->host->alloc(kit->arena, to->models.count * sizeof(*list));
    if (list == NULL) {
        return 0;
    }
    for (i = 0; i < to->models.count; i++) {
        int32_t surface = rows[to->models.like[i]].surface;

        list[i] = to->models.list[i];
        if (surface == VEO_VERTEX && !to->audio) {
            list[i].flags &= ~(uint32_t)GEN_MODEL_AUDIO;
        }
        if (surface == VEO_OMNI && settings_token_price(kit, to, list[i].id) >= 0) {
            list[i].flags |= GEN_MODEL_REPORTS_COST;
        }
        if (to->speaks && (list[i].flags & GEN_MODEL_AUDIO) != 0) {
            list[i].needs |= GEN_NEED_VOICE;
        }
    }
    to->models.list = list;
    return 1;
}

const struct veo_model *models_find(const struct veo_settings *settings, const char *id)
{
    size_t index = kit_model(&settings->models, id, KIT_COUNT(rows));

    return index < KIT_COUNT(rows) ? &rows[index] : NULL;
}

const char *models_resolution(const struct kit_ratio *shape)
{
    int32_t side = shape->width < shape->height ? shape->width : shape->height;

    return side >= 2160 ? "4k" : side >= 1080 ? "1080p" : side >= 720 ? "720p" : "360p";
}

const char *models_replacement(const char *id)
{
    size_t i;

    for (i = 0; i < KIT_COUNT(retired); i++) {
        if (kit_begins(id, retired[i].begins)) {
            return retired[i].replacement;
        }
    }
    return NULL;
}
