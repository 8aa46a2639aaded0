/* part.h - reading a part of a value while an expression runs: a field, a key, an index, optional or not.
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_PART_H
#define GEN_EXPR_PART_H

#include "expr/program.h"

/* Field `index` of a record; FAULT: it is absent, or `from` is no record. */
struct gen_value gen_part_field(struct gen_run *run, struct gen_value from, uint32_t index);

/* from[key]; where `optional`, or from an optional, an absent element is an empty optional. */
struct gen_value gen_part_index(struct gen_run *run, struct gen_value from, struct gen_value key,
                                bool optional);

/* from.key of a map, a record or an optional. */
struct gen_value gen_part_key(struct gen_run *run, struct gen_value from, const struct gen_key *key,
                              bool optional);

/* has(from.key) */
struct gen_value gen_part_test(struct gen_run *run, struct gen_value from,
                               const struct gen_key *key);

/* [args...] and {args[0]: args[1], ...}; an entry that `optionals` (may be NULL) marks is left out when it
 * is an empty optional. The first FAULT among them is the result. */
struct gen_value gen_part_list(struct gen_run *run, const struct gen_value *args, uint32_t count,
                               const bool *optionals);
struct gen_value gen_part_map(struct gen_run *run, const struct gen_value *args, uint32_t count,
                              const bool *optionals);

#endif
