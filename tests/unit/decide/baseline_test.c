/* baseline_test.c - what the same outputs would have cost: by whom, for how much, and when nobody can say. */
#include "unit/decide/setting.h"

#include "decide/baseline.h"

#define ROUTING_WITH(baseline) \
    "strategy: plain\n" \
    "tiers:\n" \
    "  simple: {tier: 1, from: 1, baseline: " baseline "}\n" \
    "  medium: {tier: 2, from: 4, baseline: " baseline "}\n" \
    "  complex: {tier: 3, from: 7, baseline: " baseline "}\n" \
    "complexity: {base: 1}\n" \
    "scores: {thrift: -candidate.price, best: candidate.quality}\n" \
    "strategies:\n" \
    "  plain: {score: thrift, tiersBelow: 2, tiersAbove: 2}\n" \
    "  scenes: {score: best, unit: scene, tiersBelow: 2, tiersAbove: 2}\n"
#define TWO "variations: ['16:9', '9:16']\n" SETTING_BRIEF
#define BULK \
    "id: cheap\nprices: [{model: '*', perSecond: 0.01, bulk: [{seconds: 100, perSecond: 0.004}]}]\n"

/* Ten seconds: the cheap ones $0.10, mid/one $0.50, dear/one $2.00. */
Test(baseline, whose_price_it_is)
{
    static const struct {
        const char *routing, *brief, *strategy;
        enum gen_baseline_kind kind;
        const char *model;
        gen_micros each;     /* of a variation */
        const char *says;
    } cases[] = {
        /* the first that the brief names counts, chosen or not */
        {NULL, "models: [dear/one, cheap/one]\n" SETTING_BRIEF, NULL, GEN_BASELINE_NAMED, "dear/one",
         2000000, "names first"},
        {NULL, "models: [cheap/one]\n" SETTING_BRIEF, NULL, GEN_BASELINE_NAMED, "cheap/one", 100000,
         "names first"},
        /* before that of the tier */
        {ROUTING_WITH("mid/one"), "models: [dear/one, cheap/one]\n" SETTING_BRIEF, NULL,
         GEN_BASELINE_NAMED, "dear/one", 2000000, "names first"},
        {ROUTING_WITH("mid/one"), SETTING_BRIEF, NULL, GEN_BASELINE_TIER, "mid/one", 500000,
         "routing.yaml names for tier"},
        {ROUTING_WITH("mid"), SETTING_BRIEF, NULL, GEN_BASELINE_TIER, "mid/one", 500000, "tier"},
        /* scene by scene it is the same sum */
        {ROUTING_WITH("mid/one"), SETTING_BRIEF, "scenes", GEN_BASELINE_TIER, "mid/one", 500000,
         "tier"},
        /* two videos cost twice as much */
        {ROUTING_WITH("mid/one"), TWO, NULL, GEN_BASELINE_TIER, "mid/one", 500000, "tier"},
        /* nobody knows */
        {NULL, SETTING_BRIEF, NULL, GEN_BASELINE_NONE, "", 0, "no baseline for the tier"},
        {ROUTING_WITH("gone/one"), SETTING_BRIEF, NULL, GEN_BASELINE_NONE, "", 0, "not loaded"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {.routing = cases[i].routing, .brief = cases[i].brief,
                            .strategy = cases[i].strategy};
        struct gen_baseline it;

        setting_decide(&s);
        cr_assert(eq(int, s.decision->verdict, GEN_OK), "case %zu: %s", i,
                  s.decision->refusal.message);
        cr_assert(eq(int, gen_baseline_make(s.decision, s.arena, &it, &s.err), GEN_OK));
        cr_expect(eq(int, it.kind, cases[i].kind), "case %zu: %s", i, it.reason);
        cr_expect(eq(str, (char *)it.model, (char *)cases[i].model), "case %zu", i);
        cr_expect(strstr(it.reason, cases[i].says) != NULL, "case %zu: %s", i, it.reason);
        cr_assert(eq(sz, it.count, s.parsed->variations.count));
        for (size_t k = 0; k < it.count; k++) {
            cr_expect(it.variations[k] == cases[i].each, "case %zu: %lld", i,
                      (long long)it.variations[k]);
        }
        setting_end(&s);
    }
}

#define NIGHT \
    "id: cheap\nprices: [{model: '*', perSecond: 0.01}, {model: '*', hours: '12:00-13:00', " \
    "perSecond: 0.006, bulk: [{seconds: 100, perSecond: 0.004}]}]\n"

/* So does the hour; volume saves what is left after it, so that the parts add up. */
Test(baseline, off_peak_is_a_saving_of_its_own)
{
    static const struct {
        const char *world;
        gen_micros price, off_peak, batch;
    } cases[] = {
        {SETTING_WORLD, 60000, 40000, 0},
        {SETTING_WORLD "providers: {cheap: {volume: 150}}\n", 40000, 40000, 20000},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {.routing = ROUTING_WITH("cheap/one"), .provider = NIGHT,
                            .world = cases[i].world};
        struct gen_pipeline pipeline = {.variation = 0, .provider = "cheap", .model = "one"};
        struct gen_discounts off;
        struct gen_baseline it;

        setting_decide(&s);
        cr_assert(eq(int, s.decision->verdict, GEN_OK), "%s", s.decision->refusal.message);
        cr_expect(eq(i64, s.decision->price, cases[i].price));
        pipeline.model = s.decision->contests[0].chosen[0]->model->id;
        cr_assert(eq(int, gen_baseline_make(s.decision, s.arena, &it, &s.err), GEN_OK));
        cr_expect(eq(i64, it.variations[0], 100000));
        off = gen_baseline_of_pipeline(s.decision, &pipeline, s.arena);
        cr_expect(eq(i64, off.off_peak, cases[i].off_peak));
        cr_expect(eq(i64, off.batch, cases[i].batch));
        setting_end(&s);
    }
}

/* What was bought before makes the chosen one cheaper; the baseline does not profit of it. */
Test(baseline, volume_is_a_saving_of_its_own)
{
    struct setting s = {.routing = ROUTING_WITH("cheap/one"),
                        .provider = BULK,
                        .world = SETTING_WORLD "providers: {cheap: {volume: 150}}\n"};
    struct gen_pipeline pipeline = {.variation = 0, .provider = "cheap", .model = "one"};
    struct gen_baseline it;

    setting_decide(&s);
    cr_assert(eq(int, s.decision->verdict, GEN_OK), "%s", s.decision->refusal.message);
    cr_assert(s.decision->price == 40000, "%lld", (long long)s.decision->price);
    pipeline.model = s.decision->contests[0].chosen[0]->model->id;
    cr_assert(eq(int, gen_baseline_make(s.decision, s.arena, &it, &s.err), GEN_OK));
    cr_expect(it.variations[0] == 100000, "%lld", (long long)it.variations[0]);
    cr_expect(gen_baseline_of_pipeline(s.decision, &pipeline, s.arena).batch == 60000);
    pipeline.variation = 7; /* not of this job */
    cr_expect(gen_baseline_of_pipeline(s.decision, &pipeline, s.arena).batch == 0);
    setting_end(&s);
}
