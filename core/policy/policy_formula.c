/* policy_formula.c - see policy_formula.h. */
#include "policy/policy_formula.h"

#include "base/utf8.h"
#include "policy/yaml_place.h"

#include <string.h>

enum { TYPE_TEXT = 64 };

size_t gen_policy_formula_offset(const char *text, size_t size, uint32_t line, uint32_t column)
{
    size_t at = 0;

    for (uint32_t i = 1; i < line && at < size; at++) {
        i += text[at] == '\n' ? 1u : 0u;
    }
    for (uint32_t i = 1; i < column && at < size && text[at] != '\n'; i++) {
        size_t length = gen_utf8_next(text + at, size - at, NULL);

        at += length > 0 ? length : 1;
    }
    return at;
}

/* What else may be meant by a number that is not what is wanted. */
static const char *formula_advice(const struct gen_type *given, const struct gen_type *wanted)
{
    if (wanted->kind == GEN_KIND_DOUBLE && given->kind == GEN_KIND_INT) {
        return "; write 1.0 for 1, or double(...)";
    }
    if (wanted->kind == GEN_KIND_DOUBLE && given->kind == GEN_KIND_BOOL) {
        return "; write condition ? 1.0 : 0.0";
    }
    if (given->kind == GEN_KIND_DYN) {
        return wanted->kind == GEN_KIND_DOUBLE ? "; wrap it in double(...)"
                                               : "; wrap it in bool(...)";
    }
    return "";
}

static enum gen_status formula_result(const struct gen_formula *formula,
                                      const struct gen_domain *domain, struct gen_error *err)
{
    const struct gen_type *given = gen_expression_type(formula->program);
    char have[TYPE_TEXT], want[TYPE_TEXT];

    if (gen_type_same(given, domain->result)) {
        return GEN_OK;
    }
    return gen_error_set(err, GEN_EINVAL, "the expression gives %s, and must give %s%s",
                         given->kind == GEN_KIND_DYN ? "something that is only known when it runs"
                                                     : gen_type_text(given, have, sizeof(have)),
                         gen_type_text(domain->result, want, sizeof(want)),
                         formula_advice(given, domain->result));
}

enum gen_status gen_policy_formula_compile(struct gen_formula *formula,
                                           const struct gen_domain *domain,
                                           const struct gen_variable *variables, const char *text,
                                           size_t size, struct gen_arena *arena,
                                           struct gen_error *err)
{
    enum gen_status status = gen_expression_compile(variables, formula->text, formula->size,
                                                    GEN_CHECKER_STRICT, arena, &formula->program,
                                                    NULL, err);
    uint32_t line = 0, column = 0;
    size_t offset = 0;

    if (status == GEN_ENOMEM) {
        return status;
    }
    if (status == GEN_OK) {
        status = formula_result(formula, domain, err);
    } else if (err->line > 0) {
        offset = gen_policy_formula_offset(formula->text, formula->size, err->line, err->column);
    }
    if (status != GEN_OK) {
        gen_yaml_place(text, size, formula->node, formula->text, formula->size, offset, &line,
                       &column);
        gen_error_place(err, NULL, line, column, NULL);
    }
    return status;
}
