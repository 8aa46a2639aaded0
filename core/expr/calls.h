/* calls.h - which function a call means, and what somebody meant who called one that is not there.
 *
 * NOT here: whether its arguments fit (checker.h), which row runs (library.h).
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_CALLS_H
#define GEN_EXPR_CALLS_H

#include "expr/names.h"

/* math.abs(x) was read as a method of a name: makes it the function that it is. GEN_EINVAL: math has no such
 * function; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_calls_resolve(const struct gen_names *names,
                                                 struct gen_tree *tree, struct gen_arena *arena,
                                                 struct gen_error *err);

/* There is no function with the name of this call: fills `err`. */
enum gen_status gen_calls_unknown(const struct gen_tree *tree, struct gen_error *err);

/* Do names of functions begin with this name, which is no variable (math)? Then it is told: fills `err`. */
bool gen_calls_is_family(const char *name, struct gen_error *err);

#endif
