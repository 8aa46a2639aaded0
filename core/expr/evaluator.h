/* evaluator.h - runs a program on a stack of values.
 *
 * Faults travel as values; the first final one (a limit, no memory) ends the run at once. Every run
 * ends: code is straight but for loops, and each turn of a loop is paid from the budget.
 * Thread: one at a time. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_EVALUATOR_H
#define GEN_EXPR_EVALUATOR_H

#include "expr/program.h"

/* See gen_expression_run. */
struct gen_value gen_evaluator_run(const struct gen_expression *expression,
                                   const struct gen_value *variables, struct gen_run *run);

#endif
