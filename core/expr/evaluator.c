/* evaluator.c - see evaluator.h. */
#include "expr/evaluator.h"

#include "expr/library.h"
#include "expr/loop_frame.h"
#include "expr/operators.h"
#include "expr/part.h"

#include <stdio.h>

enum { SMALL_STACK = 48 };

struct machine {
    const struct gen_expression *expression;
    const struct gen_value *variables;
    struct gen_run *run;
    struct gen_value *stack, *top; /* top: the newest value */
};

/* ---- slow paths: each gives a value, often a fault ---- */

static struct gen_value unset(struct machine *machine, uint32_t variable)
{
    return gen_value_fault(machine->run->arena, "%s is not set",
                           machine->expression->variables[variable].name);
}

/* Both sides are there; `a` did not decide alone. */
static struct gen_value combine(struct machine *machine, bool deciding, struct gen_value a,
                                struct gen_value b)
{
    a = gen_frame_truth(machine->run, a);
    b = gen_frame_truth(machine->run, b);
    if (b.kind == GEN_KIND_BOOL && b.as.boolean == deciding) {
        return b;
    }
    return a.kind == GEN_KIND_FAULT ? a : b;
}

static struct gen_value refused_call(struct machine *machine, const struct gen_site *site,
                                     const struct gen_value *args, uint32_t count)
{
    char list[160] = "";
    size_t used = 0;
    uint32_t i;

    for (i = site->method ? 1 : 0; i < count && used < sizeof(list) - 32; i++) {
        used += (size_t)snprintf(list + used, sizeof(list) - used, ", %s",
                                 gen_value_type_name(args[i]));
    }
    return gen_value_fault(machine->run->arena, "no such overload: %s%s%s(%s)",
                           site->method ? gen_value_type_name(args[0]) : "",
                           site->method ? "." : "", site->name, used > 0 ? list + 2 : "");
}

static struct gen_value call(struct machine *machine, const struct gen_site *site,
                             const struct gen_value *args, uint32_t count)
{
    uint32_t i;

    for (i = 0; i < count; i++) {
        if (args[i].kind == GEN_KIND_FAULT) {
            return args[i];
        }
    }
    if (!gen_run_charge(machine->run, 0)) {
        return gen_run_exhausted();
    }
    if (site->bound != NULL) {
        return site->bound->run(machine->run, args, count);
    }
    for (i = 0; i < site->count; i++) {
        if (gen_library_accepts(site->rows[i], args, count)) {
            return site->rows[i]->run(machine->run, args, count);
        }
    }
    return refused_call(machine, site, args, count);
}

static struct gen_value matches(struct machine *machine, const struct gen_pattern *pattern,
                                struct gen_value text)
{
    if (text.kind == GEN_KIND_FAULT) {
        return text;
    }
    if (text.kind != GEN_KIND_STRING) {
        return gen_value_fault(machine->run->arena, "no such overload: %s.matches(string)",
                               gen_value_type_name(text));
    }
    if (!gen_run_charge(machine->run,
                        (uint64_t)text.size * (1 + gen_pattern_steps(pattern) / 16))) {
        return gen_run_exhausted();
    }
    return gen_value_bool(gen_pattern_match(pattern, text.as.text, text.size));
}

/* A fault that does not know its place yet gets the place of the instruction. */
static struct gen_value located(struct machine *machine, struct gen_value value, uint32_t offset)
{
    struct gen_fault *fault;

    if (value.as.fault->offset != 0) {
        return value;
    }
    fault = gen_arena_alloc(machine->run->arena, sizeof(*fault));
    if (fault != NULL) {
        *fault = *value.as.fault;
        fault->offset = offset + 1;
        value.as.fault = fault;
    }
    return value;
}

/* ---- the operations: each does its part and says what comes next; NULL ends the run ---- */

typedef const struct gen_instruction *operation(struct machine *machine,
                                                const struct gen_instruction *at);

/* Ends an operation that may have left a fault on top. */
static const struct gen_instruction *judged(struct machine *machine,
                                            const struct gen_instruction *at)
{
    const struct gen_expression *expression = machine->expression;

    if (machine->top->kind == GEN_KIND_FAULT) {
        *machine->top = located(machine, *machine->top, expression->offsets[at - expression->code]);
        if (machine->top->as.fault->final) {
            return NULL;
        }
    }
    return at + 1;
}

static const struct gen_instruction *do_end(struct machine *machine,
                                            const struct gen_instruction *at)
{
    (void)machine;
    (void)at;
    return NULL;
}

static const struct gen_instruction *do_constant(struct machine *machine,
                                                 const struct gen_instruction *at)
{
    *++machine->top = machine->expression->constants[at->c];
    return at + 1;
}

static const struct gen_instruction *do_variable(struct machine *machine,
                                                 const struct gen_instruction *at)
{
    *++machine->top = machine->variables[at->c];
    if (machine->top->kind != GEN_KIND_NONE) {
        return at + 1;
    }
    *machine->top = unset(machine, at->c);
    return judged(machine, at);
}

static const struct gen_instruction *do_variable_field(struct machine *machine,
                                                       const struct gen_instruction *at)
{
    struct gen_value from = machine->variables[at->b];

    if (from.kind == GEN_KIND_RECORD) {
        *++machine->top = from.as.record->fields[at->c];
        if (machine->top->kind != GEN_KIND_NONE) {
            return at + 1;
        }
        *machine->top = gen_part_field(machine->run, from, at->c);
        return judged(machine, at);
    }
    *++machine->top = from.kind == GEN_KIND_NONE ? unset(machine, at->b)
                                                 : gen_part_field(machine->run, from, at->c);
    return judged(machine, at);
}

static const struct gen_instruction *do_local(struct machine *machine,
                                              const struct gen_instruction *at)
{
    *++machine->top = machine->stack[at->c];
    return at + 1;
}

static const struct gen_instruction *do_field(struct machine *machine,
                                              const struct gen_instruction *at)
{
    *machine->top = gen_part_field(machine->run, *machine->top, at->c);
    return judged(machine, at);
}

static const struct gen_instruction *do_select(struct machine *machine,
                                               const struct gen_instruction *at)
{
    const struct gen_key *key = &machine->expression->keys[at->c];
    const struct gen_value *found = NULL;

    if (machine->top->kind == GEN_KIND_MAP && at->a == 0) {
        found = gen_table_find(machine->top->as.table, key->text, key->size, key->hash);
    }
    if (found != NULL) {
        *machine->top = *found;
        return at + 1;
    }
    *machine->top = gen_part_key(machine->run, *machine->top, key, at->a != 0);
    return judged(machine, at);
}

static const struct gen_instruction *do_test(struct machine *machine,
                                             const struct gen_instruction *at)
{
    *machine->top = gen_part_test(machine->run, *machine->top, &machine->expression->keys[at->c]);
    return judged(machine, at);
}

static const struct gen_instruction *do_test_field(struct machine *machine,
                                                   const struct gen_instruction *at)
{
    if (machine->top->kind == GEN_KIND_RECORD) {
        *machine->top = gen_value_bool(machine->top->as.record->fields[at->c].kind !=
                                       GEN_KIND_NONE);
    }
    return at + 1;
}

static const struct gen_instruction *do_index(struct machine *machine,
                                              const struct gen_instruction *at)
{
    struct gen_value *top = --machine->top;

    *top = gen_part_index(machine->run, top[0], top[1], at->a != 0);
    return judged(machine, at);
}

static const struct gen_instruction *do_not(struct machine *machine,
                                            const struct gen_instruction *at)
{
    *machine->top = gen_frame_truth(machine->run, *machine->top);
    if (machine->top->kind == GEN_KIND_BOOL) {
        machine->top->as.natural = !machine->top->as.boolean;
        return at + 1;
    }
    return judged(machine, at);
}

static const struct gen_instruction *do_negate(struct machine *machine,
                                               const struct gen_instruction *at)
{
    *machine->top = gen_operator_negate(machine->run, *machine->top);
    return judged(machine, at);
}

/* && and ||; the first side did not decide, or a jump had gone past this. */
static const struct gen_instruction *do_combine(struct machine *machine,
                                                const struct gen_instruction *at)
{
    struct gen_value *top = --machine->top;

    if (top[0].kind == GEN_KIND_BOOL && top[1].kind == GEN_KIND_BOOL) {
        top[0] = top[1];
        return at + 1;
    }
    *top = combine(machine, at->op == GEN_OP_OR, top[0], top[1]);
    return judged(machine, at);
}

static const struct gen_instruction *do_binary(struct machine *machine,
                                               const struct gen_instruction *at)
{
    struct gen_value *top = --machine->top;

    *top = gen_operator_binary(
        machine->run, (enum gen_tree_kind)(at->op - GEN_OP_ADD + GEN_TREE_ADD), top[0], top[1]);
    return judged(machine, at);
}

static const struct gen_instruction *binary_slowly(struct machine *machine,
                                                   const struct gen_instruction *at)
{
    machine->top++;
    return do_binary(machine, at);
}

/* Doubles, and ints that fit, need no more than a machine instruction; the rest goes the long way. */
#define GEN_ARITHMETIC(name, sign, overflows) \
    static const struct gen_instruction *name(struct machine *machine, \
                                              const struct gen_instruction *at) \
    { \
        struct gen_value *top = --machine->top; \
        int64_t whole; \
\
        if (top[0].kind == GEN_KIND_DOUBLE && top[1].kind == GEN_KIND_DOUBLE) { \
            top[0].as.real = top[0].as.real sign top[1].as.real; \
            return at + 1; \
        } \
        if (top[0].kind == GEN_KIND_INT && top[1].kind == GEN_KIND_INT && \
            !overflows(top[0].as.integer, top[1].as.integer, &whole)) { \
            top[0].as.integer = whole; \
            return at + 1; \
        } \
        return binary_slowly(machine, at); \
    }

GEN_ARITHMETIC(do_add, +, __builtin_add_overflow)
GEN_ARITHMETIC(do_subtract, -, __builtin_sub_overflow)
GEN_ARITHMETIC(do_multiply, *, __builtin_mul_overflow)

#define GEN_COMPARISON(name, sign) \
    static const struct gen_instruction *name(struct machine *machine, \
                                              const struct gen_instruction *at) \
    { \
        struct gen_value *top = --machine->top; \
\
        if (top[0].kind == GEN_KIND_DOUBLE && top[1].kind == GEN_KIND_DOUBLE) { \
            *top = gen_value_bool(top[0].as.real sign top[1].as.real); \
            return at + 1; \
        } \
        if (top[0].kind == GEN_KIND_INT && top[1].kind == GEN_KIND_INT) { \
            *top = gen_value_bool(top[0].as.integer sign top[1].as.integer); \
            return at + 1; \
        } \
        return binary_slowly(machine, at); \
    }

GEN_COMPARISON(do_less, <)
GEN_COMPARISON(do_less_equal, <=)
GEN_COMPARISON(do_greater, >)
GEN_COMPARISON(do_greater_equal, >=)

static const struct gen_instruction *do_jump(struct machine *machine,
                                             const struct gen_instruction *at)
{
    return machine->expression->code + at->c;
}

static const struct gen_instruction *do_jump_if(struct machine *machine,
                                                const struct gen_instruction *at)
{
    const struct gen_value *top = machine->top;

    return top->kind == GEN_KIND_BOOL && top->as.boolean == (at->op == GEN_OP_JUMP_IF_TRUE)
               ? machine->expression->code + at->c
               : at + 1;
}

/* BRANCH and LOOP_WHERE: true, false, or a fault that stays on top (of a loop: in its result). */
static const struct gen_instruction *do_branch(struct machine *machine,
                                               const struct gen_instruction *at)
{
    struct gen_value *top = machine->top;

    if (top->kind == GEN_KIND_BOOL) {
        machine->top--;
        return top->as.boolean ? at + 2 : machine->expression->code + at->c;
    }
    *top = gen_frame_truth(machine->run, *top);
    if (judged(machine, at) == NULL) {
        return NULL;
    }
    if (at->op == GEN_OP_LOOP_WHERE) {
        machine->top--;
        machine->top[GEN_FRAME_RESULT - GEN_FRAME_SECOND] = *top;
    }
    return machine->expression->code + at[1].c;
}

static const struct gen_instruction *do_call(struct machine *machine,
                                             const struct gen_instruction *at)
{
    struct gen_value *args = machine->top - at->b + 1;

    *args = call(machine, &machine->expression->sites[at->c], args, at->b);
    machine->top = args;
    return judged(machine, at);
}

static const struct gen_instruction *do_matches(struct machine *machine,
                                                const struct gen_instruction *at)
{
    *machine->top = matches(machine, machine->expression->patterns[at->c], *machine->top);
    return judged(machine, at);
}

static const struct gen_instruction *do_entries(struct machine *machine,
                                                const struct gen_instruction *at)
{
    struct gen_value *args = machine->top - at->b + 1;
    const bool *optionals = at->c > 0 ? machine->expression->optionals[at->c - 1] : NULL;

    if (!gen_run_charge(machine->run, at->b * sizeof(*args))) {
        machine->top = args;
        *args = gen_run_exhausted();
    } else {
        *args = at->op == GEN_OP_LIST ? gen_part_list(machine->run, args, at->b, optionals)
                                      : gen_part_map(machine->run, args, at->b, optionals);
    }
    machine->top = args;
    return judged(machine, at);
}

static const struct gen_instruction *do_loop_begin(struct machine *machine,
                                                   const struct gen_instruction *at)
{
    if (gen_frame_begin(machine->run, machine->top, (enum gen_loop_kind)at->a)) {
        machine->top += GEN_FRAME_SIZE - 1;
        return at + 1;
    }
    return judged(machine, at) != NULL ? machine->expression->code + at->c : NULL;
}

static const struct gen_instruction *do_loop_next(struct machine *machine,
                                                  const struct gen_instruction *at)
{
    struct gen_value *frame = machine->top - GEN_FRAME_SECOND;

    if (machine->run->budget <= at->b) {
        machine->run->budget = 0;
        *machine->top = gen_run_exhausted();
        return judged(machine, at);
    }
    machine->run->budget -= at->b;
    return gen_frame_next(frame, at->a != 0) ? at + 1 : machine->expression->code + at->c;
}

static const struct gen_instruction *do_loop_step(struct machine *machine,
                                                  const struct gen_instruction *at)
{
    struct gen_value value = *machine->top--;
    struct gen_value *result = machine->top - GEN_FRAME_SECOND + GEN_FRAME_RESULT;
    bool more = gen_frame_step(machine->run, result - GEN_FRAME_RESULT, (enum gen_loop_kind)at->a,
                               value);

    if (result->kind == GEN_KIND_FAULT && result->as.fault->offset == 0) {
        *result = located(machine, *result,
                          machine->expression->offsets[at - machine->expression->code]);
    }
    return more ? machine->expression->code + at->c : at + 1;
}

static const struct gen_instruction *do_loop_end(struct machine *machine,
                                                 const struct gen_instruction *at)
{
    struct gen_value *frame = machine->top - GEN_FRAME_SECOND;

    *frame = gen_frame_result(frame, (enum gen_loop_kind)at->a);
    machine->top = frame;
    return judged(machine, at);
}

static const struct gen_instruction *do_slide(struct machine *machine,
                                              const struct gen_instruction *at)
{
    machine->top--;
    machine->top[0] = machine->top[1];
    return at + 1;
}

static operation *const operations[] = {
    [GEN_OP_END] = do_end,
    [GEN_OP_CONSTANT] = do_constant,
    [GEN_OP_VARIABLE] = do_variable,
    [GEN_OP_VARIABLE_FIELD] = do_variable_field,
    [GEN_OP_LOCAL] = do_local,
    [GEN_OP_FIELD] = do_field,
    [GEN_OP_SELECT] = do_select,
    [GEN_OP_TEST] = do_test,
    [GEN_OP_TEST_FIELD] = do_test_field,
    [GEN_OP_INDEX] = do_index,
    [GEN_OP_NOT] = do_not,
    [GEN_OP_NEGATE] = do_negate,
    [GEN_OP_AND] = do_combine,
    [GEN_OP_OR] = do_combine,
    [GEN_OP_ADD] = do_add,
    [GEN_OP_SUBTRACT] = do_subtract,
    [GEN_OP_MULTIPLY] = do_multiply,
    [GEN_OP_DIVIDE] = do_binary,
    [GEN_OP_REMAINDER] = do_binary,
    [GEN_OP_EQUAL] = do_binary,
    [GEN_OP_UNEQUAL] = do_binary,
    [GEN_OP_LESS] = do_less,
    [GEN_OP_LESS_EQUAL] = do_less_equal,
    [GEN_OP_GREATER] = do_greater,
    [GEN_OP_GREATER_EQUAL] = do_greater_equal,
    [GEN_OP_IN] = do_binary,
    [GEN_OP_JUMP] = do_jump,
    [GEN_OP_JUMP_IF_FALSE] = do_jump_if,
    [GEN_OP_JUMP_IF_TRUE] = do_jump_if,
    [GEN_OP_BRANCH] = do_branch,
    [GEN_OP_TARGET] = do_end,
    [GEN_OP_CALL] = do_call,
    [GEN_OP_MATCHES] = do_matches,
    [GEN_OP_LIST] = do_entries,
    [GEN_OP_MAP] = do_entries,
    [GEN_OP_LOOP_BEGIN] = do_loop_begin,
    [GEN_OP_LOOP_NEXT] = do_loop_next,
    [GEN_OP_LOOP_WHERE] = do_branch,
    [GEN_OP_LOOP_STEP] = do_loop_step,
    [GEN_OP_LOOP_END] = do_loop_end,
    [GEN_OP_SLIDE] = do_slide,
};

struct gen_value gen_evaluator_run(const struct gen_expression *expression,
                                   const struct gen_value *variables, struct gen_run *run)
{
    struct gen_value small[SMALL_STACK];
    struct machine machine = {expression, variables, run, small, NULL};
    const struct gen_instruction *at = expression->code;

    if (expression->depth > SMALL_STACK) {
        machine.stack = gen_arena_array(run->arena, expression->depth, sizeof(*machine.stack));
        if (machine.stack == NULL) {
            return gen_run_no_memory();
        }
    }
    if (run->budget <= expression->count) {
        run->budget = 0;
        return gen_run_exhausted();
    }
    run->budget -= expression->count; /* all that is straight */
    machine.top = machine.stack - 1;
    while (at != NULL) {
        at = operations[at->op](&machine, at);
    }
    return *machine.top;
}
