/* time_functions_test.c - core/expr/time_functions.c: each getter, with and without a zone. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "expr/calendar.h"
#include "expr/time_functions.h"
#include "expr/zone.h"
#include "platform/zone_files.h"

#include <string.h>

static gen_function *row_of(const char *name, const char *signature)
{
    for (const struct gen_overload *row = gen_time_functions; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0 && strcmp(row->signature, signature) == 0) {
            return row->run;
        }
    }
    return NULL;
}

static struct gen_value timestamp_of(const char *text)
{
    int64_t seconds = 0;
    uint32_t nanos = 0;

    cr_assert(gen_calendar_parse(text, strlen(text), &seconds, &nanos) == GEN_OK, "%s", text);
    return gen_value_timestamp(seconds, nanos);
}

static struct gen_value duration_of(const char *text)
{
    int64_t nanos = 0;

    cr_assert(gen_duration_parse(text, strlen(text), &nanos) == GEN_OK, "%s", text);
    return gen_value_duration(nanos);
}

Test(time_functions, of_timestamps)
{
    static const struct {
        const char *instant;
        const char *name;
        const char *zone; /* NULL = none given */
        int64_t result;
    } cases[] = {
        /* the conformance suite's instant, every getter */
        {"2009-02-13T23:31:30.123456789Z", "getFullYear", NULL, 2009},
        {"2009-02-13T23:31:30.123456789Z", "getMonth", NULL, 1},       /* January = 0 */
        {"2009-02-13T23:31:30.123456789Z", "getDate", NULL, 13},       /* from 1 */
        {"2009-02-13T23:31:30.123456789Z", "getDayOfMonth", NULL, 12}, /* from 0 */
        {"2009-02-13T23:31:30.123456789Z", "getDayOfWeek", NULL, 5},   /* Friday */
        {"2009-02-13T23:31:30.123456789Z", "getDayOfYear", NULL, 43},
        {"2009-02-13T23:31:30.123456789Z", "getHours", NULL, 23},
        {"2009-02-13T23:31:30.123456789Z", "getMinutes", NULL, 31},
        {"2009-02-13T23:31:30.123456789Z", "getSeconds", NULL, 30},
        {"2009-02-13T23:31:30.123456789Z", "getMilliseconds", NULL, 123},
        /* the same with zones, over midnight both ways */
        {"2009-02-13T23:31:30Z", "getDate", "Australia/Sydney", 14},
        {"2009-02-13T23:31:30Z", "getDayOfWeek", "Australia/Sydney", 6},
        {"2009-02-13T23:31:30Z", "getHours", "Australia/Sydney", 10},
        {"2009-02-13T23:31:30Z", "getDate", "+11:00", 14},
        {"2009-02-13T23:31:30Z", "getDayOfMonth", "US/Central", 12},
        {"2009-02-13T23:31:30Z", "getDayOfYear", "US/Central", 43},
        {"2009-02-13T23:31:30Z", "getHours", "US/Central", 17},
        {"2009-02-13T02:00:00Z", "getDayOfMonth", "-02:30", 11},
        {"2009-02-13T23:31:30Z", "getHours", "02:00", 1},
        {"2009-02-13T23:31:30Z", "getMinutes", "Asia/Kathmandu", 16}, /* +05:45 */
        {"2009-02-13T23:31:30Z", "getDayOfWeek", "UTC", 5},
        {"2009-02-13T23:31:30Z", "getMonth", "UTC", 1},
        {"2009-02-13T23:31:30Z", "getSeconds", "-00:00", 30},
        {"2009-02-13T23:31:30.5Z", "getMilliseconds", "+11:00", 500},
        {"2009-12-31T23:31:30Z", "getFullYear", "Europe/Berlin", 2010},
        {"2009-12-31T23:31:30Z", "getMonth", "Europe/Berlin", 0},
        {"2009-12-31T23:31:30Z", "getDayOfYear", "Europe/Berlin", 0},
        /* around a change of the clock */
        {"2024-03-31T00:59:59Z", "getHours", "Europe/Berlin", 1},
        {"2024-03-31T01:00:00Z", "getHours", "Europe/Berlin", 3},
        /* beyond the table of changes */
        {"2124-07-01T12:00:00Z", "getHours", "Europe/Berlin", 14},
        {"2124-12-01T12:00:00Z", "getHours", "Europe/Berlin", 13},
        /* the ends of the range: a zone may lead a little out of it */
        {"0001-01-01T00:00:00Z", "getFullYear", "-01:00", 0},
        {"0001-01-01T00:00:00Z", "getDayOfYear", "-01:00", 365}, /* year 0 is a leap year */
        {"9999-12-31T23:59:59Z", "getFullYear", "+01:00", 10000},
        {"9999-12-31T23:59:59Z", "getDayOfYear", NULL, 364},
        {"0001-01-01T00:00:00Z", "getDayOfWeek", NULL, 1}, /* a Monday */
        /* leap days */
        {"2024-02-29T00:00:00Z", "getDayOfYear", NULL, 59},
        {"2024-03-01T00:00:00Z", "getDayOfYear", NULL, 60},
        {"2023-03-01T00:00:00Z", "getDayOfYear", NULL, 59},
        {"2024-12-31T00:00:00Z", "getDayOfYear", NULL, 365},
        /* before 1970 a fraction still counts forwards */
        {"1969-12-31T23:59:59.999Z", "getMilliseconds", NULL, 999},
        {"1969-12-31T23:59:59.999Z", "getSeconds", NULL, 59},
    };
    struct gen_zone_files files = {0};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_zones zones;
    struct gen_error err;

    cr_assert(gen_zones_init(&zones, gen_zone_files_read, &files, &err) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_run run = {arena, &zones, 1000000};
        bool zoned = cases[i].zone != NULL;
        gen_function *function = row_of(cases[i].name, zoned ? "t.s:i" : "t.:i");
        struct gen_value args[2] = {timestamp_of(cases[i].instant)};
        struct gen_value result;

        cr_assert(function != NULL, "%s", cases[i].name);
        if (zoned) {
            args[1] = gen_value_text(cases[i].zone);
        }
        result = function(&run, args, zoned ? 2 : 1);
        cr_assert(gen_value_is(result, GEN_KIND_INT), "%s %s: %s", cases[i].name, cases[i].zone,
                  result.kind == GEN_KIND_FAULT ? result.as.fault->message : "");
        cr_expect(result.as.integer == cases[i].result, "%s of %s: %lld", cases[i].name,
                  cases[i].instant, (long long)result.as.integer);
    }
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
    gen_arena_destroy(arena);
}

Test(time_functions, of_durations)
{
    static const struct {
        const char *duration;
        const char *name;
        int64_t result;
    } cases[] = {
        {"10000s", "getHours", 2},
        {"3730s", "getMinutes", 62},
        {"3730s", "getSeconds", 3730},
        {"123.321456789s", "getMilliseconds", 321}, /* the part, by the suite */
        {"-10000s", "getHours", -2},                /* towards zero */
        {"-1.5s", "getSeconds", -1},
        {"-1.5s", "getMilliseconds", -500},
        {"59m59.999s", "getHours", 0},
        {"-9223372036.854775808s", "getHours", -2562047},
        {"-9223372036.854775808s", "getMilliseconds", -854},
    };
    struct gen_run run = {NULL, NULL, 0};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_value arg = duration_of(cases[i].duration);
        gen_function *function = row_of(cases[i].name, "D.:i");
        struct gen_value result;

        cr_assert(function != NULL, "%s", cases[i].name);
        result = function(&run, &arg, 1);
        cr_expect(gen_value_is(result, GEN_KIND_INT) && result.as.integer == cases[i].result,
                  "%s of %s: %lld", cases[i].name, cases[i].duration, (long long)result.as.integer);
    }
}

/* Ten getters of a timestamp, each with and without a zone, four of a duration; nothing twice. */
Test(time_functions, the_table)
{
    size_t count = 0;

    for (const struct gen_overload *row = gen_time_functions; row->name != NULL; row++, count++) {
        cr_expect(row->run == row_of(row->name, row->signature), "%s %s is there twice", row->name,
                  row->signature);
    }
    cr_expect(count == 24);
}

Test(time_functions, faults_say_why)
{
    static const struct {
        const char *zone;
        const char *message;
    } cases[] = {
        {"Europe/Berlinn", "time zone Europe/Berlinn: no such time zone in /usr/share/zoneinfo"},
        {"europe", "time zone europe: no such time zone"},
        {"Europe", "time zone Europe: Europe is not a time zone but a folder of them"},
        {"zone.tab", "this is not a time zone; write it like Europe/Berlin or +01:00"},
        {"iso3166", "time zone iso3166: no such time zone"},
        {"", "this is not a time zone"},
        {"../../etc/passwd", "this is not a time zone"},
        {"a\nb\x1b[31m", "this is not a time zone"},
    };
    struct gen_zone_files files = {0};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_value args[2] = {timestamp_of("2009-02-13T23:31:30Z")};
    gen_function *function = row_of("getHours", "t.s:i");
    struct gen_zones zones;
    struct gen_error err;

    cr_assert(gen_zones_init(&zones, gen_zone_files_read, &files, &err) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_run run = {arena, &zones, 1000000};
        struct gen_value result;

        args[1] = gen_value_text(cases[i].zone);
        result = function(&run, args, 2);
        cr_assert(gen_value_is(result, GEN_KIND_FAULT), "%s", cases[i].zone);
        cr_expect(strncmp(result.as.fault->message, cases[i].message, strlen(cases[i].message)) ==
                      0,
                  "%s", result.as.fault->message);
        cr_expect(result.as.fault->final == false); /* && and || may absorb it */
        cr_expect(strpbrk(result.as.fault->message, "\n\x1b") == NULL);
    }
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
    gen_arena_destroy(arena);
}

/* Reading a zone costs by its size, a zone that is not there costs more, one that is kept nothing;
 * and running out of budget cannot be absorbed. */
Test(time_functions, reading_a_zone_costs)
{
    struct gen_zone_files files = {0};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_value args[2] = {timestamp_of("2009-02-13T23:31:30Z"),
                                gen_value_text("Europe/Berlin")};
    gen_function *function = row_of("getHours", "t.s:i");
    struct gen_run run = {arena, NULL, 10};
    struct gen_zones zones;
    struct gen_value result;
    struct gen_error err;

    result = function(&run, args, 2);
    cr_expect(gen_value_is(result, GEN_KIND_FAULT) && result.as.fault->final == false); /* no set */
    cr_assert(gen_zones_init(&zones, gen_zone_files_read, &files, &err) == GEN_OK);
    run.zones = &zones;
    result = function(&run, args, 2);
    cr_expect(gen_value_is(result, GEN_KIND_FAULT) && result.as.fault->final == true);
    run.budget = 10; /* now it is kept */
    result = function(&run, args, 2);
    cr_expect(gen_value_is(result, GEN_KIND_INT) && run.budget == 10);
    run.budget = 100000;
    args[1] = gen_value_text("Europe/Nowhere");
    result = function(&run, args, 2);
    cr_expect(gen_value_is(result, GEN_KIND_FAULT) && run.budget < 97000);
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
    gen_arena_destroy(arena);
}

/* Out of memory is no fault that an operator could absorb. */
Test(time_functions, every_allocation_failing)
{
    struct gen_zone_files files = {0};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_value args[2] = {timestamp_of("2009-02-13T23:31:30Z"),
                                gen_value_text("Europe/Berlin")};
    gen_function *function = row_of("getHours", "t.s:i");
    bool done = false;

    for (long nth = 1; !done; nth++) {
        struct gen_run run = {arena, NULL, 1000000};
        struct gen_zones zones;
        struct gen_value result;
        struct gen_error err;

        cr_assert(gen_zones_init(&zones, gen_zone_files_read, &files, &err) == GEN_OK);
        run.zones = &zones;
        gen_alloc_fail_at(nth);
        result = function(&run, args, 2);
        done = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        if (gen_value_is(result, GEN_KIND_INT)) {
            cr_expect(result.as.integer == 0);
        } else {
            cr_expect(gen_value_is(result, GEN_KIND_FAULT) && result.as.fault->final == true);
        }
        gen_zones_fini(&zones);
        cr_assert(nth < 20);
    }
    gen_zone_files_fini(&files);
    gen_arena_destroy(arena);
}
