/* zone_rule_test.c - core/expr/zone_rule.c: POSIX TZ rules as at the end of TZif files. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/check.h"
#include "expr/calendar.h"
#include "expr/zone_rule.h"

#include <string.h>

Test(zone_rule, offsets)
{
    static const struct {
        const char *rule;
        const char *instant;
        int32_t east;
    } cases[] = {
        {"UTC0", "2024-07-01T00:00:00Z", 0},
        {"<+0530>-5:30", "2024-07-01T00:00:00Z", 19800},
        {"XYZ1:02:03", "2024-07-01T00:00:00Z", -3723},
        /* Berlin: last Sunday of March 02:00 to last Sunday of October 03:00, each by its clock */
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2099-03-29T00:59:59Z", 3600},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2099-03-29T01:00:00Z", 7200},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2099-10-25T00:59:59Z", 7200},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "2099-10-25T01:00:00Z", 3600},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "9999-12-31T23:59:59Z", 3600},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "0001-01-01T00:00:00Z", 3600},
        {"CET-1CEST,M3.5.0,M10.5.0/3", "0001-07-01T00:00:00Z", 7200},
        /* Sydney: the summer spans New Year */
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-01-01T00:00:00Z", 39600},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-12-31T13:30:00Z", 39600},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-07-01T00:00:00Z", 36000},
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-04-02T15:59:59Z", 39600}, /* Sunday 3 April, 03:00 */
        {"AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-04-02T16:00:00Z", 36000},
        /* Dublin: winter is the exception, an hour back */
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2050-01-01T00:00:00Z", 0},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", "2050-07-01T00:00:00Z", 3600},
        /* Nuuk: a negative time is on the day before */
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T00:59:59Z", -7200},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T01:00:00Z", -3600},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-10-30T00:59:59Z", -3600},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-10-30T01:00:00Z", -7200},
        /* Jerusalem: Friday before the last Sunday of March, 26 hours after Thursday's midnight */
        {"IST-2IDT,M3.4.4/26,M10.5.0", "2030-03-28T23:59:59Z", 7200},
        {"IST-2IDT,M3.4.4/26,M10.5.0", "2030-03-29T00:00:00Z", 10800},
        /* RFC 8536, section 3.3.1: summer time all year */
        {"EST5EDT,0/0,J365/25", "2050-01-01T04:59:59Z", -14400},
        {"EST5EDT,0/0,J365/25", "2050-01-01T05:00:00Z", -14400},
        {"EST5EDT,0/0,J365/25", "2052-12-31T23:00:00Z", -14400}, /* of a leap year */
        {"EST5EDT,0/0,J365/25", "2050-07-01T00:00:00Z", -14400},
        /* J60 is 1 March in every year, 59 is 29 February where there is one */
        {"AAA0BBB,J60/0,J300/0", "2024-02-29T23:59:59Z", 0},
        {"AAA0BBB,J60/0,J300/0", "2024-03-01T00:00:00Z", 3600},
        {"AAA0BBB,J60/0,J300/0", "2023-03-01T00:00:00Z", 3600},
        {"AAA0BBB,J59/0,J300/0", "2024-02-28T00:00:00Z", 3600},
        {"AAA0BBB,59/0,300/0", "2024-02-28T23:59:59Z", 0},
        {"AAA0BBB,59/0,300/0", "2024-02-29T00:00:00Z", 3600},
        {"AAA0BBB,59/0,300/0", "2023-03-01T00:00:00Z", 3600},
        /* a week beyond the end of the year, and before its start */
        {"AAA0BBB,J365/167,J100/0", "2025-01-06T22:59:59Z", 0},
        {"AAA0BBB,J365/167,J100/0", "2025-01-06T23:00:00Z", 3600},
        {"AAA0BBB,J1/-167,J100/0", "2024-12-25T00:59:59Z", 0},
        {"AAA0BBB,J1/-167,J100/0", "2024-12-25T01:00:00Z", 3600},
        /* an offset of summer time that is not one hour (Lord Howe) */
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2050-01-01T00:00:00Z", 39600},
        {"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2050-07-01T00:00:00Z", 37800},
        /* the fifth is the last: February has four of each day in most years */
        {"AAA0BBB,M2.5.0/0,M2.5.1/0", "2026-02-22T12:00:00Z", 3600},
        {"AAA0BBB,M2.5.0/0,M2.5.1/0", "2026-02-23T12:00:00Z", 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_zone_rule rule;
        int64_t seconds;
        uint32_t nanos;
        int32_t east;

        cr_assert(gen_calendar_parse(cases[i].instant, strlen(cases[i].instant), &seconds,
                                     &nanos) == GEN_OK);
        cr_assert(gen_zone_rule_parse(cases[i].rule, strlen(cases[i].rule), &rule), "%s",
                  cases[i].rule);
        east = gen_zone_rule_offset(&rule, seconds);
        cr_expect(east == cases[i].east, "%s at %s: %d", cases[i].rule, cases[i].instant, east);
    }
}

Test(zone_rule, refuses)
{
    static const char *const cases[] = {
        "",
        "UTC",                     /* no offset */
        "UT0",                     /* a name has three letters */
        "U1C0",
        "<UTC0",                   /* no end of the name */
        "<>0",
        "<+1>0",
        "UTC25",                   /* an offset is at most 24 hours */
        "UTC0:60",
        "UTC0:00:60",
        "UTC0:",
        "UTC0 ",
        ":UTC0",
        "CET-1CEST",               /* summer time without its dates */
        "CET-1CEST,",
        "CET-1CEST,M3.5.0",
        "CET-1CEST,M3.5.0,",
        "CET-1CEST,M3.5.0,M10.5.0,",
        "CET-1CEST,M0.5.0,M10.5.0",
        "CET-1CEST,M13.5.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0",
        "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.5.7,M10.5.0",
        "CET-1CEST,M3.5,M10.5.0",
        "CET-1CEST,J0,J300",
        "CET-1CEST,J366,J300",
        "CET-1CEST,366,300",
        "CET-1CEST,-1,300",
        "CET-1CEST,J1/168,J300",
        "CET-1CEST,J1/-168,J300",
        "CET-1CEST,J1/,J300",
        "CET-1CEST,J1/2:,J300",
        "CET-1CEST,J1000,J300",
        "CET-99999999999999999999",
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_zone_rule rule = {.standard = 77};

        cr_expect(gen_zone_rule_parse(cases[i], strlen(cases[i]), &rule) == false, "%s", cases[i]);
        cr_expect(rule.standard == 77, "%s", cases[i]);
    }
}

/* Cut anywhere, it is refused or a shorter rule; the byte after the end is never taken in. */
Test(zone_rule, stays_in_its_size)
{
    static const char text[] = "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0/2:30";

    for (size_t size = 0; size < sizeof(text); size++) {
        char *copy = malloc(size > 0 ? size : 1); /* so that a sanitizer sees a byte too far */
        struct gen_zone_rule rule;

        memcpy(copy, text, size);
        (void)gen_zone_rule_parse(copy, size, &rule);
        free(copy);
    }
}
