/* almanac.c - see almanac.h. */
#include "decide/almanac.h"

#include "expr/calendar.h"
#include "expr/zone.h"

#include <string.h>

enum {
    DAY_SECONDS = 86400,
    DAYS_OF_WEEK = 7,
    MONTHS_OF_QUARTER = 3,
    FURTHEST_EAST = 15 * 3600, /* no clock is further from UTC */
    FURTHEST_WEST = 13 * 3600,
};

static int32_t almanac_east(const struct gen_zones *zones, const char *zone, int64_t seconds)
{
    struct gen_error ignored;
    int32_t east = 0;

    return zone == NULL || gen_zones_offset(zones, zone, strlen(zone), seconds, &east, NULL,
                                            &ignored) != GEN_OK
               ? 0
               : east;
}

/* Seconds since the epoch at which local clocks first show `local`, or, where they are turned past it, a
 * later time. It depends on nothing else, so that one period ends where the next begins. */
static int64_t almanac_utc(const struct gen_zones *zones, const char *zone, int64_t local)
{
    int32_t before = almanac_east(zones, zone, local - FURTHEST_EAST);
    int32_t after = almanac_east(zones, zone, local + FURTHEST_WEST);

    return almanac_east(zones, zone, local - before) == before ? local - before
           : almanac_east(zones, zone, local - after) == after ? local - after
                                                               : local - before;
}

/* The first day of the period, counted from the epoch. */
static int64_t almanac_first_day(const struct gen_budget_policy *policy, enum gen_period period,
                                 const struct gen_civil *today)
{
    int64_t day = gen_calendar_days(today->year, today->month, today->day);
    int32_t monday_based = (today->weekday + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK;
    int32_t week_starts = (int32_t)(policy->week_starts > 0 ? policy->week_starts - 1 : 0);
    int32_t month_starts = (int32_t)(policy->month_starts > 0 ? policy->month_starts : 1);
    int32_t month = today->month, year = today->year;

    switch (period) {
    case GEN_PERIOD_WEEK:
        return day - (monday_based + DAYS_OF_WEEK - week_starts) % DAYS_OF_WEEK;
    case GEN_PERIOD_MONTH:
    case GEN_PERIOD_QUARTER:
    case GEN_PERIOD_YEAR:
        if (today->day < month_starts && --month == 0) {
            month = 12;
            year--;
        }
        if (period == GEN_PERIOD_QUARTER) {
            month -= (month - 1) % MONTHS_OF_QUARTER;
        } else if (period == GEN_PERIOD_YEAR) {
            month = 1;
        }
        return gen_calendar_days(year, month, month_starts);
    default:
        return day;
    }
}

/* The first day of the period after the one whose first day is `first`. */
static int64_t almanac_next_day(enum gen_period period, int64_t first)
{
    struct gen_civil day = gen_calendar_civil(first * DAY_SECONDS);
    int32_t months = period == GEN_PERIOD_MONTH     ? 1
                     : period == GEN_PERIOD_QUARTER ? MONTHS_OF_QUARTER
                                                    : 12;
    int32_t month = day.month + months;

    if (period == GEN_PERIOD_DAY || period == GEN_PERIOD_WEEK) {
        return first + (period == GEN_PERIOD_DAY ? 1 : DAYS_OF_WEEK);
    }
    return gen_calendar_days(day.year + (month - 1) / 12, (month - 1) % 12 + 1, day.day);
}

struct gen_interval gen_almanac_interval(const struct gen_budget_policy *policy,
                                         enum gen_period period, const struct gen_zones *zones,
                                         gen_moment now)
{
    const char *zone = policy->time_zone == NULL ? "UTC" : policy->time_zone;
    int64_t seconds = now / 1000, first;
    int32_t east = almanac_east(zones, zone, seconds);
    struct gen_civil today = gen_calendar_civil(seconds + east);
    struct gen_interval it = {0, 0, GEN_MOMENT_NEVER};

    if (period == GEN_PERIOD_ALWAYS) {
        return it;
    }
    first = almanac_first_day(policy, period, &today);
    it.begins = almanac_utc(zones, zone, first * DAY_SECONDS) * 1000;
    it.ends = almanac_utc(zones, zone, almanac_next_day(period, first) * DAY_SECONDS) * 1000;
    it.before = gen_almanac_period(policy, period, zones, it.begins - 1);
    return it;
}

gen_moment gen_almanac_period(const struct gen_budget_policy *policy, enum gen_period period,
                              const struct gen_zones *zones, gen_moment now)
{
    const char *zone = policy->time_zone == NULL ? "UTC" : policy->time_zone;
    int64_t seconds = now / 1000;
    int32_t east = almanac_east(zones, zone, seconds);
    struct gen_civil today = gen_calendar_civil(seconds + east);

    if (period == GEN_PERIOD_ALWAYS) {
        return 0;
    }
    return almanac_utc(zones, zone, almanac_first_day(policy, period, &today) * DAY_SECONDS) * 1000;
}

static bool almanac_window_of(const struct gen_schedule_window *window, const char *provider)
{
    for (size_t i = 0; i < window->providers.count; i++) {
        if (strcmp(window->providers.items[i], provider) == 0) {
            return true;
        }
    }
    return window->providers.count == 0;
}

bool gen_almanac_off_peak(const struct gen_schedule_policy *policy, const char *provider,
                          const struct gen_zones *zones, gen_moment now)
{
    const struct gen_schedule_window *windows = policy->off_peak.items;
    int64_t seconds = now / 1000;
    struct gen_civil local =
        gen_calendar_civil(seconds + almanac_east(zones, policy->time_zone, seconds));
    int day = (local.weekday + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK;

    for (size_t i = 0; i < policy->off_peak.count; i++) {
        if (almanac_window_of(&windows[i], provider) &&
            gen_schedule_window_holds(&windows[i], day, local.hour * 60 + local.minute)) {
            return true;
        }
    }
    return false;
}
