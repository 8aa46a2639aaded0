/* demand_test.c - complexity by the signals of a policy: shares, clamping, faults, tiers, scenes. */
#include "decide/demand.h"

#include "unit/decide/setting.h"

#include <math.h>

#define ROUTING_WITH(complexity) \
    "strategy: plain\ntiers:\n  simple: {tier: 1, from: 1}\n  medium: {tier: 2, from: 4}\n" \
    "  complex: {tier: 3, from: 7}\ncomplexity: " complexity "\n" \
    "scores: {thrift: -candidate.price}\nstrategies: {plain: {score: thrift, tiersBelow: 2}}\n"

Test(demand, score_and_tier)
{
    static const struct {
        const char *complexity;
        double score;
        int tier;
    } cases[] = {
        {"{base: 1}", 1.0, 1},
        {"{base: 3.9}", 3.9, 1},
        {"{base: 4}", 4.0, 2},
        {"{base: 6.96}", 7.0, 3}, /* what is shown is what counts */
        {"{base: 1, signals: {scenes: {value: double(job.sceneCount), weight: 1.5}}}", 4.0, 2},
        {"{base: 1, signals: {scenes: {value: double(job.sceneCount), weight: 1.5, most: 2}}}", 3.0,
         1},
        {"{base: 5, signals: {less: {value: '1.0', weight: -3, most: 2}}}", 3.0, 1},
        {"{base: 1, most: 6, signals: {much: {value: '100.0', weight: 1}}}", 6.0, 2},
        {"{base: 5, least: 2, signals: {less: {value: '100.0', weight: -1}}}", 2.0, 1},
        /* a fault counts nothing, and neither does what is no finite number */
        {"{base: 4, signals: {gone: {value: job.deadlineIn, weight: 1}}}", 4.0, 2},
        {"{base: 4, signals: {endless: {value: 1.0 / (job.urgency * 0.0), weight: 1}}}", 4.0, 2},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char routing[1200];
        struct setting s = {.routing = routing};

        snprintf(routing, sizeof(routing), ROUTING_WITH("%s"), cases[i].complexity);
        setting_decide(&s);
        cr_expect(eq(dbl, s.decision->demand.score, cases[i].score), "case %zu", i);
        cr_expect(eq(int, s.decision->demand.tier, cases[i].tier), "case %zu", i);
        setting_end(&s);
    }
}

/* Every signal has its row; base and shares give the score; a fault is told. */
Test(demand, shares_explain_the_score)
{
    struct setting s = {.routing = ROUTING_WITH(
                            "{base: 1, signals: {a: {value: job.generatedShare, weight: 2}, "
                            "b: {value: job.deadlineIn}, c: {value: job.duration, weight: 0.1}}}")};
    const struct gen_demand *demand;

    setting_decide(&s);
    demand = &s.decision->demand;
    cr_assert(eq(sz, demand->share_count, 3));
    cr_expect(eq(str, (char *)demand->shares[0].name, "a"));
    cr_expect(eq(dbl, demand->shares[0].value, 1.0));
    cr_expect(eq(dbl, demand->shares[0].share, 2.0));
    cr_expect(ne(ptr, (void *)demand->shares[1].fault, NULL));
    cr_expect(eq(sz, s.decision->warning_count, 1));
    cr_expect(strstr(s.decision->warnings[0], "the signal \"b\" adds nothing") != NULL, "%s",
              s.decision->warnings[0]);
    cr_expect(eq(dbl, demand->shares[1].share, 0.0));
    cr_expect(eq(dbl, demand->shares[2].share, 1.0));
    cr_expect(eq(dbl, demand->score, 4.0));
    setting_end(&s);
}

/* Signals of the job see its scenes, each measured as if it were alone. */
Test(demand, scenes_are_measured_first)
{
    struct setting s = {
        .routing = ROUTING_WITH("{base: 1, signals: {own: {value: job.presenterShare, weight: 4}, "
                                "hard: {value: 'double(job.scenes.filter(s, s.complexity > "
                                "4.5).size())', weight: 0.5}}}"),
        .brief = "scenes: [{prompt: a, duration: 2}, {prompt: b, presenter: true, duration: 2}]\n"};

    setting_decide(&s);
    cr_expect(eq(dbl, s.decision->demand.shares[0].share, 2.0));
    cr_expect(eq(dbl, s.decision->demand.shares[1].share, 0.5), "one scene is hard");
    setting_end(&s);
}

/* The shipped policy gives the tiers that the product asks for. */
Test(demand, shipped_policy)
{
    static const struct {
        const char *what, *brief;
        int tier;
    } cases[] = {
        {"cards with words", "scenes: [{overlay: a, duration: 2}, {overlay: b, duration: 2}]\n", 1},
        {"a slide show",
         "scenes: [{assets: [a.png], duration: 2}, {assets: [b.png], duration: 2}]\n", 1},
        {"one generated scene", "scenes: [{prompt: a sea, duration: 5}]\n", 2},
        {"a spokesperson",
         "scenes: [{prompt: a, assets: [a.png], presenter: true, dialogue: hello, duration: 5}]\n",
         2},
        {"a generated film with voices, in 4k at 60",
         "scenes: [{prompt: a, dialogue: hello, duration: 20}, {prompt: b, dialogue: hello, "
         "duration: "
         "20},\n  {prompt: c, dialogue: hello, duration: 20}, {prompt: d, duration: 20}]\n"
         "variations: [{resolution: 3840x2160}]\nframeRate: 60\n",
         3},
    };
    struct gen_policy_problems problems;
    struct gen_policy_set *shipped = NULL;
    struct gen_error err = {0};
    enum gen_status status;

    gen_policy_problems_init(&problems);
    status = gen_policy_load(GEN_SOURCE_DIR "/policies", 0, &problems, &shipped, &err);
    cr_assert(eq(int, status, GEN_OK), "%s",
              problems.count == 0 ? err.message : problems.items[0].error.message);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {.brief = cases[i].brief};

        setting_prepare(&s);
        s.question.policy = shipped;
        cr_assert(eq(int, gen_decision_make(&s.question, s.arena, &s.decision, &s.err), GEN_OK));
        cr_expect(eq(int, s.decision->demand.tier, cases[i].tier), "%s: %g", cases[i].what,
                  s.decision->demand.score);
        setting_end(&s);
    }
    gen_policy_destroy(shipped);
    gen_policy_problems_fini(&problems);
}
