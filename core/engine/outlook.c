/* outlook.c - see outlook.h. */
#include "engine/outlook.h"

#include "base/alloc.h"
#include "base/json.h"
#include "decide/almanac.h"
#include "engine/readiness.h"
#include "engine/rulebook.h"
#include "engine/rules.h"
#include "engine/vitals.h"
#include "engine/volume.h"

#include <math.h>
#include <string.h>

struct gen_outlook {
    const struct gen_engine_options *options;
    const struct gen_lanes *lanes;
    struct gen_experience *experience;
    struct gen_durations *durations;
    struct gen_treasury *treasury;
    struct gen_volume *volume;
};

enum gen_status gen_outlook_create(const struct gen_engine_options *options,
                                   const struct gen_lanes *lanes, struct gen_outlook **out,
                                   struct gen_error *err)
{
    struct gen_outlook *outlook = gen_alloc(sizeof *outlook);
    enum gen_status status;

    if (outlook == NULL || (outlook->experience = gen_experience_create()) == NULL) {
        gen_free(outlook);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    outlook->options = options;
    outlook->lanes = lanes;
    outlook->volume = gen_volume_create(options);
    outlook->durations = gen_durations_create();
    status = outlook->volume == NULL || outlook->durations == NULL
                 ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                 : gen_experience_read(outlook->experience, options->store, err);
    if (status == GEN_OK) {
        status = gen_durations_read(outlook->durations, options->store, err);
    }
    if (status == GEN_OK) {
        status = gen_treasury_create(options, &outlook->treasury, err);
    }
    if (status != GEN_OK) {
        gen_outlook_destroy(outlook);
        return status;
    }
    *out = outlook;
    return GEN_OK;
}

void gen_outlook_destroy(struct gen_outlook *outlook)
{
    if (outlook != NULL) {
        gen_treasury_destroy(outlook->treasury);
        gen_volume_destroy(outlook->volume);
        gen_durations_destroy(outlook->durations);
        gen_experience_destroy(outlook->experience);
        gen_free(outlook);
    }
}

const struct gen_durations *gen_outlook_durations(const struct gen_outlook *outlook)
{
    return outlook->durations;
}

struct gen_treasury *gen_outlook_treasury(struct gen_outlook *outlook)
{
    return outlook->treasury;
}

/* What conditions of limits look at. */
static enum gen_status outlook_question(struct gen_outlook *outlook, const struct gen_job *job,
                                        gen_moment now, struct gen_arena *arena,
                                        struct gen_question *out, struct gen_error *err)
{
    struct gen_hold_of of = gen_treasury_of(job, NULL, now);
    struct gen_snapshot *snapshot = NULL;
    enum gen_status status = gen_outlook_snapshot(outlook, &of, arena, &snapshot, err);

    *out = (struct gen_question){.brief = job->brief,
                                 .organization = job->organization,
                                 .user = job->user,
                                 .sandbox = job->sandbox,
                                 .budget = job->budget,
                                 .policy = gen_rules_set(outlook->options),
                                 .snapshot = snapshot,
                                 .zones = gen_rulebook_zones(outlook->options->rules)};
    return status;
}

enum gen_status gen_outlook_throttles(struct gen_outlook *outlook, const struct gen_job *job,
                                      const char *provider, gen_moment now, struct gen_arena *arena,
                                      struct gen_limit **out, size_t *count, struct gen_error *err)
{
    struct gen_hold_of of = gen_treasury_of(job, provider, now);
    bool asks = gen_treasury_throttles_ask(outlook->treasury);
    struct gen_question question;
    struct gen_limit *limits = NULL;
    size_t all = 0, kept = 0;
    enum gen_status status = GEN_OK;

    if (asks) {
        status = outlook_question(outlook, job, now, arena, &question, err);
    }
    if (status == GEN_OK) {
        status = gen_treasury_limits(outlook->treasury, &of, asks ? &question : NULL, arena,
                                     &limits, &all, err);
    }
    for (size_t i = 0; i < all && status == GEN_OK; i++) {
        if (limits[i].throttle_from > 0) {
            limits[kept++] = limits[i];
        }
    }
    if (status == GEN_OK) {
        *out = limits;
        *count = kept;
    }
    return status;
}

enum gen_status gen_outlook_equip(struct gen_outlook *outlook, const struct gen_job *job,
                                  struct gen_changes *changes, gen_moment now,
                                  struct gen_error *err)
{
    struct gen_question question;
    bool asks = gen_treasury_asks(outlook->treasury);
    bool holds = false;
    enum gen_status status = GEN_OK;

    for (const struct gen_change *it = changes->first; it != NULL && !holds; it = it->next) {
        holds = it->kind == GEN_CHANGE_LEDGER;
    }
    if (!holds) {
        return GEN_OK;
    }
    if (asks) { /* the job's arena would grow with every retry */
        status = outlook_question(outlook, job, now, changes->arena, &question, err);
    }
    return status == GEN_OK ? gen_treasury_equip(outlook->treasury, job, asks ? &question : NULL,
                                                 changes, now, err)
                            : status;
}

/* A render that failed at the provider's own work says something of its health, though every request was
 * answered; what requests themselves say has been heard already. */
static void outlook_vitals(struct gen_outlook *outlook, const struct gen_past_attempt *past)
{
    struct gen_vitals *vitals = outlook->options->vitals;

    if (vitals != NULL && past->failure == GEN_FAILURE_PROVIDER &&
        past->state == GEN_ATTEMPT_FAILED) {
        gen_vitals_bad(vitals, past->provider, past->ended_at, "a render failed at its work");
    }
}

static void outlook_learn_one(struct gen_outlook *outlook, const struct gen_job *job,
                              const struct gen_change_attempt *change)
{
    const struct gen_attempt *attempt = &change->attempt;

    for (size_t i = 0; i < job->pipeline_count; i++) {
        const struct gen_pipeline *pipeline = &job->pipelines[i];

        for (size_t k = 0; k < pipeline->shot_count; k++) {
            if (strcmp(pipeline->shots[k].id.text, change->shot.text) == 0) {
                struct gen_past_attempt past = {.provider = change->provider,
                                                .model = change->model,
                                                .state = attempt->state,
                                                .failure = attempt->failure,
                                                .estimate = attempt->estimate,
                                                .book = attempt->book,
                                                .cost = attempt->cost,
                                                .reported = attempt->reported,
                                                .accepted_at = attempt->accepted_at,
                                                .ended_at = attempt->ended_at,
                                                .duration_ms = change->duration_ms};

                gen_experience_learn(outlook->experience, &past);
                gen_durations_learn(outlook->durations, &past);
                if (attempt->cost > 0) {
                    /* in the month in which it was held, as the ledger has it */
                    gen_volume_bought(
                        outlook->volume, job->organization, past.provider, past.duration_ms,
                        attempt->started_at > 0 ? attempt->started_at : attempt->ended_at);
                }
                outlook_vitals(outlook, &past);
                return;
            }
        }
    }
}

/* Do bills of this model differ from its prices since now? */
static void outlook_drift(struct gen_outlook *outlook, const struct gen_job *job,
                          const struct gen_change_attempt *attempt, struct gen_changes *changes)
{
    const struct gen_policy_set *set = gen_rules_set(outlook->options);
    struct gen_experience_drift drift;
    struct gen_arena *arena = changes->arena;
    struct gen_change *change;
    struct gen_node *data;

    if (set == NULL ||
        !gen_experience_drifts(outlook->experience, attempt->provider, attempt->model,
                               set->budget->price_drift, &drift) ||
        (change = gen_changes_add(changes, GEN_CHANGE_EVENT)) == NULL) {
        return;
    }
    data = gen_node_map(arena);
    gen_node_set(arena, data, "provider", gen_node_string(arena, attempt->provider));
    gen_node_set(arena, data, "model", gen_node_string(arena, attempt->model));
    gen_node_set(arena, data, "drift", gen_node_real(arena, drift.drift));
    gen_node_set(arena, data, "bills", gen_node_int(arena, drift.bills));
    gen_node_set(
        arena, data, "message",
        gen_node_string(arena, gen_arena_printf(arena,
                                                "the last %d bills of %s/%s are %.0f %% %s "
                                                "the price book says; see its prices in the "
                                                "policies",
                                                (int)drift.bills, attempt->provider, attempt->model,
                                                fabs(drift.drift) * 100,
                                                drift.drift > 0 ? "above what" : "below what")));
    change->as.event.kind = GEN_EVENT_PRICE_DRIFT;
    change->as.event.organization = gen_arena_strdup(arena, job->organization);
    change->as.event.job = job->id;
    change->as.event.at = attempt->attempt.ended_at;
    change->as.event.data = gen_json_text(arena, data, NULL);
    gen_random_ident(outlook->options->random, GEN_IDENT_EVENT, attempt->attempt.ended_at,
                     &change->as.event.id);
}

void gen_outlook_learn(struct gen_outlook *outlook, const struct gen_job *job,
                       struct gen_changes *changes)
{
    for (const struct gen_change *change = changes->first; change != NULL; change = change->next) {
        if (change->kind == GEN_CHANGE_ATTEMPT_MOVE &&
            gen_attempt_terminal(change->as.attempt.attempt.state)) {
            outlook_learn_one(outlook, job, &change->as.attempt);
            outlook_drift(outlook, job, &change->as.attempt, changes);
        }
    }
}

/* ------------------------------------------------------------------------- providers, models -- */

void gen_outlook_model(const struct gen_outlook *outlook, const struct gen_model *model,
                       struct gen_model_state *out)
{
    *out = gen_snapshot_model_state(model);
    gen_experience_model(outlook->experience, out);
}

int64_t gen_outlook_volume(const struct gen_outlook *outlook, const char *organization,
                           const char *provider, gen_moment now)
{
    return gen_volume_s(outlook->volume, organization, provider, now);
}

void gen_outlook_booked(struct gen_outlook *outlook, const char *organization)
{
    gen_volume_forget(outlook->volume, organization);
}

bool gen_outlook_bills(const struct gen_outlook *outlook, const struct gen_model *model,
                       struct gen_experience_drift *out)
{
    return gen_experience_bills(outlook->experience, model->provider, model->id, out);
}

int64_t gen_outlook_bill_ppm(const struct gen_outlook *outlook, const char *provider,
                             const char *model)
{
    return gen_experience_bill_ppm(outlook->experience, provider, model);
}

static void outlook_provider(const struct gen_outlook *outlook, const struct gen_hosted *hosted,
                             const struct gen_keyring_owner *owner, gen_moment now,
                             struct gen_arena *arena, struct gen_provider_state *out)
{
    const char *id = gen_hosted_id(hosted);
    const struct gen_policy_set *set = gen_rules_set(outlook->options);

    *out = gen_snapshot_provider_state(id);
    out->running = (int64_t)gen_lanes_inside_at(outlook->lanes, id);
    out->queue = (int64_t)gen_lanes_waiting_at(outlook->lanes, id);
    gen_experience_provider(outlook->experience, out);
    out->volume_s = gen_volume_s(outlook->volume, owner->organization, id, now);
    out->unready = gen_readiness_trouble(outlook->options, hosted, owner, arena);
    if (outlook->options->vitals != NULL) {
        struct gen_vitals_view view;

        gen_vitals_look(outlook->options->vitals, id, now, &view);
        out->health = view.health;
    }
    if (set != NULL) {
        out->off_peak = gen_almanac_off_peak(set->schedule, id,
                                             gen_rulebook_zones(outlook->options->rules), now);
    }
}

static enum gen_status outlook_offers(const struct gen_outlook *outlook,
                                      const struct gen_keyring_owner *owner, gen_moment now,
                                      struct gen_arena *arena, struct gen_snapshot *snapshot)
{
    const struct gen_loader *loader = outlook->options->loader;
    size_t providers = gen_loader_count(loader), models = 0;
    struct gen_provider_state *states;
    struct gen_model_state *offers;

    for (size_t i = 0; i < providers; i++) {
        size_t count;

        gen_hosted_models(gen_loader_at(loader, i), &count);
        models += count;
    }
    states = gen_arena_array(arena, providers + 1, sizeof *states);
    offers = gen_arena_array(arena, models + 1, sizeof *offers);
    if (states == NULL || offers == NULL) {
        return GEN_ENOMEM;
    }
    for (size_t i = 0; i < providers; i++) {
        const struct gen_hosted *hosted = gen_loader_at(loader, i);
        size_t count;
        const struct gen_model *all = gen_hosted_models(hosted, &count);

        outlook_provider(outlook, hosted, owner, now, arena, &states[i]);
        for (size_t k = 0; k < count; k++) {
            struct gen_model_state *state = &offers[snapshot->model_count++];

            gen_outlook_model(outlook, &all[k], state);
        }
    }
    snapshot->providers = states;
    snapshot->provider_count = providers;
    snapshot->models = offers;
    return GEN_OK;
}

/* ----------------------------------------------------------------------------------- the team -- */

/* What is left for it, and how busy it is. Limits with a condition are left to whoever knows the job. */
static enum gen_status outlook_team(struct gen_outlook *outlook, const struct gen_hold_of *of,
                                    struct gen_arena *arena, struct gen_team_state *team,
                                    struct gen_error *err)
{
    const struct gen_policy_set *set = gen_rules_set(outlook->options);
    gen_moment midnight = set == NULL
                              ? 0
                              : gen_almanac_period(set->budget, GEN_PERIOD_DAY,
                                                   gen_rulebook_zones(outlook->options->rules),
                                                   of->at);
    struct gen_past_day day = {0};
    struct gen_purse purse;
    enum gen_status status = gen_read_past_day(outlook->options->store, of->organization, midnight,
                                               &day, err);

    *team = gen_snapshot_team_state();
    team->id = gen_arena_strdup(arena, of->organization);
    if (status == GEN_OK) {
        status = gen_treasury_left(outlook->treasury, of, NULL, arena, &purse, err);
    }
    if (status == GEN_OK) {
        team->held = day.held;
        team->jobs_today = day.jobs;
        team->running = (int64_t)gen_lanes_group_inside(outlook->lanes, of->organization);
        team->waiting = (int64_t)gen_lanes_group_waiting(outlook->lanes, of->organization);
        team->spent = purse.limited ? purse.used.spent : purse.month.spent;
        if (purse.limited) {
            team->budget = purse.room;
            team->remaining = purse.left;
        }
    }
    return status;
}

enum gen_status gen_outlook_snapshot(struct gen_outlook *outlook, const struct gen_hold_of *of,
                                     struct gen_arena *arena, struct gen_snapshot **out,
                                     struct gen_error *err)
{
    const struct gen_keyring_owner owner = {.organization = of->organization, .team = of->team};
    struct gen_snapshot *snapshot = gen_arena_alloc(arena, sizeof *snapshot);
    uint64_t seed = 0;
    enum gen_status status;

    if (snapshot == NULL || outlook_offers(outlook, &owner, of->at, arena, snapshot) != GEN_OK) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_random_fill(outlook->options->random, (uint8_t *)&seed, 4); /* a JSON number holds it */
    snapshot->now = of->at;
    snapshot->seed = seed;
    status = outlook_team(outlook, of, arena, &snapshot->team, err);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK) {
        *out = snapshot;
    }
    return status;
}
