/* billing_period_test.c - names of periods as intervals, in UTC and elsewhere, and what is none. */
#include "decide/billing_period.h"

#include "expr/zone.h"
#include "platform/zone_files.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define NOW "2026-11-22T17:00:00Z"

static gen_moment moment(const char *text)
{
    gen_moment out = 0;

    cr_assert(gen_moment_parse(text, strlen(text), &out, NULL) == GEN_OK, "%s", text);
    return out;
}

Test(billing_period, names)
{
    static const struct {
        const char *zone;
        int64_t month_starts; /* below 0: of weeks */
        const char *text, *name, *begins, *ends;
    } cases[] = {
        {"UTC", 1, "2026-11", "2026-11", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"},
        {"UTC", 1, NULL, "2026-11", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"},
        {"UTC", 1, "month", "2026-11", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"},
        {"UTC", 1, "2024-02", "2024-02", "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z"},
        {"UTC", 1, "2026-Q4", "2026-Q4", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"},
        {"UTC", 1, "2026-Q1", "2026-Q1", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"},
        {"UTC", 1, "quarter", "2026-Q4", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"},
        {"UTC", 1, "2025", "2025", "2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"},
        {"UTC", 1, "2026-11-22", "2026-11-22", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"},
        {"UTC", 1, "day", "2026-11-22", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"},
        {"UTC", 1, "week", "2026-W47", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"},
        {"UTC", 1, "2026-W47", "2026-W47", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"},
        /* years of ISO weeks begin and end with the week that has their first Thursday */
        {"UTC", 1, "2026-W01", "2026-W01", "2025-12-29T00:00:00Z", "2026-01-05T00:00:00Z"},
        {"UTC", 1, "2026-W53", "2026-W53", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z"},
        {"UTC", 1, "2027-W01", "2027-W01", "2027-01-04T00:00:00Z", "2027-01-11T00:00:00Z"},
        {"UTC", 1, "2024-W52", "2024-W52", "2024-12-23T00:00:00Z", "2024-12-30T00:00:00Z"},
        {"Europe/Berlin", 1, "2026-W43", "2026-W43", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z"},
        {"+14:00", 1, "2026-W47", "2026-W47", "2026-11-15T10:00:00Z", "2026-11-22T10:00:00Z"},
        {"-12:00", 1, "2026-W47", "2026-W47", "2026-11-16T12:00:00Z", "2026-11-23T12:00:00Z"},
        /* weeks from Sunday on (budget.yaml) are called by the ISO week that most of them is in */
        {"UTC", -7, "2026-W47", "2026-W47", "2026-11-15T00:00:00Z", "2026-11-22T00:00:00Z"},
        {"UTC", -7, "week", "2026-W48", "2026-11-22T00:00:00Z", "2026-11-29T00:00:00Z"},
        {"UTC", -3, "2026-W47", "2026-W47", "2026-11-18T00:00:00Z", "2026-11-25T00:00:00Z"},
        {"UTC", -5, "2026-W47", "2026-W47", "2026-11-13T00:00:00Z", "2026-11-20T00:00:00Z"},
        /* months from the 25th are called by the month they begin in */
        {"UTC", 25, "2026-10", "2026-10", "2026-10-25T00:00:00Z", "2026-11-25T00:00:00Z"},
        {"UTC", 25, "month", "2026-10", "2026-10-25T00:00:00Z", "2026-11-25T00:00:00Z"},
        /* far from UTC, on both sides, and over a change of the clocks */
        {"+14:00", 1, "2026-11", "2026-11", "2026-10-31T10:00:00Z", "2026-11-30T10:00:00Z"},
        {"-12:00", 1, "2026-11", "2026-11", "2026-11-01T12:00:00Z", "2026-12-01T12:00:00Z"},
        {"+14:00", 1, "2026-11-22", "2026-11-22", "2026-11-21T10:00:00Z", "2026-11-22T10:00:00Z"},
        {"-12:00", 1, "2026-11-22", "2026-11-22", "2026-11-22T12:00:00Z", "2026-11-23T12:00:00Z"},
        {"Europe/Berlin", 1, "2026-10", "2026-10", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"},
    };
    struct gen_zone_files files = {0};
    struct gen_zones zones;

    cr_assert(gen_zones_init(&zones, gen_zone_files_read, &files, NULL) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_budget_policy policy = {.time_zone = cases[i].zone, .week_starts = 1,
                                           .month_starts = cases[i].month_starts};
        struct gen_billing_period it = {0};
        struct gen_error err = {0};

        if (cases[i].month_starts < 0) {
            policy.week_starts = -cases[i].month_starts;
            policy.month_starts = 1;
        }

        cr_assert(eq(int, gen_billing_period_read(&policy, &zones, cases[i].text, moment(NOW), &it,
                                                  &err), GEN_OK), "case %zu: %s", i, err.message);
        cr_expect(eq(str, it.name, (char *)cases[i].name), "case %zu", i);
        cr_expect(it.begins == moment(cases[i].begins) && it.ends == moment(cases[i].ends),
                  "case %zu", i);
    }
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
}

Test(billing_period, what_is_none)
{
    static const char *const cases[] = {"",        "always",  "2026-13",    "2026-00", "2026-Q5",
                                        "2026-Q0", "26-11",   "2026-02-30", "2026/11", "2026-11-",
                                        "2026-W00", "2026-W54", "2025-W53", "2026-W4", "2026-W4a", "2026W47",
                                        "Month",   "1969-12", "9999-01",    "2026-1",  "november"};
    struct gen_budget_policy policy = {.time_zone = "UTC", .week_starts = 1, .month_starts = 1};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_billing_period it = {.name = "kept"};
        struct gen_error err = {0};

        cr_expect(eq(int, gen_billing_period_read(&policy, NULL, cases[i], moment(NOW), &it, &err),
                     GEN_EINVAL), "%s", cases[i]);
        cr_expect(eq(str, err.path, "period"));
        cr_expect(eq(str, it.name, "kept"));
    }
}
