/* sections.c - see sections.h. */
#include "sections.h"

#include "exchange.h"
#include "outcomes.h"
#include "path.h"
#include "template.h"

/* ------------------------------------------------------------------------------------- taken -- */

static void take_one(struct reading *reading, struct rest_taken *taken, const char *name,
                     const struct gen_node *node, const char *at)
{
    const char *value = reading->kit.host->json_text(node, ""), *why = NULL;

    if (taken->count == REST_NAMES) {
        reading_wrong(reading, at, "at most 16 values are taken from an answer");
        return;
    }
    if (strstr(value, "${") == NULL && !path_fits(value, &why)) {
        reading_wrong(reading, at, why);
    }
    taken->names[taken->count] = name;
    taken->values[taken->count++] = value;
}

/* A path, or a map of names to paths. */
static void read_taken(struct reading *reading, const struct gen_node *node, const char *at,
                       void *to)
{
    const struct gen_host *host = reading->kit.host;
    struct rest_taken *taken = to;
    size_t count = host->json_count(node), i;

    if (host->json_type(node) == GEN_JSON_STRING) {
        taken->single = 1;
        take_one(reading, taken, "handle", node, at);
        return;
    }
    if (host->json_type(node) != GEN_JSON_MAP || count == 0) {
        reading_wrong(reading, at, "a path, or a map of names to paths, is wanted here");
    }
    for (i = 0; i < count && host->json_type(node) == GEN_JSON_MAP; i++) {
        const struct gen_node *item = host->json_at(node, i);

        take_one(reading, taken, host->json_key(item), item,
                 reading_under(reading, at, host->json_key(item)));
    }
}

static void check_taken(struct reading *reading, const struct rest *rest,
                        const struct rest_taken *taken, uint32_t scopes, const char *at)
{
    struct template_place place = {.reading = reading, .rest = rest, .scopes = scopes | NAMES_ITEM};
    size_t i;

    for (i = 0; i < taken->count; i++) {
        if (strstr(taken->values[i], "${") != NULL) {
            template_check_text(&place, taken->values[i],
                                taken->single ? at : reading_under(reading, at, taken->names[i]));
        }
    }
}

/* ------------------------------------------------------------------------- upload and submit -- */

static const struct reading_field upload_fields[] = {EXCHANGE_FIELDS(1),
                                                     {.key = "take",
                                                      .shape = READING_PART,
                                                      .offset = offsetof(struct rest_upload, take),
                                                      .part = read_taken},
                                                     {0}};

void sections_upload(struct reading *reading, const struct gen_node *node, const char *at, void *to)
{
    const struct gen_host *host = reading->kit.host;
    struct rest *rest = to;
    size_t count = host->json_count(node), i;

    if (host->json_type(node) != GEN_JSON_LIST || count > REST_UPLOADS) {
        reading_wrong(reading, at, "a list of at most 8 requests is wanted here");
        return;
    }
    for (i = 0; i < count; i++) {
        struct rest_upload *upload = &rest->uploads[i];
        const char *where = reading_index(reading, at, i);

        upload->exchange = exchange_usual(where, REST_POST);
        reading_map(reading, host->json_at(node, i), where, upload_fields, upload);
        if (upload->take.single) {
            reading_wrong(reading, reading_under(reading, where, "take"),
                          "a map of names to paths is wanted here");
        }
    }
    rest->upload_count = count;
}

static const struct reading_field submit_fields[] = {
    EXCHANGE_FIELDS(1),
    {.key = "handle",
     .shape = READING_PART,
     .required = 1,
     .offset = offsetof(struct rest_submit, handle),
     .part = read_taken},
    {0}};

void sections_submit(struct reading *reading, const struct gen_node *node, const char *at, void *to)
{
    struct rest *rest = to;

    rest->submit.exchange = exchange_usual(at, REST_POST);
    reading_map(reading, node, at, submit_fields, &rest->submit);
}

/* ------------------------------------------------------------------------------------- fetch -- */

static const struct reading_field link_fields[] = {
    {.key = "at", .shape = READING_PATHS, .offset = offsetof(struct rest_fetch, link)},
    {.key = "url",
     .shape = READING_TEXT,
     .required = 1,
     .offset = offsetof(struct rest_fetch, link_url)},
    {0}};

/* A path, several, or {at, url}. */
static void read_link(struct reading *reading, const struct gen_node *node, const char *at,
                      void *to)
{
    struct rest_fetch *fetch = to;

    if (reading->kit.host->json_type(node) == GEN_JSON_MAP) {
        reading_map(reading, node, at, link_fields, fetch);
    } else {
        fetch->link = reading_paths(reading, node, at);
    }
}

#define FETCH(member) offsetof(struct rest_fetch, member)

static const struct reading_field fetch_fields[] = {
    EXCHANGE_FIELDS(0),
    {.key = "link", .shape = READING_PART, .required = 1, .part = read_link},
    {.key = "linkCredential", .shape = READING_TRUTH, .offset = FETCH(signs)},
    {.key = "decides", .shape = READING_TRUTH, .offset = FETCH(decides)},
    {.key = "missing", .shape = READING_WORD, .offset = FETCH(missing), .choices = outcomes_kinds},
    {0}};

void sections_fetch(struct reading *reading, const struct gen_node *node, const char *at, void *to)
{
    struct rest *rest = to;

    rest->fetch.exchange = exchange_usual(at, REST_GET);
    rest->fetch.signs = 1;
    rest->fetch.missing = GEN_FAIL_PROVIDER;
    reading_map(reading, node, at, fetch_fields, &rest->fetch);
    if (rest->fetch.decides && rest->fetch.exchange.urls == NULL) {
        reading_wrong(reading, reading_under(reading, at, "decides"),
                      "it needs a request of its own: url is missing");
    }
}

/* -------------------------------------------------------------------- cancel, recover, health
 * -- */

static const struct reading_field plain_fields[] = {EXCHANGE_FIELDS(1), {0}};

/* One map, or a list of them. */
static size_t several(struct reading *reading, const struct gen_node *node, const char *at,
                      size_t most)
{
    const struct gen_host *host = reading->kit.host;
    size_t count = host->json_type(node) == GEN_JSON_LIST ? host->json_count(node) : 1;

    if (count == 0 || count > most) {
        reading_wrong(
            reading, at,
            READING_SAY(reading, "a request, or a list of 1 to %zu, is wanted here", most));
        return 0;
    }
    return count;
}

void sections_cancel(struct reading *reading, const struct gen_node *node, const char *at, void *to)
{
    const struct gen_host *host = reading->kit.host;
    struct rest *rest = to;
    size_t i;

    rest->cancel_count = several(reading, node, at, REST_CANCELS);
    for (i = 0; i < rest->cancel_count; i++) {
        int many = host->json_type(node) == GEN_JSON_LIST;
        const char *where = many ? reading_index(reading, at, i) : at;

        rest->cancels[i] = exchange_usual(where, REST_POST);
        reading_map(reading, many ? host->json_at(node, i) : node, where, plain_fields,
                    &rest->cancels[i]);
    }
}

void sections_health(struct reading *reading, const struct gen_node *node, const char *at, void *to)
{
    struct rest *rest = to;

    rest->health = exchange_usual(at, REST_GET);
    reading_map(reading, node, at, plain_fields, &rest->health);
}

#define LOOKUP(member) offsetof(struct rest_lookup, member)

static const struct reading_field lookup_fields[] = {
    EXCHANGE_FIELDS(1),
    {.key = "items", .shape = READING_PATHS, .offset = LOOKUP(items)},
    {.key = "match", .shape = READING_NODE, .offset = LOOKUP(match)},
    {.key = "handle", .shape = READING_PART, .offset = LOOKUP(handle), .part = read_taken},
    {.key = "absentStatus",
     .shape = READING_PART,
     .offset = LOOKUP(absent),
     .part = outcomes_statuses},
    {.key = "certain", .shape = READING_TRUTH, .offset = LOOKUP(certain)},
    {0}};

void sections_recover(struct reading *reading, const struct gen_node *node, const char *at,
                      void *to)
{
    const struct gen_host *host = reading->kit.host;
    struct rest *rest = to;
    size_t i;

    rest->lookup_count = several(reading, node, at, REST_LOOKUPS);
    for (i = 0; i < rest->lookup_count; i++) {
        int many = host->json_type(node) == GEN_JSON_LIST;
        const char *where = many ? reading_index(reading, at, i) : at;

        rest->lookups[i].exchange = exchange_usual(where, REST_GET);
        reading_map(reading, many ? host->json_at(node, i) : node, where, lookup_fields,
                    &rest->lookups[i]);
    }
}

/* -------------------------------------------------------------------------------------- whole
 * -- */

static void check_lookup(struct reading *reading, const struct rest *rest,
                         const struct rest_lookup *lookup)
{
    const struct gen_host *host = reading->kit.host;
    struct template_place place = {.reading = reading, .rest = rest, .scopes = NAMES_TASK};
    const char *at = reading_under(reading, lookup->exchange.at, "match"), *why = NULL;
    size_t count = host->json_count(lookup->match), i;

    if (lookup->match != NULL && (host->json_type(lookup->match) != GEN_JSON_MAP || count == 0)) {
        reading_wrong(reading, at, "a map of paths to what must stand there is wanted here");
    }
    for (i = 0; i < count; i++) {
        const struct gen_node *item = host->json_at(lookup->match, i);

        if (!path_fits(host->json_key(item), &why)) {
            reading_wrong(reading, reading_under(reading, at, host->json_key(item)), why);
        }
        template_check(&place, item, reading_under(reading, at, host->json_key(item)));
    }
    if (lookup->match == NULL) {
        for (i = 0; lookup->exchange.urls[i] != NULL; i++) {
            template_check_text(&place, lookup->exchange.urls[i], at);
        }
    }
    if ((place.sends & (NAMES_SENDS_REFERENCE | NAMES_SENDS_PROMPT)) == 0) {
        reading_wrong(reading, lookup->exchange.at,
                      "neither its url nor match says whose job is looked for: ${reference}, "
                      "${reference.uuid}, or ${prompt} with ${seed}");
    }
    check_taken(reading, rest, &lookup->handle, NAMES_TASK,
                reading_under(reading, lookup->exchange.at, "handle"));
}

void sections_check(struct reading *reading, struct rest *rest)
{
    struct template_place place = {.reading = reading, .rest = rest};
    size_t i;

    for (i = 0; i < rest->upload_count; i++) {
        check_taken(reading, rest, &rest->uploads[i].take, NAMES_TASK,
                    reading_under(reading, rest->uploads[i].exchange.at, "take"));
    }
    check_taken(reading, rest, &rest->submit.handle, NAMES_TASK, "submit.handle");
    for (i = 0; i < rest->lookup_count && reading->wrong == NULL; i++) {
        check_lookup(reading, rest, &rest->lookups[i]);
    }
    place.scopes = NAMES_TASK;
    place.every = 1; /* each model says that it reports its cost */
    template_check(&place, rest->poll.cost_unit, "poll.cost.unit");
    place.scopes = NAMES_TASK | NAMES_HANDLE | NAMES_ITEM;
    if (rest->fetch.link_url != NULL) {
        template_check_text(&place, rest->fetch.link_url, "fetch.link.url");
    }
}
