/* providers_api.c - see providers_api.h. */
#include "service/providers_api.h"

#include "host/loader.h"
#include "model/registry.h"
#include "store/document.h"

static struct gen_node *model_capabilities(struct gen_arena *arena, const struct gen_model *model)
{
    struct gen_node *map = gen_node_map(arena), *needs = gen_node_list(arena);
    struct gen_node *durations = gen_node_list(arena), *sizes = gen_node_list(arena);

    for (int bit = 0; bit < 32; bit++) {
        uint32_t need = model->needs & (UINT32_C(1) << bit);
        const char *word = need != 0 ? gen_needs_word(need) : NULL;

        if (word != NULL) {
            gen_node_push(needs, gen_node_string(arena, word));
        }
    }
    for (size_t i = 0; i < model->duration_count; i++) {
        gen_node_push(durations, gen_document_seconds(arena, model->durations_ms[i]));
    }
    for (size_t i = 0; i < model->size_count; i++) {
        gen_node_push(sizes, gen_document_size(arena, model->sizes[i][0], model->sizes[i][1]));
    }
    gen_node_set(arena, map, "needs", needs);
    gen_node_set(arena, map, "minDuration", gen_document_seconds(arena, model->min_duration_ms));
    gen_node_set(arena, map, "maxDuration", gen_document_seconds(arena, model->max_duration_ms));
    gen_node_set(arena, map, "durations", durations);
    gen_node_set(arena, map, "resolutions", sizes);
    gen_node_set(arena, map, "maxResolution",
                 gen_document_size(arena, model->max_width, model->max_height));
    gen_node_set(arena, map, "maxFrameRate", gen_node_int(arena, model->max_frame_rate));
    gen_node_set(arena, map, "anyRatio",
                 gen_node_bool(arena, (model->traits & GEN_TRAIT_ANY_RATIO) != 0));
    gen_node_set(arena, map, "audio", gen_node_bool(arena, (model->traits & GEN_TRAIT_AUDIO) != 0));
    gen_node_set(arena, map, "wholeStoryboard",
                 gen_node_bool(arena, (model->traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0));
    return map;
}

static struct gen_node *model_limits(struct gen_arena *arena, const struct gen_model *model)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "maxConcurrent", gen_node_int(arena, model->max_concurrent));
    gen_node_set(arena, map, "rateLimitPerMinute", gen_node_int(arena, model->rate_per_minute));
    gen_node_set(arena, map, "maxScenes", gen_node_int(arena, model->max_scenes));
    gen_node_set(arena, map, "maxAssets", gen_node_int(arena, model->max_assets));
    gen_node_set(arena, map, "maxAssetSize", gen_node_int(arena, model->max_asset_bytes));
    gen_node_set(arena, map, "assetTypes", gen_document_text(arena, model->asset_types));
    return map;
}

struct gen_node *gen_providers_model(struct gen_arena *arena, const struct gen_model *model)
{
    struct gen_node *map = gen_node_map(arena), *performance = gen_node_map(arena);

    gen_node_set(
        arena, map, "modelId",
        gen_node_string(arena, gen_arena_printf(arena, "%s/%s", model->provider, model->id)));
    gen_node_set(arena, map, "provider", gen_node_string(arena, model->provider));
    gen_node_set(arena, map, "name", gen_node_string(arena, model->name));
    gen_node_set(arena, map, "tier", gen_node_int(arena, model->tier));
    gen_node_set(arena, map, "capabilities", model_capabilities(arena, model));
    gen_node_set(arena, performance, "averageSpeed",
                 gen_node_real(arena, model->seconds_per_second));
    gen_node_set(arena, performance, "qualityScore", gen_node_real(arena, model->quality));
    gen_node_set(arena, map, "performance", performance);
    gen_node_set(arena, map, "limits", model_limits(arena, model));
    gen_node_set(arena, map, "status", gen_node_string(arena, "active"));
    return map;
}

static struct gen_node *provider_node(struct gen_arena *arena, const struct gen_hosted *hosted)
{
    struct gen_node *map = gen_node_map(arena), *list = gen_node_list(arena);
    size_t count = 0;
    const struct gen_model *models = gen_hosted_models(hosted, &count);

    gen_node_set(arena, map, "provider", gen_node_string(arena, gen_hosted_id(hosted)));
    gen_node_set(arena, map, "name", gen_node_string(arena, gen_hosted_name(hosted)));
    gen_node_set(arena, map, "version", gen_node_string(arena, gen_hosted_version(hosted)));
    gen_node_set(arena, map, "path", gen_node_string(arena, gen_hosted_path(hosted)));
    for (size_t i = 0; i < count; i++) {
        gen_node_push(list, gen_providers_model(arena, &models[i]));
    }
    gen_node_set(arena, map, "models", list);
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
        gen_node_push(loaded, provider_node(arena, gen_loader_at(loader, i)));
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
