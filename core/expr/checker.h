/* checker.h - finds what every name and call in a tree means, and what type every node has.
 *
 * NOT here: running anything. Types are gradual: dyn fits everything, and what is not known to be
 * wrong is allowed. It rewrites the tree where dots turn out to be part of a name (a.b.c, math.abs).
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_CHECKER_H
#define GEN_EXPR_CHECKER_H

#include "expr/tree.h"
#include "expr/type.h"

enum gen_checker_flag {
    GEN_CHECKER_UNCHECKED = 1u << 0, /* types are looked at when it runs, not before */
};

/* GEN_EINVAL with `err` at line and column of `text`; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_checker_check(struct gen_tree *tree,
                                                 const struct gen_variable *variables,
                                                 const char *text, size_t size, uint32_t flags,
                                                 struct gen_arena *arena, struct gen_error *err);

#endif
