/* providers_api.c - see providers_api.h. */
#include "service/providers_api.h"

#include "engine/rulebook.h"
#include "host/loader.h"
#include "policy/policy_set.h"
#include "service/cost_notes.h"
#include "service/models_api.h"
#include "store/document.h"

static struct gen_node *providers_share(struct gen_arena *arena, double share)
{
    return share < 0 ? gen_node_null(arena) : gen_node_real(arena, share);
}

static const char *providers_hold(struct gen_arena *arena, enum gen_lanes_hold hold,
                                  const char *provider, gen_moment until)
{
    static const struct {
        enum gen_lanes_hold hold;
        const char *words;
    } words[] = {
        {GEN_LANES_PACE, "our pace at"},
        {GEN_LANES_PAUSE, "rate limit of"},
        {GEN_LANES_LATER, "waits for cheaper hours at"},
        {GEN_LANES_GROUP, "the organization has as much under way as it may; next at"},
        {GEN_LANES_MODEL, "the model bears no more at once at"},
        {GEN_LANES_PURSE, "slowed down by a budget, or by what its user or team may, at"},
        {GEN_LANES_FULL, "no place is free at"},
        {GEN_LANES_OTHERS, "others have their turn first at"},
        {0, NULL},
    };
    char text[GEN_MOMENT_TEXT_SIZE];
    size_t i = 0;

    while (words[i].words != NULL && words[i].hold != hold) {
        i++;
    }
    if (words[i].words == NULL) {
        return NULL;
    }
    if (until == 0) {
        return gen_arena_printf(arena, "%s %s", words[i].words, provider);
    }
    gen_moment_text(until, text);
    return gen_arena_printf(arena, "%s %s until %.8s", words[i].words, provider,
                            text + 11); /* the time of day of 2026-11-22T12:00:05.000Z */
}

const char *gen_providers_held(struct gen_arena *arena, const struct gen_engine *engine,
                               const struct gen_job *job, const struct gen_pipeline *pipeline)
{
    const char *provider = "";
    gen_moment until = 0;
    enum gen_lanes_hold hold = gen_engine_held(engine, job, pipeline, &until, &provider);

    return providers_hold(arena, hold, provider, until);
}

static struct gen_node *provider_health(struct gen_arena *arena,
                                        const struct gen_engine_provider *facts)
{
    const struct gen_vitals_view *vitals = &facts->vitals;
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "state", gen_node_string(arena, gen_vitals_word(vitals->state)));
    gen_node_set(arena, map, "reason", gen_document_text(arena, vitals->reason));
    gen_node_set(arena, map, "note", gen_document_text(arena, vitals->note));
    gen_node_set(arena, map, "lastCheck", gen_node_moment(arena, vitals->last_check));
    gen_node_set(arena, map, "lastNews", gen_node_moment(arena, vitals->last_news));
    gen_node_set(arena, map, "latency",
                 vitals->latency_ms < 0 ? gen_node_null(arena)
                                        : gen_document_seconds(arena, vitals->latency_ms));
    gen_node_set(arena, map, "uptimeDay", providers_share(arena, facts->uptime_day));
    gen_node_set(arena, map, "uptimeMonth", providers_share(arena, facts->uptime_month));
    return map;
}

static struct gen_node *provider_models(struct gen_call *call, const struct gen_hosted *hosted,
                                        const struct gen_engine_provider *facts)
{
    const struct gen_service *service = call->service;
    const struct gen_policy_set *set = service->rules == NULL ? NULL
                                                              : gen_rulebook_set(service->rules);
    struct gen_node *list = gen_node_list(call->arena);
    struct gen_model_state state;
    struct gen_model_view view = {
        .state = &state,
        .provider = facts,
        .policy = set == NULL ? NULL : gen_policy_provider(set, gen_hosted_id(hosted)),
        .now = gen_clock_now(service->clock),
    };
    size_t count = 0;
    const struct gen_model *models = gen_hosted_models(hosted, &count);

    for (size_t i = 0; i < count; i++) {
        gen_engine_model(service->engine, &models[i], &state);
        view.model = &models[i];
        gen_node_push(list, gen_models_document(call->arena, &view));
    }
    return list;
}

static struct gen_node *provider_missing(struct gen_arena *arena, const struct gen_texts *names)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < names->count; i++) {
        gen_node_push(list, gen_node_string(arena, names->items[i]));
    }
    return list;
}

static struct gen_node *provider_node(struct gen_call *call, const struct gen_hosted *hosted)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    struct gen_engine_provider facts;

    gen_engine_provider(call->service->engine, hosted, call->principal.organization, arena, &facts);
    gen_node_set(arena, map, "provider", gen_node_string(arena, gen_hosted_id(hosted)));
    gen_node_set(arena, map, "name", gen_node_string(arena, gen_hosted_name(hosted)));
    gen_node_set(arena, map, "version", gen_node_string(arena, gen_hosted_version(hosted)));
    gen_node_set(arena, map, "path", gen_node_string(arena, gen_hosted_path(hosted)));
    gen_node_set(arena, map, "ready", gen_node_bool(arena, facts.unready == NULL));
    gen_node_set(arena, map, "unready", gen_node_string(arena, facts.unready));
    gen_node_set(arena, map, "missing", provider_missing(arena, &facts.missing));
    gen_node_set(arena, map, "trouble", gen_document_text(arena, facts.trouble));
    gen_node_set(arena, map, "health", provider_health(arena, &facts));
    gen_node_set(arena, map, "running", gen_node_int(arena, (int64_t)facts.running));
    gen_node_set(arena, map, "waiting", gen_node_int(arena, (int64_t)facts.waiting));
    gen_node_set(arena, map, "heldUntil", gen_node_moment(arena, facts.held_until));
    gen_node_set(arena, map, "held",
                 gen_node_string(arena, providers_hold(arena, facts.hold, gen_hosted_id(hosted),
                                                       facts.held_until)));
    gen_node_set(arena, map, "volumeSeconds", gen_node_int(arena, facts.volume_s));
    gen_node_set(arena, map, "nextTiers",
                 gen_cost_notes_tiers(call, gen_hosted_id(hosted), facts.volume_s));
    gen_node_set(arena, map, "priceDrifts", gen_cost_notes_drifts(call, hosted));
    gen_node_set(arena, map, "models", provider_models(call, hosted, &facts));
    return map;
}

void gen_providers_list(struct gen_call *call)
{
    const struct gen_loader *loader = call->service->loader;
    struct gen_arena *arena = call->arena;
    struct gen_node *page = gen_node_map(arena);
    struct gen_node *loaded = gen_node_list(arena), *refused = gen_node_list(arena);
    size_t count = 0;
    const struct gen_refusal *refusals = gen_loader_refusals(loader, &count);

    for (size_t i = 0; i < gen_loader_count(loader); i++) {
        gen_node_push(loaded, provider_node(call, gen_loader_at(loader, i)));
    }
    for (size_t i = 0; i < count; i++) {
        struct gen_node *item = gen_node_push(refused, gen_node_map(arena));

        gen_node_set(arena, item, "path", gen_node_string(arena, refusals[i].path));
        gen_node_set(arena, item, "reason", gen_node_string(arena, refusals[i].reason));
    }
    gen_node_set(arena, page, "providers", loaded);
    gen_node_set(arena, page, "refused", refused);
    gen_call_reply(call, 200, page);
}
