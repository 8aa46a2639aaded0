/* macro.h - turns the calls that are no calls (has, all, exists, map, ..., cel.bind, optMap) into nodes.
 *
 * NOT here: what they compute (the evaluator). A macro is known by its name and by being a method or
 * not, as in the specification, section Macros, and in the extensions for two variables, bindings and
 * optionals.
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/macro_test.c
 */
#ifndef GEN_EXPR_MACRO_H
#define GEN_EXPR_MACRO_H

#include "expr/growth.h"

/* `call` is a CALL. Gives it back when it is no macro, else the tree in its place; NULL after a failure
 * (in `growth`): a macro with the wrong number or form of arguments. */
struct gen_tree *gen_macro_expand(struct gen_growth *growth, struct gen_tree *call);

#endif
