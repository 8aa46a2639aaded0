/* task.c - see task.h. */
#include "host/task.h"

#include "platform/json_reader.h"

#include <gen/provider.h>

#include <string.h>

/* Everything that building needs, so that its parts take one argument. */
struct build {
    const struct gen_task *from;
    bool whole; /* the model renders whole storyboards */
    struct gen_arena *arena;
    struct gen_provider_asset *assets;
    struct gen_provider_scene *scenes;
    struct gen_error *err;
};

struct task_extension {
    const char *media_type, *extension;
};

static const struct task_extension task_extensions[] = {
    {"image/png", "png"},
    {"image/jpeg", "jpg"},
    {"image/webp", "webp"},
    {"image/gif", "gif"},
    {"image/avif", "avif"},
    {"image/heic", "heic"},
    {"image/bmp", "bmp"},
    {"image/tiff", "tiff"},
    {"image/svg+xml", "svg"},
    {"video/mp4", "mp4"},
    {"video/quicktime", "mov"},
    {"video/webm", "webm"},
    {"video/x-matroska", "mkv"},
    {"video/x-msvideo", "avi"},
    {"video/ogg", "ogv"},
    {"audio/mp4", "m4a"},
    {"audio/webm", "weba"},
    {"audio/x-matroska", "mka"},
    {"audio/wav", "wav"},
    {"audio/flac", "flac"},
    {"audio/aac", "aac"},
    {"audio/mpeg", "mp3"},
    {"audio/ogg", "ogg"},
    {"audio/x-msvideo", "avi"},
    {"font/ttf", "ttf"},
    {"font/otf", "otf"},
    {"font/collection", "ttc"},
    {"font/woff", "woff"},
    {"font/woff2", "woff2"},
    {"text/plain", "txt"},
    {NULL, NULL},
};

const char *gen_task_asset_file(const struct gen_task *task, size_t index, struct gen_arena *arena)
{
    const struct task_extension *row = task_extensions;
    const char *type = task->assets[index].media_type;

    while (row->media_type != NULL && (type == NULL || strcmp(row->media_type, type) != 0)) {
        row++;
    }
    return gen_arena_printf(arena, "asset-%zu.%s", index,
                            row->extension != NULL ? row->extension : "bin");
}

static const char *task_text(const char *text)
{
    return text != NULL ? text : "";
}

static enum gen_status task_no_memory(struct build *build)
{
    return gen_error_set(build->err, GEN_ENOMEM, "out of memory");
}

static enum gen_status task_build_assets(struct build *build)
{
    const struct gen_task *from = build->from;

    build->assets = gen_arena_array(build->arena, from->asset_count, sizeof(*build->assets));
    if (build->assets == NULL) {
        return task_no_memory(build);
    }
    for (size_t i = 0; i < from->asset_count; i++) {
        const struct gen_asset *asset = &from->assets[i];

        build->assets[i] = (struct gen_provider_asset){
            .size = sizeof(build->assets[i]),
            .id = asset->id.text,
            .media_type = task_text(asset->media_type),
            .hash = task_text(asset->digest),
            .file = gen_task_asset_file(from, i, build->arena),
            .bytes = asset->size,
            .width = asset->width,
            .height = asset->height,
            .duration_ms = asset->duration_ms,
        };
    }
    return gen_arena_failed(build->arena) ? task_no_memory(build) : GEN_OK;
}

/* The index of an asset named in the brief; -1 for none. Its role is the first one that is asked
 * for; scenes come first, since a logo that is also shown in a scene is a picture there. */
static enum gen_status task_find_asset(struct build *build, const char *id, int32_t role,
                                       const char *path, int32_t *index)
{
    *index = -1;
    if (id == NULL || id[0] == '\0') {
        return GEN_OK;
    }
    for (size_t i = 0; i < build->from->asset_count; i++) {
        if (strcmp(build->from->assets[i].id.text, id) == 0) {
            *index = (int32_t)i;
            build->assets[i].role = build->assets[i].role != 0 ? build->assets[i].role : role;
            return GEN_OK;
        }
    }
    gen_error_set(build->err, GEN_EINVAL, "\"%s\" is not among the assets of the job", id);
    gen_error_place(build->err, NULL, 0, 0, path);
    return GEN_EINVAL;
}

/* The kind of what was uploaded decides what it is in a scene. */
static int32_t task_scene_role(const struct gen_task *from, const char *id)
{
    for (size_t i = 0; i < from->asset_count; i++) {
        const char *kind = task_text(from->assets[i].kind);

        if (strcmp(from->assets[i].id.text, id) == 0) {
            return strcmp(kind, "video") == 0   ? GEN_ROLE_VIDEO
                   : strcmp(kind, "audio") == 0 ? GEN_ROLE_VOICE
                   : strcmp(kind, "font") == 0  ? GEN_ROLE_FONT
                   : strcmp(kind, "frame") == 0 ? GEN_ROLE_FIRST_FRAME
                                                : GEN_ROLE_PICTURE;
        }
    }
    return GEN_ROLE_PICTURE;
}

static enum gen_status task_scene_assets(struct build *build, const struct gen_scene *from,
                                         const char *path, struct gen_provider_scene *to)
{
    int32_t *indexes = gen_arena_array(build->arena, from->assets.count + 1, sizeof(*indexes));
    enum gen_status status = GEN_OK;
    int32_t voice = -1;

    if (indexes == NULL) {
        return task_no_memory(build);
    }
    for (size_t i = 0; status == GEN_OK && i < from->assets.count; i++) {
        const char *id = from->assets.items[i];

        status = task_find_asset(build, id, task_scene_role(build->from, id), path,
                                 &indexes[to->asset_count]);
        to->asset_count += status == GEN_OK && indexes[to->asset_count] >= 0;
    }
    if (status == GEN_OK) {
        status = task_find_asset(build, from->voice, GEN_ROLE_VOICE, path, &voice);
    }
    if (status == GEN_OK && voice >= 0) {
        indexes[to->asset_count++] = voice;
    }
    to->assets = indexes;
    return status;
}

static enum gen_status task_scene_overlays(struct build *build, const struct gen_scene *from,
                                           struct gen_provider_scene *to)
{
    struct gen_provider_overlay *overlays = gen_arena_array(build->arena, from->overlays.count,
                                                            sizeof(*overlays));

    if (overlays == NULL) {
        return task_no_memory(build);
    }
    for (size_t i = 0; i < from->overlays.count; i++) {
        const struct gen_overlay *overlay = gen_scene_overlay(from, i);

        overlays[i] = (struct gen_provider_overlay){
            .size = sizeof(overlays[i]),
            .role = overlay->role,
            .text = task_text(overlay->text),
        };
    }
    to->overlays = overlays;
    to->overlay_count = from->overlays.count;
    return GEN_OK;
}

static enum gen_status task_build_scene(struct build *build, size_t index,
                                        struct gen_provider_scene *to)
{
    const struct gen_scene *from = gen_brief_scene(build->from->brief, index);
    char *path = gen_arena_printf(build->arena, "scenes[%zu].assets", index);
    enum gen_status status;

    if (path == NULL) {
        return task_no_memory(build);
    }
    *to = (struct gen_provider_scene){
        .size = sizeof(*to),
        .overlay_size = sizeof(struct gen_provider_overlay),
        .id = task_text(from->id),
        .prompt = task_text(from->prompt),
        .negative_prompt = task_text(from->negative_prompt),
        .style = task_text(from->style),
        .dialogue = task_text(from->dialogue),
        .language = task_text(from->language != NULL && from->language[0] != '\0'
                                  ? from->language
                                  : build->from->brief->language),
        .duration_ms = from->duration_ms,
        .presenter = from->presenter ? 1 : 0,
        .transition = from->transition,
        .motion = from->motion,
    };
    status = task_scene_overlays(build, from, to);
    return status == GEN_OK ? task_scene_assets(build, from, path, to) : status;
}

static enum gen_status task_build_scenes(struct build *build)
{
    const struct gen_shot *shot = build->from->shot;
    size_t count = build->from->brief->scenes.count;
    enum gen_status status = GEN_OK;

    if (shot->scene_count == 0 || shot->first_scene >= count ||
        shot->scene_count > count - shot->first_scene) {
        return gen_error_set(build->err, GEN_EINVAL,
                             "a shot of %zu scenes from scene %zu is outside "
                             "the %zu scenes of the brief",
                             shot->scene_count, shot->first_scene, count);
    }
    build->scenes = gen_arena_array(build->arena, shot->scene_count, sizeof(*build->scenes));
    if (build->scenes == NULL) {
        return task_no_memory(build);
    }
    for (size_t i = 0; status == GEN_OK && i < shot->scene_count; i++) {
        status = task_build_scene(build, shot->first_scene + i, &build->scenes[i]);
    }
    return status;
}

static enum gen_status task_build_brand(struct build *build, struct gen_provider_task *to)
{
    const struct gen_brand *from = &build->from->brief->brand;
    struct gen_provider_brand *brand = gen_arena_alloc(build->arena, sizeof(*brand));

    if (brand == NULL) {
        return task_no_memory(build);
    }
    *brand = (struct gen_provider_brand){
        .size = sizeof(*brand),
        .name = task_text(from->name),
        .font = task_text(from->font),
        .primary = task_text(from->primary),
        .accent = task_text(from->accent),
        .background = task_text(from->background),
        .text = task_text(from->text),
    };
    to->brand = brand;
    return task_find_asset(build, from->logo, GEN_ROLE_LOGO, "brand.logo", &brand->logo);
}

static enum gen_status task_build_sound(struct build *build, struct gen_provider_task *to)
{
    const struct gen_sound *from = &build->from->brief->sound;
    struct gen_provider_sound *sound = gen_arena_alloc(build->arena, sizeof(*sound));

    if (sound == NULL) {
        return task_no_memory(build);
    }
    *sound = (struct gen_provider_sound){
        .size = sizeof(*sound),
        .mood = build->whole ? task_text(from->mood) : "",
        .voice = task_text(from->voice),
    };
    to->sound = sound;
    return task_find_asset(build, build->whole ? from->music : NULL, GEN_ROLE_MUSIC, "sound.music",
                           &sound->music);
}

static enum gen_status task_build_end_card(struct build *build, struct gen_provider_task *to)
{
    const struct gen_end_card *from = &build->from->brief->end_card;
    struct gen_provider_end_card *card = gen_arena_alloc(build->arena, sizeof(*card));

    if (card == NULL) {
        return task_no_memory(build);
    }
    *card = (struct gen_provider_end_card){
        .size = sizeof(*card),
        .present = build->whole && from->duration_ms > 0 ? 1 : 0,
        .headline = task_text(from->headline),
        .body = task_text(from->body),
        .action = task_text(from->action),
        .legal = task_text(from->legal),
        .duration_ms = from->duration_ms,
    };
    to->end_card = card;
    return GEN_OK;
}

static enum gen_status task_build_parameters(struct build *build, struct gen_provider_task *to)
{
    const char *text = build->from->shot->parameters;
    const struct gen_node *node = NULL;
    struct gen_error why = {0};
    enum gen_status status;

    if (text == NULL || text[0] == '\0') {
        return GEN_OK;
    }
    status = gen_json_read(text, strlen(text), NULL, build->arena, &node, &why);
    if (status == GEN_ENOMEM) {
        return task_no_memory(build);
    }
    if (status != GEN_OK || gen_node_type_of(node) != GEN_NODE_MAP) {
        return gen_error_set(build->err, GEN_ECORRUPT,
                             "the stored parameters of a shot are not a "
                             "JSON map: %s",
                             status != GEN_OK ? why.message : "another type");
    }
    to->parameters = node;
    return GEN_OK;
}

typedef enum gen_status task_part(struct build *build, struct gen_provider_task *to);

/* Scenes are built before them, so that their roles come first. */
static task_part *const task_parts[] = {
    task_build_brand,
    task_build_sound,
    task_build_end_card,
    task_build_parameters,
};

enum gen_status gen_task_build(const struct gen_task *task, const struct gen_model *model,
                               struct gen_arena *arena, const struct gen_provider_task **out,
                               struct gen_error *err)
{
    struct build build = {.from = task, .arena = arena, .err = err};
    struct gen_provider_task *to = gen_arena_alloc(arena, sizeof(*to));
    const struct gen_shot *shot = task->shot;
    enum gen_status status;

    if (to == NULL) {
        return task_no_memory(&build);
    }
    build.whole = (model->traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0;
    status = task_build_assets(&build);
    status = status == GEN_OK ? task_build_scenes(&build) : status;
    for (size_t i = 0; status == GEN_OK && i < GEN_COUNT(task_parts); i++) {
        status = task_parts[i](&build, to);
    }
    if (status != GEN_OK) {
        return status;
    }
    to->size = sizeof(*to);
    to->scene_size = sizeof(*build.scenes);
    to->asset_size = sizeof(*build.assets);
    to->width = task->variation->width;
    to->height = task->variation->height;
    to->frame_rate_milli = task->variation->frame_rate_milli;
    to->reference = shot->attempt.id.text;
    to->model = model->id;
    to->title = task_text(task->brief->title);
    to->language = task_text(task->brief->language);
    to->scenes = build.scenes;
    to->scene_count = shot->scene_count;
    to->assets = build.assets;
    to->asset_count = task->asset_count;
    to->seed = shot->attempt.seed;
    to->now_ms = task->now;
    to->handle = task_text(shot->attempt.handle);
    to->state = task_text(shot->attempt.step_state);
    *out = to;
    return GEN_OK;
}

enum gen_status gen_task_build_bare(const struct gen_task *task, struct gen_arena *arena,
                                    const struct gen_provider_task **out, struct gen_error *err)
{
    static const struct gen_provider_brand brand = {.size = sizeof(brand),
                                                    .logo = -1,
                                                    .name = "",
                                                    .font = "",
                                                    .primary = "",
                                                    .accent = "",
                                                    .background = "",
                                                    .text = ""};
    static const struct gen_provider_end_card end_card = {
        .size = sizeof(end_card), .headline = "", .body = "", .action = "", .legal = ""};
    static const struct gen_provider_sound sound = {
        .size = sizeof(sound), .music = -1, .mood = "", .voice = ""};
    struct gen_provider_task *to = gen_arena_alloc(arena, sizeof(*to));

    if (to == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *to = (struct gen_provider_task){
        .size = sizeof(*to),
        .scene_size = sizeof(struct gen_provider_scene),
        .asset_size = sizeof(struct gen_provider_asset),
        .reference = "",
        .model = "",
        .title = "",
        .language = "",
        .brand = &brand,
        .end_card = &end_card,
        .sound = &sound,
        .now_ms = task->now,
        .handle = "",
        .state = task->shot != NULL ? task_text(task->shot->attempt.step_state) : "",
    };
    *out = to;
    return GEN_OK;
}
