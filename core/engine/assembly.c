/* assembly.c - see assembly.h. */
#include "engine/assembly.h"

#include <string.h>

/* Fills in what only the job knows, and hands the output to the machine. */
static void assembly_on_end(void *context, enum gen_status status, const struct gen_output *output,
                            const char *reason)
{
    struct gen_open_pipeline *pipeline = context;
    struct gen_open_job *open = pipeline->open;
    const struct gen_engine_options *options = open->owner->options;
    const struct gen_job *job = open->job;
    size_t index = (size_t)(pipeline - open->pipelines);
    struct gen_output whole;
    struct gen_input input = {.kind = GEN_INPUT_OUTPUT,
                              .pipeline = index,
                              .status = status,
                              .reason = reason,
                              .output = &whole};

    pipeline->delivery = NULL;
    if (status == GEN_OK) {
        whole = *output;
        whole.created_at = gen_clock_now(options->clock);
        gen_random_ident(options->random, GEN_IDENT_OUTPUT, whole.created_at, &whole.id);
        whole.job = job->id;
        whole.pipeline = job->pipelines[index].id;
        whole.organization = job->organization;
        whole.variation = gen_brief_variation(job->brief, job->pipelines[index].variation)->name;
    }
    open->owner->on_input(open, &input);
}

/* The bed that the user supplied, for models that do not lay one themselves. */
static const char *assembly_music(const struct gen_open_job *open)
{
    const char *music = open->job->brief->sound.music;

    for (size_t i = 0; i < open->asset_count && music != NULL; i++) {
        if (strcmp(open->assets[i].id.text, music) == 0) {
            return open->assets[i].digest;
        }
    }
    return NULL;
}

/* The clip that is the video already, where there is one: of a shot of the whole storyboard, or of one
 * that has finished what the others rendered. */
static const struct gen_shot *assembly_video(const struct gen_pipeline *pipeline)
{
    const struct gen_shot *finish = gen_pipeline_finish(pipeline);

    if (finish != NULL) {
        return finish->attempt.state == GEN_ATTEMPT_SETTLED ? finish : NULL;
    }
    return pipeline->shots[0].role == GEN_SHOT_WHOLE ? &pipeline->shots[0] : NULL;
}

/* The clips that are joined; the parts of a scene go over into each other. */
static size_t assembly_clips(const struct gen_job *job, const struct gen_pipeline *pipeline,
                             struct gen_delivery_clip *out)
{
    const struct gen_shot *video = assembly_video(pipeline);
    size_t count = 0;

    if (video != NULL) {
        out[0] = (struct gen_delivery_clip){video->clip, gen_shot_shown(video, job->brief),
                                            GEN_SEAM_CUT};
        return 1;
    }
    for (size_t i = 0; i < pipeline->shot_count; i++) {
        const struct gen_shot *shot = &pipeline->shots[i];

        if (shot->role == GEN_SHOT_SCENE) {
            out[count++] = (struct gen_delivery_clip){shot->clip, gen_shot_shown(shot, job->brief),
                                                      gen_shot_chained(shot) ? GEN_SEAM_CHAIN
                                                      : shot->from_ms > 0    ? GEN_SEAM_ABUT
                                                                             : GEN_SEAM_CUT};
        }
    }
    return count;
}

void gen_assembly_start(struct gen_open_job *open, size_t index)
{
    const struct gen_pipeline *pipeline = &open->job->pipelines[index];
    const struct gen_variation *variation = gen_brief_variation(open->job->brief,
                                                                pipeline->variation);
    const struct gen_engine_options *options = open->owner->options;
    struct gen_arena *arena = gen_arena_create(0); /* it may be tried for weeks: not the job's */
    struct gen_delivery_clip *clips =
        arena == NULL ? NULL : gen_arena_array(arena, pipeline->shot_count, sizeof(*clips));
    struct gen_delivery_spec spec = {.loop = options->loop,
                                     .programs = open->owner->world->programs,
                                     .blobs = options->blobs,
                                     .scratch = options->scratch,
                                     .id = pipeline->id.text,
                                     .clips = clips,
                                     .width = variation->width,
                                     .height = variation->height,
                                     .frame_rate_milli = variation->frame_rate_milli,
                                     .on_end = assembly_on_end,
                                     .context = &open->pipelines[index]};
    struct gen_error err = {0};
    enum gen_status status = GEN_ENOMEM;

    if (clips != NULL) {
        spec.clip_count = assembly_clips(open->job, pipeline, clips);
        spec.music = assembly_video(pipeline) != NULL ? NULL : assembly_music(open);
        status = gen_delivery_start(&spec, &open->pipelines[index].delivery, &err);
    } else {
        gen_error_set(&err, status, "out of memory");
    }
    gen_arena_destroy(arena);
    if (status != GEN_OK) {
        gen_log_error(options->log, GEN_LEVEL_ERROR, "assembly", &err);
        assembly_on_end(&open->pipelines[index], status, NULL, err.message);
    }
}
