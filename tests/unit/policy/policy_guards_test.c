/* Facts that may not be there: read without a guard or behind one. */
#include "sample.h"

#include "policy/policy_guards.h"

#include "base/alloc.h"

struct row {
    const struct gen_domain *domain;
    const char *text;
    const char *gaps; /* "job.budget@4 ", in the order of the text; "" = none */
};

static const struct row rows[] = {
    /* always there */
    {&gen_domain_guard, "job.urgency > 0.8 && team.spent > 1.0", ""},
    {&gen_domain_guard, "job.scenes.exists(s, s.complexity > 5.0)", ""}, /* of a scene of the job */
    /* not always */
    {&gen_domain_guard, "job.deadlineIn < 60.0", "job.deadlineIn@4 "},
    {&gen_domain_guard, "job.budget > 1.0 || team.remaining < job.budget", "job.budget@4 team.remaining@25 "},
    {&gen_domain_where, "model.endOfLifeIn < 60.0 && history.quality > 5.0",
     "model.endOfLifeIn@6 history.quality@36 "},
    {&gen_domain_where, "\"avatar\" in scene.needs", "scene.needs@18 "},
    {&gen_domain_output, "output.scores.motion > 5.0", "output.scores.motion@14 "},
    {&gen_domain_output, "output.scores[\"motion\"] > 5.0", "output.scores.motion@13 "},
    {&gen_domain_signal, "job.budget / 2.0", "job.budget@4 "},
    /* the same chain of &&, on whatever side */
    {&gen_domain_guard, "has(job.deadlineIn) && job.deadlineIn < 60.0", ""},
    {&gen_domain_guard, "job.deadlineIn < 60.0 && has(job.deadlineIn)", ""},
    {&gen_domain_guard, "job.sandbox && has(job.budget) && (job.budget < 1.0 || job.budget > 9.0)", ""},
    {&gen_domain_guard, "has(job.budget) && job.deadlineIn < 60.0", "job.deadlineIn@23 "},
    {&gen_domain_guard, "(has(job.budget) && has(job.deadlineIn)) && job.budget < job.deadlineIn", ""},
    {&gen_domain_where, "has(scene.id) && scene.tier == 3", "scene.tier@23 "}, /* each for itself */
    /* an entry of a map */
    {&gen_domain_output, "has(output.scores.motion) && output.scores.motion > 5.0", ""},
    {&gen_domain_output, "\"motion\" in output.scores && output.scores.motion > 5.0", ""},
    {&gen_domain_output, "\"noise\" in output.scores && output.scores.motion > 5.0", "output.scores.motion@42 "},
    /* || : what makes the chain true makes the rest unimportant */
    {&gen_domain_guard, "!has(job.deadlineIn) || job.deadlineIn > 60.0", ""},
    {&gen_domain_guard, "has(job.deadlineIn) || job.deadlineIn > 60.0", "job.deadlineIn@27 "},
    {&gen_domain_guard, "(has(job.budget) || has(job.deadlineIn)) && job.budget > 1.0", "job.budget@48 "},
    {&gen_domain_guard, "!(!has(job.budget) || job.sandbox) && job.budget > 1.0", ""},
    {&gen_domain_guard, "!(has(job.budget) && job.sandbox) || job.budget > 1.0", ""},
    {&gen_domain_guard, "!(has(job.budget) && job.sandbox) && job.budget > 1.0", "job.budget@41 "},
    /* ? : */
    {&gen_domain_signal, "has(job.budget) ? job.budget : 0.0", ""},
    {&gen_domain_signal, "!has(job.budget) ? 0.0 : job.budget", ""},
    {&gen_domain_signal, "has(job.budget) ? 0.0 : job.budget", "job.budget@28 "},
    {&gen_domain_signal, "(has(job.budget) ? job.budget : 0.0) + job.budget", "job.budget@43 "},
    /* optional access needs none */
    {&gen_domain_signal, "job.?budget.orValue(1.0)", ""},
    {&gen_domain_signal, "job.?budget.orValue(job.deadlineIn)", "job.deadlineIn@24 "},
    /* inside macros and calls */
    {&gen_domain_guard, "job.scenes.exists(s, s.duration > job.deadlineIn)", "job.deadlineIn@38 "},
    {&gen_domain_guard, "has(job.deadlineIn) && job.scenes.exists(s, s.duration > job.deadlineIn)", ""},
    {&gen_domain_guard, "[{'budget': 1.0}].exists(job, job.budget > 0.0)", ""}, /* another job */
    {&gen_domain_signal, "math.greatest(job.budget, 1.0)", "job.budget@18 "},
    {NULL, NULL, NULL},
};

static const char *found(const struct row *row, struct gen_arena *arena)
{
    struct gen_policy_gap gaps[GEN_POLICY_GUARDS_MOST];
    struct gen_error err = {0};
    const char *text = "";
    size_t count = 0;

    cr_assert(eq(int, gen_policy_guards_find(row->text, strlen(row->text), row->domain->variables, arena,
                                             gaps, &count, &err), GEN_OK), "%s: %s", row->text, err.message);
    for (size_t i = 0; i < count; i++) {
        text = gen_arena_printf(arena, "%s%s@%u ", text, gaps[i].fact, gaps[i].offset);
    }
    return text;
}

Test(policy_guards, gaps)
{
    struct gen_arena *arena = gen_arena_create(0);

    for (const struct row *row = rows; row->domain != NULL; row++) {
        cr_expect(eq(str, (char *)found(row, arena), (char *)row->gaps), "%s", row->text);
    }
    gen_arena_destroy(arena);
}

/* Whatever is there and what is not: an expression without a gap never ends in a fault. */
Test(policy_guards, no_gap_no_fault)
{
    static const double number = 30.0;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_error err = {0};
    size_t runs = 0, faults = 0;

    for (const struct row *row = rows; row->domain != NULL; row++) {
        struct gen_expression *program = NULL;

        if (row->domain == &gen_domain_output) {
            continue; /* struct gen_facts has none */
        }
        cr_assert(eq(int, gen_expression_compile(row->domain->variables, row->text, strlen(row->text),
                                                 0, arena, &program, NULL, &err),
                     GEN_OK));
        for (unsigned there = 0; there < 32; there++) {
            struct gen_run run = {.arena = arena, .budget = GEN_FACTS_BUDGET};
            struct gen_facts *facts = NULL;
            bool fault;

            cr_assert(eq(int, gen_facts_create(arena, 0, &facts, &err), GEN_OK));
            facts->job[GEN_FACT_JOB_SANDBOX] = gen_value_bool((there & 1) != 0);
            facts->job[GEN_FACT_JOB_URGENCY] = gen_value_double(0);
            facts->job[GEN_FACT_JOB_SCENES] = gen_value_list(NULL, 0);
            facts->team[GEN_FACT_TEAM_SPENT] = gen_value_double(0);
            if ((there & 2) != 0) {
                facts->job[GEN_FACT_JOB_BUDGET] = gen_value_double(number);
            }
            if ((there & 4) != 0) {
                facts->job[GEN_FACT_JOB_DEADLINE_IN] = gen_value_double(number);
            }
            if ((there & 8) != 0) {
                facts->team[GEN_FACT_TEAM_REMAINING] = gen_value_double(number);
            }
            if ((there & 16) != 0) {
                facts->history[GEN_FACT_HISTORY_QUALITY] = gen_value_double(number);
            }
            fault = gen_value_is(gen_expression_run(program, facts->values, &run), GEN_KIND_FAULT);
            cr_expect(eq(int, fault && row->gaps[0] == '\0', 0), "%s, case %u", row->text, there);
            faults += fault;
            runs++;
        }
    }
    cr_expect(gt(sz, runs, 500));
    cr_expect(gt(sz, faults, 50)); /* those with gaps do end in them */
    gen_arena_destroy(arena);
}

/* What a set says of them: a place in the file, and what to write. */
Test(policy_guards, warnings_of_a_set)
{
    struct sample s;

    sample_compile(&s, "routing.yaml", "job.duration > 5.0", "job.deadlineIn > 5.0");
    cr_expect(eq(int, s.status, GEN_OK));
    cr_expect(eq(str, (char *)sample_text(&s),
                 "p/routing.yaml:18:14: rules.presenters.when: warning: job.deadlineIn is not always "
                 "there; guard it: has(job.deadlineIn) && ...\n"));
    sample_end(&s);
    sample_compile(&s, "routing.yaml", "job.presenterShare", "job.budget / 9.0");
    cr_expect(eq(str, (char *)sample_text(&s),
                 "p/routing.yaml:6:28: complexity.signals.presenter.value: warning: job.budget is not "
                 "always there; guard it: has(job.budget) ? ... : ...\n"));
    sample_end(&s);
}

/* The fact behind a fault. */
Test(policy_guards, fact_at_a_byte)
{
    struct gen_arena *arena = gen_arena_create(0);
    const char text[] = "job.tier > 1 && output.scores[\"a\"] > 1.0 && f(job).x == 1";

    cr_expect(eq(str, (char *)gen_policy_guards_fact(text, strlen(text), 4, arena), "job.tier"));
    cr_expect(eq(str, (char *)gen_policy_guards_fact(text, strlen(text), 29, arena), "output.scores.a"));
    cr_expect(eq(ptr, (void *)gen_policy_guards_fact(text, strlen(text), 9, arena), NULL));
    cr_expect(eq(ptr, (void *)gen_policy_guards_fact(text, strlen(text), 51, arena), NULL));
    cr_expect(eq(ptr, (void *)gen_policy_guards_fact("(", 1, 0, arena), NULL));
    gen_arena_destroy(arena);
}

/* Many facts, deep and wide: an answer, not a wait. The names of real scores are few: these are any. */
static const struct gen_type many_scores = {
    .kind = GEN_KIND_MAP, .key = &gen_type_string, .item = &gen_type_double};
static const struct gen_shape_field many_fields[] = {{"scores", &many_scores, ""}, {0}};
static const struct gen_shape many_shape = {"output", many_fields, ""};
static const struct gen_type many_type = {.kind = GEN_KIND_RECORD, .shape = &many_shape};
static const struct gen_variable many_variables[] = {{"output", &many_type, ""}, {0}};

Test(policy_guards, large, .timeout = 20)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_policy_gap gaps[GEN_POLICY_GUARDS_MOST];
    struct gen_error err = {0};
    struct gen_bytes text;
    size_t count = 0;

    gen_bytes_init(&text, 1 << 20);
    gen_bytes_text(&text, "true");
    for (size_t i = 0; i < 3000; i++) {
        gen_bytes_printf(&text, " && output.scores.n%zu > 1.0", i);
    }
    cr_expect(eq(int, gen_policy_guards_find(text.data, text.size, many_variables, arena, gaps,
                                             &count, &err), GEN_OK), "%s", err.message);
    cr_expect(eq(sz, count, GEN_POLICY_GUARDS_MOST));
    gen_bytes_fini(&text);
    gen_arena_destroy(arena);
}

Test(policy_guards, no_memory)
{
    const char text[] = "has(job.budget) && job.deadlineIn > job.budget";
    enum gen_status status = GEN_ENOMEM;

    for (uint64_t nth = 1; status != GEN_OK && nth < 1000; nth++) {
        struct gen_policy_gap gaps[GEN_POLICY_GUARDS_MOST];
        struct gen_arena *arena = gen_arena_create(0);
        size_t count = 0;

        gen_alloc_fail_at(nth);
        status = gen_policy_guards_find(text, strlen(text), gen_domain_guard.variables, arena, gaps,
                                        &count, NULL);
        gen_alloc_fail_at(0);
        cr_expect(status == GEN_OK || status == GEN_ENOMEM, "%d", status);
        gen_arena_destroy(arena);
    }
    cr_expect(eq(int, status, GEN_OK));
}
