/* policy_formula.h - compiles the expressions of policy files, and says where in the file they are wrong.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_POLICY_FORMULA_H
#define GEN_POLICY_POLICY_FORMULA_H

#include "base/field.h"
#include "policy/policy_facts.h"

/* Fills in formula->program. `variables` are those of the domain (with the scores, where it has them);
 * they and everything else must live as long as `arena`. GEN_EINVAL, GEN_ELIMIT with line and column in
 * the file whose bytes are `text`; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_policy_formula_compile(struct gen_formula *formula,
                                                          const struct gen_domain *domain,
                                                          const struct gen_variable *variables,
                                                          const char *text, size_t size,
                                                          struct gen_arena *arena,
                                                          struct gen_error *err);

/* Byte offset of a line and column (in characters) of a text. */
size_t gen_policy_formula_offset(const char *text, size_t size, uint32_t line, uint32_t column);

#endif
