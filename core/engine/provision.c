/* provision.c - see provision.h. One file after the other: a job has programs enough under way. */
#include "engine/provision.h"

#include <string.h>

struct gen_provision {
    struct gen_open_job *open;
    size_t pipeline, shot;
    struct gen_arena *arena; /* of this */
    struct gen_asset *made;  /* one a supply */
    size_t done;
    struct gen_splice *splice; /* of the next one */
};

static void provision_next(struct gen_provision *provision);

static struct gen_provision **provision_place(const struct gen_provision *provision)
{
    return &provision->open->pipelines[provision->pipeline].provisions[provision->shot];
}

/* The provision is gone afterwards. */
static void provision_end(struct gen_provision *provision, enum gen_status status,
                          const char *reason)
{
    struct gen_open_job *open = provision->open;
    struct gen_input input = {.kind = GEN_INPUT_SUPPLIED,
                              .pipeline = provision->pipeline,
                              .shot = provision->shot,
                              .status = status,
                              .reason = reason,
                              .supplies = provision->made};

    *provision_place(provision) = NULL;
    open->owner->on_input(open, &input);
    gen_arena_destroy(provision->arena);
}

static void provision_made(void *context, enum gen_status status, const struct gen_asset *made,
                           const char *reason)
{
    struct gen_provision *provision = context;

    provision->splice = NULL;
    if (status != GEN_OK) {
        provision_end(provision, status, reason);
        return;
    }
    provision->made[provision->done] = *made;
    provision->made[provision->done++].digest = gen_arena_strdup(provision->arena, made->digest);
    provision_next(provision);
}

/* The clips that supply `at` is made of. */
static size_t provision_clips(const struct gen_pipeline *pipeline, const struct gen_shot *shot,
                              const struct gen_supply *supply, const struct gen_brief *brief,
                              struct gen_splice_clip *out)
{
    size_t count = 0;

    for (const struct gen_shot *it = pipeline->shots; it < shot; it++) {
        if (gen_shot_follows(pipeline, shot, it) && it->first_scene == supply->scene) {
            out[count++] = (struct gen_splice_clip){
                it->clip, it->from_ms, gen_shot_shown(it, brief), gen_shot_chained(it)};
        }
    }
    return count;
}

static void provision_next(struct gen_provision *provision)
{
    struct gen_open_job *open = provision->open;
    const struct gen_engine_options *options = open->owner->options;
    const struct gen_pipeline *pipeline = &open->job->pipelines[provision->pipeline];
    const struct gen_shot *shot = &pipeline->shots[provision->shot];
    const struct gen_supply *supply = &shot->supplies[provision->done];
    const struct gen_variation *variation = gen_brief_variation(open->job->brief,
                                                                pipeline->variation);
    struct gen_splice_clip *clips;
    struct gen_splice_spec spec = {.loop = options->loop,
                                   .programs = open->owner->world->programs,
                                   .blobs = options->blobs,
                                   .scratch = options->scratch,
                                   .frame_rate_milli = variation->frame_rate_milli,
                                   .on_end = provision_made,
                                   .context = provision};
    struct gen_error err = {0};
    enum gen_status status = GEN_ENOMEM;

    if (provision->done == shot->supply_count) {
        provision_end(provision, GEN_OK, "");
        return;
    }
    clips = gen_arena_array(provision->arena, pipeline->shot_count, sizeof(*clips));
    gen_error_set(&err, GEN_ENOMEM, "out of memory");
    if (clips != NULL) {
        spec.id = supply->asset.id.text;
        spec.clips = clips;
        spec.clip_count = provision_clips(pipeline, shot, supply, open->job->brief, clips);
        spec.picture = strcmp(supply->asset.kind, GEN_SUPPLY_FRAME) == 0;
        GEN_CHECK(spec.clip_count > 0);
        status = gen_splice_start(&spec, &provision->splice, &err);
    }
    if (status != GEN_OK) {
        provision_end(provision, status, err.message);
    }
}

void gen_provision_start(struct gen_open_job *open, size_t pipeline, size_t index)
{
    const struct gen_shot *shot = &open->job->pipelines[pipeline].shots[index];
    struct gen_arena *arena = gen_arena_create(0); /* it may be tried for weeks: not the job's */
    struct gen_provision *provision = arena == NULL ? NULL
                                                    : gen_arena_alloc(arena, sizeof(*provision));
    struct gen_input input = {.kind = GEN_INPUT_SUPPLIED,
                              .pipeline = pipeline,
                              .shot = index,
                              .status = GEN_ENOMEM,
                              .reason = "out of memory"};

    if (provision != NULL) {
        provision->arena = arena;
        provision->open = open;
        provision->pipeline = pipeline;
        provision->shot = index;
        provision->made = gen_arena_array(arena, shot->supply_count, sizeof(*provision->made));
    }
    if (provision == NULL || provision->made == NULL) {
        gen_arena_destroy(arena);
        open->owner->on_input(open, &input);
        return;
    }
    *provision_place(provision) = provision;
    provision_next(provision);
}

void gen_provision_stop(struct gen_provision **place)
{
    struct gen_provision *provision = *place;

    *place = NULL;
    if (provision != NULL) {
        gen_splice_stop(&provision->splice);
        gen_arena_destroy(provision->arena);
    }
}
