/* calendar.h - timestamps and durations of CEL: their text, their civil date, their arithmetic.
 *
 * NOT here: time zones (zone.h), the functions of the language over them (time_functions.h),
 * moments in milliseconds for the rest of the product (base/moment.h). It reads no clock and no
 * locale.
 *
 * A timestamp is seconds since 1970-01-01T00:00:00Z and nanoseconds 0..999999999 after that second,
 * in the years 1 to 9999 (proleptic Gregorian, no leap seconds); a duration is int64 nanoseconds.
 * Invariant: no function gives a timestamp or duration outside its range.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/calendar_test.c
 */
#ifndef GEN_EXPR_CALENDAR_H
#define GEN_EXPR_CALENDAR_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GEN_CALENDAR_FIRST INT64_C(-62135596800) /* 0001-01-01T00:00:00Z */
#define GEN_CALENDAR_LAST INT64_C(253402300799)  /* 9999-12-31T23:59:59Z */

enum {
    GEN_CALENDAR_TEXT_SIZE = 32, /* "9999-12-31T23:59:59.999999999Z" and NUL */
    GEN_DURATION_TEXT_SIZE = 24, /* "-9223372036.854775808s" and NUL */
    GEN_NANOS_PER_SECOND = 1000000000,
};

struct gen_civil {
    int32_t year;  /* 1..9999; 0 and 10000 happen a few hours outside the range, in a zone */
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
    int32_t hour, minute, second;
    int32_t weekday;     /* 0 = Sunday */
    int32_t day_of_year; /* 0..365 */
};

/* Days since 1970-01-01; month 1..12, day 1..31. */
int64_t gen_calendar_days(int64_t year, int32_t month, int32_t day);
/* 28..31. */
int32_t gen_calendar_days_in(int64_t year, int32_t month);
/* Date and time of `seconds` since the epoch (up to a few days outside the range). */
struct gen_civil gen_calendar_civil(int64_t seconds);

/* RFC 3339 with seconds: 2009-02-13T23:31:30.5Z, 2009-02-13T23:31:30+01:00. Digits of the fraction
 * after the ninth are dropped; 23:59:60 in UTC (a leap second) is the next day's first. GEN_EINVAL:
 * it is not that; GEN_EOVERFLOW: outside the years 1..9999. Outputs are set only with GEN_OK. */
GEN_MUST_CHECK enum gen_status gen_calendar_parse(const char *text, size_t size, int64_t *seconds,
                                                  uint32_t *nanos);
/* In UTC, without trailing zeros: "2009-02-13T23:31:30Z". The timestamp must be in range. Returns
 * the length; `out` has GEN_CALENDAR_TEXT_SIZE bytes and ends with NUL. */
size_t gen_calendar_print(int64_t seconds, uint32_t nanos, char *out);

/* Timestamp + nanoseconds, timestamp - nanoseconds, timestamp - timestamp in nanoseconds. false,
 * and nothing set: the result is out of range. */
GEN_MUST_CHECK bool gen_calendar_add(int64_t seconds, uint32_t nanos, int64_t duration,
                                     int64_t *out_seconds, uint32_t *out_nanos);
GEN_MUST_CHECK bool gen_calendar_subtract(int64_t seconds, uint32_t nanos, int64_t duration,
                                          int64_t *out_seconds, uint32_t *out_nanos);
GEN_MUST_CHECK bool gen_calendar_difference(int64_t seconds, uint32_t nanos, int64_t less_seconds,
                                            uint32_t less_nanos, int64_t *duration);

/* [+-] then numbers with a unit ns, us, µs, ms, s, m or h: "1h30m", "-1.5h", "1h34us"; or "0". What
 * is below a nanosecond is dropped, for each number. GEN_EINVAL, GEN_EOVERFLOW as above. */
GEN_MUST_CHECK enum gen_status gen_duration_parse(const char *text, size_t size, int64_t *nanos);
/* In seconds, exactly: "5400s", "-0.001s". Returns the length; `out` has GEN_DURATION_TEXT_SIZE
 * bytes and ends with NUL. */
size_t gen_duration_print(int64_t nanos, char *out);
/* false: does not fit. */
GEN_MUST_CHECK bool gen_duration_add(int64_t a, int64_t b, int64_t *sum);
GEN_MUST_CHECK bool gen_duration_subtract(int64_t a, int64_t b, int64_t *rest);

#endif
