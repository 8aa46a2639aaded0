/* expr_parser_fuzz.c - any bytes give a tree within the limits, or a refusal with a place inside the
 * text and a reason. */
/* fuzz-runs: 150000 */
#include "expr/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Does every node stand inside the text, and is it as high as it says? */
static uint32_t look(const struct gen_tree *tree, size_t size)
{
    uint32_t height = 0;

    GEN_CHECK(tree != NULL && tree->offset < size);
    GEN_CHECK(tree->kind >= GEN_TREE_LITERAL && tree->kind <= GEN_TREE_CONDITIONAL);
    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t inner = look(tree->args[i], size);

        height = inner > height ? inner : height;
    }
    GEN_CHECK(tree->height == height + 1 && tree->height <= GEN_PARSER_DEEPEST);
    return tree->height;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_tree *tree = NULL;
    struct gen_error err = {0};
    enum gen_status status = gen_parser_parse((const char *)data, size, arena, &tree, &err);

    if (status == GEN_OK) {
        look(tree, size);
    } else {
        uint32_t line = 0, column = 0;

        GEN_CHECK(status == GEN_EINVAL || status == GEN_ELIMIT);
        GEN_CHECK(err.status == status && err.message[0] != '\0' && tree == NULL);
        gen_parser_place((const char *)data, size, (uint32_t)size, &line, &column);
        GEN_CHECK(err.line >= 1 && err.column >= 1 && err.line <= line);
        GEN_CHECK(err.line < line || err.column <= column);
    }
    gen_arena_destroy(arena);
    return 0;
}
