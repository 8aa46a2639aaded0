/* kit_test.c - the optional kit of the SDK, function by function, on the real services of the host. */
#include "host/services.h"
#include "platform/crypto.h"

#include <base/arena.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <gen/kit.h>

struct bench {
    struct gen_services services;
    struct gen_arena *arena;
    struct kit kit;
};

static void bench_open(struct bench *bench)
{
    struct gen_error err = {0};

    memset(bench, 0, sizeof(*bench));
    cr_assert(eq(int, gen_crypto_init(&err), GEN_OK));
    gen_services_init(&bench->services, "kit", "0.0.0-test", NULL);
    bench->arena = gen_arena_create(0);
    bench->kit = (struct kit){&bench->services.host, bench->arena};
}

static void bench_close(struct bench *bench)
{
    gen_arena_destroy(bench->arena);
}

static const struct gen_node *json(const struct bench *bench, const char *text)
{
    const struct gen_node *node = bench->kit.host->json_parse(bench->arena, text, strlen(text));

    cr_assert(ne(ptr, (void *)node, NULL), "%s", text);
    return node;
}

Test(kit, texts)
{
    static const char *const words[] = {"moderat", "nsfw", NULL};

    cr_expect(kit_alike("Content-Type", "content-type"));
    cr_expect(not(kit_alike("Content-Type", "content-typ")));
    cr_expect(not(kit_alike("", "x")));
    cr_expect(kit_holds("Blocked by MODERATION.", words));
    cr_expect(kit_holds("is NsFw", words));
    cr_expect(not(kit_holds("moder", words)));
    cr_expect(not(kit_holds("", words)));
    cr_expect(kit_has_word("image/png image/jpeg", "image/jpeg"));
    cr_expect(not(kit_has_word("image/png image/jpeg", "image/jp")));
    cr_expect(not(kit_has_word("image/png", "")));
}

Test(kit, json_by_path)
{
    struct bench bench;
    const struct gen_node *root;
    static const struct {
        const char *path, *text; /* "-" = absent or no text */
    } rows[] = {
        {"a.b[1].c", "x"}, {"a.b[0].c", ""},   {"a.b[2].c", ""}, {"a.b[9999999999999999].c", ""},
        {"a.b", ""},       {"list[0]", "one"}, {"a.b[1]c", "x"}, {"nothing.at.all", ""},
    };

    bench_open(&bench);
    root = json(&bench, "{\"a\": {\"b\": [{\"c\": 1}, {\"c\": \"x\"}]}, \"list\": [\"one\"]}");
    for (size_t i = 0; i < KIT_COUNT(rows); i++) {
        cr_expect(eq(str, (char *)kit_text(&bench.kit, root, rows[i].path), (char *)rows[i].text),
                  "%s", rows[i].path);
    }
    /* maps can be walked, too */
    cr_expect(eq(str, (char *)bench.kit.host->json_key(bench.kit.host->json_at(root, 1)), "list"));
    bench_close(&bench);
}

Test(kit, durations_and_shapes)
{
    static const int64_t listed[] = {8000, 4000, 6000};
    static const struct kit_ratio shapes[] = {
        {"16:9", 1280, 720}, {"16:9", 1920, 1080}, {"9:16", 720, 1280}, {"1:1", 1024, 1024}};
    static const struct {
        int32_t width, height;
        size_t row;
    } rows[] = {{1280, 720, 0}, {1900, 1000, 1}, {600, 1000, 2}, {900, 1000, 3}, {10000, 10, 0}};

    cr_expect(eq(i64, kit_duration(listed, 3, 1), 4000));
    cr_expect(eq(i64, kit_duration(listed, 3, 4001), 6000));
    cr_expect(eq(i64, kit_duration(listed, 3, 8000), 8000));
    cr_expect(eq(i64, kit_duration(listed, 3, 9000), 8000)); /* the longest there is */
    for (size_t i = 0; i < KIT_COUNT(rows); i++) {
        cr_expect(eq(ptr, (void *)kit_nearest(shapes, 4, rows[i].width, rows[i].height),
                     (void *)&shapes[rows[i].row]),
                  "%zu", i);
    }
}

Test(kit, cutting)
{
    static const struct {
        const char *text;
        int32_t most;
        const char *cut;
    } rows[] = {
        {"one two three", 0, "one two three"},
        {"one two three", 13, "one two three"},
        {"one two three", 12, "one two"},
        {"one two three", 8, "one two"},
        {"onetwothree", 5, "onetw"},                                 /* no word to cut at */
        {"\xf0\x9f\x9a\x80\xf0\x9f\x9a\x80", 3, "\xf0\x9f\x9a\x80"}, /* two units each */
        {"\xc3\xa4\xc3\xa4", 1, "\xc3\xa4"},
        {"a\xc3", 5, "a\xc3"}, /* damaged: never read past its end */
    };
    struct bench bench;

    bench_open(&bench);
    for (size_t i = 0; i < KIT_COUNT(rows); i++) {
        int cut = -1;
        const char *text = kit_cut(&bench.kit, rows[i].text, rows[i].most, &cut);

        cr_expect(eq(str, (char *)text, (char *)rows[i].cut), "%zu", i);
        cr_expect(eq(int, cut, strcmp(rows[i].text, rows[i].cut) != 0), "%zu", i);
    }
    bench_close(&bench);
}

Test(kit, prices)
{
    static const struct {
        const char *row;
        int64_t ms, price;
        const char *basis;
    } rows[] = {
        {"{\"perSecond\": 0.05}", 6000, 300000, "6 s at $0.05 per second"},
        {"{\"perSecond\": 0.05}", 1, 50, "0.001 s at $0.05 per second"},
        {"{\"perSecond\": 0.000001}", 1, 1, "0.001 s at $1e-06 per second"}, /* rounded up */
        {"{\"perClip\": 7}", 6000, 7000000, "a clip of 6 s at $7"},
        {"{\"perClip\": 0.5, \"clipSeconds\": 5}", 6000, 1000000, "a clip of 6 s at $0.5"},
        {"{\"perSecond\": 0.1, \"stepSeconds\": 5}", 6000, 1000000, "6 s at $0.1 per second"},
        {"{\"perSecond\": 0.1, \"minimum\": 2}", 6000, 2000000, "6 s at $0.1 per second"},
        {"{\"perSecond\": 0.1, \"perClip\": 1}", 2000, 1200000,
         "2 s at $0.1 per second and $1 a clip"},
        /* more than a number holds stays the largest: the host refuses it */
        {"{\"perSecond\": 9000000000000}", 6000, INT64_MAX, NULL},
        {"{\"perSecond\": 9000000000000, \"perClip\": 9000000000000}", 6000, INT64_MAX, NULL},
        {"{\"perSecond\": 1}", INT64_MAX, 86400000000, NULL}, /* a day at most */
        {"{\"perSecond\": 1}", -5, 0, NULL},
        {"{}", 6000, 0, NULL},
    };
    struct bench bench;
    struct gen_provider_cost cost = {0};

    bench_open(&bench);
    for (size_t i = 0; i < KIT_COUNT(rows); i++) {
        const struct gen_node *row = json(&bench, rows[i].row);

        cr_expect(eq(i64, kit_clip_price(&bench.kit, row, rows[i].ms), rows[i].price), "%s",
                  rows[i].row);
        if (rows[i].basis != NULL) {
            cr_expect(
                eq(str, (char *)kit_basis(&bench.kit, row, rows[i].ms), (char *)rows[i].basis));
        }
    }
    kit_cost(&bench.kit, NULL, 1000, 1000, &cost);
    cr_expect(eq(int, cost.known, 0));
    kit_cost(&bench.kit, json(&bench, "{\"perSecond\": 1}"), 1000, 1500, &cost);
    cr_expect(cost.known && !cost.exact);
    cr_expect(eq(i64, cost.price_micros, 1000000));
    cr_expect(eq(i64, cost.most_micros, 1500000));
    kit_cost(&bench.kit, json(&bench, "{\"perSecond\": 1, \"estimate\": true}"), 1000, 1000, &cost);
    cr_expect(eq(int, cost.exact, 0));
    cr_expect(eq(i64, kit_units_price(46336, 17500000), 810880));
    cr_expect(eq(i64, kit_units_price(1, 1), 1)); /* rounded up */
    cr_expect(eq(i64, kit_units_price(-1, 1), -1));
    cr_expect(eq(i64, kit_units_price(INT64_MAX, 1000000000), -1));
    bench_close(&bench);
}

Test(kit, links)
{
    static const struct {
        const char *text;
        int good;
    } rows[] = {
        {"https://a.example/x?y=1#z", 1},
        {"http://127.0.0.1:8080", 1},
        {"http://[::1]:80/x", 1},
        {"https://a.example:65535/", 1},
        {"https://a.example:65536/", 0},
        {"https://a.example:/", 0},
        {"https://a.example:80x/", 0},
        {"https://", 0},
        {"https:///x", 0},
        {"https://-a/", 0},
        {"https://[::1/", 0},
        {"https://user@a.example/", 0},
        {"https://a.example\\@evil/", 0},
        {"https://a.example/a b", 0},
        {"https://a.example/\xc3\xa4", 0},
        {"https://a.example/\"", 0},
        {"ftp://a.example/", 0},
        {"//a.example/", 0},
        {"", 0},
    };

    for (size_t i = 0; i < KIT_COUNT(rows); i++) {
        cr_expect(eq(int, kit_is_link(rows[i].text), rows[i].good), "%s", rows[i].text);
    }
    cr_expect(kit_same_origin("https://A.example/x", "https://a.example"));
    cr_expect(kit_same_origin("http://a:1", "http://a:1?x"));
    cr_expect(not(kit_same_origin("http://a:1", "http://a:12/")));
    cr_expect(not(kit_same_origin("http://a", "http://a.evil/")));
    cr_expect(not(kit_same_origin("http://a", "https://a/")));
    cr_expect(not(kit_same_origin("http://a", "http://a@evil/")));
    cr_expect(not(kit_same_origin("", "")));
}

Test(kit, what_answers_name)
{
    static const struct {
        const char *name, *value;
        int good;
    } rows[] = {
        {"content-type", "image/png", 1},
        {"x-amz-acl", "", 1},
        {"Host", "evil", 0},
        {"Authorization", "Bearer x", 0},
        {"X-API-Key", "k", 0},
        {"", "x", 0},
        {"bad name", "x", 0},
        {"x:y", "x", 0},
        {"x", "a\r\nb", 0},
        {"Content-Length", "5", 0},
        {"transfer-encoding", "", 0},
    };
    char id[600];

    for (size_t i = 0; i < KIT_COUNT(rows); i++) {
        cr_expect(eq(int, kit_fits_header(rows[i].name, rows[i].value), rows[i].good), "%s",
                  rows[i].name);
    }
    memset(id, 'a', sizeof(id));
    id[512] = '\0';
    cr_expect(kit_fits_id(id));
    id[512] = 'a';
    id[513] = '\0';
    cr_expect(not(kit_fits_id(id)));
    cr_expect(not(kit_fits_id("")));
    cr_expect(not(kit_fits_id("a\nb")));
}

Test(kit, answers)
{
    static const struct {
        const char *value;
        int64_t ms;
    } waits[] = {
        {"7", 7000}, {"", 0}, {"Wed, 21 Oct 2026 07:28:00 GMT", 0}, {"-1", 0}, {"7.5", 7000}};
    static const struct {
        int32_t status, kind;
    } kinds[] = {{200, 0},
                 {204, 0},
                 {302, GEN_FAIL_INVALID},
                 {400, GEN_FAIL_INVALID},
                 {401, GEN_FAIL_AUTH},
                 {402, GEN_FAIL_QUOTA},
                 {404, GEN_FAIL_EXPIRED},
                 {429, GEN_FAIL_RATE_LIMITED},
                 {451, GEN_FAIL_MODERATED},
                 {500, GEN_FAIL_TRANSIENT},
                 {599, GEN_FAIL_TRANSIENT}};

    for (size_t i = 0; i < KIT_COUNT(waits); i++) {
        struct gen_provider_header header = {"retry-after", waits[i].value};
        struct gen_provider_answer answer = {.headers = &header, .header_count = 1};

        cr_expect(eq(i64, kit_retry_after(&answer), waits[i].ms), "%s", waits[i].value);
    }
    for (size_t i = 0; i < KIT_COUNT(kinds); i++) {
        cr_expect(eq(int, kit_status_kind(kinds[i].status), kinds[i].kind), "%d", kinds[i].status);
    }
}

Test(kit, settings)
{
    static const char *const known[] = {"baseUrl", "models", NULL};
    static const struct gen_provider_model models[] = {
        {.size = sizeof(models[0]), .id = "one", .name = "One", .tier = 1},
        {.size = sizeof(models[0]), .id = "two", .name = "Two", .tier = 2}};
    struct bench bench;
    struct kit_models all;

    bench_open(&bench);
    cr_expect(
        eq(ptr, (void *)kit_unknown(&bench.kit, json(&bench, "{\"models\": {}}"), known), NULL));
    cr_expect(eq(str, (char *)kit_unknown(&bench.kit, json(&bench, "{\"modles\": {}}"), known),
                 "modles"));
    cr_expect(
        eq(str,
           (char *)kit_base_url(&bench.kit, json(&bench, "{\"u\": \"https://A.example/x//\"}"), "u",
                                "http://b"),
           "https://A.example/x"));
    cr_expect(eq(str, (char *)kit_base_url(&bench.kit, NULL, "u", "http://b"), "http://b"));
    cr_expect(eq(ptr, (void *)kit_base_url(&bench.kit, json(&bench, "{\"u\": 7}"), "u", "http://b"),
                 NULL));
    cr_expect(
        eq(str, (char *)kit_authority(&bench.kit, "https://A.example:8443/x?y"), "a.example:8443"));
    cr_assert(
        kit_models_read(&bench.kit,
                        json(&bench, "{\"models\": {\"three\": {\"like\": \"two\"},"
                                     " \"one\": {\"tier\": 3}, \"four\": {\"like\": \"x\"}}}"),
                        models, 2, &all));
    cr_assert(eq(sz, all.count, 3));
    cr_expect(eq(str, (char *)all.list[2].id, "three"));
    cr_expect(eq(int, all.list[2].tier, 2));
    cr_expect(eq(str, (char *)all.strange, "four"));
    cr_expect(eq(sz, kit_model(&all, "three", 9), 1));
    cr_expect(eq(sz, kit_model(&all, "four", 9), 9));
    bench_close(&bench);
}

/* A body with an asset inside is the same JSON, whatever the words around it. */
Test(kit, pieces)
{
    struct bench bench;
    struct gen_provider_request *request;
    struct gen_node *map;
    const char *text = "";

    bench_open(&bench);
    map = bench.kit.host->json_map(bench.arena);
    kit_set_text(&bench.kit, map, "prompt", "say \"hi\"");
    request = kit_request(&bench.kit, "POST", "https://a.example/", "key");
    kit_body_around(&bench.kit, request, "\"image\":\"", 3, "\"", map);
    cr_assert(eq(sz, request->piece_count, 3));
    for (size_t i = 0; i < 3; i++) {
        text = request->pieces[i].asset == 3
                   ? gen_arena_printf(bench.arena, "%sAAAA", text)
                   : gen_arena_printf(bench.arena, "%s%.*s", text,
                                      (int)request->pieces[i].data_size, request->pieces[i].data);
    }
    cr_expect(eq(str, (char *)text, "{\"image\":\"AAAA\",\"prompt\":\"say \\\"hi\\\"\"}"));
    cr_expect(eq(int, request->pieces[1].encoding, GEN_PIECE_BASE64));
    bench_close(&bench);
}

/* Without memory every step says BROKEN. */
Test(kit, without_memory)
{
    struct bench bench;
    struct gen_arena *small = gen_arena_create(16);
    const char *message = NULL;
    struct gen_provider_step step = {0};
    struct kit_failure failure = {.kind = GEN_FAIL_INVALID};
    struct kit kit;

    bench_open(&bench);
    kit = (struct kit){&bench.services.host, small};
    cr_expect(eq(int, kit_done(&kit, &step, "x", -1, &message), GEN_VERDICT_BROKEN));
    cr_expect(eq(int, kit_fail(&kit, &step, &failure, &message), GEN_VERDICT_BROKEN));
    cr_expect(eq(int, kit_send(&step, kit_request(&kit, "GET", "https://a.example/", ""), &message),
                 GEN_VERDICT_BROKEN));
    cr_expect(eq(str, (char *)message, "out of memory"));
    cr_expect(eq(int, step.kind, 0));
    gen_arena_destroy(small);
    bench_close(&bench);
}
