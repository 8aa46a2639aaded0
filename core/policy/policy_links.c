/* policy_links.c - see policy_links.h. File by file. */
#include "policy/policy_links.h"

#include "base/name.h"
#include "model/registry.h"
#include "policy/policy_folder.h"

#include <stdio.h>
#include <string.h>

/* "; did you mean \"x\"?", or "". */
static const char *links_advice(const char *nearest, char *out, size_t size)
{
    out[0] = '\0';
    if (nearest != NULL) {
        snprintf(out, size, "; did you mean \"%s\"?", nearest);
    }
    return out;
}

struct link_ids {
    const char **items;
    const struct gen_policy_file **files;
    size_t count;
};

/* One file under inspection. */
struct links {
    const struct gen_policy_set *set;
    const struct gen_policy_terms *terms;
    struct gen_policy_problems *problems;
    const struct gen_policy_file *file;
    const char *path; /* of the file, as the user calls it */
    struct link_ids providers, deliveries;
};

/* The place of a value: keys from the root, ended by NULL; `index` in the list found there, or -1. What a
 * short form leaves out is passed over. */
static void links_at(struct links *links, struct gen_error *err, const char *const *keys, int index,
                     bool warning)
{
    const struct gen_node *at = links->file->root, *next;
    char path[GEN_ERROR_PATH_SIZE];
    size_t used = 0;

    path[0] = '\0';
    for (size_t i = 0; keys[i] != NULL && used < sizeof(path); i++) {
        used += (size_t)snprintf(path + used, sizeof(path) - used, "%s%s", i > 0 ? "." : "",
                                 keys[i]);
        next = gen_node_get(at, keys[i]);
        at = next != NULL ? next : at;
    }
    if (index >= 0) {
        if (used < sizeof(path)) {
            snprintf(path + used, sizeof(path) - used, "[%d]", index);
        }
        next = gen_node_type_of(at) == GEN_NODE_LIST ? gen_node_at(at, (size_t)index) : NULL;
        at = next != NULL ? next : at;
    }
    gen_error_place(err, links->path, at->line, at->column, path);
    gen_policy_problems_add(links->problems, err, warning);
}

#define KEYS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* What a folder of the set holds, by the names of its files: "veo" for "providers/veo.yaml". */
static const char *link_id(const void *context, size_t index)
{
    return ((const struct link_ids *)context)->items[index];
}

/* Names in a list of structs that begin with a gen_named. */
struct named_list {
    const struct gen_records *records;
    size_t size;
    const struct gen_node *node; /* what it was read from; NULL: nothing was */
};

/* Could all of it be read? Else a name that is not in it may be there all the same. */
static bool named_whole(const struct named_list *list)
{
    return list->node == NULL || (gen_node_type_of(list->node) == GEN_NODE_MAP &&
                                  gen_node_count(list->node) == list->records->count);
}

static struct named_list named_list(const struct gen_records *records, size_t size,
                                    const struct gen_policy_file *file, const char *key)
{
    return (struct named_list){records, size, gen_node_get(file->root, key)};
}

static const char *named_at(const void *context, size_t index)
{
    const struct named_list *list = context;
    const char *item = (const char *)list->records->items + index * list->size;

    return ((const struct gen_named *)(const void *)item)->name;
}

static bool named_has(const struct named_list *list, const char *name)
{
    for (size_t i = 0; i < list->records->count; i++) {
        const char *known = named_at(list, i);

        if (known != NULL && strcmp(known, name) == 0) {
            return true;
        }
    }
    return false;
}

/* `name` (NULL = none) must be in the list. */
static void links_named(struct links *links, const char *what, const struct named_list *list,
                        const char *name, const char *const *keys, int index)
{
    struct gen_error err = {0};
    char advice[96];

    if (name == NULL || !named_whole(list) || named_has(list, name)) {
        return;
    }
    gen_error_set(&err, GEN_EINVAL, "there is no %s \"%.60s\"%s", what, name,
                  links_advice(gen_name_nearest(name, named_at, list, list->records->count), advice,
                               sizeof(advice)));
    links_at(links, &err, keys, index, false);
}

static const struct gen_policy_file *links_file(const struct link_ids *ids, const char *id)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (strcmp(ids->items[i], id) == 0) {
            return ids->files[i];
        }
    }
    return NULL;
}

/* NULL: there is none, which is a mistake, or it cannot be read, which was one. */
static const struct gen_policy_file *links_provider(struct links *links, const char *name,
                                                    size_t size, const char *const *keys, int index)
{
    struct gen_error err = {0};
    char id[GEN_NAME_LONGEST + 1], advice[96];
    const struct gen_policy_file *file;

    snprintf(id, sizeof(id), "%.*s", (int)size, name);
    file = links_file(&links->providers, id);
    if (file == NULL) {
        gen_error_set(
            &err, GEN_EINVAL, "there is no provider \"%s\"%s", id,
            links_advice(gen_name_nearest(id, link_id, &links->providers, links->providers.count),
                         advice, sizeof(advice)));
        links_at(links, &err, keys, index, false);
    }
    return file != NULL && file->object != NULL ? file : NULL;
}

/* Does the pattern fit one of the models? */
static bool named_fits(const struct named_list *list, const char *pattern)
{
    char whole[256];

    snprintf(whole, sizeof(whole), "*/%s", pattern);
    for (size_t i = 0; i < list->records->count; i++) {
        const char *name = named_at(list, i);

        if (name != NULL && gen_routing_pattern_fits(whole, "any", name)) {
            return true;
        }
    }
    return false;
}

/* A pattern must fit something that there is. Models are known where the provider's file lists them. */
static void links_pattern(struct links *links, const char *pattern, const char *const *keys,
                          int index)
{
    size_t size = strcspn(pattern, "/");
    const struct gen_policy_file *file;
    const struct gen_provider_policy *provider;
    struct named_list list;
    struct gen_error err = {0};
    char advice[96];

    if (size == 0 || pattern[size - 1] == '*') {
        return; /* of any provider */
    }
    file = links_provider(links, pattern, size, keys, index);
    if (file == NULL || pattern[size] == '\0') {
        return;
    }
    provider = file->object;
    list = named_list(&provider->models, sizeof(struct gen_provider_model), file, "models");
    if (provider->models.count == 0 || !named_whole(&list) ||
        named_fits(&list, pattern + size + 1)) {
        return;
    }
    gen_error_set(
        &err, GEN_EINVAL, "%.*s has no model \"%.60s\"%s", (int)size, pattern, pattern + size + 1,
        links_advice(gen_name_nearest(pattern + size + 1, named_at, &list, provider->models.count),
                     advice, sizeof(advice)));
    links_at(links, &err, keys, index, false);
}

static void links_patterns(struct links *links, const struct gen_texts *patterns,
                           const char *const *keys)
{
    for (size_t i = 0; i < patterns->count; i++) {
        links_pattern(links, patterns->items[i], keys, (int)i);
    }
}

static void links_zone(struct links *links, const char *zone, const char *key, int index)
{
    struct gen_error err = {0};
    int32_t east = 0;
    bool good = zone == NULL || strcmp(zone, "UTC") == 0 ||
                gen_zone_fixed(zone, strlen(zone), &east) || gen_zone_name_good(zone, strlen(zone));

    if (zone == NULL || /* it is no text */
        (good && links->terms->zones == NULL) ||
        (good && gen_zones_offset(links->terms->zones, zone, strlen(zone), 0, &east, NULL, &err) !=
                     GEN_ENOTFOUND)) {
        return;
    }
    gen_error_set(&err, GEN_EINVAL,
                  "there is no time zone \"%.60s\"; write \"UTC\", \"+02:00\" or \"Europe/Berlin\"",
                  zone);
    links_at(links, &err, KEYS(key), index, false);
}

static void links_routing(struct links *links)
{
    const struct gen_routing *routing = links->file->object;
    const struct gen_routing_strategy *strategies = routing->strategies.items;
    const struct gen_routing_rule *rules = routing->rules.items;
    struct named_list scores = named_list(&routing->scores, sizeof(struct gen_routing_score),
                                          links->file, "scores");
    struct named_list known = named_list(&routing->strategies, sizeof(struct gen_routing_strategy),
                                         links->file, "strategies");

    links_named(links, "strategy", &known, routing->strategy, KEYS("strategy"), -1);
    for (size_t i = 0; i < routing->strategies.count; i++) {
        const char *name = strategies[i].named.name;

        links_named(links, "score", &scores, strategies[i].score, KEYS("strategies", name, "score"),
                    -1);
    }
    for (size_t i = 0; i < routing->rules.count; i++) {
        const char *name = rules[i].named.name;

        links_named(links, "strategy", &known, rules[i].strategy, KEYS("rules", name, "strategy"),
                    -1);
        links_patterns(links, &rules[i].prefer.models, KEYS("rules", name, "prefer", "models"));
        links_patterns(links, &rules[i].require.models, KEYS("rules", name, "require", "models"));
        links_patterns(links, &rules[i].exclude.models, KEYS("rules", name, "exclude", "models"));
    }
}

static void links_retry(struct links *links)
{
    const struct gen_retry_doubt *doubt =
        &((const struct gen_retry_policy *)links->file->object)->ambiguous;
    const struct gen_retry_doubt_of *providers = doubt->providers.items;

    for (size_t i = 0; i < doubt->providers.count; i++) {
        const char *name = providers[i].named.name;

        if (name != NULL) {
            links_provider(links, name, strlen(name), KEYS("ambiguous", "providers", name), -1);
        }
    }
}

static void links_budget(struct links *links)
{
    const struct gen_budget_policy *budget = links->file->object;
    const struct gen_budget_limit *limits = budget->limits.items;

    links_zone(links, budget->time_zone, "timeZone", -1);
    for (size_t i = 0; i < budget->limits.count; i++) {
        for (size_t k = 0; limits[i].scope == GEN_SCOPE_PROVIDER && k < limits[i].of.count; k++) {
            links_provider(links, limits[i].of.items[k], strlen(limits[i].of.items[k]),
                           KEYS("limits", limits[i].named.name, "of"), (int)k);
        }
    }
}

static void links_schedule(struct links *links)
{
    const struct gen_schedule_policy *schedule = links->file->object;
    const struct gen_schedule_window *windows = schedule->off_peak.items;

    links_zone(links, schedule->time_zone, "timeZone", -1);
    for (size_t i = 0; i < schedule->off_peak.count; i++) {
        for (size_t k = 0; k < windows[i].providers.count; k++) {
            links_provider(links, windows[i].providers.items[k],
                           strlen(windows[i].providers.items[k]),
                           KEYS("offPeak", windows[i].named.name, "providers"), (int)k);
        }
    }
}

/* NULL: it cannot be read. */
static const struct gen_policy_file *links_routing_file(const struct links *links)
{
    for (size_t i = 0; i < links->set->file_count; i++) {
        if (links->set->files[i].object == links->set->routing) {
            return links->set->routing != NULL ? &links->set->files[i] : NULL;
        }
    }
    return NULL;
}

static void links_strategies(struct links *links, const struct gen_policy_file *routing,
                             const struct gen_texts *names, const char *const *keys)
{
    struct named_list known = named_list(&((const struct gen_routing *)routing->object)->strategies,
                                         sizeof(struct gen_routing_strategy), routing,
                                         "strategies");

    for (size_t i = 0; i < names->count; i++) {
        links_named(links, "strategy", &known, names->items[i], keys, (int)i);
    }
}

static void links_access(struct links *links)
{
    const struct gen_access_policy *access = links->file->object;
    const struct gen_policy_file *routing = links_routing_file(links);
    const struct gen_access_plan *plans = access->plans.items;
    const struct gen_access_member *members = access->members.items;
    struct named_list known = named_list(&access->plans, sizeof(struct gen_access_plan),
                                         links->file, "plans");

    links_named(links, "plan", &known, access->plan, KEYS("plan"), -1);
    for (size_t i = 0; i < access->plans.count; i++) {
        const char *name = plans[i].named.name;

        links_patterns(links, &plans[i].models, KEYS("plans", name, "models"));
        links_patterns(links, &plans[i].exclude, KEYS("plans", name, "exclude"));
        if (routing != NULL) {
            links_strategies(links, routing, &plans[i].strategies,
                             KEYS("plans", name, "strategies"));
        }
    }
    for (size_t i = 0; i < access->members.count; i++) {
        links_named(links, "plan", &known, members[i].plan,
                    KEYS("members", members[i].named.name, "plan"), -1);
    }
}

static void links_model(struct links *links, const struct gen_provider_policy *provider,
                        const struct gen_provider_model *model)
{
    struct named_list known = named_list(&provider->models, sizeof(struct gen_provider_model),
                                         links->file, "models");
    struct gen_error err = {0};
    char date[GEN_MOMENT_TEXT_SIZE], advice[96];

    links_named(links, "model", &known, model->replacement,
                KEYS("models", model->named.name, "replacement"), -1);
    for (size_t k = 0; k < model->needs.count; k++) {
        if (gen_needs_of(model->needs.items[k]) == 0) {
            gen_error_set(
                &err, GEN_EINVAL, "there is no need \"%.60s\"%s", model->needs.items[k],
                links_advice(gen_needs_nearest(model->needs.items[k]), advice, sizeof(advice)));
            links_at(links, &err, KEYS("models", model->named.name, "needs"), (int)k, false);
        }
    }
    if (model->enabled && model->end_of_life != 0 && links->terms->now >= model->end_of_life) {
        gen_error_set(&err, GEN_EINVAL, "%s/%s was switched off on %.10s and gets no jobs%s%s",
                      provider->id != NULL ? provider->id : "?", model->named.name,
                      gen_moment_text(model->end_of_life, date),
                      model->replacement != NULL ? "; its replacement is " : "",
                      model->replacement != NULL ? model->replacement : "");
        links_at(links, &err, KEYS("models", model->named.name, "endOfLife"), -1, true);
    }
}

static bool price_same(const struct gen_price *a, const struct gen_price *b)
{
    return a->model != NULL && b->model != NULL && strcmp(a->model, b->model) == 0 &&
           a->audio == b->audio && a->from == b->from &&
           (a->resolution == NULL) == (b->resolution == NULL) &&
           (a->resolution == NULL || strcmp(a->resolution, b->resolution) == 0) &&
           a->day_bits == b->day_bits && a->from_minute == b->from_minute &&
           a->to_minute == b->to_minute;
}

static void links_price(struct links *links, const struct gen_provider_policy *provider,
                        size_t index)
{
    const struct gen_price *prices = provider->prices.items;
    struct named_list known = named_list(&provider->models, sizeof(struct gen_provider_model),
                                         links->file, "models");
    const char *model = prices[index].model;
    struct gen_error err = {0};
    char advice[96];
    bool fits = provider->models.count == 0 || model == NULL || strcmp(model, "*") == 0 ||
                !named_whole(&known) || named_fits(&known, model);

    for (size_t i = 0; i < index; i++) {
        if (price_same(&prices[i], &prices[index])) {
            gen_error_set(
                &err, GEN_EINVAL,
                "the row on line %u is for the same model, resolution, sound, date and hours",
                prices[i].line);
            links_at(links, &err, KEYS("prices"), (int)index, false);
        }
    }
    links_zone(links, prices[index].time_zone, "prices", (int)index);
    if (!fits) {
        gen_error_set(
            &err, GEN_EINVAL, "a price for \"%.60s\", which is not among the models%s", model,
            links_advice(gen_name_nearest(model, named_at, &known, provider->models.count), advice,
                         sizeof(advice)));
        links_at(links, &err, KEYS("prices"), (int)index, false);
    }
}

/* "providers/veo.yaml" holds the id "veo". */
static void links_id(struct links *links, const char *id)
{
    const char *base = strchr(links->file->name, '/') + 1;
    size_t size = strlen(base) - strlen(".yaml");
    struct gen_error err = {0};

    if (id != NULL && (strlen(id) != size || strncmp(id, base, size) != 0)) {
        gen_error_set(&err, GEN_EINVAL, "the id is \"%.60s\", but the file is called \"%s\"", id,
                      base);
        links_at(links, &err, KEYS("id"), -1, false);
    }
}

static void links_provider_file(struct links *links)
{
    const struct gen_provider_policy *provider = links->file->object;
    const struct gen_provider_model *models = provider->models.items;

    links_id(links, provider->id);
    for (size_t i = 0; i < provider->models.count; i++) {
        links_model(links, provider, &models[i]);
    }
    for (size_t i = 0; i < provider->prices.count; i++) {
        links_price(links, provider, i);
    }
}

static void links_delivery_file(struct links *links)
{
    links_id(links, ((const struct gen_delivery_policy *)links->file->object)->id);
}

static void links_brand_file(struct links *links)
{
    const struct gen_brand_profile *brand = links->file->object;

    links_id(links, brand->id);
    links_patterns(links, &brand->models, KEYS("models"));
    links_patterns(links, &brand->exclude, KEYS("exclude"));
    for (size_t i = 0; i < brand->deliver.count; i++) {
        const char *name = brand->deliver.items[i];
        struct gen_error err = {0};
        char advice[96];

        if (links_file(&links->deliveries, name) == NULL) {
            gen_error_set(&err, GEN_EINVAL, "there is no delivery spec \"%.60s\"%s", name,
                          links_advice(gen_name_nearest(name, link_id, &links->deliveries,
                                                        links->deliveries.count),
                                       advice, sizeof(advice)));
            links_at(links, &err, KEYS("deliver"), (int)i, false);
        }
    }
}

/* false: no memory. */
static bool links_ids(const struct gen_policy_set *set, const char *folder, struct link_ids *out)
{
    size_t front = strlen(folder);

    out->items = gen_arena_array(set->arena, set->file_count + 1, sizeof(*out->items));
    out->files = gen_arena_array(set->arena, set->file_count + 1, sizeof(*out->files));
    for (size_t i = 0; out->items != NULL && out->files != NULL && i < set->file_count; i++) {
        const char *name = set->files[i].name;

        if (strncmp(name, folder, front) == 0) {
            out->items[out->count] = gen_arena_strndup(set->arena, name + front,
                                                       strlen(name + front) - strlen(".yaml"));
            out->files[out->count++] = &set->files[i];
        }
    }
    return !gen_arena_failed(set->arena);
}

enum gen_status gen_policy_links_check(const struct gen_policy_set *set, const char *folder,
                                       const struct gen_policy_terms *terms,
                                       struct gen_policy_problems *problems, struct gen_error *err)
{
    static const struct {
        const char *word;
        void (*check)(struct links *links);
    } rows[] = {{"routing", links_routing},        {"retry", links_retry},
                {"budget", links_budget},          {"schedule", links_schedule},
                {"access", links_access},          {"provider", links_provider_file},
                {"delivery", links_delivery_file}, {"brand", links_brand_file}};
    struct links links = {.set = set, .terms = terms, .problems = problems};

    if (!links_ids(set, "providers/", &links.providers) ||
        !links_ids(set, "delivery/", &links.deliveries)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; i < set->file_count; i++) {
        if (set->files[i].object == NULL) {
            continue;
        }
        links.file = &set->files[i];
        links.path = gen_policy_folder_path(folder, links.file->name, set->arena);
        if (links.path == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
        for (size_t k = 0; k < GEN_COUNT(rows); k++) {
            if (strcmp(rows[k].word, links.file->kind->word) == 0) {
                rows[k].check(&links);
            }
        }
    }
    return GEN_OK;
}
