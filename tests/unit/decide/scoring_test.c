/* scoring_test.c - formulas over a contender: faults take it out with the reason, and nobody else. */
#include "decide/scoring.h"

#include "unit/decide/setting.h"

#include <math.h>

#define ROUTING_SCORES(scores) \
    "strategy: s\ntiers:\n  simple: {tier: 1, from: 1}\nscores: " scores "\n" \
    "strategies: {s: {score: a, tiersBelow: 2}}\n"

Test(scoring, faults_of_formulas)
{
    static const struct {
        const char *scores, *first;
        const char *rejected, *words; /* one of those that are out; NULL = nobody is */
    } cases[] = {
        {"{a: model.quality}", "dear/one", NULL, NULL},
        {"{a: score.b + 1.0, b: score.c * 2.0, c: -model.quality}", "cheap/one", NULL, NULL},
        /* zero for one of them only */
        {"{a: 'double(6 / (model.tier - 3))'}", "cheap/one", "dear/one",
         "\"a\" cannot be worked out"},
        {"{a: 1.0 / (model.quality - 9.5)}", "cheap/one", "dear/one", "not a finite number"},
        /* the one to blame is named, not the one that uses it */
        {"{a: score.b + 1.0, b: 'double(6 / (model.tier - 3))'}", "cheap/one", "dear/one",
         "\"b\" cannot"},
        /* what the strategy does not need may fail */
        {"{a: model.quality, b: history.speed}", "dear/one", NULL, NULL},
        {"{a: 'has(history.speed) ? history.speed : model.speed'}", "dear/one", NULL, NULL},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char routing[600];
        struct setting s = {.routing = routing};

        snprintf(routing, sizeof(routing), ROUTING_SCORES("%s"), cases[i].scores);
        setting_decide(&s);
        cr_assert(eq(int, s.decision->verdict, GEN_OK), "case %zu: %s", i,
                  s.decision->refusal.message);
        cr_expect(eq(str, (char *)setting_chosen(&s, 0, 0), (char *)cases[i].first), "case %zu", i);
        cr_expect(eq(int, (int)(s.decision->filters_used >> GEN_FILTER_SCORE & 1),
                     cases[i].words != NULL));
        if (cases[i].words != NULL) {
            const struct gen_contender *out = setting_contender(&s, 0, cases[i].rejected);

            cr_expect(eq(int, out->filter, GEN_FILTER_SCORE), "case %zu", i);
            cr_expect(strstr(setting_or(out->rejection, ""), cases[i].words) != NULL,
                      "case %zu: %s", i, setting_or(out->rejection, "in"));
        }
        cr_expect(eq(sz, s.decision->warning_count, cases[i].words != NULL), "case %zu", i);
        if (cases[i].words != NULL && s.decision->warning_count > 0) {
            cr_expect(strstr(s.decision->warnings[0], " keeps out a model: routing.yaml:") != NULL,
                      "case %zu: %s", i, s.decision->warnings[0]);
        }
        setting_end(&s);
    }
}

/* A score that fails for everybody is a refusal, not a crash. */
Test(scoring, nobody_has_a_score)
{
    struct setting s = {.routing = ROUTING_SCORES("{a: history.speed}")};

    setting_decide(&s);
    cr_expect(eq(int, s.decision->verdict, GEN_EUNSUPPORTED));
    cr_expect(strstr(s.decision->refusal.message, "\"a\" cannot be worked out") != NULL, "%s",
              s.decision->refusal.message);
    setting_end(&s);
}

Test(scoring, weights)
{
    static const struct {
        double score, weight, total;
    } cases[] = {
        {2, 1.5, 3}, {2, 0.5, 1}, {2, 0, 0}, {-2, 2, -1}, {-2, 0.5, -4}, {0, 7, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(eq(dbl, gen_scoring_weigh(cases[i].score, cases[i].weight), cases[i].total),
                  "case %zu", i);
    }
    cr_expect(gen_scoring_weigh(-2, 0) < -1e8, "nothing is worse");
}
