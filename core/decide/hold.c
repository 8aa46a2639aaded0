/* hold.c - see hold.h. */
#include "decide/hold.h"

#include "decide/almanac.h"
#include "decide/demand.h"
#include "policy/retry_policy.h"

#include <string.h>

struct hold_list {
    const struct gen_hold_rules *rules;
    const struct gen_hold_of *of;
    struct gen_arena *arena;
    struct gen_limit *limits;
    size_t count, capacity;
    struct gen_portrait portrait; /* of the question, once a condition asked for it */
    bool pictured;
};

/* Whom a limit of this scope is about here; NULL: it is not about this hold. */
static const char *hold_whose(const struct gen_hold_of *of, enum gen_scope scope)
{
    const char *const whose[] = {
        [GEN_SCOPE_ORGANIZATION] = of->organization,
        [GEN_SCOPE_TEAM] = of->team,
        [GEN_SCOPE_PROJECT] = of->project,
        [GEN_SCOPE_USER] = of->user,
        [GEN_SCOPE_JOB] = of->job,
        [GEN_SCOPE_PROVIDER] = of->provider,
    };

    return (size_t)scope >= GEN_COUNT(whose) || whose[scope] == NULL || whose[scope][0] == '\0'
               ? NULL
               : whose[scope];
}

static enum gen_status hold_add(struct hold_list *list, const struct gen_limit *limit,
                                const char *whose, struct gen_error *err)
{
    struct gen_limit *added = &list->limits[list->count];
    static const struct gen_budget_policy plain = {0}; /* UTC, Monday, the first */
    const struct gen_budget_policy *policy = list->rules->policy;
    struct gen_interval interval = gen_almanac_interval(
        policy == NULL ? &plain : policy, limit->period, list->rules->zones, list->of->at);

    GEN_CHECK(list->count < list->capacity);
    *added = *limit;
    added->organization = list->of->organization;
    added->of = limit->scope == GEN_SCOPE_ORGANIZATION ? "" : whose;
    added->key = gen_budget_key(limit->scope, list->of->organization, whose, list->arena);
    added->before = interval.before;
    added->begins = interval.begins;
    added->ends = interval.ends;
    if (added->key == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    list->count++;
    return GEN_OK;
}

static bool hold_named(const struct gen_texts *of, const char *whose)
{
    for (size_t i = 0; i < of->count; i++) {
        if (strcmp(of->items[i], whose) == 0) {
            return true;
        }
    }
    return of->count == 0;
}

/* Does its condition hold for this job? */
static enum gen_status hold_when(struct hold_list *list, const struct gen_formula *when,
                                 bool *holds, struct gen_error *err)
{
    const char *fault = NULL;
    bool truth = false;

    *holds = when->program == NULL;
    if (*holds || list->rules->question == NULL) {
        return GEN_OK;
    }
    if (!list->pictured) {
        struct gen_demand demand;
        enum gen_status status = gen_portrait_init(&list->portrait, list->rules->question,
                                                   list->arena, err);

        if (status != GEN_OK) {
            return status;
        }
        list->pictured = true;
        gen_demand_measure(&list->portrait, &demand);
    }
    *holds = !gen_portrait_truth(&list->portrait, when, &truth, &fault) || truth;
    return list->portrait.starved ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

static enum gen_status hold_of_policy(struct hold_list *list, struct gen_error *err)
{
    const struct gen_budget_policy *policy = list->rules->policy;
    const struct gen_budget_limit *limits = policy == NULL ? NULL : policy->limits.items;
    enum gen_status status = GEN_OK;

    for (size_t i = 0; status == GEN_OK && policy != NULL && i < policy->limits.count; i++) {
        const char *whose = hold_whose(list->of, (enum gen_scope)limits[i].scope);
        struct gen_limit limit = {.name = limits[i].named.name,
                                  .id = "",
                                  .scope = (enum gen_scope)limits[i].scope,
                                  .period = (enum gen_period)limits[i].period,
                                  .hard = limits[i].hard,
                                  .soft = limits[i].soft,
                                  .rollover = limits[i].rollover,
                                  .alerts = limits[i].alerts,
                                  .throttle_from = limits[i].throttle_from,
                                  .throttle_parallel = limits[i].throttle_parallel};
        bool holds = false;

        if (whose == NULL || !hold_named(&limits[i].of, whose)) {
            continue;
        }
        status = hold_when(list, &limits[i].when, &holds, err);
        if (status == GEN_OK && holds) {
            status = hold_add(list, &limit, whose, err);
        }
    }
    return status;
}

static enum gen_status hold_of_store(struct hold_list *list, struct gen_error *err)
{
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < list->rules->budget_count && status == GEN_OK; i++) {
        const struct gen_budget *budget = &list->rules->budgets[i];
        const char *whose = hold_whose(list->of, budget->scope);
        struct gen_limit limit = {.name = budget->note[0] != '\0' ? budget->note : budget->id.text,
                                  .id = budget->id.text,
                                  .scope = budget->scope,
                                  .period = budget->period,
                                  .hard = budget->hard,
                                  .soft = budget->soft,
                                  .rollover = budget->rollover,
                                  .alerts = budget->alerts,
                                  .throttle_from = budget->throttle_from,
                                  .throttle_parallel = budget->throttle_parallel};

        if (whose != NULL && budget->ended_at == 0 &&
            strcmp(budget->organization, list->of->organization) == 0 &&
            (budget->scope == GEN_SCOPE_ORGANIZATION || strcmp(budget->of, whose) == 0)) {
            status = hold_add(list, &limit, whose, err);
        }
    }
    return status;
}

enum gen_status gen_hold_limits(const struct gen_hold_rules *rules, const struct gen_hold_of *of,
                                struct gen_arena *arena, struct gen_limit **out, size_t *count,
                                struct gen_error *err)
{
    struct hold_list list = {.rules = rules, .of = of, .arena = arena};
    enum gen_status status;

    list.capacity = rules->budget_count + (rules->policy == NULL ? 0 : rules->policy->limits.count);
    list.limits = gen_arena_array(arena, list.capacity + 1, sizeof(*list.limits));
    if (list.limits == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = hold_of_policy(&list, err);
    if (status == GEN_OK) {
        status = hold_of_store(&list, err);
    }
    if (list.pictured) {
        gen_portrait_fini(&list.portrait);
    }
    if (status == GEN_OK) {
        *out = list.limits;
        *count = list.count;
    }
    return status;
}

/* ---------------------------------------------------------------------------------- reserve -- */

/* Most often that one shot is bought again, whatever fails. */
static int64_t hold_rebuys(const struct gen_retry_policy *policy)
{
    int64_t most = 0;

    for (size_t i = 0; i < GEN_COUNT(policy->by_failure); i++) {
        const struct gen_retry_kind *kind = policy->by_failure[i];
        int64_t again = kind == NULL                   ? 0
                        : kind->rebuys < kind->retries ? kind->rebuys
                                                       : kind->retries;

        most = again > most ? again : most;
    }
    return most;
}

void gen_hold_reserve(const struct gen_retry_policy *policy, struct gen_hold_shot *shots,
                      size_t count)
{
    int64_t rebuys = policy == NULL ? 0 : hold_rebuys(policy);
    int64_t retries = policy == NULL ? 0 : policy->job.retries;
    gen_micros price = 0, pool = INT64_MAX;

    for (size_t i = 0; i < count; i++) {
        shots[i].reserve = 0;
        if (!gen_money_add(&price, price, shots[i].price)) {
            return; /* the price of the job does not fit: it is refused elsewhere */
        }
    }
    if (policy != NULL && policy->job.cost_share > 0 &&
        !gen_money_scale(&pool, price, (int64_t)(policy->job.cost_share * 10000.0 + 0.5), 10000)) {
        pool = INT64_MAX;
    }
    for (int64_t round = 0; round < rebuys; round++) {
        for (size_t i = 0; i < count && retries > 0; i++) {
            struct gen_hold_shot *shot = &shots[i];

            if (shot->most > 0 && shot->price <= pool &&
                gen_money_add(&shot->reserve, shot->reserve, shot->most)) {
                pool -= shot->price;
                retries--;
            }
        }
    }
}
