/* text_functions.h - the functions over strings, and size() of everything that has one.
 *
 * NOT here: format() (text_format.h), matches() (match_functions.h), string() (convert.h).
 *
 * Positions and sizes of strings are code points; results share the memory of their arguments where
 * they can.
 * Source: the standard definitions and the strings extension of CEL.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/text_functions_test.c
 */
#ifndef GEN_EXPR_TEXT_FUNCTIONS_H
#define GEN_EXPR_TEXT_FUNCTIONS_H

#include "expr/function.h"

extern const struct gen_overload gen_text_functions[];

#endif
