/* text_format.h - 'text %s %.2f'.format([values]).
 *
 * NOT here: %s (show.h), the digits of doubles (decimal.h), string() (convert.h), the other functions
 * over strings (text_functions.h).
 *
 * What is left over in the list is not looked at, and a precision counts for %f and %e only, as in the
 * Go implementation.
 * Source: cel-spec, doc/extensions/strings.md.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/text_format_test.c
 */
#ifndef GEN_EXPR_TEXT_FORMAT_H
#define GEN_EXPR_TEXT_FORMAT_H

#include "expr/function.h"

extern const struct gen_overload gen_text_format_functions[];

#endif
