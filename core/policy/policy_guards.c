/* policy_guards.c - see policy_guards.h. Facts are numbered as they turn up; what is known to be there is a
 * set of numbers. */
#include "policy/policy_guards.h"

#include "expr/parser.h"

#include <string.h>

enum { GUARDS_PATH = 160 };

struct guards {
    struct gen_arena *arena;
    const char *facts[GEN_POLICY_GUARDS_MOST]; /* bit i: facts[i] is there */
    size_t fact_count;
    struct gen_policy_gap *gaps;
    size_t gap_count;
    uint64_t told; /* those in gaps */
};

/* ---- names of facts */

static bool path_add(char *path, const char *name, size_t length)
{
    size_t used = strlen(path);

    if (used + length + 2 > GUARDS_PATH) {
        return false;
    }
    if (used > 0) {
        path[used++] = '.';
    }
    memcpy(path + used, name, length);
    path[used + length] = '\0';
    return true;
}

/* "output.scores.motion" of output.scores.motion and output.scores["motion"], from a global variable;
 * false of anything else. */
static bool path_of(const struct gen_tree *tree, char *path)
{
    const struct gen_tree *key;

    switch (tree->kind) {
    case GEN_TREE_NAME:
        path[0] = '\0';
        return !tree->local && path_add(path, tree->name, strlen(tree->name));
    case GEN_TREE_SELECT:
        return !tree->optional && path_of(tree->args[0], path) &&
               path_add(path, tree->name, strlen(tree->name));
    case GEN_TREE_INDEX:
        key = tree->args[1];
        return !tree->optional && key->kind == GEN_TREE_LITERAL &&
               gen_value_is(key->value, GEN_KIND_STRING) && path_of(tree->args[0], path) &&
               path_add(path, key->value.as.text, key->value.size);
    default:
        return false;
    }
}

/* Is it an entry of a map, or a fact that is not always known? */
static bool path_sometimes(const char *path)
{
    size_t variable = strcspn(path, "."), field;
    char name[GUARDS_PATH];

    if (path[variable] == '\0') {
        return false;
    }
    field = strcspn(path + variable + 1, ".");
    if (path[variable + 1 + field] == '.') {
        return true;
    }
    memcpy(name, path, variable);
    name[variable] = '\0';
    return gen_facts_sometimes(name, path + variable + 1);
}

/* The bit of a fact; 0 where there are too many. */
static uint64_t guards_bit(struct guards *guards, const char *path)
{
    const char *copy;

    for (size_t i = 0; i < guards->fact_count; i++) {
        if (strcmp(guards->facts[i], path) == 0) {
            return UINT64_C(1) << i;
        }
    }
    copy = gen_arena_strdup(guards->arena, path);
    if (copy == NULL || guards->fact_count == GEN_POLICY_GUARDS_MOST) {
        return 0;
    }
    guards->facts[guards->fact_count] = copy;
    return UINT64_C(1) << guards->fact_count++;
}

/* ---- what a condition says */

static uint64_t guards_when(struct guards *guards, const struct gen_tree *tree, bool truth);

/* All operands have this outcome, or at least one has it. */
static uint64_t when_chain(struct guards *guards, const struct gen_tree *tree, bool truth, bool all)
{
    uint64_t known = all ? 0 : UINT64_MAX;

    for (uint32_t i = 0; i < tree->count; i++) {
        uint64_t one = guards_when(guards, tree->args[i], truth);

        known = all ? known | one : known & one;
    }
    return known;
}

/* "motion" in output.scores */
static uint64_t when_in(struct guards *guards, const struct gen_tree *tree)
{
    const struct gen_tree *key = tree->args[0];
    char path[GUARDS_PATH];

    return key->kind == GEN_TREE_LITERAL && gen_value_is(key->value, GEN_KIND_STRING) &&
                   tree->args[1]->type->kind == GEN_KIND_MAP && path_of(tree->args[1], path) &&
                   path_add(path, key->value.as.text, key->value.size)
               ? guards_bit(guards, path)
               : 0;
}

/* The facts that are there where `tree` is true (or false). */
static uint64_t guards_when(struct guards *guards, const struct gen_tree *tree, bool truth)
{
    char path[GUARDS_PATH];

    switch (tree->kind) {
    case GEN_TREE_TEST:
        return truth && path_of(tree->args[0], path) &&
                       path_add(path, tree->name, strlen(tree->name))
                   ? guards_bit(guards, path)
                   : 0;
    case GEN_TREE_IN:
        return truth ? when_in(guards, tree) : 0;
    case GEN_TREE_NOT:
        return guards_when(guards, tree->args[0], !truth);
    case GEN_TREE_AND:
        return when_chain(guards, tree, truth, truth);
    case GEN_TREE_OR:
        return when_chain(guards, tree, truth, !truth);
    default:
        return 0;
    }
}

/* ---- what is read */

static void guards_walk(struct guards *guards, const struct gen_tree *tree, uint64_t known);

/* Each operand matters only where the others do not decide. */
static void walk_chain(struct guards *guards, const struct gen_tree *tree, uint64_t known)
{
    bool truth = tree->kind == GEN_TREE_AND;
    uint64_t once = 0, twice = 0;

    for (uint32_t i = 0; i < tree->count; i++) {
        uint64_t one = guards_when(guards, tree->args[i], truth);

        twice |= once & one;
        once |= one;
    }
    for (uint32_t i = 0; i < tree->count; i++) {
        uint64_t others = twice | (once & ~guards_when(guards, tree->args[i], truth));

        guards_walk(guards, tree->args[i], known | others);
    }
}

/* A fact is read. */
static void walk_read(struct guards *guards, const struct gen_tree *tree, uint64_t known)
{
    char path[GUARDS_PATH];
    uint64_t bit;

    if (!path_of(tree, path) || !path_sometimes(path)) {
        return;
    }
    bit = guards_bit(guards, path);
    if (bit == 0 || ((known | guards->told) & bit) != 0) {
        return;
    }
    guards->told |= bit;
    for (size_t i = 0; i < guards->fact_count; i++) {
        if (bit == UINT64_C(1) << i) {
            guards->gaps[guards->gap_count++] = (struct gen_policy_gap){guards->facts[i],
                                                                        tree->offset};
        }
    }
}

static void guards_walk(struct guards *guards, const struct gen_tree *tree, uint64_t known)
{
    if (tree->kind == GEN_TREE_AND || tree->kind == GEN_TREE_OR) {
        walk_chain(guards, tree, known);
        return;
    }
    if (tree->kind == GEN_TREE_CONDITIONAL) {
        guards_walk(guards, tree->args[0], known);
        guards_walk(guards, tree->args[1], known | guards_when(guards, tree->args[0], true));
        guards_walk(guards, tree->args[2], known | guards_when(guards, tree->args[0], false));
        return;
    }
    for (uint32_t i = 0; i < tree->count; i++) {
        guards_walk(guards, tree->args[i], known);
    }
    if (tree->kind == GEN_TREE_SELECT || tree->kind == GEN_TREE_INDEX) {
        walk_read(guards, tree, known);
    }
}

enum gen_status gen_policy_guards_find(const char *text, size_t size,
                                       const struct gen_variable *variables,
                                       struct gen_arena *arena, struct gen_policy_gap *gaps,
                                       size_t *count, struct gen_error *err)
{
    struct guards guards = {.arena = arena, .gaps = gaps};
    struct gen_tree *tree = NULL;
    enum gen_status status = gen_parser_parse(text, size, arena, &tree, err);

    if (status == GEN_OK) {
        status = gen_checker_check(tree, variables, text, size, 0, arena, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    guards_walk(&guards, tree, 0);
    *count = guards.gap_count;
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}

/* ---- what was read */

static const struct gen_tree *guards_at(const struct gen_tree *tree, uint32_t offset)
{
    const struct gen_tree *found = NULL;

    if ((tree->kind == GEN_TREE_SELECT || tree->kind == GEN_TREE_INDEX) && tree->offset == offset) {
        return tree;
    }
    for (uint32_t i = 0; i < tree->count && found == NULL; i++) {
        found = guards_at(tree->args[i], offset);
    }
    return found;
}

const char *gen_policy_guards_fact(const char *text, size_t size, uint32_t offset,
                                   struct gen_arena *arena)
{
    const struct gen_tree *read;
    struct gen_tree *tree = NULL;
    char path[GUARDS_PATH];

    if (gen_parser_parse(text, size, arena, &tree, NULL) != GEN_OK) {
        return NULL;
    }
    read = guards_at(tree, offset);
    return read != NULL && path_of(read, path) ? gen_arena_strdup(arena, path) : NULL;
}
