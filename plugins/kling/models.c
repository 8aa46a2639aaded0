/* models.c - see models.h. */
#include "models.h"

static const struct kling_resolution resolutions[] = {
    {"720p", "std", KLING_720P, 720},
    {"1080p", "pro", KLING_1080P, 1080},
    {"4k", "4k", KLING_4K, 2160},
};

/* 16:9, 9:16 and 1:1 of each resolution; a model takes the part that it renders. */
static const struct gen_provider_size sizes[] = {
    {1280, 720},  {720, 1280},  {720, 720},   {1920, 1080}, {1080, 1920},
    {1080, 1080}, {3840, 2160}, {2160, 3840}, {2160, 2160},
};

static const int64_t five_or_ten[] = {5000, 10000};
static const int64_t three_to_fifteen[] = {3000,  4000,  5000,  6000,  7000,  8000, 9000,
                                           10000, 11000, 12000, 13000, 14000, 15000};

#define HD (KLING_720P | KLING_1080P)
#define ALL (HD | KLING_4K)

/* In the order of `declared`. v1 to v1-6 have a second quality whose price is not known: not offered.
 * The masters have one quality. */
static const struct kling_model rows[] = {
    {"kling-v1", "", KLING_SILENT, 0, KLING_NEGATIVE, KLING_720P},
    {"kling-v1-5", "", KLING_SILENT, 0, KLING_NEGATIVE, KLING_720P},
    {"kling-v1-6", "", KLING_SILENT, 0, KLING_NEGATIVE, KLING_720P},
    {"kling-v2-master", "", KLING_SILENT, 0, KLING_NEGATIVE | KLING_NO_MODE, KLING_1080P},
    {"kling-v2-1", "", KLING_SILENT, 0, KLING_NEGATIVE, HD},
    {"kling-v2-1-master", "", KLING_SILENT, 0, KLING_NEGATIVE | KLING_NO_MODE, KLING_1080P},
    {"kling-v2-5-turbo", "", KLING_SILENT, 0, KLING_NEGATIVE, HD},
    {"kling-v2-6", "", KLING_SWITCH, KLING_1080P, KLING_NEGATIVE, HD},
    {"kling-v3", "kling-3.0", KLING_SWITCH, ALL, 0, ALL},
    {"kling-v3-omni", "kling-3.0-omni", KLING_SWITCH, ALL, KLING_OMNI, ALL},
    {"kling-video-o1", "", KLING_SILENT, 0, KLING_OMNI, HD},
    {"", "kling-3.0-turbo", KLING_SOUNDS, HD, 0, HD},
};

#define COMMON \
    .size = sizeof(struct gen_provider_model), .max_frame_rate = 24, .max_scenes = 1, \
    .max_prompt = KLING_MOST_PROMPT, .max_assets = 8, .max_asset_bytes = 50 * 1024 * 1024, \
    .asset_types = "image/jpeg image/png image/webp"
#define LOOKS GEN_NEED_EFFECTS | GEN_NEED_ARTISTIC_STYLE | GEN_NEED_IMAGE_ANIMATION
#define REAL LOOKS | GEN_NEED_PHOTOREALISTIC | GEN_NEED_CINEMATIC
#define FLAGS GEN_MODEL_REPORTS_COST | GEN_MODEL_FIRST_FRAME
#define CLIPS \
    .min_duration_ms = 5000, .max_duration_ms = 10000, .durations_ms = five_or_ten, \
    .duration_count = KIT_COUNT(five_or_ten)
#define SECONDS \
    .min_duration_ms = 3000, .max_duration_ms = 15000, .durations_ms = three_to_fifteen, \
    .duration_count = KIT_COUNT(three_to_fifteen)
#define AT_720P .sizes = sizes, .size_count = 3, .max_width = 1280, .max_height = 1280
#define AT_1080P .sizes = sizes + 3, .size_count = 3, .max_width = 1920, .max_height = 1920
#define AT_HD .sizes = sizes, .size_count = 6, .max_width = 1920, .max_height = 1920
#define AT_ALL .sizes = sizes, .size_count = 9, .max_width = 3840, .max_height = 3840

static const struct gen_provider_model declared_models[] = {
    {COMMON, CLIPS, AT_720P, .id = "kling-v1", .name = "Kling 1.0", .needs = LOOKS, .flags = FLAGS,
     .tier = 1, .quality = 7, .seconds_per_second = 4},
    {COMMON, CLIPS, AT_720P, .id = "kling-v1-5", .name = "Kling 1.5", .needs = LOOKS,
     .flags = FLAGS, .tier = 1, .quality = 7.2, .seconds_per_second = 4},
    {COMMON, CLIPS, AT_720P, .id = "kling-v1-6", .name = "Kling 1.6", .needs = LOOKS,
     .flags = FLAGS, .tier = 1, .quality = 7.4, .seconds_per_second = 4},
    {COMMON, CLIPS, AT_1080P, .id = "kling-v2-master", .name = "Kling 2.0 Master", .needs = REAL,
     .flags = FLAGS, .tier = 3, .quality = 8.2, .seconds_per_second = 7},
    {COMMON, CLIPS, AT_HD, .id = "kling-v2-1", .name = "Kling 2.1", .needs = LOOKS, .flags = FLAGS,
     .tier = 2, .quality = 7.9, .seconds_per_second = 5},
    {COMMON, CLIPS, AT_1080P, .id = "kling-v2-1-master", .name = "Kling 2.1 Master", .needs = REAL,
     .flags = FLAGS, .tier = 3, .quality = 8.4, .seconds_per_second = 7},
    {COMMON, CLIPS, AT_HD, .id = "kling-v2-5-turbo", .name = "Kling 2.5 Turbo", .needs = LOOKS,
     .flags = FLAGS, .tier = 2, .quality = 8, .seconds_per_second = 4},
    {COMMON, CLIPS, AT_HD, .id = "kling-v2-6", .name = "Kling 2.6", .needs = LOOKS,
     .flags = FLAGS | GEN_MODEL_AUDIO, .tier = 2, .quality = 8.3, .seconds_per_second = 5},
    {COMMON, SECONDS, AT_ALL, .id = "kling-v3", .name = "Kling 3.0", .needs = REAL,
     .flags = FLAGS | GEN_MODEL_AUDIO, .tier = 3, .quality = 8.8, .seconds_per_second = 5},
    {COMMON, SECONDS, AT_ALL, .id = "kling-v3-omni", .name = "Kling 3.0 Omni", .needs = REAL,
     .flags = FLAGS | GEN_MODEL_AUDIO, .tier = 3, .quality = 8.8, .seconds_per_second = 6},
    {COMMON, CLIPS, AT_HD, .id = "kling-video-o1", .name = "Kling Video O1", .needs = LOOKS,
     .flags = FLAGS, .tier = 2, .quality = 8.2, .seconds_per_second = 6},
    {COMMON, SECONDS, AT_HD, .id = "kling-3.0-turbo", .name = "Kling 3.0 Turbo", .needs = REAL,
     .flags = FLAGS | GEN_MODEL_AUDIO, .tier = 2, .quality = 8.5, .seconds_per_second = 3},
};

_Static_assert(KIT_COUNT(rows) == KIT_COUNT(declared_models), "a row without its declaration");

static int allowed(uint32_t lines, const struct gen_provider_size *size)
{
    int32_t side = size->width < size->height ? size->width : size->height;
    size_t i;

    for (i = 0; i < KIT_COUNT(resolutions); i++) {
        if (resolutions[i].side == side) {
            return (lines & resolutions[i].bit) != 0;
        }
    }
    return 0;
}

/* The sizes of a model that may be ordered; all of them where none may, since it has no others. */
static int narrow(const struct kit *kit, uint32_t lines, struct gen_provider_model *model)
{
    struct gen_provider_size *list = kit->host->alloc(kit->arena,
                                                      model->size_count * sizeof(*list));
    size_t i, count = 0;

    for (i = 0; list != NULL && i < model->size_count; i++) {
        if (allowed(lines, &model->sizes[i])) {
            list[count++] = model->sizes[i];
        }
    }
    if (count > 0) {
        model->sizes = list;
        model->size_count = count;
    }
    return list != NULL;
}

int models_offer(struct kit_reading *reading, struct kling_settings *to)
{
    const struct kit *kit = reading->kit;
    struct gen_provider_model *list;
    size_t i;

    if (!kit_read_models(reading, declared_models, KIT_COUNT(declared_models), &to->models)) {
        return 0;
    }
    list = kit->host->alloc(kit->arena, to->models.count * sizeof(*list));
    for (i = 0; list != NULL && i < to->models.count; i++) {
        list[i] = to->models.list[i];
        if (!narrow(kit, to->resolutions, &list[i])) {
            return 0;
        }
    }
    to->models.list = list;
    return list != NULL;
}

const struct kling_model *models_find(const struct kling_settings *settings, const char *id,
                                      const struct gen_provider_model **declared)
{
    size_t row = kit_model(&settings->models, id, KIT_COUNT(rows));

    if (row == KIT_COUNT(rows)) {
        return NULL;
    }
    *declared = &declared_models[row];
    return &rows[row];
}

const struct kling_resolution *models_resolution(const char *word)
{
    size_t i;

    for (i = 0; i < KIT_COUNT(resolutions); i++) {
        if (kit_same(resolutions[i].word, word)) {
            return &resolutions[i];
        }
    }
    return NULL;
}

const struct kling_resolution *models_lines(uint32_t lines, int32_t side)
{
    const struct kling_resolution *best = NULL;
    size_t i;

    for (i = 0; i < KIT_COUNT(resolutions); i++) {
        if ((lines & resolutions[i].bit) != 0 && (best == NULL || best->side < side)) {
            best = &resolutions[i];
        }
    }
    return best;
}
