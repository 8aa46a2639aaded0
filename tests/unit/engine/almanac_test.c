/* almanac_test.c - when periods began where the policy lives, and off-peak windows. */
#include "engine/almanac.h"

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
