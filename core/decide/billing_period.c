/* billing_period.c - see billing_period.h. */
#include "decide/billing_period.h"

#include "expr/calendar.h"
#include "expr/zone.h"

#include <stdio.h>
#include <string.h>

enum { DAY_SECONDS = 86400, NOON_SECONDS = 43200, MONTHS_OF_QUARTER = 3, LAST_YEAR = 9998 };
enum { DAYS_OF_WEEK = 7, WEEK_MIDDLE = 3 /* days after its first */ };

static struct gen_civil period_local(const struct gen_budget_policy *policy,
                                     const struct gen_zones *zones, gen_moment moment)
{
    const char *zone = policy->time_zone == NULL ? "UTC" : policy->time_zone;
    struct gen_error ignored;
    int32_t east = 0;

    if (gen_zones_offset(zones, zone, strlen(zone), moment / 1000, &east, NULL, &ignored) !=
        GEN_OK) {
        east = 0;
    }
    return gen_calendar_civil(moment / 1000 + east);
}

const char *gen_billing_period_date(const struct gen_budget_policy *policy,
                                    const struct gen_zones *zones, gen_moment moment, char *out)
{
    struct gen_civil local = period_local(policy, zones, moment);

    (void)snprintf(out, GEN_BILLING_PERIOD_NAME_SIZE, "%04d-%02d-%02d", (int)local.year,
                   (int)local.month, (int)local.day);
    return out;
}

/* The Monday of the week that has the year's first Thursday. */
static int64_t period_first_monday(int64_t year)
{
    int64_t fourth = gen_calendar_days(year, 1, 4);
    int32_t weekday = gen_calendar_civil(fourth * DAY_SECONDS).weekday;

    return fourth - (weekday + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK;
}

/* "2026-W47": the ISO week that the middle of a week is in; they are the same where weeks begin on
 * Monday. */
static void period_week_name(int64_t first_day, char *out)
{
    int64_t middle = first_day + WEEK_MIDDLE;
    struct gen_civil day = gen_calendar_civil(middle * DAY_SECONDS);
    int64_t year = day.year + 1;

    while (period_first_monday(year) > middle) {
        year--;
    }
    (void)snprintf(out, GEN_BILLING_PERIOD_NAME_SIZE, "%04d-W%02d", (int)year,
                   (int)((middle - period_first_monday(year)) / DAYS_OF_WEEK + 1));
}

/* The middle of that week, wherever weeks begin; false: the year has no such week. */
static bool period_week(const struct gen_budget_policy *policy, int32_t year, int32_t week,
                        int64_t *day)
{
    int64_t monday = period_first_monday(year) + (int64_t)(week - 1) * DAYS_OF_WEEK;
    int64_t later = policy->week_starts > 0 ? policy->week_starts - 1 : 0;

    if (week < 1 || monday >= period_first_monday((int64_t)year + 1)) {
        return false;
    }
    *day = monday + (later <= WEEK_MIDDLE ? later : later - DAYS_OF_WEEK) + WEEK_MIDDLE;
    return true;
}

static void period_name(const struct gen_budget_policy *policy, const struct gen_zones *zones,
                        struct gen_billing_period *it)
{
    struct gen_civil local = period_local(policy, zones, it->begins);
    int year = (int)local.year, month = (int)local.month;

    switch (it->period) {
    case GEN_PERIOD_MONTH:
        (void)snprintf(it->name, sizeof it->name, "%04d-%02d", year, month);
        break;
    case GEN_PERIOD_QUARTER:
        (void)snprintf(it->name, sizeof it->name, "%04d-Q%d", year,
                       (month - 1) / MONTHS_OF_QUARTER + 1);
        break;
    case GEN_PERIOD_WEEK:
        period_week_name(gen_calendar_days(year, month, local.day), it->name);
        break;
    case GEN_PERIOD_YEAR:
        (void)snprintf(it->name, sizeof it->name, "%04d", year);
        break;
    default:
        (void)gen_billing_period_date(policy, zones, it->begins, it->name);
        break;
    }
}

static bool period_digits(const char *text, size_t count, int32_t *out)
{
    *out = 0;
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

/* A moment that is inside of it wherever the policy lives: noon of a day in UTC. */
static bool period_inside(const struct gen_budget_policy *policy, const char *text,
                          enum gen_period *period, gen_moment *moment)
{
    int32_t first = (int32_t)(policy->month_starts > 0 ? policy->month_starts : 1);
    size_t size = strlen(text);
    int32_t year = 0, month = 1, day = 1, week = 0;
    int64_t middle = 0;
    bool good = size >= 4 && period_digits(text, 4, &year) && year >= 1970 && year <= LAST_YEAR;

    if (good && size == 4) {
        *period = GEN_PERIOD_YEAR;
        month = 6;
    } else if (good && size == 7 && text[4] == '-' && text[5] == 'Q' && text[6] >= '1' &&
               text[6] <= '4') {
        *period = GEN_PERIOD_QUARTER;
        month = (text[6] - '1') * MONTHS_OF_QUARTER + 2;
    } else if (good && size == 8 && text[4] == '-' && text[5] == 'W' &&
               period_digits(text + 6, 2, &week) && period_week(policy, year, week, &middle)) {
        *period = GEN_PERIOD_WEEK;
        *moment = (middle * DAY_SECONDS + NOON_SECONDS) * 1000;
        return true;
    } else if (good && size == 7 && text[4] == '-' && period_digits(text + 5, 2, &month)) {
        *period = GEN_PERIOD_MONTH;
        day = first;
    } else if (good && size == 10 && text[4] == '-' && text[7] == '-' &&
               period_digits(text + 5, 2, &month) && period_digits(text + 8, 2, &day)) {
        *period = GEN_PERIOD_DAY;
    } else {
        return false;
    }
    if (month < 1 || month > 12 || day < 1 || day > gen_calendar_days_in(year, month)) {
        return false;
    }
    *moment = (gen_calendar_days(year, month, day) * DAY_SECONDS + NOON_SECONDS) * 1000;
    return true;
}

/* A day in a zone far east of UTC may have begun a day before noon in UTC says so. */
static gen_moment period_same_day(const struct gen_budget_policy *policy,
                                  const struct gen_zones *zones, const char *text, gen_moment noon)
{
    char date[GEN_BILLING_PERIOD_NAME_SIZE];
    int far = strcmp(gen_billing_period_date(policy, zones, noon, date), text);

    return far == 0 ? noon : far > 0 ? noon - NOON_SECONDS * 1000 : noon + NOON_SECONDS * 1000;
}

enum gen_status gen_billing_period_read(const struct gen_budget_policy *policy,
                                        const struct gen_zones *zones, const char *text,
                                        gen_moment now, struct gen_billing_period *out,
                                        struct gen_error *err)
{
    const char *asked = text == NULL ? "month" : text;
    struct gen_billing_period it = {.period = gen_period_of(asked)};
    struct gen_interval interval;
    gen_moment inside = now;

    if (it.period == GEN_PERIOD_ALWAYS ||
        (it.period == 0 && !period_inside(policy, asked, &it.period, &inside))) {
        gen_error_set(err, GEN_EINVAL,
                      "is none: write a month like 2026-11, a quarter like 2026-Q4, a week like "
                      "2026-W47, a year, "
                      "a date, or one of day, week, month, quarter, year for the one we are in");
        gen_error_place(err, NULL, 0, 0, "period");
        return GEN_EINVAL;
    }
    if (it.period == GEN_PERIOD_DAY && inside != now) {
        inside = period_same_day(policy, zones, asked, inside);
    }
    interval = gen_almanac_interval(policy, it.period, zones, inside);
    it.begins = interval.begins;
    it.ends = interval.ends;
    it.before = interval.before;
    period_name(policy, zones, &it);
    *out = it;
    return GEN_OK;
}
