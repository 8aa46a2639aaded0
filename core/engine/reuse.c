/* reuse.c - see reuse.h. */
#include "engine/reuse.h"

#include "base/json.h"
#include "engine/excerpt.h"
#include "engine/rules.h"
#include "store/blob.h"

#include <string.h>
#include <unistd.h>

enum {
    REUSE_FORM = 1, /* of an order; another number, and no clip of before fits */
    REUSE_MOST_LOOKS = 16,
};
#define REUSE_DAYS 30 /* without a rulebook */
#define REUSE_DAY_MS INT64_C(86400000)

/* routing.yaml; without one a clip is used again only where the brief wants it. */
static int reuse_rule(const struct gen_engine_options *options)
{
    const struct gen_policy_set *set = gen_rules_set(options);

    return set == NULL ? GEN_REUSE_WHEN_ASKED : set->routing->reuse.when;
}

bool gen_reuse_wanted(const struct gen_engine_options *options, const struct gen_brief *brief)
{
    int rule = reuse_rule(options);

    return rule != GEN_REUSE_WHEN_NEVER && brief->reuse != GEN_REUSE_NEVER &&
           (rule == GEN_REUSE_WHEN_ALWAYS || brief->reuse == GEN_REUSE_ALWAYS);
}

gen_moment gen_reuse_since(const struct gen_engine_options *options, gen_moment now)
{
    const struct gen_policy_set *set = gen_rules_set(options);
    int64_t days = set == NULL ? REUSE_DAYS : set->routing->reuse.days;

    if (reuse_rule(options) == GEN_REUSE_WHEN_NEVER) {
        days = 0;
    }
    return now - days * REUSE_DAY_MS;
}

/* ---------------------------------------------------------------------------------- the order -- */

struct reuse_order {
    const struct gen_excerpt *excerpt;
    struct gen_arena *arena;
};

/* A file by its content: ids differ between jobs. */
static const char *reuse_file(const struct reuse_order *order, const char *id)
{
    for (size_t i = 0; id != NULL && i < order->excerpt->asset_count; i++) {
        if (strcmp(order->excerpt->assets[i].id.text, id) == 0) {
            return order->excerpt->assets[i].digest;
        }
    }
    return id;
}

static void reuse_scene(const struct reuse_order *order, struct gen_scene *scene)
{
    const char **items = gen_arena_array(order->arena, scene->assets.count + 1, sizeof(*items));

    for (size_t i = 0; items != NULL && i < scene->assets.count; i++) {
        items[i] = reuse_file(order, scene->assets.items[i]);
    }
    scene->assets.items = items;
    scene->voice = reuse_file(order, scene->voice);
}

/* What of the brief a render can depend on; who wants it, why and for how much is nothing to the model. */
static const struct gen_node *reuse_brief(const struct reuse_order *order,
                                          const struct gen_pipeline *pipeline,
                                          const struct gen_shot *shot)
{
    const struct gen_brief *from = order->excerpt->brief;
    struct gen_scene *scenes = gen_arena_array(order->arena, shot->scene_count, sizeof(*scenes));
    struct gen_brief brief = {.title = from->title,
                              .language = from->language,
                              .brand = from->brand,
                              .end_card = from->end_card,
                              .sound = from->sound,
                              .frame_rate = from->frame_rate,
                              .priority = GEN_PRIORITY_NORMAL,
                              .reuse = GEN_REUSE_POLICY};

    if (scenes == NULL) {
        return NULL;
    }
    memcpy(scenes, (const struct gen_scene *)from->scenes.items + shot->first_scene,
           shot->scene_count * sizeof(*scenes));
    for (size_t i = 0; i < shot->scene_count; i++) {
        reuse_scene(order, &scenes[i]);
    }
    brief.scenes = (struct gen_records){scenes, shot->scene_count};
    brief.variations = (struct gen_records){
        (struct gen_variation *)from->variations.items + pipeline->variation, 1};
    brief.brand.logo = reuse_file(order, brief.brand.logo);
    brief.sound.music = reuse_file(order, brief.sound.music);
    return gen_brief_write(&brief, order->arena);
}

static const struct gen_node *reuse_document(const struct reuse_order *order,
                                             const struct gen_job *job,
                                             const struct gen_pipeline *pipeline,
                                             const struct gen_shot *shot)
{
    struct gen_arena *arena = order->arena;
    struct gen_node *map = gen_node_map(arena), *supplies = gen_node_list(arena);

    for (size_t i = 0; i < shot->supply_count; i++) {
        gen_node_push(supplies, gen_node_string(arena, shot->supplies[i].asset.digest));
    }
    gen_node_set(arena, map, "form", gen_node_int(arena, REUSE_FORM));
    gen_node_set(arena, map, "provider", gen_node_string(arena, shot->provider));
    gen_node_set(arena, map, "model", gen_node_string(arena, shot->model));
    gen_node_set(arena, map, "simulated", gen_node_bool(arena, job->sandbox));
    gen_node_set(arena, map, "parameters", gen_node_string(arena, shot->parameters));
    gen_node_set(arena, map, "orderedMs", gen_node_int(arena, shot->ordered_ms));
    gen_node_set(arena, map, "durationMs", gen_node_int(arena, shot->duration_ms));
    gen_node_set(arena, map, "width", gen_node_int(arena, shot->width));
    gen_node_set(arena, map, "height", gen_node_int(arena, shot->height));
    gen_node_set(arena, map, "frameRateMilli", gen_node_int(arena, shot->frame_rate_milli));
    gen_node_set(arena, map, "supplies", supplies);
    gen_node_set(arena, map, "brief", gen_node_copy(arena, reuse_brief(order, pipeline, shot)));
    return map;
}

enum gen_status gen_reuse_order(const struct gen_job *job, const struct gen_pipeline *pipeline,
                                const struct gen_shot *shot, const struct gen_asset *assets,
                                size_t asset_count, char out[GEN_DIGEST_TEXT_SIZE],
                                struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_excerpt excerpt = {0};
    const struct reuse_order order = {&excerpt, arena};
    const char *text = NULL;
    size_t size = 0;
    enum gen_status status = arena == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                           : gen_excerpt_shot(job, pipeline, shot, assets,
                                                              asset_count, arena, &excerpt, err);

    if (status == GEN_OK) {
        text = gen_json_text(arena, reuse_document(&order, job, pipeline, shot), &size);
        if (text == NULL || gen_arena_failed(arena)) {
            status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        } else {
            gen_digest_of(text, size, out);
        }
    }
    gen_arena_destroy(arena);
    return status;
}

/* ----------------------------------------------------------------------------------- the clip -- */

static enum gen_status reuse_order_of(const struct gen_open_job *open, size_t pipeline, size_t shot,
                                      char out[GEN_DIGEST_TEXT_SIZE], struct gen_error *err)
{
    const struct gen_pipeline *of = &open->job->pipelines[pipeline];

    return gen_reuse_order(open->job, of, &of->shots[shot], open->assets, open->asset_count, out,
                           err);
}

/* Has the job this clip already? The store may not know yet. */
static bool reuse_has(const struct gen_job *job, const char *digest)
{
    for (size_t i = 0; i < job->pipeline_count; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            if (strcmp(job->pipelines[i].shots[k].clip, digest) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool reuse_there(const struct gen_engine_options *options, const char *digest)
{
    char path[GEN_BLOB_PATH_SIZE];

    return gen_blob_path(options->blobs, digest, path, NULL) == GEN_OK && access(path, R_OK) == 0;
}

static enum gen_status reuse_look(const struct gen_open_job *open, size_t pipeline, size_t shot,
                                  struct gen_clip_found *out, struct gen_error *err)
{
    const struct gen_engine_options *options = open->owner->options;
    const struct gen_job *job = open->job;
    char order[GEN_DIGEST_TEXT_SIZE];
    struct gen_clip_query query = {
        .organization = job->organization,
        .request = order,
        .job = job->id.text,
        .since = gen_reuse_since(options, gen_clock_now(options->clock))};
    enum gen_status status = reuse_order_of(open, pipeline, shot, order, err);

    for (query.skip = 0; status == GEN_OK && query.skip < REUSE_MOST_LOOKS; query.skip++) {
        status = gen_read_clip(options->store, &query, out, err);
        if (status == GEN_OK && !reuse_has(job, out->digest) && reuse_there(options, out->digest)) {
            return GEN_OK;
        }
    }
    return status == GEN_OK ? GEN_ENOTFOUND : status;
}

enum gen_status gen_reuse_find(const struct gen_open_job *open, size_t pipeline, size_t shot,
                               struct gen_clip_found *out)
{
    const struct gen_shot *it = &open->job->pipelines[pipeline].shots[shot];
    struct gen_error err = {0};
    enum gen_status status;

    if (it->role == GEN_SHOT_FINISH || it->attempt.state != GEN_ATTEMPT_RESERVED ||
        !gen_shot_supplied(it) || !gen_reuse_wanted(open->owner->options, open->job->brief)) {
        return GEN_ENOTFOUND;
    }
    status = reuse_look(open, pipeline, shot, out, &err);
    if (status != GEN_OK && status != GEN_ENOTFOUND) {
        gen_error_within(&err, "looking for a clip to use again");
        gen_log_error(open->owner->options->log, GEN_LEVEL_WARN, "reuse", &err);
    }
    return status == GEN_OK ? GEN_OK : GEN_ENOTFOUND;
}

bool gen_reuse_keeps(const struct gen_open_job *open, size_t pipeline, size_t shot,
                     char out[GEN_DIGEST_TEXT_SIZE])
{
    return open->job->pipelines[pipeline].shots[shot].role != GEN_SHOT_FINISH &&
           reuse_rule(open->owner->options) != GEN_REUSE_WHEN_NEVER &&
           reuse_order_of(open, pipeline, shot, out, NULL) == GEN_OK;
}
