/* parser.h - reads the text of an expression into a syntax tree, macros included.
 *
 * NOT here: names and types (checker.h). It accepts what the CEL grammar accepts, with reserved words
 * refused as names, and quoted field names (m.`a-b`), m.?f, m[?k], [?x], {?k: v} beyond it.
 *
 * Invariant: no input makes it recurse deeper than its limit or take more than the limits below.
 * Source of the grammar: cel-spec, doc/langdef.md, section Syntax.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/parser_test.c
 */
#ifndef GEN_EXPR_PARSER_H
#define GEN_EXPR_PARSER_H

#include "expr/tree.h"

enum {
    GEN_PARSER_LONGEST = 100000, /* bytes of one expression */
    GEN_PARSER_DEEPEST = 250,    /* trees inside each other */
    GEN_PARSER_MOST = 20000,     /* nodes */
};

/* The tree in `arena` (texts are copied). GEN_EINVAL with line and column (1-based, in characters) inside
 * the expression; GEN_ELIMIT for input beyond the limits, with its place; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_parser_parse(const char *text, size_t size,
                                                struct gen_arena *arena, struct gen_tree **out,
                                                struct gen_error *err);

/* Line and column (1-based, in characters) of byte `offset` of a text. */
void gen_parser_place(const char *text, size_t size, uint32_t offset, uint32_t *line,
                      uint32_t *column);

#endif
