/* provider_policy.c - see provider_policy.h. */
#include "policy/provider_policy.h"

#include "policy/access_policy.h"

#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)
#define MOST_MONEY INT64_C(1000000000000) /* a million dollars */

const struct gen_choice gen_with_audio_choices[] = {
    {"any", GEN_AUDIO_ANY, "sound makes no difference"},
    {"with", GEN_AUDIO_WITH, "only with sound"},
    {"without", GEN_AUDIO_WITHOUT, "only without"},
    {NULL, 0, NULL}};

static const struct gen_field bulk_fields[] = {{.key = "seconds",
                                                .type = GEN_FIELD_INT,
                                                .flags = GEN_FIELD_REQUIRED,
                                                FIELD(gen_price_bulk, seconds),
                                                .min = 1,
                                                .max = INT64_C(1000000000),
                                                .help = "Bought this month before."},
                                               {.key = "perSecond",
                                                .type = GEN_FIELD_MONEY,
                                                .flags = GEN_FIELD_REQUIRED,
                                                FIELD(gen_price_bulk, per_second),
                                                .min = 0,
                                                .max = MOST_MONEY,
                                                .help = "Dollars then."},
                                               {0}};

static const struct gen_record bulk_record = {.name = "bulk rate",
                                              .size = sizeof(struct gen_price_bulk),
                                              .fields = bulk_fields,
                                              .help = "A lower price after some volume."};

static enum gen_status price_wrong(const struct gen_node *node, const char *key,
                                   struct gen_error *err, const char *message)
{
    const struct gen_node *place = gen_node_get(node, key);

    gen_error_set(err, GEN_EINVAL, "%s", message);
    gen_error_place(err, NULL, place != NULL ? place->line : node->line,
                    place != NULL ? place->column : node->column, key);
    return GEN_EINVAL;
}

static enum gen_status check_price_any(void *object, const struct gen_node *node,
                                       struct gen_arena *arena, struct gen_error *err)
{
    struct gen_price *price = object;

    (void)arena;
    price->line = node->line;
    price->column = node->column;
    if (gen_node_get(node, "perSecond") == NULL && gen_node_get(node, "perClip") == NULL) {
        return gen_error_set(err, GEN_EINVAL, "the row has no price; give it perSecond or perClip");
    }
    return GEN_OK;
}

static enum gen_status check_price_resolution(void *object, const struct gen_node *node,
                                              struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_price *price = object;

    (void)arena;
    return price->resolution != NULL &&
                   gen_choice_value(gen_resolution_choices, price->resolution) < 0
               ? price_wrong(node, "resolution", err, "must be 480p, 720p, 1080p, 1440p or 4k")
               : GEN_OK;
}

static enum gen_status check_price_dates(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_price *price = object;

    (void)arena;
    return price->until != 0 && price->until <= price->from
               ? price_wrong(node, "until", err, "the row ends before it begins")
               : GEN_OK;
}

static enum gen_status check_price_bulk(void *object, const struct gen_node *node,
                                        struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_price *price = object;
    const struct gen_price_bulk *bulk = price->bulk.items;

    (void)arena;
    for (size_t i = 0; i < price->bulk.count; i++) {
        gen_micros before = i > 0 ? bulk[i - 1].per_second : price->per_second;

        if ((i > 0 && bulk[i].seconds <= bulk[i - 1].seconds) || bulk[i].per_second > before) {
            return price_wrong(node, "bulk", err,
                               "bulk rates stand in rising order of seconds, and get cheaper");
        }
    }
    return GEN_OK;
}

static const struct gen_record_rule price_rules[] = {{"perSecond perClip", check_price_any},
                                                     {"resolution", check_price_resolution},
                                                     {"from until", check_price_dates},
                                                     {"bulk perSecond", check_price_bulk},
                                                     {NULL, NULL}};

static const struct gen_field price_fields[] = {
    {.key = "model",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_price, model),
     .min = 1,
     .max = 100,
     .preset = "*",
     .help = "Id without the provider, \"veo-3.1-*\" or \"*\"."},
    {.key = "resolution",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_price, resolution),
     .help = "480p, 720p, 1080p, 1440p or 4k; any when left out."},
    {.key = "audio",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_price, audio),
     .choices = gen_with_audio_choices,
     .preset = "any",
     .help = "With sound or without."},
    {.key = "from",
     .type = GEN_FIELD_MOMENT,
     FIELD(gen_price, from),
     .help = "In force from, \"2026-11-01\" (UTC); always when left out."},
    {.key = "until",
     .type = GEN_FIELD_MOMENT,
     FIELD(gen_price, until),
     .help = "No longer in force at this time."},
    {.key = "perSecond",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_price, per_second),
     .min = 0,
     .max = MOST_MONEY,
     .preset = "0",
     .help = "Dollars a second of video."},
    {.key = "perClip",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_price, per_clip),
     .min = 0,
     .max = MOST_MONEY,
     .preset = "0",
     .help = "Dollars a call, beside perSecond."},
    {.key = "clip",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_price, clip_ms),
     .min = 0,
     .max = 3600000,
     .preset = "0",
     .help = "perClip buys so much; 0 = any length."},
    {.key = "step",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_price, step_ms),
     .min = 0,
     .max = 3600000,
     .preset = "0",
     .help = "Time is billed in started steps; 0 = exactly."},
    {.key = "minimum",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_price, minimum),
     .min = 0,
     .max = MOST_MONEY,
     .preset = "0",
     .help = "Dollars that a call costs at least."},
    {.key = "bulk",
     .type = GEN_FIELD_RECORDS,
     FIELD(gen_price, bulk),
     .min = 0,
     .max = 20,
     .record = &bulk_record,
     .help = "Lower prices after some volume, in place of perSecond."},
    {.key = "estimate",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_price, estimate),
     .preset = "false",
     .help = "The bill may differ: a margin is held on top."},
    {.key = "source",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_price, source),
     .help = "Where it was read, and when."},
    {0}};

static const struct gen_record price_record = {
    .name = "price",
    .size = sizeof(struct gen_price),
    .fields = price_fields,
    .rules = price_rules,
    .help = "Of the rows in force the one that says most about the model, then about the "
            "resolution, then about sound; of equals the one with the latest `from`."};

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
     .min = 0,
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
     .record = &price_record,
     .help = "The price book."},
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
                       : price_wrong(node, key, err,
                                     "http:// to this machine needs allowLoopbackHttp: true");
        }
    }
    return price_wrong(node, key, err, "must begin with https://");
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
               : price_wrong(node, "currency", err,
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

const char *gen_price_resolution(int32_t width, int32_t height)
{
    int32_t side = width < height ? width : height;
    int32_t length = width < height ? height : width;
    const struct gen_choice *row = gen_resolution_choices;

    /* 21:9 and the like: the long side counts where it is longer than 16:9 makes it. */
    while (row[1].word != NULL &&
           (side > row->value || (int64_t)length * 9 > (int64_t)(row->value + 2) * 16)) {
        row++;
    }
    return row->word;
}

/* How much a row says about the task, -1 when it is not about it. */
static int price_rank(const struct gen_price *price, const struct gen_price_task *task)
{
    size_t size = strlen(price->model);
    bool open = size > 0 && price->model[size - 1] == '*';
    int rank;

    if (task->now < price->from || (price->until != 0 && task->now >= price->until)) {
        return -1;
    }
    if (open ? strncmp(price->model, task->model, size - 1) != 0
             : strcmp(price->model, task->model) != 0) {
        return -1;
    }
    rank = open ? (int)(size - 1) * 4 : 4000;
    if (price->resolution != NULL) {
        if (strcmp(price->resolution, gen_price_resolution(task->width, task->height)) != 0) {
            return -1;
        }
        rank += 2;
    }
    if (price->audio != GEN_AUDIO_ANY) {
        rank += (price->audio == GEN_AUDIO_WITH) == task->audio ? 1 : -10000;
    }
    return rank < 0 ? -1 : rank;
}

const struct gen_price *gen_price_find(const struct gen_provider_policy *provider,
                                       const struct gen_price_task *task)
{
    const struct gen_price *prices = provider->prices.items, *best = NULL;
    int most = -1;

    for (size_t i = 0; i < provider->prices.count; i++) {
        int rank = price_rank(&prices[i], task);

        if (rank > most || (rank == most && rank >= 0 && prices[i].from > best->from)) {
            best = &prices[i];
            most = rank;
        }
    }
    return best;
}

enum gen_status gen_price_of(const struct gen_price *price, const struct gen_price_task *task,
                             gen_micros *out, struct gen_error *err)
{
    const struct gen_price_bulk *bulk = price->bulk.items;
    gen_micros rate = price->per_second, seconds = 0, clips = 0, sum;
    int64_t ms = task->duration_ms, count = 1;

    for (size_t i = 0; i < price->bulk.count && task->volume_s >= bulk[i].seconds; i++) {
        rate = bulk[i].per_second;
    }
    if (price->step_ms > 0 && ms % price->step_ms != 0) {
        ms += price->step_ms - ms % price->step_ms;
    }
    if (price->clip_ms > 0 && ms > price->clip_ms) {
        count = (ms + price->clip_ms - 1) / price->clip_ms;
    }
    if (!gen_money_scale(&seconds, rate, ms, 1000) ||
        !gen_money_mul(&clips, price->per_clip, count) || !gen_money_add(&sum, seconds, clips)) {
        return gen_error_set(err, GEN_EOVERFLOW, "the price does not fit");
    }
    *out = sum > price->minimum ? sum : price->minimum;
    return GEN_OK;
}
