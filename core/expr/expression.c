/* expression.c - see expression.h. */
#include "expr/expression.h"

#include "expr/checker.h"
#include "expr/compiler.h"
#include "expr/evaluator.h"
#include "expr/folding.h"
#include "expr/parser.h"
#include "expr/program.h"

#include <stdio.h>

/* The program of a checked tree. */
static enum gen_status expression_of(const struct gen_tree *tree,
                                     const struct gen_variable *variables, const char *text,
                                     size_t size, struct gen_arena *arena,
                                     struct gen_expression **out, struct gen_error *err)
{
    struct gen_expression *expression = gen_arena_alloc(arena, sizeof(*expression));
    enum gen_status status;

    if (expression == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    expression->text = gen_arena_strndup(arena, text, size);
    expression->size = size;
    expression->variables = variables;
    expression->type = tree->type;
    status = gen_compiler_compile(tree, arena, expression, err);
    if (status == GEN_OK) {
        *out = expression;
    }
    return status;
}

enum gen_status gen_expression_compile(const struct gen_variable *variables, const char *text,
                                       size_t size, uint32_t flags, struct gen_arena *arena,
                                       struct gen_expression **out, bool *syntax,
                                       struct gen_error *err)
{
    struct gen_tree *tree = NULL;
    enum gen_status status = gen_parser_parse(text, size, arena, &tree, err);

    if (syntax != NULL) {
        *syntax = status != GEN_OK && status != GEN_ENOMEM;
    }
    if (status == GEN_OK) {
        status = gen_checker_check(tree, variables, text, size, flags, arena, err);
    }
    return status == GEN_OK ? expression_of(tree, variables, text, size, arena, out, err) : status;
}

enum gen_status gen_expression_load(const struct gen_variable *variables,
                                    const struct gen_zones *zones, const char *text, size_t size,
                                    struct gen_arena *arena, struct gen_expression **out,
                                    struct gen_error *err)
{
    struct gen_tree *tree = NULL;
    enum gen_status status = gen_parser_parse(text, size, arena, &tree, err);

    if (status == GEN_OK) {
        status = gen_checker_check(tree, variables, text, size, 0, arena, err);
    }
    if (status == GEN_OK) {
        status = gen_folding_fold(tree, variables, zones, text, size, arena, err);
    }
    return status == GEN_OK ? expression_of(tree, variables, text, size, arena, out, err) : status;
}

const struct gen_type *gen_expression_type(const struct gen_expression *expression)
{
    return expression->type;
}

bool gen_expression_uses(const struct gen_expression *expression, uint32_t variable)
{
    uint32_t i;

    for (i = 0; i < expression->count; i++) {
        const struct gen_instruction *at = &expression->code[i];

        if ((at->op == GEN_OP_VARIABLE && at->c == variable) ||
            (at->op == GEN_OP_VARIABLE_FIELD && at->b == variable)) {
            return true;
        }
    }
    return false;
}

struct gen_value gen_expression_run(const struct gen_expression *expression,
                                    const struct gen_value *values, struct gen_run *run)
{
    return gen_evaluator_run(expression, values, run);
}

bool gen_expression_fault_place(const struct gen_expression *expression, struct gen_value fault,
                                uint32_t *line, uint32_t *column)
{
    GEN_CHECK(fault.kind == GEN_KIND_FAULT);
    if (fault.as.fault->offset == 0) {
        return false;
    }
    gen_parser_place(expression->text, expression->size, fault.as.fault->offset - 1, line, column);
    return true;
}

const char *gen_expression_fault_text(const struct gen_expression *expression,
                                      struct gen_value fault, char *out, size_t size)
{
    uint32_t line, column;

    if (gen_expression_fault_place(expression, fault, &line, &column)) {
        snprintf(out, size, "line %u, column %u: %s", line, column, fault.as.fault->message);
    } else {
        snprintf(out, size, "%s", fault.as.fault->message);
    }
    return out;
}
