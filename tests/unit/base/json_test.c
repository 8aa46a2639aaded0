/* json_test.c - exact output, byte for byte. */
#include "base/alloc.h"
#include "base/json.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

Test(json, quote)
{
    static const struct {
        const char *text;
        size_t size;
        const char *json;
    } cases[] = {
        {"", 0, "\"\""},
        {"a\"b\\c/", 6, "\"a\\\"b\\\\c/\""},
        {"\n\r\t\b\f", 5, "\"\\n\\r\\t\\b\\f\""},
        {"a\0b\x1f", 4, "\"a\\u0000b\\u001f\""},
        {"\xC3\xA9\xF0\x9F\x8E\xAC", 6, "\"\xC3\xA9\xF0\x9F\x8E\xAC\""},  /* left as it is */
        {"a\xFF\xC0\x80z", 5, "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\""}, /* not UTF-8 */
        {"\xE2\x82", 2, "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},                   /* cut off */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_bytes out;

        gen_bytes_init(&out, 1000);
        cr_expect(eq(int, gen_json_quote(cases[i].text, cases[i].size, &out), GEN_OK));
        cr_expect(eq(str, out.data, (char *)cases[i].json));
        gen_bytes_fini(&out);
    }
}

static struct gen_node *sample(struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);
    struct gen_node *list = gen_node_set(arena, map, "list", gen_node_list(arena));
    struct gen_node *large = gen_node_real(arena, 18446744073709551615.0);

    gen_node_push(list, gen_node_int(arena, INT64_MIN));
    gen_node_push(list, gen_node_real(arena, 0.1));
    gen_node_push(list, gen_node_real(arena, HUGE_VAL));
    gen_node_push(list, gen_node_money(arena, 2400000));
    gen_node_push(list, gen_node_bool(arena, false));
    gen_node_push(list, large);
    if (large != NULL) {
        large->text = "18446744073709551615"; /* as a reader leaves it */
        large->size = 20;
    }
    gen_node_set(arena, map, "k\"ey", gen_node_null(arena));
    gen_node_set(arena, map, "empty", gen_node_map(arena));
    return map;
}

Test(json, styles)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_bytes out;
    size_t size = 0;

    cr_expect(eq(str, gen_json_text(arena, sample(arena), &size),
                 "{\"list\":[-9223372036854775808,0.1,null,2.4,false,18446744073709551615],"
                 "\"k\\\"ey\":null,\"empty\":{}}"));
    gen_bytes_init(&out, 1000);
    cr_expect(eq(int, gen_json_write(sample(arena), GEN_JSON_PRETTY, &out), GEN_OK));
    cr_expect(eq(str, out.data,
                 "{\n  \"list\": [\n    -9223372036854775808,\n    0.1,\n    null,\n    2.4,\n"
                 "    false,\n    18446744073709551615\n  ],\n  \"k\\\"ey\": null,\n"
                 "  \"empty\": {}\n}\n"));
    gen_bytes_fini(&out);
    cr_expect(eq(str, gen_json_text(arena, NULL, NULL), "null"));
    gen_arena_destroy(arena);
}

Test(json, failures)
{
    struct gen_arena *stays = gen_arena_create(0);
    const struct gen_node *root = sample(stays);
    struct gen_bytes out;

    gen_bytes_init(&out, 10);
    cr_expect(eq(int, gen_json_write(root, GEN_JSON_COMPACT, &out), GEN_ELIMIT));
    gen_bytes_fini(&out);
    gen_bytes_init(&out, 1000);
    gen_alloc_fail_at(1);
    cr_expect(eq(int, gen_json_write(root, GEN_JSON_COMPACT, &out), GEN_ENOMEM));
    gen_alloc_fail_at(1);
    cr_expect(eq(ptr, gen_json_text(stays, root, NULL), NULL));
    gen_alloc_fail_at(0);
    gen_bytes_fini(&out);
    gen_arena_destroy(stays);
}
