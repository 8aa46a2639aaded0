/* tree_text.h - a syntax tree as one line, so that tests compare texts: a + b * 2 is (+ a (* b 2)). */
#ifndef GEN_TESTS_UNIT_EXPR_TREE_TEXT_H
#define GEN_TESTS_UNIT_EXPR_TREE_TEXT_H

#include "base/bytes.h"
#include "expr/parser.h"

#include <inttypes.h>
#include <stdio.h>

static void tree_write(struct gen_bytes *out, const struct gen_tree *tree);

static void tree_write_value(struct gen_bytes *out, struct gen_value value)
{
    switch (value.kind) {
    case GEN_KIND_NULL:
        gen_bytes_text(out, "null");
        break;
    case GEN_KIND_BOOL:
        gen_bytes_text(out, value.as.boolean ? "true" : "false");
        break;
    case GEN_KIND_INT:
        gen_bytes_printf(out, "%" PRId64, value.as.integer);
        break;
    case GEN_KIND_UINT:
        gen_bytes_printf(out, "%" PRIu64 "u", value.as.natural);
        break;
    case GEN_KIND_DOUBLE:
        gen_bytes_printf(out, "%.1f", value.as.real);
        break;
    case GEN_KIND_BYTES:
        gen_bytes_text(out, "b");
        /* fall through */
    default:
        gen_bytes_printf(out, "'%.*s'", (int)value.size, value.as.text);
        break;
    }
}

static const char *tree_sign(const struct gen_tree *tree)
{
    static const char *const signs[] = {
        [GEN_TREE_INDEX] = "index",     [GEN_TREE_LIST] = "list",       [GEN_TREE_MAP] = "map",
        [GEN_TREE_NOT] = "!",           [GEN_TREE_NEGATE] = "-",        [GEN_TREE_AND] = "&&",
        [GEN_TREE_OR] = "||",           [GEN_TREE_ADD] = "+",           [GEN_TREE_SUBTRACT] = "-",
        [GEN_TREE_MULTIPLY] = "*",      [GEN_TREE_DIVIDE] = "/",        [GEN_TREE_REMAINDER] = "%",
        [GEN_TREE_EQUAL] = "==",        [GEN_TREE_UNEQUAL] = "!=",      [GEN_TREE_LESS] = "<",
        [GEN_TREE_LESS_EQUAL] = "<=",   [GEN_TREE_GREATER] = ">",       [GEN_TREE_GREATER_EQUAL] = ">=",
        [GEN_TREE_IN] = "in",           [GEN_TREE_CONDITIONAL] = "?:",
    };

    return signs[tree->kind];
}

static void tree_write_loop(struct gen_bytes *out, const struct gen_tree *tree)
{
    static const char *const loops[] = {
        [GEN_LOOP_ALL] = "all",
        [GEN_LOOP_EXISTS] = "exists",
        [GEN_LOOP_EXISTS_ONE] = "one",
        [GEN_LOOP_MAP] = "map",
        [GEN_LOOP_FILTER] = "filter",
        [GEN_LOOP_TRANSFORM_LIST] = "list",
        [GEN_LOOP_TRANSFORM_MAP] = "mapping",
        [GEN_LOOP_TRANSFORM_ENTRY] = "entry",
    };

    gen_bytes_printf(out, "(loop-%s %s%s%s", loops[tree->loop], tree->name,
                     tree->second != NULL ? "," : "", tree->second != NULL ? tree->second : "");
}

static void tree_write(struct gen_bytes *out, const struct gen_tree *tree)
{
    switch (tree->kind) {
    case GEN_TREE_LITERAL:
        tree_write_value(out, tree->value);
        return;
    case GEN_TREE_NAME:
        gen_bytes_printf(out, "%s%s", tree->root ? "." : "", tree->name);
        return;
    case GEN_TREE_SELECT:
        gen_bytes_printf(out, "(.%s%s", tree->optional ? "?" : "", tree->name);
        break;
    case GEN_TREE_TEST:
        gen_bytes_printf(out, "(has %s", tree->name);
        break;
    case GEN_TREE_CALL:
        gen_bytes_printf(out, "(%s%s%s", tree->root ? "." : "", tree->method ? "call ." : "call ",
                         tree->name);
        break;
    case GEN_TREE_LOOP:
        tree_write_loop(out, tree);
        break;
    case GEN_TREE_BIND:
        gen_bytes_printf(out, "(bind %s", tree->name);
        break;
    default:
        gen_bytes_printf(out, "(%s%s", tree_sign(tree), tree->optional ? "?" : "");
        break;
    }
    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t step = tree->kind == GEN_TREE_MAP ? 2 : 1;

        gen_bytes_text(out, " ");
        if (tree->optionals != NULL && i % step == 0 && tree->optionals[i / step]) {
            gen_bytes_text(out, "?");
        }
        tree_write(out, tree->args[i]);
    }
    gen_bytes_text(out, ")");
}

/* The tree of `text` as a line in `out`, or "line:column: message". */
static const char *tree_text(const char *text, size_t size, char *out, size_t room)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_tree *tree = NULL;
    struct gen_error err = {0};
    struct gen_bytes line;

    gen_bytes_init(&line, 1000000);
    if (gen_parser_parse(text, size, arena, &tree, &err) == GEN_OK) {
        tree_write(&line, tree);
        snprintf(out, room, "%s", line.data);
    } else {
        snprintf(out, room, "%u:%u: %s", err.line, err.column, err.message);
    }
    gen_bytes_fini(&line);
    gen_arena_destroy(arena);
    return out;
}

#endif
