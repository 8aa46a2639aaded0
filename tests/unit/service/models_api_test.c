/* models_api_test.c - a model as the registry shows it: declared, corrected by the policies, measured. */
#include "service/models_api.h"

#include "base/json.h"
#include "unit/engine/provider_file.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

#define NOW INT64_C(1800000000000)

static const char file[] =
    "id: studio\n"
    "models:\n"
    "  m: {tier: 3, quality: 9.1, speed: 4, replacement: m, note: fine}\n"
    "  off: {enabled: false}\n"
    "  gone: {endOfLife: \"2026-01-01\", replacement: m}\n"
    "  needy: {needs: [avatar, lip_sync]}\n"
    "prices:\n"
    "  - {model: \"*\", perSecond: 0.05, bulk: [{seconds: 1000, perSecond: 0.045}], source: list}\n"
    "  - {model: clip, perClip: 0.4, estimate: true}\n";

static const int32_t sizes[][2] = {{1280, 720}, {720, 1280}, {1920, 1080}};

static struct gen_model model_of(const char *id)
{
    return (struct gen_model){.provider = "studio", .id = id, .name = "M", .tier = 2,
                              .needs = GEN_NEEDS_CINEMATIC, .min_duration_ms = 4000,
                              .max_duration_ms = 10000, .sizes = sizes, .size_count = 3,
                              .max_width = 1920, .max_height = 1920, .max_frame_rate = 30,
                              .asset_types = "image/png image/jpeg video/quicktime",
                              .max_asset_bytes = 500000000, .quality = 8, .seconds_per_second = 6};
}

static const struct gen_node *at(const struct gen_node *node, const char *path)
{
    return gen_node_find(node, path, NULL);
}

static const char *text_at(const struct gen_node *node, const char *path)
{
    return gen_node_text(at(node, path), "(none)");
}

Test(models_api, declared_corrected_measured)
{
    struct provider_file policy;
    struct gen_model model = model_of("m");
    struct gen_model_state state = gen_snapshot_model_state(&model);
    struct gen_engine_provider provider = {.uptime_month = -1,
                                           .vitals = {.state = GEN_VITALS_UNKNOWN, .reason = "",
                                                      .note = ""}};
    struct gen_model_view view = {.model = &model, .state = &state, .provider = &provider,
                                  .now = NOW};
    const struct gen_node *node;

    /* nothing but the plugin's word */
    provider_file_open(&policy, file);
    node = gen_models_document(policy.arena, &view);
    cr_expect(eq(i64, gen_node_integer(at(node, "tier"), 0), 2));
    cr_expect(eq(int, gen_node_type_of(at(node, "pricing")), GEN_NODE_NULL));
    cr_expect(epsilon_eq(dbl, gen_node_number(at(node, "performance.averageSpeed"), 0), 6, 1e-9));
    cr_expect(eq(int, gen_node_type_of(at(node, "performance.successRate")), GEN_NODE_NULL));
    cr_expect(eq(int, gen_node_type_of(at(node, "performance.uptime")), GEN_NODE_NULL));
    cr_expect(eq(str, (char *)gen_json_text(policy.arena, at(node, "capabilities.resolutions"), NULL),
                 "[\"720p\",\"1080p\"]"));
    cr_expect(eq(str, (char *)gen_json_text(policy.arena, at(node, "limits.supportedFormats"), NULL),
                 "[\"png\",\"jpg\",\"mov\"]"));
    /* with its policy file */
    view.policy = &policy.policy;
    node = gen_models_document(policy.arena, &view);
    cr_expect(eq(i64, gen_node_integer(at(node, "tier"), 0), 3));
    cr_expect(epsilon_eq(dbl, gen_node_number(at(node, "performance.averageSpeed"), 0), 4, 1e-9));
    cr_expect(epsilon_eq(dbl, gen_node_number(at(node, "performance.qualityScore"), 0), 9.1, 1e-9));
    cr_expect(eq(str, (char *)gen_json_text(policy.arena, at(node, "pricing"), NULL),
                 "{\"baseRate\":0.05,\"bulkRates\":[{\"volume\":1000,\"rate\":0.045}],"
                 "\"currency\":\"USD\",\"unit\":\"second\",\"estimate\":false,\"source\":\"list\"}"));
    cr_expect(eq(str, (char *)text_at(node, "note"), "fine"));
    /* measured */
    state.speed = 3.5;
    state.success_rate = 0.98;
    state.quality = 8.7;
    provider.uptime_month = 0.995;
    provider.vitals.last_check = NOW;
    node = gen_models_document(policy.arena, &view);
    cr_expect(epsilon_eq(dbl, gen_node_number(at(node, "performance.averageSpeed"), 0), 3.5, 1e-9));
    cr_expect(epsilon_eq(dbl, gen_node_number(at(node, "performance.qualityScore"), 0), 8.7, 1e-9));
    cr_expect(epsilon_eq(dbl, gen_node_number(at(node, "performance.uptime"), 0), 0.995, 1e-9));
    cr_expect(eq(str, (char *)text_at(node, "lastHealthCheck"), "2027-01-15T08:00:00.000Z"));
    provider_file_close(&policy);
}

struct standing {
    const char *model;
    const char *unready;
    enum gen_vitals_state state;
    const char *status, *reason;
};

Test(models_api, status)
{
    static const struct standing rows[] = {
        {"m", NULL, GEN_VITALS_HEALTHY, "active", "(none)"},
        {"m", NULL, GEN_VITALS_UNKNOWN, "active", "(none)"},
        {"m", NULL, GEN_VITALS_DEGRADED, "degraded", "5xx"},
        {"m", NULL, GEN_VITALS_DOWN, "down", "5xx"},
        {"m", "no key", GEN_VITALS_HEALTHY, "unavailable", "no key"},
        {"off", "no key", GEN_VITALS_DOWN, "disabled", "the policies leave it out"},
        {"gone", NULL, GEN_VITALS_HEALTHY, "retired", "its end of life has come"},
    };
    struct provider_file policy;

    provider_file_open(&policy, file);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_model model = model_of(rows[i].model);
        struct gen_model_state state = gen_snapshot_model_state(&model);
        bool ill = rows[i].state == GEN_VITALS_DEGRADED || rows[i].state == GEN_VITALS_DOWN;
        struct gen_engine_provider provider = {.uptime_month = -1, .unready = rows[i].unready,
                                               .vitals = {.state = rows[i].state, .note = "",
                                                          .reason = ill ? "5xx" : ""}};
        struct gen_model_view view = {.model = &model, .state = &state, .provider = &provider,
                                      .policy = &policy.policy, .now = NOW};
        const struct gen_node *node = gen_models_document(policy.arena, &view);

        cr_expect(eq(str, (char *)text_at(node, "status"), (char *)rows[i].status), "row %zu", i);
        cr_expect(eq(str, (char *)text_at(node, "statusReason"), (char *)rows[i].reason), "row %zu",
                  i);
    }
    provider_file_close(&policy);
}

/* Priced by the clip; needs as the policies correct them. */
Test(models_api, other_shapes)
{
    struct provider_file policy;
    struct gen_model clip = model_of("clip"), needy = model_of("needy");
    struct gen_model_state state = gen_snapshot_model_state(&clip);
    struct gen_engine_provider provider = {.uptime_month = -1, .vitals = {.reason = "", .note = ""}};
    struct gen_model_view view = {.model = &clip, .state = &state, .provider = &provider,
                                  .now = NOW};
    const struct gen_node *node;

    provider_file_open(&policy, file);
    view.policy = &policy.policy;
    node = gen_models_document(policy.arena, &view);
    cr_expect(eq(str, (char *)text_at(node, "pricing.unit"), "clip"));
    cr_expect(epsilon_eq(dbl, gen_node_number(at(node, "pricing.baseRate"), 0), 0.4, 1e-9));
    cr_expect(gen_node_truth(at(node, "pricing.estimate"), false));
    cr_expect(not(gen_node_truth(at(node, "capabilities.avatars"), true)));
    view.model = &needy;
    node = gen_models_document(policy.arena, &view);
    cr_expect(gen_node_truth(at(node, "capabilities.avatars"), false));
    cr_expect(gen_node_truth(at(node, "capabilities.lipSync"), false));
    cr_expect(gen_node_truth(at(node, "capabilities.backgrounds"), false)); /* it takes pictures */
    cr_expect(eq(str, (char *)gen_json_text(policy.arena, at(node, "capabilities.needs"), NULL),
                 "[\"avatar\",\"lip_sync\"]"));
    provider_file_close(&policy);
}

/* What is experienced is everybody's; how often tells how busy the others are. */
Test(models_api, guests_are_not_told_how_often)
{
    static const struct {
        int64_t attempts, shown;
        bool guest;
    } cases[] = {{500, 500, false}, {500, 20, true}, {20, 20, true}, {7, 7, true}};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_model model = model_of("m");
        struct gen_model_state state = gen_snapshot_model_state(&model);
        struct gen_engine_provider provider = {.uptime_month = -1,
                                               .vitals = {.state = GEN_VITALS_UNKNOWN, .reason = "",
                                                          .note = ""}};
        struct gen_model_view view = {.model = &model, .state = &state, .provider = &provider,
                                      .now = NOW, .guest = cases[i].guest,
                                      .estimates = {.judged = cases[i].attempts}};
        const struct gen_node *node;

        state.attempts = cases[i].attempts;
        node = gen_models_document(arena, &view);
        cr_expect(eq(i64, gen_node_integer(at(node, "performance.attempts"), -1), cases[i].shown));
        cr_expect(eq(i64, gen_node_integer(at(node, "performance.estimates.judged"), -1), cases[i].shown));
        gen_arena_destroy(arena);
    }
}
