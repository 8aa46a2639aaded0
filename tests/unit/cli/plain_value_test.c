/* plain_value_test.c - variables from a plain document: what each becomes, and numbers that cannot be. */
#include "cli/plain_value.h"

#include "base/alloc.h"
#include "platform/json_reader.h"
#include "platform/yaml_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <math.h>
#include <string.h>

static const char document[] = "{\"a\":[1,2.5,\"x\",null,true],\"b\":{\"c\":{}}}";

Test(plain_value, what_each_becomes)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *node = NULL;
    const struct gen_value *list;
    struct gen_value value;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_json_read(document, strlen(document), NULL, arena, &node, &err), GEN_OK));
    cr_assert(eq(int, gen_plain_value_read(node, arena, &value, &err), GEN_OK));
    list = gen_table_get(value.as.table, gen_value_text("a"));
    cr_assert(eq(int, list->size, 5));
    cr_expect(eq(int, list->as.items[0].kind, GEN_KIND_INT));
    cr_expect(eq(int, list->as.items[1].kind, GEN_KIND_DOUBLE));
    cr_expect(eq(int, list->as.items[2].kind, GEN_KIND_STRING));
    cr_expect(eq(int, list->as.items[3].kind, GEN_KIND_NULL));
    cr_expect(eq(int, list->as.items[4].kind, GEN_KIND_BOOL));
    list = gen_table_get(value.as.table, gen_value_text("b"));
    cr_expect(eq(int, list->kind, GEN_KIND_MAP));
    cr_expect(eq(int, gen_plain_value_read(NULL, arena, &value, &err), GEN_OK));
    cr_expect(eq(int, value.kind, GEN_KIND_NULL));
    gen_arena_destroy(arena);
}

/* Numbers of YAML: taken as they are, or refused with a path and a way out. */
Test(plain_value, numbers)
{
    static const struct {
        const char *text;
        enum gen_kind kind; /* 0: refused, with these: */
        const char *path, *words;
    } cases[] = {
        {"9223372036854775807", GEN_KIND_INT, NULL, NULL},  /* the ends of int64 */
        {"-9223372036854775808", GEN_KIND_INT, NULL, NULL},
        {"0x7fffffffffffffff", GEN_KIND_INT, NULL, NULL},
        {"9223372036854775808.0", GEN_KIND_DOUBLE, NULL, NULL}, /* meant as a double */
        {"1e19", GEN_KIND_DOUBLE, NULL, NULL},
        {"!!float 5", GEN_KIND_DOUBLE, NULL, NULL},
        {"-.inf", GEN_KIND_DOUBLE, NULL, NULL},
        {".NaN", GEN_KIND_DOUBLE, NULL, NULL},
        {"9223372036854775808", 0, "", "uint()"}, /* one more: a uint may help */
        {"18446744073709551615", 0, "", "uint()"},
        {"18446744073709551616", 0, "", "write it with a decimal point"}, /* it may not */
        {"-9223372036854775809", 0, "", "write it with a decimal point"},
        {"0x8000000000000000", 0, "", "0x8000000000000000"},
        {"0o7777777777777777777777777", 0, "", "decimal point"},
        {"1e999", 0, "", "larger than a double"},
        {"-1e999", 0, "", "larger than a double"},
        {"[1, [2, 99999999999999999999]]", 0, "[1][1]", "99999999999999999999"}, /* the path */
        {"{a: {b: [1, {c: 99999999999999999999}]}}", 0, "a.b[1].c", "99999999999999999999"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *node = NULL;
        struct gen_value value = {0};
        struct gen_error err = {0};
        enum gen_status status;

        cr_assert(eq(int, gen_yaml_read(cases[i].text, strlen(cases[i].text), NULL, arena, &node,
                                        &err), GEN_OK));
        status = gen_plain_value_read(node, arena, &value, &err);
        if (cases[i].words == NULL) {
            cr_expect(status == GEN_OK && value.kind == cases[i].kind, "%s: %s", cases[i].text,
                      err.message);
        } else {
            cr_expect(eq(int, status, GEN_EINVAL), "%s", cases[i].text);
            cr_expect(strstr(err.message, cases[i].words) != NULL, "%s", err.message);
            cr_expect(eq(str, err.path, (char *)cases[i].path));
            cr_expect(err.line == 1 && err.column > 0, "%s has no place", cases[i].text);
        }
        gen_arena_destroy(arena);
    }
}

Test(plain_value, path_of_the_variable)
{
    struct gen_error err = {0};

    gen_error_set(&err, GEN_EINVAL, "x");
    gen_plain_value_within(&err, "[1]");
    gen_plain_value_within(&err, "b");
    gen_plain_value_within(&err, "key");
    cr_expect(eq(str, err.path, (char *)"key.b[1]"));
    for (int i = 0; i < 100; i++) { /* cut, not overrun */
        gen_plain_value_within(&err, "something");
    }
    cr_expect(strncmp(err.path, "something.something", 19) == 0);
}

Test(plain_value, no_memory)
{
    enum gen_status status = GEN_ENOMEM;

    for (long nth = 1; nth < 1000; nth++) {
        struct gen_arena *kept = gen_arena_create(0), *arena;
        const struct gen_node *node = NULL;
        struct gen_value value = {0};
        struct gen_error err = {0};

        cr_assert(eq(int, gen_json_read(document, strlen(document), NULL, kept, &node, &err),
                     GEN_OK));
        gen_alloc_fail_at(nth);
        arena = gen_arena_create(0);
        status = arena == NULL ? GEN_ENOMEM : gen_plain_value_read(node, arena, &value, &err);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "%ld: %s", nth, err.message);
        gen_arena_destroy(arena);
        gen_arena_destroy(kept);
        if (gen_alloc_count() < nth) {
            break;
        }
    }
    gen_alloc_fail_at(0);
    cr_assert(eq(int, status, GEN_OK));
}
