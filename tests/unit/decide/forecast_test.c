/* forecast_test.c - where the days so far lead to. */
#include "decide/forecast.h"

#include "base/check.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define DAY INT64_C(86400000)
#define BEGINS INT64_C(1796083200000) /* 2026-12-01 */
#define DOLLAR GEN_MICROS_PER_DOLLAR

static struct gen_forecast of_days(const gen_micros *used, size_t count, double gone,
                                   gen_micros limit)
{
    struct gen_forecast_day days[40];

    for (size_t i = 0; i < count; i++) {
        days[i] = (struct gen_forecast_day){(int64_t)i, used[i]};
    }
    return gen_forecast_make(days, count, BEGINS, BEGINS + 30 * DAY,
                             BEGINS + (gen_moment)(gone * (double)DAY), limit);
}

Test(forecast, even_days)
{
    gen_micros used[40];
    struct gen_forecast it;

    for (size_t i = 0; i < 40; i++) {
        used[i] = 10 * DOLLAR;
    }
    it = of_days(used, 10, 10, 250 * DOLLAR);
    cr_assert(it.known);
    cr_assert(eq(i64, it.used, 100 * DOLLAR));
    cr_assert(it.end == 300 * DOLLAR && it.low == it.end && it.high == it.end, "no unrest, no range");
    cr_assert(it.exceeded_at >= BEGINS + 25 * DAY - 1000 && it.exceeded_at <= BEGINS + 25 * DAY + 1000);
    it = of_days(used, 10, 10, 301 * DOLLAR);
    cr_assert(eq(i64, it.exceeded_at, 0));
    it = of_days(used, 10, 10, 90 * DOLLAR);
    cr_assert(eq(i64, it.exceeded_at, 0), "it is passed already: nothing to foresee");
}

/* What the last days did weighs as much as the whole; the range covers both. */
Test(forecast, days_that_grow)
{
    gen_micros used[14];
    struct gen_forecast it;

    for (size_t i = 0; i < 14; i++) {
        used[i] = (i < 7 ? 2 : 10) * DOLLAR;
    }
    it = of_days(used, 14, 14, 0);
    /* 84 so far; 6 a day on the whole, 10 a day lately, 16 days to go */
    cr_assert(eq(i64, it.end, 84 * DOLLAR + 16 * 8 * DOLLAR));
    cr_assert(it.low < 84 * DOLLAR + 16 * 6 * DOLLAR && it.high > 84 * DOLLAR + 16 * 10 * DOLLAR);
    cr_assert(it.low >= it.used && it.low < it.end && it.end < it.high);
}

Test(forecast, too_early_or_not_at_all)
{
    static const gen_micros used[] = {DOLLAR};
    struct gen_forecast_day day = {0, DOLLAR};

    cr_assert(of_days(used, 1, 0.5, 5).known == false, "half a day of thirty");
    cr_assert(of_days(used, 1, 1.0, 5).known);
    cr_assert(of_days(used, 1, -1, 5).known == false && of_days(used, 1, 30, 5).known == false);
    cr_assert(eq(i64, of_days(used, 1, 0.5, 5).end, DOLLAR));
    cr_assert(gen_forecast_make(&day, 1, 0, INT64_MAX, BEGINS, 5).known == false, "no end");
    cr_assert(gen_forecast_make(&day, 1, BEGINS, BEGINS + DAY, BEGINS + DAY / 2, 0).known,
              "half of a day's budget");
    cr_assert(of_days(NULL, 0, 10, 5).end == 0 && of_days(NULL, 0, 10, 5).known);
}

Test(forecast, hostile_figures)
{
    static const gen_micros used[] = {INT64_MAX, INT64_MAX};
    struct gen_forecast it = of_days(used, 2, 2, INT64_MAX);

    cr_assert(it.used == INT64_MAX && it.end == INT64_MAX && it.high == INT64_MAX);
}
