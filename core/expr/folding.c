/* folding.c - see folding.h. */
#include "expr/folding.h"

#include "expr/compiler.h"
#include "expr/evaluator.h"
#include "expr/library.h"
#include "expr/parser.h"
#include "expr/vocabulary.h"
#include "expr/zone.h"

#include <string.h>

/* What a part reads: nothing but constants, or the lowest number of a local that it reads + 1, or 0 when
 * it reads a variable. Locals of loops around a loop have lower numbers than its own. */
enum { READS_VARIABLE = 0 };
#define READS_NOTHING UINT32_MAX

enum { SAMPLE_LENGTH = 64, SCRATCH_MOST = 16 << 20 };

struct folding {
    const struct gen_variable *variables;
    const struct gen_zones *zones;
    const char *text;
    size_t size;
    struct gen_arena *arena;
    uint64_t steps; /* left for all */
    struct gen_error *err;
};

static enum gen_status fold(struct folding *folding, struct gen_tree *tree, uint32_t *reads);

static enum gen_status fold_no_memory(struct folding *folding)
{
    return gen_error_set(folding->err, GEN_ENOMEM, "out of memory");
}

/* Ends a failure that is told already with its place. */
static enum gen_status fold_placed(struct folding *folding, uint32_t offset)
{
    uint32_t line, column;

    gen_parser_place(folding->text, folding->size, offset, &line, &column);
    gen_error_place(folding->err, NULL, line, column, NULL);
    return GEN_EINVAL;
}

/* ---- running a part */

/* The value of a part that reads nothing, or its fault. */
static enum gen_status fold_run(struct folding *folding, const struct gen_tree *tree,
                                struct gen_arena *arena, struct gen_value *out)
{
    struct gen_expression part = {.text = folding->text,
                                  .size = folding->size,
                                  .variables = folding->variables,
                                  .type = tree->type};
    struct gen_run run = {arena, folding->zones, GEN_FOLDING_STEPS};
    enum gen_status status = gen_compiler_compile(tree, arena, &part, folding->err);

    if (status != GEN_OK) {
        return status == GEN_ENOMEM ? status : GEN_EINVAL; /* with its place */
    }
    *out = gen_evaluator_run(&part, NULL, &run);
    folding->steps -= GEN_FOLDING_STEPS - run.budget < folding->steps
                          ? GEN_FOLDING_STEPS - run.budget
                          : folding->steps;
    return gen_arena_failed(arena) ? fold_no_memory(folding) : GEN_OK;
}

static enum gen_status fold_fault(struct folding *folding, const struct gen_tree *tree,
                                  struct gen_value value)
{
    const struct gen_fault *fault = value.as.fault;

    if (value.kind != GEN_KIND_FAULT) {
        return GEN_OK;
    }
    gen_error_set(folding->err, GEN_EINVAL, "%s", fault->message);
    return fold_placed(folding, fault->offset > 0 ? fault->offset - 1 : tree->offset);
}

/* Only whether it works; the value is dropped. */
static enum gen_status fold_try(struct folding *folding, const struct gen_tree *tree)
{
    struct gen_arena *scratch = gen_arena_create(SCRATCH_MOST);
    struct gen_value value = {0};
    enum gen_status status;

    if (scratch == NULL) {
        return fold_no_memory(folding);
    }
    status = fold_run(folding, tree, scratch, &value);
    if (status == GEN_OK) {
        status = fold_fault(folding, tree, value);
    }
    gen_arena_destroy(scratch);
    return status;
}

/* A part of constants only becomes its value. */
static enum gen_status fold_part(struct folding *folding, struct gen_tree *tree)
{
    struct gen_value value = {0};
    enum gen_status status;

    if (tree->kind == GEN_TREE_LITERAL || folding->steps == 0) {
        return GEN_OK;
    }
    if (tree->kind == GEN_TREE_LIST || tree->kind == GEN_TREE_MAP) { /* the compiler makes it one */
        return tree->kind == GEN_TREE_LIST && tree->optionals == NULL ? GEN_OK
                                                                      : fold_try(folding, tree);
    }
    status = fold_run(folding, tree, folding->arena, &value);
    if (status == GEN_OK) {
        status = fold_fault(folding, tree, value);
    }
    if (status == GEN_OK) {
        tree->kind = GEN_TREE_LITERAL;
        tree->value = value;
        tree->count = 0;
    }
    return status;
}

/* ---- samples */

/* A value of a type that no call refuses for being what it is; false: there is none. */
static bool sample_of(const struct gen_type *type, struct gen_value *out)
{
    static const char letters[] =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

    switch (type->kind) {
    case GEN_KIND_BOOL:
        *out = gen_value_bool(true);
        return true;
    case GEN_KIND_INT:
        *out = gen_value_int(1);
        return true;
    case GEN_KIND_UINT:
        *out = gen_value_uint(1);
        return true;
    case GEN_KIND_DOUBLE:
        *out = gen_value_double(1);
        return true;
    case GEN_KIND_STRING:
        *out = gen_value_text(letters);
        return true;
    case GEN_KIND_TIMESTAMP:
        *out = gen_value_timestamp(0, 0);
        return true;
    case GEN_KIND_DURATION:
        *out = gen_value_duration(0);
        return true;
    default:
        return false;
    }
}

/* A copy of `tree` with samples where it is not constant; NULL: that cannot be told, or no memory. */
static struct gen_tree *sample_tree(const struct gen_tree *tree, struct gen_arena *arena)
{
    struct gen_tree *copy = gen_arena_alloc(arena, sizeof(*copy));

    if (copy == NULL) {
        return NULL;
    }
    *copy = *tree;
    if (tree->kind == GEN_TREE_LITERAL) {
        return copy;
    }
    if (tree->kind != GEN_TREE_LIST || tree->optionals != NULL) {
        copy->kind = GEN_TREE_LITERAL;
        copy->count = 0;
        return sample_of(tree->type, &copy->value) ? copy : NULL;
    }
    copy->args = gen_arena_array(arena, tree->count, sizeof(struct gen_tree *));
    for (uint32_t i = 0; copy->args != NULL && i < tree->count; i++) {
        copy->args[i] = sample_tree(tree->args[i], arena);
        if (copy->args[i] == NULL) {
            return NULL;
        }
    }
    return copy->args != NULL ? copy : NULL;
}

/* The constants of these calls can make them fail whatever else they are given. */
static bool sample_tells(const struct gen_tree *tree)
{
    static const char *const names[] = {"substring", "charAt", "format", "math.bitShiftLeft",
                                        "math.bitShiftRight"};
    bool listed = false;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        listed = listed || strcmp(tree->name, names[i]) == 0;
    }
    for (uint32_t i = 0; listed && i < tree->count; i++) {
        const struct gen_value *value = &tree->args[i]->value;

        /* A position that the sample's text has not, another may. */
        if (tree->args[i]->kind == GEN_TREE_LITERAL && value->kind == GEN_KIND_INT &&
            value->as.integer > SAMPLE_LENGTH) {
            return false;
        }
    }
    return listed;
}

static enum gen_status fold_sample(struct folding *folding, const struct gen_tree *tree)
{
    struct gen_arena *scratch = gen_arena_create(SCRATCH_MOST);
    struct gen_tree copy = *tree;
    enum gen_status status = GEN_OK;
    bool told = true;

    if (scratch == NULL) {
        return fold_no_memory(folding);
    }
    copy.args = gen_arena_array(scratch, tree->count, sizeof(struct gen_tree *));
    for (uint32_t i = 0; copy.args != NULL && told && i < tree->count; i++) {
        copy.args[i] = sample_tree(tree->args[i], scratch);
        told = copy.args[i] != NULL;
    }
    if (gen_arena_failed(scratch)) {
        status = fold_no_memory(folding);
    } else if (told) {
        status = fold_try(folding, &copy);
    }
    gen_arena_destroy(scratch);
    return status;
}

/* ---- calls with some constants */

/* x.getHours("Europe/Berlin") and its like. */
static bool fold_names_zone(const struct gen_tree *tree)
{
    const struct gen_overload *rows[GEN_LIBRARY_MOST];
    size_t count;

    if (tree->kind != GEN_TREE_CALL || !tree->method || tree->count != 2) {
        return false;
    }
    count = gen_library_find(tree->name, true, rows);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(rows[i]->signature, "t.s:i") == 0) {
            return true;
        }
    }
    return false;
}

/* Can this zone be found without the port? */
static bool fold_knows_zone(const struct gen_tree *zone)
{
    int32_t east = 0;

    return zone != NULL && gen_vocabulary_text(zone) &&
           gen_zones_offset(NULL, zone->value.as.text, zone->value.size, 0, &east, NULL, NULL) ==
               GEN_OK;
}

static enum gen_status fold_zone(struct folding *folding, const struct gen_tree *tree)
{
    const struct gen_tree *zone = tree->args[1];

    if (!gen_vocabulary_text(zone) || tree->args[0]->type->kind != GEN_KIND_TIMESTAMP ||
        (folding->zones == NULL && gen_zone_name_good(zone->value.as.text, zone->value.size))) {
        return GEN_OK;
    }
    return fold_sample(folding, tree);
}

static enum gen_status fold_pattern(struct folding *folding, const struct gen_tree *tree)
{
    const struct gen_tree *given = tree->args[1];
    struct gen_arena *scratch;
    struct gen_pattern *pattern;
    enum gen_status status;

    if (tree->count != 2 || !gen_vocabulary_text(given)) {
        return GEN_OK;
    }
    scratch = gen_arena_create(SCRATCH_MOST);
    if (scratch == NULL) {
        return fold_no_memory(folding);
    }
    status = gen_pattern_compile(given->value.as.text, given->value.size, scratch, &pattern,
                                 folding->err);
    gen_arena_destroy(scratch);
    return status == GEN_OK || status == GEN_ENOMEM ? status : fold_placed(folding, given->offset);
}

static enum gen_status fold_call(struct folding *folding, const struct gen_tree *tree)
{
    if (strcmp(tree->name, "matches") == 0) {
        return fold_pattern(folding, tree);
    }
    if (fold_names_zone(tree)) {
        return fold_zone(folding, tree);
    }
    return sample_tells(tree) ? fold_sample(folding, tree) : GEN_OK;
}

/* ---- operators with some constants */

/* Of doubles too, though the language makes an infinity of it, which no score may be. */
static enum gen_status fold_divisor(struct folding *folding, const struct gen_tree *tree)
{
    struct gen_value divisor;
    bool zero;

    if ((tree->kind != GEN_TREE_DIVIDE && tree->kind != GEN_TREE_REMAINDER) ||
        tree->args[1]->kind != GEN_TREE_LITERAL) {
        return GEN_OK;
    }
    divisor = tree->args[1]->value;
    zero = divisor.kind == GEN_KIND_DOUBLE
               ? !(divisor.as.real < 0 || divisor.as.real > 0)
               : (divisor.kind == GEN_KIND_INT || divisor.kind == GEN_KIND_UINT) &&
                     divisor.as.natural == 0;
    if (!zero) {
        return GEN_OK;
    }
    gen_error_set(folding->err, GEN_EINVAL, "division by zero");
    return fold_placed(folding, tree->offset);
}

static enum gen_status fold_index(struct folding *folding, const struct gen_tree *tree)
{
    const struct gen_tree *from = tree->args[0], *key = tree->args[1];

    if (key->kind != GEN_TREE_LITERAL) {
        return GEN_OK;
    }
    if (from->type->kind == GEN_KIND_LIST && key->value.kind == GEN_KIND_INT &&
        key->value.as.integer < 0 && !tree->optional) {
        gen_error_set(folding->err, GEN_EINVAL, "a list has no index %lld: the first is 0",
                      (long long)key->value.as.integer);
        return fold_placed(folding, key->offset);
    }
    return gen_vocabulary_check(tree, folding->err) == NULL ? GEN_OK
                                                            : fold_placed(folding, key->offset);
}

/* What is not constant, but may have constants that make it fail. */
static enum gen_status fold_mixed(struct folding *folding, const struct gen_tree *tree)
{
    if (folding->steps == 0) {
        return GEN_OK;
    }
    switch (tree->kind) {
    case GEN_TREE_CALL:
        return fold_call(folding, tree);
    case GEN_TREE_INDEX:
        return fold_index(folding, tree);
    default:
        return GEN_OK;
    }
}

/* ---- the walk */

static enum gen_status fold(struct folding *folding, struct gen_tree *tree, uint32_t *reads)
{
    *reads = READS_NOTHING;
    if (tree->kind == GEN_TREE_NAME) {
        *reads = tree->local ? tree->slot + 1 : READS_VARIABLE;
        return GEN_OK;
    }
    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t one = READS_NOTHING;
        enum gen_status status = tree->args[i] != NULL ? fold(folding, tree->args[i], &one)
                                                       : GEN_OK;

        if (status != GEN_OK) {
            return status;
        }
        *reads = one < *reads ? one : *reads;
    }
    if ((tree->kind == GEN_TREE_LOOP || tree->kind == GEN_TREE_BIND) && *reads > tree->slot) {
        *reads = READS_NOTHING; /* only its own locals */
    }
    if (folding->zones == NULL && fold_names_zone(tree) && !fold_knows_zone(tree->args[1])) {
        *reads = READS_VARIABLE; /* only the run knows the zones */
    }
    if (fold_divisor(folding, tree) != GEN_OK) {
        return GEN_EINVAL;
    }
    return *reads == READS_NOTHING ? fold_part(folding, tree) : fold_mixed(folding, tree);
}

enum gen_status gen_folding_fold(struct gen_tree *tree, const struct gen_variable *variables,
                                 const struct gen_zones *zones, const char *text, size_t size,
                                 struct gen_arena *arena, struct gen_error *err)
{
    struct folding folding = {variables, zones, text, size, arena, GEN_FOLDING_ALL, err};
    uint32_t reads;

    return fold(&folding, tree, &reads);
}
