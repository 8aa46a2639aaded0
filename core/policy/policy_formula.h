/* policy_formula.h - compiles the expressions of policy files, and says where in the file they are wrong:
 * when they are read, and when they run.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_formula_test.c
 */
#ifndef GEN_POLICY_POLICY_FORMULA_H
#define GEN_POLICY_POLICY_FORMULA_H

#include "base/field.h"
#include "policy/policy_parts.h"

struct gen_formula_terms { /* what an expression may name and must give */
    const struct gen_domain *domain;
    const struct gen_variable *variables; /* the domain's, with the scores where it has them */
    const struct gen_zones *zones;        /* NULL = names of time zones are not looked up */
};

/* Fills in formula->program; parts that can never work (expr/folding.h) are mistakes too. The variables and
 * everything else must live as long as `arena`. GEN_EINVAL, GEN_ELIMIT with line and column in
 * the file whose bytes are `text`; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_policy_formula_compile(struct gen_formula *formula,
                                                          const struct gen_formula_terms *terms,
                                                          const char *text, size_t size,
                                                          struct gen_arena *arena,
                                                          struct gen_error *err);

/* All mistakes of an expression that did not compile: the operands of an operator are looked at each by
 * itself, so that one does not hide another. Each is placed as by gen_policy_formula_compile. Returns
 * how many were told; 0: none could be told apart (its text cannot be read, no memory). */
typedef void gen_policy_formula_report(void *context, const struct gen_error *err);
size_t gen_policy_formula_mistakes(const struct gen_formula *formula,
                                   const struct gen_formula_terms *terms, const char *text,
                                   size_t size, gen_policy_formula_report *report, void *context);

/* Where a byte of the expression stands in that file. */
void gen_policy_formula_place(const struct gen_formula *formula, const char *text, size_t size,
                              size_t offset, uint32_t *line, uint32_t *column);

/* What a fault of a run means for whoever wrote the policies: "routing.yaml:12:9: history.quality is not
 * known here; guard it with has(history.quality)". In `arena`; NULL: no memory. */
const char *gen_policy_formula_fault(const struct gen_policy_set *set,
                                     const struct gen_formula *formula, struct gen_value fault,
                                     struct gen_arena *arena);
/* The same place before a sentence of one's own. */
const char *gen_policy_formula_said(const struct gen_policy_set *set,
                                    const struct gen_formula *formula, const char *sentence,
                                    struct gen_arena *arena);

/* Byte offset of a line and column (in characters) of a text. */
size_t gen_policy_formula_offset(const char *text, size_t size, uint32_t line, uint32_t column);

#endif
