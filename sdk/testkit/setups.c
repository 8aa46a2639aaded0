/* setups.c - see setups.h. */
#include "setups.h"

#include "leaks.h"
#include "platform/json_reader.h"

#include <stdio.h>
#include <string.h>

struct setups { /* one configuration, made again and again */
    struct report *report;
    const struct gen_hosted *hosted;
    const struct gen_node *settings;
};

/* What people may write, or have written for another version. */
static const char *const setups_odd[] = {
    "{\"baseUrl\":7,\"tokenUrl\":[],\"storageUrl\":{},\"models\":\"all\"}",
    "{\"baseUrl\":\"\",\"models\":{\"a\":{\"like\":7},\"b\":null,\"\":[]}}",
    "{\"baseUrl\":\"ftp://\\u0000\\ud83d\\ude80\",\"models\":[[[[]]]],\"x\":1e308}",
    "{\"models\":{\"new\":{\"like\":\"nothing-that-there-is\"}}}",
    "{}",
};

static enum gen_status setups_make(const struct setups *setups, struct gen_setup **out,
                                   struct gen_error *err)
{
    struct gen_setup_terms terms = {.settings = setups->settings};

    report_called(setups->report, REPORT_CAPABILITIES, 1);
    if (setups->hosted->provider.configure != NULL) {
        report_called(setups->report, REPORT_CONFIGURE, 1);
    }
    if (setups->hosted->provider.extension != NULL) {
        report_called(setups->report, REPORT_EXTENSION, GEN_SETUP_POWERS);
    }
    return gen_setup_create(&setups->hosted->provider, &terms, NULL, out, err);
}

static void setups_repeat(void *context)
{
    struct gen_setup *setup = NULL;
    struct gen_error err = {0};

    (void)!setups_make(context, &setup, &err);
    gen_setup_leave(&setup);
}

/* ---------------------------------------------------------------------------------- the same -- */

static const char *setups_model(const struct gen_model *model, struct gen_arena *arena)
{
    const char *text = gen_arena_printf(
        arena, "%s/%s/%s %x %x %d %lld-%lld %dx%d@%d %d %d %d %lld %d %d %g %g", model->id,
        model->name, model->asset_types, model->needs, model->traits, model->tier,
        (long long)model->min_duration_ms, (long long)model->max_duration_ms, model->max_width,
        model->max_height, model->max_frame_rate, model->max_scenes, model->max_prompt,
        model->max_assets, (long long)model->max_asset_bytes, model->max_concurrent,
        model->rate_per_minute, model->quality, model->seconds_per_second);

    for (size_t i = 0; text != NULL && i < model->duration_count; i++) {
        text = gen_arena_printf(arena, "%s %lld", text, (long long)model->durations_ms[i]);
    }
    for (size_t i = 0; text != NULL && i < model->size_count; i++) {
        text = gen_arena_printf(arena, "%s %dx%d", text, model->sizes[i][0], model->sizes[i][1]);
    }
    return text;
}

/* All that a configured plugin says of itself, from the given model on; NULL past the last. */
static const char *setups_line(const struct gen_setup *setup, size_t line, struct gen_arena *arena)
{
    const struct gen_catalog *catalog = &setup->catalog;
    const char *text = "";

    if (line < catalog->model_count) {
        return setups_model(&catalog->models[line], arena);
    }
    line -= catalog->model_count;
    if (line < catalog->credential_count) {
        const struct gen_hosted_credential *one = &catalog->credentials[line];

        return gen_arena_printf(arena, "%s %d %s %s %s %s %lld", one->name, (int)one->signing,
                                one->header, one->prefix, one->token_url, one->scope,
                                (long long)one->lifetime_s);
    }
    if (line > catalog->credential_count) {
        return NULL;
    }
    for (size_t i = 0; text != NULL && catalog->hosts != NULL && catalog->hosts[i] != NULL; i++) {
        text = gen_arena_printf(arena, "%s %s", text, catalog->hosts[i]);
    }
    return gen_arena_printf(arena, "%s %d%d%d", text, setup->recover != NULL, setup->cancel != NULL,
                            setup->health != NULL);
}

static void setups_compare(const struct setups *setups, const struct gen_setup *one,
                           const struct gen_setup *other)
{
    struct gen_arena *arena = gen_arena_create(0);
    bool more = arena != NULL;

    for (size_t i = 0; more; i++) {
        const char *first = setups_line(one, i, arena), *second = setups_line(other, i, arena);

        more = first != NULL && second != NULL;
        if (more ? strcmp(first, second) != 0 : first != second && !gen_arena_failed(arena)) {
            report_finding(setups->report,
                           "the same settings make two different providers (chance, or something "
                           "kept between calls)");
            more = false;
        }
    }
    gen_arena_destroy(arena);
}

/* A name that nobody has given to a power must not get one. */
static void setups_unknown(const struct setups *setups, const void *self)
{
    const struct gen_provider *provider = &setups->hosted->provider;

    if (provider->extension != NULL) {
        report_called(setups->report, REPORT_EXTENSION, 2);
        if (provider->extension(self, "gen.nothing-of-this-name/1") != NULL ||
            provider->extension(self, "") != NULL) {
            report_finding(setups->report, "it hands out an extension by a name that there is not; "
                                           "compare the whole id");
        }
    }
}

bool setups_try(struct report *report, const struct gen_hosted *hosted,
                const struct gen_node *settings, struct gen_hosted *other)
{
    struct setups setups = {report, hosted, settings};
    struct gen_setup *setup = NULL;
    struct gen_arena *arena;
    struct gen_error err = {0};

    *other = *hosted;
    if (gen_plugin_dormant(hosted)) {
        return true;
    }
    report_phase(report, "configure, capabilities, extension");
    if (setups_make(&setups, &setup, &err) != GEN_OK) {
        report_finding(report, "the second time it answers in another way: %s", err.message);
        return false;
    }
    setups_compare(&setups, hosted->setup, setup);
    setups_unknown(&setups, hosted->self);
    other->setup = NULL;
    gen_plugin_wear(other, setup);
    (void)leaks_look(report, LEAKS_QUICK, setups_repeat, &setups);
    arena = gen_arena_create(0);
    for (size_t i = 0; arena != NULL && i < GEN_COUNT(setups_odd); i++) {
        report_phase(report, "configure, capabilities, extension with odd settings (%.60s)",
                     setups_odd[i]);
        if (gen_json_read(setups_odd[i], strlen(setups_odd[i]), NULL, arena, &setups.settings,
                          &err) == GEN_OK) {
            /* It may well refuse them. */
            (void)leaks_look(report, LEAKS_QUICK, setups_repeat, &setups);
        }
    }
    gen_arena_destroy(arena);
    return true;
}
