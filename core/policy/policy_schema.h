/* policy_schema.h - a table of keys as a JSON Schema (draft 2020-12), for editors that complete and check
 * while somebody writes.
 *
 * What needs two keys, an expression or another file is not in it: `gen policy check` looks at those.
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_reference_test.c
 */
#ifndef GEN_POLICY_POLICY_SCHEMA_H
#define GEN_POLICY_POLICY_SCHEMA_H

#include "base/record.h"

/* Appends the schema as indented JSON; `name` is its title. GEN_ENOMEM, GEN_ELIMIT. */
GEN_MUST_CHECK enum gen_status gen_policy_schema_write(const struct gen_record *record,
                                                       const char *name, struct gen_bytes *out,
                                                       struct gen_error *err);

#endif
