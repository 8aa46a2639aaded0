/* decision_test.c - whole decisions: who is chosen, who is not and why, and what is said of it. */
#include "unit/decide/setting.h"

Test(decision, the_score_of_the_strategy_decides)
{
    static const struct {
        const char *strategy, *first;
    } cases[] = {
        {NULL, "cheap/two"},   /* the policy's: equal prices, the better one */
        {"best", "dear/one"},  /* quality */
        {"good", "mid/one"},   /* the cheapest of those that are good */
        {"race", "cheap/one"}, /* the fastest */
    };
    struct setting brief = {.brief = "strategy: best\n" SETTING_BRIEF};

    setting_decide(&brief); /* the brief's own word */
    cr_expect(eq(str, (char *)setting_chosen(&brief, 0, 0), "dear/one"));
    setting_end(&brief);

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {.strategy = cases[i].strategy};

        setting_decide(&s);
        cr_assert(eq(int, s.decision->verdict, GEN_OK), "%s", s.decision->refusal.message);
        cr_expect(eq(str, (char *)setting_chosen(&s, 0, 0), (char *)cases[i].first), "case %zu", i);
        cr_expect(eq(str, (char *)s.decision->strategy->named.name,
                     (char *)setting_or(cases[i].strategy, "plain")));
        setting_end(&s);
    }
}

/* What keeps a model out, its filter and words of its sentence. The last model of the world is looked at. */
Test(decision, every_filter_has_its_sentence)
{
    static const struct {
        enum gen_filter filter;
        const char *model, *world, *brief, *access, *provider, *strategy, *words;
        gen_micros limit;
    } cases[] = {
        {GEN_FILTER_NAMED, "dear/one", NULL, SETTING_BRIEF "models: [cheap/one]\n", NULL, NULL,
         NULL, "names other models", 0},
        {GEN_FILTER_READY, "dear/one",
         SETTING_WORLD "providers: {dear: {unready: has no credential}}\n", NULL, NULL, NULL, NULL,
         "has no credential", 0},
        {GEN_FILTER_ENABLED, "cheap/one", NULL, NULL, NULL,
         "id: cheap\nmodels: {one: {enabled: false}}\nprices: [{model: '*', perSecond: 0.01}]\n",
         NULL, "providers/cheap.yaml switches the model off", 0},
        {GEN_FILTER_ENABLED, "cheap/two", NULL, NULL, NULL, "id: cheap\nenabled: false\n", NULL,
         "providers/cheap.yaml switches the provider off", 0},
        {GEN_FILTER_END_OF_LIFE, "cheap/one", NULL, NULL, NULL,
         "id: cheap\nmodels: {one: {endOfLife: '2026-09-30', replacement: two}, two: {tier: 2}}\n"
         "prices: [{model: '*', perSecond: 0.01}]\n",
         NULL, "on 2026-09-30; it is replaced by two", 0},
        {GEN_FILTER_ACCESS, "dear/one", NULL, NULL, "plan: all\nplans: {all: {mostTier: 2}}\n",
         NULL, NULL, "up to tier 2", 0},
        {GEN_FILTER_ACCESS, "mid/one", NULL, NULL, "plan: all\nplans: {all: {exclude: [mid]}}\n",
         NULL, NULL, "excludes it", 0},
        {GEN_FILTER_SCENES, "whole/one",
         SETTING_WORLD "  whole/one: {wholeStoryboard: true, maxScenes: 1, maxDuration: 60}\n",
         NULL, NULL, NULL, NULL, "at most 1 scenes, asked are 2", 0},
        {GEN_FILTER_DURATION, "short/one", SETTING_WORLD "  short/one: {maxDuration: 0.07}\n", NULL,
         NULL, NULL, NULL, "at most 0.07 s at once; scene", 0},
        {GEN_FILTER_DURATION, "whole/one", /* the sum counts */
         SETTING_WORLD "  whole/one: {wholeStoryboard: true, maxDuration: 9}\n", NULL, NULL, NULL,
         NULL, "at most 9 s at once, asked are 10 s", 0},
        {GEN_FILTER_SIZE, "small/one",
         SETTING_WORLD "  small/one: {maxWidth: 1024, maxHeight: 576}\n", NULL, NULL, NULL, NULL,
         "at most 1024x576, asked is 1920x1080", 0},
        {GEN_FILTER_SIZE, "whole/one", /* nobody enlarges what is delivered as it comes */
         SETTING_WORLD "  whole/one: {wholeStoryboard: true, maxDuration: 60, maxWidth: 1280, "
                       "maxHeight: 720}\n",
         NULL, NULL, NULL, NULL, "at most 1280x720, asked is 1920x1080", 0},
        {GEN_FILTER_SIZE, "tall/one",
         SETTING_WORLD "  tall/one: {anyRatio: false, sizes: [720x1280]}\n", NULL, NULL, NULL, NULL,
         "does not render the shape 16:9", 0},
        {GEN_FILTER_FRAME_RATE, "slow/one", SETTING_WORLD "  slow/one: {maxFrameRate: 15}\n", NULL,
         NULL, NULL, NULL, "at most 15 frames a second, asked are 30", 0},
        {GEN_FILTER_ASSETS, "few/one", SETTING_WORLD "  few/one: {maxPrompt: 3}\n", NULL, NULL,
         NULL, NULL, "prompts of at most 3 characters", 0},
        {GEN_FILTER_ASSETS, "few/one", SETTING_WORLD "  few/one: {maxAssets: 1}\n",
         "scenes: [{assets: [a.png, b.png], duration: 5}]\n", NULL, NULL, NULL,
         "at most 1 assets in one call, needed are 2", 0},
        {GEN_FILTER_UNMET, "cheap/two", NULL,
         "scenes: [{prompt: a, presenter: true, dialogue: hello, duration: 5}]\n", NULL, NULL,
         "strict", "lacks avatar and more", 0},
        {GEN_FILTER_BREAKER, "dear/one",
         SETTING_WORLD "providers: {dear: {breaker: open, health: 0.1}}\n", NULL, NULL, NULL, NULL,
         "dear fails at the moment", 0},
        {GEN_FILTER_TIER, "dear/one", NULL, NULL, NULL, NULL, "strict",
         "of tier 3, asked is tier 2", 0},
        {GEN_FILTER_QUALITY, "cheap/one", NULL, NULL, NULL, NULL, "good",
         "expected quality is 6.0, at least 8.0", 0},
        {GEN_FILTER_RELIABILITY, "shaky/one",
         SETTING_WORLD "  shaky/one: {history: {attempts: 50, successRate: 0.5}}\n", NULL, NULL,
         NULL, "sure", "57.5 % of cases, at least 90.0 %", 0},
        {GEN_FILTER_PRICE, "none/one", SETTING_WORLD "  none/one: {tier: 2}\n", NULL, NULL, NULL,
         NULL, "has no price", 0},
        {GEN_FILTER_BUDGET, "dear/one", NULL, NULL, NULL, NULL, NULL,
         "can cost up to $2.20, the budget is $1.00", 1000000},
        {GEN_FILTER_DEADLINE, "dear/one", NULL, SETTING_BRIEF "deadline: 2026-11-22T12:00:30Z\n",
         NULL, NULL, NULL, "expected to take 40 s, the deadline is in 30 s", 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {.world = cases[i].world,
                            .brief = cases[i].brief,
                            .access = cases[i].access,
                            .provider = cases[i].provider,
                            .strategy = cases[i].strategy,
                            .limit = cases[i].limit};
        const struct gen_contender *contender;

        setting_decide(&s);
        contender = setting_contender(&s, 0, cases[i].model);
        cr_expect(eq(int, contender->filter, cases[i].filter), "case %zu: %s, %s", i,
                  setting_or(gen_filter_word(contender->filter), "in"),
                  setting_or(contender->rejection, ""));
        cr_expect(contender->rejection != NULL &&
                      strstr(contender->rejection, cases[i].words) != NULL,
                  "case %zu: %s", i, setting_or(contender->rejection, "in"));
        cr_expect(not(contender->chosen));
        cr_expect(ne(u64, s.decision->filters_used >> cases[i].filter & 1, 0), "case %zu", i);
        cr_expect(eq(int, s.decision->verdict, GEN_OK), "case %zu: %s", i,
                  s.decision->refusal.message);
        setting_end(&s);
    }
}

/* The user's word passes the softer limits, with a warning; hard ones stay. */
Test(decision, named_models)
{
    static const struct {
        const char *world, *models, *strategy, *first, *warning;
        enum gen_status verdict;
    } cases[] = {
        {NULL, "[dear/one, cheap/one]", NULL, "dear/one", NULL, GEN_OK}, /* in the user's order */
        {NULL, "[cheap/*]", NULL, "cheap/two", NULL, GEN_OK},            /* all of a provider */
        {NULL, "[dear/one]", "strict", "dear/one", "of tier 3", GEN_OK},
        {NULL, "[cheap/one]", "good", "cheap/one", "expected quality is 6.0", GEN_OK},
        {SETTING_WORLD "providers: {dear: {breaker: open}}\n", "[dear/one]", NULL, "dear/one",
         "fails at the moment", GEN_OK},
        {SETTING_WORLD "providers: {dear: {unready: has no credential}}\n", "[dear/one]", NULL, "",
         NULL, GEN_EUNSUPPORTED},
        {NULL, "[nobody/one]", NULL, "", NULL, GEN_EUNSUPPORTED},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char brief[400];
        struct setting s = {.world = cases[i].world, .strategy = cases[i].strategy, .brief = brief};

        snprintf(brief, sizeof(brief), SETTING_BRIEF "models: %s\n", cases[i].models);
        setting_decide(&s);
        cr_expect(eq(int, s.decision->verdict, cases[i].verdict), "case %zu: %s", i,
                  s.decision->refusal.message);
        cr_expect(eq(str, (char *)setting_chosen(&s, 0, 0), (char *)cases[i].first), "case %zu", i);
        cr_expect(cases[i].warning == NULL || setting_warned(&s, cases[i].warning), "case %zu", i);
        setting_end(&s);
    }
}

/* Nobody is left of the tier asked for, or everybody is left alone: the nearest is taken, and it is said. */
Test(decision, last_resorts)
{
    static const struct {
        const char *world, *strategy, *first, *warning;
    } cases[] = {
        {"now: 2026-11-22T12:00:00Z\nmodels: {cheap/one: {tier: 1}}\n", "strict", "cheap/one",
         "the nearest is taken"},
        {SETTING_WORLD "providers: {cheap: {breaker: open}, mid: {breaker: open}, dear: {breaker: "
                       "open}}\n",
         NULL, "cheap/two", "is failing at the moment"},
        {SETTING_WORLD "providers: {cheap: {breaker: open}, mid: {breaker: half_open}}\n", NULL,
         "mid/one", NULL}, /* somebody is left */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {.world = cases[i].world, .strategy = cases[i].strategy};

        setting_decide(&s);
        cr_assert(eq(int, s.decision->verdict, GEN_OK), "%s", s.decision->refusal.message);
        cr_expect(eq(str, (char *)setting_chosen(&s, 0, 0), (char *)cases[i].first), "case %zu", i);
        cr_expect(cases[i].warning == NULL ? s.decision->warning_count == 0
                                           : setting_warned(&s, cases[i].warning),
                  "case %zu", i);
        setting_end(&s);
    }
}

/* Refusals say what is missed and by how much. */
Test(decision, refusals)
{
    static const struct {
        const char *world, *brief, *access, *budget, *strategy;
        gen_micros limit;
        enum gen_status verdict;
        const char *words;
    } cases[] = {
        {NULL, NULL, NULL, NULL, "chepest", 0, GEN_EINVAL, "there is no strategy \"chepest\""},
        {NULL, NULL, "plan: all\nplans: {all: {strategies: [plain]}}\n", NULL, "best", 0,
         GEN_EDENIED, "does not allow the strategy \"best\""},
        {NULL, NULL, "plan: all\nplans: {all: {mostDuration: 8}}\n", NULL, NULL, 0, GEN_EDENIED,
         "at most 8 s, asked are 10 s"},
        {NULL, NULL, "plan: all\nplans: {all: {mostResolution: 720p}}\n", NULL, NULL, 0,
         GEN_EDENIED, "up to 720p, asked is 1920x1080"},
        {NULL, SETTING_BRIEF "priority: high\n",
         "plan: all\nplans: {all: {mostPriority: normal}}\n", NULL, NULL, 0, GEN_EDENIED,
         "priorities up to normal, asked is high"},
        {NULL, SETTING_BRIEF "budget: 900\n", NULL, "jobMost: 500\n", NULL, 0, GEN_EBUDGET,
         "a budget of $900.00 is asked"},
        {NULL, NULL, NULL, NULL, NULL, 50000, GEN_EBUDGET, "needs a budget of at least $0.10"},
        {"now: 2026-11-22T12:00:00Z\n", NULL, NULL, NULL, NULL, 0, GEN_EUNSUPPORTED,
         "no provider is loaded"},
        {"now: 2026-11-22T12:00:00Z\nmodels: {cheap/one: {maxDuration: 0.07}}\n", NULL, NULL, NULL,
         NULL, 0, GEN_EUNSUPPORTED,
         "no model can make variation \"16x9\": cheap/one: renders at most 0.07 s at once"},
        {SETTING_WORLD "team: {budget: 5, spent: 4.95}\n", NULL, NULL, NULL, NULL, 0, GEN_EBUDGET,
         "at least $0.10, and the budget of the organization has $0.05 left"},
        {NULL, NULL, NULL, "jobDefault: 0.05\njobMost: 0.06\n", NULL, 50000, GEN_EBUDGET,
         "at least $0.10, and budget.yaml allows a job at most $0.06"},
        /* more money would not help: a deadline comes first */
        {NULL, SETTING_BRIEF "deadline: 2026-11-22T12:00:01Z\n", NULL, NULL, NULL, 50000,
         GEN_EUNSUPPORTED, "the deadline is in 1 s"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {.world = cases[i].world,
                            .brief = cases[i].brief,
                            .access = cases[i].access,
                            .budget = cases[i].budget,
                            .strategy = cases[i].strategy,
                            .limit = cases[i].limit};
        struct gen_node *node;

        setting_decide(&s);
        cr_expect(eq(int, s.decision->verdict, cases[i].verdict), "case %zu", i);
        cr_expect(strstr(s.decision->refusal.message, cases[i].words) != NULL, "case %zu: %s", i,
                  s.decision->refusal.message);
        node = gen_decision_explain(s.decision, s.arena); /* a refusal can be explained, too */
        cr_expect(strstr(gen_json_text(s.arena, node, NULL), "\"refusal\":") != NULL);
        setting_end(&s);
    }
}

/* Many reasons: the first few, and how many are left; cut on no sentence of the end. */
Test(decision, many_reasons)
{
    char world[4000];
    size_t used = (size_t)snprintf(world, sizeof(world), "now: 2026-11-22T12:00:00Z\nmodels:\n");
    struct setting s = {.world = world};

    for (int i = 0; i < 40; i++) {
        used += (size_t)snprintf(world + used, sizeof(world) - used,
                                 "  cheap/model-%d: {maxDuration: 0.07}\n", i);
    }
    setting_decide(&s);
    cr_expect(eq(int, s.decision->verdict, GEN_EUNSUPPORTED));
    cr_expect(strstr(s.decision->refusal.message, "cheap/model-0: renders at most") != NULL);
    cr_expect(strstr(s.decision->refusal.message, "than 64 calls; and 37 others") != NULL, "%s",
              s.decision->refusal.message);
    setting_end(&s);
}

/* A budget is asked for only where it is all that is missing. */
Test(decision, what_no_budget_helps)
{
    struct setting s = {.routing = SETTING_ROUTING "rules:\n  r: {exclude: ['*']}\n",
                        .limit = 50000};

    setting_decide(&s);
    cr_expect(eq(int, s.decision->verdict, GEN_EUNSUPPORTED));
    cr_expect(strstr(s.decision->refusal.message, "budget") == NULL &&
                  strstr(s.decision->refusal.message, "the rule \"r\" excludes it") != NULL,
              "%s", s.decision->refusal.message);
    setting_end(&s);
}

/* The chosen never cost more than the budget, and every variation gets its share of it. */
Test(decision, budget_over_variations)
{
    static const struct {
        gen_micros limit;
        const char *first, *second;
    } cases[] = {
        {4400000, "dear/one", "dear/one"}, /* exactly enough: 2 x $2.20 */
        {4399999, "mid/one", "dear/one"},  /* the first takes its half, the second what is left */
        {1000000, "mid/one", "mid/one"},    {999999, "cheap/two", "mid/one"},
        {200000, "cheap/two", "cheap/two"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {.brief = SETTING_BRIEF
                            "variations: [{aspectRatio: '16:9'}, {aspectRatio: '9:16'}]\n",
                            .strategy = "best",
                            .limit = cases[i].limit};

        setting_decide(&s);
        cr_assert(eq(int, s.decision->verdict, GEN_OK), "%s", s.decision->refusal.message);
        cr_expect(eq(str, (char *)setting_chosen(&s, 0, 0), (char *)cases[i].first), "case %zu", i);
        cr_expect(eq(str, (char *)setting_chosen(&s, 1, 0), (char *)cases[i].second), "case %zu",
                  i);
        cr_expect(s.decision->most <= cases[i].limit, "case %zu", i);
        setting_end(&s);
    }
}

Test(decision, no_budget_for_all_variations)
{
    struct setting s = {.brief = SETTING_BRIEF
                        "variations: [{aspectRatio: '16:9'}, {aspectRatio: '9:16'}]\n",
                        .limit = 199999};

    setting_decide(&s);
    cr_expect(eq(int, s.decision->verdict, GEN_EBUDGET));
    cr_expect(strstr(s.decision->refusal.message, "can cost up to $0.20") != NULL, "%s",
              s.decision->refusal.message);
    cr_expect(strstr(s.decision->refusal.message, "by $0.000001") != NULL, "%s",
              s.decision->refusal.message);
    setting_end(&s);
}

/* More money helps the one variation and not the other: then it does not help. Where it helps all that
 * are left without a model, it is asked for once, and only where nothing stands above the budget. */
Test(decision, money_that_helps_only_a_part)
{
    static const char two[] = SETTING_BRIEF
        "variations: [{aspectRatio: '16:9'}, {aspectRatio: '9:16'}]\n";
    static const char sizes[] = "now: 2026-11-22T12:00:00Z\nmodels:\n"
                                "  cheap/one: {maxDuration: 60, sizes: [1920x1080], anyRatio: false}\n";
    static const struct {
        const char *world, *budget, *brief;
        gen_micros limit;
        enum gen_status verdict;
        const char *words, *not;
    } cases[] = {
        {sizes, NULL, two, 50000, GEN_EUNSUPPORTED, "does not render the shape", "budget"},
        {sizes, NULL, two, 100000, GEN_EUNSUPPORTED, "does not render the shape", "budget"},
        {NULL, NULL, two, 50000, GEN_EBUDGET, "it needs a budget of at least $0.20", NULL},
        {NULL, NULL, two, 150000, GEN_EBUDGET, "raise `budget` by $0.05", NULL},
        {SETTING_WORLD "team: {budget: 5, spent: 4.85}\n", NULL, two, 0, GEN_EBUDGET,
         "and the budget of the organization has $0.15 left; ask for fewer", "raise"},
        {NULL, "jobDefault: 0.15\njobMost: 0.16\n", two, 0, GEN_EBUDGET,
         "budget.yaml allows a job at most $0.16; ask for fewer", "raise"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {.world = cases[i].world,
                            .budget = cases[i].budget,
                            .brief = cases[i].brief,
                            .limit = cases[i].limit};

        setting_decide(&s);
        cr_expect(eq(int, s.decision->verdict, cases[i].verdict), "case %zu: %s", i,
                  s.decision->refusal.message);
        cr_expect(strstr(s.decision->refusal.message, cases[i].words) != NULL, "case %zu: %s", i,
                  s.decision->refusal.message);
        cr_expect(cases[i].not == NULL ||
                      strstr(s.decision->refusal.message, cases[i].not) == NULL,
                  "case %zu: %s", i, s.decision->refusal.message);
        setting_end(&s);
    }
}

Test(decision, parallel_models)
{
    static const struct {
        const char *strategy, *world;
        gen_micros limit;
        const char *chosen[3];
        const char *warning;
    } cases[] = {
        /* three providers, though "cheap" has two models that could do it */
        {"three", NULL, 0, {"dear/one", "mid/one", "cheap/two"}, NULL},
        /* not enough providers: the rest comes from those that are there */
        {"three",
         "now: 2026-11-22T12:00:00Z\nmodels: {cheap/a: {quality: 5}, cheap/b: {quality: 6}, mid/c: "
         "{quality: 4}}\n",
         0,
         {"cheap/b", "mid/c", "cheap/a"},
         NULL},
        {"race", NULL, 0, {"cheap/one", "cheap/two", ""}, NULL}, /* any provider */
        /* money for two of them */
        {"three", NULL, 2700000, {"dear/one", "mid/one", ""}, "2 can be taken"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {
            .strategy = cases[i].strategy, .world = cases[i].world, .limit = cases[i].limit};

        setting_decide(&s);
        cr_assert(eq(int, s.decision->verdict, GEN_OK), "%s", s.decision->refusal.message);
        for (size_t k = 0; k < 3; k++) {
            cr_expect(eq(str, (char *)setting_chosen(&s, 0, k), (char *)cases[i].chosen[k]),
                      "case %zu, place %zu", i, k);
        }
        cr_expect(cases[i].warning == NULL || setting_warned(&s, cases[i].warning));
        cr_expect(s.decision->most <= s.decision->budget);
        setting_end(&s);
    }
}

Test(decision, a_model_for_each_scene)
{
    struct setting s = {.strategy = "scenes",
                        .brief = "scenes:\n"
                                 "  - {overlay: Now, duration: 4}\n"
                                 "  - {prompt: a sea, duration: 6}\n"
                                 "  - {prompt: a face, presenter: true, duration: 5}\n"};
    static const char *const chosen[] = {"cheap/one", "mid/one", "dear/one"};
    static const int tiers[] = {1, 2, 3};
    struct gen_node *node;

    setting_decide(&s);
    cr_assert(eq(int, s.decision->verdict, GEN_OK), "%s", s.decision->refusal.message);
    cr_assert(eq(sz, s.decision->contest_count, 3));
    for (size_t i = 0; i < 3; i++) {
        cr_expect(eq(int, s.decision->contests[i].tier, tiers[i]), "scene %zu", i);
        cr_expect(eq(str, (char *)setting_chosen(&s, i, 0), (char *)chosen[i]), "scene %zu", i);
    }
    /* 4 s at $0.01, 6 s at $0.05, 5 s at $0.20 */
    cr_expect(eq(i64, s.decision->price, 40000 + 300000 + 1000000));
    node = gen_decision_document(s.decision, s.arena);
    cr_expect(eq(sz, gen_node_count(gen_node_get(node, "sceneModels")), 3));
    setting_end(&s);
}

struct quotes { /* what a plugin would say */
    size_t asked;
    const char *refuses; /* id of a model */
};

static enum gen_status decision_quote(void *context, const struct gen_contender *contender,
                                      struct gen_quote *out, struct gen_error *err)
{
    struct quotes *quotes = context;

    quotes->asked++;
    if (strcmp(contender->model->provider, quotes->refuses) == 0) {
        return gen_error_set(err, GEN_EUNSUPPORTED, "needs an asset to be converted first");
    }
    *out = (struct gen_quote){.known = true,
                              .exact = true,
                              .price = 7000,
                              .most = 8000,
                              .shots = 5,
                              .basis = "told",
                              .plan = quotes};
    return GEN_OK;
}

Test(decision, quotes_of_plugins)
{
    struct quotes quotes = {.refuses = "dear"};
    struct setting s = {.quote = decision_quote, .quote_context = &quotes, .strategy = "good"};
    const struct gen_contender *contender;

    setting_decide(&s);
    cr_expect(eq(sz, quotes.asked, 2), "only those that are left are asked");
    contender = setting_contender(&s, 0, "dear/one");
    cr_expect(eq(int, contender->filter, GEN_FILTER_QUOTE));
    cr_expect(eq(str, (char *)contender->rejection, "needs an asset to be converted first"));
    contender = s.decision->contests[0].chosen[0];
    cr_expect(eq(str, (char *)contender->model->provider, "mid"));
    cr_expect(eq(ptr, contender->quote.plan, &quotes));
    cr_expect(eq(i64, s.decision->price, 7000));
    cr_expect(eq(i64, s.decision->most, 8000));
    setting_end(&s);
}

Test(decision, a_ceiling_for_unknown_prices)
{
    struct setting s = {.world = "now: 2026-11-22T12:00:00Z\nmodels: {none/one: {tier: 2}}\n",
                        .budget = "unknownPrice: {action: hold, ceiling: 5}\njobDefault: 100\n"};

    setting_decide(&s);
    cr_assert(eq(int, s.decision->verdict, GEN_OK), "%s", s.decision->refusal.message);
    cr_expect(eq(i64, s.decision->most, 10000000), "of each of two attempts");
    cr_expect(not(s.decision->exact));
    setting_end(&s);
}

/* The product's `routing` object, key by key. */
Test(decision, document)
{
    static const char *const parts[] = {
        "\"complexityScore\":5,\"tier\":2,\"needs\":[],\"signals\":{\"generated\":4}",
        "\"selectedModels\":[\"mid/one\"]",
        "\"strategy\":\"good\"",
        "\"costEstimate\":0.5,\"costMost\":0.5",
        "\"routingReason\":\"Medium storyboard (5.0 of 10), strategy good: mid/one meets all its "
        "needs, "
        "for $0.50.\"",
        "\"policyVersion\":\"",
        ("\"considered\":[{\"model\":\"cheap/one\",\"variation\":\"16x9\",\"chosen\":false,"
        "\"rejected\":\"expected quality is 6.0, at least 8.0 is asked\",\"filter\":\"quality\"}"),
        "\"rules\":[]",
        "\"warnings\":[]",
    };
    struct setting s = {.strategy = "good"};
    const char *text;

    setting_decide(&s);
    text = gen_json_text(s.arena, gen_decision_document(s.decision, s.arena), NULL);
    for (size_t i = 0; i < GEN_COUNT(parts); i++) {
        cr_expect(strstr(text, parts[i]) != NULL, "%s\nis not in\n%s", parts[i], text);
    }
    setting_end(&s);
}

/* The same question gives the same document, byte for byte; explain names every score of those left. */
Test(decision, the_same_again)
{
    struct setting s = {.strategy = "three"};
    struct gen_decision *again;
    const char *one, *other;

    setting_decide(&s);
    one = gen_json_text(s.arena, gen_decision_explain(s.decision, s.arena), NULL);
    cr_assert(eq(int, gen_decision_make(&s.question, s.arena, &again, &s.err), GEN_OK));
    other = gen_json_text(s.arena, gen_decision_explain(again, s.arena), NULL);
    cr_expect(eq(str, (char *)one, (char *)other));
    cr_expect(strstr(one, "\"scores\":{\"thrift\":-2,\"best\":9.5,\"rush\":-40}") != NULL, "%s",
              one);
    setting_end(&s);
}

/* Every allocation fails in turn: an error, or the same decision, and nothing leaks. */
Test(decision, out_of_memory)
{
    struct setting s = {.strategy = "three"};
    bool done = false;

    setting_prepare(&s);
    for (long n = 1; !done; n++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_decision *decision = NULL;
        enum gen_status status;

        gen_alloc_fail_at(n);
        status = gen_decision_make(&s.question, arena, &decision, &s.err);
        done = gen_alloc_count() < n;
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", n, s.err.message);
        cr_assert(status == GEN_OK || decision == NULL);
        if (status == GEN_OK) {
            s.decision = decision;
            cr_assert(eq(str, (char *)setting_chosen(&s, 0, 0), "dear/one"), "allocation %ld", n);
        }
        cr_assert(status == GEN_OK || !done);
        gen_arena_destroy(arena);
    }
    setting_end(&s);
}

/* Clips are conformed when their video is finished: 720p may become 1080p, 24 pictures a second 30. */
Test(decision, clips_are_conformed)
{
    struct setting s = {.world = SETTING_WORLD
                        "  small/one: {maxWidth: 1280, maxHeight: 720, maxFrameRate: 24}\n"};
    const struct gen_contender *contender;

    setting_decide(&s);
    contender = setting_contender(&s, 0, "small/one");
    cr_expect(contender->filter != GEN_FILTER_SIZE && contender->filter != GEN_FILTER_FRAME_RATE,
              "%s", setting_or(contender->rejection, ""));
    setting_end(&s);
}
