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
static const char *assembly_music(const struct gen_open_job *open,
                                  const struct gen_pipeline *pipeline)
{
    const char *music = open->job->brief->sound.music;

    if (music == NULL || (pipeline->model_flags & GEN_TRAIT_WHOLE_STORYBOARD) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < open->asset_count; i++) {
        if (strcmp(open->assets[i].id.text, music) == 0) {
            return open->assets[i].digest;
        }
    }
    return NULL;
}

void gen_assembly_start(struct gen_open_job *open, size_t index)
{
    const struct gen_pipeline *pipeline = &open->job->pipelines[index];
    const struct gen_variation *variation = gen_brief_variation(open->job->brief,
                                                                pipeline->variation);
    const struct gen_engine_options *options = open->owner->options;
    struct gen_arena *arena = gen_arena_create(0); /* it may be tried for weeks: not the job's */
    const char **clips = arena == NULL
                             ? NULL
                             : gen_arena_array(arena, pipeline->shot_count, sizeof(*clips));
    int64_t *durations = arena == NULL
                             ? NULL
                             : gen_arena_array(arena, pipeline->shot_count, sizeof(*durations));
    struct gen_delivery_spec spec = {.loop = options->loop,
                                     .programs = open->owner->world->programs,
                                     .blobs = options->blobs,
                                     .scratch = options->scratch,
                                     .id = pipeline->id.text,
                                     .clips = clips,
                                     .durations_ms = durations,
                                     .clip_count = pipeline->shot_count,
                                     .music = assembly_music(open, pipeline),
                                     .width = variation->width,
                                     .height = variation->height,
                                     .frame_rate_milli = variation->frame_rate_milli,
                                     .on_end = assembly_on_end,
                                     .context = &open->pipelines[index]};
    struct gen_error err = {0};
    enum gen_status status = GEN_ENOMEM;

    for (size_t i = 0; i < pipeline->shot_count && clips != NULL && durations != NULL; i++) {
        clips[i] = pipeline->shots[i].clip;
        durations[i] = pipeline->shots[i].duration_ms;
    }
    if (clips != NULL && durations != NULL) {
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
