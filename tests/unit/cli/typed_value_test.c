/* typed_value_test.c - the typed form of values, there and back, and what is refused. */
#include "cli/typed_value.h"

#include "base/json.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

static const char *there_and_back(struct gen_arena *arena, const char *text, enum gen_status *status)
{
    const struct gen_node *node = NULL;
    struct gen_node *written = NULL;
    struct gen_error err = {0};
    struct gen_value value;
    size_t room = 100;

    cr_assert(eq(int,
                 gen_json_read_as(text, strlen(text), NULL, GEN_JSON_NULS, arena, &node, &err),
                 GEN_OK));
    *status = gen_typed_value_read(node, arena, &value, &err);
    if (*status == GEN_OK) {
        *status = gen_typed_value_write(value, arena, &room, &written, &err);
    }
    return *status == GEN_OK ? gen_json_text(arena, written, NULL) : gen_arena_strdup(arena, err.message);
}

Test(typed_value, there_and_back)
{
    static const char *const rows[] = {
        "{\"type\":\"null\",\"value\":null}",
        "{\"type\":\"bool\",\"value\":true}",
        "{\"type\":\"int\",\"value\":\"-9223372036854775808\"}",
        "{\"type\":\"uint\",\"value\":\"18446744073709551615\"}",
        "{\"type\":\"double\",\"value\":0.1}",
        "{\"type\":\"double\",\"value\":-0.0}",
        "{\"type\":\"double\",\"value\":\"-Infinity\"}",
        "{\"type\":\"double\",\"value\":\"NaN\"}",
        "{\"type\":\"string\",\"value\":\"a\\u0000b\"}",
        "{\"type\":\"bytes\",\"value\":\"/wA=\"}",
        "{\"type\":\"list\",\"value\":[{\"type\":\"int\",\"value\":\"1\"}]}",
        "{\"type\":\"map\",\"value\":[[{\"type\":\"string\",\"value\":\"k\"},{\"type\":\"null\",\"value\":null}]]}",
        "{\"type\":\"timestamp\",\"value\":{\"seconds\":\"-62135596800\",\"nanos\":5}}",
        "{\"type\":\"duration\",\"value\":{\"seconds\":\"-1\",\"nanos\":-500000000}}",
        "{\"type\":\"type\",\"value\":\"google.protobuf.Timestamp\"}",
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        enum gen_status status;
        const char *said = there_and_back(arena, rows[i], &status);

        cr_expect(eq(str, (char *)said, (char *)rows[i]));
        gen_arena_destroy(arena);
    }
}

Test(typed_value, refused)
{
    static const char *const rows[] = {
        "{\"type\":\"number\",\"value\":1}",
        "{\"value\":1}",
        "7",
        "{\"type\":\"int\",\"value\":1}",
        "{\"type\":\"int\",\"value\":\"9223372036854775808\"}",
        "{\"type\":\"uint\",\"value\":\"-1\"}",
        "{\"type\":\"uint\",\"value\":\"\"}",
        "{\"type\":\"double\",\"value\":\"1.5\"}",
        "{\"type\":\"bytes\",\"value\":\"*\"}",
        "{\"type\":\"list\",\"value\":{}}",
        "{\"type\":\"map\",\"value\":[[{\"type\":\"double\",\"value\":1.5},{\"type\":\"null\",\"value\":null}]]}",
        "{\"type\":\"timestamp\",\"value\":{\"seconds\":\"253402300800\",\"nanos\":0}}",
        "{\"type\":\"duration\",\"value\":{\"seconds\":\"9223372037\",\"nanos\":0}}",
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        enum gen_status status;

        there_and_back(arena, rows[i], &status);
        cr_expect(eq(int, status, GEN_EINVAL), "%s", rows[i]);
        gen_arena_destroy(arena);
    }
}

/* A result with more parts than there is room for is not written. */
Test(typed_value, bounded)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_value value = gen_value_list(NULL, 0);
    struct gen_node *node;
    struct gen_error err;
    size_t room = 1000;

    for (int i = 0; i < 40; i++) {
        struct gen_value *two = gen_arena_array(arena, 2, sizeof(*two));

        two[0] = two[1] = value;
        value = gen_value_list(two, 2);
    }
    cr_expect(eq(int, gen_typed_value_write(value, arena, &room, &node, &err), GEN_ELIMIT));
    gen_arena_destroy(arena);
}
