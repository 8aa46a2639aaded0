/* plain_value.h - values of expressions from a plain document, as people write variables in a file.
 *
 * NOT here: values with their types beside them (typed_value.h), reading the file.
 *
 * Maps, lists, texts, true, false and null are what they are; a whole number is an int, any other a
 * double.
 * Invariant: no number changes on the way; one that would is refused.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/plain_value_test.c
 */
#ifndef GEN_CLI_PLAIN_VALUE_H
#define GEN_CLI_PLAIN_VALUE_H

#include "base/node.h"
#include "expr/value.h"

/* The value may point into `node`; what is new lives in `arena`. GEN_EINVAL with the place and the path
 * inside `node`: a number that no value holds. GEN_ENOMEM. `err` must be there. */
GEN_MUST_CHECK enum gen_status gen_plain_value_read(const struct gen_node *node,
                                                    struct gen_arena *arena, struct gen_value *out,
                                                    struct gen_error *err);

/* Puts a key before the path of such an error: "b[1]" becomes "key.b[1]". */
void gen_plain_value_within(struct gen_error *err, const char *key);

#endif
