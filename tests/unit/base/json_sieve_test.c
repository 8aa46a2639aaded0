/* json_sieve_test.c - what is taken out of an answer and what stays, in pieces of any size. */
#include "base/json_sieve.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct taken {
    char *data;
    size_t size;
    int refuse_after; /* calls; 0 = never */
};

static bool take(void *context, const void *data, size_t size)
{
    struct taken *taken = context;

    if (taken->refuse_after > 0 && --taken->refuse_after == 0) {
        return false;
    }
    taken->data = realloc(taken->data, taken->size + size);
    memcpy(taken->data + taken->size, data, size);
    taken->size += size;
    return true;
}

/* Runs `text` through in pieces of `step` bytes. True: no failure. */
static bool sieve_text(struct gen_json_sieve *sieve, const char *const *paths, const char *text,
                       size_t step, size_t most, struct taken *taken)
{
    size_t size = strlen(text);
    bool good = true;

    gen_json_sieve_init(sieve, paths, most, take, taken);
    for (size_t at = 0; good && at < size; at += step) {
        good = gen_json_sieve_feed(sieve, text + at, step < size - at ? step : size - at);
    }
    return good && gen_json_sieve_end(sieve);
}

static const char *rest_of(const struct gen_json_sieve *sieve)
{
    return sieve->rest.data == NULL ? "" : sieve->rest.data;
}

/* A format with %s in it for the long text. */
static char *fill(const char *format, const char *text)
{
    char *out = NULL;

    cr_assert(ge(int, asprintf(&out, format, text, text, text), 0));
    return out;
}

/* `groups` times "0123456789AB" (12 digits, 9 bytes) and an end. */
static char *long_text(size_t groups, const char *end)
{
    char *text = malloc(groups * 12 + strlen(end) + 1);

    for (size_t i = 0; i < groups; i++) {
        memcpy(text + i * 12, "0123456789AB", 12);
    }
    strcpy(text + groups * 12, end);
    return text;
}

struct through {
    const char *paths[3];
    const char *format; /* of the answer */
    const char *rest;   /* "" in place of what was taken; NULL = the whole answer stays */
};

static const struct through rows[] = {
    {{"data"}, "{\"a\":1,\"data\":\"%s\",\"b\":[2,\"x\"]}", "{\"a\":1,\"data\":\"\",\"b\":[2,\"x\"]}"},
    {{"steps[*].content[*].data"},
     "{\"steps\":[{\"content\":[{\"type\":\"text\",\"text\":\"hi\"},{\"data\":\"%s\"}]}]}",
     "{\"steps\":[{\"content\":[{\"type\":\"text\",\"text\":\"hi\"},{\"data\":\"\"}]}]}"},
    {{"nothing", "r.v[*].d"}, " {\"r\" : { \"v\" : [ { \"d\" :\n\"%s\" } ] } } ",
     " {\"r\" : { \"v\" : [ { \"d\" :\n\"\" } ] } } "},
    /* names with escapes are the same names */
    {{"r.data"}, "{\"\\u0072\":{\"d\\u0061ta\":\"%s\"}}", "{\"\\u0072\":{\"d\\u0061ta\":\"\"}}"},
    /* a list of lists; the root as a list */
    {{"[*][*]"}, "[[\"%s\"]]", "[[\"\"]]"},
    /* further ones are dropped */
    {{"v[*].d"}, "{\"v\":[{\"d\":\"%s\"},{\"d\":\"%s\"}]}", "{\"v\":[{\"d\":\"\"},{\"d\":\"\"}]}"},
    /* names like it elsewhere stay */
    {{"a.data"}, "{\"data\":\"%s\"}", NULL},
    {{"a.data"}, "{\"a\":[{\"data\":\"%s\"}]}", NULL},
    {{"a.data"}, "{\"a\":{\"b\":{\"data\":\"%s\"}}}", NULL},
    {{"a.data"}, "{\"a\":{\"data\":[\"%s\"]}}", NULL},
    {{"a.data"}, "{\"a\":{\"c\":{}},\"b\":{\"data\":\"%s\"}}", NULL},
    {{"a.data"}, "{\"a\":{\"data2\":\"%s\"}}", NULL},
    {{"a.data"}, "{\"a\":{\"x\":\"data\",\"y\":\"%s\"}}", NULL},
    /* quotes and brackets inside texts are none */
    {{"a"}, "{\"x\":\"\\\"}{[\\\\\",\"a\":\"%s\"}", "{\"x\":\"\\\"}{[\\\\\",\"a\":\"\"}"},
};

Test(json_sieve, through)
{
    static const size_t steps[] = {1, 2, 3, 7, 1023, 1024, 1025, 1 << 20};
    struct gen_json_sieve *sieve = malloc(sizeof *sieve);
    char *text = long_text(200, "");

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        char *answer = fill(rows[i].format, text);

        for (size_t k = 0; k < GEN_COUNT(steps); k++) {
            struct taken taken = {0};

            cr_assert(eq(int, sieve_text(sieve, rows[i].paths, answer, steps[k], 100000, &taken),
                         true), "row %zu: %s", i, sieve->error.message);
            cr_expect(eq(str, (char *)rest_of(sieve),
                         (char *)(rows[i].rest != NULL ? rows[i].rest : answer)), "row %zu", i);
            cr_expect(eq(int, sieve->found, rows[i].rest != NULL), "row %zu", i);
            cr_expect(eq(sz, taken.size, rows[i].rest != NULL ? 200 * 9 : 0), "row %zu", i);
            gen_json_sieve_fini(sieve);
            free(taken.data);
        }
        free(answer);
    }
    free(text);
    free(sieve);
}

struct ending {
    const char *end; /* of a long text of whole groups */
    const char *bytes;
    size_t size;
    bool good;
};

/* RFC 4648, section 10, and the ways services write it. */
static const struct ending endings[] = {
    {"", "", 0, true},
    {"Zg==", "f", 1, true},
    {"Zm8=", "fo", 2, true},
    {"Zm9v", "foo", 3, true},
    {"Zg", "f", 1, true},
    {"Zm8", "fo", 2, true},
    {"Zg\\u003d\\u003D", "f", 1, true},
    {"\\/\\/\\/\\/", "\xFF\xFF\xFF", 3, true},
    {"____", "\xFF\xFF\xFF", 3, true},
    {"--++", "\xFB\xEF\xBE", 3, true},
    {"Z", "", 0, false},
    {"Zg=", "", 0, false},
    {"Zg===", "", 0, false},
    {"Zh==", "", 0, false}, /* bits that nobody meant */
    {"Zm9v=", "", 0, false},
    {"=", "", 0, false},
    {"Zg==Zg==", "", 0, false},
    {"Zm 9v", "", 0, false},
    {"Zm\\n9v", "", 0, false},
    {"Zm\\u00e99", "", 0, false},
    {"Zm\xC3\xA9", "", 0, false},
    {"Zm\\u0g41", "", 0, false},
};

Test(json_sieve, base64)
{
    static const char *const paths[] = {"d", NULL};
    struct gen_json_sieve *sieve = malloc(sizeof *sieve);

    for (size_t i = 0; i < GEN_COUNT(endings); i++) {
        char *text = long_text(100, endings[i].end), *answer = fill("{\"d\":\"%s\"}", text);
        struct taken taken = {0};
        bool good = sieve_text(sieve, paths, answer, 5, 100000, &taken);

        cr_expect(eq(int, good, endings[i].good), "%s", endings[i].end);
        if (good) {
            cr_expect(eq(sz, taken.size, 900 + endings[i].size), "%s", endings[i].end);
            cr_expect(eq(int, memcmp(taken.data + 900, endings[i].bytes, endings[i].size), 0), "%s",
                      endings[i].end);
        } else {
            cr_expect(eq(int, sieve->error.status, GEN_EINVAL), "%s", endings[i].end);
            cr_expect(not(gen_json_sieve_feed(sieve, "x", 1)));
        }
        gen_json_sieve_fini(sieve);
        free(taken.data);
        free(text);
        free(answer);
    }
    free(sieve);
}

/* Short texts at a path stay as they are, whatever they say. */
Test(json_sieve, short_ones_stay)
{
    static const char *const paths[] = {"d", NULL};
    struct gen_json_sieve *sieve = malloc(sizeof *sieve);
    struct taken taken = {0};
    char text[GEN_SIEVE_LONG + 40];

    snprintf(text, sizeof text, "{\"d\":\"not base64 \\\" \\u0041\"}");
    cr_expect(sieve_text(sieve, paths, text, 3, 100000, &taken));
    cr_expect(eq(str, (char *)rest_of(sieve), text));
    gen_json_sieve_fini(sieve);
    for (int size = GEN_SIEVE_LONG - 1; size <= GEN_SIEVE_LONG; size++) {
        memset(text, 'A', sizeof text);
        memcpy(text, "{\"d\":\"", 6);
        strcpy(text + 6 + size, "\"}");
        cr_expect(sieve_text(sieve, paths, text, 3, 100000, &taken));
        cr_expect(eq(int, sieve->found, size == GEN_SIEVE_LONG));
        gen_json_sieve_fini(sieve);
    }
    free(taken.data);
    free(sieve);
}

Test(json_sieve, bounds)
{
    static const char *const paths[] = {"d", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q", NULL};
    struct gen_json_sieve *sieve = malloc(sizeof *sieve);
    struct taken taken = {0};
    char deep[1000], *text = long_text(2000, ""), *answer = fill("{\"d\":\"%s\"}", text);

    /* deeper than we look, and back */
    memset(deep, '[', 300);
    memset(deep + 300, ']', 300);
    deep[600] = '\0';
    cr_expect(sieve_text(sieve, paths, deep, 11, 100000, &taken));
    cr_expect(eq(str, (char *)rest_of(sieve), deep));
    gen_json_sieve_fini(sieve);
    /* more closed than opened is the parser's to judge */
    cr_expect(sieve_text(sieve, paths, "]]}}{\"d\":\"x\"}", 1, 100000, &taken));
    gen_json_sieve_fini(sieve);
    cr_expect(not(sieve_text(sieve, paths, deep, 11, 100, &taken)));
    cr_expect(eq(int, sieve->error.status, GEN_ELIMIT));
    gen_json_sieve_fini(sieve);
    /* the sink does not want it */
    taken.refuse_after = 2;
    cr_expect(not(sieve_text(sieve, paths, answer, 100, 100000, &taken)));
    cr_expect(eq(int, sieve->error.status, GEN_ECANCELED));
    gen_json_sieve_fini(sieve);
    /* cut off in the middle */
    answer[5000] = '\0';
    cr_expect(not(sieve_text(sieve, paths, answer, 100, 100000, &taken)));
    cr_expect(eq(str, sieve->error.message, "the answer was cut off inside the long text"));
    gen_json_sieve_fini(sieve);
    free(taken.data);
    free(text);
    free(answer);
    free(sieve);
}

Test(json_sieve, every_allocation_may_fail)
{
    static const char *const paths[] = {"d", NULL};
    struct gen_json_sieve *sieve = malloc(sizeof *sieve);
    char *text = long_text(300, ""), *answer = fill("{\"d\":\"%s\",\"e\":\"and more\"}", text);
    bool good = false;

    for (long nth = 1; !good && nth < 20; nth++) {
        struct taken taken = {0};

        gen_alloc_fail_at(nth);
        good = sieve_text(sieve, paths, answer, 64, 100000, &taken);
        gen_alloc_fail_at(0);
        cr_expect(good || sieve->error.status == GEN_ENOMEM);
        gen_json_sieve_fini(sieve);
        free(taken.data);
    }
    cr_expect(good);
    free(text);
    free(answer);
    free(sieve);
}
