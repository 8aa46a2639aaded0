/* csv_reader_test.c - RFC 4180, what is written in practice beside it, and what is refused. */
#include "platform/csv_reader.h"

#include "base/alloc.h"
#include "base/json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct {
    const char *text, *json, *why;
} good[] = {
    {"a,b\r\n1,2\r\n3,4\r\n", "[{\"a\":\"1\",\"b\":\"2\"},{\"a\":\"3\",\"b\":\"4\"}]", "as it is meant"},
    {"a,b\n1,\n", "[{\"a\":\"1\",\"b\":\"\"}]", "LF alone; an empty value"},
    {"a,b\n1,2", "[{\"a\":\"1\",\"b\":\"2\"}]", "no end of line at the end"},
    {"a\n\"x \"\"y\"\", z\r\nw\"\n", "[{\"a\":\"x \\\"y\\\", z\\r\\nw\"}]", "quotes, a comma, a line end"},
    {"\xef\xbb\xbf" "a,b\n\n1,2\n\n", "[{\"a\":\"1\",\"b\":\"2\"}]", "a mark of byte order, blank lines"},
    {"a;b\n1,5;2\n", "[{\"a\":\"1,5\",\"b\":\"2\"}]", "semicolons"},
    {"a\tb\n1\t2\n", "[{\"a\":\"1\",\"b\":\"2\"}]", "tabs"},
    {"a,\n1,2\n", "[{\"a\":\"1\"}]", "a column without a name"},
    {"a,b\n", "[]", "names only"},
    {"", "[]", "nothing"},
    {"a,b\n\"\",\"\"\n", "[{\"a\":\"\",\"b\":\"\"}]", "nothing in quotes"},
};

static const struct {
    const char *text;
    uint32_t line;
    const char *part;
} bad[] = {
    {"a,b\n1\n", 2, "another number of values"},
    {"a,b\n1,2\n1,2,3\n", 3, "another number of values"},
    {"a\n\"x\n", 2, "never closed"},
    {"a\nx\"y\"\n", 2, "a quote stands inside"},
    {"a\n\"x\"y\n", 2, "more of the value"},
    {"a,a\n1,2\n", 1, "the same name"},
    {"a\n\xff\n", 0, "UTF-8"},
};

Test(csv_reader, good)
{
    for (size_t i = 0; i < GEN_COUNT(good); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *list = NULL;
        struct gen_error err = {0};

        cr_assert(gen_csv_read(good[i].text, strlen(good[i].text), arena, &list, &err) == GEN_OK,
                  "%s: %s", good[i].why, err.message);
        cr_expect(eq(str, (char *)gen_json_text(arena, list, NULL), (char *)good[i].json), "%s",
                  good[i].why);
        gen_arena_destroy(arena);
    }
}

Test(csv_reader, bad)
{
    for (size_t i = 0; i < GEN_COUNT(bad); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *list = NULL;
        struct gen_error err = {0};

        cr_assert(eq(int, gen_csv_read(bad[i].text, strlen(bad[i].text), arena, &list, &err),
                     GEN_EINVAL), "%s", bad[i].text);
        cr_expect(strstr(err.message, bad[i].part) != NULL, "%s: %s", bad[i].text, err.message);
        cr_expect(eq(u32, err.line, bad[i].line), "%s", bad[i].text);
        gen_arena_destroy(arena);
    }
}

Test(csv_reader, too_much)
{
    struct gen_arena *arena = gen_arena_create(0);
    char *text = gen_alloc(GEN_CSV_MOST_ROWS * 2 + 16);
    struct gen_node *list = NULL;
    size_t size = 2;

    memcpy(text, "a\n", 2);
    for (int i = 0; i <= GEN_CSV_MOST_ROWS; i++, size += 2) {
        memcpy(text + size, "1\n", 2);
    }
    cr_assert(eq(int, gen_csv_read(text, size, arena, &list, NULL), GEN_ELIMIT));
    cr_assert(eq(int, gen_csv_read(text, size - 2, arena, &list, NULL), GEN_OK));
    memset(text, ',', GEN_CSV_MOST_COLUMNS);
    cr_assert(eq(int, gen_csv_read(text, GEN_CSV_MOST_COLUMNS, arena, &list, NULL), GEN_ELIMIT));
    gen_free(text);
    gen_arena_destroy(arena);
}

Test(csv_reader, no_memory)
{
    static const char text[] = "a,b\n\"1\",2\n3,4\n";

    for (long nth = 1; nth < 100; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *list = NULL;
        enum gen_status status;

        gen_alloc_fail_at(nth);
        status = gen_csv_read(text, strlen(text), arena, &list, NULL);
        gen_alloc_fail_at(0);
        gen_arena_destroy(arena);
        if (status == GEN_OK) {
            return;
        }
        cr_assert(eq(int, status, GEN_ENOMEM));
    }
    cr_assert(false, "it never succeeds");
}
