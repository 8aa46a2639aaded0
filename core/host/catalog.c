/* catalog.c - see catalog.h. */
#include "host/catalog.h"

#include "host/checks.h"
#include "host/origin.h"

#include <inttypes.h>
#include <string.h>

enum {
    CATALOG_ID = 64,
    CATALOG_NAME = 128,
    CATALOG_MESSAGE = 400,
    CATALOG_SIDE = 16384,
    CATALOG_MANY = 1000000,
    CATALOG_PREFIX = 64,
    CATALOG_SCOPE = 1000,
    CATALOG_HINT = 300,
    CATALOG_LIFETIME_S = 24 * 3600,
};

#define CATALOG_LONGEST_MS (INT64_C(3600) * 1000)
#define CATALOG_NEEDS ((UINT32_C(1) << 11) - 1) /* bits that we know; later ones are ignored */
#define CATALOG_TRAITS ((UINT32_C(1) << 8) - 1)

static const char catalog_id[] = GEN_CHECKS_LOWER GEN_CHECKS_UPPER GEN_CHECKS_DIGITS "-._";

enum gen_status gen_catalog_verdict(int32_t verdict, const char *message, struct gen_arena *arena,
                                    struct gen_error *err)
{
    const char *words;

    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "it used up the memory of one call");
    }
    if (verdict == GEN_VERDICT_OK) {
        return GEN_OK;
    }
    words = gen_checks_words(arena, message, CATALOG_MESSAGE);
    if (words == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (verdict == GEN_VERDICT_REFUSED) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "%s",
                             words[0] != '\0' ? words : "refused without saying why");
    }
    if (verdict == GEN_VERDICT_BROKEN) {
        return gen_error_set(err, GEN_ECORRUPT, "the plugin reports a defect: %s",
                             words[0] != '\0' ? words : "it does not say which");
    }
    return gen_error_set(err, GEN_ECORRUPT, "it returned the unknown verdict %" PRId32, verdict);
}

/* The numbers of a model: member, least, most. */
struct catalog_number {
    const char *name;
    size_t offset;
    int32_t least, most;
};

#define CATALOG_NUMBER(member, least, most) \
    { \
#member, offsetof(struct gen_provider_model, member), least, most \
    }

static const struct catalog_number catalog_numbers[] = {
    CATALOG_NUMBER(tier, 1, 3),
    CATALOG_NUMBER(max_width, 16, CATALOG_SIDE),
    CATALOG_NUMBER(max_height, 16, CATALOG_SIDE),
    CATALOG_NUMBER(max_frame_rate, 1, 240),
    CATALOG_NUMBER(max_scenes, 1, 1000),
    CATALOG_NUMBER(max_prompt, 0, 1000000),
    CATALOG_NUMBER(max_assets, 0, 1000),
    CATALOG_NUMBER(max_concurrent, 0, CATALOG_MANY),
    CATALOG_NUMBER(rate_per_minute, 0, CATALOG_MANY),
    {NULL, 0, 0, 0},
};

static enum gen_status catalog_check_numbers(const struct gen_provider_model *model,
                                             struct gen_error *err)
{
    for (const struct catalog_number *row = catalog_numbers; row->name != NULL; row++) {
        int32_t value;

        memcpy(&value, (const char *)model + row->offset, sizeof(value));
        if (value < row->least || value > row->most) {
            return gen_error_set(err, GEN_ECORRUPT,
                                 "%s is %" PRId32 ", not within %" PRId32 " to %" PRId32, row->name,
                                 value, row->least, row->most);
        }
    }
    if (!gen_checks_range(model->quality, 0, 10)) {
        return gen_error_set(err, GEN_ECORRUPT, "quality is %g, not within 0 to 10",
                             model->quality);
    }
    if (!gen_checks_range(model->seconds_per_second, 0, CATALOG_MANY)) {
        return gen_error_set(err, GEN_ECORRUPT, "seconds_per_second is %g, not within 0 to 1000000",
                             model->seconds_per_second);
    }
    if (model->max_asset_bytes < 0) {
        return gen_error_set(err, GEN_ECORRUPT, "max_asset_bytes is negative");
    }
    if (model->max_scenes > 1 && (model->flags & GEN_MODEL_WHOLE_STORYBOARD) == 0) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "max_scenes is %" PRId32 " without GEN_MODEL_WHOLE_STORYBOARD",
                             model->max_scenes);
    }
    if ((model->flags & GEN_MODEL_COMPOSES) != 0 &&
        (model->flags & GEN_MODEL_WHOLE_STORYBOARD) == 0) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "GEN_MODEL_COMPOSES needs GEN_MODEL_WHOLE_STORYBOARD beside it");
    }
    return GEN_OK;
}

static enum gen_status catalog_check_durations(const struct gen_provider_model *model,
                                               struct gen_error *err)
{
    if (model->min_duration_ms < 1 || model->min_duration_ms > model->max_duration_ms ||
        model->max_duration_ms > CATALOG_LONGEST_MS) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "durations from %" PRId64 " to %" PRId64
                             " ms are no range within 1 ms to 1 hour",
                             model->min_duration_ms, model->max_duration_ms);
    }
    if (model->duration_count > GEN_CATALOG_LIST ||
        (model->durations_ms == NULL) != (model->duration_count == 0)) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "its list of durations has %zu entries%s, at most %d "
                             "are allowed",
                             model->duration_count,
                             model->durations_ms == NULL ? " and no array" : "", GEN_CATALOG_LIST);
    }
    for (size_t i = 0; i < model->duration_count; i++) {
        if (model->durations_ms[i] < model->min_duration_ms ||
            model->durations_ms[i] > model->max_duration_ms) {
            return gen_error_set(err, GEN_ECORRUPT,
                                 "durations_ms[%zu] is %" PRId64 ", outside its own range", i,
                                 model->durations_ms[i]);
        }
    }
    return GEN_OK;
}

static enum gen_status catalog_check_sizes(const struct gen_provider_model *model,
                                           struct gen_error *err)
{
    if (model->size_count > GEN_CATALOG_LIST ||
        (model->sizes == NULL) != (model->size_count == 0)) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "its list of sizes has %zu entries%s, at most %d are "
                             "allowed",
                             model->size_count, model->sizes == NULL ? " and no array" : "",
                             GEN_CATALOG_LIST);
    }
    if (model->size_count == 0 && (model->flags & GEN_MODEL_ANY_RATIO) == 0) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "it lists no sizes and has not GEN_MODEL_ANY_RATIO");
    }
    for (size_t i = 0; i < model->size_count; i++) {
        const struct gen_provider_size *size = &model->sizes[i];

        if (size->width < 16 || size->height < 16 || size->width > model->max_width ||
            size->height > model->max_height) {
            return gen_error_set(err, GEN_ECORRUPT,
                                 "sizes[%zu] is %" PRId32 "x%" PRId32
                                 ", outside 16x16 to its own maximum",
                                 i, size->width, size->height);
        }
    }
    return GEN_OK;
}

static enum gen_status catalog_check_texts(const struct gen_provider_model *model,
                                           struct gen_error *err)
{
    if (!gen_checks_text(model->name, CATALOG_NAME) || model->name[0] == '\0') {
        return gen_error_set(err, GEN_ECORRUPT, "its name is not 1 to %d bytes of UTF-8",
                             CATALOG_NAME);
    }
    if (!gen_checks_media_types(model->asset_types)) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "asset_types is not a list of media types with a space between them");
    }
    return GEN_OK;
}

/* Copies a model that was found in order. */
static enum gen_status catalog_take(const struct gen_provider_model *from, const char *provider,
                                    struct gen_arena *arena, struct gen_model *to)
{
    int64_t *durations = gen_arena_array(arena, from->duration_count, sizeof(*durations));
    int32_t(*sizes)[2] = gen_arena_array(arena, from->size_count, sizeof(*sizes));

    if (durations == NULL || sizes == NULL) {
        return GEN_ENOMEM;
    }
    for (size_t i = 0; i < from->duration_count; i++) {
        durations[i] = from->durations_ms[i];
    }
    for (size_t i = 0; i < from->size_count; i++) {
        sizes[i][0] = from->sizes[i].width;
        sizes[i][1] = from->sizes[i].height;
    }
    *to = (struct gen_model){
        .provider = provider,
        .id = gen_arena_strdup(arena, from->id),
        .name = gen_checks_words(arena, from->name, CATALOG_NAME),
        .needs = from->needs & CATALOG_NEEDS,
        .traits = from->flags & CATALOG_TRAITS,
        .tier = from->tier,
        .min_duration_ms = from->min_duration_ms,
        .max_duration_ms = from->max_duration_ms,
        .durations_ms = from->duration_count > 0 ? durations : NULL,
        .duration_count = from->duration_count,
        .sizes = (const int32_t(*)[2])sizes,
        .size_count = from->size_count,
        .max_width = from->max_width,
        .max_height = from->max_height,
        .max_frame_rate = from->max_frame_rate,
        .max_scenes = from->max_scenes,
        .max_prompt = from->max_prompt,
        .max_assets = from->max_assets,
        .max_asset_bytes = from->max_asset_bytes,
        .asset_types = gen_arena_strdup(arena, from->asset_types),
        .max_concurrent = from->max_concurrent,
        .rate_per_minute = from->rate_per_minute,
        .quality = from->quality,
        .seconds_per_second = from->seconds_per_second,
    };
    return gen_arena_failed(arena) ? GEN_ENOMEM : GEN_OK;
}

typedef enum gen_status catalog_check(const struct gen_provider_model *model,
                                      struct gen_error *err);

static catalog_check *const catalog_checks[] = {
    catalog_check_texts,
    catalog_check_numbers,
    catalog_check_durations,
    catalog_check_sizes,
};

static enum gen_status catalog_model(const struct gen_provider_capabilities *from, size_t index,
                                     const char *provider, struct gen_arena *arena,
                                     struct gen_catalog *out, struct gen_error *err)
{
    struct gen_provider_model model;
    enum gen_status status = GEN_OK;

    if (from->model_size == 0 ||
        !gen_checks_copy(&model, sizeof(model),
                         (const char *)from->models + index * from->model_size, from->model_size,
                         GEN_CHECKS_UPTO(struct gen_provider_model, seconds_per_second))) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "models[%zu] has no proper size: set its member "
                             "size, and model_size, to sizeof(struct gen_provider_model)",
                             index);
    }
    if (!gen_checks_name(model.id, CATALOG_ID, catalog_id)) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "models[%zu] has no proper id: 1 to %d letters, "
                             "digits, '-', '.', '_'",
                             index, CATALOG_ID);
    }
    for (size_t i = 0; i < out->model_count; i++) {
        if (strcmp(out->models[i].id, model.id) == 0) {
            return gen_error_set(err, GEN_ECORRUPT, "two models have the id \"%s\"", model.id);
        }
    }
    for (size_t i = 0; status == GEN_OK && i < GEN_COUNT(catalog_checks); i++) {
        status = catalog_checks[i](&model, err);
    }
    if (status != GEN_OK) {
        gen_error_within(err, "model \"%s\"", model.id);
        return status;
    }
    status = catalog_take(&model, provider, arena, &out->models[out->model_count]);
    out->model_count += status == GEN_OK;
    return status == GEN_OK ? status : gen_error_set(err, status, "out of memory");
}

/* Of both lists; a plugin's own are held to the contract, the policy's were written by people. */
static enum gen_status catalog_hosts(const char *const *own, const char *const *more,
                                     struct gen_arena *arena, struct gen_catalog *out,
                                     struct gen_error *err)
{
    const char *const *lists[] = {own, more};
    const char **hosts = gen_arena_array(arena, 2 * GEN_ORIGIN_HOSTS + 1, sizeof(*hosts));
    size_t total = 0;

    if (hosts == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t k = 0; k < GEN_COUNT(lists); k++) {
        enum gen_status wrong = k == 0 ? GEN_ECORRUPT : GEN_EINVAL;

        for (size_t i = 0; lists[k] != NULL && lists[k][i] != NULL; i++) {
            if (i == GEN_ORIGIN_HOSTS) {
                return gen_error_set(err, wrong, "%s more than %d hosts",
                                     k == 0 ? "it declares" : "its policy file names",
                                     GEN_ORIGIN_HOSTS);
            }
            if (!gen_origin_pattern(lists[k][i])) {
                return gen_error_set(err, wrong,
                                     "hosts[%zu]%s is not \"api.vendor.com\", "
                                     "\".vendor.com\" or one of these with a port",
                                     i, k == 0 ? "" : " of its policy file");
            }
            hosts[total++] = gen_arena_strdup(arena, lists[k][i]);
        }
    }
    out->hosts = total > 0 ? hosts : NULL;
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

/* ------------------------------------------------------------------------------ credentials -- */

static const char *catalog_text(const char *text)
{
    return text != NULL ? text : "";
}

static enum gen_status catalog_check_credential(const struct gen_provider_credential *from,
                                                const struct gen_catalog *catalog,
                                                struct gen_error *err)
{
    struct gen_origin origin;
    const char *why = NULL;

    if (from->scheme < GEN_SCHEME_HEADER || from->scheme > GEN_SCHEME_SERVICE_ACCOUNT) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "has the scheme %" PRId32 ", which this engine does not know; "
                             "update the engine",
                             from->scheme);
    }
    if (from->scheme == GEN_SCHEME_HEADER &&
        (!gen_checks_header_name(from->header) ||
         !gen_checks_header_value(catalog_text(from->prefix), CATALOG_PREFIX))) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "has no proper header: a token that a plugin may set, and at most %d "
                             "bytes of prefix",
                             CATALOG_PREFIX);
    }
    if (from->lifetime_s < 0 || from->lifetime_s > CATALOG_LIFETIME_S) {
        return gen_error_set(err, GEN_ECORRUPT, "lifetime_s is %" PRId64 ", not within 0 to %d",
                             from->lifetime_s, CATALOG_LIFETIME_S);
    }
    if (!gen_checks_header_value(catalog_text(from->scope), CATALOG_SCOPE)) {
        return gen_error_set(err, GEN_ECORRUPT, "has no proper scope");
    }
    if (catalog_text(from->token_url)[0] == '\0') {
        return GEN_OK;
    }
    if (!gen_origin_read(from->token_url, &origin, &why)) {
        return gen_error_set(err, GEN_ECORRUPT, "token_url: %s", why);
    }
    if (!gen_origin_declared(&origin, catalog->hosts)) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "token_url is at %s, which is not among the hosts that it declares",
                             origin.host);
    }
    return GEN_OK;
}

static enum gen_status catalog_credential(const struct gen_provider_credential *from,
                                          struct gen_arena *arena, struct gen_catalog *out,
                                          struct gen_hosted_credential *to, struct gen_error *err)
{
    enum gen_status status;

    if (!gen_checks_name(from->name, CATALOG_ID, GEN_CHECKS_LOWER GEN_CHECKS_DIGITS "-")) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "credentials[%zu] has no proper name: 1 to %d lower case letters, "
                             "digits, '-'",
                             out->credential_count, CATALOG_ID);
    }
    for (size_t i = 0; i < out->credential_count; i++) {
        if (strcmp(out->credentials[i].name, from->name) == 0) {
            return gen_error_set(err, GEN_ECORRUPT, "two credentials have the name \"%s\"",
                                 from->name);
        }
    }
    status = catalog_check_credential(from, out, err);
    if (status != GEN_OK) {
        gen_error_within(err, "credential \"%s\"", from->name);
        return status;
    }
    *to = (struct gen_hosted_credential){
        .signing = (enum gen_signing)from->scheme,
        .name = gen_arena_strdup(arena, from->name),
        .header = gen_arena_strdup(arena, catalog_text(from->header)),
        .prefix = gen_arena_strdup(arena, catalog_text(from->prefix)),
        .token_url = gen_arena_strdup(arena, catalog_text(from->token_url)),
        .scope = gen_arena_strdup(arena, catalog_text(from->scope)),
        .lifetime_s = from->lifetime_s > 0 ? from->lifetime_s : GEN_CREDENTIAL_LIFETIME_S,
        .hint = gen_checks_words(arena, from->hint, CATALOG_HINT),
    };
    out->credential_count++;
    return GEN_OK;
}

static enum gen_status catalog_credentials(const struct gen_provider_capabilities *from,
                                           struct gen_arena *arena, struct gen_catalog *out,
                                           struct gen_error *err)
{
    struct gen_hosted_credential *credentials;
    enum gen_status status = GEN_OK;

    if (from->credential_count > GEN_CREDENTIALS_MOST ||
        (from->credential_count > 0 && (from->credentials == NULL || from->credential_size == 0))) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "it declares %zu credentials of %" PRIu32 " bytes; at most %d are "
                             "allowed",
                             from->credential_count, from->credential_size, GEN_CREDENTIALS_MOST);
    }
    credentials = gen_arena_array(arena, from->credential_count, sizeof(*credentials));
    out->credentials = credentials;
    for (size_t i = 0; credentials != NULL && status == GEN_OK && i < from->credential_count; i++) {
        struct gen_provider_credential one;

        if (!gen_checks_copy(
                &one, sizeof(one), (const char *)from->credentials + i * from->credential_size,
                from->credential_size, GEN_CHECKS_UPTO(struct gen_provider_credential, hint))) {
            return gen_error_set(err, GEN_ECORRUPT,
                                 "credentials[%zu] has no proper size: set its member size, and "
                                 "credential_size, to sizeof(struct gen_provider_credential)",
                                 i);
        }
        status = catalog_credential(&one, arena, out, &credentials[i], err);
    }
    return status == GEN_OK && gen_arena_failed(arena)
               ? gen_error_set(err, GEN_ENOMEM, "out of memory")
               : status;
}

/* ------------------------------------------------------------------------------------------- */

static enum gen_status catalog_models(const struct gen_provider_capabilities *from,
                                      const char *provider, struct gen_arena *arena,
                                      struct gen_catalog *out, struct gen_error *err)
{
    enum gen_status status = GEN_OK;

    if (from->model_count == 0 || from->models == NULL) {
        return gen_error_set(err, GEN_ECORRUPT, "it offers no models");
    }
    if (from->model_count > GEN_CATALOG_MODELS) {
        return gen_error_set(err, GEN_ECORRUPT, "it offers %zu models, at most %d are allowed",
                             from->model_count, GEN_CATALOG_MODELS);
    }
    out->models = gen_arena_array(arena, from->model_count, sizeof(*out->models));
    if (out->models == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; status == GEN_OK && i < from->model_count; i++) {
        status = catalog_model(from, i, provider, arena, out, err);
    }
    return status;
}

enum gen_status gen_catalog_read(const struct gen_provider *provider, const void *self,
                                 const char *const *hosts, struct gen_arena *arena,
                                 struct gen_catalog *out, struct gen_error *err)
{
    struct gen_provider_capabilities from = {.size = sizeof(from)};
    const char *message = NULL;
    enum gen_status status;
    int32_t verdict;

    memset(out, 0, sizeof(*out));
    verdict = provider->capabilities(self, arena, &from, &message);
    status = gen_catalog_verdict(verdict, message, arena, err);
    if (status == GEN_OK) {
        status = catalog_models(&from, provider->id, arena, out, err);
    }
    if (status == GEN_OK) {
        status = catalog_hosts(from.hosts, hosts, arena, out, err);
    }
    if (status == GEN_OK) {
        status = catalog_credentials(&from, arena, out, err);
    }
    if (status != GEN_OK) {
        gen_error_within(err, "capabilities");
    }
    return status;
}
