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
                                  .frozen = budget->frozen,
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

/* How far the retries of one shot can go, whatever fails: the widest of every kind of failure. */
struct hold_reach {
    int64_t retries, rebuys; /* after the first attempt */
    int64_t switch_after;    /* failures until another provider is taken; 0 = never */
};

static struct hold_reach hold_reach(const struct gen_retry_policy *policy)
{
    struct hold_reach reach = {0};

    for (size_t i = 0; policy != NULL && i < GEN_COUNT(policy->by_failure); i++) {
        const struct gen_retry_kind *kind = policy->by_failure[i];
        int64_t again = kind == NULL                   ? 0
                        : kind->rebuys < kind->retries ? kind->rebuys
                                                       : kind->retries;

        reach.rebuys = again > reach.rebuys ? again : reach.rebuys;
        if (kind == NULL || kind->retries == 0) {
            continue;
        }
        reach.retries = kind->retries > reach.retries ? kind->retries : reach.retries;
        if (kind->switch_after > 0 &&
            (reach.switch_after == 0 || kind->switch_after < reach.switch_after)) {
            reach.switch_after = kind->switch_after;
        }
    }
    return reach;
}

/* Of the attempts that follow the first `made`, so many can be on another provider. */
static int64_t hold_switched(const struct hold_reach *reach, int64_t made)
{
    int64_t stays = made > reach->switch_after ? made : reach->switch_after;
    int64_t rest = reach->retries + 1 - stays;

    return reach->switch_after == 0 || rest < 0 ? 0 : rest;
}

struct hold_ways {
    struct gen_hold_branch own, dear; /* dear: the dearest, its own or another provider */
    gen_micros beside;                /* all that run at the same time; -1: does not fit */
};

static struct hold_ways hold_ways(const struct gen_hold_shot *shot)
{
    struct gen_hold_branch own = {GEN_HOLD_ELSEWHERE, shot->price, shot->most};
    struct hold_ways ways = {.own = own, .dear = own};

    for (size_t i = 0; i < shot->branch_count; i++) {
        const struct gen_hold_branch *branch = &shot->branches[i];

        if (branch->way == GEN_HOLD_ELSEWHERE) {
            ways.dear = branch->most > ways.dear.most ? *branch : ways.dear;
        } else if (ways.beside >= 0 && !gen_money_add(&ways.beside, ways.beside, branch->most)) {
            ways.beside = -1;
        }
    }
    return ways;
}

struct hold_pool {       /* of the whole job */
    int64_t retries;     /* that it has left */
    gen_micros rebuying; /* what they may cost by their prices */
};

static struct hold_pool hold_pool(const struct gen_retry_policy *policy, gen_micros estimate,
                                  gen_micros extra, int64_t retries)
{
    struct hold_pool pool = {policy->job.retries - retries, INT64_MAX};

    if (policy->job.cost_share > 0 &&
        gen_money_scale(&pool.rebuying, estimate, (int64_t)(policy->job.cost_share * 10000.0 + 0.5),
                        10000)) {
        pool.rebuying = extra < pool.rebuying ? pool.rebuying - extra : 0;
    }
    return pool;
}

/* The nth purchase after the first (from 0): on the dearest while attempts there last. When all of them are
 * there, one more: the first one was not billed, and is bought there, too. False: no such purchase. */
static bool hold_purchase(const struct hold_reach *reach, const struct hold_ways *ways, int64_t nth,
                          struct gen_hold_branch *out, gen_micros most)
{
    int64_t switched = hold_switched(reach, 1);

    *out = nth < switched && ways->dear.price <= most ? ways->dear : ways->own;
    if (nth == reach->rebuys) {
        out->most -= ways->own.most; /* in place of the first */
        return switched > nth && out->most > 0;
    }
    return true;
}

static void hold_beside(struct gen_hold_shot *shots, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        gen_micros beside = hold_ways(&shots[i]).beside;

        shots[i].reserve = beside < 0 ? 0 : beside;
    }
}

void gen_hold_reserve(const struct gen_retry_policy *policy, struct gen_hold_shot *shots,
                      size_t count)
{
    struct hold_reach reach = hold_reach(policy);
    gen_micros price = 0;
    struct hold_pool pool;

    hold_beside(shots, count);
    for (size_t i = 0; i < count; i++) {
        if (!gen_money_add(&price, price, shots[i].price)) {
            return; /* the price of the job does not fit: it is refused elsewhere */
        }
    }
    if (policy == NULL) {
        return;
    }
    pool = hold_pool(policy, price, 0, 0);
    for (int64_t round = 0; round <= reach.rebuys; round++) {
        for (size_t i = 0; i < count && pool.retries > 0; i++) {
            struct gen_hold_shot *shot = &shots[i];
            struct hold_ways ways = hold_ways(shot);
            struct gen_hold_branch bought;

            if (hold_purchase(&reach, &ways, round, &bought, pool.rebuying) && bought.most > 0 &&
                bought.price <= pool.rebuying &&
                gen_money_add(&shot->reserve, shot->reserve, bought.most)) {
                pool.rebuying -= bought.price;
                pool.retries--;
            }
        }
    }
}

gen_micros gen_hold_open(const struct gen_retry_policy *policy, const struct gen_hold_shot *shot,
                         const struct gen_retry_case *it)
{
    struct hold_reach reach = hold_reach(policy);
    struct hold_pool pool = hold_pool(policy, it->job_estimate, it->job_extra, it->job_retries);
    struct hold_ways ways = hold_ways(shot);
    int64_t switched = hold_switched(&reach, it->attempts);
    int64_t purchases = reach.rebuys + 1 - (it->billed ? it->billed_attempts : 0);
    int64_t attempts = reach.retries + 1 - it->attempts;
    gen_micros sum = 0;

    purchases = purchases < attempts ? purchases : attempts;
    for (int64_t nth = 0; nth < purchases || nth == 0; nth++) {
        const struct gen_hold_branch *way = nth < switched ? &ways.dear : &ways.own;

        if (nth > 0 && (nth >= pool.retries || way->price > pool.rebuying)) {
            break;
        }
        if (!gen_money_add(&sum, sum, way->most)) {
            return INT64_MAX;
        }
        pool.rebuying -= way->price < pool.rebuying ? way->price : pool.rebuying;
    }
    return sum;
}
