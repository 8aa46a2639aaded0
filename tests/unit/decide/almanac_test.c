/* almanac_test.c - when periods began where the policy lives, and off-peak windows. */
#include "decide/almanac.h"

#include "expr/zone.h"
#include "platform/zone_files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static gen_moment moment(const char *text)
{
    gen_moment out = 0;
    struct gen_error err = {0};

    cr_assert(gen_moment_parse(text, strlen(text), &out, &err) == GEN_OK, "%s: %s", text,
              err.message);
    return out;
}

Test(almanac, periods)
{
    static const struct {
        const char *zone;
        int64_t week_starts, month_starts;
        enum gen_period period;
        const char *now, *began;
    } cases[] = {
        {"UTC", 1, 1, GEN_PERIOD_DAY, "2026-11-22T17:00:00Z", "2026-11-22T00:00:00Z"},
        {"UTC", 1, 1, GEN_PERIOD_DAY, "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z"},
        {NULL, 1, 1, GEN_PERIOD_MONTH, "2026-11-22T17:00:00Z", "2026-11-01T00:00:00Z"},
        {"UTC", 1, 1, GEN_PERIOD_QUARTER, "2026-11-22T17:00:00Z", "2026-10-01T00:00:00Z"},
        {"UTC", 1, 1, GEN_PERIOD_YEAR, "2026-11-22T17:00:00Z", "2026-01-01T00:00:00Z"},
        /* a Sunday: weeks from Monday, from Sunday, from Wednesday */
        {"UTC", 1, 1, GEN_PERIOD_WEEK, "2026-11-22T17:00:00Z", "2026-11-16T00:00:00Z"},
        {"UTC", 7, 1, GEN_PERIOD_WEEK, "2026-11-22T17:00:00Z", "2026-11-22T00:00:00Z"},
        {"UTC", 3, 1, GEN_PERIOD_WEEK, "2026-11-22T17:00:00Z", "2026-11-18T00:00:00Z"},
        /* months that begin on the 25th, also over the end of a year */
        {"UTC", 1, 25, GEN_PERIOD_MONTH, "2026-11-22T17:00:00Z", "2026-10-25T00:00:00Z"},
        {"UTC", 1, 25, GEN_PERIOD_MONTH, "2026-11-25T00:00:00Z", "2026-11-25T00:00:00Z"},
        {"UTC", 1, 25, GEN_PERIOD_MONTH, "2027-01-10T00:00:00Z", "2026-12-25T00:00:00Z"},
        {"UTC", 1, 25, GEN_PERIOD_YEAR, "2027-01-10T00:00:00Z", "2026-01-25T00:00:00Z"},
        /* a zone, and the day on which its clocks are turned back */
        {"Europe/Berlin", 1, 1, GEN_PERIOD_DAY, "2026-07-01T22:30:00Z", "2026-07-01T22:00:00Z"},
        {"Europe/Berlin", 1, 1, GEN_PERIOD_MONTH, "2026-07-31T22:30:00Z", "2026-07-31T22:00:00Z"},
        {"Europe/Berlin", 1, 1, GEN_PERIOD_DAY, "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z"},
        {"America/New_York", 1, 1, GEN_PERIOD_DAY, "2026-11-22T03:00:00Z", "2026-11-21T05:00:00Z"},
        {"+05:30", 1, 1, GEN_PERIOD_DAY, "2026-11-22T20:00:00Z", "2026-11-22T18:30:00Z"},
        /* one that is not there counts as UTC */
        {"No/Where", 1, 1, GEN_PERIOD_DAY, "2026-11-22T17:00:00Z", "2026-11-22T00:00:00Z"},
    };
    struct gen_zone_files files = {0};
    struct gen_zones zones;
    struct gen_error err = {0};

    cr_assert(gen_zones_init(&zones, gen_zone_files_read, &files, &err) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_budget_policy policy = {.time_zone = cases[i].zone,
                                           .week_starts = cases[i].week_starts,
                                           .month_starts = cases[i].month_starts};
        char text[GEN_MOMENT_TEXT_SIZE];
        gen_moment began = gen_almanac_period(&policy, cases[i].period, &zones,
                                              moment(cases[i].now));

        cr_expect(began == moment(cases[i].began), "case %zu: %s", i, gen_moment_text(began, text));
    }
    cr_assert(eq(i64, gen_almanac_period(&(struct gen_budget_policy){0}, GEN_PERIOD_ALWAYS, NULL,
                                         1000), 0));
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
}

/* A period ends where the next begins, whatever the clocks do, and `now` is always inside. */
Test(almanac, intervals_join)
{
    static const struct {
        const char *zone;
        enum gen_period period;
        int64_t month_starts;
        const char *now, *before, *begins, *ends;
    } cases[] = {
        {"UTC", GEN_PERIOD_DAY, 1, "2026-11-22T17:00:00Z", "2026-11-21T00:00:00Z",
         "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"},
        {"UTC", GEN_PERIOD_MONTH, 1, "2026-12-31T23:59:59Z", "2026-11-01T00:00:00Z",
         "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"},
        {"UTC", GEN_PERIOD_MONTH, 28, "2027-02-28T00:00:00Z", "2027-01-28T00:00:00Z",
         "2027-02-28T00:00:00Z", "2027-03-28T00:00:00Z"},
        {"UTC", GEN_PERIOD_QUARTER, 15, "2027-01-02T00:00:00Z", "2026-07-15T00:00:00Z",
         "2026-10-15T00:00:00Z", "2027-01-15T00:00:00Z"},
        {"UTC", GEN_PERIOD_YEAR, 1, "2028-02-29T00:00:00Z", "2027-01-01T00:00:00Z",
         "2028-01-01T00:00:00Z", "2029-01-01T00:00:00Z"},
        {"UTC", GEN_PERIOD_WEEK, 1, "2026-11-22T17:00:00Z", "2026-11-09T00:00:00Z",
         "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"},
        /* 25 and 23 hours */
        {"Europe/Berlin", GEN_PERIOD_DAY, 1, "2026-10-25T12:00:00Z", "2026-10-23T22:00:00Z",
         "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
        {"Europe/Berlin", GEN_PERIOD_DAY, 1, "2026-03-29T12:00:00Z", "2026-03-27T23:00:00Z",
         "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
        {"Europe/Berlin", GEN_PERIOD_MONTH, 1, "2026-10-03T12:00:00Z", "2026-08-31T22:00:00Z",
         "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"},
        /* clocks that are turned at midnight: the day begins at one, or its last hour comes twice */
        {"America/Havana", GEN_PERIOD_DAY, 1, "2026-03-08T12:00:00Z", "2026-03-07T05:00:00Z",
         "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"},
        {"America/Santiago", GEN_PERIOD_DAY, 1, "2026-04-05T03:30:00Z", "2026-04-03T03:00:00Z",
         "2026-04-04T03:00:00Z", "2026-04-05T04:00:00Z"},
    };
    struct gen_zone_files files = {0};
    struct gen_zones zones;
    struct gen_error err = {0};

    cr_assert(gen_zones_init(&zones, gen_zone_files_read, &files, &err) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_budget_policy policy = {
            .time_zone = cases[i].zone, .week_starts = 1, .month_starts = cases[i].month_starts};
        struct gen_interval it = gen_almanac_interval(&policy, cases[i].period, &zones,
                                                      moment(cases[i].now));
        char text[GEN_MOMENT_TEXT_SIZE];

        cr_expect(it.before == moment(cases[i].before), "case %zu: %s", i,
                  gen_moment_text(it.before, text));
        cr_expect(it.begins == moment(cases[i].begins), "case %zu: %s", i,
                  gen_moment_text(it.begins, text));
        cr_expect(it.ends == moment(cases[i].ends), "case %zu: %s", i,
                  gen_moment_text(it.ends, text));
    }
    for (size_t zone = 0; zone < 4; zone++) {
        static const char *const names[] = {"Europe/Berlin", "America/Havana", "America/Santiago",
                                            "Pacific/Apia"};
        struct gen_budget_policy policy = {
            .time_zone = names[zone], .week_starts = 1, .month_starts = 1};

        for (int period = GEN_PERIOD_DAY; period <= GEN_PERIOD_YEAR; period++) {
            gen_moment at = moment("2026-01-01T00:07:00Z");

            for (int hour = 0; hour < 24 * 366; hour++, at += 3600000) {
                struct gen_interval it = gen_almanac_interval(&policy, (enum gen_period)period,
                                                              &zones, at);
                struct gen_interval next = gen_almanac_interval(&policy, (enum gen_period)period,
                                                                &zones, it.ends);

                cr_assert(it.before < it.begins && it.begins <= at && at < it.ends, "%s %d %d",
                          names[zone], period, hour);
                cr_assert(next.begins == it.ends && next.before == it.begins, "%s %d %d",
                          names[zone], period, hour);
            }
        }
    }
    cr_assert(gen_almanac_interval(&(struct gen_budget_policy){0}, GEN_PERIOD_ALWAYS, NULL, 5).ends ==
              GEN_MOMENT_NEVER);
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
}

/* A window of the nights, one of weekends for one provider. */
Test(almanac, windows)
{
    static const char *only[] = {"veo"};
    struct gen_schedule_window windows[] = {
        {.from_minute = 20 * 60, .to_minute = 6 * 60, .day_bits = 0x7f},
        {.from_minute = 8 * 60, .to_minute = 20 * 60, .day_bits = 0x60,
         .providers = {only, 1}},
    };
    struct gen_schedule_policy policy = {.time_zone = "+01:00", .off_peak = {windows, 2}};
    static const struct {
        const char *provider, *now;
        bool open;
    } cases[] = {
        {"kling", "2026-11-20T19:30:00Z", true}, /* 20:30 there, a Friday */
        {"kling", "2026-11-20T18:30:00Z", false},
        {"kling", "2026-11-21T04:59:00Z", true}, /* its morning */
        {"kling", "2026-11-21T09:00:00Z", false},
        {"veo", "2026-11-21T09:00:00Z", true}, /* Saturday */
        {"veo", "2026-11-20T09:00:00Z", false},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(gen_almanac_off_peak(&policy, cases[i].provider, NULL, moment(cases[i].now)) ==
                      cases[i].open,
                  "case %zu", i);
    }
}
