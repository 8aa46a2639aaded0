/* Facts: rows and indexes in step, and values that reach an expression. */
#include "policy/policy_facts.h"

#include "policy/access_policy.h"
#include "policy/quality_policy.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

/* An index is the place of its row. */
Test(policy_facts, indexes)
{
    cr_expect(eq(int, gen_shape_index(&gen_facts_job, "budget"), GEN_FACT_JOB_BUDGET));
    cr_expect(eq(int, gen_shape_index(&gen_facts_job, "sandbox"), GEN_FACT_JOB_SIZE - 1));
    cr_expect(eq(int, gen_shape_index(&gen_facts_model, "endOfLifeIn"),
                 GEN_FACT_MODEL_END_OF_LIFE_IN));
    cr_expect(eq(int, gen_shape_index(&gen_facts_output, "violations"), GEN_FACT_OUTPUT_SIZE - 1));
    cr_expect(eq(int, gen_shape_index(&gen_facts_job, "bugdet"), -1));
}

/* The smaller domains are the beginnings of the larger, so that one array serves all. */
Test(policy_facts, domains_begin_alike)
{
    for (size_t i = 0; gen_domain_guard.variables[i].name != NULL; i++) {
        cr_expect(eq(str, (char *)gen_domain_guard.variables[i].name,
                     (char *)gen_domain_score.variables[i].name));
        cr_expect(eq(str, (char *)gen_domain_guard.variables[i].name,
                     (char *)gen_domain_failure.variables[i].name));
    }
    cr_expect(eq(str, (char *)gen_domain_score.variables[GEN_FACT_FIELD].name, "field"));
    cr_expect(eq(ptr, (void *)gen_domain_score.variables[GEN_FACT_SCORES].name, NULL));
    cr_expect(eq(str, (char *)gen_domain_failure.variables[GEN_FACT_FAILURE].name, "failure"));
    cr_expect(eq(str, (char *)gen_domain_output.variables[GEN_FACT_OUTPUT].name, "output"));
}

/* Words that also stand in rooms above are the same there. */
Test(policy_facts, words)
{
    const struct {
        const struct gen_type *type;
        const struct gen_choice *choices;
    } rows[] = {
        {gen_facts_job.fields[GEN_FACT_JOB_RESOLUTION].type, gen_resolution_choices},
        {gen_facts_output.fields[GEN_FACT_OUTPUT_SCORES].type->key, gen_quality_scores},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        const struct gen_choice *mine = rows[i].type->words->choices;

        cr_assert(eq(sz, gen_choice_count(mine), gen_choice_count(rows[i].choices)));
        for (size_t k = 0; mine[k].word != NULL; k++) {
            cr_expect(eq(str, (char *)mine[k].word, (char *)rows[i].choices[k].word));
            cr_expect(eq(int, mine[k].value, rows[i].choices[k].value));
        }
    }
}

/* Every row has its help: it is the reference. */
Test(policy_facts, help)
{
    for (const struct gen_domain *const *domain = gen_facts_domains(); *domain != NULL; domain++) {
        for (const struct gen_variable *row = (*domain)->variables; row->name != NULL; row++) {
            cr_expect(gt(sz, strlen(row->help), 5), "%s", row->name);
            for (const struct gen_shape_field *field =
                     row->type->shape != NULL ? row->type->shape->fields : NULL;
                 field != NULL && field->name != NULL; field++) {
                cr_expect(gt(sz, strlen(field->help), 4), "%s.%s", row->name, field->name);
                cr_expect(ne(ptr, (void *)field->type, NULL));
            }
        }
    }
}

static const struct {
    const char *text;
    bool truth;
} rows[] = {
    {"job.duration > 5.0 && \"avatar\" in job.needs", true},
    {"has(job.deadlineIn)", false}, /* what is unbound is absent, not 0 */
    {"has(job.budget) && job.budget == 2.5", true},
    {"model.id == 'a/b' && model.tier < 3", true},
    {"now < timestamp('2027-01-01T00:00:00Z')", true},
    {"job.scenes.exists(s, s.presenter)", true},
    {"job.scenes.all(s, s.duration > 2.0)", false},
};

Test(policy_facts, values_reach_an_expression)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_facts *facts = NULL;
    struct gen_value need = gen_value_text("avatar"), scenes[2],
                     parts[2][GEN_FACT_SCENE_SIZE] = {0};
    struct gen_record_value records[2];
    struct gen_error err = {0};

    cr_assert(eq(int, gen_facts_create(arena, 2, &facts, &err), GEN_OK));
    cr_expect(eq(sz, facts->value_count, GEN_FACT_SCORES + 2));
    for (size_t i = 0; i < 2; i++) {
        parts[i][GEN_FACT_SCENE_PRESENTER] = gen_value_bool(i == 1);
        parts[i][GEN_FACT_SCENE_DURATION] = gen_value_double(i == 1 ? 4.0 : 1.0);
        records[i] = (struct gen_record_value){&gen_facts_scene, parts[i]};
        scenes[i] = gen_value_record(&records[i]);
    }
    facts->job[GEN_FACT_JOB_DURATION] = gen_value_double(6.0);
    facts->job[GEN_FACT_JOB_BUDGET] = gen_value_double(2.5);
    facts->job[GEN_FACT_JOB_NEEDS] = gen_value_list(&need, 1);
    facts->job[GEN_FACT_JOB_SCENES] = gen_value_list(scenes, 2);
    facts->model[GEN_FACT_MODEL_ID] = gen_value_text("a/b");
    facts->model[GEN_FACT_MODEL_TIER] = gen_value_int(2);
    facts->values[GEN_FACT_NOW] = gen_value_timestamp(1795305600, 0);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_expression *expression = NULL;
        struct gen_run run = {.arena = arena, .budget = GEN_FACTS_BUDGET};
        struct gen_value value;

        cr_assert(eq(int, gen_expression_compile(gen_domain_where.variables, rows[i].text,
                                                 strlen(rows[i].text), 0, arena, &expression, NULL,
                                                 &err), GEN_OK), "%s: %s", rows[i].text, err.message);
        value = gen_expression_run(expression, facts->values, &run);
        cr_assert(eq(int, value.kind, GEN_KIND_BOOL), "%s", rows[i].text);
        cr_expect(eq(int, value.as.boolean, rows[i].truth), "%s", rows[i].text);
    }
    gen_arena_destroy(arena);
}

/* A scene is bound only where each is decided on alone; elsewhere has() is false of all that is in it. */
Test(policy_facts, scene_is_bound_on_request)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_facts *facts = NULL;
    const struct gen_value *scene;

    cr_assert(eq(int, gen_facts_create(arena, 0, &facts, NULL), GEN_OK));
    facts->scene[GEN_FACT_SCENE_TIER] = gen_value_int(2);
    for (int turn = 0; turn < 4; turn++) {
        gen_facts_bind_scene(facts, turn % 2 == 1);
        scene = facts->values[GEN_FACT_SCENE].as.record->fields;
        cr_expect(eq(int, scene[GEN_FACT_SCENE_TIER].kind,
                     turn % 2 == 1 ? GEN_KIND_INT : GEN_KIND_NONE));
    }
    gen_arena_destroy(arena);
}

/* What may be unbound says so in its help, for people, and in its mark, for the checker. */
Test(policy_facts, sometimes)
{
    for (const struct gen_domain *const *domain = gen_facts_domains(); *domain != NULL; domain++) {
        for (const struct gen_variable *row = (*domain)->variables; row->name != NULL; row++) {
            for (const struct gen_shape_field *field =
                     row->type->shape != NULL ? row->type->shape->fields : NULL;
                 field != NULL && field->name != NULL; field++) {
                bool said = strstr(field->help, "unbound") != NULL || strcmp(row->name, "scene") == 0;

                cr_expect(eq(int, gen_facts_sometimes(row->name, field->name), said), "%s.%s",
                          row->name, field->name);
            }
        }
    }
    cr_expect(eq(int, gen_facts_sometimes("job", "nothing"), 0));
    cr_expect(eq(int, gen_facts_sometimes("nobody", "budget"), 0));
}
