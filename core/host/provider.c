/* provider.c - see provider.h. Each verb: build the task, call, judge the verdict, check what came
 * back. */
#include "host/provider.h"

#include "base/json.h"
#include "host/checks.h"
#include "host/customs.h"
#include "host/origin.h"
#include "host/plugin.h"

#include <inttypes.h>
#include <string.h>

enum {
    PROVIDER_PARAMETERS = 256 * 1024,
    PROVIDER_ADJUSTMENTS = 64,
    PROVIDER_WORDS = 400,
    PROVIDER_SIDE = 16384,
};

#define PROVIDER_LONGEST_MS (INT64_C(3600) * 1000)
#define PROVIDER_PRICE_MOST (INT64_C(1000000) * GEN_MICROS_PER_DOLLAR)

const char *gen_hosted_id(const struct gen_hosted *hosted)
{
    return hosted->provider.id;
}

const char *gen_hosted_name(const struct gen_hosted *hosted)
{
    return hosted->provider.name;
}

const char *gen_hosted_version(const struct gen_hosted *hosted)
{
    return hosted->provider.version;
}

const char *gen_hosted_path(const struct gen_hosted *hosted)
{
    return hosted->path;
}

const struct gen_model *gen_hosted_models(const struct gen_hosted *hosted, size_t *count)
{
    *count = hosted->catalog.model_count;
    return hosted->catalog.models;
}

const struct gen_model *gen_hosted_model(const struct gen_hosted *hosted, const char *id)
{
    for (size_t i = 0; id != NULL && i < hosted->catalog.model_count; i++) {
        if (strcmp(hosted->catalog.models[i].id, id) == 0) {
            return &hosted->catalog.models[i];
        }
    }
    return NULL;
}

const char *gen_hosted_program(const struct gen_hosted *hosted, const char *name)
{
    const struct gen_service_program *program = gen_services_program(&hosted->services, name);

    return program != NULL ? program->path : NULL;
}

static gen_provider_step_verb *provider_verb(const struct gen_hosted *hosted, enum gen_verb verb)
{
    switch (verb) {
    case GEN_VERB_SUBMIT:
        return hosted->provider.submit;
    case GEN_VERB_POLL:
        return hosted->provider.poll;
    case GEN_VERB_FETCH:
        return hosted->provider.fetch;
    case GEN_VERB_RECOVER:
        return hosted->recover;
    case GEN_VERB_CANCEL:
        return hosted->cancel;
    case GEN_VERB_HEALTH:
        return hosted->health;
    case GEN_VERB_NONE:
    default:
        return NULL;
    }
}

bool gen_hosted_can(const struct gen_hosted *hosted, enum gen_verb verb)
{
    return provider_verb(hosted, verb) != NULL;
}

const struct gen_hosted_credential *gen_hosted_credentials(const struct gen_hosted *hosted,
                                                           size_t *count)
{
    *count = hosted->catalog.credential_count;
    return hosted->catalog.credentials;
}

static const struct gen_hosted_credential *provider_credential(const struct gen_catalog *catalog,
                                                               const char *name)
{
    for (size_t i = 0; i < catalog->credential_count; i++) {
        if (strcmp(catalog->credentials[i].name, name) == 0) {
            return &catalog->credentials[i];
        }
    }
    return NULL;
}

const struct gen_hosted_credential *gen_hosted_credential(const struct gen_hosted *hosted,
                                                          const char *name)
{
    return provider_credential(&hosted->catalog, name);
}

const struct gen_hosted_credential *gen_hosted_credential_in(const struct gen_setup *setup,
                                                             const char *name)
{
    return setup == NULL ? NULL : provider_credential(&setup->catalog, name);
}

bool gen_hosted_loopback_http(const struct gen_hosted *hosted)
{
    return hosted->loopback_http;
}

bool gen_hosted_declares(const struct gen_hosted *hosted, const char *url)
{
    struct gen_origin origin;
    const char *why;

    return gen_origin_read(url, &origin, &why) &&
           gen_origin_declared(&origin, hosted->catalog.hosts);
}

const char *gen_hosted_trouble(const struct gen_hosted *hosted)
{
    return hosted->trouble;
}

struct gen_setup *gen_hosted_hold(const struct gen_hosted *hosted)
{
    return gen_setup_hold(hosted->setup);
}

void gen_hosted_leave(struct gen_setup **setup)
{
    gen_setup_leave(setup);
}

/* The one end of every verb: a failure gets the provider's and the verb's name. */
static enum gen_status provider_end(const struct gen_hosted *hosted, const char *verb,
                                    enum gen_status status, struct gen_error *why,
                                    struct gen_error *err)
{
    if (status != GEN_OK) {
        gen_error_within(why, "provider %s: %s", hosted->provider.id, verb);
        if (err != NULL) {
            *err = *why;
        }
    }
    return status;
}

static enum gen_status provider_task(const struct gen_hosted *hosted, const struct gen_task *task,
                                     struct gen_arena *arena, const struct gen_provider_task **out,
                                     struct gen_error *err)
{
    const struct gen_model *model = gen_hosted_model(hosted, task->model);

    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (model == NULL) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "there is no model \"%s\"",
                             task->model != NULL ? task->model : "");
    }
    return gen_task_build(task, model, arena, out, err);
}

/* ---------------------------------------------------------------------------------- format -- */

static enum gen_status provider_adjustments(const struct gen_provider_format *from,
                                            struct gen_arena *arena, struct gen_formatted *out,
                                            struct gen_error *err)
{
    static const struct {
        const char *key;
        size_t offset;
    } rows[] = {
        {"field", offsetof(struct gen_provider_adjustment, field)},
        {"from", offsetof(struct gen_provider_adjustment, from)},
        {"to", offsetof(struct gen_provider_adjustment, to)},
        {"reason", offsetof(struct gen_provider_adjustment, reason)},
    };

    out->adjustments = gen_node_list(arena);
    if (from->adjustment_count > PROVIDER_ADJUSTMENTS ||
        (from->adjustment_count > 0 && (from->adjustments == NULL || from->adjustment_size == 0))) {
        return gen_error_set(err, GEN_ECORRUPT, "its %zu adjustments are more than %d, or no array",
                             from->adjustment_count, PROVIDER_ADJUSTMENTS);
    }
    for (size_t i = 0; i < from->adjustment_count; i++) {
        struct gen_node *map = gen_node_map(arena);
        struct gen_provider_adjustment one;

        if (!gen_checks_copy(
                &one, sizeof(one), (const char *)from->adjustments + i * from->adjustment_size,
                from->adjustment_size, GEN_CHECKS_UPTO(struct gen_provider_adjustment, reason))) {
            return gen_error_set(err, GEN_ECORRUPT, "adjustments[%zu] has no proper size", i);
        }
        for (size_t row = 0; map != NULL && row < GEN_COUNT(rows); row++) {
            const char *text;

            memcpy(&text, (const char *)&one + rows[row].offset, sizeof(text));
            gen_node_set(arena, map, rows[row].key,
                         gen_node_string(arena, gen_checks_words(arena, text, PROVIDER_WORDS)));
        }
        gen_node_push(out->adjustments, map);
    }
    return GEN_OK;
}

static enum gen_status provider_recipe(const struct gen_provider_recipe *from, size_t index,
                                       size_t asset_count, struct gen_recipe *to,
                                       struct gen_error *err)
{
    if (from->asset < 0 || (size_t)from->asset >= asset_count) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "recipes[%zu] is for asset %" PRId32 ", the task has %zu", index,
                             from->asset, asset_count);
    }
    if (from->max_width < 0 || from->max_height < 0 || from->max_bytes < 0 || from->min_width < 0 ||
        from->min_height < 0 || from->max_duration_ms < 0 ||
        (from->media_type != NULL && from->media_type[0] != '\0' &&
         !gen_checks_media_type(from->media_type))) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "recipes[%zu] has a negative number or no proper "
                             "media type",
                             index);
    }
    *to = (struct gen_recipe){
        .asset = (size_t)from->asset,
        .media_type = from->media_type != NULL ? from->media_type : "",
        .max_width = from->max_width,
        .max_height = from->max_height,
        .max_bytes = from->max_bytes,
        .min_width = from->min_width,
        .min_height = from->min_height,
        .max_duration_ms = from->max_duration_ms,
    };
    if ((to->max_width > 0 && to->min_width > to->max_width) ||
        (to->max_height > 0 && to->min_height > to->max_height)) {
        return gen_error_set(err, GEN_ECORRUPT, "recipes[%zu] wants a size that there is not",
                             index);
    }
    return GEN_OK;
}

static enum gen_status provider_recipes(const struct gen_provider_format *from, size_t asset_count,
                                        struct gen_arena *arena, struct gen_formatted *out,
                                        struct gen_error *err)
{
    struct gen_recipe *recipes;
    enum gen_status status = GEN_OK;

    if (from->recipe_count > asset_count ||
        (from->recipe_count > 0 && (from->recipes == NULL || from->recipe_size == 0))) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "its %zu recipes are more than the %zu assets, or no "
                             "array",
                             from->recipe_count, asset_count);
    }
    recipes = gen_arena_array(arena, from->recipe_count, sizeof(*recipes));
    for (size_t i = 0; recipes != NULL && status == GEN_OK && i < from->recipe_count; i++) {
        struct gen_provider_recipe one;

        if (!gen_checks_copy(&one, sizeof(one), (const char *)from->recipes + i * from->recipe_size,
                             from->recipe_size,
                             GEN_CHECKS_UPTO(struct gen_provider_recipe, max_bytes))) {
            return gen_error_set(err, GEN_ECORRUPT, "recipes[%zu] has no proper size", i);
        }
        status = provider_recipe(&one, i, asset_count, &recipes[i], err);
    }
    out->recipes = recipes;
    out->recipe_count = from->recipe_count;
    return status;
}

/* Sound and length: what a price depends on beside the size. */
static enum gen_status provider_take_length(const struct gen_provider_format *from,
                                            const struct gen_model *model,
                                            struct gen_formatted *out, struct gen_error *err)
{
    if (from->most_duration_ms != 0 && (from->most_duration_ms < from->duration_ms ||
                                        from->most_duration_ms > PROVIDER_LONGEST_MS)) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "its most_duration_ms is %" PRId64 ", its duration_ms %" PRId64,
                             from->most_duration_ms, from->duration_ms);
    }
    out->duration_ms = from->duration_ms;
    out->most_duration_ms = from->most_duration_ms != 0 ? from->most_duration_ms
                                                        : from->duration_ms;
    out->audio = from->audio == 1 || (from->audio != 2 && (model->traits & GEN_TRAIT_AUDIO) != 0);
    return GEN_OK;
}

static enum gen_status provider_take_format(const struct gen_provider_format *from,
                                            const struct gen_provider_task *task,
                                            const struct gen_model *model, struct gen_arena *arena,
                                            struct gen_formatted *out, struct gen_error *err)
{
    size_t size = 0;
    enum gen_status status;

    memset(out, 0, sizeof(*out));
    if (from->width < 1 || from->width > PROVIDER_SIDE || from->height < 1 ||
        from->height > PROVIDER_SIDE || from->frame_rate_milli < 1000 ||
        from->frame_rate_milli > 240000 || from->duration_ms < 1 ||
        from->duration_ms > PROVIDER_LONGEST_MS) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "it promises a video of %" PRId32 "x%" PRId32 " at %" PRId32
                             "/1000 frames per second and %" PRId64 " ms, which is none",
                             from->width, from->height, from->frame_rate_milli, from->duration_ms);
    }
    if (from->parameters != NULL && gen_node_type_of(from->parameters) != GEN_NODE_MAP) {
        return gen_error_set(err, GEN_ECORRUPT, "its parameters are %s, not a map",
                             gen_node_type_word(from->parameters->type));
    }
    status = provider_adjustments(from, arena, out, err);
    status = status == GEN_OK ? provider_recipes(from, task->asset_count, arena, out, err) : status;
    if (status != GEN_OK) {
        return status;
    }
    out->parameters = from->parameters != NULL ? gen_json_text(arena, from->parameters, &size)
                                               : "{}";
    if (gen_arena_failed(arena) || out->parameters == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (size > PROVIDER_PARAMETERS) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "its parameters are %zu bytes, at most %d are "
                             "allowed",
                             size, PROVIDER_PARAMETERS);
    }
    out->width = from->width;
    out->height = from->height;
    out->frame_rate_milli = from->frame_rate_milli;
    return provider_take_length(from, model, out, err);
}

enum gen_status gen_hosted_format(const struct gen_hosted *hosted, const struct gen_task *task,
                                  struct gen_arena *arena, struct gen_formatted *out,
                                  struct gen_error *err)
{
    struct gen_provider_format from = {.size = sizeof(from)};
    const struct gen_provider_task *asked = NULL;
    const char *message = NULL;
    struct gen_error why = {0};
    enum gen_status status = provider_task(hosted, task, arena, &asked, &why);

    if (status == GEN_OK) {
        int32_t verdict;

        gen_mark_enter(hosted->mark, GEN_MARK_FORMAT);
        verdict = hosted->provider.format(hosted->self, asked, arena, &from, &message);
        gen_mark_leave(hosted->mark);
        status = gen_catalog_verdict(verdict, message, arena, &why);
    }
    if (status == GEN_OK) {
        status = provider_take_format(&from, asked, gen_hosted_model(hosted, task->model), arena,
                                      out, &why);
    }
    return provider_end(hosted, "format", status, &why, err);
}

/* ------------------------------------------------------------------------------------ cost -- */

static enum gen_status provider_take_cost(const struct gen_provider_cost *from,
                                          struct gen_arena *arena, struct gen_priced *out,
                                          struct gen_error *err)
{
    memset(out, 0, sizeof(*out));
    out->basis = gen_checks_words(arena, from->basis, PROVIDER_WORDS);
    if (out->basis == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (from->known == 0) {
        return GEN_OK;
    }
    if (from->price_micros < 0 || from->most_micros < from->price_micros ||
        from->most_micros > PROVIDER_PRICE_MOST) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "a price of %" PRId64 " and at most %" PRId64
                             " micro-dollars is none (0 <= price <= most <= %" PRId64 ")",
                             from->price_micros, from->most_micros, PROVIDER_PRICE_MOST);
    }
    out->known = true;
    out->exact = from->exact != 0;
    out->price = from->price_micros;
    out->most = from->most_micros;
    return GEN_OK;
}

enum gen_status gen_hosted_cost(const struct gen_hosted *hosted, const struct gen_task *task,
                                const struct gen_node *price, struct gen_arena *arena,
                                struct gen_priced *out, struct gen_error *err)
{
    struct gen_provider_cost from = {.size = sizeof(from)};
    const struct gen_provider_task *asked = NULL;
    const char *message = NULL;
    struct gen_error why = {0};
    enum gen_status status = provider_task(hosted, task, arena, &asked, &why);

    if (status == GEN_OK) {
        int32_t verdict;

        gen_mark_enter(hosted->mark, GEN_MARK_COST);
        verdict = hosted->provider.cost(hosted->self, asked, price, arena, &from, &message);
        gen_mark_leave(hosted->mark);
        status = gen_catalog_verdict(verdict, message, arena, &why);
    }
    if (status == GEN_OK) {
        status = provider_take_cost(&from, arena, out, &why);
    }
    return provider_end(hosted, "cost", status, &why, err);
}

/* ----------------------------------------------------------------------------------- steps -- */

static enum gen_status provider_ask_step(const struct gen_hosted *hosted, enum gen_verb verb,
                                         const struct gen_provider_task *asked,
                                         const struct gen_reply *reply, struct gen_arena *arena,
                                         struct gen_step *out, struct gen_error *err)
{
    static const enum gen_mark_of calls[] = {
        [GEN_VERB_SUBMIT] = GEN_MARK_SUBMIT, [GEN_VERB_POLL] = GEN_MARK_POLL,
        [GEN_VERB_FETCH] = GEN_MARK_FETCH,   [GEN_VERB_RECOVER] = GEN_MARK_RECOVER,
        [GEN_VERB_CANCEL] = GEN_MARK_CANCEL, [GEN_VERB_HEALTH] = GEN_MARK_HEALTH,
    };
    struct gen_provider_step from = {
        .size = sizeof(from),
        .progress_ppm = -1,
        .queue_position = -1,
    };
    const struct gen_provider_answer *answer = reply != NULL ? gen_step_answer(reply, arena) : NULL;
    const char *message = NULL;
    enum gen_status status;
    int32_t verdict;

    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_mark_enter(hosted->mark, calls[verb]);
    verdict = provider_verb(hosted, verb)(hosted->self, asked, answer, arena, &from, &message);
    gen_mark_leave(hosted->mark);
    status = gen_catalog_verdict(verdict, message, arena, err);
    return status == GEN_OK ? gen_customs_step(hosted, verb, asked, &from, arena, out, err)
                            : status;
}

enum gen_status gen_hosted_step(const struct gen_hosted *hosted, enum gen_verb verb,
                                const struct gen_task *task, const struct gen_reply *reply,
                                struct gen_arena *arena, struct gen_step *out,
                                struct gen_error *err)
{
    const struct gen_provider_task *asked = NULL;
    struct gen_error why = {0};
    enum gen_status status;

    if (!gen_hosted_can(hosted, verb)) {
        status = gen_error_set(&why, GEN_EUNSUPPORTED, "the plugin has not this power");
    } else if (verb == GEN_VERB_HEALTH) {
        status = gen_task_build_bare(task, arena, &asked, &why);
    } else {
        status = provider_task(hosted, task, arena, &asked, &why);
    }
    if (status == GEN_OK) {
        status = provider_ask_step(hosted, verb, asked, reply, arena, out, &why);
    }
    return provider_end(hosted, gen_verb_word(verb), status, &why, err);
}
