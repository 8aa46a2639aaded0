/* time_functions.c - see time_functions.h. Counting starts at 0 for months, days of the month and
 * of the year, at 1 for getDate, as the language has it. */
#include "expr/time_functions.h"

#include "expr/calendar.h"
#include "expr/zone.h"

enum { NANOS_PER_MILLISECOND = 1000000 };

/* The date and time of args[0] in UTC, or in the zone args[1]. false: `*wrong` is the result. */
static bool local(struct gen_run *run, const struct gen_value *args, size_t count,
                  struct gen_civil *out, struct gen_value *wrong)
{
    int64_t seconds = args[0].as.integer;
    struct gen_error err = {0};
    enum gen_status status;
    int32_t east = 0;
    size_t work = 0;

    if (count > 1) {
        const char *name = args[1].as.text;
        size_t size = args[1].size;

        status = gen_zones_offset(run->zones, name, size, seconds, &east, &work, &err);
        if (work > 0 && !gen_run_charge(run, work)) {
            *wrong = gen_run_exhausted();
            return false;
        }
        if (status == GEN_ENOMEM) {
            *wrong = gen_run_no_memory();
            return false;
        }
        if (status != GEN_OK) { /* a bad name may hold anything: it is not repeated */
            *wrong = gen_zone_name_good(name, size)
                         ? gen_value_fault(run->arena, "time zone %.*s: %s", (int)size, name,
                                           err.message)
                         : gen_value_fault(run->arena, "%s", err.message);
            return false;
        }
    }
    *out = gen_calendar_civil(seconds + east);
    return true;
}

/* A getter of a timestamp: what it gives, from `at`. */
#define TIMESTAMP_GETTER(name, result) \
    static struct gen_value name(struct gen_run *run, const struct gen_value *args, size_t count) \
    { \
        struct gen_value wrong; \
        struct gen_civil at; \
\
        return local(run, args, count, &at, &wrong) ? gen_value_int(result) : wrong; \
    }

TIMESTAMP_GETTER(full_year, at.year)
TIMESTAMP_GETTER(month, at.month - 1)
TIMESTAMP_GETTER(date, at.day)
TIMESTAMP_GETTER(day_of_month, at.day - 1)
TIMESTAMP_GETTER(day_of_week, at.weekday)
TIMESTAMP_GETTER(day_of_year, at.day_of_year)
TIMESTAMP_GETTER(hours, at.hour)
TIMESTAMP_GETTER(minutes, at.minute)
TIMESTAMP_GETTER(seconds, at.second)
TIMESTAMP_GETTER(milliseconds, args[0].size / NANOS_PER_MILLISECOND)

/* A getter of a duration: the whole of it in a unit, cut towards zero. */
#define DURATION_GETTER(name, result) \
    static struct gen_value name(struct gen_run *run, const struct gen_value *args, size_t count) \
    { \
        int64_t nanos = args[0].as.integer; \
\
        (void)run; \
        (void)count; \
        return gen_value_int(result); \
    }

DURATION_GETTER(whole_hours, nanos / GEN_NANOS_PER_SECOND / 3600)
DURATION_GETTER(whole_minutes, nanos / GEN_NANOS_PER_SECOND / 60)
DURATION_GETTER(whole_seconds, nanos / GEN_NANOS_PER_SECOND)
/* Not the whole but the part below a second: the conformance vectors have it so. */
DURATION_GETTER(part_milliseconds, nanos / NANOS_PER_MILLISECOND % 1000)

const struct gen_overload gen_time_functions[] = {
    {"getFullYear", "t.:i", full_year},
    {"getFullYear", "t.s:i", full_year},
    {"getMonth", "t.:i", month},
    {"getMonth", "t.s:i", month},
    {"getDate", "t.:i", date},
    {"getDate", "t.s:i", date},
    {"getDayOfMonth", "t.:i", day_of_month},
    {"getDayOfMonth", "t.s:i", day_of_month},
    {"getDayOfWeek", "t.:i", day_of_week},
    {"getDayOfWeek", "t.s:i", day_of_week},
    {"getDayOfYear", "t.:i", day_of_year},
    {"getDayOfYear", "t.s:i", day_of_year},
    {"getHours", "t.:i", hours},
    {"getHours", "t.s:i", hours},
    {"getHours", "D.:i", whole_hours},
    {"getMinutes", "t.:i", minutes},
    {"getMinutes", "t.s:i", minutes},
    {"getMinutes", "D.:i", whole_minutes},
    {"getSeconds", "t.:i", seconds},
    {"getSeconds", "t.s:i", seconds},
    {"getSeconds", "D.:i", whole_seconds},
    {"getMilliseconds", "t.:i", milliseconds},
    {"getMilliseconds", "t.s:i", milliseconds},
    {"getMilliseconds", "D.:i", part_milliseconds},
    {NULL, NULL, NULL},
};
