/* ruling_test.c - rules: who fires, what follows for whom, and which facts were read. */
#include "decide/ruling.h"

#include "unit/decide/setting.h"

/* One rule `r` beside the usual routing. */
static void ruling_decide(struct setting *s, char *routing, size_t size, const char *rule)
{
    snprintf(routing, size, SETTING_ROUTING "rules:\n  r: %s\n", rule);
    s->routing = routing;
    setting_decide(s);
}

Test(ruling, what_rules_do)
{
    static const struct {
        const char *rule, *first;
        bool fired;
        size_t preferred, excluded, kept_out;
    } cases[] = {
        {"{exclude: [cheap]}", "mid/one", true, 0, 2, 0},
        {"{exclude: [cheap/two]}", "cheap/one", true, 0, 1, 0},
        {"{exclude: {where: model.quality < 7.5}}", "mid/one", true, 0, 2, 0},
        {"{exclude: {models: [cheap], where: model.quality > 6.5}}", "cheap/one", true, 0, 1, 0},
        {"{require: [dear]}", "dear/one", true, 0, 0, 3},
        {"{prefer: [mid], weight: 20}", "mid/one", true, 1, 0, 0},
        {"{prefer: [cheap/two], weight: 0.5}", "cheap/one", true, 1, 0, 0}, /* lowered */
        {"{prefer: [cheap/two], weight: 0}", "cheap/one", true, 1, 0, 0},
        {"{when: job.complexity > 4.0, exclude: [cheap]}", "mid/one", true, 0, 2, 0},
        {"{when: job.complexity > 6.0, exclude: [cheap]}", "cheap/two", false, 0, 0, 0},
        {"{when: 'team.plan == \"all\" && now > timestamp(\"2026-01-01T00:00:00Z\")', exclude: "
         "[cheap]}",
         "mid/one", true, 0, 2, 0},
        {"{enabled: false, exclude: [cheap]}", "cheap/two", false, 0, 0, 0},
        {"{exclude: {where: field.count > 3 && candidate.price == field.highestPrice}}",
         "cheap/two", true, 0, 1, 0},
        /* a fault never fires, a `where` with one does not match */
        {"{when: job.deadlineIn < 5.0, exclude: [cheap]}", "cheap/two", false, 0, 0, 0},
        {"{exclude: {where: history.successRate < 0.5}}", "cheap/two", true, 0, 0, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char routing[3000];
        struct setting s = {0};
        const struct gen_rule_record *record;

        ruling_decide(&s, routing, sizeof(routing), cases[i].rule);
        record = &s.decision->rules[0];
        cr_expect(eq(str, (char *)setting_chosen(&s, 0, 0), (char *)cases[i].first), "case %zu", i);
        cr_expect(record->fired == cases[i].fired, "case %zu", i);
        cr_expect(eq(sz, record->preferred, cases[i].preferred), "case %zu", i);
        cr_expect(eq(sz, record->excluded, cases[i].excluded), "case %zu", i);
        cr_expect(eq(sz, record->kept_out, cases[i].kept_out), "case %zu", i);
        cr_expect(eq(int, gen_ruling_used(record),
                     cases[i].preferred + cases[i].excluded + cases[i].kept_out > 0),
                  "case %zu", i);
        setting_end(&s);
    }
}

Test(ruling, reasons_and_faults_are_told)
{
    char routing[3000];
    struct setting s = {0};
    const struct gen_contender *contender;

    ruling_decide(&s, routing, sizeof(routing), "{exclude: [cheap], reason: They are on strike.}");
    contender = setting_contender(&s, 0, "cheap/one");
    cr_expect(eq(int, contender->filter, GEN_FILTER_EXCLUDED));
    cr_expect(eq(str, (char *)contender->rule, "r"));
    cr_expect(
        eq(str, (char *)contender->rejection, "the rule \"r\" excludes it: They are on strike."));
    setting_end(&s);

    s = (struct setting){0};
    ruling_decide(&s, routing, sizeof(routing), "{when: 1 / (job.tier - 2) > 0, exclude: [cheap]}");
    cr_expect(not(s.decision->rules[0].fired));
    cr_expect(strstr(setting_or(s.decision->rules[0].fault, ""), ": division by zero") != NULL, "%s",
              setting_or(s.decision->rules[0].fault, "no fault"));
    cr_expect(strncmp(setting_or(s.decision->rules[0].fault, ""), "routing.yaml:", 13) == 0);
    cr_expect(setting_warned(&s, "the rule \"r\" was left out: routing.yaml:"));
    setting_end(&s);

    /* Kept out by a condition that fails: that is why. */
    s = (struct setting){0};
    ruling_decide(&s, routing, sizeof(routing), "{require: {where: 1 / (model.tier - 2) > 0}}");
    cr_expect(strncmp(setting_contender(&s, 0, "mid/one")->rejection,
                      "the rule \"r\" cannot judge it: routing.yaml:", 41) == 0,
              "%s", setting_contender(&s, 0, "mid/one")->rejection);
    cr_expect(eq(str, (char *)setting_contender(&s, 0, "cheap/one")->rejection,
                 "the rule \"r\" requires others"));
    setting_end(&s);

    /* What is not known is named, with the place in the file and what to write. */
    s = (struct setting){0};
    ruling_decide(&s, routing, sizeof(routing), "{when: job.deadlineIn < 60.0, exclude: [cheap]}");
    cr_expect(setting_warned(&s, "job.deadlineIn is not known here; guard it with has(job.deadlineIn)"));
    setting_end(&s);
}

/* The last rule that holds and names a strategy; the user's word stands above it. */
/* Every fault is a warning of the decision, once, with what was assumed. */
Test(ruling, faults_are_warnings)
{
    static const struct {
        const char *rule, *words;
    } cases[] = {
        {"{exclude: {where: history.successRate < 0.5}}",
         "`exclude` of the rule \"r\" leaves in a model it cannot judge: routing.yaml:"},
        {"{require: {where: history.successRate > 0.5}}",
         "`require` of the rule \"r\" keeps out a model it cannot judge: routing.yaml:"},
        {"{prefer: {where: history.successRate > 0.5}, weight: 2}",
         "`prefer` of the rule \"r\" does not prefer a model it cannot judge: routing.yaml:"},
        {"{when: 1 / (job.tier - 2) > 0, exclude: [cheap]}",
         "the rule \"r\" was left out: routing.yaml:"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char routing[3000];
        struct setting s = {0};
        size_t said = 0;

        ruling_decide(&s, routing, sizeof(routing), cases[i].rule);
        for (size_t k = 0; k < s.decision->warning_count; k++) {
            said += strncmp(s.decision->warnings[k], cases[i].words, strlen(cases[i].words)) == 0;
        }
        cr_expect(eq(sz, said, 1), "case %zu: %s", i,
                  s.decision->warning_count > 0 ? s.decision->warnings[0] : "no warning");
        setting_end(&s);
    }
}

Test(ruling, strategies_of_rules)
{
    static const char rules[] =
        "rules:\n  a: {strategy: race}\n  b: {when: job.duration > 5.0, "
        "strategy: best}\n  c: {when: job.duration > 50.0, strategy: good}\n";
    char routing[3000];
    struct setting s = {.routing = routing};

    snprintf(routing, sizeof(routing), SETTING_ROUTING "%s", rules);
    setting_decide(&s);
    cr_expect(eq(str, (char *)s.decision->strategy->named.name, "best"));
    cr_expect(eq(str, (char *)s.decision->strategy_reason, "by the rule \"b\""));
    cr_expect(s.decision->rules[1].set_strategy && !s.decision->rules[0].set_strategy);
    setting_end(&s);

    s = (struct setting){.routing = routing, .strategy = "plain"};
    setting_decide(&s);
    cr_expect(eq(str, (char *)s.decision->strategy->named.name, "plain"));
    cr_expect(not(s.decision->rules[1].set_strategy));
    setting_end(&s);
}

Test(ruling, facts_that_were_read)
{
    static const struct {
        const char *when;
        const char *facts[4]; /* "name=value", in order */
    } cases[] = {
        {"job.complexity > 4.0", {"job.complexity=5", NULL}},
        {"job.tier == 2 || job.tier == 3", {"job.tier=2", NULL}}, /* once */
        {"has(job.budget) && job.budget > 1.0", {"job.budget=(none)", NULL}},
        {"'job.title == \"job.tier\" && team . plan == \"all\"'",
         {"job.title=\"Sea\"", "team.plan=\"all\"", NULL}}, /* not inside a text */
        {"now > timestamp(0)", {"now=2026-11-22T12:00:00Z", NULL}},
        {"'job.scenes.exists(s, s.duration > 1.0)'", {"job.scenes=[2 of them]", NULL}},
        {"'\"x\" in job.tags'", {"job.tags=[]", NULL}},
        {"'job.scenes.exists(x, x.index == job.tier)'",
         {"job.scenes=[2 of them]", "job.tier=2", NULL}},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char routing[3000], rule[300];
        struct setting s = {.brief = "title: Sea\n" SETTING_BRIEF};
        const struct gen_rule_record *record;
        size_t count = 0;

        snprintf(rule, sizeof(rule), "{when: %s, exclude: [dear]}", cases[i].when);
        ruling_decide(&s, routing, sizeof(routing), rule);
        record = &s.decision->rules[0];
        for (; cases[i].facts[count] != NULL; count++) {
            const char *text = "";

            if (count < record->fact_count) {
                text = gen_arena_printf(s.arena, "%s=%s", record->facts[count].name,
                                        setting_or(record->facts[count].value, "(none)"));
            }
            cr_expect(eq(str, (char *)text, (char *)cases[i].facts[count]), "case %zu", i);
        }
        cr_expect(eq(sz, record->fact_count, count), "case %zu", i);
        setting_end(&s);
    }
}
