/* json_reader_test.c - places, lexemes, refusals and limits. */
#include "base/alloc.h"
#include "base/json.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

Test(json_reader, accepted)
{
    static const struct {
        const char *text, *again;
    } cases[] = {
        {"null", "null"},
        {" \t\r\n true \n", "true"},
        {"\"a\\u00e9\\n\\ud83c\\udfac\"", "\"a\xC3\xA9\\n\xF0\x9F\x8E\xAC\""},
        {"\xEF\xBB\xBF[1]", "[1]"}, /* byte order mark */
        {"{\"b\":1,\"a\":{\"\":[]}}", "{\"b\":1,\"a\":{\"\":[]}}"}, /* order kept, empty key */
        {"[1.0,1e2,-0,0.1,1E+2]", "[1,100,0,0.1,100]"},
        {"[9223372036854775807,-9223372036854775808]",
         "[9223372036854775807,-9223372036854775808]"},
        {"[18446744073709551615]", "[18446744073709551615]"}, /* beyond int64, not rounded */
        {"\"[[[,,,{{{\\\"\\\\\"", "\"[[[,,,{{{\\\"\\\\\""},
        {"[ [ ] , { } ]", "[[],{}]"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node = NULL;
        struct gen_error err = {0};

        cr_assert(eq(int, gen_json_read(cases[i].text, strlen(cases[i].text), NULL, arena, &node,
                                        &err), GEN_OK), "%s: %s", cases[i].text, err.message);
        cr_expect(eq(str, gen_json_text(arena, node, NULL), (char *)cases[i].again));
        gen_arena_destroy(arena);
    }
}

Test(json_reader, places)
{
    static const char text[] = "{\n  \"a\": [1,\n \"\xF0\x9F\x8E\xAC\", 2.50],\n\t\"b\" : {\"c\": null}}";
    static const struct {
        const char *path;
        uint32_t line, column;
    } cases[] = {
        {"", 1, 1},      {"a", 2, 8},    {"a[0]", 2, 9}, {"a[1]", 3, 2},
        {"a[2]", 3, 7}, /* columns are characters, not bytes */
        {"b", 4, 8},     {"b.c", 4, 14},
    };
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *root = NULL;
    gen_micros micros = 0;

    cr_assert(eq(int, gen_json_read(text, strlen(text), "x.json", arena, &root, NULL), GEN_OK));
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const struct gen_node *node = gen_node_find(root, cases[i].path, NULL);

        cr_assert(ne(ptr, (void *)node, NULL), "%s", cases[i].path);
        cr_expect(eq(u32, node->line, cases[i].line), "%s", cases[i].path);
        cr_expect(eq(u32, node->column, cases[i].column), "%s", cases[i].path);
    }
    cr_expect(eq(str, (char *)gen_node_find(root, "a[2]", NULL)->text, "2.50"));
    cr_expect(eq(int, gen_node_dollars(gen_node_find(root, "a[2]", NULL), &micros, NULL), GEN_OK));
    cr_expect(eq(i64, micros, 2500000));
    gen_arena_destroy(arena);
}

Test(json_reader, refused)
{
    static const struct {
        const char *text;
        size_t size;
        uint32_t line, column; /* column 0 = not looked at */
        const char *says;
    } cases[] = {
        {"", 0, 1, 1, "empty"},
        {"{\"a\":1,\n \"a\":2}", 15, 2, 0, "duplicate"},
        {"[1,\n2", 5, 2, 0, "ends in the middle"},
        {"[1] x", 5, 1, 0, "more text after"},
        {"{a:1}", 5, 1, 0, "not JSON"},
        {"[1,]", 4, 1, 0, "not JSON"},
        {"[01]", 4, 1, 0, "not JSON"},
        {"nul", 3, 1, 0, "not JSON"},
        {"'a'", 3, 1, 0, "not JSON"},
        {"[1e400]", 7, 1, 0, "too large"},
        {"\"a\\u0000b\"", 10, 1, 0, "NUL"},
        {"{\"a\\u0000\":1}", 13, 1, 0, "NUL"},
        {"[\"a\0b\"]", 7, 1, 0, "not JSON"},
        {"\"\\ud800\"", 8, 1, 0, "not JSON"},
        {"[\n\"\xC3\xA9\xFF\"]", 7, 2, 3, "0xFF is not UTF-8"},
        {"\xEF\xBB\xBF[\xC0\x80]", 7, 1, 2, "0xC0 is not UTF-8"},
        {"// no\n1", 7, 1, 0, "not JSON"},
        {"[NaN]", 5, 1, 0, "not JSON"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node = NULL;
        struct gen_error err = {0};

        cr_expect(eq(int, gen_json_read(cases[i].text, cases[i].size, "x.json", arena, &node, &err),
                     GEN_EINVAL), "%s", cases[i].text);
        cr_expect(ne(ptr, strstr(err.message, cases[i].says), NULL), "%s: %s", cases[i].text,
                  err.message);
        cr_expect(eq(u32, err.line, cases[i].line), "%s", cases[i].text);
        cr_expect(cases[i].column == 0 || err.column == cases[i].column, "%s", cases[i].text);
        cr_expect(eq(str, err.file, "x.json"));
        cr_expect(eq(ptr, (void *)node, NULL));
        gen_arena_destroy(arena);
    }
}

/* `count` times `unit` between `before` and `after`. */
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
    status = gen_json_read(text.data, text.size, NULL, arena, &node, err);
    gen_bytes_fini(&text);
    gen_arena_destroy(arena);
    return status;
}

Test(json_reader, limits)
{
    struct gen_error err = {0};
    char closing[GEN_JSON_MAX_DEPTH + 1];

    memset(closing, ']', sizeof(closing) - 1);
    closing[GEN_JSON_MAX_DEPTH] = '\0';
    cr_expect(eq(int, read_many("", "[", GEN_JSON_MAX_DEPTH, closing, &err), GEN_OK));
    cr_expect(eq(int, read_many("", "[", 10 * 1024 * 1024, "", &err), GEN_EINVAL));
    cr_expect(eq(u32, err.column, GEN_JSON_MAX_DEPTH + 1));
    cr_expect(ne(ptr, strstr(err.message, "deeper than 64"), NULL));
    cr_expect(eq(int, read_many("[1", ",1", GEN_JSON_MAX_NODES, "]", &err), GEN_ETOOLARGE));
    cr_expect(ne(ptr, strstr(err.message, "1000000"), NULL));
    cr_expect(eq(int, read_many("\"", "x", GEN_JSON_MAX_SIZE, "\"", &err), GEN_ETOOLARGE));
    cr_expect(eq(int, read_many("\"", "x", GEN_JSON_MAX_SIZE - 2, "\"", &err), GEN_OK));
}

Test(json_reader, each_allocation_failing)
{
    /* one text is longer than the buffers of jansson begin with: it wrote past them */
    static const char text[] = "{\"a\":[1,2.5,\"text\",true,null],\"b\":{\"c\":\"d\"},"
                               "\"c\":\"0123456789012345678901234567890123456789\\u00e9"
                               "0123456789012345678901234567890123456789\",\"d\":1}";
    bool done = false;
    long failures = 0;

    for (long nth = 1; !done; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node = NULL;
        struct gen_error err = {0};
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = gen_json_read(text, strlen(text), NULL, arena, &node, &err);
        done = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        cr_expect(eq(int, status, done ? GEN_OK : GEN_ENOMEM), "allocation %ld: %s", nth,
                  err.message);
        failures += done ? 0 : 1;
        gen_arena_destroy(arena);
    }
    cr_expect(gt(long, failures, 20)); /* jansson's own are among them */
}
