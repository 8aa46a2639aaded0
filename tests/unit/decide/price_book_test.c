/* price_book_test.c - quotes from providers/NAME.yaml: dates, keys, bulk rates, lengths, margins. */
#include "decide/price_book.h"

#include "unit/decide/setting.h"

Test(price_book, prices)
{
    static const struct {
        const char *prices, *model, *brief, *providers; /* of cheap/m */
        gen_micros price, most;                         /* price -1: there is none */
    } cases[] = {
        {"[{model: '*', perSecond: 0.01}]", "{maxDuration: 60}", NULL, "", 100000, 100000},
        {"[{model: '*', perSecond: 0.01, estimate: true}]", "{maxDuration: 60}", NULL, "", 100000,
         110000},
        {"[{model: x, perSecond: 0.01}]", "{maxDuration: 60}", NULL, "", -1, 0},
        /* in force now */
        {"[{model: '*', perSecond: 0.01, until: '2026-11-01'}, {model: '*', perSecond: 0.02, from: "
         "'2026-11-01', until: '2026-12-01'}, {model: '*', perSecond: 0.03, from: '2026-12-01'}]",
         "{maxDuration: 60}", NULL, "", 200000, 200000},
        /* off peak now, 12:00 UTC; what waits may cost the other price, so that is held */
        {"[{model: '*', perSecond: 0.04}, {model: '*', perSecond: 0.01, hours: '20:00-04:00', "
         "timeZone: '+08:00'}]",
         "{maxDuration: 60}", NULL, "", 100000, 400000},
        {"[{model: '*', perSecond: 0.04}, {model: '*', perSecond: 0.01, hours: '20:00-04:00'}]",
         "{maxDuration: 60}", NULL, "", 400000, 400000},
        /* by resolution and by sound */
        {"[{model: '*', perSecond: 0.01, resolution: 720p}, {model: '*', perSecond: 0.05, "
         "resolution: "
         "1080p}]",
         "{maxDuration: 60}", NULL, "", 500000, 500000},
        {"[{model: '*', perSecond: 0.01, audio: without}, {model: '*', perSecond: 0.07, audio: "
         "with}]",
         "{maxDuration: 60, audio: true}", NULL, "", 700000, 700000},
        /* what was bought before counts */
        {"[{model: '*', perSecond: 0.05, bulk: [{seconds: 1000, perSecond: 0.045}]}]",
         "{maxDuration: 60}", NULL, "providers: {cheap: {volume: 1000}}\n", 450000, 450000},
        /* a model's own lengths: 5 s are made as 8 s, twice */
        {"[{model: '*', perSecond: 0.01}]", "{maxDuration: 60, durations: [4, 8]}", NULL, "",
         160000, 160000},
        {"[{model: '*', perSecond: 0.01}]", "{maxDuration: 60, minDuration: 6}", NULL, "", 120000,
         120000},
        /* one call for all, end card included */
        {"[{model: '*', perClip: 0.5}]", "{maxDuration: 60, wholeStoryboard: true}", NULL, "",
         500000, 500000},
        {"[{model: '*', perSecond: 0.01}]", "{maxDuration: 60, wholeStoryboard: true}",
         SETTING_BRIEF "endCard: {headline: Buy, duration: 3}\n", "", 130000, 130000},
        {"[{model: '*', perClip: 0.5}]", "{maxDuration: 60}", NULL, "", 1000000, 1000000},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char world[600], provider[800];
        struct setting s = {.world = world, .provider = provider, .brief = cases[i].brief};
        const struct gen_contender *contender;

        snprintf(world, sizeof(world), "now: 2026-11-22T12:00:00Z\n%smodels: {cheap/m: %s}\n",
                 cases[i].providers, cases[i].model);
        snprintf(provider, sizeof(provider), "id: cheap\nprices: %s\n", cases[i].prices);
        setting_decide(&s);
        contender = setting_contender(&s, 0, "cheap/m");
        if (cases[i].price < 0) {
            cr_expect(eq(int, contender->filter, GEN_FILTER_PRICE), "case %zu", i);
        } else {
            cr_assert(eq(int, contender->filter, GEN_FILTER_NONE), "case %zu: %s", i,
                      setting_or(contender->rejection, ""));
            cr_expect(eq(i64, contender->quote.price, cases[i].price), "case %zu", i);
            cr_expect(eq(i64, contender->quote.most, cases[i].most), "case %zu", i);
        }
        setting_end(&s);
    }
}

Test(price_book, margins)
{
    static const struct gen_budget_policy budget = {.price_margin = 0.1};
    gen_micros most = 5;

    cr_expect(gen_price_book_most(&budget, 1, false, &most) && most == 2, "rounded up");
    cr_expect(gen_price_book_most(&budget, 1, true, &most) && most == 1);
    cr_expect(gen_price_book_most(&budget, INT64_MAX, false, &most) == false);
    cr_expect(eq(i64, most, 1), "unchanged on failure");
}
