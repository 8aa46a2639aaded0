/* pattern_kinds.h - which characters a set of classes does not tell apart.
 *
 * Each character is of one kind; a class holds whole kinds only.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/pattern_test.c
 */
#ifndef GEN_EXPR_PATTERN_KINDS_H
#define GEN_EXPR_PATTERN_KINDS_H

#include "expr/pattern_classes.h"

enum { GEN_PATTERN_KINDS = 8000 };

struct gen_pattern_kinds {
    uint32_t count; /* of kinds; GEN_PATTERN_KINDS: there are too many, and some are missing */
    uint32_t range_count; /* runs of characters of one kind */
    uint32_t *firsts;     /* the first character of each, in order; the first is 0 */
    uint16_t *kinds;      /* the kind of each */
    uint32_t *samples;    /* of each kind: one of its characters */
};

/* `classes` are finished; all arrays are made in `arena`. false: no memory. */
GEN_MUST_CHECK bool gen_pattern_kinds_find(const struct gen_pattern_class *const *classes,
                                           uint32_t class_count, struct gen_arena *arena,
                                           struct gen_pattern_kinds *out);

#endif
