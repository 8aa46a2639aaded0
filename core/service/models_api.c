/* models_api.c - see models_api.h. */
#include "service/models_api.h"

#include "engine/rulebook.h"
#include "host/loader.h"
#include "policy/policy_set.h"
#include "store/document.h"

#include <math.h>
#include <string.h>

const struct gen_parameter gen_models_parameters[] = {
    {"provider", "Only models of this provider."},
    {NULL, NULL},
};

/* A figure that may be unknown. */
static struct gen_node *models_figure(struct gen_arena *arena, double value)
{
    return isnan(value) || value < 0 ? gen_node_null(arena) : gen_node_real(arena, value);
}

static void models_trait(struct gen_arena *arena, struct gen_node *map, const char *key,
                         const struct gen_model *model, uint32_t trait)
{
    gen_node_set(arena, map, key, gen_node_bool(arena, (model->traits & trait) != 0));
}

static void models_need(struct gen_arena *arena, struct gen_node *map, const char *key,
                        uint32_t needs, uint32_t need)
{
    gen_node_set(arena, map, key, gen_node_bool(arena, (needs & need) != 0));
}

/* ------------------------------------------------------------------------------ capabilities -- */

static bool models_has(const struct gen_node *list, const char *text)
{
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        if (strcmp(gen_node_text(item, ""), text) == 0) {
            return true;
        }
    }
    return false;
}

/* "720p", "1080p": of the listed sizes and of the largest. */
static struct gen_node *models_resolutions(struct gen_arena *arena, const struct gen_model *model)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i <= model->size_count; i++) {
        bool listed = i < model->size_count;
        const char *name = gen_price_resolution(listed ? model->sizes[i][0] : model->max_width,
                                                listed ? model->sizes[i][1] : model->max_height);

        if ((listed || (model->traits & GEN_TRAIT_ANY_RATIO) != 0) && !models_has(list, name)) {
            gen_node_push(list, gen_node_string(arena, name));
        }
    }
    return list;
}

static uint32_t models_needs(const struct gen_model_view *view)
{
    const struct gen_provider_model *row =
        view->policy == NULL ? NULL : gen_provider_model_of(view->policy, view->model->id);
    uint32_t needs = 0;

    for (size_t i = 0; row != NULL && i < row->needs.count; i++) {
        needs |= gen_needs_of(row->needs.items[i]);
    }
    return needs != 0 ? needs : view->model->needs;
}

static struct gen_node *models_need_words(struct gen_arena *arena, uint32_t needs)
{
    struct gen_node *list = gen_node_list(arena);

    for (int bit = 0; bit < 32; bit++) {
        const char *word = (needs & UINT32_C(1) << bit) != 0 ? gen_needs_word(UINT32_C(1) << bit)
                                                             : NULL;

        if (word != NULL) {
            gen_node_push(list, gen_node_string(arena, word));
        }
    }
    return list;
}

static struct gen_node *models_capabilities(struct gen_arena *arena,
                                            const struct gen_model_view *view)
{
    const struct gen_model *model = view->model;
    struct gen_node *map = gen_node_map(arena), *durations = gen_node_list(arena);
    struct gen_node *sizes = gen_node_list(arena);
    uint32_t needs = models_needs(view);
    bool pictures = strstr(model->asset_types, "image/") != NULL;

    for (size_t i = 0; i < model->duration_count; i++) {
        gen_node_push(durations, gen_document_seconds(arena, model->durations_ms[i]));
    }
    for (size_t i = 0; i < model->size_count; i++) {
        gen_node_push(sizes, gen_document_size(arena, model->sizes[i][0], model->sizes[i][1]));
    }
    models_need(arena, map, "avatars", needs, GEN_NEEDS_AVATAR);
    models_need(arena, map, "lipSync", needs, GEN_NEEDS_LIP_SYNC);
    gen_node_set(arena, map, "backgrounds",
                 gen_node_bool(arena, (needs & GEN_NEEDS_AVATAR) != 0 && pictures));
    models_need(arena, map, "effects", needs, GEN_NEEDS_EFFECTS);
    gen_node_set(arena, map, "maxDuration", gen_document_seconds(arena, model->max_duration_ms));
    gen_node_set(arena, map, "resolutions", models_resolutions(arena, model));
    gen_node_set(arena, map, "needs", models_need_words(arena, needs));
    gen_node_set(arena, map, "minDuration", gen_document_seconds(arena, model->min_duration_ms));
    gen_node_set(arena, map, "durations", durations);
    gen_node_set(arena, map, "sizes", sizes);
    gen_node_set(arena, map, "maxSize",
                 gen_document_size(arena, model->max_width, model->max_height));
    gen_node_set(arena, map, "maxFrameRate", gen_node_int(arena, model->max_frame_rate));
    models_trait(arena, map, "anyRatio", model, GEN_TRAIT_ANY_RATIO);
    models_trait(arena, map, "audio", model, GEN_TRAIT_AUDIO);
    models_trait(arena, map, "firstFrame", model, GEN_TRAIT_FIRST_FRAME);
    models_trait(arena, map, "wholeStoryboard", model, GEN_TRAIT_WHOLE_STORYBOARD);
    models_trait(arena, map, "composes", model, GEN_TRAIT_COMPOSES);
    models_trait(arena, map, "submitIdempotent", model, GEN_TRAIT_SUBMIT_IDEMPOTENT);
    models_trait(arena, map, "reportsCost", model, GEN_TRAIT_REPORTS_COST);
    models_trait(arena, map, "reportsProgress", model, GEN_TRAIT_REPORTS_PROGRESS);
    models_trait(arena, map, "canCancel", model, GEN_TRAIT_CAN_CANCEL);
    models_trait(arena, map, "canRecover", model, GEN_TRAIT_CAN_RECOVER);
    return map;
}

/* ------------------------------------------------------------------------------------ pricing -- */

/* Of a clip of a second in the first of its sizes, with its sound: what a price list would begin with. */
static const struct gen_price *models_price(const struct gen_model_view *view)
{
    const struct gen_model *model = view->model;
    bool listed = model->size_count > 0;
    struct gen_price_task task = {.model = model->id,
                                  .width = listed ? model->sizes[0][0] : model->max_width,
                                  .height = listed ? model->sizes[0][1] : model->max_height,
                                  .audio = (model->traits & GEN_TRAIT_AUDIO) != 0,
                                  .duration_ms = 1000,
                                  .now = view->now};

    return view->policy == NULL ? NULL : gen_price_find(view->policy, &task);
}

static struct gen_node *models_pricing(struct gen_arena *arena, const struct gen_model_view *view)
{
    const struct gen_price *price = models_price(view);
    struct gen_node *map, *bulk;
    bool by_clip;

    if (price == NULL) {
        return gen_node_null(arena);
    }
    map = gen_node_map(arena);
    bulk = gen_node_list(arena);
    by_clip = price->per_second == 0 && price->per_clip > 0;
    for (size_t i = 0; i < price->bulk.count; i++) {
        const struct gen_price_bulk *row = &((const struct gen_price_bulk *)price->bulk.items)[i];
        struct gen_node *item = gen_node_push(bulk, gen_node_map(arena));

        gen_node_set(arena, item, "volume", gen_node_int(arena, row->seconds));
        gen_node_set(arena, item, "rate", gen_node_money(arena, row->per_second));
    }
    gen_node_set(arena, map, "baseRate",
                 gen_node_money(arena, by_clip ? price->per_clip : price->per_second));
    gen_node_set(arena, map, "bulkRates", bulk);
    gen_node_set(arena, map, "currency", gen_node_string(arena, view->policy->currency));
    gen_node_set(arena, map, "unit", gen_node_string(arena, by_clip ? "clip" : "second"));
    gen_node_set(arena, map, "estimate", gen_node_bool(arena, price->estimate));
    gen_node_set(arena, map, "source", gen_node_string(arena, price->source));
    return map;
}

/* ---------------------------------------------------------------------- performance and limits -- */

static int64_t models_count(const struct gen_model_view *view, int64_t count)
{
    return view->guest && count > GEN_MODELS_ENOUGH ? GEN_MODELS_ENOUGH : count;
}

static struct gen_node *models_estimates(struct gen_arena *arena, const struct gen_model_view *view)
{
    const struct gen_durations_score *score = &view->estimates;
    double judged = score->judged > 0 ? (double)score->judged : (double)NAN;
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "judged", gen_node_int(arena, models_count(view, score->judged)));
    gen_node_set(arena, map, "withinP50", models_figure(arena, (double)score->by_middle / judged));
    gen_node_set(arena, map, "withinP90", models_figure(arena, (double)score->by_late / judged));
    return map;
}

static struct gen_node *models_performance(struct gen_arena *arena,
                                           const struct gen_model_view *view)
{
    const struct gen_model_state *state = view->state;
    const struct gen_provider_model *row =
        view->policy == NULL ? NULL : gen_provider_model_of(view->policy, view->model->id);
    double speed = row != NULL && row->speed > 0 ? row->speed : view->model->seconds_per_second;
    double quality = row != NULL && row->quality > 0 ? row->quality : view->model->quality;
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "averageSpeed",
                 models_figure(arena, !isnan(state->speed) ? state->speed
                                      : speed > 0          ? speed
                                                           : (double)NAN));
    gen_node_set(arena, map, "successRate", models_figure(arena, state->success_rate));
    gen_node_set(arena, map, "qualityScore",
                 models_figure(arena, !isnan(state->quality) ? state->quality
                                      : quality > 0          ? quality
                                                             : (double)NAN));
    gen_node_set(arena, map, "uptime", models_figure(arena, view->provider->uptime_month));
    gen_node_set(arena, map, "attempts", gen_node_int(arena, models_count(view, state->attempts)));
    gen_node_set(arena, map, "priceError",
                 isnan(state->price_error) ? gen_node_null(arena)
                                           : gen_node_real(arena, state->price_error));
    gen_node_set(arena, map, "estimates", models_estimates(arena, view));
    return map;
}

/* "image/png video/quicktime" as ["png", "mov"]. */
static struct gen_node *models_formats(struct gen_arena *arena, const char *types)
{
    static const char *const names[][2] = {{"quicktime", "mov"}, {"jpeg", "jpg"}, {"mpeg", "mp3"}};
    struct gen_node *list = gen_node_list(arena);

    while (*types != '\0') {
        size_t size = strcspn(types, " ");
        const char *slash = memchr(types, '/', size);
        char *name = slash == NULL
                         ? NULL
                         : gen_arena_strndup(arena, slash + 1, (size_t)(types + size - slash - 1));
        const char *shown = name;

        for (size_t i = 0; name != NULL && i < GEN_COUNT(names); i++) {
            shown = strcmp(name, names[i][0]) == 0 ? names[i][1] : shown;
        }
        if (shown != NULL && !models_has(list, shown)) {
            gen_node_push(list, gen_node_string(arena, shown));
        }
        types += size + strspn(types + size, " ");
    }
    return list;
}

static struct gen_node *models_limits(struct gen_arena *arena, const struct gen_model *model)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "maxConcurrent", gen_node_int(arena, model->max_concurrent));
    gen_node_set(arena, map, "rateLimitPerMinute", gen_node_int(arena, model->rate_per_minute));
    gen_node_set(arena, map, "maxFileSize", gen_node_int(arena, model->max_asset_bytes));
    gen_node_set(arena, map, "supportedFormats", models_formats(arena, model->asset_types));
    gen_node_set(arena, map, "maxScenes", gen_node_int(arena, model->max_scenes));
    gen_node_set(arena, map, "maxAssets", gen_node_int(arena, model->max_assets));
    gen_node_set(arena, map, "maxPrompt", gen_node_int(arena, model->max_prompt));
    return map;
}

/* ------------------------------------------------------------------------------------- status -- */

static const char *models_status(const struct gen_model_view *view, const char **reason)
{
    const struct gen_provider_model *row =
        view->policy == NULL ? NULL : gen_provider_model_of(view->policy, view->model->id);

    *reason = "";
    if (row != NULL && row->end_of_life != 0 && view->now >= row->end_of_life) {
        *reason = "its end of life has come";
        return "retired";
    }
    if ((view->policy != NULL && !view->policy->enabled) || (row != NULL && !row->enabled)) {
        *reason = "the policies leave it out";
        return "disabled";
    }
    if (view->provider->unready != NULL) {
        *reason = view->provider->unready;
        return "unavailable";
    }
    *reason = view->provider->vitals.reason;
    return view->provider->vitals.state == GEN_VITALS_DOWN       ? "down"
           : view->provider->vitals.state == GEN_VITALS_DEGRADED ? "degraded"
                                                                 : "active";
}

struct gen_node *gen_models_document(struct gen_arena *arena, const struct gen_model_view *view)
{
    const struct gen_model *model = view->model;
    const struct gen_provider_model *row = view->policy == NULL
                                               ? NULL
                                               : gen_provider_model_of(view->policy, model->id);
    struct gen_node *map = gen_node_map(arena);
    const char *reason, *status = models_status(view, &reason);

    gen_node_set(
        arena, map, "modelId",
        gen_node_string(arena, gen_arena_printf(arena, "%s/%s", model->provider, model->id)));
    gen_node_set(arena, map, "provider", gen_node_string(arena, model->provider));
    gen_node_set(arena, map, "name", gen_node_string(arena, model->name));
    gen_node_set(arena, map, "tier",
                 gen_node_int(arena, row != NULL && row->tier > 0 ? row->tier : model->tier));
    gen_node_set(arena, map, "capabilities", models_capabilities(arena, view));
    gen_node_set(arena, map, "pricing", models_pricing(arena, view));
    gen_node_set(arena, map, "performance", models_performance(arena, view));
    gen_node_set(arena, map, "limits", models_limits(arena, model));
    gen_node_set(arena, map, "status", gen_node_string(arena, status));
    gen_node_set(arena, map, "statusReason", gen_document_text(arena, reason));
    gen_node_set(arena, map, "endOfLife",
                 gen_node_moment(arena, row != NULL ? row->end_of_life : 0));
    gen_node_set(arena, map, "replacement",
                 gen_node_string(arena, row != NULL ? row->replacement : NULL));
    gen_node_set(arena, map, "note", gen_node_string(arena, row != NULL ? row->note : NULL));
    gen_node_set(arena, map, "lastHealthCheck",
                 gen_node_moment(arena, view->provider->vitals.last_check));
    return map;
}

void gen_models_list(struct gen_call *call)
{
    const struct gen_service *service = call->service;
    const char *wanted = gen_exchange_query(call->exchange, "provider");
    const struct gen_policy_set *set = service->rules == NULL ? NULL
                                                              : gen_rulebook_set(service->rules);
    struct gen_node *page = gen_node_map(call->arena), *list = gen_node_list(call->arena);

    for (size_t i = 0; i < gen_loader_count(service->loader); i++) {
        const struct gen_hosted *hosted = gen_loader_at(service->loader, i);
        struct gen_engine_provider provider;
        struct gen_model_state state;
        struct gen_model_view view = {.state = &state,
                                      .provider = &provider,
                                      .guest = !gen_principal_of_house(&call->principal)};
        size_t count;
        const struct gen_model *models = gen_hosted_models(hosted, &count);

        if (wanted != NULL && strcmp(wanted, gen_hosted_id(hosted)) != 0) {
            continue;
        }
        gen_engine_provider(service->engine, hosted, call->principal.organization, call->arena,
                            &provider);
        view.policy = set == NULL ? NULL : gen_policy_provider(set, gen_hosted_id(hosted));
        view.now = gen_clock_now(service->clock);
        for (size_t k = 0; k < count; k++) {
            gen_engine_model(service->engine, &models[k], &state);
            gen_engine_judge(service->engine, models[k].provider, models[k].id, &view.estimates);
            view.model = &models[k];
            gen_node_push(list, gen_models_document(call->arena, &view));
        }
    }
    gen_node_set(call->arena, page, "models", list);
    gen_call_reply(call, 200, page);
}
