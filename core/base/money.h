/* money.h - amounts of US dollars as integer micro-dollars; never a float, never rounded silently.
 *
 * 1 dollar is 1,000,000 micros; int64 holds about 9.2 million million dollars.
 *
 * Thread: [any]. Floor: base. Tests: tests/unit/base/money_test.c
 */
#ifndef GEN_BASE_MONEY_H
#define GEN_BASE_MONEY_H

#include "base/error.h"

#include <inttypes.h>
#include <stdbool.h>

typedef int64_t gen_micros;
#define GEN_PRImicros PRId64
#define GEN_MICROS_PER_DOLLAR INT64_C(1000000)

enum { GEN_MONEY_TEXT_SIZE = 32 };

/* Exact arithmetic: false, and `*out` unchanged, when the result does not fit. */
GEN_MUST_CHECK bool gen_money_add(gen_micros *out, gen_micros a, gen_micros b);
GEN_MUST_CHECK bool gen_money_sub(gen_micros *out, gen_micros a, gen_micros b);
GEN_MUST_CHECK bool gen_money_mul(gen_micros *out, gen_micros amount, int64_t times);

/* amount * numerator / denominator, rounded up (a price is never rounded in the buyer's favour
 * by us); denominator > 0, all not negative. */
GEN_MUST_CHECK bool gen_money_scale(gen_micros *out, gen_micros amount, int64_t numerator,
                                    int64_t denominator);

/* Reads a decimal number of dollars: [-]digits[.digits][e[+-]digits], at most six decimals after
 * the exponent is applied.
 * GEN_EINVAL: not a number, or finer than a micro-dollar. GEN_EOVERFLOW: does not fit. */
GEN_MUST_CHECK enum gen_status gen_money_parse(const char *text, size_t size, gen_micros *out,
                                               struct gen_error *err);

/* Shortest exact decimal with at least `min_decimals` (0..6): 2.4, 0.000001, -3, or "2.40" for
 * people. Returns `out` (GEN_MONEY_TEXT_SIZE bytes). */
const char *gen_money_text(gen_micros amount, int min_decimals, char *out);

#endif
