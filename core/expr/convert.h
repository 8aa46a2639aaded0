/* convert.h - the conversions: bool bytes double duration dyn int string timestamp type uint.
 *
 * NOT here: how times are read and written (calendar.h), format() (text_format.h). A conversion that
 * would lose more than a fraction is a fault. Texts are taken as a whole: no white space, no base
 * prefixes; the locale does not matter.
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/convert_test.c
 */
#ifndef GEN_EXPR_CONVERT_H
#define GEN_EXPR_CONVERT_H

#include "expr/function.h"

extern const struct gen_overload gen_convert_functions[];

#endif
