/* policy_parts.c - see policy_parts.h. */
#include "policy/policy_parts.h"

#include "base/name.h"

#include <string.h>

const struct gen_policy_kind gen_policy_kinds[] = {
    {"routing.yaml", "routing", &gen_routing_record, false,
     "Tiers, complexity, scores, strategies and rules."},
    {"retry.yaml", "retry", &gen_retry_record, false,
     "What follows a failure, and what is done about doubtful orders."},
    {"budget.yaml", "budget", &gen_budget_record, false, "Limits, alerts, unknown prices."},
    {"quality.yaml", "quality", &gen_quality_record, false,
     "The one number, thresholds, and what is rejected or made anew."},
    {"schedule.yaml", "schedule", &gen_schedule_record, false,
     "Priorities, fairness, off-peak hours, batches, how many at once."},
    {"access.yaml", "access", &gen_access_record, false, "Plans and the models they may use."},
    {"providers/", "provider", &gen_provider_record, true,
     "One file a provider: price book, limits, hosts, credentials by name, ends of life."},
    {"delivery/", "delivery", &gen_delivery_record, true,
     "One file a placement of an ad platform: what it takes."},
    {"brands/", "brand", &gen_brand_policy_record, true, "One file a brand."},
    {NULL, NULL, NULL, false, NULL}};

size_t gen_policy_kind_count(void)
{
    return GEN_COUNT(gen_policy_kinds) - 1;
}

const struct gen_policy_kind *gen_policy_kind_of(const char *file)
{
    const char *slash = strchr(file, '/');
    size_t size = strlen(file);

    for (const struct gen_policy_kind *kind = gen_policy_kinds; kind->name != NULL; kind++) {
        size_t length = strlen(kind->name);

        if (!kind->folder ? strcmp(kind->name, file) == 0
                          : slash != NULL && strncmp(kind->name, file, length) == 0 &&
                                strchr(slash + 1, '/') == NULL && size > length + 5 &&
                                strcmp(file + size - 5, ".yaml") == 0) {
            return kind;
        }
    }
    return NULL;
}

const struct gen_provider_policy *gen_policy_provider(const struct gen_policy_set *set,
                                                      const char *id)
{
    for (size_t i = 0; i < set->provider_count; i++) {
        if (strcmp(set->providers[i]->id, id) == 0) {
            return set->providers[i];
        }
    }
    return NULL;
}

static const char *parts_delivery(const void *context, size_t index)
{
    return ((const struct gen_policy_set *)context)->deliveries[index]->id;
}

enum gen_status gen_policy_deliveries_check(const struct gen_policy_set *set,
                                            const struct gen_texts *names, struct gen_error *err)
{
    for (size_t i = 0; i < names->count; i++) {
        const char *nearest;

        if (gen_policy_delivery(set, names->items[i]) != NULL) {
            continue;
        }
        nearest = gen_name_nearest(names->items[i], parts_delivery, set, set->delivery_count);
        (void)gen_error_set(err, GEN_EINVAL, "there is no delivery spec \"%.60s\"%s%s%s",
                            names->items[i], nearest == NULL ? "" : "; did you mean \"",
                            nearest == NULL ? "" : nearest, nearest == NULL ? "" : "\"?");
        gen_error_place(err, NULL, 0, 0, "deliver");
        return GEN_EINVAL;
    }
    return GEN_OK;
}

const struct gen_delivery_policy *gen_policy_delivery(const struct gen_policy_set *set,
                                                      const char *id)
{
    for (size_t i = 0; i < set->delivery_count; i++) {
        if (strcmp(set->deliveries[i]->id, id) == 0) {
            return set->deliveries[i];
        }
    }
    return NULL;
}

const struct gen_brand_profile *gen_policy_brand(const struct gen_policy_set *set, const char *id)
{
    for (size_t i = 0; i < set->brand_count; i++) {
        if (strcmp(set->brands[i]->id, id) == 0) {
            return set->brands[i];
        }
    }
    return NULL;
}
