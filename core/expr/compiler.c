/* compiler.c - see compiler.h. */
#include "expr/compiler.h"

#include "expr/library.h"
#include "expr/parser.h"

#include <string.h>

enum {
    INSTRUCTIONS_A_NODE = 8, /* no node emits more of its own */
    LOOP_FRAME = 5,          /* values of loop.h's frame */
    DEEPEST_STACK = 4096,
};

struct compiler {
    struct gen_expression *out;
    struct gen_instruction *code;
    uint32_t *offsets, *positions; /* position on the stack of each local */
    struct gen_value *constants;
    struct gen_key *keys;
    struct gen_site *sites;
    struct gen_pattern **patterns;
    const bool **optionals;
    uint32_t count, constant_count, key_count, site_count, pattern_count, optional_count;
    uint32_t height, deepest; /* of the stack, here and at most */
    struct gen_arena *arena;
    enum gen_status status; /* first failure */
    struct gen_error *err;
};

static void emit(struct compiler *compiler, const struct gen_tree *tree);

static uint32_t add(struct compiler *compiler, const struct gen_tree *tree, enum gen_op op,
                    uint32_t b, uint32_t c)
{
    compiler->code[compiler->count] =
        (struct gen_instruction){.op = (uint8_t)op, .b = (uint16_t)b, .c = c};
    compiler->offsets[compiler->count] = tree->offset;
    return compiler->count++;
}

/* The instruction at `from` jumps to what comes next. */
static void land(struct compiler *compiler, uint32_t from)
{
    compiler->code[from].c = compiler->count;
}

static void raise_stack(struct compiler *compiler, uint32_t by)
{
    compiler->height += by;
    if (compiler->height > compiler->deepest) {
        compiler->deepest = compiler->height;
    }
}

/* ---- constants ---- */

static bool is_constant(const struct gen_tree *tree)
{
    uint32_t i;

    if (tree->kind == GEN_TREE_LITERAL) {
        return true;
    }
    if ((tree->kind != GEN_TREE_LIST && tree->kind != GEN_TREE_MAP) || tree->optionals != NULL) {
        return false;
    }
    for (i = 0; i < tree->count; i++) {
        if (!is_constant(tree->args[i])) {
            return false;
        }
    }
    return true;
}

/* The value of a constant; false when it is a map that cannot be (its fault is found when it runs). */
static bool constant_of(struct compiler *compiler, const struct gen_tree *tree,
                        struct gen_value *out)
{
    struct gen_value *items, key;
    struct gen_table *table;
    uint32_t i;

    if (tree->kind == GEN_TREE_LITERAL) {
        *out = tree->value;
        return true;
    }
    if (tree->kind == GEN_TREE_LIST) {
        items = gen_arena_array(compiler->arena, tree->count, sizeof(*items));
        for (i = 0; items != NULL && i < tree->count; i++) {
            if (!constant_of(compiler, tree->args[i], &items[i])) {
                return false;
            }
        }
        *out = gen_value_list(items, tree->count);
        return items != NULL;
    }
    table = gen_table_create(compiler->arena, tree->count / 2);
    for (i = 0; table != NULL && i < tree->count; i += 2) {
        struct gen_value value;

        if (!constant_of(compiler, tree->args[i], &key) ||
            !constant_of(compiler, tree->args[i + 1], &value) ||
            gen_table_put(table, key, value) != GEN_OK) {
            return false;
        }
    }
    *out = gen_value_map(table);
    return table != NULL;
}

static void emit_constant(struct compiler *compiler, const struct gen_tree *tree,
                          struct gen_value value)
{
    compiler->constants[compiler->constant_count] = value;
    add(compiler, tree, GEN_OP_CONSTANT, 0, compiler->constant_count++);
    raise_stack(compiler, 1);
}

/* ---- names and fields ---- */

static uint32_t key_of(struct compiler *compiler, const char *text)
{
    size_t size = strlen(text);

    compiler->keys[compiler->key_count] = (struct gen_key){text, (uint32_t)size,
                                                           gen_text_hash(text, size)};
    return compiler->key_count++;
}

static void emit_name(struct compiler *compiler, const struct gen_tree *tree)
{
    if (tree->local) {
        add(compiler, tree, GEN_OP_LOCAL, 0, compiler->positions[tree->slot]);
    } else {
        add(compiler, tree, GEN_OP_VARIABLE, 0, tree->slot);
    }
    raise_stack(compiler, 1);
}

static void emit_field(struct compiler *compiler, const struct gen_tree *tree)
{
    const struct gen_tree *from = tree->args[0];
    bool test = tree->kind == GEN_TREE_TEST, record = from->type->kind == GEN_KIND_RECORD;
    uint32_t at;

    if (record && !test && !tree->optional && from->kind == GEN_TREE_NAME && !from->local &&
        from->slot <= UINT16_MAX) {
        add(compiler, tree, GEN_OP_VARIABLE_FIELD, from->slot, tree->slot);
        raise_stack(compiler, 1);
        return;
    }
    emit(compiler, from);
    if (record && !tree->optional) {
        add(compiler, tree, test ? GEN_OP_TEST_FIELD : GEN_OP_FIELD, 0, tree->slot);
        return;
    }
    at = add(compiler, tree, test ? GEN_OP_TEST : GEN_OP_SELECT, 0, key_of(compiler, tree->name));
    compiler->code[at].a = tree->optional;
}

/* ---- calls ---- */

static bool is_solid(const struct gen_type *type)
{
    return type->kind != GEN_KIND_DYN && (type->item == NULL || is_solid(type->item));
}

/* `x.matches('literal')`: true when it was that. */
static bool emit_matches(struct compiler *compiler, const struct gen_tree *tree)
{
    struct gen_value pattern;
    uint32_t line, column;

    if (strcmp(tree->name, "matches") != 0 || tree->count != 2 ||
        tree->args[1]->kind != GEN_TREE_LITERAL || tree->args[1]->value.kind != GEN_KIND_STRING) {
        return false;
    }
    pattern = tree->args[1]->value;
    emit(compiler, tree->args[0]);
    if (compiler->status != GEN_OK) {
        return true;
    }
    compiler->status = gen_pattern_compile(pattern.as.text, pattern.size, compiler->arena,
                                           &compiler->patterns[compiler->pattern_count],
                                           compiler->err);
    if (compiler->status != GEN_OK) {
        gen_parser_place(compiler->out->text, compiler->out->size, tree->args[1]->offset, &line,
                         &column);
        gen_error_place(compiler->err, NULL, line, column, NULL);
        return true;
    }
    add(compiler, tree, GEN_OP_MATCHES, 0, compiler->pattern_count++);
    return true;
}

static void find_rows(struct compiler *compiler, const struct gen_tree *tree, struct gen_site *site)
{
    const struct gen_overload *rows[GEN_LIBRARY_MOST], **kept;
    const struct gen_type *types[8];
    bool solid = tree->count <= sizeof(types) / sizeof(types[0]);
    uint32_t i;

    site->name = tree->name;
    site->method = tree->method;
    site->count = (uint32_t)gen_library_find(tree->name, tree->method, rows);
    kept = gen_arena_array(compiler->arena, site->count, sizeof(const struct gen_overload *));
    if (kept == NULL) {
        return;
    }
    memcpy(kept, rows, site->count * sizeof(rows[0]));
    site->rows = kept;
    for (i = 0; solid && i < tree->count; i++) {
        types[i] = tree->args[i]->type;
        solid = is_solid(types[i]);
    }
    for (i = 0; solid && i < site->count && site->bound == NULL; i++) {
        if (gen_library_takes(rows[i], types, tree->count)) {
            site->bound = rows[i];
        }
    }
}

static void emit_call(struct compiler *compiler, const struct gen_tree *tree)
{
    uint32_t i, site = compiler->site_count;

    if (emit_matches(compiler, tree)) {
        return;
    }
    compiler->site_count++;
    find_rows(compiler, tree, &compiler->sites[site]);
    for (i = 0; i < tree->count; i++) {
        emit(compiler, tree->args[i]);
    }
    add(compiler, tree, GEN_OP_CALL, tree->count, site);
    compiler->height -= tree->count;
    raise_stack(compiler, 1);
}

/* ---- operators ---- */

static void emit_binary(struct compiler *compiler, const struct gen_tree *tree)
{
    emit(compiler, tree->args[0]);
    emit(compiler, tree->args[1]);
    add(compiler, tree, (enum gen_op)(GEN_OP_ADD + (tree->kind - GEN_TREE_ADD)), 0, 0);
    compiler->height--;
}

/* a && b && c: each term that decides jumps to the end. The jumps wait for their target in a list that
 * is threaded through their own `c`. */
static void emit_logic(struct compiler *compiler, const struct gen_tree *tree)
{
    bool both = tree->kind == GEN_TREE_AND;
    uint32_t i, pending = 0;

    for (i = 0; i < tree->count; i++) {
        emit(compiler, tree->args[i]);
        if (i > 0) {
            add(compiler, tree, both ? GEN_OP_AND : GEN_OP_OR, 0, 0);
            compiler->height--;
        }
        if (i + 1 < tree->count) {
            pending = 1 + add(compiler, tree, both ? GEN_OP_JUMP_IF_FALSE : GEN_OP_JUMP_IF_TRUE, 0,
                              pending);
        }
    }
    while (pending != 0) {
        uint32_t next = compiler->code[pending - 1].c;

        land(compiler, pending - 1);
        pending = next;
    }
}

static void emit_conditional(struct compiler *compiler, const struct gen_tree *tree)
{
    uint32_t branch, target, jump;

    emit(compiler, tree->args[0]);
    branch = add(compiler, tree, GEN_OP_BRANCH, 0, 0);
    target = add(compiler, tree, GEN_OP_TARGET, 0, 0);
    compiler->height--;
    emit(compiler, tree->args[1]);
    jump = add(compiler, tree, GEN_OP_JUMP, 0, 0);
    compiler->height--;
    land(compiler, branch);
    emit(compiler, tree->args[2]);
    land(compiler, jump);
    land(compiler, target);
}

static void emit_entries(struct compiler *compiler, const struct gen_tree *tree)
{
    struct gen_value value;
    uint32_t i, optional = 0;

    if (is_constant(tree) && constant_of(compiler, tree, &value)) {
        emit_constant(compiler, tree, value);
        return;
    }
    if (tree->optionals != NULL) {
        compiler->optionals[compiler->optional_count++] = tree->optionals;
        optional = compiler->optional_count;
    }
    for (i = 0; i < tree->count; i++) {
        emit(compiler, tree->args[i]);
    }
    if (tree->count > UINT16_MAX) {
        compiler->status = gen_error_set(compiler->err, GEN_ELIMIT,
                                         "a list or map in an expression has at most %d entries",
                                         UINT16_MAX / 2);
    }
    add(compiler, tree, tree->kind == GEN_TREE_LIST ? GEN_OP_LIST : GEN_OP_MAP, tree->count,
        optional);
    compiler->height -= tree->count;
    raise_stack(compiler, 1);
}

/* ---- loops ---- */

static uint32_t add_loop(struct compiler *compiler, const struct gen_tree *tree, enum gen_op op,
                         uint32_t c)
{
    uint32_t at = add(compiler, tree, op, 0, c);

    compiler->code[at].a = (uint8_t)tree->loop;
    return at;
}

static void emit_loop(struct compiler *compiler, const struct gen_tree *tree)
{
    uint32_t begin, next, where, step, end, turn, base;

    emit(compiler, tree->args[0]);
    base = compiler->height - 1;
    begin = add_loop(compiler, tree, GEN_OP_LOOP_BEGIN, 0);
    compiler->positions[tree->slot] = base + 3;
    compiler->positions[tree->slot + 1] = base + 4;
    raise_stack(compiler, LOOP_FRAME - 1);
    next = add_loop(compiler, tree, GEN_OP_LOOP_NEXT, 0);
    where = 0;
    if (tree->count > 2 && tree->args[2] != NULL) {
        emit(compiler, tree->args[2]);
        add(compiler, tree, GEN_OP_LOOP_WHERE, 0, next);
        where = add(compiler, tree, GEN_OP_TARGET, 0, 0);
        compiler->height--;
    }
    emit(compiler, tree->args[1]);
    step = add_loop(compiler, tree, GEN_OP_LOOP_STEP, next);
    end = add_loop(compiler, tree, GEN_OP_LOOP_END, 0);
    compiler->code[next].c = end;
    turn = step - next;
    compiler->code[next].b = (uint16_t)(turn < UINT16_MAX ? turn : UINT16_MAX);
    if (where != 0) {
        compiler->code[where].c = end;
    }
    compiler->code[next].a = (uint8_t)(tree->second != NULL); /* two variables */
    compiler->height = base + 1;
    land(compiler, begin);
}

static void emit_bind(struct compiler *compiler, const struct gen_tree *tree)
{
    emit(compiler, tree->args[0]);
    compiler->positions[tree->slot] = compiler->height - 1;
    emit(compiler, tree->args[1]);
    add(compiler, tree, GEN_OP_SLIDE, 0, 0);
    compiler->height--;
}

static void emit_unary(struct compiler *compiler, const struct gen_tree *tree)
{
    emit(compiler, tree->args[0]);
    add(compiler, tree, tree->kind == GEN_TREE_NOT ? GEN_OP_NOT : GEN_OP_NEGATE, 0, 0);
}

static void emit_index(struct compiler *compiler, const struct gen_tree *tree)
{
    emit(compiler, tree->args[0]);
    emit(compiler, tree->args[1]);
    compiler->code[add(compiler, tree, GEN_OP_INDEX, 0, 0)].a = tree->optional;
    compiler->height--;
}

static void emit_literal(struct compiler *compiler, const struct gen_tree *tree)
{
    emit_constant(compiler, tree, tree->value);
}

typedef void emitter(struct compiler *compiler, const struct gen_tree *tree);

static emitter *const emitters[] = {
    [GEN_TREE_LITERAL] = emit_literal,
    [GEN_TREE_NAME] = emit_name,
    [GEN_TREE_SELECT] = emit_field,
    [GEN_TREE_TEST] = emit_field,
    [GEN_TREE_INDEX] = emit_index,
    [GEN_TREE_CALL] = emit_call,
    [GEN_TREE_LIST] = emit_entries,
    [GEN_TREE_MAP] = emit_entries,
    [GEN_TREE_LOOP] = emit_loop,
    [GEN_TREE_BIND] = emit_bind,
    [GEN_TREE_NOT] = emit_unary,
    [GEN_TREE_NEGATE] = emit_unary,
    [GEN_TREE_AND] = emit_logic,
    [GEN_TREE_OR] = emit_logic,
    [GEN_TREE_CONDITIONAL] = emit_conditional,
};

/* Leaves the value of `tree` on the stack. */
static void emit(struct compiler *compiler, const struct gen_tree *tree)
{
    if (compiler->status != GEN_OK) {
        return;
    }
    if (tree->kind >= GEN_TREE_ADD && tree->kind <= GEN_TREE_IN) {
        emit_binary(compiler, tree);
    } else {
        emitters[tree->kind](compiler, tree);
    }
}

static uint32_t nodes_of(const struct gen_tree *tree)
{
    uint32_t i, count = 1;

    for (i = 0; i < tree->count; i++) {
        count += tree->args[i] != NULL ? nodes_of(tree->args[i]) : 0;
    }
    return count;
}

/* Locals are numbered through the whole expression, of which this may be a part. */
static uint32_t locals_of(const struct gen_tree *tree)
{
    uint32_t most = tree->kind == GEN_TREE_LOOP || tree->kind == GEN_TREE_BIND ? tree->slot + 2 : 0;

    for (uint32_t i = 0; i < tree->count; i++) {
        uint32_t one = tree->args[i] != NULL ? locals_of(tree->args[i]) : 0;

        most = one > most ? one : most;
    }
    return most;
}

static bool make_room(struct compiler *compiler, uint32_t nodes, uint32_t locals)
{
    struct gen_arena *arena = compiler->arena;
    size_t most = (size_t)nodes * INSTRUCTIONS_A_NODE + 1;

    compiler->code = gen_arena_array(arena, most, sizeof(*compiler->code));
    compiler->offsets = gen_arena_array(arena, most, sizeof(*compiler->offsets));
    compiler->positions = gen_arena_array(arena, locals, sizeof(*compiler->positions));
    compiler->constants = gen_arena_array(arena, nodes, sizeof(*compiler->constants));
    compiler->keys = gen_arena_array(arena, nodes, sizeof(*compiler->keys));
    compiler->sites = gen_arena_array(arena, nodes, sizeof(*compiler->sites));
    compiler->patterns = gen_arena_array(arena, nodes, sizeof(struct gen_pattern *));
    compiler->optionals = gen_arena_array(arena, nodes, sizeof(const bool *));
    return !gen_arena_failed(arena);
}

enum gen_status gen_compiler_compile(const struct gen_tree *tree, struct gen_arena *arena,
                                     struct gen_expression *expression, struct gen_error *err)
{
    struct compiler compiler = {.out = expression, .arena = arena, .err = err};

    if (make_room(&compiler, nodes_of(tree), locals_of(tree))) {
        emit(&compiler, tree);
    }
    if (compiler.status != GEN_OK) {
        return compiler.status;
    }
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (compiler.deepest > DEEPEST_STACK) {
        return gen_error_set(err, GEN_ELIMIT, "the expression has too many parts in one place");
    }
    add(&compiler, tree, GEN_OP_END, 0, 0);
    GEN_CHECK(compiler.height == 1);
    expression->code = compiler.code;
    expression->offsets = compiler.offsets;
    expression->count = compiler.count;
    expression->constants = compiler.constants;
    expression->keys = compiler.keys;
    expression->sites = compiler.sites;
    expression->patterns = compiler.patterns;
    expression->optionals = compiler.optionals;
    expression->depth = compiler.deepest;
    return GEN_OK;
}
