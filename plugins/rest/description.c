/* description.c - see description.h. Reading first, section by section; then what needs the
 * whole. */
#include "description.h"

#include "exchange.h"
#include "models.h"
#include "outcomes.h"
#include "path.h"
#include "sections.h"
#include "template.h"

/* ---------------------------------------------------------------------- credential and hosts -- */

static const struct kit_choice schemes[] = {
    {"bearer", GEN_SCHEME_BEARER}, {"header", GEN_SCHEME_HEADER}, {NULL, 0}};

static const struct reading_field credential_fields[] = {
    {.key = "scheme",
     .shape = READING_WORD,
     .required = 1,
     .offset = offsetof(struct gen_provider_credential, scheme),
     .choices = schemes},
    {.key = "header",
     .shape = READING_TEXT,
     .offset = offsetof(struct gen_provider_credential, header)},
    {.key = "prefix",
     .shape = READING_TEXT,
     .offset = offsetof(struct gen_provider_credential, prefix)},
    {.key = "hint",
     .shape = READING_TEXT,
     .offset = offsetof(struct gen_provider_credential, hint)},
    {0}};

static void read_credential(struct reading *reading, const struct gen_node *node, const char *at,
                            void *to)
{
    struct gen_provider_credential *credential = reading_alloc(reading, sizeof(*credential));
    int header;

    if (credential == NULL) {
        return;
    }
    credential->size = sizeof(*credential);
    credential->name = REST_CREDENTIAL;
    credential->header = credential->prefix = credential->token_url = "";
    credential->scope = credential->hint = "";
    reading_map(reading, node, at, credential_fields, credential);
    header = credential->header[0] != '\0';
    if (reading->wrong == NULL && header != (credential->scheme == GEN_SCHEME_HEADER)) {
        reading_wrong(reading, reading_under(reading, at, "header"),
                      header ? "only the scheme header has one"
                             : "the scheme header needs the header's name");
    }
    *(const struct gen_provider_credential **)to = credential;
}

static void read_hosts(struct reading *reading, const struct gen_node *node, const char *at,
                       void *to)
{
    const char *const *words = reading_words(reading, node, at);
    const char **hosts = to;
    size_t i;

    for (i = 0; words != NULL && words[i] != NULL; i++) {
        if (i == REST_HOSTS || strchr(words[i], '/') != NULL || strchr(words[i], '@') != NULL) {
            reading_wrong(reading, at,
                          "at most 16 hosts like api.vendor.com or .vendor.com are wanted here");
            return;
        }
        hosts[i] = words[i];
    }
}

static void read_base(struct reading *reading, const struct gen_node *node, const char *at,
                      void *to)
{
    const char *url = reading->kit.host->json_text(node, "");
    const char *copy = kit_is_link(url) ? READING_SAY(reading, "%s", url) : NULL;
    size_t length = copy != NULL ? strlen(copy) : 0;

    if (copy == NULL) {
        reading_wrong(reading, at, "an http or https URL is wanted here");
        return;
    }
    while (length > 0 && copy[length - 1] == '/') {
        length--;
    }
    *(const char **)to = kit_or(READING_SAY(reading, "%.*s", (int)length, copy), "");
}

/* ------------------------------------------------------------------------------------- whole -- */

static const struct reading_field picture_fields[] = {
    {.key = "types", .shape = READING_WORDS, .offset = 0},
    {.key = "maxBytes", .shape = READING_INTEGER, .offset = 8, .least = 1, .most = 1e12},
    {.key = "maxSide", .shape = READING_INTEGER, .offset = 16, .least = 16, .most = 16384},
    {.key = "minSide", .shape = READING_INTEGER, .offset = 24, .least = 1, .most = 16384},
    {0}};

struct picture_keys {
    const char *const *types;
    int64_t bytes, most_side, least_side;
};
_Static_assert(offsetof(struct picture_keys, bytes) == 8 &&
                   offsetof(struct picture_keys, most_side) == 16 &&
                   offsetof(struct picture_keys, least_side) == 24,
               "the table above has other offsets");

static void read_picture(struct reading *reading, const struct gen_node *node, const char *at,
                         void *to)
{
    struct rest *rest = to;
    struct picture_keys keys = {NULL, 0, 0, 0};
    size_t i;

    reading_map(reading, node, at, picture_fields, &keys);
    rest->picture.bytes = keys.bytes;
    rest->picture.most_side = keys.most_side;
    rest->picture.least_side = keys.least_side;
    for (i = 0; keys.types != NULL && keys.types[i] != NULL; i++) {
        if (strncmp(keys.types[i], "image/", 6) != 0 || strchr(keys.types[i], ' ') != NULL) {
            reading_wrong(reading, reading_under(reading, at, "types"),
                          "media types like image/png are wanted here");
        }
        rest->picture.types = kit_or(READING_SAY(reading, "%s%s%s",
                                                 i > 0 ? rest->picture.types : "", i > 0 ? " " : "",
                                                 keys.types[i]),
                                     "");
    }
}

#define REST(member) offsetof(struct rest, member)

static const struct reading_field fields[] = {
    {.key = "baseUrl",
     .shape = READING_PART,
     .required = 1,
     .offset = REST(base),
     .part = read_base},
    {.key = "storageUrl", .shape = READING_PART, .offset = REST(storage), .part = read_base},
    {.key = "hosts", .shape = READING_PART, .offset = REST(hosts), .part = read_hosts},
    {.key = "credential",
     .shape = READING_PART,
     .offset = REST(credential),
     .part = read_credential},
    {.key = "models", .shape = READING_PART, .required = 1, .part = models_read},
    {.key = "picture", .shape = READING_PART, .part = read_picture},
    {.key = "upload", .shape = READING_PART, .part = sections_upload},
    {.key = "submit", .shape = READING_PART, .required = 1, .part = sections_submit},
    {.key = "poll", .shape = READING_PART, .required = 1, .part = outcomes_poll},
    {.key = "fetch", .shape = READING_PART, .required = 1, .part = sections_fetch},
    {.key = "cancel", .shape = READING_PART, .part = sections_cancel},
    {.key = "recover", .shape = READING_PART, .part = sections_recover},
    {.key = "health", .shape = READING_PART, .part = sections_health},
    {.key = "envelope", .shape = READING_PART, .part = outcomes_envelope},
    {.key = "errors", .shape = READING_PART, .part = outcomes_errors},
    {.key = "message", .shape = READING_PATHS, .offset = REST(message)},
    {.key = "code", .shape = READING_PATHS, .offset = REST(code)},
    {0}};

/* Where credentials may go: the addresses, then `hosts`. */
static void join_hosts(struct reading *reading, struct rest *rest)
{
    const char *own[2] = {rest->base, rest->storage};
    size_t count = 0, i;

    while (rest->hosts[count] != NULL) {
        count++;
    }
    for (i = 0; i < 2; i++) {
        if (own[i] != NULL && own[i][0] != '\0') {
            rest->hosts[count++] = kit_or(kit_authority(&reading->kit, own[i]), "");
        }
    }
}

/* A key must not cross the network in the clear. */
static void check_clear(struct reading *reading, const struct rest *rest, const char *url,
                        const char *at)
{
    if (rest->credential != NULL && url[0] != '\0' && !exchange_own(&reading->kit, rest, url)) {
        reading_wrong(reading, at,
                      "with a credential, plain http is only for this machine (127.0.0.1, "
                      "localhost): use https, or no credential");
    }
}

static void check_whole(struct reading *reading, struct rest *rest)
{
    uint32_t others = 0;
    size_t i;

    check_clear(reading, rest, rest->base, "baseUrl");
    check_clear(reading, rest, rest->storage, "storageUrl");
    for (i = 0; i < rest->upload_count; i++) {
        exchange_check(reading, rest, &rest->uploads[i].exchange, NAMES_TASK | NAMES_UPLOAD, i,
                       &others);
    }
    exchange_check(reading, rest, &rest->submit.exchange, NAMES_TASK | NAMES_UPLOAD,
                   rest->upload_count, &rest->sends);
    exchange_check(reading, rest, &rest->poll.exchange, NAMES_TASK | NAMES_HANDLE, 0, &others);
    exchange_check(reading, rest, &rest->fetch.exchange, NAMES_TASK | NAMES_HANDLE, 0, &others);
    for (i = 0; i < rest->cancel_count; i++) {
        exchange_check(reading, rest, &rest->cancels[i], NAMES_TASK | NAMES_HANDLE, 0, &others);
    }
    for (i = 0; i < rest->lookup_count; i++) {
        exchange_check(reading, rest, &rest->lookups[i].exchange, NAMES_TASK, 0, &others);
    }
    exchange_check(reading, rest, &rest->health, 0, 0, &others);
    sections_check(reading, rest);
}

static struct rest *read_whole(struct reading *reading, const struct gen_node *settings)
{
    struct rest *rest = reading_alloc(reading, sizeof(*rest));

    if (rest == NULL) {
        return NULL;
    }
    rest->base = rest->storage = "";
    rest->picture.types = "image/png image/jpeg image/webp";
    rest->picture.bytes = INT64_C(10) * 1024 * 1024;
    reading_map(reading, settings, "", fields, rest);
    if (reading->wrong == NULL && !reading->broken) {
        join_hosts(reading, rest);
        check_whole(reading, rest);
        models_offer(reading, rest);
    }
    return rest;
}

int32_t description_read(const struct kit *kit, const struct gen_node *settings,
                         const struct rest **out, const char **message)
{
    struct reading reading = {*kit, NULL, 0};
    const struct gen_node *copy = kit->host->json_copy(kit->arena, settings);

    if (kit->host->json_get(settings, "models") == NULL &&
        kit->host->json_get(settings, "submit") == NULL) {
        *message = "rest serves only through provider files that say `plugin: rest` and describe a "
                   "provider under `settings:` (plugins/rest/README.md)";
        return GEN_VERDICT_REFUSED;
    }
    if (copy == NULL) {
        return kit_broken(message);
    }
    *out = read_whole(&reading, copy);
    if (reading.broken) {
        return kit_broken(message);
    }
    *message = reading.wrong;
    return reading.wrong == NULL ? GEN_VERDICT_OK : GEN_VERDICT_REFUSED;
}

const struct rest_model *description_model(const struct rest *rest, const char *id)
{
    size_t i;

    for (i = 0; i < rest->model_count; i++) {
        if (kit_same(rest->models[i].id, id)) {
            return &rest->models[i];
        }
    }
    return NULL;
}
