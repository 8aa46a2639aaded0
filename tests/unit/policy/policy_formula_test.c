/* Expressions that fail when they run: the place in the file, and what to do. */
#include "sample.h"

#include "policy/policy_formula.h"

static const struct {
    const char *find, *put; /* in routing.yaml */
    const char *says;
} rows[] = {
    /* a fact that is not there */
    {"job.duration > 5.0", "job.deadlineIn > 5.0",
     "routing.yaml:18:14: job.deadlineIn is not known here; guard it with has(job.deadlineIn)"},
    /* the column is that of the character, whatever YAML did to the text */
    {">-\n      \"avatar\" in job.needs\n      && job.duration > 5.0",
     "\"'\\u00e9' == '\xC3\xA9' && job.budget > 1.0\"",
     "routing.yaml:16:35: job.budget is not known here; guard it with has(job.budget)"},
    /* other faults keep their words */
    {"job.duration > 5.0", "1 / size(job.tags) > 0", "routing.yaml:18:12: division by zero"},
    {"job.duration > 5.0", "{'a': 1}[job.title] > 0", "routing.yaml:18:18: no such key: "},
};

Test(policy_formula, faults)
{
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct sample s;
        struct gen_facts *facts = NULL;
        const struct gen_routing_rule *rules;
        struct gen_value needs = gen_value_text("avatar"), result;
        const char *said;

        sample_compile(&s, "routing.yaml", rows[i].find, rows[i].put);
        cr_assert(eq(int, s.status, GEN_OK), "%s", sample_text(&s));
        cr_assert(eq(int, gen_facts_create(s.arena, s.set->score_count, &facts, &s.err), GEN_OK));
        facts->job[GEN_FACT_JOB_NEEDS] = gen_value_list(&needs, 1);
        facts->job[GEN_FACT_JOB_TAGS] = gen_value_list(NULL, 0);
        facts->job[GEN_FACT_JOB_TITLE] = gen_value_text("b");
        rules = s.set->routing->rules.items;
        result = gen_expression_run(rules[0].when.program, facts->values,
                                    &(struct gen_run){.arena = s.arena, .budget = GEN_FACTS_BUDGET});
        cr_assert(eq(int, result.kind, GEN_KIND_FAULT), "%s", rows[i].put);
        said = gen_policy_formula_fault(s.set, &rules[0].when, result, s.arena);
        cr_expect(eq(int, strncmp(said, rows[i].says, strlen(rows[i].says)), 0), "%s", said);
        sample_end(&s);
    }
}

/* Every expression of a set knows its file. */
Test(policy_formula, files)
{
    struct sample s;
    const struct gen_quality_rule *rule;
    const struct gen_routing_score *scores;

    sample_compile(&s, NULL, NULL, NULL);
    rule = s.set->quality->rules.items;
    scores = s.set->routing->scores.items;
    cr_expect(eq(sz, s.set->formula_count, 7));
    cr_expect(eq(str, (char *)gen_policy_formula_said(s.set, &rule->when, "x", s.arena),
                 "quality.yaml:3:17: x"));
    cr_expect(eq(str, (char *)gen_policy_formula_said(s.set, &scores[2].formula, "x", s.arena),
                 "routing.yaml:10:12: x"));
    /* one that stands in no file */
    cr_expect(eq(str, (char *)gen_policy_formula_said(s.set, &(struct gen_formula){.text = "1"}, "x",
                                                      s.arena), "x"));
    sample_end(&s);
}
