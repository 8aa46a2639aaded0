/* typed_value.h - values of expressions as JSON, with their types.
 *
 * The typed form is that of the conformance vectors (tests/data/cel/README.md): {"type": "int",
 * "value": "7"}; ints are texts so that no precision is lost, bytes are base64.
 * NOT here: documents without types (plain_value.h).
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/typed_value_test.c
 */
#ifndef GEN_CLI_TYPED_VALUE_H
#define GEN_CLI_TYPED_VALUE_H

#include "base/node.h"
#include "expr/value.h"

/* A typed value read. GEN_EINVAL: an unknown type or a value that is not of it; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_typed_value_read(const struct gen_node *node,
                                                    struct gen_arena *arena, struct gen_value *out,
                                                    struct gen_error *err);

/* The typed form, at most `*room` values (each takes one; GEN_ELIMIT when they run out). */
GEN_MUST_CHECK enum gen_status gen_typed_value_write(struct gen_value value,
                                                     struct gen_arena *arena, size_t *room,
                                                     struct gen_node **out, struct gen_error *err);

#endif
