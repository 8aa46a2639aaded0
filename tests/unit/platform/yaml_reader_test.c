/* yaml_reader_test.c - the core schema, places, refusals and limits. */
#include "base/alloc.h"
#include "base/json.h"
#include "platform/yaml_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(yaml_reader, accepted)
{
    static const struct {
        const char *text, *json;
    } cases[] = {
        {"", "null"},
        {"# only a comment\n", "null"},
        {"---\n", "null"},
        {"[null, Null, NULL, ~, ]", "[null,null,null,null]"},
        {"a:\nb: ''\n", "{\"a\":null,\"b\":\"\"}"},
        {"[true, True, TRUE, false, False, FALSE]", "[true,true,true,false,false,false]"},
        {"[on, off, yes, no, y, tRue]", "[\"on\",\"off\",\"yes\",\"no\",\"y\",\"tRue\"]"},
        {"[1:30, 16:9, 1_000, 2026-11-22]", "[\"1:30\",\"16:9\",\"1_000\",\"2026-11-22\"]"},
        {"[12, -3, +4, 007, 0x1f, 0XFF, 0o17, 0b1]", "[12,-3,4,7,31,\"0XFF\",15,\"0b1\"]"},
        {"[1.5, .5, 1., 1e3, -.inf, .NaN, 1.2.3]", "[1.5,0.5,1,1000,null,null,\"1.2.3\"]"},
        {"[9223372036854775807, 9223372036854775808, 0x7fffffffffffffff]",
         "[9223372036854775807,9223372036854775808,9223372036854775807]"},
        {"['1', \"true\", 'null']", "[\"1\",\"true\",\"null\"]"}, /* quoted is text */
        {"[!!str 1, ! 2, !!int 3, !!float 4, !!null ~, !!bool true]",
         "[\"1\",\"2\",3,4,null,true]"},
        {"!!map {a: !!seq [1]}", "{\"a\":[1]}"},
        {"1: one\ntrue: yes\n~: x\n", "{\"1\":\"one\",\"true\":\"yes\",\"~\":\"x\"}"},
        {"a: |\n  x\n  y\nb: >-\n  x\n  y\n", "{\"a\":\"x\\ny\\n\",\"b\":\"x y\"}"},
        {"\xEF\xBB\xBF" "a: \xF0\x9F\x8E\xAC\n", "{\"a\":\"\xF0\x9F\x8E\xAC\"}"},
        {"%YAML 1.2\n---\na: 1\n...\n", "{\"a\":1}"},
        {"{\"json\": [1, {\"too\": null}]}", "{\"json\":[1,{\"too\":null}]}"},
        {"\"a\\0b\"", "\"a\\u0000b\""},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node = NULL;
        struct gen_error err = {0};

        cr_expect(eq(int, gen_yaml_read(cases[i].text, strlen(cases[i].text), NULL, arena, &node,
                                        &err), GEN_OK), "%s: %s", cases[i].text, err.message);
        cr_expect(eq(str, gen_json_text(arena, node, NULL), (char *)cases[i].json));
        gen_arena_destroy(arena);
    }
}

Test(yaml_reader, places)
{
    static const char text[] = "scenes:\n  - id: s1\n    price: 0.10\n  - {\xF0\x9F\x8E\xAC: 1, b: 2}\n";
    static const struct {
        const char *path;
        uint32_t line, column;
    } cases[] = {
        {"", 1, 1}, {"scenes", 2, 3}, {"scenes[0]", 2, 5}, {"scenes[0].id", 2, 9},
        {"scenes[0].price", 3, 12}, {"scenes[1]", 4, 5}, {"scenes[1].b", 4, 15},
    };
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *root = NULL;
    gen_micros micros = 0;

    cr_assert(eq(int, gen_yaml_read(text, strlen(text), "x.yaml", arena, &root, NULL), GEN_OK));
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const struct gen_node *node = gen_node_find(root, cases[i].path, NULL);

        cr_assert(ne(ptr, (void *)node, NULL), "%s", cases[i].path);
        cr_expect(eq(u32, node->line, cases[i].line), "%s", cases[i].path);
        cr_expect(eq(u32, node->column, cases[i].column), "%s", cases[i].path);
    }
    cr_expect(eq(int, gen_node_dollars(gen_node_find(root, "scenes[0].price", NULL), &micros, NULL),
                 GEN_OK));
    cr_expect(eq(i64, micros, 100000));
    gen_arena_destroy(arena);
}

Test(yaml_reader, refused)
{
    static const struct {
        const char *text;
        uint32_t line, column;
        const char *says;
    } cases[] = {
        {"a: 1\nb: 2\na: 3\n", 3, 1, "\"a\" is here twice; the first is on line 1"},
        {"{a: 1, 'a': 2}", 1, 8, "here twice"},
        {"a: &x 1\n", 1, 4, "anchors"},
        {"a: &x [1]\n", 1, 4, "anchors"},
        {"&k a: 1\n", 1, 1, "anchors"},
        {"a: *x\n", 1, 4, "aliases (*name) are not allowed"},
        {"*x : 1\n", 1, 1, "aliases"},
        {"a: 1\n---\nb: 2\n", 2, 1, "second document"},
        {"[a]: 1\n", 1, 1, "a key must be text"},
        {"? {a: 1}\n: 2\n", 1, 3, "a key must be text"},
        {"?\n: 1\n", 1, 2, "no key"},
        {": 1\n", 1, 1, "a key was expected"},
        {"a: !!binary aGk=\n", 1, 4, "tag"},
        {"a: !mine 1\n", 1, 4, "\"!mine\""},
        {"a: !!int x\n", 1, 4, "tag"},
        {"a: !!seq {}\n", 1, 4, "tag"},
        {"!!int 1: x\n", 1, 1, "tag"},
        {"\"a\\0\": 1\n", 1, 1, "NUL"},
        {"a:\n\tb: 1\n", 2, 1, "a tab"},
        {"a: b: c\n", 1, 5, "\":\" is not expected"},
        {"a: [1, 2\n", 2, 1, "not YAML"},
        {"a: \"x\n", 2, 1, "ends in the middle"},
        {"a: @x\n", 1, 4, "put it in quotes"},
        {"a: 1\n b: 2\n", 2, 3, "not YAML"},
        {"a: \"\\q\"\n", 1, 5, "escape"},
        {"a: 1\nb: \x01\n", 2, 4, "control character"},
        {"a: 1\nb: \xC3\xA9\xFF\n", 2, 5, "0xFF is not UTF-8"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node = NULL;
        struct gen_error err = {0};

        cr_expect(eq(int, gen_yaml_read(cases[i].text, strlen(cases[i].text), "x.yaml", arena,
                                        &node, &err), GEN_EINVAL), "%s", cases[i].text);
        cr_expect(ne(ptr, strstr(err.message, cases[i].says), NULL), "%s: %s", cases[i].text,
                  err.message);
        cr_expect(eq(u32, err.line, cases[i].line), "%s: %s", cases[i].text, err.message);
        cr_expect(eq(u32, err.column, cases[i].column), "%s: %s", cases[i].text, err.message);
        cr_expect(eq(str, err.file, "x.yaml"));
        cr_expect(eq(ptr, (void *)node, NULL));
        gen_arena_destroy(arena);
    }
}

static enum gen_status read_many(const char *before, const char *unit, size_t count,
                                 const char *after, struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *node = NULL;
    struct gen_bytes text;
    enum gen_status status;

    gen_bytes_init(&text, (size_t)1 << 26);
    gen_bytes_text(&text, before);
    for (size_t i = 0; i < count; i++) {
        gen_bytes_text(&text, unit);
    }
    gen_bytes_text(&text, after);
    status = gen_yaml_read(text.data, text.size, NULL, arena, &node, err);
    gen_bytes_fini(&text);
    gen_arena_destroy(arena);
    return status;
}

Test(yaml_reader, limits)
{
    struct gen_error err = {0};
    char closing[GEN_YAML_MAX_DEPTH + 1];

    memset(closing, ']', sizeof(closing) - 1);
    closing[GEN_YAML_MAX_DEPTH] = '\0';
    cr_expect(eq(int, read_many("", "[", GEN_YAML_MAX_DEPTH, closing, &err), GEN_OK));
    cr_expect(eq(int, read_many("", "[", 10 * 1024 * 1024, "", &err), GEN_EINVAL));
    cr_expect(eq(u32, err.column, GEN_YAML_MAX_DEPTH + 1));
    cr_expect(ne(ptr, strstr(err.message, "deeper than 64"), NULL));
    cr_expect(eq(int, read_many("", "- ", 100000, "x", &err), GEN_EINVAL));
    cr_expect(ne(ptr, strstr(err.message, "deeper than 64"), NULL));
    cr_expect(eq(int, read_many("", "- 1\n", GEN_YAML_MAX_NODES, "", &err), GEN_ETOOLARGE));
    cr_expect(eq(u32, err.line, GEN_YAML_MAX_NODES));
    cr_expect(eq(int, read_many("'", "x", GEN_YAML_MAX_SIZE, "'", &err), GEN_ETOOLARGE));
}

Test(yaml_reader, each_allocation_failing)
{
    static const char text[] = "a: [1, 2.5, text, true, null]\nb: {c: 'd', e: f}\n";
    bool done = false;
    long failures = 0;

    for (long nth = 1; !done; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node = NULL;
        struct gen_error err = {0};
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = gen_yaml_read(text, strlen(text), NULL, arena, &node, &err);
        done = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        cr_expect(eq(int, status, done ? GEN_OK : GEN_ENOMEM), "allocation %ld: %s", nth,
                  err.message);
        failures += done ? 0 : 1;
        gen_arena_destroy(arena);
    }
    cr_expect(gt(long, failures, 15));
}
