/* checker.c - see checker.h. */
#include "expr/checker.h"

#include "expr/calls.h"
#include "expr/library.h"
#include "expr/names.h"
#include "expr/operators.h"
#include "expr/parser.h"
#include "expr/vocabulary.h"

#include <stdio.h>
#include <string.h>

enum { TYPE_TEXT = 160 };

struct checker {
    struct gen_names names;
    const char *text;
    size_t size;
    bool unchecked;
    struct gen_arena *arena;
    uint32_t locals; /* numbers given so far */
    struct gen_error *err;
};

static enum gen_status check(struct checker *checker, struct gen_tree *tree);

/* Ends a failure that is already told with its place. */
static enum gen_status placed(struct checker *checker, const struct gen_tree *tree,
                              enum gen_status status)
{
    uint32_t line, column;

    gen_parser_place(checker->text, checker->size, tree->offset, &line, &column);
    gen_error_place(checker->err, NULL, line, column, NULL);
    return status;
}

static enum gen_status no_memory(struct checker *checker)
{
    return gen_error_set(checker->err, GEN_ENOMEM, "out of memory");
}

static const struct gen_type *optional_of(struct checker *checker, const struct gen_type *item)
{
    struct gen_type *type = gen_arena_alloc(checker->arena, sizeof(*type));

    if (type == NULL) {
        return &gen_type_optional;
    }
    type->kind = GEN_KIND_OPTIONAL;
    type->item = item->kind == GEN_KIND_OPTIONAL ? item->item : item;
    return type;
}

/* Texts that a fact never is, and names that a record never has. */
static enum gen_status check_words(struct checker *checker, const struct gen_tree *tree)
{
    const struct gen_tree *at = gen_vocabulary_check(tree, checker->err);

    return at == NULL || checker->unchecked ? GEN_OK : placed(checker, at, GEN_EINVAL);
}

static enum gen_status check_field(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_type *from;
    enum gen_status status = check(checker, tree->args[0]);
    char text[TYPE_TEXT];

    if (status != GEN_OK) {
        return status;
    }
    from = tree->args[0]->type;
    from = from->kind == GEN_KIND_OPTIONAL ? from->item : from;
    tree->type = &gen_type_dyn;
    if (from->kind == GEN_KIND_RECORD) {
        status = gen_names_field(tree, from->shape, checker->err);
        status = status == GEN_OK ? GEN_OK : placed(checker, tree, status);
    } else if (from->kind == GEN_KIND_MAP && gen_type_fits(from->key, &gen_type_string)) {
        tree->type = from->item;
        status = check_words(checker, tree);
    } else if (from->kind != GEN_KIND_DYN && !checker->unchecked) {
        gen_error_set(checker->err, GEN_EINVAL, "%s has no fields, so \".%s\" cannot be read",
                      gen_type_text(from, text, sizeof(text)), tree->name);
        status = placed(checker, tree, GEN_EINVAL);
    }
    if (tree->optional || tree->args[0]->type->kind == GEN_KIND_OPTIONAL) {
        tree->type = optional_of(checker, tree->type);
    }
    if (tree->kind == GEN_TREE_TEST) {
        tree->type = &gen_type_bool;
    }
    return status;
}

static enum gen_status check_select(struct checker *checker, struct gen_tree *tree)
{
    if (gen_names_resolve(&checker->names, tree)) {
        return GEN_OK;
    }
    if (gen_names_misspelt(&checker->names, tree, checker->err)) {
        return placed(checker, tree, GEN_EINVAL);
    }
    return check_field(checker, tree);
}

/* record["name"] with a constant: a field like any other. */
static enum gen_status check_named_field(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_tree *key = tree->args[1];
    enum gen_status status = check_words(checker, tree);

    if (status != GEN_OK) {
        return status;
    }
    tree->name = gen_arena_strndup(checker->arena, key->value.as.text, key->value.size);
    if (tree->name == NULL) {
        return no_memory(checker);
    }
    tree->kind = GEN_TREE_SELECT;
    tree->count = 1;
    return check_field(checker, tree);
}

static enum gen_status check_index(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_type *from = tree->args[0]->type, *key = tree->args[1]->type;
    const struct gen_type *base = from->kind == GEN_KIND_OPTIONAL ? from->item : from;
    char text[TYPE_TEXT], word[TYPE_TEXT];
    bool fits = true;

    if (base->kind == GEN_KIND_RECORD && !checker->unchecked &&
        gen_vocabulary_text(tree->args[1])) {
        return check_named_field(checker, tree);
    }
    tree->type = &gen_type_dyn;
    if (base->kind == GEN_KIND_LIST) {
        fits = key->kind == GEN_KIND_DYN || key->kind == GEN_KIND_INT ||
               key->kind == GEN_KIND_UINT || key->kind == GEN_KIND_DOUBLE;
        tree->type = base->item;
    } else if (base->kind == GEN_KIND_MAP) {
        fits = gen_operator_type(GEN_TREE_IN, key, base) != NULL;
        tree->type = base->item;
    } else if (base->kind == GEN_KIND_RECORD) {
        fits = gen_type_fits(key, &gen_type_string);
    } else {
        fits = base->kind == GEN_KIND_DYN;
    }
    if (tree->optional || from->kind == GEN_KIND_OPTIONAL) {
        tree->type = optional_of(checker, tree->type);
    }
    if (fits || checker->unchecked) {
        return check_words(checker, tree);
    }
    gen_error_set(checker->err, GEN_EINVAL, "%s cannot be read at an index that is %s",
                  gen_type_text(from, text, sizeof(text)), gen_type_text(key, word, sizeof(word)));
    return placed(checker, tree, GEN_EINVAL);
}

/* ---- calls ---- */

static enum gen_status wrong_arguments(struct checker *checker, const struct gen_tree *tree)
{
    char list[400] = "", word[TYPE_TEXT];
    uint32_t i;

    for (i = tree->method ? 1 : 0; i < tree->count; i++) {
        size_t used = strlen(list);

        snprintf(list + used, sizeof(list) - used, "%s%s", used > 0 ? ", " : "",
                 gen_type_text(tree->args[i]->type, word, sizeof(word)));
    }
    if (tree->method) {
        gen_error_set(checker->err, GEN_EINVAL, "no such overload: %s.%s(%s)",
                      gen_type_text(tree->args[0]->type, word, sizeof(word)), tree->name, list);
    } else {
        gen_error_set(checker->err, GEN_EINVAL, "no such overload: %s(%s)", tree->name, list);
    }
    return placed(checker, tree, GEN_EINVAL);
}

/* Functions whose result depends on their argument's type. */
static const struct gen_type *kept_type(const struct gen_tree *tree, const struct gen_type *result)
{
    if (result->kind == GEN_KIND_LIST && tree->method &&
        tree->args[0]->type->kind == GEN_KIND_LIST) {
        return tree->args[0]->type; /* reverse */
    }
    return result;
}

static enum gen_status check_call(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_overload *rows[GEN_LIBRARY_MOST];
    const struct gen_type **types;
    size_t i, count, fitting = 0;

    count = gen_library_find(tree->name, tree->method, rows);
    if (count == 0) {
        return placed(checker, tree, gen_calls_unknown(tree, checker->err));
    }
    types = gen_arena_array(checker->arena, tree->count, sizeof(const struct gen_type *));
    if (types == NULL) {
        return no_memory(checker);
    }
    for (i = 0; i < tree->count; i++) {
        types[i] = checker->unchecked ? &gen_type_dyn : tree->args[i]->type;
    }
    tree->type = &gen_type_dyn;
    for (i = 0; i < count; i++) {
        const struct gen_type *result = gen_library_result(rows[i]);

        if (gen_library_takes(rows[i], types, tree->count)) {
            tree->type = fitting == 0 || gen_type_same(tree->type, result) ? result : &gen_type_dyn;
            fitting++;
        }
    }
    if (fitting == 0) {
        return wrong_arguments(checker, tree);
    }
    tree->type = kept_type(tree, tree->type);
    return GEN_OK;
}

/* ---- operators ---- */

static enum gen_status wrong_operands(struct checker *checker, const struct gen_tree *tree)
{
    const struct gen_type *a = tree->args[0]->type, *b = tree->args[1]->type;
    char left[TYPE_TEXT], right[TYPE_TEXT];
    bool mixed = (a->kind == GEN_KIND_INT && b->kind == GEN_KIND_DOUBLE) ||
                 (a->kind == GEN_KIND_DOUBLE && b->kind == GEN_KIND_INT);

    gen_error_set(checker->err, GEN_EINVAL, "no such overload: %s %s %s%s",
                  gen_type_text(a, left, sizeof(left)), gen_operator_sign(tree->kind),
                  gen_type_text(b, right, sizeof(right)),
                  mixed ? "; write 2.0 instead of 2, or double(x)" : "");
    return placed(checker, tree, GEN_EINVAL);
}

static enum gen_status want_bool(struct checker *checker, const struct gen_tree *tree,
                                 const struct gen_tree *operand)
{
    char text[TYPE_TEXT];

    if (checker->unchecked || gen_type_fits(operand->type, &gen_type_bool)) {
        return GEN_OK;
    }
    gen_error_set(checker->err, GEN_EINVAL, "%s needs true or false, this is %s",
                  tree->kind == GEN_TREE_CONDITIONAL ? "the condition before \"?\""
                  : tree->kind == GEN_TREE_LOOP      ? "the condition of the macro"
                                                     : gen_operator_sign(tree->kind),
                  gen_type_text(operand->type, text, sizeof(text)));
    return placed(checker, operand, GEN_EINVAL);
}

static enum gen_status check_logic(struct checker *checker, struct gen_tree *tree)
{
    uint32_t i;

    tree->type = &gen_type_bool;
    for (i = 0; i < tree->count; i++) {
        enum gen_status status = want_bool(checker, tree, tree->args[i]);

        if (status != GEN_OK) {
            return status;
        }
    }
    return GEN_OK;
}

static enum gen_status check_negate(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_type *type = tree->args[0]->type;
    char text[TYPE_TEXT];

    tree->type = type->words != NULL ? &gen_type_int : type;
    if (checker->unchecked || type->kind == GEN_KIND_INT || type->kind == GEN_KIND_DOUBLE ||
        type->kind == GEN_KIND_DYN) {
        return GEN_OK;
    }
    gen_error_set(checker->err, GEN_EINVAL, "no such overload: -%s",
                  gen_type_text(type, text, sizeof(text)));
    return placed(checker, tree, GEN_EINVAL);
}

static enum gen_status check_binary(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_type *type = gen_operator_type(tree->kind, tree->args[0]->type,
                                                    tree->args[1]->type);

    tree->type = type != NULL ? type : &gen_type_dyn;
    if (checker->unchecked) {
        return GEN_OK;
    }
    return type != NULL ? check_words(checker, tree) : wrong_operands(checker, tree);
}

/* The type that holds both: dyn when they differ. */
static const struct gen_type *both(const struct gen_type *a, const struct gen_type *b)
{
    if (a != NULL && a->kind == b->kind && a->words != b->words) {
        return a->kind == GEN_KIND_STRING ? &gen_type_string : &gen_type_int;
    }
    return a == NULL || gen_type_same(a, b) ? b : &gen_type_dyn;
}

static enum gen_status check_conditional(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_type *a = tree->args[1]->type, *b = tree->args[2]->type;
    enum gen_status status = want_bool(checker, tree, tree->args[0]);
    char left[TYPE_TEXT], right[TYPE_TEXT];

    tree->type = both(a, b);
    if (status != GEN_OK || checker->unchecked || gen_type_fits(a, b) || a->kind == GEN_KIND_NULL ||
        b->kind == GEN_KIND_NULL) {
        return status;
    }
    gen_error_set(checker->err, GEN_EINVAL, "the two sides of \":\" differ: %s and %s",
                  gen_type_text(a, left, sizeof(left)), gen_type_text(b, right, sizeof(right)));
    return placed(checker, tree, GEN_EINVAL);
}

/* ---- literals of lists and maps ---- */

static const struct gen_type *made(struct checker *checker, enum gen_kind kind,
                                   const struct gen_type *key, const struct gen_type *item)
{
    struct gen_type *type = gen_arena_alloc(checker->arena, sizeof(*type));

    if (type == NULL) {
        return &gen_type_dyn;
    }
    type->kind = kind;
    type->item = item != NULL ? item : &gen_type_dyn;
    type->key = key != NULL ? key : &gen_type_dyn;
    return type;
}

static const struct gen_type *entry_type(const struct gen_tree *tree, uint32_t entry,
                                         const struct gen_type *type)
{
    return tree->optionals != NULL && tree->optionals[entry]
               ? (type->kind == GEN_KIND_OPTIONAL ? type->item : &gen_type_dyn)
               : type;
}

static enum gen_status check_list(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_type *item = NULL;
    uint32_t i;

    for (i = 0; i < tree->count; i++) {
        item = both(item, entry_type(tree, i, tree->args[i]->type));
    }
    tree->type = made(checker, GEN_KIND_LIST, NULL, item);
    return GEN_OK;
}

static bool may_be_key(const struct gen_type *type)
{
    return type->kind == GEN_KIND_DYN || type->kind == GEN_KIND_STRING ||
           type->kind == GEN_KIND_INT || type->kind == GEN_KIND_UINT || type->kind == GEN_KIND_BOOL;
}

static enum gen_status check_map(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_type *key = NULL, *item = NULL;
    char text[TYPE_TEXT];
    uint32_t i;

    for (i = 0; i < tree->count; i += 2) {
        const struct gen_type *type = tree->args[i]->type;

        if (!may_be_key(type) && !checker->unchecked) {
            gen_error_set(checker->err, GEN_EINVAL,
                          "%s cannot be the key of a map: use a string, int, uint or bool",
                          gen_type_text(type, text, sizeof(text)));
            return placed(checker, tree->args[i], GEN_EINVAL);
        }
        key = both(key, type);
        item = both(item, entry_type(tree, i / 2, tree->args[i + 1]->type));
    }
    tree->type = made(checker, GEN_KIND_MAP, key, item);
    return GEN_OK;
}

/* ---- loops and bindings ---- */

static enum gen_status loop_variables(struct checker *checker, const struct gen_tree *tree,
                                      struct gen_local *first, struct gen_local *second)
{
    const struct gen_type *range = tree->args[0]->type;
    char text[TYPE_TEXT];
    bool list = range->kind == GEN_KIND_LIST, map = range->kind == GEN_KIND_MAP;

    if (!list && !map && range->kind != GEN_KIND_DYN && !checker->unchecked) {
        gen_error_set(checker->err, GEN_EINVAL, "a macro goes over a list or a map, this is %s",
                      gen_type_text(range, text, sizeof(text)));
        return placed(checker, tree->args[0], GEN_EINVAL);
    }
    *first = (struct gen_local){tree->name, &gen_type_dyn, tree->slot, checker->names.local};
    *second = (struct gen_local){tree->second, &gen_type_dyn, tree->slot + 1, first};
    if (list || map) {
        second->type = range->item;
        first->type = map ? range->key : tree->second != NULL ? &gen_type_int : range->item;
    }
    return GEN_OK;
}

static enum gen_status loop_type(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_type *range = tree->args[0]->type, *step = tree->args[1]->type;

    tree->type = &gen_type_bool;
    switch (tree->loop) {
    case GEN_LOOP_MAP:
    case GEN_LOOP_TRANSFORM_LIST:
        tree->type = made(checker, GEN_KIND_LIST, NULL, step);
        return GEN_OK;
    case GEN_LOOP_FILTER:
        tree->type = range->kind == GEN_KIND_LIST  ? range
                     : range->kind == GEN_KIND_MAP ? made(checker, GEN_KIND_LIST, NULL, range->key)
                                                   : &gen_type_list;
        return want_bool(checker, tree, tree->args[1]);
    case GEN_LOOP_TRANSFORM_MAP:
        tree->type = made(checker, GEN_KIND_MAP,
                          range->kind == GEN_KIND_MAP    ? range->key
                          : range->kind == GEN_KIND_LIST ? &gen_type_int
                                                         : NULL,
                          step);
        return GEN_OK;
    case GEN_LOOP_TRANSFORM_ENTRY:
        tree->type = &gen_type_map;
        return GEN_OK;
    default:
        return want_bool(checker, tree, tree->args[1]);
    }
}

static enum gen_status check_loop(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_local *outer = checker->names.local;
    struct gen_local first, second;
    enum gen_status status = check(checker, tree->args[0]);

    tree->slot = checker->locals;
    checker->locals += 2;
    if (status == GEN_OK) {
        status = loop_variables(checker, tree, &first, &second);
    }
    if (status != GEN_OK) {
        return status;
    }
    checker->names.local = tree->second != NULL ? &second : &first;
    if (tree->count > 2 && tree->args[2] != NULL) {
        status = check(checker, tree->args[2]);
        status = status == GEN_OK ? want_bool(checker, tree, tree->args[2]) : status;
    }
    if (status == GEN_OK) {
        status = check(checker, tree->args[1]);
    }
    checker->names.local = outer;
    return status == GEN_OK ? loop_type(checker, tree) : status;
}

static enum gen_status check_bind(struct checker *checker, struct gen_tree *tree)
{
    const struct gen_local *outer = checker->names.local;
    enum gen_status status = check(checker, tree->args[0]);
    struct gen_local scope;

    if (status != GEN_OK) {
        return status;
    }
    tree->slot = checker->locals;
    checker->locals += 2;
    scope = (struct gen_local){tree->name, tree->args[0]->type, tree->slot, outer};
    checker->names.local = &scope;
    status = check(checker, tree->args[1]);
    checker->names.local = outer;
    tree->type = status == GEN_OK ? tree->args[1]->type : NULL;
    return status;
}

static const struct gen_type *literal_type(struct gen_value value)
{
    static const struct gen_type *const types[] = {
        [GEN_KIND_NULL] = &gen_type_null,     [GEN_KIND_BOOL] = &gen_type_bool,
        [GEN_KIND_INT] = &gen_type_int,       [GEN_KIND_UINT] = &gen_type_uint,
        [GEN_KIND_DOUBLE] = &gen_type_double, [GEN_KIND_STRING] = &gen_type_string,
        [GEN_KIND_BYTES] = &gen_type_bytes,
    };

    return types[value.kind];
}

typedef enum gen_status node_check(struct checker *checker, struct gen_tree *tree);

/* How a node is checked once its arguments are. */
static node_check *const after[] = {
    [GEN_TREE_INDEX] = check_index,
    [GEN_TREE_CALL] = check_call,
    [GEN_TREE_LIST] = check_list,
    [GEN_TREE_MAP] = check_map,
    [GEN_TREE_NOT] = check_logic,
    [GEN_TREE_NEGATE] = check_negate,
    [GEN_TREE_AND] = check_logic,
    [GEN_TREE_OR] = check_logic,
    [GEN_TREE_ADD] = check_binary,
    [GEN_TREE_SUBTRACT] = check_binary,
    [GEN_TREE_MULTIPLY] = check_binary,
    [GEN_TREE_DIVIDE] = check_binary,
    [GEN_TREE_REMAINDER] = check_binary,
    [GEN_TREE_EQUAL] = check_binary,
    [GEN_TREE_UNEQUAL] = check_binary,
    [GEN_TREE_LESS] = check_binary,
    [GEN_TREE_LESS_EQUAL] = check_binary,
    [GEN_TREE_GREATER] = check_binary,
    [GEN_TREE_IN] = check_binary,
    [GEN_TREE_GREATER_EQUAL] = check_binary,
    [GEN_TREE_CONDITIONAL] = check_conditional,
};

static enum gen_status check(struct checker *checker, struct gen_tree *tree)
{
    uint32_t i;

    switch (tree->kind) {
    case GEN_TREE_LITERAL:
        if (tree->type == NULL) { /* else it was a name, or is folded */
            tree->type = literal_type(tree->value);
        }
        return GEN_OK;
    case GEN_TREE_NAME:
        if (gen_names_resolve(&checker->names, tree)) {
            return GEN_OK;
        }
        return placed(checker, tree,
                      gen_calls_is_family(tree->name, checker->err)
                          ? GEN_EINVAL
                          : gen_names_unknown(&checker->names, tree, checker->err));
    case GEN_TREE_SELECT:
        return check_select(checker, tree);
    case GEN_TREE_TEST:
        return check_field(checker, tree);
    case GEN_TREE_LOOP:
        return check_loop(checker, tree);
    case GEN_TREE_BIND:
        return check_bind(checker, tree);
    default:
        break;
    }
    if (tree->kind == GEN_TREE_CALL) {
        enum gen_status status = gen_calls_resolve(&checker->names, tree, checker->arena,
                                                   checker->err);

        if (status != GEN_OK) {
            return placed(checker, tree, status);
        }
    }
    for (i = 0; i < tree->count; i++) {
        enum gen_status status = check(checker, tree->args[i]);

        if (status != GEN_OK) {
            return status;
        }
    }
    return after[tree->kind](checker, tree);
}

enum gen_status gen_checker_check(struct gen_tree *tree, const struct gen_variable *variables,
                                  const char *text, size_t size, uint32_t flags,
                                  struct gen_arena *arena, struct gen_error *err)
{
    struct checker checker = {
        .names = {.variables = variables},
        .text = text,
        .size = size,
        .unchecked = (flags & GEN_CHECKER_UNCHECKED) != 0,
        .arena = arena,
        .err = err,
    };
    enum gen_status status = check(&checker, tree);

    return status == GEN_OK && gen_arena_failed(arena) ? no_memory(&checker) : status;
}
