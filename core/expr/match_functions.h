/* match_functions.h - matches(): does a regular expression occur in a text?
 *
 * A pattern that is a literal is compiled with the expression (compiler.c); only one that is computed
 * comes here, and is compiled in the arena of the run.
 * Thread: [any]. Floor: expr. Tests: tests/unit/cli/conformance_test.c
 */
#ifndef GEN_EXPR_MATCH_FUNCTIONS_H
#define GEN_EXPR_MATCH_FUNCTIONS_H

#include "expr/function.h"

extern const struct gen_overload gen_match_functions[];

#endif
