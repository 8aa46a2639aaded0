/* reroute.c - see reroute.h. */
#include "engine/reroute.h"

#include "decide/decision.h"
#include "decide/slicing.h"
#include "engine/quotation.h"
#include "engine/rulebook.h"
#include "store/lookup.h"

#include <string.h>

struct reroute { /* of one question; everything in the arena of the turn */
    const struct gen_open_job *open;
    const struct gen_turn *turn;
    struct gen_quotation quotation;
    struct gen_brief brief; /* what the shot is of the job's brief, for one variation */
    struct gen_question question;
    const char *models[1]; /* that somebody wants */
};

/* ------------------------------------------------------------------------ this very shot, there -- */

/* One call must make as much as the shot shows. */
static enum gen_status reroute_length(const struct reroute *reroute, const struct gen_model *model,
                                      struct gen_shot *shot, struct gen_error *err)
{
    int64_t scene_ms = gen_brief_scene(reroute->quotation.brief, shot->first_scene)->duration_ms;
    int64_t shown_ms = shot->shown_ms > 0 ? shot->shown_ms : scene_ms;
    bool whole = (model->traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0;
    struct gen_slice slices[GEN_SLICING_MOST];

    if (whole) {
        if (shot->role == GEN_SHOT_SCENE && shown_ms < scene_ms) {
            return gen_error_set(err, GEN_EUNSUPPORTED, "renders no part of a scene");
        }
        shot->from_ms = shot->shown_ms = shot->ordered_ms = 0;
        return GEN_OK;
    }
    if (shot->role == GEN_SHOT_WHOLE) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "renders single scenes, this is a whole storyboard");
    }
    if (gen_slicing_plan(model, shown_ms, slices) != 1) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "renders no %.1f seconds at once",
                             (double)shown_ms / 1000.0);
    }
    shot->shown_ms = shown_ms;
    shot->ordered_ms = slices[0].ordered_ms;
    return GEN_OK;
}

static enum gen_status reroute_able(const struct gen_model *model, const struct gen_shot *shot,
                                    struct gen_error *err)
{
    bool speaks = (model->traits & GEN_TRAIT_AUDIO) != 0 &&
                  (model->needs & (GEN_NEEDS_VOICE | GEN_NEEDS_LIP_SYNC | GEN_NEEDS_AVATAR)) != 0;

    if (gen_shot_chained(shot) && (model->traits & GEN_TRAIT_FIRST_FRAME) == 0) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "does not go on from a picture");
    }
    if (shot->speaks && !speaks) { /* nobody else says its words */
        return gen_error_set(err, GEN_EUNSUPPORTED, "does not say the words of the scene");
    }
    return GEN_OK;
}

/* A gen_quote_call: the shot as it stands, formatted and priced for the contender's model. */
static enum gen_status reroute_quote(void *context, const struct gen_contender *contender,
                                     struct gen_quote *out, struct gen_error *err)
{
    const struct reroute *reroute = context;
    const struct gen_pipeline *pipeline = reroute->turn->pipeline;
    const struct gen_model *model = contender->model;
    struct gen_arena *arena = reroute->turn->arena;
    struct gen_quoted plan = {.shot_count = pipeline->shot_count,
                              .adjustments = gen_node_list(arena)};
    struct gen_shot *shot;
    enum gen_status status;

    plan.shots = gen_arena_array(arena, pipeline->shot_count, sizeof(*plan.shots));
    if (plan.shots == NULL || plan.adjustments == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    memcpy(plan.shots, pipeline->shots, pipeline->shot_count * sizeof(*plan.shots));
    shot = &plan.shots[reroute->turn->shot - pipeline->shots];
    shot->provider = gen_arena_strdup(arena, model->provider);
    shot->model = gen_arena_strdup(arena, model->id);
    shot->model_flags = model->traits;
    status = reroute_able(model, shot, err);
    if (status == GEN_OK) {
        status = reroute_length(reroute, model, shot, err);
    }
    *out = (struct gen_quote){.known = true, .exact = true, .basis = "", .plan = shot, .shots = 1};
    return status == GEN_OK ? gen_quotation_price(&reroute->quotation, model, pipeline->variation,
                                                  &plan, shot, out, err)
                            : status;
}

/* ------------------------------------------------------------------------------- the question -- */

/* Where the shot has failed it is not asked for again, unless somebody wants it there. */
static enum gen_status reroute_exclude(const struct reroute *reroute, struct gen_snapshot *snapshot,
                                       struct gen_error *err)
{
    struct gen_provider_state *states =
        gen_arena_array(reroute->turn->arena, snapshot->provider_count + 1, sizeof(*states));

    if (states == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < snapshot->provider_count; i++) {
        states[i] = snapshot->providers[i];
        if (reroute->turn->input->model == NULL &&
            gen_shot_failed_at(reroute->turn->shot, states[i].id) > 0) {
            states[i].unready = "the shot has failed there";
        }
    }
    snapshot->providers = states;
    return GEN_OK;
}

/* What is left of the job's budget; what the shot holds still is its own. */
static enum gen_status reroute_money(const struct reroute *reroute, struct gen_snapshot *snapshot,
                                     gen_micros *budget, struct gen_error *err)
{
    const struct gen_job *job = reroute->open->job;
    gen_micros own = reroute->turn->shot->attempt.hold;
    struct gen_balance balance = {0};
    struct gen_team_state *team = &snapshot->team;
    enum gen_status status = gen_read_balance(reroute->open->owner->options->store, job->id.text,
                                              &balance, err);

    if (status != GEN_OK) {
        return status;
    }
    if (!gen_money_add(budget, gen_balance_available(&balance, job->budget), own)) {
        *budget = job->budget;
    }
    *budget = *budget > 0 ? *budget : 1; /* 0 would be the brief's own: nothing but what is free */
    if (team->remaining != GEN_SNAPSHOT_NO_LIMIT &&
        !gen_money_add(&team->remaining, team->remaining, own)) {
        team->remaining = INT64_MAX;
    }
    return GEN_OK;
}

static enum gen_status reroute_ask(struct reroute *reroute, const struct gen_policy_set *policy,
                                   struct gen_error *err)
{
    const struct gen_open_job *open = reroute->open;
    const struct gen_job *job = open->job;
    const struct gen_shot *shot = reroute->turn->shot;
    const struct gen_engine_options *options = open->owner->options;
    struct gen_hold_of of = gen_treasury_of(job, NULL, reroute->turn->input->now);
    struct gen_snapshot *snapshot = NULL;
    gen_micros budget = 0;
    enum gen_status status = gen_outlook_snapshot(open->owner->outlook, &of, reroute->turn->arena,
                                                  &snapshot, err);

    if (status == GEN_OK) {
        status = reroute_exclude(reroute, snapshot, err);
    }
    if (status == GEN_OK) {
        status = reroute_money(reroute, snapshot, &budget, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    reroute->brief = *job->brief;
    reroute->brief.scenes.items = (struct gen_scene *)job->brief->scenes.items + shot->first_scene;
    reroute->brief.scenes.count = shot->scene_count;
    reroute->brief.variations.items = (struct gen_variation *)job->brief->variations.items +
                                      reroute->turn->pipeline->variation;
    reroute->brief.variations.count = 1;
    if (reroute->turn->input->model != NULL) {
        reroute->models[0] = reroute->turn->input->model;
        reroute->brief.models = (struct gen_texts){reroute->models, 1};
    }
    reroute->quotation =
        (struct gen_quotation){.options = options,
                               .policy = policy,
                               .brief = job->brief,
                               .assets = open->assets,
                               .asset_count = open->asset_count,
                               .now = reroute->turn->input->now,
                               .snapshot = snapshot,
                               .arena = reroute->turn->arena,
                               .finished = gen_pipeline_finish(reroute->turn->pipeline) != NULL};
    reroute->question = (struct gen_question){.brief = &reroute->brief,
                                              .sandbox = job->sandbox,
                                              .organization = job->organization,
                                              .user = job->user,
                                              .strategy = job->brief->strategy,
                                              .deliver = &job->brief->deliver,
                                              .budget = budget,
                                              .policy = policy,
                                              .snapshot = snapshot,
                                              .zones = gen_rulebook_zones(options->rules),
                                              .quote = reroute_quote,
                                              .quote_context = reroute};
    return GEN_OK;
}

/* Does the provider have a limit of its own? */
static enum gen_status reroute_capped(const struct reroute *reroute, const char *provider,
                                      bool *capped, struct gen_error *err)
{
    const struct gen_open_job *open = reroute->open;
    struct gen_hold_of of = gen_treasury_of(open->job, provider, reroute->turn->input->now);
    struct gen_limit *limits = NULL;
    size_t count = 0;
    enum gen_status status = gen_treasury_limits(gen_outlook_treasury(open->owner->outlook), &of,
                                                 &reroute->question, reroute->turn->arena, &limits,
                                                 &count, err);

    *capped = false;
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        *capped = *capped ||
                  (limits[i].scope == GEN_SCOPE_PROVIDER && gen_limit_capped(&limits[i]));
    }
    return status;
}

static enum gen_status reroute_decide(struct reroute *reroute, struct gen_rerouted *out,
                                      struct gen_error *why)
{
    struct gen_decision *decision = NULL;
    const struct gen_shot *shot;
    enum gen_status status = gen_decision_make(&reroute->question, reroute->turn->arena, &decision,
                                               why);

    if (status != GEN_OK) {
        return status;
    }
    GEN_CHECK(decision != NULL);
    if (decision->verdict != GEN_OK) {
        *why = decision->refusal;
        return GEN_ENOTFOUND;
    }
    shot = decision->contests[0].chosen[0]->quote.plan;
    out->shot = *shot;
    return reroute_capped(reroute, shot->provider, &out->capped, why);
}

enum gen_status gen_reroute_find(void *context, const struct gen_turn *turn,
                                 struct gen_rerouted *out, struct gen_error *why)
{
    const struct gen_open_job *open = context;
    struct reroute *reroute = gen_arena_alloc(turn->arena, sizeof(*reroute));
    struct gen_edition *edition;
    enum gen_status status;

    if (reroute == NULL) {
        return gen_error_set(why, GEN_ENOMEM, "out of memory");
    }
    if (open->owner->options->rules == NULL || open->owner->outlook == NULL) {
        return gen_error_set(why, GEN_ENOTFOUND, "there are no policies to decide with");
    }
    *reroute = (struct reroute){.open = open, .turn = turn};
    edition = gen_rulebook_hold(open->owner->options->rules);
    status = reroute_ask(reroute, gen_edition_set(edition), why);
    if (status == GEN_OK) {
        status = reroute_decide(reroute, out, why);
    }
    gen_edition_leave(&edition);
    return status;
}
