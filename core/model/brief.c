/* brief.c - see brief.h. The tables first, then the checks that need more than one field. */
#include "model/brief.h"

#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

const struct gen_choice gen_priority_choices[] = {
    {"low", GEN_PRIORITY_LOW, "when nothing else waits"},
    {"normal", GEN_PRIORITY_NORMAL, "in turn"},
    {"high", GEN_PRIORITY_HIGH, "before the others"},
    {NULL, 0, NULL}};

const struct gen_choice gen_reuse_choices[] = {
    {"policy", GEN_REUSE_POLICY, "as routing.yaml says"},
    {"always", GEN_REUSE_ALWAYS, "what is there already is taken, unless routing.yaml says never"},
    {"never", GEN_REUSE_NEVER, "always fresh: every clip is made anew"},
    {NULL, 0, NULL}};

static const struct gen_field brief_fields[] = {
    {.key = "title",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brief, title),
     .max = 200,
     .help = "Name of the ad."},
    {.key = "project",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brief, project),
     .max = 100,
     .help = "Project it belongs to."},
    {.key = "team",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brief, team),
     .min = 1,
     .max = 128,
     .help = "Team that pays; one of yours (see gen me)."},
    {.key = "language",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brief, language),
     .min = 2,
     .max = 35,
     .help = "Language of dialogue and overlays (BCP 47)."},
    {.key = "brand",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_brief, brand),
     .record = &gen_brand_record,
     .help = "What makes it look like you."},
    {.key = "scenes",
     .type = GEN_FIELD_RECORDS,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_brief, scenes),
     .min = 1,
     .max = GEN_BRIEF_MAX_SCENES,
     .record = &gen_scene_record,
     .help = "The storyboard."},
    {.key = "endCard",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_brief, end_card),
     .record = &gen_end_card_record,
     .help = "The closing card."},
    {.key = "sound",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_brief, sound),
     .record = &gen_sound_record,
     .help = "What is heard."},
    {.key = "variations",
     .type = GEN_FIELD_RECORDS,
     FIELD(gen_brief, variations),
     .max = GEN_BRIEF_MAX_VARIATIONS,
     .record = &gen_variation_record,
     .help = "The videos to be made; one in 16:9 by default."},
    {.key = "resolution",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brief, resolution),
     .max = 11,
     .help = "Pixels of the only variation, where `variations` is left out: 1920x1080, or 1080p."},
    {.key = "frameRate",
     .type = GEN_FIELD_REAL,
     FIELD(gen_brief, frame_rate),
     .min = 1,
     .max = 120,
     .preset = "30",
     .help = "Frames a second."},
    {.key = "strategy",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_brief, strategy),
     .min = 1,
     .max = 64,
     .help = "How models are chosen: a strategy of the policies; they choose one by default."},
    {.key = "deliver",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_brief, deliver),
     .max = 16,
     .help = "Where it will run: delivery specs of the policies, such as tiktok."},
    {.key = "models",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_brief, models),
     .max = 16,
     .help = "Models to use instead of the router's choice, as provider/model, in this order."},
    {.key = "budget",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_brief, budget),
     .min = 1,
     .max = INT64_C(1000000) * GEN_MICROS_PER_DOLLAR,
     .help = "Most that the job may cost."},
    {.key = "deadline",
     .type = GEN_FIELD_MOMENT,
     FIELD(gen_brief, deadline),
     .help = "When it is needed (RFC 3339)."},
    {.key = "priority",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_brief, priority),
     .preset = "normal",
     .choices = gen_priority_choices,
     .help = "Who goes first."},
    {.key = "tags",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_brief, tags),
     .max = 32,
     .help = "Words to find and bill it by."},
    {.key = "reuse",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_brief, reuse),
     .preset = "policy",
     .choices = gen_reuse_choices,
     .help = "Whether clips that were made to the very same order may be used again at no cost."},
    {.key = NULL}};

const struct gen_record gen_brief_record = {
    .name = "brief",
    .size = sizeof(struct gen_brief),
    .fields = brief_fields,
    .help = "A request for one ad in one or more variations."};

const struct gen_scene *gen_brief_scene(const struct gen_brief *brief, size_t index)
{
    GEN_CHECK(index < brief->scenes.count);
    return (const struct gen_scene *)brief->scenes.items + index;
}

const struct gen_variation *gen_brief_variation(const struct gen_brief *brief, size_t index)
{
    GEN_CHECK(index < brief->variations.count);
    return (const struct gen_variation *)brief->variations.items + index;
}

int64_t gen_brief_duration(const struct gen_brief *brief)
{
    int64_t total = brief->end_card.duration_ms;

    for (size_t i = 0; i < brief->scenes.count; i++) {
        total += gen_brief_scene(brief, i)->duration_ms;
    }
    return total;
}

/* Points an error at item number `index` of a list. */
static void brief_place(struct gen_error *err, const struct gen_node *item, const char *list,
                        size_t index, const char *key)
{
    char path[GEN_ERROR_PATH_SIZE];

    snprintf(path, sizeof(path), "%s[%zu]%s", list, index, key);
    gen_error_place(err, NULL, item == NULL ? 0 : item->line, item == NULL ? 0 : item->column,
                    path);
}

/* Defaults that one scene takes from its place, and ids that name exactly one scene. */
static enum gen_status brief_finish_scenes(struct gen_brief *brief, const struct gen_node *node,
                                           struct gen_arena *arena, struct gen_error *err)
{
    struct gen_scene *scenes = brief->scenes.items;
    const struct gen_node *item = gen_node_first(gen_node_get(node, "scenes"));

    for (size_t i = 0; i < brief->scenes.count; i++, item = item->next) {
        if (scenes[i].id == NULL) {
            scenes[i].id = gen_arena_printf(arena, "scene_%zu", i + 1);
        }
        if (scenes[i].language == NULL) {
            scenes[i].language = brief->language;
        }
        for (size_t k = 0; scenes[i].id != NULL && k < i; k++) {
            if (scenes[k].id != NULL && strcmp(scenes[k].id, scenes[i].id) == 0) {
                gen_error_set(err, GEN_EINVAL, "\"%s\" names scene %zu already", scenes[i].id,
                              k + 1);
                brief_place(err, item, "scenes", i, ".id");
                return GEN_EINVAL;
            }
        }
    }
    return GEN_OK;
}

/* One variation where the user gave none. */
static enum gen_status brief_default_variation(struct gen_brief *brief, const struct gen_node *node,
                                               struct gen_arena *arena, struct gen_error *err)
{
    struct gen_variation *only = gen_arena_alloc(arena, sizeof(*only));

    if (only == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    only->resolution = brief->resolution;
    brief->variations = (struct gen_records){only, 1};
    return gen_variation_check(only, node, arena, err);
}

static enum gen_status brief_finish_variations(struct gen_brief *brief, const struct gen_node *node,
                                               struct gen_arena *arena, struct gen_error *err)
{
    struct gen_variation *all;

    if (brief->variations.count == 0) {
        enum gen_status status = brief_default_variation(brief, node, arena, err);

        if (status != GEN_OK) {
            return status;
        }
    } else if (brief->resolution != NULL) {
        return gen_storyboard_wrong(node, "resolution", err,
                                    "belongs into each of `variations` where there are any");
    }
    all = brief->variations.items;
    for (size_t i = 0; i < brief->variations.count; i++) {
        if (all[i].frame_rate <= 0) {
            all[i].frame_rate = brief->frame_rate;
        }
        all[i].frame_rate_milli = (int32_t)(all[i].frame_rate * 1000 + 0.5);
        for (size_t k = 0; k < i; k++) {
            if (all[k].name != NULL && all[i].name != NULL &&
                strcmp(all[k].name, all[i].name) == 0) {
                gen_error_set(err, GEN_EINVAL,
                              "two variations are called \"%s\"; give one a `name`", all[i].name);
                brief_place(err, gen_node_at(gen_node_get(node, "variations"), i), "variations", i,
                            "");
                return GEN_EINVAL;
            }
        }
    }
    return GEN_OK;
}

static enum gen_status brief_check_duration(const struct gen_brief *brief,
                                            const struct gen_node *node, struct gen_error *err)
{
    int64_t total = gen_brief_duration(brief);
    char message[160];

    if (total <= GEN_BRIEF_MAX_DURATION_MS) {
        return GEN_OK;
    }
    snprintf(message, sizeof(message),
             "the video would last %lld.%03lld s with its end card; at most %lld s are possible",
             (long long)(total / 1000), (long long)(total % 1000),
             (long long)(GEN_BRIEF_MAX_DURATION_MS / 1000));
    return gen_storyboard_wrong(node, "scenes", err, message);
}

/* Tags and models are short words; an empty scene would show nothing at all. */
static enum gen_status brief_check_words(const struct gen_brief *brief, const struct gen_node *node,
                                         struct gen_error *err)
{
    enum gen_status status = gen_storyboard_language(node, brief->language, err);

    if (status != GEN_OK) {
        return status;
    }
    for (size_t i = 0; i < brief->tags.count; i++) {
        size_t size = strlen(brief->tags.items[i]);

        if (size == 0 || gen_utf8_count(brief->tags.items[i], size) > 100) {
            return gen_storyboard_wrong(node, "tags", err,
                                        "each tag must have 1 to 100 characters");
        }
    }
    for (size_t i = 0; i < brief->models.count; i++) {
        const char *slash = strchr(brief->models.items[i], '/');

        if (slash == NULL || slash == brief->models.items[i] || slash[1] == '\0') {
            return gen_storyboard_wrong(
                node, "models", err,
                "each model is written as provider/model, such as local/studio");
        }
    }
    for (size_t i = 0; i < brief->scenes.count; i++) {
        const struct gen_scene *scene = gen_brief_scene(brief, i);

        if ((scene->prompt == NULL || scene->prompt[0] == '\0') && scene->overlays.count == 0 &&
            scene->assets.count == 0 && scene->dialogue == NULL) {
            const struct gen_node *item = gen_node_at(gen_node_get(node, "scenes"), i);

            gen_error_set(err, GEN_EINVAL,
                          "has nothing to show: give it a prompt, an overlay, "
                          "dialogue or an asset");
            brief_place(err, item, "scenes", i, "");
            return GEN_EINVAL;
        }
    }
    return GEN_OK;
}

enum gen_status gen_brief_read(const struct gen_node *node, struct gen_arena *arena,
                               struct gen_brief **out, struct gen_error *err)
{
    struct gen_brief *brief = gen_arena_alloc(arena, sizeof(*brief));
    enum gen_status status;

    if (brief == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_record_bind(&gen_brief_record, node, "", arena, brief, err);
    if (status != GEN_OK) {
        return status;
    }
    if (gen_node_get(node, "endCard") == NULL) {
        memset(&brief->end_card, 0, sizeof(brief->end_card));
    }
    if ((status = brief_finish_scenes(brief, node, arena, err)) != GEN_OK ||
        (status = brief_finish_variations(brief, node, arena, err)) != GEN_OK ||
        (status = brief_check_duration(brief, node, err)) != GEN_OK ||
        (status = brief_check_words(brief, node, err)) != GEN_OK) {
        return status;
    }
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = brief;
    return GEN_OK;
}

/* A key that stands for nothing, and would not be read back as such. */
static bool brief_silent(const struct gen_brief *brief, const char *key)
{
    return (strcmp(key, "endCard") == 0 && brief->end_card.duration_ms == 0) ||
           (strcmp(key, "budget") == 0 && brief->budget == 0) ||
           (strcmp(key, "reuse") == 0 && brief->reuse == GEN_REUSE_POLICY);
}

struct gen_node *gen_brief_write(const struct gen_brief *brief, struct gen_arena *arena)
{
    struct gen_brief copy = *brief;
    struct gen_node *whole, *map;

    copy.resolution = NULL; /* stands in the variations now */
    whole = gen_record_write(&gen_brief_record, &copy, arena);
    map = gen_node_map(arena);
    for (const struct gen_node *item = gen_node_first(whole); item != NULL; item = item->next) {
        if (!brief_silent(brief, item->key)) {
            gen_node_set(arena, map, item->key, gen_node_copy(arena, item));
        }
    }
    return map;
}

static enum gen_status brief_one_asset(gen_brief_asset *call, void *context, const char *path,
                                       enum gen_asset_use use, const char **name,
                                       struct gen_error *err)
{
    return *name == NULL ? GEN_OK : call(context, path, use, name, err);
}

static enum gen_status brief_scene_assets(struct gen_scene *scene, size_t index,
                                          gen_brief_asset *call, void *context,
                                          struct gen_error *err)
{
    char path[GEN_ERROR_PATH_SIZE];
    enum gen_status status = GEN_OK;

    for (size_t k = 0; k < scene->assets.count && status == GEN_OK; k++) {
        snprintf(path, sizeof(path), "scenes[%zu].assets[%zu]", index, k);
        status = brief_one_asset(call, context, path, GEN_USE_PICTURE, &scene->assets.items[k],
                                 err);
    }
    snprintf(path, sizeof(path), "scenes[%zu].voice", index);
    return status != GEN_OK
               ? status
               : brief_one_asset(call, context, path, GEN_USE_VOICE, &scene->voice, err);
}

enum gen_status gen_brief_each_asset(struct gen_brief *brief, gen_brief_asset *call, void *context,
                                     struct gen_error *err)
{
    struct gen_scene *scenes = brief->scenes.items;
    enum gen_status status = brief_one_asset(call, context, "brand.logo", GEN_USE_LOGO,
                                             &brief->brand.logo, err);

    for (size_t i = 0; i < brief->scenes.count && status == GEN_OK; i++) {
        status = brief_scene_assets(&scenes[i], i, call, context, err);
    }
    return status != GEN_OK ? status
                            : brief_one_asset(call, context, "sound.music", GEN_USE_MUSIC,
                                              &brief->sound.music, err);
}
