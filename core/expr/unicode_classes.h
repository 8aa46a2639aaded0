/* unicode_classes.h - tables of Unicode: category and script of each character, and its other case.
 *
 * NOT here: sets of characters (pattern_classes.h). The tables stand in unicode_categories.c and
 * unicode_scripts.c, which tests/data/make_unicode_classes.pl writes.
 *
 * A table of runs says `first << 8 | value` for each run of characters, in order, and ends with 0
 * (a run ends where the next begins, the last at U+10FFFF). A value is the index of a name + 1;
 * 0 = none.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/pattern_classes_test.c
 */
#ifndef GEN_EXPR_UNICODE_CLASSES_H
#define GEN_EXPR_UNICODE_CLASSES_H

#include <stdint.h>

#define GEN_UNICODE_LAST 0x10FFFFu

/* Simple case folding: character c of the run is the same as c + delta without case, that one the
 * same as the next, until the circle closes. delta 0: the run is pairs, each is the same as its
 * partner. */
struct gen_unicode_fold { /* in order; the table ends with last 0 */
    uint32_t first, last;
    int32_t delta;
};

extern const char *const gen_unicode_category_names[]; /* "Lu", "Ll", ...; ends with NULL */
extern const char *const gen_unicode_script_names[];
extern const uint32_t gen_unicode_categories[];
extern const uint32_t gen_unicode_scripts[];
extern const struct gen_unicode_fold gen_unicode_folds[];
extern const uint32_t gen_unicode_fold_count; /* without the row that ends the table */

#endif
