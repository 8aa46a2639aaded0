/* admission.c - see admission.h. */
#include "engine/admission.h"

#include "base/json.h"
#include "decide/selection.h"
#include "engine/material.h"

#include <stdio.h>
#include <string.h>

/* One job with everything in it stays far below this. */
#define ADMISSION_JOB_MEMORY ((size_t)64 << 20)
enum { ADMISSION_MOST_MODELS = 500 };

struct plan { /* a candidate worked out: its shots, formatted and priced */
    struct gen_shot *shots;
    size_t shot_count;
    struct gen_node *adjustments; /* of all shots */
};

struct admission {
    const struct gen_engine_options *options;
    const struct gen_request *request;
    gen_moment now;
    struct gen_job *job;
    struct gen_asset *assets;
    size_t asset_count;
    struct gen_candidate *candidates;
    size_t candidate_count;
    const struct gen_candidate **chosen; /* one a variation */
    struct gen_complexity complexity;
};

uint32_t gen_admission_flags(const struct gen_loader *loader, const char *provider,
                             const char *model)
{
    const struct gen_hosted *hosted = gen_loader_find(loader, provider);
    const struct gen_model *found = hosted == NULL ? NULL : gen_hosted_model(hosted, model);

    return found == NULL ? 0 : found->traits;
}

static enum gen_status admission_read(struct admission *admission, struct gen_error *err)
{
    struct gen_job *job = admission->job;
    enum gen_status status = gen_brief_read(admission->request->brief, job->arena, &job->brief,
                                            err);

    if (status != GEN_OK) {
        return status;
    }
    if (job->brief->deadline != 0 && job->brief->deadline <= admission->now) {
        gen_error_set(err, GEN_EINVAL, "has passed already");
        gen_error_place(err, NULL, 0, 0, "deadline");
        return GEN_EINVAL;
    }
    return gen_material_read(admission->options->store, admission->request->organization,
                             job->brief, job->arena, &admission->assets, &admission->asset_count,
                             err);
}

/* ------------------------------------------------------------------------------ candidates -- */

static void admission_shot(struct admission *admission, struct gen_shot *shot, size_t first,
                           size_t count)
{
    *shot = (struct gen_shot){.first_scene = first,
                              .scene_count = count,
                              .parameters = "",
                              .queue_position = -1,
                              .note = "",
                              .clip = "",
                              .attempt_count = 1};
    shot->attempt = (struct gen_attempt){.ordinal = 1,
                                         .state = GEN_ATTEMPT_PLANNED,
                                         .handle = "",
                                         .step_state = "",
                                         .reported = -1,
                                         .started_at = admission->now,
                                         .failure_code = "",
                                         .failure_message = "",
                                         .failure_field = ""};
    gen_random_ident(admission->options->random, GEN_IDENT_SHOT, admission->now, &shot->id);
    gen_random_ident(admission->options->random, GEN_IDENT_ATTEMPT, admission->now,
                     &shot->attempt.id);
    gen_random_fill(admission->options->random, (uint8_t *)&shot->attempt.seed, 4);
}

/* Formats and prices one shot; adds to the candidate's price. */
static enum gen_status admission_price(struct admission *admission, const struct gen_hosted *hosted,
                                       struct gen_candidate *candidate, struct gen_shot *shot,
                                       struct gen_error *err)
{
    struct gen_arena *arena = admission->job->arena;
    struct plan *plan = candidate->plan;
    struct gen_task task = {
        .brief = admission->job->brief,
        .variation = gen_brief_variation(admission->job->brief, candidate->variation),
        .shot = shot,
        .model = candidate->model->id,
        .assets = admission->assets,
        .asset_count = admission->asset_count,
        .now = admission->now};
    struct gen_formatted formatted = {0};
    struct gen_priced priced = {0};
    enum gen_status status = gen_hosted_format(hosted, &task, arena, &formatted, err);

    if (status != GEN_OK) {
        return status;
    }
    if (formatted.recipe_count > 0) { /* nobody has taught the engine to convert assets yet */
        return gen_error_set(err, GEN_EUNSUPPORTED, "needs an asset to be converted first");
    }
    shot->parameters = formatted.parameters;
    shot->width = formatted.width;
    shot->height = formatted.height;
    shot->frame_rate_milli = formatted.frame_rate_milli;
    shot->duration_ms = formatted.duration_ms;
    status = gen_hosted_cost(hosted, &task,
                             gen_node_get(admission->options->prices, candidate->model->provider),
                             arena, &priced, err);
    if (status != GEN_OK) {
        return status;
    }
    if (!priced.known) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "has no price for this, and work without a "
                             "price is not admitted");
    }
    shot->price = priced.price;
    shot->most = priced.most;
    shot->price_exact = priced.exact;
    candidate->exact = candidate->exact && priced.exact;
    candidate->basis = priced.basis;
    for (const struct gen_node *item = gen_node_first(formatted.adjustments); item != NULL;
         item = item->next) {
        gen_node_push(plan->adjustments, gen_node_copy(arena, item));
    }
    if (!gen_money_add(&candidate->price, candidate->price, shot->price) ||
        !gen_money_add(&candidate->most, candidate->most, shot->most)) {
        return gen_error_set(err, GEN_EOVERFLOW, "the price does not fit");
    }
    return GEN_OK;
}

static enum gen_status admission_work_out(struct admission *admission,
                                          const struct gen_hosted *hosted,
                                          struct gen_candidate *candidate, struct gen_error *err)
{
    struct gen_arena *arena = admission->job->arena;
    size_t scenes = admission->job->brief->scenes.count;
    bool whole = (candidate->model->traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0;
    struct plan *plan = gen_arena_alloc(arena, sizeof(*plan));

    if (plan != NULL) {
        plan->shot_count = whole ? 1 : scenes;
        plan->shots = gen_arena_array(arena, plan->shot_count, sizeof(*plan->shots));
        plan->adjustments = gen_node_list(arena);
    }
    if (plan == NULL || plan->shots == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    candidate->plan = plan;
    candidate->exact = true;
    for (size_t i = 0; i < plan->shot_count; i++) {
        enum gen_status status;

        admission_shot(admission, &plan->shots[i], i, whole ? scenes : 1);
        status = admission_price(admission, hosted, candidate, &plan->shots[i], err);
        if (status != GEN_OK) {
            return status;
        }
    }
    return GEN_OK;
}

static bool admission_wanted(const struct gen_brief *brief, const struct gen_model *model)
{
    char name[256];

    if (brief->models.count == 0) {
        return true;
    }
    snprintf(name, sizeof(name), "%s/%s", model->provider, model->id);
    for (size_t i = 0; i < brief->models.count; i++) {
        if (strcmp(brief->models.items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static enum gen_status admission_candidate(struct admission *admission,
                                           const struct gen_hosted *hosted,
                                           const struct gen_model *model, size_t variation,
                                           struct gen_error *err)
{
    struct gen_candidate *candidate = &admission->candidates[admission->candidate_count++];
    struct gen_error why = {0};
    enum gen_status status;

    *candidate = (struct gen_candidate){.model = model,
                                        .variation = variation,
                                        .unmet = admission->complexity.needs & ~model->needs,
                                        .basis = ""};
    candidate->rejection = admission_wanted(admission->job->brief, model)
                               ? gen_selection_limit(admission->job->brief, variation, model,
                                                     admission->job->arena)
                               : "the brief names other models";
    if (candidate->rejection != NULL) {
        return GEN_OK;
    }
    status = admission_work_out(admission, hosted, candidate, &why);
    if (status == GEN_ENOMEM) {
        *err = why;
        return status;
    }
    if (status != GEN_OK) { /* a plugin that refuses or is broken is out of this race only */
        candidate->rejection = gen_arena_strdup(admission->job->arena, why.message);
    }
    return GEN_OK;
}

static enum gen_status admission_candidates(struct admission *admission, struct gen_error *err)
{
    size_t variations = admission->job->brief->variations.count, models = 0;
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < gen_loader_count(admission->options->loader); i++) {
        size_t count;

        gen_hosted_models(gen_loader_at(admission->options->loader, i), &count);
        models += count;
    }
    if (models > ADMISSION_MOST_MODELS) {
        return gen_error_set(err, GEN_ELIMIT, "more than %d models are loaded",
                             ADMISSION_MOST_MODELS);
    }
    admission->candidates = gen_arena_array(admission->job->arena, models * variations + 1,
                                            sizeof(*admission->candidates));
    if (admission->candidates == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < gen_loader_count(admission->options->loader); i++) {
        const struct gen_hosted *hosted = gen_loader_at(admission->options->loader, i);
        size_t count;
        const struct gen_model *all = gen_hosted_models(hosted, &count);

        for (size_t k = 0; k < count * variations && status == GEN_OK; k++) {
            status = admission_candidate(admission, hosted, &all[k / variations], k % variations,
                                         err);
        }
    }
    return status;
}

/* Models that the brief names are taken in its order, others in the router's. */
static int admission_rank(const struct gen_brief *brief, const struct gen_model *model)
{
    char name[256];

    snprintf(name, sizeof(name), "%s/%s", model->provider, model->id);
    for (size_t i = 0; i < brief->models.count; i++) {
        if (strcmp(brief->models.items[i], name) == 0) {
            return (int)i;
        }
    }
    return 0;
}

static bool admission_better(const struct admission *admission, const struct gen_candidate *a,
                             const struct gen_candidate *b)
{
    int rank_a = admission_rank(admission->job->brief, a->model);
    int rank_b = admission_rank(admission->job->brief, b->model);

    return rank_a != rank_b ? rank_a < rank_b
                            : gen_selection_compare(a, b, admission->complexity.tier) < 0;
}

/* "no model can make variation 16x9: local/studio: renders at most ..." */
static enum gen_status admission_none(const struct admission *admission, size_t variation,
                                      struct gen_error *err)
{
    char reasons[400] = "";
    size_t used = 0;

    for (size_t i = 0; i < admission->candidate_count && used < sizeof(reasons); i++) {
        const struct gen_candidate *candidate = &admission->candidates[i];

        if (candidate->variation == variation && candidate->rejection != NULL) {
            used += (size_t)snprintf(reasons + used, sizeof(reasons) - used, "%s%s/%s: %s",
                                     used == 0 ? "" : "; ", candidate->model->provider,
                                     candidate->model->id, candidate->rejection);
        }
    }
    gen_error_set(err, GEN_EUNSUPPORTED, "no model can make variation \"%s\"%s%s",
                  gen_brief_variation(admission->job->brief, variation)->name,
                  used == 0 ? ": no provider is loaded (see gen doctor)" : ": ", reasons);
    gen_error_place(err, NULL, 0, 0, "variations");
    return GEN_EUNSUPPORTED;
}

static enum gen_status admission_choose(struct admission *admission, struct gen_error *err)
{
    size_t variations = admission->job->brief->variations.count;

    admission->chosen = gen_arena_array(admission->job->arena, variations,
                                        sizeof(*admission->chosen));
    if (admission->chosen == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < admission->candidate_count; i++) {
        const struct gen_candidate *candidate = &admission->candidates[i];
        const struct gen_candidate **best = &admission->chosen[candidate->variation];

        if (candidate->rejection == NULL &&
            (*best == NULL || admission_better(admission, candidate, *best))) {
            *best = candidate;
        }
    }
    for (size_t i = 0; i < variations; i++) {
        if (admission->chosen[i] == NULL) {
            return admission_none(admission, i, err);
        }
    }
    return GEN_OK;
}

/* ------------------------------------------------------------------------------------- job -- */

static enum gen_status admission_build(struct admission *admission, struct gen_error *err)
{
    struct gen_job *job = admission->job;
    struct gen_node *decision, *adjustments = gen_node_list(job->arena);

    job->pipeline_count = job->brief->variations.count;
    job->pipelines = gen_arena_array(job->arena, job->pipeline_count, sizeof(*job->pipelines));
    if (job->pipelines == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < job->pipeline_count; i++) {
        const struct gen_candidate *chosen = admission->chosen[i];
        const struct plan *plan = chosen->plan;

        job->pipelines[i] = (struct gen_pipeline){.variation = i,
                                                  .provider = chosen->model->provider,
                                                  .model = chosen->model->id,
                                                  .model_flags = chosen->model->traits,
                                                  .status = GEN_PIPELINE_QUEUED,
                                                  .stage = GEN_STAGE_FORMAT,
                                                  .shots = plan->shots,
                                                  .shot_count = plan->shot_count,
                                                  .failure_message = ""};
        gen_random_ident(admission->options->random, GEN_IDENT_PIPELINE, admission->now,
                         &job->pipelines[i].id);
        for (size_t k = 0; k < plan->shot_count; k++) {
            plan->shots[k].attempt.hold = plan->shots[k].most;
            plan->shots[k].attempt.estimate = plan->shots[k].price;
        }
        for (const struct gen_node *item = gen_node_first(plan->adjustments); item != NULL;
             item = item->next) {
            struct gen_node *copy = gen_node_copy(job->arena, item);

            gen_node_set(job->arena, copy, "variation",
                         gen_node_string(job->arena, gen_brief_variation(job->brief, i)->name));
            gen_node_push(adjustments, copy);
        }
    }
    decision = gen_selection_explain(job->brief, &admission->complexity, admission->candidates,
                                     admission->candidate_count, admission->chosen, job->arena);
    gen_node_set(job->arena, decision, "adjustments", adjustments);
    job->decision = gen_json_text(job->arena, decision, NULL);
    return job->decision == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

/* A refusal before anything is written; the store checks again in the transaction. */
static enum gen_status admission_afford(const struct admission *admission, struct gen_error *err)
{
    gen_micros most = 0;
    char needed[GEN_MONEY_TEXT_SIZE], limit[GEN_MONEY_TEXT_SIZE];

    for (size_t i = 0; i < admission->job->pipeline_count; i++) {
        if (!gen_money_add(&most, most, admission->chosen[i]->most)) {
            return gen_error_set(err, GEN_EOVERFLOW, "the price of the job does not fit");
        }
    }
    if (most <= admission->job->budget) {
        return GEN_OK;
    }
    gen_error_set(err, GEN_EBUDGET,
                  "the job can cost up to $%s and %s $%s; raise `budget`, or ask "
                  "for fewer variations or shorter scenes",
                  gen_money_text(most, 2, needed),
                  admission->job->brief->budget != 0 ? "its budget is"
                                                     : "a job without a budget may cost at most",
                  gen_money_text(admission->job->budget, 2, limit));
    gen_error_place(err, NULL, 0, 0, "budget");
    return GEN_EBUDGET;
}

/* -------------------------------------------------------------------------------- changes -- */

static void admission_add_job(struct admission *admission, struct gen_turn *turn)
{
    struct gen_arena *arena = turn->changes->arena;
    const struct gen_brief *brief = admission->job->brief;
    struct gen_node *tags = gen_node_list(arena);
    struct gen_change_job *row;
    char digest[GEN_DIGEST_TEXT_SIZE];
    size_t size = 0;

    gen_changes_job(turn->changes, GEN_CHANGE_JOB_ADD, admission->job);
    if (gen_arena_failed(arena)) {
        return;
    }
    row = &turn->changes->last->as.job;
    row->brief = gen_json_text(arena, gen_brief_write(brief, arena), &size);
    if (row->brief == NULL) {
        return;
    }
    gen_digest_of(row->brief, size, digest);
    row->storyboard_digest = gen_arena_strdup(arena, digest);
    for (size_t i = 0; i < brief->tags.count; i++) {
        gen_node_push(tags, gen_node_string(arena, brief->tags.items[i]));
    }
    row->tags = gen_json_text(arena, tags, NULL);
}

static void admission_add_key(const struct admission *admission, struct gen_turn *turn)
{
    struct gen_arena *arena = turn->changes->arena;
    struct gen_change *change;

    if (admission->request->key == NULL) {
        return;
    }
    change = gen_changes_add(turn->changes, GEN_CHANGE_IDEMPOTENCY);
    if (change != NULL) {
        change->as.key = (struct gen_change_key){
            .organization = gen_arena_strdup(arena, admission->request->organization),
            .key = gen_arena_strdup(arena, admission->request->key),
            .digest = gen_arena_strdup(arena, admission->request->digest),
            .job = admission->job->id,
            .at = admission->now};
    }
}

/* Its assets are used from now on; one that was removed in between refuses the job. */
static void admission_use_assets(const struct admission *admission, struct gen_changes *changes)
{
    for (size_t i = 0; i < admission->asset_count; i++) {
        struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_ASSET_USED);

        if (change != NULL) {
            change->as.upload = (struct gen_change_upload){admission->assets[i].id, "",
                                                           admission->now};
        }
    }
}

static enum gen_status admission_changes(struct admission *admission, struct gen_changes **out,
                                         struct gen_error *err)
{
    struct gen_input input = {.now = admission->now, .reason = ""};
    struct gen_turn turn = {.job = admission->job,
                            .input = &input,
                            .random = admission->options->random,
                            .changes = gen_changes_create()};
    struct gen_job *job = admission->job;

    if (turn.changes == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    admission_add_job(admission, &turn);
    admission_add_key(admission, &turn);
    admission_use_assets(admission, turn.changes);
    gen_turn_event(&turn, GEN_EVENT_JOB_ADMITTED, "title", job->brief->title);
    for (size_t i = 0; i < job->pipeline_count; i++) {
        gen_changes_pipeline(turn.changes, GEN_CHANGE_PIPELINE_ADD, job, &job->pipelines[i]);
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            gen_turn_aim(&turn, &job->pipelines[i], &job->pipelines[i].shots[k]);
            gen_changes_shot(turn.changes, GEN_CHANGE_SHOT_ADD, job, turn.pipeline, turn.shot);
            gen_changes_attempt(turn.changes, GEN_CHANGE_ATTEMPT_ADD, job, turn.pipeline, turn.shot,
                                GEN_ATTEMPT_NONE);
            gen_turn_move(&turn, GEN_ATTEMPT_RESERVED);
            gen_turn_entry(&turn, GEN_LEDGER_HOLD, turn.shot->attempt.hold,
                           admission->chosen[i]->basis);
        }
    }
    if (gen_arena_failed(turn.changes->arena)) {
        gen_changes_destroy(turn.changes);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = turn.changes;
    return GEN_OK;
}

static struct gen_job *admission_new_job(const struct gen_engine_options *options,
                                         const struct gen_request *request, gen_moment now)
{
    struct gen_arena *arena = gen_arena_create(ADMISSION_JOB_MEMORY);
    struct gen_job *job = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof(*job));

    if (job == NULL) {
        gen_arena_destroy(arena);
        return NULL;
    }
    job->arena = arena;
    job->organization = gen_arena_strdup(arena, request->organization);
    job->user = gen_arena_strdup(arena, request->user);
    job->status = GEN_JOB_QUEUED;
    job->created_at = now;
    gen_random_ident(options->random, GEN_IDENT_JOB, now, &job->id);
    gen_random_ident(options->random, GEN_IDENT_STORYBOARD, now, &job->storyboard);
    return job;
}

enum gen_status gen_admission_plan(const struct gen_engine_options *options,
                                   const struct gen_request *request, gen_moment now,
                                   struct gen_admitted *out, struct gen_error *err)
{
    struct admission admission = {.options = options,
                                  .request = request,
                                  .now = now,
                                  .job = admission_new_job(options, request, now)};
    struct gen_changes *changes = NULL;
    enum gen_status status;

    if (admission.job == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = admission_read(&admission, err);
    if (status != GEN_OK) {
        goto done;
    }
    admission.job->project = admission.job->brief->project == NULL ? ""
                                                                   : admission.job->brief->project;
    admission.job->budget = admission.job->brief->budget != 0 ? admission.job->brief->budget
                                                              : options->job_budget;
    gen_complexity_of(admission.job->brief, &admission.complexity);
    if ((status = admission_candidates(&admission, err)) != GEN_OK ||
        (status = admission_choose(&admission, err)) != GEN_OK ||
        (status = admission_build(&admission, err)) != GEN_OK ||
        (status = admission_afford(&admission, err)) != GEN_OK ||
        (status = admission_changes(&admission, &changes, err)) != GEN_OK) {
        goto done;
    }
    if (gen_arena_failed(admission.job->arena)) {
        gen_changes_destroy(changes);
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        goto done;
    }
    *out = (struct gen_admitted){admission.job, admission.assets, admission.asset_count, changes};
done:
    if (status != GEN_OK) {
        gen_arena_destroy(admission.job->arena);
    }
    return status;
}
