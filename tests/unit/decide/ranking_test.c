/* ranking_test.c - the order of contenders: a strict one, with tie-breaks, and the same every time. */
#include "decide/ranking.h"

#include "unit/decide/setting.h"

/* Everybody has the same score; what breaks ties is in the strategy. */
static void ranking_decide(struct setting *s, char *routing, size_t size, const char *strategy)
{
    snprintf(routing, size,
             "strategy: s\ntiers:\n  simple: {tier: 1, from: 1}\nscores: {same: '1.0'}\n"
             "strategies: {s: {score: same, %s}}\n",
             strategy);
    s->routing = routing;
    setting_decide(s);
}

Test(ranking, ties)
{
    static const char world[] =
        "now: 2026-11-22T12:00:00Z\n"
        "providers: {cheap: {running: 5, capacity: 10}, mid: {running: 1, capacity: 10}}\n"
        "models: {mid/b: {quality: 8, speed: 5}, cheap/c: {quality: 7, speed: 5}, cheap/a: "
        "{quality: "
        "7, speed: 2}}\n";
    static const struct {
        const char *ties, *first;
    } cases[] = {
        {"[cheaper, faster]", "cheap/a"},
        {"[better]", "mid/b"},
        {"[idler]", "mid/b"},
        {"[faster]", "cheap/a"},
        {"[name]", "cheap/a"},
        {"[cheaper, better, name]", "cheap/a"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char routing[600], strategy[100];
        struct setting s = {.world = world};

        snprintf(strategy, sizeof(strategy), "tieBreaks: %s", cases[i].ties);
        ranking_decide(&s, routing, sizeof(routing), strategy);
        cr_expect(eq(str, (char *)setting_chosen(&s, 0, 0), (char *)cases[i].first), "case %zu", i);
        setting_end(&s);
    }
}

/* Equals that no tie-break tells apart: the seed decides, always the same way, and spreads. */
Test(ranking, the_seed_spreads_equals)
{
    size_t first = 0, second = 0;

    for (int seed = 0; seed < 64; seed++) {
        char routing[600], world[300];
        struct setting s = {.world = world};

        snprintf(world, sizeof(world),
                 "now: 2026-11-22T12:00:00Z\nseed: %d\nmodels: {cheap/a: {}, cheap/b: {}}\n", seed);
        ranking_decide(&s, routing, sizeof(routing), "tieBreaks: [cheaper, better]");
        first += strcmp(setting_chosen(&s, 0, 0), "cheap/a") == 0;
        second += strcmp(setting_chosen(&s, 0, 0), "cheap/b") == 0;
        setting_end(&s);
    }
    cr_expect(eq(sz, first + second, 64));
    cr_expect(first >= 16 && second >= 16, "%zu and %zu of 64", first, second);
}

Test(ranking, unmet_needs)
{
    static const struct {
        const char *unmet, *first;
    } cases[] = {
        {"unmet: last", "mid/z"}, /* after all that lack less, whatever the tie-breaks say */
        {"unmet: accept", "cheap/a"},
        {"unmet: reject", "mid/z"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char routing[600];
        struct setting s = {
            .world = "now: 2026-11-22T12:00:00Z\nmodels: {cheap/a: {}, mid/z: {needs: [avatar]}}\n",
            .brief = "scenes: [{prompt: a, presenter: true, duration: 5}]\n"};

        ranking_decide(&s, routing, sizeof(routing), cases[i].unmet);
        cr_expect(eq(str, (char *)setting_chosen(&s, 0, 0), (char *)cases[i].first), "case %zu", i);
        setting_end(&s);
    }
}

/* A strict order: of each pair one is first, and ranks have no holes. */
Test(ranking, ranks)
{
    struct setting s = {.strategy = "three"};
    const struct gen_contest *contest;
    bool seen[5] = {false};

    setting_decide(&s);
    contest = &s.decision->contests[0];
    for (size_t i = 0; i < contest->contender_count; i++) {
        cr_assert(contest->contenders[i].rank >= 1 && contest->contenders[i].rank <= 4);
        cr_expect(not(seen[contest->contenders[i].rank]));
        seen[contest->contenders[i].rank] = true;
        for (size_t k = 0; k < contest->contender_count; k++) {
            cr_expect(i == k || contest->contenders[i].rank != contest->contenders[k].rank);
        }
    }
    setting_end(&s);
}
