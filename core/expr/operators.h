/* operators.h - what each operator takes and gives, and how it computes.
 *
 * NOT here: && || ?: ! (evaluator.c), which decide about faults.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_OPERATORS_H
#define GEN_EXPR_OPERATORS_H

#include "expr/function.h"
#include "expr/tree.h"
#include "expr/type.h"

/* "+", "in", ... of an operator node; NULL for other kinds. */
const char *gen_operator_sign(enum gen_tree_kind kind);

/* The type that a binary operator gives for these, NULL when it never works. */
const struct gen_type *gen_operator_type(enum gen_tree_kind kind, const struct gen_type *a,
                                         const struct gen_type *b);

/* Computes ADD .. IN on values of any kind; the first operand that is a FAULT is the result. */
struct gen_value gen_operator_binary(struct gen_run *run, enum gen_tree_kind kind,
                                     struct gen_value a, struct gen_value b);

/* -a, of an int or a double. */
struct gen_value gen_operator_negate(struct gen_run *run, struct gen_value a);

/* a[b], and a.name; the same on an optional gives an optional. */
struct gen_value gen_operator_index(struct gen_run *run, struct gen_value a, struct gen_value b);

/* The element, or NULL when there is none; `*wrong` is set to a FAULT when there cannot be one. */
const struct gen_value *gen_operator_find(struct gen_run *run, struct gen_value a,
                                          struct gen_value b, struct gen_value *wrong);

/* The first FAULT of two, else "no such overload" with the types in words. */
struct gen_value gen_operator_refused(struct gen_run *run, enum gen_tree_kind kind,
                                      struct gen_value a, struct gen_value b);

#endif
