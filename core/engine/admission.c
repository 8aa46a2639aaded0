/* admission.c - see admission.h. */
#include "engine/admission.h"

#include "base/json.h"
#include "engine/material.h"
#include "engine/quotation.h"
#include "engine/rulebook.h"
#include "engine/rules.h"

#include <string.h>

/* One job with everything in it stays far below this. */
#define ADMISSION_JOB_MEMORY ((size_t)64 << 20)

struct admission {
    const struct gen_engine_options *options;
    struct gen_outlook *outlook;
    const struct gen_request *request;
    gen_moment now;
    struct gen_edition *edition; /* held until the job is written out */
    struct gen_job *job;
    struct gen_asset *assets;
    size_t asset_count;
    struct gen_quotation quotation;
    struct gen_snapshot *snapshot;
    struct gen_question question;
    struct gen_decision *decision;
    const char **bases; /* of the price, one a pipeline */
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

/* -------------------------------------------------------------------------------- decision -- */

static enum gen_status admission_decide(struct admission *admission, struct gen_error *err)
{
    const struct gen_engine_options *options = admission->options;
    struct gen_job *job = admission->job;
    enum gen_status status;

    if (options->rules == NULL) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "there are no policies to decide with");
    }
    admission->edition = gen_rulebook_hold(options->rules);
    status = gen_outlook_snapshot(admission->outlook, job->organization, admission->now, job->arena,
                                  &admission->snapshot, err);
    if (status != GEN_OK) {
        return status;
    }
    admission->quotation = (struct gen_quotation){.options = options,
                                                  .policy = gen_edition_set(admission->edition),
                                                  .brief = job->brief,
                                                  .assets = admission->assets,
                                                  .asset_count = admission->asset_count,
                                                  .now = admission->now,
                                                  .arena = job->arena};
    admission->question = (struct gen_question){.brief = job->brief,
                                                .organization = job->organization,
                                                .user = job->user,
                                                .strategy = job->brief->strategy,
                                                .deliver = &job->brief->deliver,
                                                .budget = job->budget,
                                                .policy = admission->quotation.policy,
                                                .snapshot = admission->snapshot,
                                                .zones = gen_rulebook_zones(options->rules),
                                                .quote = gen_quotation_quote,
                                                .quote_context = &admission->quotation};
    return gen_decision_make(&admission->question, job->arena, &admission->decision, err);
}

/* Why there is no job, at the key of the brief that could change it. */
static enum gen_status admission_verdict(const struct admission *admission, struct gen_error *err)
{
    const struct gen_decision *decision = admission->decision;
    size_t loaded = gen_loader_count(admission->options->loader);

    GEN_CHECK(decision != NULL);
    if (decision->verdict == GEN_OK) {
        return GEN_OK;
    }
    *err = decision->refusal;
    err->status = decision->verdict;
    if (loaded == 0) {
        gen_error_set(err, GEN_EUNSUPPORTED, "no provider is loaded (see gen doctor)");
    }
    if (err->path[0] == '\0') {
        gen_error_place(err, NULL, 0, 0,
                        decision->verdict == GEN_EBUDGET  ? "budget"
                        : decision->verdict == GEN_EINVAL ? "strategy"
                                                          : "variations");
    }
    return err->status;
}

/* ------------------------------------------------------------------------------------- job -- */

/* What is held is what the decision says it can cost at most; that may be more than the plugin's own
 * figures, which the shots have. */
static enum gen_status admission_hold(const struct gen_contender *chosen, struct gen_quoted *plan,
                                      struct gen_error *err)
{
    gen_micros sum = 0, more, part;

    for (size_t k = 0; k < plan->shot_count; k++) {
        if (!gen_money_add(&sum, sum, plan->shots[k].most)) {
            return gen_error_set(err, GEN_EOVERFLOW, "the price of the job does not fit");
        }
    }
    GEN_CHECK(plan->shot_count > 0);
    more = chosen->quote.most > sum ? chosen->quote.most - sum : 0;
    part = more / (gen_micros)plan->shot_count;
    for (size_t k = 0; k < plan->shot_count; k++) {
        struct gen_shot *shot = &plan->shots[k];

        shot->most += part + (k == 0 ? more - part * (gen_micros)plan->shot_count : 0);
        shot->attempt.hold = shot->most;
        shot->attempt.estimate = shot->price;
    }
    return GEN_OK;
}

static enum gen_status admission_pipeline(struct admission *admission,
                                          const struct gen_contender *chosen, size_t index,
                                          struct gen_node *adjustments, struct gen_error *err)
{
    struct gen_job *job = admission->job;
    struct gen_quoted *plan = chosen->quote.plan;
    const char *variation = gen_brief_variation(job->brief, chosen->variation)->name;

    job->pipelines[index] =
        (struct gen_pipeline){.variation = chosen->variation,
                              .provider = gen_arena_strdup(job->arena, chosen->model->provider),
                              .model = gen_arena_strdup(job->arena, chosen->model->id),
                              .model_flags = chosen->model->traits,
                              .status = GEN_PIPELINE_QUEUED,
                              .stage = GEN_STAGE_FORMAT,
                              .shots = plan->shots,
                              .shot_count = plan->shot_count,
                              .failure_message = ""};
    gen_random_ident(admission->options->random, GEN_IDENT_PIPELINE, admission->now,
                     &job->pipelines[index].id);
    admission->bases[index] = chosen->quote.basis == NULL ? "" : chosen->quote.basis;
    for (const struct gen_node *item = gen_node_first(plan->adjustments); item != NULL;
         item = item->next) {
        struct gen_node *copy = gen_node_copy(job->arena, item);

        gen_node_set(job->arena, copy, "variation", gen_node_string(job->arena, variation));
        gen_node_push(adjustments, copy);
    }
    return admission_hold(chosen, plan, err);
}

/* Another scene of the same model: its shots follow those of the contest's winner. */
static bool admission_append(const struct admission *admission, struct gen_contest *contest,
                             const struct gen_contender *more)
{
    struct gen_arena *arena = admission->job->arena;
    const struct gen_quoted *a = contest->chosen[0]->quote.plan, *b = more->quote.plan;
    struct gen_contender *whole = gen_arena_alloc(arena, sizeof(*whole));
    struct gen_quoted *plan = gen_arena_alloc(arena, sizeof(*plan));
    const struct gen_contender **chosen = gen_arena_alloc(arena, sizeof(*chosen));

    if (whole == NULL || plan == NULL || chosen == NULL) {
        return false;
    }
    plan->shot_count = a->shot_count + b->shot_count;
    plan->shots = gen_arena_array(arena, plan->shot_count, sizeof(*plan->shots));
    if (plan->shots == NULL) {
        return false;
    }
    memcpy(plan->shots, a->shots, a->shot_count * sizeof(*plan->shots));
    memcpy(plan->shots + a->shot_count, b->shots, b->shot_count * sizeof(*plan->shots));
    plan->adjustments = a->adjustments;
    for (const struct gen_node *item = gen_node_first(b->adjustments); item != NULL;
         item = item->next) {
        gen_node_push(plan->adjustments, gen_node_copy(arena, item));
    }
    *whole = *contest->chosen[0];
    whole->quote.plan = plan;
    chosen[0] = whole;
    contest->chosen = chosen;
    contest->chosen_count = 1;
    return gen_money_add(&whole->quote.most, whole->quote.most, more->quote.most);
}

/* A strategy that chooses for each scene: as long as a pipeline has one model, all scenes of a video must
 * have come to the same one; their shots are put together. */
static enum gen_status admission_join_scenes(struct admission *admission, struct gen_error *err)
{
    struct gen_decision *decision = admission->decision;
    struct gen_contest *first = NULL;
    size_t kept = 0;

    for (size_t i = 0; i < decision->contest_count; i++) {
        struct gen_contest *contest = &decision->contests[i];
        const struct gen_contender *winner = contest->chosen[0];

        if (contest->scene == GEN_ALL_SCENES || first == NULL ||
            first->variation != contest->variation) {
            first = &decision->contests[kept++];
            *first = *contest;
            continue;
        }
        if (strcmp(first->chosen[0]->model->provider, winner->model->provider) != 0 ||
            strcmp(first->chosen[0]->model->id, winner->model->id) != 0) {
            gen_error_set(
                err, GEN_EUNSUPPORTED,
                "strategy \"%s\" chose %s/%s for one scene and %s/%s for another; a video "
                "of several models cannot be rendered yet: name one in `models`, or "
                "another strategy",
                decision->strategy->named.name, first->chosen[0]->model->provider,
                first->chosen[0]->model->id, winner->model->provider, winner->model->id);
            gen_error_place(err, NULL, 0, 0, "strategy");
            return GEN_EUNSUPPORTED;
        }
        if (!admission_append(admission, first, winner)) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
    }
    decision->contest_count = kept;
    return GEN_OK;
}

static enum gen_status admission_build(struct admission *admission, struct gen_error *err)
{
    struct gen_job *job = admission->job;
    struct gen_node *adjustments = gen_node_list(job->arena);
    struct gen_node *document = gen_decision_document(admission->decision, job->arena);
    enum gen_status status = admission_join_scenes(admission, err);
    size_t count = 0;

    for (size_t i = 0; i < admission->decision->contest_count; i++) {
        count += admission->decision->contests[i].chosen_count;
    }
    job->pipelines = gen_arena_array(job->arena, count + 1, sizeof(*job->pipelines));
    admission->bases = gen_arena_array(job->arena, count + 1, sizeof(*admission->bases));
    if (status == GEN_OK && (job->pipelines == NULL || admission->bases == NULL)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < admission->decision->contest_count && status == GEN_OK; i++) {
        const struct gen_contest *contest = &admission->decision->contests[i];

        for (size_t k = 0; k < contest->chosen_count && status == GEN_OK; k++) {
            status = admission_pipeline(admission, contest->chosen[k], job->pipeline_count++,
                                        adjustments, err);
        }
    }
    if (status != GEN_OK) {
        return status;
    }
    gen_node_set(job->arena, document, "adjustments", adjustments);
    job->decision = gen_json_text(job->arena, document, NULL);
    return job->decision == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

/* A refusal before anything is written; the store checks again in the transaction. The decision keeps
 * within the budget; this proves it on the shots. */
static enum gen_status admission_afford(const struct admission *admission, struct gen_error *err)
{
    const struct gen_job *job = admission->job;
    gen_micros most = 0;
    char needed[GEN_MONEY_TEXT_SIZE], limit[GEN_MONEY_TEXT_SIZE];

    for (size_t i = 0; i < job->pipeline_count; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            if (!gen_money_add(&most, most, job->pipelines[i].shots[k].most)) {
                return gen_error_set(err, GEN_EOVERFLOW, "the price of the job does not fit");
            }
        }
    }
    if (most <= job->budget) {
        return GEN_OK;
    }
    gen_error_set(err, GEN_EBUDGET,
                  "the job can cost up to $%s and %s $%s; raise `budget`, or ask "
                  "for fewer variations or shorter scenes",
                  gen_money_text(most, 2, needed),
                  job->brief->budget != 0 ? "its budget is"
                                          : "a job without a budget may cost at most",
                  gen_money_text(job->budget, 2, limit));
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
            gen_turn_entry(&turn, GEN_LEDGER_HOLD, turn.shot->attempt.hold, admission->bases[i]);
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

/* Up to the decision. The caller lets go of the edition and of the job in any case. */
static enum gen_status admission_begin(struct admission *admission, struct gen_error *err)
{
    struct gen_job *job = admission->job;
    enum gen_status status;

    if (job == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = admission_read(admission, err);
    if (status != GEN_OK) {
        return status;
    }
    job->project = job->brief->project == NULL ? "" : job->brief->project;
    job->budget = job->brief->budget != 0 ? job->brief->budget
                                          : gen_rules_job_budget(admission->options);
    return admission_decide(admission, err);
}

enum gen_status gen_admission_plan(const struct gen_engine_options *options,
                                   struct gen_outlook *outlook, const struct gen_request *request,
                                   gen_moment now, struct gen_admitted *out, struct gen_error *err)
{
    struct admission admission = {.options = options,
                                  .outlook = outlook,
                                  .request = request,
                                  .now = now,
                                  .job = admission_new_job(options, request, now)};
    struct gen_changes *changes = NULL;
    enum gen_status status;

    if ((status = admission_begin(&admission, err)) != GEN_OK ||
        (status = admission_verdict(&admission, err)) != GEN_OK ||
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
    gen_edition_leave(&admission.edition); /* nothing of the set is in the job */
    if (status != GEN_OK && admission.job != NULL) {
        gen_arena_destroy(admission.job->arena);
    }
    return status;
}

enum gen_status gen_admission_explain(const struct gen_engine_options *options,
                                      struct gen_outlook *outlook,
                                      const struct gen_request *request, gen_moment now,
                                      struct gen_arena *arena, struct gen_node **out,
                                      struct gen_error *err)
{
    struct admission admission = {.options = options,
                                  .outlook = outlook,
                                  .request = request,
                                  .now = now,
                                  .job = admission_new_job(options, request, now)};
    enum gen_status status = admission_begin(&admission, err);

    if (status == GEN_OK) {
        GEN_CHECK(admission.job != NULL && admission.decision != NULL);
        *out = gen_node_copy(arena, gen_decision_explain(admission.decision, admission.job->arena));
        if (gen_arena_failed(arena) || gen_arena_failed(admission.job->arena)) {
            status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
    }
    gen_edition_leave(&admission.edition);
    if (admission.job != NULL) {
        gen_arena_destroy(admission.job->arena);
    }
    return status;
}
