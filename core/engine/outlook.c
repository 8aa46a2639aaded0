/* outlook.c - see outlook.h. What was spent in a period is the ledger's total less what it was when the
 * period began: that difference is worked out once, when the period is first looked at. */
#include "engine/outlook.h"

#include "base/alloc.h"
#include "engine/almanac.h"
#include "engine/readiness.h"
#include "engine/rulebook.h"
#include "engine/rules.h"
#include "engine/vitals.h"

#include <string.h>

struct outlook_period {
    bool known;
    gen_moment began;
    gen_micros spent_before;
    int64_t jobs_before;
};

struct gen_outlook {
    const struct gen_engine_options *options;
    const struct gen_lanes *lanes;
    struct gen_experience *experience;
    struct outlook_period periods[GEN_PERIOD_ALWAYS + 1]; /* by enum gen_period */
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
    status = gen_experience_read(outlook->experience, options->store, err);
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
        gen_experience_destroy(outlook->experience);
        gen_free(outlook);
    }
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
                struct gen_past_attempt past = {.provider = pipeline->shots[k].provider,
                                                .model = pipeline->shots[k].model,
                                                .state = attempt->state,
                                                .failure = attempt->failure,
                                                .estimate = attempt->estimate,
                                                .cost = attempt->cost,
                                                .reported = attempt->reported,
                                                .accepted_at = attempt->accepted_at,
                                                .ended_at = attempt->ended_at,
                                                .duration_ms = pipeline->shots[k].duration_ms};

                gen_experience_learn(outlook->experience, &past);
                outlook_vitals(outlook, &past);
                return;
            }
        }
    }
}

void gen_outlook_learn(struct gen_outlook *outlook, const struct gen_job *job,
                       const struct gen_changes *changes)
{
    for (const struct gen_change *change = changes->first; change != NULL; change = change->next) {
        if (change->kind == GEN_CHANGE_ATTEMPT_MOVE &&
            gen_attempt_terminal(change->as.attempt.attempt.state)) {
            outlook_learn_one(outlook, job, &change->as.attempt);
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

static void outlook_provider(const struct gen_outlook *outlook, const struct gen_hosted *hosted,
                             gen_moment now, struct gen_arena *arena,
                             struct gen_provider_state *out)
{
    const char *id = gen_hosted_id(hosted);
    const struct gen_policy_set *set = gen_rules_set(outlook->options);

    *out = gen_snapshot_provider_state(id);
    out->running = (int64_t)gen_lanes_inside_at(outlook->lanes, id);
    out->queue = (int64_t)gen_lanes_waiting_at(outlook->lanes, id);
    gen_experience_provider(outlook->experience, out);
    out->unready = gen_readiness_trouble(outlook->options, hosted, arena);
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

static enum gen_status outlook_offers(const struct gen_outlook *outlook, gen_moment now,
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

        outlook_provider(outlook, hosted, now, arena, &states[i]);
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

/* The period's own part of the totals that the store counts. */
static enum gen_status outlook_period(struct gen_outlook *outlook, enum gen_period period,
                                      const char *organization, gen_moment now,
                                      const struct gen_read_counts *counts, int64_t jobs,
                                      struct gen_past_spending *out, struct gen_error *err)
{
    const struct gen_policy_set *set = gen_rules_set(outlook->options);
    struct outlook_period *kept = &outlook->periods[period];
    gen_moment began = set == NULL
                           ? 0
                           : gen_almanac_period(set->budget, period,
                                                gen_rulebook_zones(outlook->options->rules), now);

    if (!kept->known || kept->began != began) {
        struct gen_past_spending past;
        enum gen_status status = gen_read_past_spending(outlook->options->store, organization,
                                                        began, &past, err);

        if (status != GEN_OK) {
            return status;
        }
        *kept = (struct outlook_period){true, began, counts->money.spent - past.spent,
                                        jobs - past.jobs};
    }
    out->spent = counts->money.spent - kept->spent_before;
    out->jobs = jobs - kept->jobs_before;
    return GEN_OK;
}

static bool outlook_limit_of(const struct gen_budget_limit *limit, const char *organization)
{
    for (size_t i = 0; i < limit->of.count; i++) {
        if (strcmp(limit->of.items[i], organization) == 0) {
            return true;
        }
    }
    return limit->of.count == 0;
}

/* Of the limits of budget.yaml the one that leaves least. Those with a condition are left to whoever
 * knows the job. */
static enum gen_status outlook_budget(struct gen_outlook *outlook, const char *organization,
                                      gen_moment now, const struct gen_read_counts *counts,
                                      int64_t jobs, struct gen_team_state *team,
                                      struct gen_error *err)
{
    const struct gen_policy_set *set = gen_rules_set(outlook->options);
    const struct gen_budget_limit *limits = set == NULL ? NULL : set->budget->limits.items;
    struct gen_past_spending part = {0};
    enum gen_status status = outlook_period(outlook, GEN_PERIOD_MONTH, organization, now, counts,
                                            jobs, &part, err);

    team->spent = part.spent;
    for (size_t i = 0; status == GEN_OK && set != NULL && i < set->budget->limits.count; i++) {
        gen_micros left;

        if (limits[i].scope != GEN_SCOPE_ORGANIZATION || limits[i].hard == 0 ||
            limits[i].when.program != NULL || !outlook_limit_of(&limits[i], organization)) {
            continue;
        }
        status = outlook_period(outlook, (enum gen_period)limits[i].period, organization, now,
                                counts, jobs, &part, err);
        left = limits[i].hard - part.spent - counts->money.held;
        left = left < 0 ? 0 : left;
        if (team->budget == GEN_SNAPSHOT_NO_LIMIT || left < team->remaining) {
            team->budget = limits[i].hard;
            team->remaining = left;
            team->spent = part.spent;
        }
    }
    return status;
}

static enum gen_status outlook_team(struct gen_outlook *outlook, const char *organization,
                                    gen_moment now, struct gen_arena *arena,
                                    struct gen_team_state *team, struct gen_error *err)
{
    struct gen_read_counts counts;
    struct gen_past_spending today = {0};
    int64_t jobs = 0;
    enum gen_status status = gen_read_counts(outlook->options->store, &counts, err);

    *team = gen_snapshot_team_state();
    team->id = gen_arena_strdup(arena, organization);
    for (size_t i = 0; i < GEN_COUNT(counts.jobs); i++) {
        jobs += counts.jobs[i];
    }
    if (status == GEN_OK) {
        status = outlook_period(outlook, GEN_PERIOD_DAY, organization, now, &counts, jobs, &today,
                                err);
    }
    if (status == GEN_OK) {
        team->held = counts.money.held;
        team->jobs_today = today.jobs;
        team->running = (int64_t)gen_lanes_group_inside(outlook->lanes, organization);
        team->waiting = (int64_t)gen_lanes_group_waiting(outlook->lanes, organization);
        status = outlook_budget(outlook, organization, now, &counts, jobs, team, err);
    }
    return status;
}

enum gen_status gen_outlook_snapshot(struct gen_outlook *outlook, const char *organization,
                                     gen_moment now, struct gen_arena *arena,
                                     struct gen_snapshot **out, struct gen_error *err)
{
    struct gen_snapshot *snapshot = gen_arena_alloc(arena, sizeof *snapshot);
    uint64_t seed = 0;
    enum gen_status status;

    if (snapshot == NULL || outlook_offers(outlook, now, arena, snapshot) != GEN_OK) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_random_fill(outlook->options->random, (uint8_t *)&seed, 4); /* a JSON number holds it */
    snapshot->now = now;
    snapshot->seed = seed;
    status = outlook_team(outlook, organization, now, arena, &snapshot->team, err);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status == GEN_OK) {
        *out = snapshot;
    }
    return status;
}
