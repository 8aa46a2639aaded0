/* Where a character of a value stands in the file. */
#include "policy/yaml_place.h"

#include "platform/yaml_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

static const struct {
    const char *yaml;  /* {a: value}; the value holds an X */
    uint32_t line, column; /* of the X */
} rows[] = {
    {"a: one X", 1, 8},                    /* plain */
    {"a: one\n   two X\n", 2, 8},           /* plain over two lines */
    {"a: 'it''s X'\n", 1, 11},              /* a doubled quote before it */
    {"a: \"\\\"\\u00e9\\x41 X\"\n", 1, 18}, /* escapes before it */
    {"a: \"one \\\n   X\"\n", 2, 4},        /* a joined line */
    {"a: |\n  one\n  X\n", 3, 3},           /* literal */
    {"a: |2\n    X\n", 2, 5},               /* its depth said */
    {"a: >-\n  one\n\n  two\n    X\n", 5, 5}, /* folded, with a blank line and a deeper one */
    {"\xC3\xA9: \xC3\xA9X\n", 1, 5},       /* columns are characters */
    {"a: !!str X\n", 1, 10},                /* a tag before it */
    {"\xEF\xBB\xBF" "a: X\n", 1, 4},        /* a byte order mark */
    {"b: 1\nc: {d: [1, 'X']}\n", 2, 13},    /* inside brackets */
};

/* The first text with an X. */
static const struct gen_node *with_x(const struct gen_node *node)
{
    const struct gen_node *found = NULL;

    if (gen_node_text(node, NULL) != NULL && strchr(node->text, 'X') != NULL) {
        return node;
    }
    for (const struct gen_node *child = gen_node_first(node); child != NULL && found == NULL;
         child = child->next) {
        found = with_x(child);
    }
    return found;
}

Test(yaml_place, places)
{
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *root = NULL, *node;
        struct gen_error err = {0};
        uint32_t line = 0, column = 0;
        size_t size = strlen(rows[i].yaml);

        cr_assert(eq(int, gen_yaml_read(rows[i].yaml, size, NULL, arena, &root, &err), GEN_OK),
                  "%s", err.message);
        node = with_x(root);
        cr_assert(ne(ptr, (void *)node, NULL), "%s", rows[i].yaml);
        cr_expect(gen_yaml_place(rows[i].yaml, size, node, node->text, node->size,
                                 (size_t)(strchr(node->text, 'X') - node->text), &line, &column),
                  "%s", rows[i].yaml);
        cr_expect(eq(u32, line, rows[i].line), "%s", rows[i].yaml);
        cr_expect(eq(u32, column, rows[i].column), "%s", rows[i].yaml);
        gen_arena_destroy(arena);
    }
}

/* What cannot be aligned has the place of the value. */
Test(yaml_place, fallback)
{
    struct gen_node node = {.type = GEN_NODE_STRING, .line = 1, .column = 4};
    uint32_t line = 0, column = 0;

    cr_expect(not(gen_yaml_place("a: one", 6, &node, "two", 3, 2, &line, &column)));
    cr_expect(eq(u32, line, 1));
    cr_expect(eq(u32, column, 4));
    node.line = 0;
    cr_expect(not(gen_yaml_place("a: one", 6, &node, "one", 3, 2, &line, &column)));
}
