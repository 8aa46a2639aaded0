/* optional_functions.h - values that may be absent: optional.of(), orValue() and their like.
 *
 * An optional also comes from m.?key and list[?index]. The macros optMap and optFlatMap are
 * written with these (macro.c).
 * Source: the optional types of the CEL specification. orValue and or evaluate both sides.
 * Thread: [any]. Floor: expr. Tests: tests/unit/cli/conformance_test.c
 */
#ifndef GEN_EXPR_OPTIONAL_FUNCTIONS_H
#define GEN_EXPR_OPTIONAL_FUNCTIONS_H

#include "expr/function.h"

extern const struct gen_overload gen_optional_functions[];

/* optional.of(value), copied into the arena of the run; or the fault that there is no memory. */
struct gen_value gen_optional_of(struct gen_run *run, struct gen_value value);

#endif
