/* policy_names.c - see policy_names.h. */
#include "cli/policy_names.h"

#include "base/name.h"

#include <string.h>

/* One case under inspection. */
struct names {
    const struct gen_policy_suite *suite;
    const struct gen_policy_case *item;
    const struct gen_policy_set *set;
    const struct gen_snapshot *snapshot; /* NULL: it cannot be read */
    const struct gen_brief *brief;       /* NULL: likewise */
    struct gen_arena *arena;
    struct gen_policy_problems *problems;
};

/* A set of names to look in: one by its index, NULL past the last or for one that does not count. */
struct shelf {
    const char *what; /* "rule" */
    gen_name_at *name;
    size_t count;
};

/* ----------------------------------------------------------------------------------- shelves -- */

static const char *rule_name(const void *context, size_t index)
{
    const struct gen_routing_rule *rules =
        ((const struct names *)context)->set->routing->rules.items;

    return rules[index].named.name;
}

static const char *strategy_name(const void *context, size_t index)
{
    const struct gen_routing_strategy *all =
        ((const struct names *)context)->set->routing->strategies.items;

    return all[index].named.name;
}

static const char *plan_name(const void *context, size_t index)
{
    const struct gen_access_plan *all = ((const struct names *)context)->set->access->plans.items;

    return all[index].named.name;
}

static const char *need_name(const void *context, size_t index)
{
    (void)context;
    return gen_needs_word((uint32_t)1 << index);
}

static const char *provider_name(const void *context, size_t index)
{
    return ((const struct names *)context)->set->providers[index]->id;
}

/* Models, then their providers. */
static const char *model_name(const void *context, size_t index)
{
    const struct names *names = context;
    const struct gen_snapshot *snapshot = names->snapshot;
    const struct gen_model *model = snapshot->models[index % snapshot->model_count].model;

    return index < snapshot->model_count
               ? gen_arena_printf(names->arena, "%s/%s", model->provider, model->id)
               : model->provider;
}

static struct shelf names_models(const struct names *names)
{
    return (struct shelf){"model in the snapshot", model_name, 2 * names->snapshot->model_count};
}

static struct shelf names_rules(const struct names *names)
{
    return (struct shelf){"rule", rule_name, names->set->routing->rules.count};
}

static struct shelf names_needs(void)
{
    size_t count = 0;

    while (gen_needs_word((uint32_t)1 << count) != NULL) {
        count++;
    }
    return (struct shelf){"need", need_name, count};
}

static struct shelf names_strategies(const struct names *names)
{
    return (struct shelf){"strategy", strategy_name, names->set->routing->strategies.count};
}

/* ------------------------------------------------------------------------------------- looking -- */

/* At the `index`th item of a list, or at a value, of `key` in `expect` (or in the case). */
static void names_missing(const struct names *names, const struct gen_node *at, const char *path,
                          const struct shelf *shelf, const char *wrong)
{
    const char *nearest = gen_name_nearest(wrong, shelf->name, names, shelf->count);
    struct gen_error err = {0};

    (void)gen_error_set(&err, GEN_EINVAL, "there is no %s \"%.80s\"%s%s%s", shelf->what, wrong,
                        nearest == NULL ? "" : "; did you mean \"", nearest == NULL ? "" : nearest,
                        nearest == NULL ? "" : "\"?");
    gen_error_place(&err, names->suite->file, at == NULL ? names->item->line : at->line,
                    at == NULL ? names->item->column : at->column, path);
    gen_policy_problems_add(names->problems, &err, false);
}

static void names_look(const struct names *names, const struct gen_node *at, const char *path,
                       const struct shelf *shelf, const char *name)
{
    for (size_t i = 0; i < shelf->count; i++) {
        const char *known = shelf->name(names, i);

        if (known != NULL && strcmp(known, name) == 0) {
            return;
        }
    }
    names_missing(names, at, path, shelf, name);
}

/* "provider/id"; without a text of its own, for which there might be no memory. */
static bool names_is(const struct gen_model *model, const char *name)
{
    size_t size = strlen(model->provider);

    return strncmp(name, model->provider, size) == 0 && name[size] == '/' &&
           strcmp(name + size + 1, model->id) == 0;
}

/* A model, or with `patterns` what fits one. */
static void names_model(const struct names *names, const struct gen_node *at, const char *path,
                        const char *name, bool patterns)
{
    struct shelf shelf = names_models(names);

    for (size_t i = 0; i < names->snapshot->model_count; i++) {
        const struct gen_model *model = names->snapshot->models[i].model;

        if (patterns ? gen_routing_pattern_fits(name, model->provider, model->id)
                     : names_is(model, name)) {
            return;
        }
    }
    names_missing(names, at, path, &shelf, name);
}

static const struct gen_node *names_expect(const struct names *names, const char *key)
{
    return gen_node_get(gen_node_get(names->item->node, "expect"), key);
}

static void names_model_list(const struct names *names, const char *key, const char *path,
                             const struct gen_texts *texts, bool patterns)
{
    const struct gen_node *node = gen_node_first(names_expect(names, key));

    for (size_t i = 0; i < texts->count; i++, node = node == NULL ? NULL : node->next) {
        names_model(names, node, path, texts->items[i], patterns);
    }
}

static void names_list(const struct names *names, const char *key, const char *path,
                       const struct gen_texts *texts, struct shelf shelf)
{
    const struct gen_node *node = gen_node_first(names_expect(names, key));

    for (size_t i = 0; i < texts->count; i++, node = node == NULL ? NULL : node->next) {
        names_look(names, node, path, &shelf, texts->items[i]);
    }
}

/* ------------------------------------------------------------------------------------ snapshot -- */

/* Has the world without the case's own layer this key? */
static bool names_below(const struct names *names, const char *map, const char *key)
{
    const struct gen_policy_layers *layers = &names->item->scenario.snapshot;
    bool found = false;

    for (size_t i = 0; i < layers->count && layers->items[i].node != names->item->snapshot; i++) {
        const struct gen_node *node = gen_node_get(gen_node_get(layers->items[i].node, map), key);

        found = node == NULL ? found : gen_node_type_of(node) != GEN_NODE_NULL;
    }
    return found;
}

static bool names_plugin(const struct names *names, const char *id)
{
    for (size_t i = 0; i < names->snapshot->model_count; i++) {
        if (strcmp(names->snapshot->models[i].model->provider, id) == 0) {
            return true;
        }
    }
    return gen_policy_provider(names->set, id) != NULL;
}

/* What a case changes of the world must be there, or be a provider that somebody has. */
static void names_world(const struct names *names)
{
    static const char *const maps[] = {"models", "providers", NULL};
    struct shelf models = names_models(names);
    struct shelf providers = {"provider", provider_name, names->set->provider_count};
    struct shelf plans = {"plan in access.yaml", plan_name, names->set->access->plans.count};
    const struct gen_node *own = names->item->snapshot;
    const char *plan = names->snapshot->team.plan;

    for (size_t i = 0; maps[i] != NULL; i++) {
        const struct gen_node *map = gen_node_get(own, maps[i]);

        for (const struct gen_node *item = gen_node_first(map); item != NULL; item = item->next) {
            const struct shelf *shelf = i == 0 ? &models : &providers;
            bool gone = gen_node_type_of(item) == GEN_NODE_NULL;

            if (item->key == NULL || names_below(names, maps[i], item->key)) {
                continue;
            }
            if (gone || (i == 1 && !names_plugin(names, item->key))) {
                names_missing(names, item, i == 0 ? "snapshot.models" : "snapshot.providers", shelf,
                              item->key);
            }
        }
    }
    if (plan != NULL) {
        names_look(names, gen_node_get(gen_node_get(own, "team"), "plan"), "snapshot.team.plan",
                   &plans, plan);
    }
}

/* ------------------------------------------------------------------------------------ checking -- */

/* Of a model that the brief names and nobody offers (an error is expected), nothing is said. */
static void names_expected(const struct names *names)
{
    const struct gen_policy_expect *expect = &names->item->expect;
    const struct gen_node *strategy = names_expect(names, "strategy");
    struct shelf strategies = names_strategies(names);

    names_list(names, "rules", "expect.rules", &expect->rules, names_rules(names));
    names_list(names, "silent", "expect.silent", &expect->silent, names_rules(names));
    if (expect->strategy != NULL) {
        names_look(names, strategy, "expect.strategy", &strategies, expect->strategy);
    }
    if (names->item->strategy != NULL && expect->error == NULL) {
        names_look(names, gen_node_get(names->item->node, "strategy"), "strategy", &strategies,
                   names->item->strategy);
    }
    names_list(names, "needs", "expect.needs", &expect->needs, names_needs());
    if (names->snapshot == NULL) {
        return;
    }
    names_world(names);
    if (names->snapshot->model_count == 0) {
        return;
    }
    if (names->brief != NULL && expect->error == NULL) {
        const struct gen_node *models = gen_node_get(names->item->brief, "models");

        for (size_t i = 0; i < names->brief->models.count; i++) {
            names_model(names, gen_node_at(models, i), "brief.models",
                        names->brief->models.items[i], true);
        }
    }
    names_model_list(names, "models", "expect.models", &expect->models, false);
    names_model_list(names, "first", "expect.first", &expect->first, false);
    names_model_list(names, "order", "expect.order", &expect->order, false);
    names_model_list(names, "avoid", "expect.avoid", &expect->avoid, true);
    for (const struct gen_node *item = gen_node_first(expect->rejected); item != NULL;
         item = item->next) {
        names_model(names, item, "expect.rejected", item->key, false);
    }
}

static void names_wrong(const struct names *names, struct gen_error *wrong)
{
    if (wrong->file[0] == '\0') {
        gen_error_place(wrong, names->suite->file, names->item->line, names->item->column, NULL);
    }
    gen_policy_problems_add(names->problems, wrong, false);
}

/* The snapshot, by itself: what is wrong with the brief may be what the case is about. */
static enum gen_status names_read(struct names *names, struct gen_error *wrong)
{
    const struct gen_policy_layers *layers = &names->item->scenario.snapshot;
    const struct gen_node *node = gen_policy_layers_merge(layers, names->arena);
    struct gen_snapshot *snapshot = NULL;
    enum gen_status status;

    if (node == NULL) {
        return GEN_ENOMEM;
    }
    status = gen_snapshot_read(node, names->arena, &snapshot, wrong);
    names->snapshot = snapshot;
    if (status != GEN_OK && status != GEN_ENOMEM) {
        gen_policy_layers_place(layers, wrong);
        names_wrong(names, wrong);
    }
    return status;
}

static enum gen_status names_case(struct names *names, struct gen_error *err)
{
    struct gen_question question = {0};
    struct gen_error wrong = {0};
    enum gen_status status = names_read(names, &wrong);

    if (status == GEN_OK) {
        status = gen_policy_scenario_ask(&names->item->scenario, names->set, names->arena,
                                         &question, &wrong);
        names->brief = question.brief;
        if (status != GEN_OK && status != GEN_ENOMEM && names->item->expect.error == NULL) {
            names_wrong(names, &wrong);
        }
    }
    if (status != GEN_ENOMEM) {
        names_expected(names);
    }
    return status == GEN_ENOMEM || gen_arena_failed(names->arena)
               ? gen_error_set(err, GEN_ENOMEM, "no memory for test cases")
               : GEN_OK;
}

enum gen_status gen_policy_names_check(const struct gen_policy_suite *suite,
                                       const struct gen_policy_set *set, struct gen_arena *arena,
                                       struct gen_policy_problems *problems, struct gen_error *err)
{
    const struct gen_policy_case *items = suite->cases.items;
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < suite->cases.count && status == GEN_OK; i++) {
        struct names names = {
            .suite = suite, .item = &items[i], .set = set, .arena = arena, .problems = problems};

        status = names_case(&names, err);
    }
    return status;
}
