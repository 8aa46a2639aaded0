/* rules.c - see rules.h. */
#include "engine/rules.h"

#include "engine/rulebook.h"

#include <string.h>

const struct gen_policy_set *gen_rules_set(const struct gen_engine_options *options)
{
    return options->rules == NULL ? NULL : gen_rulebook_set(options->rules);
}

struct gen_patience gen_rules_patience(const struct gen_engine_options *options)
{
    const struct gen_policy_set *set = gen_rules_set(options);
    struct gen_patience patience = gen_patience_defaults;

    if (options->patience != NULL) {
        return *options->patience;
    }
    if (set != NULL) {
        const struct gen_retry_patience *told = &set->retry->patience;

        patience = (struct gen_patience){
            .recover_window_ms = set->retry->ambiguous.window_ms,
            .recover_least_looks = (int32_t)set->retry->ambiguous.looks,
            .submit_ms = told->submit_ms,
            .verdict_ms = told->verdict_ms,
            .fetch_ms = told->fetch_ms,
            .cancel_ms = told->cancel_ms,
            .slow_ms = told->slow_ms,
            .asset_ms = told->asset_ms,
        };
    }
    if (options->recover_ms > 0) {
        patience.recover_window_ms = options->recover_ms;
    }
    if (options->asset_ms > 0) {
        patience.asset_ms = options->asset_ms;
    }
    return patience;
}

/* The lower of two limits, where 0 is none. */
static int64_t lower(int64_t a, int64_t b)
{
    return a <= 0 ? (b < 0 ? 0 : b) : b <= 0 ? a : a < b ? a : b;
}

gen_micros gen_rules_job_budget(const struct gen_engine_options *options)
{
    const struct gen_policy_set *set = gen_rules_set(options);

    return lower(options->job_budget, set == NULL ? 0 : set->budget->job_default);
}

int32_t gen_rules_organization_limit(const struct gen_engine_options *options,
                                     const char *organization)
{
    const struct gen_policy_set *set = gen_rules_set(options);
    const struct gen_access_plan *plan = set == NULL
                                             ? NULL
                                             : gen_access_plan_of(set->access, organization);

    if (plan != NULL && plan->parallel > 0) {
        return (int32_t)plan->parallel; /* what a plan promises stands above the rule for all */
    }
    return set == NULL ? 0 : (int32_t)set->schedule->parallel.organization;
}

int32_t gen_rules_provider_limit(const struct gen_engine_options *options, const char *provider,
                                 const struct gen_model *model)
{
    const struct gen_policy_set *set = gen_rules_set(options);
    const struct gen_provider_policy *own = set == NULL ? NULL : gen_policy_provider(set, provider);
    int64_t limit = model == NULL ? 0 : model->max_concurrent;

    if (set != NULL) {
        limit = lower(limit, set->schedule->parallel.provider);
    }
    return (int32_t)(own == NULL ? limit : lower(limit, own->limits.parallel));
}

int32_t gen_rules_provider_pace(const struct gen_engine_options *options, const char *provider)
{
    const struct gen_policy_set *set = gen_rules_set(options);
    const struct gen_provider_policy *own = set == NULL ? NULL : gen_policy_provider(set, provider);
    const struct gen_hosted *hosted = gen_loader_find(options->loader, provider);
    int64_t pace = own == NULL ? 0 : own->limits.per_minute;
    size_t count = 0;
    const struct gen_model *models = hosted == NULL ? NULL : gen_hosted_models(hosted, &count);

    for (size_t i = 0; i < count; i++) {
        pace = lower(pace, models[i].rate_per_minute);
    }
    return (int32_t)pace;
}

static const char *role_of(const struct gen_provider_policy *policy, const char *role)
{
    const struct gen_provider_credential *rows = policy == NULL ? NULL : policy->credentials.items;

    for (size_t i = 0; policy != NULL && i < policy->credentials.count; i++) {
        if (strcmp(rows[i].named.name, role) == 0) {
            return rows[i].credential;
        }
    }
    return NULL;
}

const char *gen_rules_secret(const struct gen_engine_options *options, const char *provider,
                             const char *credential, const char *part, struct gen_arena *arena)
{
    const struct gen_policy_set *set = gen_rules_set(options);
    const struct gen_provider_policy *own = set == NULL ? NULL : gen_policy_provider(set, provider);
    const char *both = gen_arena_printf(arena, "%s-%s", credential, part);
    const char *name = both == NULL ? NULL : role_of(own, both);

    if (name == NULL) {
        name = role_of(own, credential);
    }
    if (name == NULL) {
        name = role_of(own, part);
    }
    if (name == NULL && strcmp(part, "key") == 0) {
        name = provider;
    }
    return name != NULL ? gen_arena_strdup(arena, name)
                        : gen_arena_printf(arena, "%s-%s", provider, part);
}
