/* expression.h - the front door of the language: text in, a compiled expression out, values when it runs.
 *
 * NOT here: the steps between (parser.h, checker.h, compiler.h, evaluator.h).
 *
 * Compiling tells every mistake that can be known: syntax, unknown names (with a suggestion), types,
 * functions, regular expressions. Running allocates only in the arena of the run, always ends (its
 * budget), and gives a value or a FAULT.
 * Thread: an expression belongs to one thread at a time (its regular expressions remember).
 * Floor: expr. Tests: tests/unit/expr/expression_test.c, tests/unit/cli/conformance_test.c
 */
#ifndef GEN_EXPR_EXPRESSION_H
#define GEN_EXPR_EXPRESSION_H

#include "expr/checker.h"
#include "expr/function.h"

struct gen_zones;

struct gen_expression; /* lives in the arena it was compiled in */

/* `flags` are of enum gen_checker_flag. `variables` are borrowed as long as the expression lives.
 * GEN_EINVAL with line and column inside the text; GEN_ELIMIT: too long, too deep, too large;
 * GEN_ENOMEM. `*syntax` (may be NULL) says whether it was the text itself that could not be read. */
GEN_MUST_CHECK enum gen_status gen_expression_compile(const struct gen_variable *variables,
                                                      const char *text, size_t size, uint32_t flags,
                                                      struct gen_arena *arena,
                                                      struct gen_expression **out, bool *syntax,
                                                      struct gen_error *err);

/* The same for rules that must not fail at night: what can never work is refused too, and what only constants
 * decide is worked out now (folding.h). `zones` NULL: names of time zones are not looked up. */
GEN_MUST_CHECK enum gen_status gen_expression_load(const struct gen_variable *variables,
                                                   const struct gen_zones *zones, const char *text,
                                                   size_t size, struct gen_arena *arena,
                                                   struct gen_expression **out,
                                                   struct gen_error *err);

/* What it gives; dyn when that is only known when it runs. */
const struct gen_type *gen_expression_type(const struct gen_expression *expression);

/* Does it read this variable (index in the table)? */
bool gen_expression_uses(const struct gen_expression *expression, uint32_t variable);

/* `values`: one a variable; NONE = not bound (reading it is a fault). The result is borrowed from
 * `values`, the expression and the arena of the run. */
struct gen_value gen_expression_run(const struct gen_expression *expression,
                                    const struct gen_value *values, struct gen_run *run);

/* Where in the text a FAULT arose; false: that is not known. */
bool gen_expression_fault_place(const struct gen_expression *expression, struct gen_value fault,
                                uint32_t *line, uint32_t *column);

/* "line 1, column 7: division by zero" of a FAULT. Returns `out`. */
const char *gen_expression_fault_text(const struct gen_expression *expression,
                                      struct gen_value fault, char *out, size_t size);

#endif
