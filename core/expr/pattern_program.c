/* pattern_program.c - see pattern_program.h. Steps are made from the back: each part is given the
 * step that follows it, and says with which step it begins itself. */
#include "expr/pattern_program.h"

#include "expr/pattern_kinds.h"

#include <stdlib.h>
#include <string.h>

struct builder {
    struct gen_pattern_program *program;
    struct gen_arena *arena, *scratch;
    const struct gen_pattern_class **classes; /* each once, in the order of their addresses */
    uint32_t class_count;
    uint32_t chars_count; /* CHARS in the tree */
    uint32_t ranges;
    bool words, lines;                   /* assertions that look at word characters, at newlines */
    struct gen_pattern_class word, line; /* what these look at */
    struct gen_pattern_step *takes;      /* of each class: what a step of it takes */
    struct gen_error *err;
};

static enum gen_status no_memory(struct builder *builder)
{
    return gen_error_set(builder->err, GEN_ENOMEM, "regular expression: out of memory");
}

static enum gen_status too_large(struct builder *builder, const char *what, unsigned most)
{
    return gen_error_set(builder->err, GEN_ELIMIT,
                         "regular expression: it is too large, it makes more than %u %s", most,
                         what);
}

/* The steps of a tree; at most one more than GEN_PATTERN_STEPS. */
static uint64_t count_steps(struct builder *builder, const struct gen_pattern_tree *tree)
{
    uint64_t steps = 0, children = 0;

    for (const struct gen_pattern_tree *child = tree->first; child != NULL; child = child->next) {
        steps += count_steps(builder, child);
        children++;
    }
    switch (tree->kind) {
    case GEN_PATTERN_CHARS:
        builder->chars_count++;
        steps = 1;
        break;
    case GEN_PATTERN_ASSERT:
        builder->words = builder->words || tree->place >= GEN_PATTERN_WORD_EDGE;
        builder->lines = builder->lines || tree->place == GEN_PATTERN_BEGIN_LINE ||
                         tree->place == GEN_PATTERN_END_LINE;
        steps = 1;
        break;
    case GEN_PATTERN_ALTERNATE:
        steps += children - 1;
        break;
    case GEN_PATTERN_REPEAT:
        steps = tree->most == GEN_PATTERN_ENDLESS
                    ? steps * (uint64_t)(tree->least > 0 ? tree->least : 1) + 1
                    : steps * (uint64_t)tree->most + (uint64_t)(tree->most - tree->least);
        break;
    case GEN_PATTERN_EMPTY:
    case GEN_PATTERN_CONCAT:
        break;
    }
    return steps <= GEN_PATTERN_STEPS ? steps : GEN_PATTERN_STEPS + 1;
}

static void collect(struct builder *builder, const struct gen_pattern_tree *tree)
{
    if (tree->kind == GEN_PATTERN_CHARS) {
        builder->classes[builder->class_count++] = tree->chars;
    }
    for (const struct gen_pattern_tree *child = tree->first; child != NULL; child = child->next) {
        collect(builder, child);
    }
}

static int by_address(const void *a, const void *b)
{
    uintptr_t one = (uintptr_t) * (const void *const *)a;
    uintptr_t two = (uintptr_t) * (const void *const *)b;

    return (one > two) - (one < two);
}

/* The classes of the tree, and those that its assertions look at. */
static enum gen_status find_classes(struct builder *builder, const struct gen_pattern_tree *tree)
{
    bool known = false;
    uint32_t kept = 0;

    builder->classes = gen_arena_array(builder->scratch, builder->chars_count + 2,
                                       sizeof(*builder->classes));
    if (builder->classes == NULL ||
        !gen_pattern_class_letter(&builder->word, 'w', false, builder->scratch, &known) ||
        !gen_pattern_class_add(&builder->line, '\n', '\n', false, builder->scratch)) {
        return no_memory(builder);
    }
    collect(builder, tree);
    if (builder->words) {
        builder->classes[builder->class_count++] = &builder->word;
    }
    if (builder->lines) {
        builder->classes[builder->class_count++] = &builder->line;
    }
    qsort(builder->classes, builder->class_count, sizeof(*builder->classes), by_address);
    for (uint32_t i = 0; i < builder->class_count; i++) {
        if (i == 0 || builder->classes[i] != builder->classes[i - 1]) {
            builder->ranges += builder->classes[i]->count;
            if (builder->ranges > GEN_PATTERN_RANGES) {
                return too_large(builder, "ranges of characters", GEN_PATTERN_RANGES);
            }
            builder->classes[kept++] = builder->classes[i];
        }
    }
    builder->class_count = kept;
    return GEN_OK;
}

static enum gen_pattern_side side_of(const struct builder *builder, uint32_t codepoint)
{
    if (builder->lines && codepoint == '\n') {
        return GEN_PATTERN_NEWLINE;
    }
    return builder->words && gen_pattern_class_has(&builder->word, codepoint) ? GEN_PATTERN_WORD
                                                                              : GEN_PATTERN_OTHER;
}

/* The kinds of characters, in the program's own memory. */
static enum gen_status place_kinds(struct builder *builder, const struct gen_pattern_kinds *kinds)
{
    struct gen_pattern_program *program = builder->program;

    program->kind_count = kinds->count;
    program->broken = (uint16_t)kinds->count;
    program->end = (uint16_t)(kinds->count + 1);
    program->range_count = kinds->range_count;
    program->sides = gen_arena_alloc(builder->arena, kinds->count + 2);
    program->range_firsts = gen_arena_array(builder->arena, kinds->range_count,
                                            sizeof(*program->range_firsts));
    program->range_kinds = gen_arena_array(builder->arena, kinds->range_count,
                                           sizeof(*program->range_kinds));
    if (program->sides == NULL || program->range_firsts == NULL || program->range_kinds == NULL) {
        return no_memory(builder);
    }
    for (uint32_t i = 0; i < kinds->count; i++) {
        program->sides[i] = (uint8_t)side_of(builder, kinds->samples[i]);
    }
    program->sides[program->broken] = GEN_PATTERN_OTHER;
    program->sides[program->end] = GEN_PATTERN_EDGE;
    memcpy(program->range_firsts, kinds->firsts, kinds->range_count * sizeof(*kinds->firsts));
    memcpy(program->range_kinds, kinds->kinds, kinds->range_count * sizeof(*kinds->kinds));
    for (uint32_t c = 0; c < GEN_COUNT(program->ascii); c++) {
        program->ascii[c] = gen_pattern_program_kind(program, c);
    }
    return GEN_OK;
}

/* Which kinds each class holds: one, or bits. */
static enum gen_status place_classes(struct builder *builder, const struct gen_pattern_kinds *kinds)
{
    struct gen_pattern_program *program = builder->program;
    uint32_t words = kinds->count / 64 + 1, used = 0;

    if ((uint64_t)words * 64 * builder->class_count > GEN_PATTERN_BITS) {
        return too_large(builder, "classes times kinds of characters", GEN_PATTERN_BITS);
    }
    program->bits = gen_arena_array(builder->arena, (size_t)words * builder->class_count + 1,
                                    sizeof(uint64_t));
    builder->takes = gen_arena_array(builder->scratch, builder->class_count + 1,
                                     sizeof(*builder->takes));
    if (program->bits == NULL || builder->takes == NULL) {
        return no_memory(builder);
    }
    for (uint32_t i = 0; i < builder->class_count; i++) {
        struct gen_pattern_step *takes = &builder->takes[i];
        const struct gen_pattern_class *chars = builder->classes[i];

        if (chars->count == 1 && chars->ranges[0].first == chars->ranges[0].last) {
            takes->kind = gen_pattern_program_kind(program, chars->ranges[0].first);
            continue;
        }
        takes->kind = GEN_PATTERN_SEVERAL;
        takes->bits = used;
        for (uint32_t kind = 0; kind < kinds->count; kind++) {
            if (gen_pattern_class_has(chars, kinds->samples[kind])) {
                program->bits[used + kind / 64] |= UINT64_C(1) << (kind % 64);
            }
        }
        used += words;
    }
    return GEN_OK;
}

static uint16_t add(struct builder *builder, enum gen_pattern_op op, uint16_t next, uint16_t other)
{
    struct gen_pattern_program *program = builder->program;

    GEN_CHECK(program->count <= GEN_PATTERN_STEPS); /* counted before */
    program->steps[program->count] =
        (struct gen_pattern_step){.op = (uint8_t)op, .next = next, .other = other};
    return (uint16_t)program->count++;
}

static uint16_t emit(struct builder *builder, const struct gen_pattern_tree *tree, uint16_t next);

static uint16_t emit_chars(struct builder *builder, const struct gen_pattern_tree *tree,
                           uint16_t next)
{
    const struct gen_pattern_class *const key = tree->chars;
    const struct gen_pattern_class **found = bsearch(&key, builder->classes, builder->class_count,
                                                     sizeof(*builder->classes), by_address);
    uint16_t step = add(builder, GEN_PATTERN_OP_CHARS, next, 0);

    GEN_CHECK(found != NULL);
    builder->program->steps[step].kind = builder->takes[found - builder->classes].kind;
    builder->program->steps[step].bits = builder->takes[found - builder->classes].bits;
    return step;
}

static uint16_t emit_concat(struct builder *builder, const struct gen_pattern_tree *tree,
                            uint16_t next)
{
    for (const struct gen_pattern_tree *child = tree->last; child != NULL;
         child = child->previous) {
        next = emit(builder, child, next);
    }
    return next;
}

static uint16_t emit_alternate(struct builder *builder, const struct gen_pattern_tree *tree,
                               uint16_t next)
{
    uint16_t entry = emit(builder, tree->first, next);

    for (const struct gen_pattern_tree *child = tree->first->next; child != NULL;
         child = child->next) {
        entry = add(builder, GEN_PATTERN_OP_SPLIT, emit(builder, child, next), entry);
    }
    return entry;
}

static uint16_t emit_repeat(struct builder *builder, const struct gen_pattern_tree *tree,
                            uint16_t next)
{
    uint16_t entry = next, step;
    int32_t copies = tree->least;

    if (tree->most == GEN_PATTERN_ENDLESS) {
        step = add(builder, GEN_PATTERN_OP_SPLIT, next, next);
        entry = emit(builder, tree->first, step);
        builder->program->steps[step].next = entry;
        if (tree->least == 0) {
            entry = step;
        }
        copies--;
    }
    for (int32_t i = tree->least; i < tree->most; i++) { /* each may be the last one */
        step = emit(builder, tree->first, entry);
        if (step == entry) {
            break; /* it is nothing, however often */
        }
        entry = add(builder, GEN_PATTERN_OP_SPLIT, step, next);
    }
    for (int32_t i = 0; i < copies; i++) {
        step = emit(builder, tree->first, entry);
        if (step == entry) {
            break;
        }
        entry = step;
    }
    return entry;
}

static uint16_t emit(struct builder *builder, const struct gen_pattern_tree *tree, uint16_t next)
{
    uint16_t step;

    switch (tree->kind) {
    case GEN_PATTERN_CHARS:
        return emit_chars(builder, tree, next);
    case GEN_PATTERN_CONCAT:
        return emit_concat(builder, tree, next);
    case GEN_PATTERN_ALTERNATE:
        return emit_alternate(builder, tree, next);
    case GEN_PATTERN_REPEAT:
        return emit_repeat(builder, tree, next);
    case GEN_PATTERN_ASSERT:
        step = add(builder, GEN_PATTERN_OP_ASSERT, next, 0);
        builder->program->steps[step].place = (uint8_t)tree->place;
        return step;
    case GEN_PATTERN_EMPTY:
        break;
    }
    return next;
}

/* Can it only begin at the beginning of the text? */
static bool begins_text(const struct gen_pattern_tree *tree)
{
    const struct gen_pattern_tree *child = tree->first;

    switch (tree->kind) {
    case GEN_PATTERN_ASSERT:
        return tree->place == GEN_PATTERN_BEGIN;
    case GEN_PATTERN_CONCAT:
        return begins_text(child);
    case GEN_PATTERN_REPEAT:
        return tree->least > 0 && begins_text(child);
    case GEN_PATTERN_ALTERNATE:
        while (child != NULL && begins_text(child)) {
            child = child->next;
        }
        return child == NULL;
    case GEN_PATTERN_EMPTY:
    case GEN_PATTERN_CHARS:
        break;
    }
    return false;
}

enum gen_status gen_pattern_program_build(const struct gen_pattern_tree *tree,
                                          struct gen_arena *arena, struct gen_arena *scratch,
                                          struct gen_pattern_program *out, struct gen_error *err)
{
    struct builder builder = {.program = out, .arena = arena, .scratch = scratch, .err = err};
    struct gen_pattern_kinds kinds;
    uint64_t steps = count_steps(&builder, tree);
    enum gen_status status;

    *out = (struct gen_pattern_program){0};
    if (steps > GEN_PATTERN_STEPS) {
        return too_large(&builder, "steps", GEN_PATTERN_STEPS);
    }
    status = find_classes(&builder, tree);
    if (status != GEN_OK) {
        return status;
    }
    out->steps = gen_arena_array(arena, steps + 1, sizeof(*out->steps));
    if (out->steps == NULL ||
        !gen_pattern_kinds_find(builder.classes, builder.class_count, scratch, &kinds)) {
        return no_memory(&builder);
    }
    if (kinds.count >= GEN_PATTERN_KINDS) {
        return too_large(&builder, "kinds of characters", GEN_PATTERN_KINDS);
    }
    status = place_kinds(&builder, &kinds);
    if (status == GEN_OK) {
        status = place_classes(&builder, &kinds);
    }
    if (status == GEN_OK) {
        out->start = emit(&builder, tree, add(&builder, GEN_PATTERN_OP_MATCH, 0, 0));
        out->anchored = begins_text(tree);
    }
    return status;
}

uint16_t gen_pattern_program_kind(const struct gen_pattern_program *program, uint32_t codepoint)
{
    uint32_t low = 0, high = program->range_count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (program->range_firsts[middle] <= codepoint) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return program->range_kinds[low];
}
