/* decimal.h - a double as decimal text, in the forms that string() and format() give.
 *
 * It is not base/number.h, which writes what our documents hold. The locale does not matter: only the
 * digits are taken from the C library.
 *
 * Invariant: every text is ASCII, ends with a NUL, and is the correctly rounded exact value (halves to
 * even) or, for the two forms without a precision, the shortest that reads back as the same double.
 * Source of the forms: cel-spec, doc/extensions/strings.md; strconv.FormatFloat of Go for %g.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/decimal_test.c
 */
#ifndef GEN_EXPR_DECIMAL_H
#define GEN_EXPR_DECIMAL_H

#include "base/check.h"

#include <stdbool.h>
#include <stddef.h>

enum {
    GEN_DECIMAL_SHORT_SIZE = 32,  /* room for gen_decimal_short */
    GEN_DECIMAL_PRECISION = 1000, /* the largest precision */
    GEN_DECIMAL_SIZE = 1400,      /* room for each of the others: 309 digits, a point, 1000 more */
};

/* What string(double) gives: 1, 0.0045, 100000, 1e+06, 1e-07, NaN, +Inf. Returns its size. */
size_t gen_decimal_short(double value, char *out);

/* These name what is not finite NaN, Infinity and -Infinity. They return the size, 0 when the C library
 * had no memory. */

/* Shortest digits without an exponent: 1000000, 0.0000001. */
GEN_MUST_CHECK size_t gen_decimal_plain(double value, char *out);

/* `precision` digits after the point, at most GEN_DECIMAL_PRECISION: 3.142, 3.14e+00. */
GEN_MUST_CHECK size_t gen_decimal_fixed(double value, unsigned precision, char *out);
GEN_MUST_CHECK size_t gen_decimal_scientific(double value, unsigned precision, char *out);

#endif
