/* excerpt.c - see excerpt.h. */
#include "engine/excerpt.h"

#include "model/registry.h"

#include <string.h>

/* Does a sentence end at text[at]? With the space behind it, or without where no space is written. */
static bool excerpt_ends(const char *text, size_t at)
{
    static const char *const wide[] = {"\u3002", "\uff01", "\uff1f"}; /* 。！？ */

    if (strchr(".!?", text[at]) != NULL) {
        return text[at + 1] == ' ' || text[at + 1] == '\n' || text[at + 1] == '\t';
    }
    for (size_t i = 0; i < GEN_COUNT(wide); i++) {
        size_t size = strlen(wide[i]);

        if (at + 1 >= size && memcmp(text + at + 1 - size, wide[i], size) == 0) {
            return true;
        }
    }
    return false;
}

/* The sentences that begin while this slice is shown, taking all letters to be spoken at one pace. NULL:
 * none, or no memory. */
static const char *excerpt_dialogue(const char *text, const struct gen_shot *shot, int64_t scene_ms,
                                    struct gen_arena *arena)
{
    size_t total = text == NULL ? 0 : strlen(text), begin = 0, first = SIZE_MAX, end = 0;

    for (size_t at = 0; at < total; at++) {
        bool last = at + 1 == total;

        if (last || excerpt_ends(text, at)) {
            int64_t begins_ms = (int64_t)begin * scene_ms / (int64_t)total;

            if (begins_ms >= shot->from_ms && begins_ms < shot->from_ms + shot->shown_ms) {
                first = first == SIZE_MAX ? begin : first;
                end = at + 1;
            }
            begin = at + 1;
            while (begin < total && strchr(" \n\t", text[begin]) != NULL) {
                at = begin++;
            }
        }
    }
    return first == SIZE_MAX ? NULL : gen_arena_strndup(arena, text + first, end - first);
}

/* A scene shows this one file. */
static void excerpt_show(struct gen_scene *scene, const struct gen_supply *supply,
                         struct gen_arena *arena)
{
    const char **items = gen_arena_array(arena, 1, sizeof(*items));

    if (items != NULL) {
        items[0] = supply->asset.id.text;
        scene->assets = (struct gen_texts){items, 1};
    }
}

/* Who renders only a part of the storyboard. */
static void excerpt_part(const struct gen_excerpt_source *source, const struct gen_shot *shot,
                         struct gen_brief *brief, struct gen_arena *arena)
{
    struct gen_scene *scene = (struct gen_scene *)brief->scenes.items + shot->first_scene;
    bool whole = (shot->model_flags & GEN_TRAIT_WHOLE_STORYBOARD) != 0;

    brief->end_card = (struct gen_end_card){0};
    brief->sound.music = brief->sound.mood = NULL;
    for (size_t i = 0; i < shot->scene_count && (source->finished || whole); i++) {
        if (source->finished) {
            scene[i].overlays = (struct gen_records){0};
        }
        scene[i].transition = GEN_TRANSITION_IS_CUT; /* what it comes from is not there */
    }
    if (shot->shown_ms == 0) {
        return;
    }
    if (shot->shown_ms < scene->duration_ms) {
        scene->dialogue = excerpt_dialogue(scene->dialogue, shot, scene->duration_ms, arena);
        scene->voice = shot->from_ms == 0 ? scene->voice : NULL;
    }
    scene->duration_ms = shot->ordered_ms;
    if (gen_shot_chained(shot)) {
        excerpt_show(scene, &shot->supplies[0], arena);
    }
}

static bool excerpt_spoken(const struct gen_excerpt_source *source, size_t scene)
{
    for (size_t i = 0; i < source->shot_count; i++) {
        const struct gen_shot *shot = &source->shots[i];

        if (shot->role == GEN_SHOT_SCENE && shot->speaks && scene >= shot->first_scene &&
            scene < shot->first_scene + shot->scene_count) {
            return true;
        }
    }
    return false;
}

/* Who makes the video of what the others have rendered. */
static void excerpt_finish(const struct gen_excerpt_source *source, const struct gen_shot *shot,
                           struct gen_brief *brief, struct gen_arena *arena)
{
    for (size_t i = 0; i < shot->supply_count; i++) {
        struct gen_scene *scene = (struct gen_scene *)brief->scenes.items + shot->supplies[i].scene;

        excerpt_show(scene, &shot->supplies[i], arena);
        scene->presenter = false; /* if there is one, the footage shows it */
        scene->motion = GEN_MOTION_IS_STILL;
        if (excerpt_spoken(source, shot->supplies[i].scene)) {
            scene->dialogue = scene->voice = NULL;
        }
    }
}

static void excerpt_assets(const struct gen_excerpt_source *source, const struct gen_shot *shot,
                           struct gen_arena *arena, struct gen_excerpt *out)
{
    size_t count = source->asset_count + shot->supply_count;
    struct gen_asset *assets;

    out->assets = source->assets;
    out->asset_count = source->asset_count;
    if (shot->supply_count == 0) {
        return;
    }
    assets = gen_arena_array(arena, count, sizeof(*assets));
    if (assets == NULL) {
        return;
    }
    if (source->asset_count > 0) {
        memcpy(assets, source->assets, source->asset_count * sizeof(*assets));
    }
    for (size_t i = 0; i < shot->supply_count; i++) {
        assets[source->asset_count + i] = shot->supplies[i].asset;
    }
    out->assets = assets;
    out->asset_count = count;
}

enum gen_status gen_excerpt_of(const struct gen_excerpt_source *source, const struct gen_shot *shot,
                               struct gen_arena *arena, struct gen_excerpt *out,
                               struct gen_error *err)
{
    struct gen_brief *brief;
    struct gen_scene *scenes;
    size_t count = source->brief->scenes.count;

    *out = (struct gen_excerpt){source->brief, source->assets, source->asset_count};
    if (shot->role != GEN_SHOT_SCENE && shot->role != GEN_SHOT_FINISH) {
        return GEN_OK;
    }
    brief = gen_arena_alloc(arena, sizeof(*brief));
    scenes = gen_arena_array(arena, count, sizeof(*scenes));
    if (brief == NULL || scenes == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *brief = *source->brief;
    memcpy(scenes, brief->scenes.items, count * sizeof(*scenes));
    brief->scenes.items = scenes;
    if (shot->role == GEN_SHOT_SCENE) {
        excerpt_part(source, shot, brief, arena);
    } else {
        excerpt_finish(source, shot, brief, arena);
    }
    out->brief = brief;
    excerpt_assets(source, shot, arena, out);
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

enum gen_status gen_excerpt_shot(const struct gen_job *job, const struct gen_pipeline *pipeline,
                                 const struct gen_shot *shot, const struct gen_asset *assets,
                                 size_t asset_count, struct gen_arena *arena,
                                 struct gen_excerpt *out, struct gen_error *err)
{
    struct gen_excerpt_source source = {.brief = job->brief,
                                        .shots = pipeline->shots,
                                        .shot_count = pipeline->shot_count,
                                        .finished = gen_pipeline_finish(pipeline) != NULL,
                                        .assets = assets,
                                        .asset_count = asset_count};

    return gen_excerpt_of(&source, shot, arena, out, err);
}
