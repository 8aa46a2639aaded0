/* moment_test.c - calendar borders and what RFC 3339 allows. */
#include "base/moment.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(moment, parse)
{
    static const struct {
        const char *text;
        gen_moment moment; /* -1 = refused */
    } cases[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1970-01-01T00:00:00.001Z", 1},
        {"2026-11-22T12:00:00Z", INT64_C(1795348800000)},
        {"2026-11-22t12:00:00z", INT64_C(1795348800000)},
        {"2026-11-22 12:00:00Z", INT64_C(1795348800000)},
        {"2026-11-22T14:30:00+02:30", INT64_C(1795348800000)},
        {"2026-11-22T04:00:00-08:00", INT64_C(1795348800000)},
        {"2026-11-22", INT64_C(1795305600000)},                 /* midnight */
        {"2026-11-22T12:00:00.123999999999Z", INT64_C(1795348800123)}, /* cut, not rounded */
        {"2026-11-22T12:00:00.5Z", INT64_C(1795348800500)},
        {"2000-02-29T00:00:00Z", INT64_C(951782400000)},        /* a century that is a leap year */
        {"2024-02-29T00:00:00Z", INT64_C(1709164800000)},
        {"2100-03-01T00:00:00Z", INT64_C(4107542400000)},
        {"2016-12-31T23:59:60Z", INT64_C(1483228800000)},       /* a leap second */
        {"9999-12-31T23:59:59.999Z", INT64_C(253402300799999)},
        {"2100-02-29T00:00:00Z", -1},                           /* a century that is not */
        {"2023-02-29T00:00:00Z", -1},
        {"2026-04-31", -1},
        {"2026-00-10", -1},
        {"2026-13-10", -1},
        {"2026-01-00", -1},
        {"2026-11-22T24:00:00Z", -1},
        {"2026-11-22T12:60:00Z", -1},
        {"2026-11-22T12:00:61Z", -1},
        {"2026-11-22T12:00Z", -1},                              /* no seconds */
        {"2026-11-22T12:00:00", -1},                            /* no zone */
        {"2026-11-22T12:00:00.Z", -1},
        {"2026-11-22T12:00:00+0200", -1},
        {"2026-11-22T12:00:00Zx", -1},
        {"2026-11-22T", -1},
        {"26-11-22", -1},
        {"", -1},
        {"now", -1},
        {"1969-12-31T23:59:59Z", -1},                           /* before the epoch */
        {"1970-01-01T00:00:00+00:01", -1},
        {"9999-12-31T23:59:59-00:01", -1},                      /* year 10000 in UTC */
        {"0000-01-01", -1},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_error err = {0};
        gen_moment moment = -1;
        enum gen_status status =
            gen_moment_parse(cases[i].text, strlen(cases[i].text), &moment, &err);

        cr_expect(eq(int, status, cases[i].moment < 0 ? GEN_EINVAL : GEN_OK), "%s", cases[i].text);
        cr_expect(eq(i64, moment, cases[i].moment), "%s", cases[i].text);
    }
}

Test(moment, text)
{
    static const struct {
        gen_moment moment;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00.000Z"},
        {INT64_C(951868799999), "2000-02-29T23:59:59.999Z"},
        {INT64_C(253402300799999), "9999-12-31T23:59:59.999Z"},
        {INT64_C(253402300800000), ""},
        {-1, ""},
        {INT64_MAX, ""},
        {INT64_MIN, ""},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char text[GEN_MOMENT_TEXT_SIZE];

        cr_expect(eq(str, (char *)gen_moment_text(cases[i].moment, text), (char *)cases[i].text));
    }
}

Test(moment, round_trip)
{
    /* A step of 25 hours and a bit meets every day of year but few, through all years. */
    for (gen_moment at = 0; at < INT64_C(253402300800000); at += INT64_C(90000000017) / 10) {
        char text[GEN_MOMENT_TEXT_SIZE];
        gen_moment back = -1;

        gen_moment_text(at, text);
        cr_assert(eq(int, gen_moment_parse(text, strlen(text), &back, NULL), GEN_OK));
        cr_assert(eq(i64, back, at));
    }
}
