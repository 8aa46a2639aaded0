/* compiler.h - turns a checked tree into a program.
 *
 * Lists and maps of literals become constants; regular expressions that are literals are compiled
 * here, so a wrong one is told before anything runs.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_COMPILER_H
#define GEN_EXPR_COMPILER_H

#include "expr/program.h"

/* Fills the code of `expression`, whose text, variables and type are set. GEN_EINVAL (a regular
 * expression) with its place, GEN_ELIMIT: too large; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_compiler_compile(const struct gen_tree *tree,
                                                    struct gen_arena *arena,
                                                    struct gen_expression *expression,
                                                    struct gen_error *err);

#endif
