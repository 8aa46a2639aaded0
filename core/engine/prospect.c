/* prospect.c - see prospect.h. */
#include "engine/prospect.h"

#include <stdio.h>
#include <string.h>

enum { PROSPECT_LIMITS = 128, PROSPECT_HOLDERS = 3 };

struct prospect_limit { /* one that the job would meet, with all that it would hold of it */
    struct gen_limit limit;
    gen_micros needs;
};

struct prospect_sum {
    gen_micros price, most, held;
    bool exact;
};

static struct gen_node *prospect_money(struct gen_arena *arena, gen_micros amount, bool known)
{
    return known ? gen_node_money(arena, amount) : gen_node_null(arena);
}

/* -------------------------------------------------------------------------------------- plan -- */

static struct gen_node *prospect_shot(const struct gen_job *job, const struct gen_shot *shot,
                                      struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena), *scenes = gen_node_list(arena);

    for (size_t i = 0; i < shot->scene_count && shot->first_scene + i < job->brief->scenes.count;
         i++) {
        const char *id = gen_brief_scene(job->brief, shot->first_scene + i)->id;

        gen_node_push(scenes, gen_node_string(arena, id));
    }
    gen_node_set(arena, map, "scenes", scenes);
    gen_node_set(
        arena, map, "model",
        gen_node_string(arena, gen_arena_printf(arena, "%s/%s", shot->provider, shot->model)));
    gen_node_set(arena, map, "role", gen_node_string(arena, gen_shot_role_word(shot->role)));
    gen_node_set(arena, map, "duration", gen_node_real(arena, (double)shot->duration_ms / 1000.0));
    gen_node_set(arena, map, "costEstimate", gen_node_money(arena, shot->price));
    gen_node_set(arena, map, "costMost", gen_node_money(arena, shot->most));
    gen_node_set(arena, map, "exact", gen_node_bool(arena, shot->price_exact));
    return map;
}

static void prospect_add(const struct gen_pipeline *pipeline, struct prospect_sum *sum)
{
    for (size_t k = 0; k < pipeline->shot_count; k++) {
        const struct gen_shot *shot = &pipeline->shots[k];

        /* sums of a plan that admission took for sound do fit */
        sum->price += shot->price;
        sum->most += shot->most;
        sum->held += shot->attempt.hold;
        sum->exact = sum->exact && shot->price_exact;
    }
}

static struct gen_node *prospect_pipeline(const struct gen_prospect *prospect, size_t index)
{
    const struct gen_job *job = prospect->job;
    const struct gen_pipeline *pipeline = &job->pipelines[index];
    struct gen_arena *arena = prospect->arena;
    struct gen_node *map = gen_node_map(arena), *shots = gen_node_list(arena);
    struct prospect_sum sum = {.exact = true};

    prospect_add(pipeline, &sum);
    gen_node_set(
        arena, map, "variation",
        gen_node_string(arena, gen_brief_variation(job->brief, pipeline->variation)->name));
    gen_node_set(arena, map, "provider", gen_node_string(arena, pipeline->provider));
    gen_node_set(arena, map, "model", gen_node_string(arena, pipeline->model));
    gen_node_set(arena, map, "costEstimate", gen_node_money(arena, sum.price));
    gen_node_set(arena, map, "costMost", gen_node_money(arena, sum.most));
    gen_node_set(arena, map, "reserve", gen_node_money(arena, sum.held - sum.most));
    gen_node_set(arena, map, "basis", gen_node_string(arena, prospect->bases[index]));
    for (size_t k = 0; k < pipeline->shot_count; k++) {
        gen_node_push(shots, prospect_shot(job, &pipeline->shots[k], arena));
    }
    gen_node_set(arena, map, "shots", shots);
    return map;
}

/* ------------------------------------------------------------------------------------ limits -- */

struct gen_node *gen_prospect_limit(const struct gen_limit *limit, const struct gen_balance *used,
                                    gen_micros room, struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);
    bool hard = gen_limit_capped(limit);

    gen_node_set(arena, map, "name", gen_node_string(arena, limit->name));
    gen_node_set(arena, map, "budgetId",
                 gen_node_string(arena, limit->id[0] == '\0' ? NULL : limit->id));
    gen_node_set(arena, map, "scope", gen_node_string(arena, gen_scope_word(limit->scope)));
    gen_node_set(arena, map, "of", gen_node_string(arena, limit->of[0] == '\0' ? NULL : limit->of));
    gen_node_set(arena, map, "period", gen_node_string(arena, gen_period_word(limit->period)));
    gen_node_set(arena, map, "hard", prospect_money(arena, room, hard));
    gen_node_set(arena, map, "soft", prospect_money(arena, limit->soft, limit->soft > 0));
    gen_node_set(arena, map, "spent", gen_node_money(arena, used->spent));
    gen_node_set(arena, map, "held", gen_node_money(arena, used->held));
    gen_node_set(arena, map, "unverified", gen_node_money(arena, used->unverified));
    gen_node_set(arena, map, "left",
                 prospect_money(arena, gen_balance_available(used, room), hard));
    gen_node_set(arena, map, "begins", gen_node_moment(arena, limit->begins));
    gen_node_set(arena, map, "resetsAt",
                 gen_node_moment(arena, limit->ends == GEN_MOMENT_NEVER ? 0 : limit->ends));
    return map;
}

static void prospect_meet(struct prospect_limit *met, size_t *count, const struct gen_limit *limit,
                          gen_micros needs)
{
    size_t i = 0;

    while (i < *count &&
           (strcmp(met[i].limit.key, limit->key) != 0 ||
            strcmp(met[i].limit.name, limit->name) != 0 ||
            strcmp(met[i].limit.id, limit->id) != 0 || met[i].limit.begins != limit->begins)) {
        i++;
    }
    if (i == PROSPECT_LIMITS) {
        return;
    }
    if (i == *count) {
        met[(*count)++] = (struct prospect_limit){*limit, 0};
    }
    met[i].needs += needs;
}

/* The limits at one provider (NULL: of none), each with what is held there. */
static enum gen_status prospect_at(const struct gen_prospect *prospect, const char *provider,
                                   gen_micros needs, gen_moment now, struct prospect_limit *met,
                                   size_t *count, struct gen_error *err)
{
    struct gen_hold_of of = gen_treasury_of(prospect->job, provider, now);
    struct gen_limit *limits = NULL;
    size_t total = 0;
    enum gen_status status = gen_treasury_limits(prospect->treasury, &of, prospect->question,
                                                 prospect->arena, &limits, &total, err);

    for (size_t i = 0; i < total && status == GEN_OK; i++) {
        if (gen_limit_capped(&limits[i]) ||
            limits[i].soft > 0) { /* else nobody limits it, it is only watched */
            prospect_meet(met, count, &limits[i], needs);
        }
    }
    return status;
}

/* All of the job's holds, a provider at a time. */
static enum gen_status prospect_limits(const struct gen_prospect *prospect, gen_moment now,
                                       struct prospect_limit *met, size_t *count,
                                       struct gen_error *err)
{
    const struct gen_job *job = prospect->job;
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < job->pipeline_count && status == GEN_OK; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count && status == GEN_OK; k++) {
            const struct gen_shot *shot = &job->pipelines[i].shots[k];

            if (shot->attempt.hold > 0 || (i == 0 && k == 0)) {
                status = prospect_at(prospect, shot->provider, shot->attempt.hold, now, met, count,
                                     err);
            }
        }
    }
    return job->pipeline_count > 0 || status != GEN_OK
               ? status
               : prospect_at(prospect, NULL, 0, now, met, count, err);
}

/* What is left of each; `*fits` becomes false where that is not enough. */
static enum gen_status prospect_left(const struct gen_prospect *prospect, gen_moment now,
                                     struct gen_node *list, bool *fits, struct gen_error *err)
{
    struct gen_arena *arena = prospect->arena;
    struct prospect_limit *met = gen_arena_array(arena, PROSPECT_LIMITS, sizeof *met);
    bool planned = prospect->job->pipeline_count > 0;
    size_t count = 0;
    enum gen_status status = met == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                         : prospect_limits(prospect, now, met, &count, err);

    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_balance used;
        struct gen_node *map;
        gen_micros room, left;
        bool enough;

        status = gen_read_use(prospect->store, &met[i].limit, &used, &room, err);
        if (status != GEN_OK) {
            break;
        }
        left = gen_balance_available(&used, room);
        enough = !gen_limit_capped(&met[i].limit) || met[i].needs <= left;
        *fits = *fits && enough;
        if (met[i].limit.scope == GEN_SCOPE_JOB) {
            met[i].limit.of = ""; /* there is no such job, and will not be */
        }
        map = gen_node_push(list, gen_prospect_limit(&met[i].limit, &used, room, arena));
        gen_node_set(arena, map, "needs", prospect_money(arena, met[i].needs, planned));
        gen_node_set(
            arena, map, "leftAfter",
            prospect_money(arena, left - met[i].needs, planned && gen_limit_capped(&met[i].limit)));
        gen_node_set(arena, map, "fits",
                     planned ? gen_node_bool(arena, enough) : gen_node_null(arena));
    }
    return status;
}

/* ----------------------------------------------------------------------------------- refusal -- */

/* " (by gen_1, gen_2)"; "" when nobody holds anything. */
static const char *prospect_holders(struct gen_store *store, const struct gen_limit *limit,
                                    char *out, size_t size)
{
    struct gen_holder holders[PROSPECT_HOLDERS];
    size_t count = 0, used = 0;

    out[0] = '\0';
    if (gen_read_holders(store, limit, holders, GEN_COUNT(holders), &count, NULL) != GEN_OK) {
        return out;
    }
    for (size_t i = 0; i < count && used < size; i++) {
        used += (size_t)snprintf(out + used, size - used, "%s%s", i == 0 ? " (by " : ", ",
                                 holders[i].job.text);
    }
    if (used > 0 && used < size) {
        (void)snprintf(out + used, size - used, ")");
    }
    return out;
}

/* What the cheapest choice can cost, of those that money alone keeps out; INT64_MAX: it does not fit. */
static gen_micros prospect_least(const struct gen_decision *decision)
{
    gen_micros sum = 0;

    for (size_t i = 0; i < decision->contest_count; i++) {
        const struct gen_contest *contest = &decision->contests[i];
        gen_micros least = INT64_MAX;

        for (size_t k = 0; k < contest->contender_count; k++) {
            const struct gen_contender *it = &contest->contenders[k];

            if ((it->filter == GEN_FILTER_BUDGET || it->filter == GEN_FILTER_NONE) &&
                it->quote.most < least) {
                least = it->quote.most;
            }
        }
        if (!gen_money_add(&sum, sum, least)) {
            return INT64_MAX;
        }
    }
    return sum;
}

void gen_prospect_blame(const struct gen_treasury *treasury, struct gen_store *store,
                        const struct gen_job *job, const struct gen_decision *decision,
                        gen_moment now, struct gen_error *err)
{
    struct gen_hold_of of = gen_treasury_of(job, NULL, now);
    gen_micros least = prospect_least(decision);
    struct gen_error why = {0};
    struct gen_purse purse;
    char by[160];

    of.job = NULL;
    if (gen_treasury_left(treasury, &of, decision->question, job->arena, &purse, NULL) != GEN_OK ||
        !purse.limited || purse.left >= job->budget || purse.left >= least || least == INT64_MAX) {
        return;
    }
    (void)gen_limit_refuse(&purse.limit, least, purse.room, &purse.used,
                           prospect_holders(store, &purse.limit, by, sizeof by), &why);
    gen_error_within(err, "%s", why.message);
}

/* ------------------------------------------------------------------------------------- whole -- */

static struct gen_node *prospect_refusal(const struct gen_prospect *prospect, bool fits)
{
    struct gen_arena *arena = prospect->arena;
    struct gen_node *map = gen_node_map(arena);
    bool refused = prospect->verdict != GEN_OK;

    if (!refused && fits) {
        return gen_node_null(arena);
    }
    gen_node_set(
        arena, map, "code",
        gen_node_string(arena, gen_status_word(refused ? prospect->verdict : GEN_EBUDGET)));
    gen_node_set(arena, map, "path",
                 gen_node_string(arena, refused ? prospect->refusal->path : "budget"));
    gen_node_set(arena, map, "detail",
                 gen_node_string(arena, refused ? prospect->refusal->message
                                                : "a limit has less left than the job would hold; "
                                                  "see `limits`"));
    return map;
}

enum gen_status gen_prospect_document(const struct gen_prospect *prospect, gen_moment now,
                                      struct gen_node **out, struct gen_error *err)
{
    struct gen_arena *arena = prospect->arena;
    const struct gen_job *job = prospect->job;
    struct gen_node *map = gen_node_map(arena), *limits = gen_node_list(arena);
    struct gen_node *pipelines = gen_node_list(arena);
    struct prospect_sum sum = {.exact = true};
    bool fits = true, planned = prospect->verdict == GEN_OK && job->pipeline_count > 0;
    enum gen_status status = prospect_left(prospect, now, limits, &fits, err);

    if (status != GEN_OK) {
        return status;
    }
    for (size_t i = 0; i < job->pipeline_count && prospect->bases != NULL; i++) {
        prospect_add(&job->pipelines[i], &sum);
        gen_node_push(pipelines, prospect_pipeline(prospect, i));
    }
    gen_node_set(arena, map, "affordable", gen_node_bool(arena, planned && fits));
    gen_node_set(arena, map, "refusal", prospect_refusal(prospect, fits));
    gen_node_set(arena, map, "costEstimate", prospect_money(arena, sum.price, planned));
    gen_node_set(arena, map, "costMost", prospect_money(arena, sum.most, planned));
    gen_node_set(arena, map, "reserve", prospect_money(arena, sum.held - sum.most, planned));
    gen_node_set(arena, map, "costHeld", prospect_money(arena, sum.held, planned));
    gen_node_set(arena, map, "exact", gen_node_bool(arena, planned && sum.exact));
    gen_node_set(arena, map, "expectedSeconds", gen_node_real(arena, prospect->decision->seconds));
    gen_node_set(arena, map, "budget", gen_node_money(arena, job->budget));
    gen_node_set(arena, map, "pipelines", pipelines);
    gen_node_set(arena, map, "limits", limits);
    gen_node_set(arena, map, "routing", gen_node_copy(arena, prospect->routing));
    *out = map;
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}
