/* change.c - see change.h. */
#include "model/change.h"

#include "base/alloc.h"

/* Enough for the largest job (100 scenes x 12 variations) and far from hurting anybody. */
#define CHANGES_MAXIMUM ((size_t)64 << 20)

struct gen_changes *gen_changes_create(void)
{
    struct gen_changes *changes = gen_alloc(sizeof(*changes));

    if (changes == NULL) {
        return NULL;
    }
    changes->arena = gen_arena_create(CHANGES_MAXIMUM);
    if (changes->arena == NULL) {
        gen_free(changes);
        return NULL;
    }
    return changes;
}

void gen_changes_destroy(struct gen_changes *changes)
{
    if (changes != NULL) {
        gen_arena_destroy(changes->arena);
        gen_free(changes);
    }
}

struct gen_change *gen_changes_add(struct gen_changes *changes, enum gen_change_kind kind)
{
    struct gen_change *change = gen_arena_alloc(changes->arena, sizeof(*change));

    if (change == NULL) {
        return NULL;
    }
    change->kind = kind;
    if (changes->last == NULL) {
        changes->first = change;
    } else {
        changes->last->next = change;
    }
    changes->last = change;
    changes->count++;
    return change;
}

/* A copy of `text` that lives with the changes; NULL becomes "". */
static const char *changes_text(struct gen_changes *changes, const char *text)
{
    return gen_arena_strdup(changes->arena, text == NULL ? "" : text);
}

void gen_changes_job(struct gen_changes *changes, enum gen_change_kind kind,
                     const struct gen_job *job)
{
    struct gen_change *change = gen_changes_add(changes, kind);

    if (change == NULL) {
        return;
    }
    change->as.job = (struct gen_change_job){
        .id = job->id,
        .storyboard = job->storyboard,
        .storyboard_digest = "",
        .organization = changes_text(changes, job->organization),
        .user = changes_text(changes, job->user),
        .project = changes_text(changes, job->project),
        .title = changes_text(changes, job->brief == NULL ? NULL : job->brief->title),
        .brief = "",
        .decision = changes_text(changes, job->decision),
        .tags = "[]",
        .status = job->status,
        .priority = job->brief == NULL ? GEN_PRIORITY_NORMAL : job->brief->priority,
        .budget = job->budget,
        .created_at = job->created_at,
        .completed_at = job->completed_at,
        .deadline = job->brief == NULL ? 0 : job->brief->deadline,
        .cancel_requested = job->cancel_requested,
        .sandbox = job->sandbox,
    };
}

void gen_changes_pipeline(struct gen_changes *changes, enum gen_change_kind kind,
                          const struct gen_job *job, const struct gen_pipeline *pipeline)
{
    struct gen_change *change = gen_changes_add(changes, kind);

    if (change == NULL) {
        return;
    }
    change->as.pipeline = (struct gen_change_pipeline){
        .id = pipeline->id,
        .job = job->id,
        .output = pipeline->output,
        .ordinal = (int32_t)(pipeline - job->pipelines) + 1,
        .variation = (int32_t)pipeline->variation,
        .provider = changes_text(changes, pipeline->provider),
        .model = changes_text(changes, pipeline->model),
        .model_flags = pipeline->model_flags,
        .status = pipeline->status,
        .stage = pipeline->stage,
        .progress_ppm = gen_pipeline_progress(pipeline),
        .started_at = pipeline->started_at,
        .ended_at = pipeline->ended_at,
        .estimated_at = pipeline->estimated_at,
        .failure = pipeline->failure,
        .failure_message = changes_text(changes, pipeline->failure_message),
        .warning = changes_text(changes, pipeline->warning),
    };
}

void gen_changes_shot(struct gen_changes *changes, enum gen_change_kind kind,
                      const struct gen_job *job, const struct gen_pipeline *pipeline,
                      const struct gen_shot *shot)
{
    struct gen_change *change = gen_changes_add(changes, kind);

    if (change == NULL) {
        return;
    }
    change->as.shot = (struct gen_change_shot){
        .id = shot->id,
        .job = job->id,
        .pipeline = pipeline->id,
        .ordinal = (int32_t)(shot - pipeline->shots) + 1,
        .first_scene = (int32_t)shot->first_scene,
        .scene_count = (int32_t)shot->scene_count,
        .role = shot->role,
        .provider = changes_text(changes, shot->provider),
        .model = changes_text(changes, shot->model),
        .model_flags = shot->model_flags,
        .from_ms = shot->from_ms,
        .shown_ms = shot->shown_ms,
        .ordered_ms = shot->ordered_ms,
        .speaks = shot->speaks,
        .parameters = changes_text(changes, shot->parameters),
        .clip = changes_text(changes, shot->clip),
        .width = shot->width,
        .height = shot->height,
        .frame_rate_milli = shot->frame_rate_milli,
        .attempt_count = shot->attempt_count,
        .duration_ms = shot->duration_ms,
        .price = shot->price,
        .most = shot->most,
        .price_exact = shot->price_exact,
    };
}

void gen_changes_supply(struct gen_changes *changes, enum gen_change_kind kind,
                        const struct gen_job *job, const struct gen_shot *shot, size_t index)
{
    struct gen_change *change = gen_changes_add(changes, kind);
    struct gen_asset *copy;

    if (change == NULL) {
        return;
    }
    change->as.supply = (struct gen_change_supply){
        .job = job->id,
        .shot = shot->id,
        .ordinal = (int32_t)index + 1,
        .scene = (int32_t)shot->supplies[index].scene,
        .asset = shot->supplies[index].asset,
    };
    copy = &change->as.supply.asset;
    copy->organization = copy->name = "";
    copy->digest = changes_text(changes, copy->digest);
    copy->kind = changes_text(changes, copy->kind);
    copy->media_type = changes_text(changes, copy->media_type);
}

void gen_changes_output(struct gen_changes *changes, const struct gen_output *output)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_OUTPUT_ADD);
    struct gen_output *copy;

    if (change == NULL) {
        return;
    }
    copy = &change->as.output;
    *copy = *output;
    copy->organization = changes_text(changes, output->organization);
    copy->variation = changes_text(changes, output->variation);
    copy->digest = changes_text(changes, output->digest);
    copy->thumbnail = changes_text(changes, output->thumbnail);
    copy->sheet = changes_text(changes, output->sheet);
    copy->format = changes_text(changes, output->format);
    copy->probe = changes_text(changes, output->probe);
}

void gen_changes_attempt(struct gen_changes *changes, enum gen_change_kind kind,
                         const struct gen_job *job, const struct gen_pipeline *pipeline,
                         const struct gen_shot *shot, enum gen_attempt_state from)
{
    struct gen_change *change = gen_changes_add(changes, kind);
    struct gen_attempt *copy;

    if (change == NULL) {
        return;
    }
    change->as.attempt = (struct gen_change_attempt){
        .job = job->id,
        .pipeline = pipeline->id,
        .shot = shot->id,
        .from = from,
        .attempt = shot->attempt,
    };
    copy = &change->as.attempt.attempt;
    copy->handle = changes_text(changes, copy->handle);
    copy->step_state = changes_text(changes, copy->step_state);
    copy->failure_code = changes_text(changes, copy->failure_code);
    copy->failure_message = changes_text(changes, copy->failure_message);
    copy->failure_field = changes_text(changes, copy->failure_field);
}
