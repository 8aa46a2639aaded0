/* admission.c - see admission.h. */
#include "engine/admission.h"

#include "base/json.h"
#include "engine/entitlement.h"
#include "engine/lineup.h"
#include "engine/material.h"
#include "engine/prospect.h"
#include "engine/reserve.h"
#include "engine/rulebook.h"
#include "engine/rules.h"
#include "engine/yardstick.h"

#include <string.h>

/* One job with everything in it stays far below this. */
#define ADMISSION_JOB_MEMORY ((size_t)64 << 20)

struct admission {
    const struct gen_engine_options *options;
    struct gen_outlook *outlook;
    const struct gen_request *request;
    gen_moment now;
    bool foreseen;               /* nothing is made of it: files of it may be missing here */
    struct gen_edition *edition; /* held until the job is written out */
    struct gen_job *job;
    struct gen_asset *assets;
    size_t asset_count;
    struct gen_quotation quotation;
    struct gen_snapshot *snapshot;
    struct gen_question question;
    struct gen_decision *decision;
    struct gen_baseline baseline;
    struct gen_node *document; /* of the decision */
    const char **bases;        /* of the price, one a pipeline */
    bool reserved;             /* money for paid retries is held, too */
    const char *warning;       /* why not; NULL */
};

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
    return (admission->foreseen ? gen_material_foresee : gen_material_read)(
        admission->options->store, admission->request->organization, job->brief, job->arena,
        &admission->assets, &admission->asset_count, err);
}

/* -------------------------------------------------------------------------------- decision -- */

static enum gen_status admission_decide(struct admission *admission, struct gen_error *err)
{
    const struct gen_engine_options *options = admission->options;
    struct gen_job *job = admission->job;
    struct gen_hold_of of;
    enum gen_status status;

    if (options->rules == NULL) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "there are no policies to decide with");
    }
    admission->edition = gen_rulebook_hold(options->rules);
    of = gen_treasury_of(job, NULL, admission->now);
    of.job = NULL; /* its own budget is the question's */
    status = gen_outlook_snapshot(admission->outlook, &of, job->arena, &admission->snapshot, err);
    if (status != GEN_OK) {
        return status;
    }
    admission->quotation = (struct gen_quotation){.options = options,
                                                  .policy = gen_edition_set(admission->edition),
                                                  .brief = job->brief,
                                                  .assets = admission->assets,
                                                  .asset_count = admission->asset_count,
                                                  .now = admission->now,
                                                  .snapshot = admission->snapshot,
                                                  .arena = job->arena};
    admission->quotation.finished = gen_lineup_composer(options->loader,
                                                        admission->quotation.policy) != NULL;
    job->sandbox = options->sandbox;
    admission->question = (struct gen_question){.brief = job->brief,
                                                .sandbox = job->sandbox,
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
    if (decision->verdict == GEN_EBUDGET) {
        gen_prospect_blame(gen_outlook_treasury(admission->outlook), admission->options->store,
                           admission->job, decision, admission->now, err);
    }
    return err->status;
}

/* ------------------------------------------------------------------------------------- job -- */

static struct gen_node *admission_warnings(struct gen_node *document)
{
    struct gen_node *warnings = document == NULL ? NULL : document->as.children.first;

    while (warnings != NULL && strcmp(warnings->key, "warnings") != 0) {
        warnings = warnings->next;
    }
    return warnings;
}

/* Files that were taken at their names. */
static void admission_foreseen(const struct admission *admission, struct gen_arena *arena,
                               struct gen_node *document)
{
    struct gen_node *warnings = admission_warnings(document);

    for (size_t i = 0; warnings != NULL && i < admission->asset_count; i++) {
        const struct gen_asset *asset = &admission->assets[i];

        if (asset->digest[0] == '\0') {
            gen_node_push(warnings,
                          gen_node_string(arena, gen_arena_printf(
                                                     arena,
                                                     "\"%s\" is not uploaded: by its name it is "
                                                     "taken for %s (%s), its size is not known",
                                                     asset->name, asset->kind, asset->media_type)));
        }
    }
}

/* What its videos will lack is one of the decision's warnings, too. */
static void admission_warn(const struct gen_job *job, struct gen_node *document, const char *money)
{
    struct gen_node *warnings = admission_warnings(document);

    for (size_t i = 0; i < job->pipeline_count; i++) {
        const char *warning = job->pipelines[i].warning;
        bool said = warning[0] == '\0';

        for (const struct gen_node *item = gen_node_first(warnings); item != NULL;
             item = item->next) {
            said = said || strcmp(gen_node_text(item, ""), warning) == 0;
        }
        if (!said) {
            gen_node_push(warnings, gen_node_string(job->arena, warning));
        }
    }
    if (money != NULL) {
        gen_node_push(warnings, gen_node_string(job->arena, money));
    }
}

static enum gen_status admission_reserve(struct admission *admission, struct gen_error *err)
{
    struct gen_reserve reserve = {.job = admission->job,
                                  .decision = admission->decision,
                                  .treasury = gen_outlook_treasury(admission->outlook),
                                  .now = admission->now,
                                  .bare = admission->request->bare};
    enum gen_status status = gen_reserve_make(&reserve, err);

    admission->reserved = reserve.made;
    admission->warning = reserve.warning;
    return status;
}

static enum gen_status admission_build(struct admission *admission, struct gen_error *err)
{
    struct gen_job *job = admission->job;
    struct gen_node *document = gen_decision_document(admission->decision, job->arena);
    struct gen_lineup lineup = {.quotation = &admission->quotation,
                                .decision = admission->decision,
                                .job = job,
                                .adjustments = gen_node_list(job->arena)};
    enum gen_status status = gen_lineup_make(&lineup, err);

    if (status != GEN_OK) {
        return status;
    }
    job->keep_first = admission->decision->strategy->keep == GEN_KEEP_FIRST;
    admission->bases = lineup.bases;
    admission->document = document;
    status = admission_reserve(admission, err);
    if (status != GEN_OK) {
        return status;
    }
    status = gen_baseline_make(admission->decision, job->arena, &admission->baseline, err);
    if (status != GEN_OK) {
        return status;
    }
    gen_node_set(job->arena, document, "baseline",
                 gen_yardstick_document(&admission->baseline, job, admission->decision->price));
    gen_node_set(job->arena, document, "adjustments", lineup.adjustments);
    admission_warn(job, document, admission->warning);
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
    struct gen_input input = {
        .now = admission->now, .reason = "", .actor = admission->request->actor};
    struct gen_turn turn = {.job = admission->job,
                            .input = &input,
                            .random = admission->options->random,
                            .changes = gen_changes_create()};
    struct gen_job *job = admission->job;
    enum gen_status status;

    if (turn.changes == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    admission_add_job(admission, &turn);
    admission_add_key(admission, &turn);
    gen_entitlement_count(
        admission->request,
        gen_access_plan_of(admission->quotation.policy->access, job->organization), job,
        admission->now, turn.changes);
    admission_use_assets(admission, turn.changes);
    gen_turn_event(&turn, GEN_EVENT_JOB_ADMITTED, "title", job->brief->title);
    for (size_t i = 0; i < job->pipeline_count; i++) {
        gen_changes_pipeline(turn.changes, GEN_CHANGE_PIPELINE_ADD, job, &job->pipelines[i]);
        gen_yardstick_add(&admission->baseline, admission->decision, job, &job->pipelines[i],
                          turn.changes);
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            gen_turn_aim(&turn, &job->pipelines[i], &job->pipelines[i].shots[k]);
            gen_changes_shot(turn.changes, GEN_CHANGE_SHOT_ADD, job, turn.pipeline, turn.shot);
            for (size_t n = 0; n < turn.shot->supply_count; n++) {
                gen_changes_supply(turn.changes, GEN_CHANGE_SUPPLY_ADD, job, turn.shot, n);
            }
            gen_changes_attempt(turn.changes, GEN_CHANGE_ATTEMPT_ADD, job, turn.pipeline, turn.shot,
                                GEN_ATTEMPT_NONE);
            gen_turn_move(&turn, GEN_ATTEMPT_RESERVED);
            gen_turn_entry(&turn, GEN_LEDGER_HOLD, turn.shot->attempt.hold, admission->bases[i]);
        }
    }
    status = gen_treasury_equip(gen_outlook_treasury(admission->outlook), job, &admission->question,
                                turn.changes, admission->now, err);
    if (status == GEN_OK && gen_arena_failed(turn.changes->arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status != GEN_OK) {
        gen_changes_destroy(turn.changes);
        return status;
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
    job->team = gen_arena_strdup(arena, request->team == NULL ? "" : request->team);
    job->status = GEN_JOB_QUEUED;
    job->created_at = now;
    job->batch = request->batch;
    job->batch_ordinal = request->batch_ordinal;
    gen_random_ident(options->random, GEN_IDENT_JOB, now, &job->id);
    gen_random_ident(options->random, GEN_IDENT_STORYBOARD, now, &job->storyboard);
    return job;
}

/* Up to the decision. The caller lets go of the edition and of the job in any case. */
static enum gen_status admission_begin(struct admission *admission, struct gen_error *err)
{
    struct gen_job *job = admission->job;
    const char *team = "";
    enum gen_status status;

    if (job == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = admission_read(admission, err);
    if (status != GEN_OK) {
        return status;
    }
    status = gen_entitlement_check(admission->request, job->brief, &team, err);
    if (status != GEN_OK) {
        return status;
    }
    job->team = gen_arena_strdup(job->arena, team);
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
    *out = (struct gen_admitted){admission.job, admission.assets, admission.asset_count, changes,
                                 admission.reserved};
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
                                  .foreseen = true,
                                  .job = admission_new_job(options, request, now)};
    enum gen_status status = admission_begin(&admission, err);

    if (status == GEN_OK) {
        GEN_CHECK(admission.job != NULL && admission.decision != NULL);
        *out = gen_node_copy(arena, gen_decision_explain(admission.decision, admission.job->arena));
        admission_foreseen(&admission, arena, *out);
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

enum gen_status gen_admission_estimate(const struct gen_engine_options *options,
                                       struct gen_outlook *outlook,
                                       const struct gen_request *request, gen_moment now,
                                       struct gen_arena *arena, struct gen_node **out,
                                       struct gen_error *err)
{
    struct admission admission = {.options = options,
                                  .outlook = outlook,
                                  .request = request,
                                  .now = now,
                                  .foreseen = true,
                                  .job = admission_new_job(options, request, now)};
    struct gen_prospect prospect = {.treasury = gen_outlook_treasury(outlook), .arena = arena};
    struct gen_error refusal = {0};
    enum gen_status status = admission_begin(&admission, err);

    if (status != GEN_OK) {
        goto done;
    }
    prospect.verdict = admission_verdict(&admission, &refusal);
    if (prospect.verdict == GEN_OK) {
        prospect.verdict = admission_build(&admission, &refusal);
    }
    if (prospect.verdict == GEN_OK) {
        prospect.verdict = admission_afford(&admission, &refusal);
    }
    if (admission.document == NULL) {
        admission.document = gen_decision_document(admission.decision, admission.job->arena);
    }
    admission_foreseen(&admission, admission.job->arena, admission.document);
    prospect.routing = admission.document;
    prospect.store = options->store;
    prospect.job = admission.job;
    prospect.decision = admission.decision;
    prospect.question = &admission.question;
    prospect.bases = admission.bases;
    prospect.refusal = &refusal;
    status = prospect.verdict == GEN_ENOMEM || gen_arena_failed(admission.job->arena)
                 ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                 : gen_prospect_document(&prospect, now, out, err);
done:
    gen_edition_leave(&admission.edition);
    if (admission.job != NULL) {
        gen_arena_destroy(admission.job->arena);
    }
    return status;
}
