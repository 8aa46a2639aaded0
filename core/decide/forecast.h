/* forecast.h - what will be spent by the end of a period, with a range.
 *
 * From what was used each day so far: one line through the whole of it, and one that goes on as the last
 * days did; the middle is between them, and the range covers both and the unrest of the days. It is a
 * forecast, not a promise, and says how much it stands on.
 * Pure. Thread: [any]. Floor: decide. Tests: tests/unit/decide/forecast_test.c
 */
#ifndef GEN_DECIDE_FORECAST_H
#define GEN_DECIDE_FORECAST_H

#include "base/moment.h"
#include "base/money.h"

#include <stdbool.h>

struct gen_forecast_day {
    int64_t
        day; /* 0 = the first of the period, in days of 24 hours; rising; days of nothing are left out */
    gen_micros used;
};

struct gen_forecast {
    bool
        known; /* false: less than a twentieth of the period and less than a day has gone by, or it has no
                 * end; the rest is what is used so far */
    gen_micros used;           /* so far */
    gen_micros low, end, high; /* at the end of the period; never less than used */
    gen_moment
        exceeded_at; /* when `limit` will be passed as the middle goes; 0 = not in this period */
};

/* `limit`: 0 = none. */
struct gen_forecast gen_forecast_make(const struct gen_forecast_day *days, size_t count,
                                      gen_moment begins, gen_moment ends, gen_moment now,
                                      gen_micros limit);

#endif
