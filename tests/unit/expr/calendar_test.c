/* calendar_test.c - core/expr/calendar.c: timestamps and durations as text, dates and sums. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "expr/calendar.h"

#include <locale.h>
#include <string.h>
#include <time.h>

Test(calendar, parses_timestamps)
{
    static const struct {
        const char *text;
        enum gen_status status;
        int64_t seconds;
        uint32_t nanos;
    } cases[] = {
        {"2009-02-13T23:31:30Z", GEN_OK, 1234567890, 0},
        {"1970-01-01T00:00:00Z", GEN_OK, 0, 0},
        {"1969-12-31T23:59:59.5Z", GEN_OK, -1,
         500000000}, /* nanos count forwards before 1970 too */
        {"0001-01-01T00:00:00Z", GEN_OK, GEN_CALENDAR_FIRST, 0},
        {"9999-12-31T23:59:59.999999999Z", GEN_OK, GEN_CALENDAR_LAST, 999999999},
        {"9999-12-31T23:59:59.9999999999999Z", GEN_OK, GEN_CALENDAR_LAST, 999999999}, /* cut */
        {"2009-02-13t23:31:30z", GEN_OK, 1234567890, 0}, /* RFC 3339, section 5.6 */
        {"2009-02-14T10:31:30+11:00", GEN_OK, 1234567890, 0},
        {"2009-02-13T21:01:30-02:30", GEN_OK, 1234567890, 0},
        {"2009-02-13T23:31:30-00:00", GEN_OK, 1234567890, 0},
        {"2009-02-13T23:31:30.000000001Z", GEN_OK, 1234567890, 1},
        {"2000-02-29T00:00:00Z", GEN_OK, 951782400, 0}, /* 400 divides: a leap year */
        {"0001-01-01T01:00:00+01:00", GEN_OK, GEN_CALENDAR_FIRST, 0},
        {"0000-12-31T23:30:00-01:00", GEN_OK, GEN_CALENDAR_FIRST + 1800, 0}, /* year 1 in UTC */
        {"2016-12-31T23:59:60Z", GEN_OK, 1483228800, 0},                     /* a leap second */
        {"2017-01-01T00:59:60+01:00", GEN_OK, 1483228800, 0},
        {"2016-12-31T22:59:60Z", GEN_EINVAL, 0, 0},  /* not at the end of a day */
        {"10000-01-01T00:00:00Z", GEN_EINVAL, 0, 0}, /* five digits */
        {"0000-12-31T23:59:59Z", GEN_EOVERFLOW, 0, 0},
        {"0001-01-01T00:00:00+00:01", GEN_EOVERFLOW, 0, 0},
        {"9999-12-31T23:59:59-00:01", GEN_EOVERFLOW, 0, 0},
        {"9999-12-31T23:59:60Z", GEN_EOVERFLOW, 0, 0},
        {"1900-02-29T00:00:00Z", GEN_EINVAL, 0, 0}, /* 100 divides, 400 does not */
        {"2009-00-13T23:31:30Z", GEN_EINVAL, 0, 0},
        {"2009-13-13T23:31:30Z", GEN_EINVAL, 0, 0},
        {"2009-04-31T23:31:30Z", GEN_EINVAL, 0, 0},
        {"2009-04-00T23:31:30Z", GEN_EINVAL, 0, 0},
        {"2009-02-13T24:00:00Z", GEN_EINVAL, 0, 0},
        {"2009-02-13T23:60:00Z", GEN_EINVAL, 0, 0},
        {"2009-02-13T23:59:61Z", GEN_EINVAL, 0, 0},
        {"2009-02-13T23:31:30", GEN_EINVAL, 0, 0}, /* no zone */
        {"2009-02-13T23:31:30.Z", GEN_EINVAL, 0, 0},
        {"2009-02-13T23:31:30,5Z", GEN_EINVAL, 0, 0},
        {"2009-02-13T23:31Z", GEN_EINVAL, 0, 0},
        {"2009-02-13 23:31:30Z", GEN_EINVAL, 0, 0},
        {"2009-02-13", GEN_EINVAL, 0, 0},
        {"2009-2-13T23:31:30Z", GEN_EINVAL, 0, 0},
        {"+2009-02-13T23:31:30Z", GEN_EINVAL, 0, 0},
        {"2009-02-13T23:31:30+24:00", GEN_EINVAL, 0, 0},
        {"2009-02-13T23:31:30+01:60", GEN_EINVAL, 0, 0},
        {"2009-02-13T23:31:30+0100", GEN_EINVAL, 0, 0},
        {"2009-02-13T23:31:30Zx", GEN_EINVAL, 0, 0},
        {" 2009-02-13T23:31:30Z", GEN_EINVAL, 0, 0},
        {"", GEN_EINVAL, 0, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        int64_t seconds = 77;
        uint32_t nanos = 77;

        cr_expect(gen_calendar_parse(cases[i].text, strlen(cases[i].text), &seconds, &nanos) ==
                      cases[i].status,
                  "%s", cases[i].text);
        cr_expect(seconds == (cases[i].status == GEN_OK ? cases[i].seconds : 77), "%s: %lld",
                  cases[i].text, (long long)seconds);
        cr_expect(nanos == (cases[i].status == GEN_OK ? cases[i].nanos : 77), "%s", cases[i].text);
    }
    /* The size counts, not a NUL. */
    cr_expect(gen_calendar_parse("2009-02-13T23:31:30Z", 19, &(int64_t){0}, &(uint32_t){0}) ==
              GEN_EINVAL);
    cr_expect(gen_calendar_parse("2009-02-13T23:31:30Z\0", 21, &(int64_t){0}, &(uint32_t){0}) ==
              GEN_EINVAL);
}

/* Every prefix of a good text but itself is refused, and no byte after it is read. */
Test(calendar, refuses_what_is_cut)
{
    static const char text[] = "2009-02-13T23:31:30.123456789+01:00";

    for (size_t size = 0; size < sizeof(text) - 1; size++) {
        char copy[sizeof(text)];
        int64_t seconds;
        uint32_t nanos;

        memcpy(copy, text, size);
        memset(copy + size, '0', sizeof(copy) - size);
        cr_expect(gen_calendar_parse(copy, size, &seconds, &nanos) == GEN_EINVAL, "%zu", size);
    }
}

Test(calendar, prints_timestamps)
{
    static const struct {
        int64_t seconds;
        uint32_t nanos;
        const char *text;
    } cases[] = {
        {1234567890, 0, "2009-02-13T23:31:30Z"},
        {1234567890, 120000000, "2009-02-13T23:31:30.12Z"},
        {-1, 1, "1969-12-31T23:59:59.000000001Z"},
        {GEN_CALENDAR_FIRST, 0, "0001-01-01T00:00:00Z"},
        {GEN_CALENDAR_LAST, 999999999, "9999-12-31T23:59:59.999999999Z"}, /* the longest */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char text[GEN_CALENDAR_TEXT_SIZE];

        cr_expect(gen_calendar_print(cases[i].seconds, cases[i].nanos, text) == strlen(text));
        cr_expect(strcmp(text, cases[i].text) == 0, "%s", text);
    }
}

/* Against the C library, over the whole range in steps that meet all months, weekdays and hours. */
Test(calendar, civil_dates_are_the_c_librarys)
{
    for (int64_t t = GEN_CALENDAR_FIRST - 100000; t < GEN_CALENDAR_LAST + 100000; t += 7900021) {
        struct gen_civil civil = gen_calendar_civil(t);
        time_t instant = (time_t)t;
        char text[GEN_CALENDAR_TEXT_SIZE];
        struct tm tm;
        int64_t seconds;
        uint32_t nanos;

        cr_assert(gmtime_r(&instant, &tm) != NULL);
        cr_assert(civil.year == tm.tm_year + 1900 && civil.month == tm.tm_mon + 1 &&
                      civil.day == tm.tm_mday && civil.hour == tm.tm_hour &&
                      civil.minute == tm.tm_min && civil.second == tm.tm_sec &&
                      civil.weekday == tm.tm_wday && civil.day_of_year == tm.tm_yday,
                  "%lld", (long long)t);
        cr_assert(gen_calendar_days(civil.year, civil.month, civil.day) * 86400 +
                      civil.hour * 3600 + civil.minute * 60 + civil.second ==
                  t);
        if (t >= GEN_CALENDAR_FIRST && t <= GEN_CALENDAR_LAST) {
            gen_calendar_print(t, 5, text);
            cr_assert(gen_calendar_parse(text, strlen(text), &seconds, &nanos) == GEN_OK);
            cr_assert(seconds == t && nanos == 5, "%s", text);
        }
    }
}

Test(calendar, adds_and_subtracts)
{
    static const struct {
        int64_t seconds;
        uint32_t nanos;
        int64_t duration; /* added; its opposite subtracted */
        bool good;
        int64_t out_seconds;
        uint32_t out_nanos;
    } cases[] = {
        {0, 0, 240000000000, true, 240, 0},
        {0, 0, -1, true, -1, 999999999},
        {GEN_CALENDAR_FIRST + 1, 1, -999999999, true, GEN_CALENDAR_FIRST, 2},
        {GEN_CALENDAR_FIRST + 1, 999999999, 999999999, true, GEN_CALENDAR_FIRST + 2, 999999998},
        {GEN_CALENDAR_LAST, 999999999, 0, true, GEN_CALENDAR_LAST, 999999999},
        {GEN_CALENDAR_LAST, 999999999, 1, false, 0, 0},
        {GEN_CALENDAR_FIRST, 0, -1, false, 0, 0},
        {GEN_CALENDAR_LAST, 0, INT64_MAX, false, 0, 0},
        {0, 0, INT64_MAX, true, 9223372036, 854775807},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        int64_t seconds = 0;
        uint32_t nanos = 0;

        cr_expect(gen_calendar_add(cases[i].seconds, cases[i].nanos, cases[i].duration, &seconds,
                                   &nanos) == cases[i].good &&
                      seconds == cases[i].out_seconds && nanos == cases[i].out_nanos,
                  "add %zu", i);
        seconds = 0;
        nanos = 0;
        cr_expect(gen_calendar_subtract(cases[i].seconds, cases[i].nanos, -cases[i].duration,
                                        &seconds, &nanos) == cases[i].good &&
                      seconds == cases[i].out_seconds && nanos == cases[i].out_nanos,
                  "subtract %zu", i);
    }
    {
        int64_t seconds;
        uint32_t nanos;

        /* The one duration without an opposite. */
        cr_assert(gen_calendar_subtract(0, 0, INT64_MIN, &seconds, &nanos));
        cr_expect(seconds == 9223372036 && nanos == 854775808);
    }
}

Test(calendar, differences)
{
    static const struct {
        int64_t a;
        uint32_t a_nanos;
        int64_t b;
        uint32_t b_nanos;
        bool good;
        int64_t difference;
    } cases[] = {
        {10, 0, 4, 500000000, true, 5500000000},
        {4, 500000000, 10, 0, true, -5500000000},
        {GEN_CALENDAR_LAST, 0, GEN_CALENDAR_FIRST, 0, false, 0},
        {GEN_CALENDAR_FIRST, 0, GEN_CALENDAR_LAST, 0, false, 0},
        {9223372036, 854775807, 0, 0, true, INT64_MAX},
        {9223372036, 854775808, 0, 0, false, 0},
        {9223372037, 0, 0, 145224193, true, INT64_MAX}, /* its seconds alone would not fit */
        {9223372037, 0, 0, 145224192, false, 0},
        {0, 0, 9223372036, 854775808, true, INT64_MIN},
        {0, 145224192, 9223372037, 0, true, INT64_MIN}, /* nor here */
        {0, 0, 9223372036, 854775809, false, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        int64_t out = 0;

        cr_expect(gen_calendar_difference(cases[i].a, cases[i].a_nanos, cases[i].b,
                                          cases[i].b_nanos, &out) == cases[i].good &&
                      out == cases[i].difference,
                  "%zu: %lld", i, (long long)out);
    }
}

Test(calendar, parses_durations)
{
    static const struct {
        const char *text;
        enum gen_status status;
        int64_t nanos;
    } cases[] = {
        {"0", GEN_OK, 0},
        {"-0", GEN_OK, 0},
        {"+0", GEN_OK, 0},
        {"1h30m", GEN_OK, 5400000000000},
        {"-1.5h", GEN_OK, -5400000000000},
        {"1h34us", GEN_OK, 3600000034000},
        {"1h34\xc2\xb5s", GEN_OK, 3600000034000},
        {"1h34\xce\xbcs", GEN_OK, 3600000034000},
        {"+5s", GEN_OK, 5000000000},
        {".5s", GEN_OK, 500000000},
        {"5.s", GEN_OK, 5000000000},
        {"1.0000000001s", GEN_OK, 1000000000},             /* below a nanosecond */
        {"0.3333333333333333333h", GEN_OK, 1199999999999}, /* every digit counts, cut at the end */
        {"0.000000000000000000000000000000000000001h", GEN_OK, 0},
        {"1ns", GEN_OK, 1},
        {"1ms", GEN_OK, 1000000},
        {"1m", GEN_OK, 60000000000},
        {"1s1s", GEN_OK, 2000000000}, /* a unit may come again */
        {"9223372036854775807ns", GEN_OK, INT64_MAX},
        {"-9223372036854775808ns", GEN_OK, INT64_MIN},
        {"-9223372036s854775808ns", GEN_OK, INT64_MIN},
        {"-9223372036.854775808s", GEN_OK, INT64_MIN},
        {"00000000000000000000000000000001s", GEN_OK, 1000000000},
        {"9223372036854775808ns", GEN_EOVERFLOW, 0},
        {"-9223372036854775809ns", GEN_EOVERFLOW, 0},
        {"320000000000s", GEN_EOVERFLOW, 0},
        {"99999999999999999999999999h", GEN_EOVERFLOW, 0},
        {"18446744073709551616ns", GEN_EOVERFLOW, 0}, /* 2^64 */
        {"9223372036s9223372036s9223372036s", GEN_EOVERFLOW, 0},
        {"18446744073709551615ns1ns", GEN_EOVERFLOW, 0},
        {"", GEN_EINVAL, 0},
        {"+", GEN_EINVAL, 0},
        {"-", GEN_EINVAL, 0},
        {"s", GEN_EINVAL, 0},
        {".", GEN_EINVAL, 0},
        {".s", GEN_EINVAL, 0},
        {"00", GEN_EINVAL, 0},
        {"1", GEN_EINVAL, 0},
        {"1h30", GEN_EINVAL, 0},
        {"1d", GEN_EINVAL, 0},
        {"1w", GEN_EINVAL, 0},
        {"1S", GEN_EINVAL, 0},
        {"1 s", GEN_EINVAL, 0},
        {" 1s", GEN_EINVAL, 0},
        {"1s ", GEN_EINVAL, 0},
        {"1,5s", GEN_EINVAL, 0},
        {"1.5.5s", GEN_EINVAL, 0},
        {"1h-30m", GEN_EINVAL, 0},
        {"--1s", GEN_EINVAL, 0},
        {"1e3s", GEN_EINVAL, 0},
        {"infs", GEN_EINVAL, 0},
        {"1\xc2s", GEN_EINVAL, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        int64_t nanos = 77;

        cr_expect(gen_duration_parse(cases[i].text, strlen(cases[i].text), &nanos) ==
                      cases[i].status,
                  "%s", cases[i].text);
        cr_expect(nanos == (cases[i].status == GEN_OK ? cases[i].nanos : 77), "%s: %lld",
                  cases[i].text, (long long)nanos);
    }
    cr_expect(gen_duration_parse("1s\0", 3, &(int64_t){0}) == GEN_EINVAL); /* NUL is no end */
    cr_expect(gen_duration_parse("1ms", 2, &(int64_t){0}) == GEN_OK);      /* the size is */
}

Test(calendar, prints_durations)
{
    static const struct {
        int64_t nanos;
        const char *text;
    } cases[] = {
        {0, "0s"},
        {5400000000000, "5400s"},
        {-1000000, "-0.001s"},
        {1, "0.000000001s"},
        {123321456789, "123.321456789s"},
        {-1500000000, "-1.5s"},
        {INT64_MAX, "9223372036.854775807s"},
        {INT64_MIN, "-9223372036.854775808s"},
    };

    /* Where the C library would write 0,001. */
    (void)setlocale(LC_ALL, "de_DE.UTF-8");
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char text[GEN_DURATION_TEXT_SIZE];
        int64_t back;

        cr_expect(gen_duration_print(cases[i].nanos, text) == strlen(text));
        cr_expect(strcmp(text, cases[i].text) == 0, "%s", text);
        cr_expect(gen_duration_parse(text, strlen(text), &back) == GEN_OK &&
                  back == cases[i].nanos);
    }
}

Test(calendar, sums_of_durations_stay_in_range)
{
    int64_t out = 77;

    cr_expect(gen_duration_add(INT64_MAX - 1, 1, &out) && out == INT64_MAX);
    cr_expect(gen_duration_subtract(INT64_MIN + 1, 1, &out) && out == INT64_MIN);
    out = 77;
    cr_expect(gen_duration_add(INT64_MAX, 1, &out) == false && out == 77);
    cr_expect(gen_duration_add(INT64_MIN, -1, &out) == false && out == 77);
    cr_expect(gen_duration_subtract(INT64_MIN, 1, &out) == false && out == 77);
    cr_expect(gen_duration_subtract(0, INT64_MIN, &out) == false && out == 77);
}
