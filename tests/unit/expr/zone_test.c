/* zone_test.c - core/expr/{zone,zone_set}.c: TZif files made here and those of the system, broken
 * ones, names, and the set that keeps zones. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/alloc.h"
#include "expr/calendar.h"
#include "expr/zone.h"
#include "platform/zone_files.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A TZif file in the making. */
struct made {
    unsigned char data[1024];
    size_t size;
};

static void put(struct made *out, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--) {
        out->data[out->size++] = (unsigned char)(value >> (8 * i));
    }
}

static void put_text(struct made *out, const char *text)
{
    memcpy(out->data + out->size, text, strlen(text));
    out->size += strlen(text);
}

static void put_head(struct made *out, char version, uint32_t leaps, uint32_t times, uint32_t types,
                     uint32_t names)
{
    put_text(out, "TZif");
    put(out, (unsigned char)version, 1);
    put(out, 0, 8);
    put(out, 0, 7);
    put(out, 0, 4); /* flags: none */
    put(out, 0, 4);
    put(out, leaps, 4);
    put(out, times, 4);
    put(out, types, 4);
    put(out, names, 4);
}

/* Two kinds of time, +1 h and +2 h; changes at 1000 (to +2 h) and 2000 (to +1 h). */
static void put_body(struct made *out, int width)
{
    put(out, 1000, width);
    put(out, 2000, width);
    put(out, 1, 1);
    put(out, 0, 1);
    put(out, 3600, 4);
    put(out, 0, 1);
    put(out, 0, 1);
    put(out, 7200, 4);
    put(out, 1, 1);
    put(out, 4, 1);
    put(out, 0x41414100, 4); /* "AAA" */
    put(out, 0x42424200, 4);
}

static void make_old(struct made *out)
{
    out->size = 0;
    put_head(out, '\0', 0, 2, 2, 8);
    put_body(out, 4);
}

static void make_new(struct made *out, char version, const char *rule)
{
    out->size = 0;
    put_head(out, version, 0, 0, 1, 1); /* what old readers get: nothing */
    put(out, 0, 6);
    put(out, 0, 1);
    put_head(out, version, 0, 2, 2, 8);
    put_body(out, 8);
    put_text(out, "\n");
    put_text(out, rule);
    put_text(out, "\n");
}

/* From a block of exactly that size. */
static enum gen_status parse(const void *data, size_t size, struct gen_zone **out,
                             struct gen_error *err)
{
    char *copy = malloc(size > 0 ? size : 1);
    enum gen_status status;

    memcpy(copy, data, size);
    status = gen_zone_parse(copy, size, out, err);
    free(copy);
    return status;
}

Test(zone, offsets_of_made_files)
{
    static const struct {
        char version;
        const char *rule;
        int64_t seconds;
        int32_t east;
    } cases[] = {
        {'\0', NULL, INT64_MIN, 3600}, /* before the first change: the first kind */
        {'\0', NULL, 999, 3600},
        {'\0', NULL, 1000, 7200},
        {'\0', NULL, 1999, 7200},
        {'\0', NULL, 2000, 3600},
        {'\0', NULL, INT64_MAX, 3600}, /* no rule: the last holds on */
        {'2', "", INT64_MAX, 3600},
        {'2', "XXX-5", 1999, 7200},
        {'2', "XXX-5", 2000, 18000},
        {'3', "XXX-5", INT64_MAX, 18000},
        {'4', "XXX-5", INT64_MAX, 18000},
        {'3', "XXX-5YYY,J1/0,J365/25", INT64_MAX, 21600}, /* far beyond any calendar */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_zone *zone = NULL;
        struct gen_error err;
        struct made file;

        if (cases[i].rule == NULL) {
            make_old(&file);
        } else {
            make_new(&file, cases[i].version, cases[i].rule);
        }
        cr_assert(parse(file.data, file.size, &zone, &err) == GEN_OK, "%s", err.message);
        cr_expect(gen_zone_offset(zone, cases[i].seconds) == cases[i].east, "case %zu", i);
        gen_zone_destroy(zone);
    }
}

/* A file with no change at all is ruled by its rule from the beginning. */
Test(zone, a_rule_without_changes)
{
    struct gen_zone *zone = NULL;
    struct gen_error err;
    struct made file = {.size = 0};

    for (int i = 0; i < 2; i++) {
        put_head(&file, '2', 0, 0, 1, 4);
        put(&file, 3600, 4);
        put(&file, 0, 2);
        put(&file, 0x41414100, 4);
    }
    put_text(&file, "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
    cr_assert(parse(file.data, file.size, &zone, &err) == GEN_OK, "%s", err.message);
    cr_expect(gen_zone_offset(zone, -1262304000) == 3600); /* the last day of 1929 */
    ;
    cr_expect(gen_zone_offset(zone, 1720000000) == 7200); /* July 2024 */
    gen_zone_destroy(zone);
}

enum { HEAD = 44, FIRST_TIME = HEAD, FIRST_INDEX = HEAD + 8, FIRST_TYPE = HEAD + 10 };

Test(zone, broken_files_are_refused)
{
    static const struct {
        size_t at; /* in the old file above */
        int bytes;
        uint64_t value;
        const char *message;
    } cases[] = {
        {0, 4, 0x545A4966, "TZif"},      /* TZIf */
        {20, 4, 1, "counts do not fit"}, /* flags: none, or one for each kind */
        {24, 4, 3, "cut short"},         /* more than there is */
        {24, 4, 0xffffffff, "cut short"},
        {32, 4, 0xffffffff, "cut short"},
        {36, 4, 0xffffffff, "cut short"},
        {40, 4, 0xffffffff, "cut short"},
        {28, 4, 0xffffffff, "cut short"},
        {36, 4, 0, "counts do not fit"}, /* no kind */
        {40, 4, 0, "counts do not fit"}, /* no name */
        {40, 4, 7, "counts do not fit"}, /* a name without its end */
        {FIRST_TIME, 4, 2000, "not in order"},
        {FIRST_TIME, 4, 2001, "not in order"},
        {FIRST_INDEX, 1, 2, "not there"},
        {FIRST_TYPE, 4, 26 * 3600, "26 hours"},
        {FIRST_TYPE, 4, 0x80000000, "26 hours"},
        {FIRST_TYPE, 4, (uint64_t)-26 * 3600, "26 hours"},
        {FIRST_TYPE + 4, 1, 2, "broken"}, /* summer time: yes, no, or 2 */
        {FIRST_TYPE + 5, 1, 8, "broken"}, /* a name beyond the names */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_zone *zone = NULL;
        struct gen_error err = {0};
        struct made file;
        size_t size;

        make_old(&file);
        memset(file.data + file.size, 0, 2);
        size = file.size + 2; /* what follows a file does not matter */
        file.size = cases[i].at;
        put(&file, cases[i].value, cases[i].bytes);
        cr_expect(parse(file.data, size, &zone, &err) == GEN_ECORRUPT, "case %zu", i);
        cr_expect(strstr(err.message, cases[i].message) != NULL, "case %zu: %s", i, err.message);
        cr_expect(zone == NULL);
    }
}

Test(zone, leap_seconds_and_size_are_refused)
{
    static char large[GEN_ZONE_LARGEST + 1];
    struct gen_zone *zone = NULL;
    struct gen_error err;
    struct made file = {.size = 0};

    put_head(&file, '\0', 1, 0, 1, 1);
    put(&file, 0, 6);
    put(&file, 0, 1);
    put(&file, 78796800, 4);
    put(&file, 1, 4);
    cr_expect(parse(file.data, file.size, &zone, &err) == GEN_EUNSUPPORTED);
    cr_expect(parse(large, sizeof(large), &zone, &err) == GEN_ETOOLARGE);
    cr_expect(zone == NULL);
}

Test(zone, broken_rules_are_refused)
{
    static const char *const rules[] = {"CET", "CET-1CEST", "CET-1 ", "C\xff", "CET-1\tX"};
    struct gen_zone *zone = NULL;
    struct gen_error err;
    struct made file;

    for (size_t i = 0; i < GEN_COUNT(rules); i++) {
        make_new(&file, '2', rules[i]);
        cr_expect(parse(file.data, file.size, &zone, &err) == GEN_ECORRUPT, "%s", rules[i]);
    }
    cr_expect(zone == NULL);
}

/* Cut at any byte, a file is refused; with any byte changed, it is refused or works without reading
 * past its end (which a sanitizer sees). */
Test(zone, cut_and_changed_files)
{
    struct gen_zone *zone = NULL;
    struct gen_error err;
    struct made file;

    make_new(&file, '2', "CET-1CEST,M3.5.0,M10.5.0/3");
    for (size_t size = 0; size < file.size; size++) {
        cr_expect(parse(file.data, size, &zone, &err) == GEN_ECORRUPT, "%zu bytes", size);
    }
    for (size_t i = 0; i < file.size * 4; i++) {
        static const unsigned char flips[] = {0x01, 0x80, 0xff, 0x10};
        unsigned char *byte = &file.data[i / 4];

        *byte ^= flips[i % 4];
        zone = NULL;
        if (parse(file.data, file.size, &zone, &err) == GEN_OK) {
            int32_t east = gen_zone_offset(zone, 1500);

            cr_expect(east > -GEN_ZONE_WIDEST && east < GEN_ZONE_WIDEST);
            (void)gen_zone_offset(zone, GEN_CALENDAR_LAST);
            gen_zone_destroy(zone);
        }
        *byte ^= flips[i % 4];
    }
}

static const char *const known[] = {
    "Europe/Berlin",    "Europe/Dublin",       "America/New_York", "US/Central",
    "Australia/Sydney", "Australia/Lord_Howe", "Asia/Kolkata",     "Asia/Tokyo",
    "America/Nuuk",     "Asia/Jerusalem",      "Africa/Cairo",     "Africa/Casablanca",
    "America/Santiago", "Pacific/Chatham",     "Pacific/Apia",     "America/Sao_Paulo",
    "Antarctica/Troll", "Europe/London",       "Etc/GMT+8",        "Asia/Kathmandu",
};

/* The zones of the system give what the C library makes of them, in our century and the next, and
 * hour by hour around the changes of two years. Criterion gives the test a process of its own, so
 * it may set TZ. */
Test(zone, zones_of_the_system_are_the_c_librarys, .timeout = 120)
{
    struct gen_zone_files files = {0};
    struct gen_zones zones;
    struct gen_error err;

    cr_assert(gen_zones_init(&zones, gen_zone_files_read, &files, &err) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(known); i++) {
        setenv("TZ", known[i], 1);
        tzset();
        for (int64_t t = -1500000000; t < INT64_C(5900000000);
             t += (t / 31556952 == 54 || t / 31556952 == 80) ? 3599 : 864001) {
            time_t instant = (time_t)t;
            int32_t east = 0;
            struct tm tm;

            cr_assert(gen_zones_offset(&zones, known[i], strlen(known[i]), t, &east, NULL, &err) ==
                          GEN_OK,
                      "%s: %s", known[i], err.message);
            cr_assert(localtime_r(&instant, &tm) != NULL);
            cr_assert(east == tm.tm_gmtoff, "%s at %lld: %d, not %ld", known[i], (long long)t, east,
                      tm.tm_gmtoff);
        }
    }
    gen_zones_fini(&zones);
    gen_zone_files_fini(&files);
}

Test(zone, names)
{
    static const struct {
        const char *name;
        bool good;
    } cases[] = {
        {"Europe/Berlin", true},
        {"America/Argentina/Buenos_Aires", true},
        {"Etc/GMT+8", true},
        {"Etc/GMT-14", true},
        {"EST5EDT", true},
        {"A234567890123456789012345678901234567890123456789012345678901234", true}, /* 64 */
        {"A2345678901234567890123456789012345678901234567890123456789012345", false},
        {"", false},
        {"/etc/passwd", false},
        {"../../etc/passwd", false},
        {"Europe/..", false},
        {"Europe/../../x", false},
        {".", false},
        {"Europe//Berlin", false},
        {"Europe/", false},
        {"Europe/Berlin ", false},
        {"Europe\\Berlin", false},
        {"Europe/M\xc3\xbcnchen", false},
        {"a\nb", false},
        {"%s", false},
        {"~", false},
        {":Europe/Berlin", false},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(gen_zone_name_good(cases[i].name, strlen(cases[i].name)) == cases[i].good, "%s",
                  cases[i].name);
    }
    cr_expect(gen_zone_name_good("UTC\0x", 5) == false);
}

Test(zone, fixed_offsets)
{
    static const struct {
        const char *text;
        bool good;
        int32_t east;
    } cases[] = {
        {"+11:00", true, 39600},
        {"-02:30", true, -9000},
        {"02:00", true, 7200},
        {"-00:00", true, 0},
        {"+23:59", true, 86340},
        {"-23:59", true, -86340},
        {"+24:00", false, 0},
        {"+00:60", false, 0},
        {"+1:00", false, 0},
        {"+0100", false, 0},
        {"+01:0", false, 0},
        {"+01:000", false, 0},
        {"++1:00", false, 0},
        {"+01:00 ", false, 0},
        {"", false, 0},
        {"+", false, 0},
        {"+0a:00", false, 0},
        {"\xe2\x88\x92"
         "01:00",
         false, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        int32_t east = 0;

        cr_expect(gen_zone_fixed(cases[i].text, strlen(cases[i].text), &east) == cases[i].good &&
                      east == cases[i].east,
                  "%s: %d", cases[i].text, east);
    }
}

/* A port that hands out the made file for names beginning with "Made", and counts its calls. */
struct port {
    struct made file;
    int calls;
};

static const char *read_made(void *context, const char *name, size_t *size, struct gen_error *err)
{
    struct port *port = context;

    port->calls++;
    cr_assert(gen_zone_name_good(name, strlen(name)));
    if (strncmp(name, "Made", 4) != 0) {
        gen_error_set(err, GEN_ENOTFOUND, "there is no such zone");
        return NULL;
    }
    *size = port->file.size;
    return (const char *)port->file.data;
}

static enum gen_status ask(const struct gen_zones *zones, const char *name, int32_t *east,
                           size_t *work)
{
    struct gen_error err;

    return gen_zones_offset(zones, name, strlen(name), 1500, east, work, &err);
}

Test(zone, the_set_reads_once)
{
    struct port port = {.calls = 0};
    struct gen_zones zones;
    struct gen_error err;
    int32_t east = 0;
    size_t work = 0;

    make_old(&port.file);
    cr_assert(gen_zones_init(&zones, read_made, &port, &err) == GEN_OK);
    cr_expect(ask(&zones, "Made", &east, &work) == GEN_OK && east == 7200);
    cr_expect(port.calls == 1 && work == port.file.size);
    cr_expect(ask(&zones, "Made", &east, &work) == GEN_OK && east == 7200);
    cr_expect(port.calls == 1 && work == 0); /* kept */
    cr_expect(ask(&zones, "Made2", &east, NULL) == GEN_OK && port.calls == 2);
    cr_expect(ask(&zones, "Mad", &east, &work) == GEN_ENOTFOUND);
    cr_expect(work == GEN_ZONE_LARGEST && port.calls == 3);
    cr_expect(ask(&zones, "Mad", &east, &work) == GEN_ENOTFOUND && port.calls == 4); /* not kept */
    port.file.data[0] = 'X';
    cr_expect(ask(&zones, "Made3", &east, &work) == GEN_ECORRUPT);
    port.file.data[0] = 'T'; /* mended while it runs */
    cr_expect(ask(&zones, "Made3", &east, &work) == GEN_OK);
    gen_zones_fini(&zones);
    gen_zones_fini(&zones);
}

/* What needs no file, and what must not reach the port. */
Test(zone, the_port_sees_only_good_names)
{
    static const char *const bad[] = {"",       "../x",  "/etc/passwd", "Made/..",
                                      "+25:00", "+1:00", "a b"};
    struct port port = {.calls = 0};
    struct gen_zones zones;
    struct gen_error err;
    int32_t east = 7;

    cr_assert(gen_zones_init(&zones, read_made, &port, &err) == GEN_OK);
    cr_expect(ask(&zones, "UTC", &east, NULL) == GEN_OK && east == 0);
    cr_expect(ask(&zones, "Etc/UTC", &east, NULL) == GEN_OK && east == 0);
    cr_expect(ask(&zones, "-02:30", &east, NULL) == GEN_OK && east == -9000);
    for (size_t i = 0; i < GEN_COUNT(bad); i++) {
        cr_expect(ask(&zones, bad[i], &east, NULL) == GEN_EINVAL, "%s", bad[i]);
    }
    cr_expect(port.calls == 0);
    cr_expect(ask(NULL, "UTC", &east, NULL) == GEN_OK);
    cr_expect(ask(NULL, "Europe/Berlin", &east, NULL) == GEN_ENOTFOUND);
    gen_zones_fini(&zones);
}

/* A full set still answers: it reads each time. */
Test(zone, the_set_has_a_maximum)
{
    struct port port = {.calls = 0};
    struct gen_zones zones;
    struct gen_error err;
    char name[32];
    int32_t east;

    make_old(&port.file);
    cr_assert(gen_zones_init(&zones, read_made, &port, &err) == GEN_OK);
    for (int i = 0; i < GEN_ZONES_MOST + 10; i++) {
        snprintf(name, sizeof(name), "Made%d", i);
        east = 0;
        cr_assert(ask(&zones, name, &east, NULL) == GEN_OK && east == 7200);
    }
    cr_expect(port.calls == GEN_ZONES_MOST + 10);
    cr_expect(ask(&zones, name, &east, NULL) == GEN_OK && port.calls == GEN_ZONES_MOST + 11);
    cr_expect(ask(&zones, "Made0", &east, NULL) == GEN_OK && port.calls == GEN_ZONES_MOST + 11);
    gen_zones_fini(&zones);
}

Test(zone, every_allocation_failing)
{
    struct port port = {.calls = 0};
    struct gen_error err;
    long nth = 0;
    bool done = false;

    make_old(&port.file);
    while (!done) {
        struct gen_zones zones;
        int32_t east = 0;
        enum gen_status status;

        gen_alloc_fail_at(++nth);
        status = gen_zones_init(&zones, read_made, &port, &err);
        if (status == GEN_OK) {
            status = ask(&zones, "Made", &east, NULL);
        }
        done = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        /* Without memory to keep it, the zone is still answered. */
        cr_expect(status == GEN_ENOMEM || (status == GEN_OK && east == 7200), "allocation %ld",
                  nth);
        gen_zones_fini(&zones);
        cr_assert(nth < 20);
    }
    cr_expect(nth == 4); /* the set, the zone, its entry */
}

struct asker {
    const struct gen_zones *zones;
    int wrong;
};

static void *ask_often(void *context)
{
    struct asker *asker = context;

    for (int i = 0; i < 2000; i++) {
        char name[32];
        int32_t east = 0;

        snprintf(name, sizeof(name), "Made%d", i % 40);
        asker->wrong += ask(asker->zones, name, &east, NULL) != GEN_OK || east != 7200;
    }
    return NULL;
}

/* Threads that ask one set read each zone once. */
Test(zone, threads_share_a_set)
{
    struct port port = {.calls = 0};
    struct asker askers[4];
    pthread_t threads[4];
    struct gen_zones zones;
    struct gen_error err;

    make_old(&port.file);
    cr_assert(gen_zones_init(&zones, read_made, &port, &err) == GEN_OK);
    for (size_t i = 0; i < GEN_COUNT(threads); i++) {
        askers[i] = (struct asker){&zones, 0};
        cr_assert(pthread_create(&threads[i], NULL, ask_often, &askers[i]) == 0);
    }
    for (size_t i = 0; i < GEN_COUNT(threads); i++) {
        pthread_join(threads[i], NULL);
        cr_expect(askers[i].wrong == 0);
    }
    cr_expect(port.calls == 40);
    gen_zones_fini(&zones);
}
