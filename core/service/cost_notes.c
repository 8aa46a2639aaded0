/* cost_notes.c - see cost_notes.h. */
#include "service/cost_notes.h"

#include "engine/engine.h"
#include "engine/rulebook.h"

#include <math.h>

static const struct gen_policy_set *notes_set(const struct gen_call *call)
{
    return call->service->rules == NULL ? NULL : gen_rulebook_set(call->service->rules);
}

struct gen_node *gen_cost_notes_tiers(const struct gen_call *call, const char *provider,
                                      int64_t volume_s)
{
    struct gen_arena *arena = call->arena;
    const struct gen_policy_set *set = notes_set(call);
    const struct gen_provider_policy *policy = set == NULL ? NULL
                                                           : gen_policy_provider(set, provider);
    const struct gen_price *rows = policy == NULL ? NULL : policy->prices.items;
    gen_moment now = gen_clock_now(call->service->clock);
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; policy != NULL && i < policy->prices.count; i++) {
        const struct gen_price_bulk *next = gen_price_next(&rows[i], volume_s, now);
        struct gen_node *map;

        if (next != NULL) {
            map = gen_node_push(list, gen_node_map(arena));
            gen_node_set(arena, map, "model", gen_node_string(arena, rows[i].model));
            gen_node_set(arena, map, "resolution", gen_node_string(arena, rows[i].resolution));
            gen_node_set(arena, map, "haveSeconds", gen_node_int(arena, volume_s));
            gen_node_set(arena, map, "atSeconds", gen_node_int(arena, next->seconds));
            gen_node_set(arena, map, "rate", gen_node_money(arena, next->per_second));
        }
    }
    return list;
}

struct gen_node *gen_cost_notes_volumes(const struct gen_call *call)
{
    struct gen_arena *arena = call->arena;
    const struct gen_loader *loader = call->service->loader;
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < gen_loader_count(loader); i++) {
        const struct gen_hosted *hosted = gen_loader_at(loader, i);
        int64_t seconds = gen_engine_volume(call->service->engine, gen_hosted_id(hosted),
                                            call->principal.organization);
        struct gen_node *tiers = gen_cost_notes_tiers(call, gen_hosted_id(hosted), seconds);

        if (gen_node_count(tiers) > 0) {
            struct gen_node *map = gen_node_push(list, gen_node_map(arena));

            gen_node_set(arena, map, "provider", gen_node_string(arena, gen_hosted_id(hosted)));
            gen_node_set(arena, map, "seconds", gen_node_int(arena, seconds));
            gen_node_set(arena, map, "nextTiers", tiers);
        }
    }
    return list;
}

static void notes_drifts_of(const struct gen_call *call, const struct gen_hosted *hosted,
                            struct gen_node *list)
{
    struct gen_arena *arena = call->arena;
    const struct gen_policy_set *set = notes_set(call);
    double most = set == NULL ? 0 : set->budget->price_drift;
    size_t count = 0;
    const struct gen_model *models = gen_hosted_models(hosted, &count);

    for (size_t i = 0; i < count && most > 0; i++) {
        int64_t bills = 0;
        double drift = 0;

        if (gen_engine_bills(call->service->engine, &models[i], &bills, &drift) &&
            fabs(drift) > most) {
            struct gen_node *map = gen_node_push(list, gen_node_map(arena));

            gen_node_set(arena, map, "provider", gen_node_string(arena, models[i].provider));
            gen_node_set(arena, map, "model", gen_node_string(arena, models[i].id));
            gen_node_set(arena, map, "bills", gen_node_int(arena, bills));
            gen_node_set(arena, map, "drift", gen_node_real(arena, round(drift * 1e6) / 1e6));
        }
    }
}

struct gen_node *gen_cost_notes_drifts(const struct gen_call *call, const struct gen_hosted *hosted)
{
    const struct gen_loader *loader = call->service->loader;
    struct gen_node *list = gen_node_list(call->arena);

    if (hosted != NULL) {
        notes_drifts_of(call, hosted, list);
        return list;
    }
    for (size_t i = 0; i < gen_loader_count(loader); i++) {
        notes_drifts_of(call, gen_loader_at(loader, i), list);
    }
    return list;
}
