/* schema.h - checks a document against the part of JSON Schema that docs/openapi.yaml uses.
 *
 * A keyword that it does not know is an error: nothing in a schema is silently not checked.
 */
#ifndef TESTS_API_SCHEMA_H
#define TESTS_API_SCHEMA_H

#include "base/node.h"

/* Follows "$ref" ("#/components/...") from `root` as often as there is one. */
const struct gen_node *schema_resolve(const struct gen_node *root, const struct gen_node *schema);

/* NULL when `value` fits, else why not, in `arena`. */
const char *schema_check(const struct gen_node *root, const struct gen_node *schema,
                         const struct gen_node *value, const char *path, struct gen_arena *arena);

#endif
