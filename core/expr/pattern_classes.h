/* pattern_classes.h - sets of characters in regular expressions: [a-z], \d, [[:alpha:]], \p{Greek}.
 *
 * NOT here: how they are written (pattern_syntax.h), the tables of Unicode (unicode_classes.h).
 *
 * A class is built by adding, then finished once; only a finished one may be asked or negated. \d,
 * \s, \w and the [:names:] are ASCII; \s has no vertical tab. Folding adds the other cases of every
 * character (simple case folding of Unicode, so that k also means the Kelvin sign).
 * Invariant: the ranges of a finished class are in order, and neither overlap nor touch.
 * Memory: the arena that is handed in; a function that adds returns false when it has no more.
 * Source: RE2's syntax. Thread: [any]. Floor: expr. Tests: tests/unit/expr/pattern_classes_test.c
 */
#ifndef GEN_EXPR_PATTERN_CLASSES_H
#define GEN_EXPR_PATTERN_CLASSES_H

#include "base/arena.h"

#include <stdint.h>

struct gen_pattern_range {
    uint32_t first, last; /* code points */
};

struct gen_pattern_class { /* all zero: the empty class, being built */
    struct gen_pattern_range *ranges;
    uint32_t count, room;
};

/* Adds first..last, with their other cases when `fold`. */
GEN_MUST_CHECK bool gen_pattern_class_add(struct gen_pattern_class *set, uint32_t first,
                                          uint32_t last, bool fold, struct gen_arena *arena);
/* Adds all of a finished class. */
GEN_MUST_CHECK bool gen_pattern_class_join(struct gen_pattern_class *set,
                                           const struct gen_pattern_class *more,
                                           struct gen_arena *arena);
/* Puts the ranges in order. */
void gen_pattern_class_finish(struct gen_pattern_class *set);
/* All other characters, for a finished class, which stays finished. */
GEN_MUST_CHECK bool gen_pattern_class_negate(struct gen_pattern_class *set,
                                             struct gen_arena *arena);

/* Fills the empty class with what a name means, finished: 'd', 's', 'w' for \d, \s, \w; "alpha" for
 * [:alpha:]; "Lu", "L", "Greek", "Any" for \p{...}. `*known` says whether there is such a name. */
GEN_MUST_CHECK bool gen_pattern_class_letter(struct gen_pattern_class *set, char letter, bool fold,
                                             struct gen_arena *arena, bool *known);
GEN_MUST_CHECK bool gen_pattern_class_posix(struct gen_pattern_class *set, const char *name,
                                            size_t size, bool fold, struct gen_arena *arena,
                                            bool *known);
GEN_MUST_CHECK bool gen_pattern_class_unicode(struct gen_pattern_class *set, const char *name,
                                              size_t size, bool fold, struct gen_arena *arena,
                                              bool *known);

/* Is the character in the finished class? */
bool gen_pattern_class_has(const struct gen_pattern_class *set, uint32_t codepoint);

#endif
