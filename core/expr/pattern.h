/* pattern.h - regular expressions: does one occur in a text? RE2's syntax and its linear time.
 *
 * NOT here: where it matched, groups, replacing: the language asks only yes or no. Behind it stand
 * pattern_syntax.h (text to tree), pattern_program.h (tree to automaton), pattern_automaton.h (runs
 * it).
 *
 * The search is for any place in the text: 'hubba' matches ub+. ^ and $ are the ends of the text
 * unless (?m); . is no newline unless (?s); \d \s \w \b are ASCII; (?i) is Unicode's simple case
 * folding; counts are at most 1000. No backreferences, no look-around, no \C.
 *
 * Time: about a nanosecond a byte when warm; at worst (bytes of the text) x (steps of the pattern)
 * x 3 ns, which is for the caller to charge (gen_pattern_steps).
 * Memory: all of it is taken when the pattern is compiled: 2 to 20 KB, a list of 500 words 250 KB,
 * at most about 4 MB.
 * Thread: one at a time, matching too: a pattern remembers what it worked out. Floor: expr.
 * Tests: tests/unit/expr/pattern_test.c, tests/fuzz/expr_pattern_fuzz.c
 */
#ifndef GEN_EXPR_PATTERN_H
#define GEN_EXPR_PATTERN_H

#include "base/arena.h"
#include "base/error.h"

#include <stdint.h>

struct gen_pattern; /* lives in the arena it was compiled in; the text is not needed any more */

/* GEN_EINVAL: not a regular expression, with what and the column inside it; GEN_ELIMIT: too long,
 * too deep, too large; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_pattern_compile(const char *text, size_t size,
                                                   struct gen_arena *arena,
                                                   struct gen_pattern **out, struct gen_error *err);

/* Does it occur in the text? A byte that is not UTF-8 is matched by nothing. Allocates nothing. */
bool gen_pattern_match(const struct gen_pattern *pattern, const char *text, size_t size);

/* How large it is: the most that one byte of a text can cost, in small steps; at least 1. */
uint32_t gen_pattern_steps(const struct gen_pattern *pattern);

#endif
