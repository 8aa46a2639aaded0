/* number.h - numbers and their text, whatever the locale says about decimal points.
 *
 * It is not money (base/money.h), which never passes through a float.
 * Thread: [any]. Floor: base. Tests: tests/unit/base/number_test.c
 */
#ifndef GEN_BASE_NUMBER_H
#define GEN_BASE_NUMBER_H

#include "base/check.h"

#include <stdbool.h>
#include <stdint.h>

enum { GEN_NUMBER_TEXT_SIZE = 40 };

/* [+-]digits, the whole text. false, and `*out` unchanged, when it is not or does not fit. */
GEN_MUST_CHECK bool gen_number_integer(const char *text, int64_t *out);

/* [+-](digits[.[digits]] | .digits)[e[+-]digits], the whole text. A number too large for a double
 * gives an infinity. false, and `*out` unchanged, when it is not a number. */
GEN_MUST_CHECK bool gen_number_real(const char *text, double *out);

/* Two whole numbers from 1 to 99999 with `between` between them, the whole text: "16:9", "1280x720".
 * false, and the outputs unchanged, when it is anything else. */
GEN_MUST_CHECK bool gen_number_pair(const char *text, char between, int32_t *a, int32_t *b);

/* The shortest decimal that reads back as the same double, for example 0.1, 3, 1e+22. Infinities
 * and NaN give "inf", "-inf", "nan". Returns `out` (GEN_NUMBER_TEXT_SIZE bytes). */
const char *gen_number_text(double value, char *out);

#endif
