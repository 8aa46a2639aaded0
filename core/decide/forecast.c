/* forecast.c - see forecast.h. Rates are doubles: nothing here is charged to anybody. */
#include "decide/forecast.h"

#include <math.h>

#define DAY_MS 86400000.0
#define RECENT_DAYS 7.0
#define SPREAD 1.28 /* four of five ends lie within so many standard deviations */
#define LEAST_SHARE 0.05
#define MOST_MICROS 9.0e18

static gen_micros forecast_round(double amount)
{
    return amount >= MOST_MICROS ? INT64_MAX : (gen_micros)(amount + 0.5);
}

/* Used since `since`, in days; a day that began before it counts in part. */
static double forecast_since(const struct gen_forecast_day *days, size_t count, double since,
                             double gone)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        double from = (double)days[i].day, to = fmin(from + 1.0, gone);

        if (to > since) {
            sum += (double)days[i].used *
                   (from >= since || to - from <= 0 ? 1.0 : (to - since) / (to - from));
        }
    }
    return sum;
}

/* Standard deviation of what a day uses. */
static double forecast_unrest(const struct gen_forecast_day *days, size_t count, double gone,
                              double mean)
{
    double squares = 0, whole = floor(gone) < 1.0 ? 1.0 : floor(gone);
    double seen = 0;

    for (size_t i = 0; i < count && (double)days[i].day < whole; i++) {
        squares += ((double)days[i].used - mean) * ((double)days[i].used - mean);
        seen += 1.0;
    }
    squares += (whole - seen) * mean * mean; /* days of nothing */
    return sqrt(squares / whole);
}

struct gen_forecast gen_forecast_make(const struct gen_forecast_day *days, size_t count,
                                      gen_moment begins, gen_moment ends, gen_moment now,
                                      gen_micros limit)
{
    double length = (double)(ends - begins) / DAY_MS, gone = (double)(now - begins) / DAY_MS;
    double left = length - gone, used = 0, whole, recent, middle, noise, low, high;
    struct gen_forecast it = {0};

    for (size_t i = 0; i < count; i++) {
        used += (double)days[i].used;
        if (!gen_money_add(&it.used, it.used, days[i].used)) {
            it.used = INT64_MAX;
        }
    }
    it.low = it.end = it.high = it.used;
    if (ends <= begins || ends == INT64_MAX || now < begins || now >= ends ||
        (gone < 1.0 && gone < LEAST_SHARE * length)) {
        return it;
    }
    it.known = true;
    whole = used / gone;
    recent = gone <= RECENT_DAYS
                 ? whole
                 : forecast_since(days, count, gone - RECENT_DAYS, gone) / RECENT_DAYS;
    middle = (whole + recent) / 2.0;
    noise = SPREAD * forecast_unrest(days, count, gone, whole) * sqrt(left);
    low = used + fmax(0.0, fmin(whole, recent) * left - noise);
    high = used + fmax(whole, recent) * left + noise;
    it.low = forecast_round(low);
    it.end = forecast_round(used + middle * left);
    it.high = forecast_round(high);
    if (it.low < it.used) {
        it.low = it.used;
    }
    if (limit > 0 && it.end > limit && it.used <= limit && middle > 0) {
        it.exceeded_at = now + (gen_moment)(((double)limit - used) / middle * DAY_MS);
    }
    return it;
}
