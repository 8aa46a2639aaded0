/* growth.c - see growth.h. */
#include "expr/growth.h"

#include <stdio.h>
#include <string.h>

enum {
    GROWTH_PLACES = 3, /* a LOOP without a filter has an args[2] all the same */
    GROWTH_PILE = 32,  /* the pile's first size */
};

struct gen_tree *gen_growth_refuse(struct gen_growth *growth, uint32_t offset,
                                   enum gen_status status, const char *format, ...)
{
    char message[GEN_ERROR_MESSAGE_SIZE];
    va_list values;

    va_start(values, format);
    vsnprintf(message, sizeof(message), format, values);
    va_end(values);
    if (growth->status == GEN_OK) {
        growth->status = gen_lexer_refuse(growth->lexer, offset, growth->err, status, "%s",
                                          message);
    }
    return NULL;
}

struct gen_tree *gen_growth_starve(struct gen_growth *growth)
{
    if (growth->status == GEN_OK) {
        growth->status = gen_error_set(growth->err, GEN_ENOMEM, "out of memory");
    }
    return NULL;
}

struct gen_tree *gen_growth_node(struct gen_growth *growth, enum gen_tree_kind kind,
                                 uint32_t offset, uint32_t count)
{
    struct gen_tree *tree;

    if (growth->status != GEN_OK) {
        return NULL;
    }
    if (growth->nodes >= growth->most) {
        return gen_growth_refuse(
            growth, offset, GEN_ELIMIT,
            "the expression has more than %u parts; split it, or move data out "
            "of it",
            growth->most);
    }
    tree = gen_arena_alloc(growth->arena, sizeof(*tree));
    if (tree == NULL) {
        return gen_growth_starve(growth);
    }
    tree->kind = kind;
    tree->offset = offset;
    tree->count = count;
    tree->height = 1;
    growth->nodes++;
    if (count > 0) {
        tree->args = gen_arena_array(growth->arena, count < GROWTH_PLACES ? GROWTH_PLACES : count,
                                     sizeof(struct gen_tree *));
        if (tree->args == NULL) {
            return gen_growth_starve(growth);
        }
    }
    return tree;
}

struct gen_tree *gen_growth_close(struct gen_growth *growth, struct gen_tree *tree)
{
    if (tree == NULL || growth->status != GEN_OK) {
        return NULL;
    }
    for (uint32_t i = 0; i < tree->count; i++) {
        if (tree->args[i]->height >= tree->height) {
            tree->height = tree->args[i]->height + 1;
        }
    }
    if (tree->height > growth->deepest) {
        return gen_growth_refuse(growth, tree->offset, GEN_ELIMIT,
                                 "the expression is nested, or a chain of operators, more than %u "
                                 "deep; split it",
                                 growth->deepest);
    }
    return tree;
}

struct gen_tree *gen_growth_unary(struct gen_growth *growth, enum gen_tree_kind kind,
                                  uint32_t offset, struct gen_tree *a)
{
    struct gen_tree *tree = a != NULL ? gen_growth_node(growth, kind, offset, 1) : NULL;

    if (tree != NULL) {
        tree->args[0] = a;
    }
    return gen_growth_close(growth, tree);
}

struct gen_tree *gen_growth_binary(struct gen_growth *growth, enum gen_tree_kind kind,
                                   uint32_t offset, struct gen_tree *a, struct gen_tree *b)
{
    struct gen_tree *tree = a != NULL && b != NULL ? gen_growth_node(growth, kind, offset, 2)
                                                   : NULL;

    if (tree != NULL) {
        tree->args[0] = a;
        tree->args[1] = b;
    }
    return gen_growth_close(growth, tree);
}

bool gen_growth_push(struct gen_growth *growth, struct gen_tree *tree, uint32_t offset,
                     bool optional)
{
    uint32_t capacity = growth->pending_capacity > 0 ? growth->pending_capacity * 2 : GROWTH_PILE;
    struct gen_pending *larger;

    if (growth->pending_count == growth->pending_capacity) {
        larger = gen_arena_array(growth->arena, capacity, sizeof(*larger));
        if (larger == NULL) {
            gen_growth_starve(growth);
            return false;
        }
        if (growth->pending_count > 0) {
            memcpy(larger, growth->pending, growth->pending_count * sizeof(*larger));
        }
        growth->pending = larger;
        growth->pending_capacity = capacity;
    }
    growth->pending[growth->pending_count++] = (struct gen_pending){tree, offset, optional};
    return true;
}

/* Which entries of a list or map were written with '?'; NULL when none was. false: out of memory. */
static bool gather_optionals(struct gen_growth *growth, uint32_t first, struct gen_tree *tree)
{
    uint32_t step = tree->kind == GEN_TREE_MAP ? 2 : 1;
    bool *optionals = NULL;

    for (uint32_t i = 0; i < tree->count; i += step) {
        if (!growth->pending[first + i].optional) {
            continue;
        }
        if (optionals == NULL) {
            optionals = gen_arena_array(growth->arena, tree->count / step, sizeof(*optionals));
        }
        if (optionals == NULL) {
            gen_growth_starve(growth);
            return false;
        }
        optionals[i / step] = true;
    }
    tree->optionals = optionals;
    return true;
}

struct gen_tree *gen_growth_gather(struct gen_growth *growth, enum gen_tree_kind kind,
                                   uint32_t offset, uint32_t first)
{
    uint32_t count = growth->pending_count - first;
    struct gen_tree *tree = gen_growth_node(growth, kind, offset, count);

    if (tree == NULL || !gather_optionals(growth, first, tree)) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        tree->args[i] = growth->pending[first + i].tree;
    }
    growth->pending_count = first;
    return gen_growth_close(growth, tree);
}
