/* policy_formula.c - see policy_formula.h. */
#include "policy/policy_formula.h"

#include "base/utf8.h"
#include "expr/folding.h"
#include "expr/parser.h"
#include "policy/policy_guards.h"
#include "policy/yaml_place.h"

#include <stdio.h>
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

void gen_policy_formula_place(const struct gen_formula *formula, const char *text, size_t size,
                              size_t offset, uint32_t *line, uint32_t *column)
{
    gen_yaml_place(text, size, formula->node, formula->text, formula->size, offset, line, column);
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

/* ---- names that are known elsewhere */

/* Where expressions of a domain stand. */
static const struct formula_place {
    const struct gen_domain *domain;
    const char *name;
} formula_places[] = {
    {&gen_domain_where, "prefer, require and exclude of rules"},
    {&gen_domain_score, "scores of routing.yaml"},
    {&gen_domain_failure, "retry.yaml"},
    {&gen_domain_output, "quality.yaml"},
    {NULL, NULL},
};

static bool formula_knows(const struct gen_domain *domain, const char *name)
{
    const struct gen_variable *variable = domain->variables;

    while (variable->name != NULL && strcmp(variable->name, name) != 0) {
        variable++;
    }
    return variable->name != NULL || (domain->scores && strcmp(name, "score") == 0);
}

static const struct gen_tree *formula_name_at(const struct gen_tree *tree, size_t offset)
{
    const struct gen_tree *found = NULL;

    if (tree->kind == GEN_TREE_NAME && tree->offset == offset) {
        return tree;
    }
    for (uint32_t i = 0; i < tree->count && found == NULL; i++) {
        found = tree->args[i] != NULL ? formula_name_at(tree->args[i], offset) : NULL;
    }
    return found;
}

/* A name that is not there, but is in other expressions: says where. */
static void formula_elsewhere(const struct gen_formula *formula, const struct gen_domain *domain,
                              size_t offset, struct gen_error *err)
{
    static const char unknown[] = "there is no \"";
    struct gen_arena *scratch = gen_arena_create(0);
    const struct gen_tree *name = NULL;
    struct gen_tree *tree = NULL;
    char list[200] = "";

    if (scratch != NULL && strncmp(err->message, unknown, sizeof(unknown) - 1) == 0 &&
        gen_parser_parse(formula->text, formula->size, scratch, &tree, NULL) == GEN_OK) {
        name = formula_name_at(tree, offset);
    }
    for (const struct formula_place *row = formula_places; name != NULL && row->name != NULL;
         row++) {
        size_t used = strlen(list);

        if (!formula_knows(domain, name->name) && formula_knows(row->domain, name->name)) {
            snprintf(list + used, sizeof(list) - used, "%s%s", used > 0 ? ", and in " : "",
                     row->name);
        }
    }
    if (list[0] != '\0') {
        gen_error_set(err, GEN_EINVAL, "\"%.40s\" is not known here (%s); it is in %s", name->name,
                      domain->name, list);
    }
    gen_arena_destroy(scratch);
}

/* From a place in the expression to the place in the file. */
static void formula_told(const struct gen_formula *formula, const struct gen_domain *domain,
                         const char *text, size_t size, struct gen_error *err)
{
    uint32_t line = 0, column = 0;
    size_t offset = 0;

    if (err->line > 0) {
        offset = gen_policy_formula_offset(formula->text, formula->size, err->line, err->column);
        formula_elsewhere(formula, domain, offset, err);
    }
    gen_policy_formula_place(formula, text, size, offset, &line, &column);
    gen_error_place(err, NULL, line, column, NULL);
}

enum gen_status gen_policy_formula_compile(struct gen_formula *formula,
                                           const struct gen_formula_terms *terms, const char *text,
                                           size_t size, struct gen_arena *arena,
                                           struct gen_error *err)
{
    enum gen_status status = gen_expression_load(terms->variables, terms->zones, formula->text,
                                                 formula->size, arena, &formula->program, err);

    if (status == GEN_OK) {
        status = formula_result(formula, terms->domain, err);
    }
    if (status != GEN_OK && status != GEN_ENOMEM) {
        formula_told(formula, terms->domain, text, size, err);
    }
    return status;
}

/* ---- all mistakes of one expression */

struct formula_search {
    const struct gen_formula *formula;
    const struct gen_formula_terms *terms;
    const char *text; /* of the file */
    size_t size;
    struct gen_arena *arena;
    gen_policy_formula_report *report;
    void *context;
};

/* Do the operands mean the same alone as where they stand? */
static bool formula_apart(const struct gen_tree *tree)
{
    return tree->kind == GEN_TREE_CONDITIONAL ||
           (tree->kind >= GEN_TREE_NOT && tree->kind <= GEN_TREE_IN);
}

static size_t formula_search(const struct formula_search *search, struct gen_tree *tree)
{
    const struct gen_formula *formula = search->formula;
    const struct gen_formula_terms *terms = search->terms;
    struct gen_error err = {0};
    enum gen_status status;
    size_t count = 0;

    for (uint32_t i = 0; formula_apart(tree) && i < tree->count; i++) {
        count += formula_search(search, tree->args[i]);
    }
    if (count > 0) {
        return count;
    }
    status = gen_checker_check(tree, terms->variables, formula->text, formula->size, 0,
                               search->arena, &err);
    if (status == GEN_OK) {
        status = gen_folding_fold(tree, terms->variables, terms->zones, formula->text,
                                  formula->size, search->arena, &err);
    }
    if (status != GEN_EINVAL) {
        return 0;
    }
    formula_told(formula, terms->domain, search->text, search->size, &err);
    search->report(search->context, &err);
    return 1;
}

size_t gen_policy_formula_mistakes(const struct gen_formula *formula,
                                   const struct gen_formula_terms *terms, const char *text,
                                   size_t size, gen_policy_formula_report *report, void *context)
{
    struct formula_search search = {formula, terms,  text, size, gen_arena_create(0),
                                    report,  context};
    struct gen_tree *tree = NULL;
    size_t count = 0;

    if (search.arena != NULL &&
        gen_parser_parse(formula->text, formula->size, search.arena, &tree, NULL) == GEN_OK) {
        count = formula_search(&search, tree);
    }
    gen_arena_destroy(search.arena);
    return count;
}

/* ---- faults */

static const struct gen_policy_file *formula_file(const struct gen_policy_set *set,
                                                  const struct gen_formula *formula)
{
    size_t low = 0, high = set->formula_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (set->formulas[middle].formula == formula) {
            return set->formulas[middle].file;
        }
        if ((uintptr_t)set->formulas[middle].formula < (uintptr_t)formula) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static const char *formula_sentence(const struct gen_policy_set *set,
                                    const struct gen_formula *formula, size_t offset,
                                    const char *sentence, struct gen_arena *arena)
{
    const struct gen_policy_file *file = formula_file(set, formula);
    uint32_t line = 0, column = 0;

    if (file == NULL) { /* of no file: a preset */
        return gen_arena_strdup(arena, sentence);
    }
    gen_policy_formula_place(formula, file->text, file->size, offset, &line, &column);
    return gen_arena_printf(arena, "%s:%u:%u: %s", file->name, line, column, sentence);
}

const char *gen_policy_formula_said(const struct gen_policy_set *set,
                                    const struct gen_formula *formula, const char *sentence,
                                    struct gen_arena *arena)
{
    return formula_sentence(set, formula, 0, sentence, arena);
}

const char *gen_policy_formula_fault(const struct gen_policy_set *set,
                                     const struct gen_formula *formula, struct gen_value fault,
                                     struct gen_arena *arena)
{
    static const char absent[] = "no such key: ";
    const char *sentence = fault.as.fault->message, *fact = NULL;
    uint32_t offset = fault.as.fault->offset > 0 ? fault.as.fault->offset - 1 : 0;

    if (strncmp(sentence, absent, strlen(absent)) == 0) {
        fact = gen_policy_guards_fact(formula->text, formula->size, offset, arena);
    }
    if (fact != NULL) {
        sentence = gen_arena_printf(arena, "%s is not known here; guard it with has(%s)", fact,
                                    fact);
    }
    return sentence == NULL ? NULL : formula_sentence(set, formula, offset, sentence, arena);
}
