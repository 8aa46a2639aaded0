/* math_functions.h - the functions of the namespace `math`.
 *
 * NOT here: the operators (operators.h), int() and double() (convert.h).
 * Source: the math extension of CEL, whose conformance vectors are in tests/data/cel.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/math_functions_test.c
 */
#ifndef GEN_EXPR_MATH_FUNCTIONS_H
#define GEN_EXPR_MATH_FUNCTIONS_H

#include "expr/function.h"

extern const struct gen_overload gen_math_functions[];

#endif
