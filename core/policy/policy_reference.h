/* policy_reference.h - the tables of the policy files as documents: for people, and for editors.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_reference_test.c
 */
#ifndef GEN_POLICY_POLICY_REFERENCE_H
#define GEN_POLICY_POLICY_REFERENCE_H

#include "base/bytes.h"

/* docs/policy-reference.md. GEN_ENOMEM, GEN_ELIMIT (of `out`). */
enum gen_status gen_policy_reference(struct gen_bytes *out);

/* JSON Schema (draft 2020-12) of one kind of file: "routing", "routing.yaml", "providers/veo.yaml".
 * GEN_ENOTFOUND with the kinds there are; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_policy_schema(const char *file, struct gen_bytes *out,
                                                 struct gen_error *err);

#endif
