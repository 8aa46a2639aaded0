/* show.h - any value as text, the way %s of format() shows it, in a text that grows in the arena.
 *
 * NOT here: the letters of format() (text_format.h), the digits of doubles (decimal.h), JSON.
 *
 * A list is [a, b], a map {key: value} by key, a string itself without quotes, bytes are taken as UTF-8
 * with U+FFFD for what is not. All is paid for from the run's budget, so a value that holds the same
 * list a million times ends in a fault.
 * Invariant: after the first failure nothing is added, and `wrong` says why.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/show_test.c
 */
#ifndef GEN_EXPR_SHOW_H
#define GEN_EXPR_SHOW_H

#include "expr/function.h"

struct gen_show { /* caller owns; begin with {.run = run} */
    struct gen_run *run;
    char *text; /* NULL while empty; in the arena, not ended by NUL */
    uint64_t size, capacity;
    bool optionals; /* show them too, which %s refuses: optional.of(1) */
    bool failed;
    struct gen_value wrong; /* a fault, when `failed` */
};

extern const char gen_show_lower[], gen_show_upper[]; /* digits up to base 16 */

/* Ends it with a fault; the first one counts. */
void gen_show_fail(struct gen_show *out, struct gen_value wrong);
void gen_show_bytes(struct gen_show *out, const char *text, size_t size); /* must be UTF-8 */
void gen_show_word(struct gen_show *out, const char *word);
/* An INT or UINT; a negative one has its sign in every base. */
void gen_show_number(struct gen_show *out, struct gen_value value, unsigned base,
                     const char *digits);
/* Shortest digits, no exponent; NaN, Infinity. */
void gen_show_double(struct gen_show *out, double value);
void gen_show_value(struct gen_show *out, struct gen_value value);

/* The text as a string, or the fault. */
struct gen_value gen_show_result(const struct gen_show *out);

#endif
