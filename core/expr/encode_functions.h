/* encode_functions.h - bytes as text that passes anywhere, and back: base64.
 *
 * Source: RFC 4648, section 4. As the Go implementation of CEL does, decoding takes text without its
 * padding, skips line ends and does not look at unused bits of the last character.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/encode_functions_test.c
 */
#ifndef GEN_EXPR_ENCODE_FUNCTIONS_H
#define GEN_EXPR_ENCODE_FUNCTIONS_H

#include "expr/function.h"

extern const struct gen_overload gen_encode_functions[];

#endif
