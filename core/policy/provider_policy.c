/* provider_policy.c - see provider_policy.h. */
#include "policy/provider_policy.h"

#include "policy/policy_problem.h"

#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

static const struct gen_field model_fields[] = {
    {.key = "tier",
     .type = GEN_FIELD_INT,
     FIELD(gen_provider_model, tier),
     .min = 0,
     .max = 3,
     .preset = "0",
     .help = "1 fast and cheap, 2 balanced, 3 premium; 0 = what the plugin says."},
    {.key = "quality",
     .type = GEN_FIELD_REAL,
     FIELD(gen_provider_model, quality),
     .min = 0,
     .max = 10,
     .preset = "0",
     .help = "Declared quality; 0 = what the plugin says."},
    {.key = "speed",
     .type = GEN_FIELD_REAL,
     FIELD(gen_provider_model, speed),
     .min = 0,
     .max = 10000,
     .preset = "0",
     .help = "Seconds of waiting for one second of video; 0 = what the plugin says."},
    {.key = "needs",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_provider_model, needs),
     .min = 1,
     .max = 32,
     .help = "What it can do; what the plugin says by default."},
    {.key = "endOfLife",
     .type = GEN_FIELD_MOMENT,
     FIELD(gen_provider_model, end_of_life),
     .help = "Switched off at, \"2026-10-22\"; no job is sent there any more."},
    {.key = "replacement",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_provider_model, replacement),
     .help = "Model of this file that takes its place."},
    {.key = "like",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_provider_model, like),
     .min = 1,
     .max = 64,
     .help = "A model that came after the plugin: id of the one it is asked for like."},
    {.key = "enabled",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_provider_model, enabled),
     .preset = "true",
     .help = "false leaves it out."},
    {.key = "note", .type = GEN_FIELD_TEXT, FIELD(gen_provider_model, note), .help = "For people."},
    {0}};

static const struct gen_record model_record = {
    .name = "model",
    .size = sizeof(struct gen_provider_model),
    .fields = model_fields,
    .help = "What is known of a model beside what its plugin says."};

static const struct gen_field limit_fields[] = {{.key = "parallel",
                                                 .type = GEN_FIELD_INT,
                                                 FIELD(gen_provider_limits, parallel),
                                                 .min = 0,
                                                 .max = 100000,
                                                 .preset = "0",
                                                 .help = "Generations at once."},
                                                {.key = "perMinute",
                                                 .type = GEN_FIELD_INT,
                                                 FIELD(gen_provider_limits, per_minute),
                                                 .min = 0,
                                                 .max = 1000000,
                                                 .preset = "0",
                                                 .help = "Requests."},
                                                {.key = "perDay",
                                                 .type = GEN_FIELD_INT,
                                                 FIELD(gen_provider_limits, per_day),
                                                 .min = 0,
                                                 .max = 10000000,
                                                 .preset = "0",
                                                 .help = "Generations."},
                                                {.key = "fileBytes",
                                                 .type = GEN_FIELD_INT,
                                                 FIELD(gen_provider_limits, file_bytes),
                                                 .min = 0,
                                                 .max = INT64_C(1000000000000),
                                                 .preset = "0",
                                                 .help = "Of one uploaded file."},
                                                {0}};

static const struct gen_record limits_record = {
    .name = "provider limits",
    .size = sizeof(struct gen_provider_limits),
    .fields = limit_fields,
    .help = "0 = what the plugin says; the lower holds."};

static const struct gen_field credential_fields[] = {
    {.key = "credential",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_provider_credential, credential),
     .min = 1,
     .max = 100,
     .help = "Its name in the credential store; never the secret itself."},
    {0}};

/* A secret in a policy file would end in a version history. */
static enum gen_status check_credential(void *object, const struct gen_node *node,
                                        struct gen_arena *arena, struct gen_error *err)
{
    const char *name = ((const struct gen_provider_credential *)object)->credential;
    size_t plain = strspn(name,
                          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    (void)node;
    (void)arena;
    if (name[plain] != '\0' || strlen(name) > 40) {
        return gen_error_set(
            err, GEN_EINVAL,
            "this must be the name of a stored credential (letters, digits, . _ -, "
            "at most 40), never the secret itself");
    }
    return GEN_OK;
}

static const struct gen_record credential_record = {
    .name = "credential",
    .size = sizeof(struct gen_provider_credential),
    .fields = credential_fields,
    .short_key = "credential",
    .check = check_credential,
    .help = "By the role that the plugin names, for example `key`."};

#define COLUMN(name, member, text) \
    { \
        .key = name, .type = GEN_FIELD_TEXT, FIELD(gen_provider_invoice, member), .min = 1, \
        .max = 200, .help = text \
    }

static const struct gen_field invoice_fields[] = {
    COLUMN("id", id, "The provider's own id of the generation."),
    COLUMN("reference", reference, "What we sent along: the id of our attempt."),
    COLUMN("model", model, "The model."),
    COLUMN("seconds", seconds, "How much was made, in seconds."),
    COLUMN("amount", amount, "What it cost; less than 0 is a credit."),
    COLUMN("currency", currency, "Of the amount; without such a column, `currency` of this file."),
    COLUMN("at", at, "When: RFC 3339, a date, or seconds since 1970."),
    {.key = "tolerance",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_provider_invoice, tolerance),
     .min = 0,
     .max = 100 * GEN_MICROS_PER_DOLLAR,
     .preset = "0.01",
     .help = "A difference of so much is none."},
    {0}};

const struct gen_record gen_provider_invoice_record = {
    .name = "invoice",
    .size = sizeof(struct gen_provider_invoice),
    .fields = invoice_fields,
    .help =
        "Where things stand in its export of usage; what is left out is guessed from the names."};

static const struct gen_field provider_fields[] = {
    {.key = "id",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_provider_policy, id),
     .min = 1,
     .max = 40,
     .help = "As the file is called."},
    {.key = "name",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_provider_policy, name),
     .help = "For people."},
    {.key = "enabled",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_provider_policy, enabled),
     .preset = "true",
     .help = "false leaves all its models out."},
    {.key = "hosts",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_provider_policy, hosts),
     .min = 0,
     .max = 50,
     .help = "Hosts that get its credentials, beside those of the plugin."},
    {.key = "baseUrl",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_provider_policy, base_url),
     .help = "Where its API is, when not where the plugin says: a gateway, a region."},
    {.key = "tokenUrl",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_provider_policy, token_url),
     .help = "Where access tokens are fetched."},
    {.key = "storageUrl",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_provider_policy, storage_url),
     .help = "Where it puts and gets files."},
    {.key = "plugin",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_provider_policy, plugin),
     .help = "The plugin that serves this provider where it is not the one of the same id: `rest` "
             "makes a provider out of `settings`; `runway` here is a second account there."},
    {.key = "allowLoopbackHttp",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_provider_policy, allow_loopback_http),
     .preset = "false",
     .help = "http:// to this machine is allowed: a simulator, a local server."},
    {.key = "credentials",
     .type = GEN_FIELD_NAMED,
     FIELD(gen_provider_policy, credentials),
     .min = 0,
     .max = 20,
     .record = &credential_record,
     .help = "By role, by name."},
    {.key = "limits",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_provider_policy, limits),
     .record = &limits_record,
     .help = "What it takes at once and in a time."},
    {.key = "models",
     .type = GEN_FIELD_NAMED,
     FIELD(gen_provider_policy, models),
     .min = 0,
     .max = 500,
     .record = &model_record,
     .help = "Its models by id."},
    {.key = "currency",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_provider_policy, currency),
     .preset = "USD",
     .help = "Of the prices; USD is the only one so far."},
    {.key = "prices",
     .type = GEN_FIELD_RECORDS,
     FIELD(gen_provider_policy, prices),
     .min = 0,
     .max = 1000,
     .record = &gen_price_record,
     .help = "The price book."},
    {.key = "invoice",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_provider_policy, invoice),
     .record = &gen_provider_invoice_record,
     .help = "How its export of usage is read (gen invoice import)."},
    {.key = "settings",
     .type = GEN_FIELD_NODE,
     FIELD(gen_provider_policy, settings),
     .help = "Handed to the plugin as it is."},
    {.key = "source",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_provider_policy, source),
     .help = "Where all this was read, and when."},
    {0}};

/* https://host..., or http:// on loopback where that is allowed. */
static enum gen_status check_url(const struct gen_provider_policy *provider,
                                 const struct gen_node *node, const char *key, const char *url,
                                 struct gen_error *err)
{
    static const char *const loopback[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};

    if (url == NULL || (strncmp(url, "https://", 8) == 0 && url[8] != '\0' && url[8] != '/')) {
        return GEN_OK;
    }
    for (size_t i = 0; i < GEN_COUNT(loopback); i++) {
        size_t size = strlen(loopback[i]);

        if (strncmp(url, loopback[i], size) == 0 && strchr(":/", url[size]) != NULL) {
            return provider->allow_loopback_http
                       ? GEN_OK
                       : gen_policy_problem_at(
                             node, key, err,
                             "http:// to this machine needs allowLoopbackHttp: true");
        }
    }
    return gen_policy_problem_at(node, key, err, "must begin with https://");
}

static enum gen_status check_base_url(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_provider_policy *provider = object;

    (void)arena;
    return check_url(provider, node, "baseUrl", provider->base_url, err);
}

static enum gen_status check_token_url(void *object, const struct gen_node *node,
                                       struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_provider_policy *provider = object;

    (void)arena;
    return check_url(provider, node, "tokenUrl", provider->token_url, err);
}

static enum gen_status check_storage_url(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_provider_policy *provider = object;

    (void)arena;
    return check_url(provider, node, "storageUrl", provider->storage_url, err);
}

static enum gen_status check_currency(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_provider_policy *provider = object;

    (void)arena;
    return strcmp(provider->currency, "USD") == 0
               ? GEN_OK
               : gen_policy_problem_at(node, "currency", err,
                                       "prices are in USD; convert them and say so "
                                       "in `source`");
}

static enum gen_status check_provider(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    struct gen_provider_policy *provider = object;

    (void)arena;
    (void)err;
    provider->document = node;
    return GEN_OK;
}

static const struct gen_record_rule provider_rules[] = {
    {"baseUrl allowLoopbackHttp", check_base_url},
    {"tokenUrl allowLoopbackHttp", check_token_url},
    {"storageUrl allowLoopbackHttp", check_storage_url},
    {"currency", check_currency},
    {NULL, NULL}};

const struct gen_record gen_provider_record = {
    .name = "provider",
    .size = sizeof(struct gen_provider_policy),
    .fields = provider_fields,
    .check = check_provider,
    .rules = provider_rules,
    .help = "What ops know of a provider: prices, limits, hosts, credentials, ends of life."};

const struct gen_provider_model *gen_provider_model_of(const struct gen_provider_policy *provider,
                                                       const char *model)
{
    const struct gen_provider_model *models = provider->models.items;

    for (size_t i = 0; i < provider->models.count; i++) {
        if (strcmp(models[i].named.name, model) == 0) {
            return &models[i];
        }
    }
    return NULL;
}

const struct gen_price *gen_price_find(const struct gen_provider_policy *provider,
                                       const struct gen_price_task *task)
{
    return gen_price_pick(&provider->prices, task);
}
