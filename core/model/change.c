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
    while (changes != NULL) {
        struct gen_changes *joined = changes->joined;

        gen_arena_destroy(changes->arena);
        gen_free(changes);
        changes = joined;
    }
}

void gen_changes_join(struct gen_changes *changes, struct gen_changes **more)
{
    struct gen_changes *last = changes;

    while (last->joined != NULL) {
        last = last->joined;
    }
    last->joined = *more;
    if ((*more)->first != NULL) {
        if (changes->last == NULL) {
            changes->first = (*more)->first;
        } else {
            changes->last->next = (*more)->first;
        }
        changes->last = (*more)->last;
    }
    changes->count += (*more)->count;
    *more = NULL;
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

const char *gen_alert_word(enum gen_alert_kind kind)
{
    static const char *const words[] = {
        [GEN_ALERT_SHARE] = "share",
        [GEN_ALERT_SOFT] = "soft",
        [GEN_ALERT_HARD] = "hard",
        [GEN_ALERT_FORECAST] = "forecast",
    };

    return (size_t)kind < GEN_COUNT(words) && words[kind] != NULL ? words[kind] : "";
}

const char *gen_baseline_word(enum gen_baseline_kind kind)
{
    switch (kind) {
#define BASELINE_WORD(name, word) \
    case name: \
        return word;
        GEN_BASELINE_TABLE(BASELINE_WORD)
#undef BASELINE_WORD
    default:
        return "";
    }
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
        .team = changes_text(changes, job->team),
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
        .paused = job->paused,
        .keep_first = job->keep_first,
        .sandbox = job->sandbox,
        .batch = job->batch,
        .batch_ordinal = job->batch_ordinal,
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
        .pipeline_provider = changes_text(changes, pipeline->provider),
        .pipeline_model = changes_text(changes, pipeline->model),
        .pipeline_flags = pipeline->model_flags,
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

void gen_changes_review(struct gen_changes *changes, const struct gen_output *output)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_OUTPUT_REVIEW);

    if (change != NULL) {
        change->as.output =
            (struct gen_output){.id = output->id,
                                .review = changes_text(changes, output->review),
                                .review_note = changes_text(changes, output->review_note),
                                .reviewed_by = changes_text(changes, output->reviewed_by),
                                .reviewed_at = output->reviewed_at};
    }
}

void gen_changes_budget(struct gen_changes *changes, enum gen_change_kind kind,
                        const struct gen_budget *budget)
{
    struct gen_change *change = gen_changes_add(changes, kind);

    if (change != NULL) {
        (void)gen_budget_copy(budget, changes->arena, &change->as.budget); /* shows in the arena */
    }
}

const struct gen_limit *gen_changes_limits(struct gen_changes *changes,
                                           const struct gen_limit *limits, size_t count)
{
    struct gen_limit *copies = gen_arena_array(changes->arena, count + 1, sizeof(*copies));

    for (size_t i = 0; copies != NULL && i < count; i++) {
        copies[i] = limits[i];
        copies[i].name = changes_text(changes, limits[i].name);
        copies[i].id = changes_text(changes, limits[i].id);
        copies[i].organization = changes_text(changes, limits[i].organization);
        copies[i].of = changes_text(changes, limits[i].of);
        copies[i].key = changes_text(changes, limits[i].key);
        copies[i].alerts = (struct gen_numbers){NULL, 0}; /* the writer tells nobody */
    }
    return copies;
}

void gen_changes_secret(struct gen_changes *changes, enum gen_change_kind kind,
                        const struct gen_secret_row *row, int64_t keeps)
{
    struct gen_change *change = gen_changes_add(changes, kind);
    struct gen_secret_row *copy;

    if (change == NULL) {
        return;
    }
    change->as.secret = (struct gen_change_secret){.row = *row, .keeps = keeps};
    copy = &change->as.secret.row;
    copy->organization = changes_text(changes, copy->organization);
    copy->team = changes_text(changes, copy->team);
    copy->name = changes_text(changes, copy->name);
    copy->sealed.text = changes_text(changes, copy->sealed.text);
    copy->sealed.key = changes_text(changes, copy->sealed.key);
    copy->sealed.master = changes_text(changes, copy->sealed.master);
    copy->created_by = changes_text(changes, copy->created_by);
    copy->rotated_by = changes_text(changes, copy->rotated_by);
    copy->tested_note = changes_text(changes, copy->tested_note);
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
        .provider = changes_text(changes, shot->provider),
        .model = changes_text(changes, shot->model),
        .duration_ms = shot->duration_ms,
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

void gen_changes_access_key(struct gen_changes *changes, enum gen_change_kind kind,
                            const struct gen_access_key *key)
{
    struct gen_change *change = gen_changes_add(changes, kind);
    struct gen_access_key *copy;

    if (change == NULL) {
        return;
    }
    copy = &change->as.access_key;
    *copy = *key;
    copy->organization = changes_text(changes, key->organization);
    copy->name = changes_text(changes, key->name);
    copy->user = changes_text(changes, key->user);
    copy->teams = changes_text(changes, key->teams);
    copy->digest = changes_text(changes, key->digest);
    copy->hint = changes_text(changes, key->hint);
    copy->created_by = changes_text(changes, key->created_by);
}

void gen_changes_subscriber(struct gen_changes *changes, enum gen_change_kind kind,
                            const struct gen_subscriber *subscriber)
{
    struct gen_change *change = gen_changes_add(changes, kind);

    if (change != NULL) {
        gen_subscriber_copy(subscriber, changes->arena,
                            &change->as.subscriber); /* failure shows in the arena */
    }
}

void gen_changes_told(struct gen_changes *changes, const struct gen_told *told)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_SUBSCRIBER_TOLD);

    if (change != NULL) {
        change->as.told = *told;
        change->as.told.last_error = changes_text(changes, told->last_error);
        change->as.told.event_kind = changes_text(changes, told->event_kind);
    }
}

void gen_changes_invoice(struct gen_changes *changes, const struct gen_invoice *invoice)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_INVOICE_ADD);
    struct gen_invoice_line *lines = gen_arena_array(changes->arena, invoice->count + 1,
                                                     sizeof *lines);

    if (change == NULL || lines == NULL) {
        return;
    }
    for (size_t i = 0; i < invoice->count; i++) {
        lines[i] = invoice->lines[i];
        lines[i].reference = changes_text(changes, lines[i].reference);
        lines[i].client = changes_text(changes, lines[i].client);
        lines[i].model = changes_text(changes, lines[i].model);
        lines[i].note = changes_text(changes, lines[i].note);
    }
    change->as.invoice = *invoice;
    change->as.invoice.lines = lines;
    change->as.invoice.organization = changes_text(changes, invoice->organization);
    change->as.invoice.provider = changes_text(changes, invoice->provider);
    change->as.invoice.name = changes_text(changes, invoice->name);
    change->as.invoice.digest = changes_text(changes, invoice->digest);
    change->as.invoice.created_by = changes_text(changes, invoice->created_by);
}
