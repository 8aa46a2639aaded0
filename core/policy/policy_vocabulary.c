/* policy_vocabulary.c - see policy_vocabulary.h. The shapes of job and team are copied, with other types
 * at the facts that have words; values keep the shapes of policy_facts.h, whose fields stand at the same
 * places. */
#include "policy/policy_vocabulary.h"

#include "policy/access_policy.h"
#include "policy/delivery_policy.h"
#include "policy/policy_facts.h"
#include "policy/routing_policy.h"

#include <string.h>

struct gen_policy_vocabulary {
    struct gen_arena *arena;
    struct gen_type job, team;
};

/* A type of texts that are one of `choices`; any text where there are none, or no memory. */
static const struct gen_type *vocabulary_type(struct gen_arena *arena, const char *noun,
                                              const struct gen_choice *choices, size_t count)
{
    struct gen_words *words = gen_arena_alloc(arena, sizeof(*words));
    struct gen_type *type = gen_arena_alloc(arena, sizeof(*type));

    if (words == NULL || type == NULL || choices == NULL || count == 0) {
        return &gen_type_string;
    }
    *words = (struct gen_words){noun, choices};
    type->kind = GEN_KIND_STRING;
    type->words = words;
    return type;
}

/* "" too: a brief may name none. */
static const struct gen_type *vocabulary_strategies(const struct gen_policy_set *set)
{
    size_t room = set->routing != NULL ? set->routing->strategies.count : 0, count = 0;
    struct gen_choice *choices = gen_arena_array(set->arena, room + 2, sizeof(*choices));

    for (size_t i = 0; choices != NULL && i < room; i++) {
        const struct gen_routing_strategy *one = set->routing->strategies.items;

        choices[0].word = "";
        if (one[i].named.name != NULL) {
            choices[++count].word = one[i].named.name;
        }
    }
    return vocabulary_type(set->arena, "strategy of routing.yaml", choices, count);
}

static const struct gen_type *vocabulary_plans(const struct gen_policy_set *set)
{
    size_t room = set->access != NULL ? set->access->plans.count : 0, count = 0;
    struct gen_choice *choices = gen_arena_array(set->arena, room + 1, sizeof(*choices));

    for (size_t i = 0; choices != NULL && i < room; i++) {
        const struct gen_access_plan *one = set->access->plans.items;

        if (one[i].named.name != NULL) {
            choices[count++].word = one[i].named.name;
        }
    }
    return vocabulary_type(set->arena, "plan of access.yaml", choices, count);
}

static const struct gen_type *vocabulary_deliveries(const struct gen_policy_set *set)
{
    struct gen_choice *choices = gen_arena_array(set->arena, set->file_count + 1, sizeof(*choices));
    struct gen_type *list = gen_arena_alloc(set->arena, sizeof(*list));
    size_t count = 0;

    for (size_t i = 0; choices != NULL && i < set->file_count; i++) {
        const struct gen_delivery_policy *one = set->files[i].object;

        if (set->files[i].kind->record == &gen_delivery_record && one != NULL && one->id != NULL) {
            choices[count++].word = one->id;
        }
    }
    if (list == NULL) {
        return &gen_type_strings;
    }
    list->kind = GEN_KIND_LIST;
    list->item = vocabulary_type(set->arena, "delivery spec", choices, count);
    return list;
}

/* A record like `shape`, with fields of its own. */
static void vocabulary_record(struct gen_arena *arena, const struct gen_shape *shape, size_t size,
                              struct gen_shape_field **fields, struct gen_type *out)
{
    struct gen_shape *copy = gen_arena_alloc(arena, sizeof(*copy));

    *fields = gen_arena_array(arena, size + 1, sizeof(**fields));
    if (copy == NULL || *fields == NULL) {
        *fields = NULL;
        return;
    }
    memcpy(*fields, shape->fields, size * sizeof(**fields));
    *copy = (struct gen_shape){shape->name, *fields, shape->help};
    *out = (struct gen_type){.kind = GEN_KIND_RECORD, .shape = copy};
}

struct gen_policy_vocabulary *gen_policy_vocabulary_create(const struct gen_policy_set *set)
{
    struct gen_policy_vocabulary *vocabulary = gen_arena_alloc(set->arena, sizeof(*vocabulary));
    struct gen_shape_field *job = NULL, *team = NULL;

    if (vocabulary == NULL) {
        return NULL;
    }
    vocabulary->arena = set->arena;
    vocabulary_record(set->arena, &gen_facts_job, GEN_FACT_JOB_SIZE, &job, &vocabulary->job);
    vocabulary_record(set->arena, &gen_facts_team, GEN_FACT_TEAM_SIZE, &team, &vocabulary->team);
    if (job == NULL || team == NULL) {
        return NULL;
    }
    job[GEN_FACT_JOB_STRATEGY].type = vocabulary_strategies(set);
    job[GEN_FACT_JOB_DELIVER].type = vocabulary_deliveries(set);
    team[GEN_FACT_TEAM_PLAN].type = vocabulary_plans(set);
    return gen_arena_failed(set->arena) ? NULL : vocabulary;
}

const struct gen_variable *gen_policy_vocabulary_variables(struct gen_policy_vocabulary *vocabulary,
                                                           const struct gen_domain *domain)
{
    struct gen_variable *variables;
    size_t count = 0;

    while (domain->variables[count].name != NULL) {
        count++;
    }
    variables = gen_arena_array(vocabulary->arena, count + 1, sizeof(*variables));
    if (variables == NULL) {
        return NULL;
    }
    memcpy(variables, domain->variables, count * sizeof(*variables));
    variables[GEN_FACT_JOB].type = &vocabulary->job; /* every domain begins with these */
    variables[GEN_FACT_TEAM].type = &vocabulary->team;
    return variables;
}
