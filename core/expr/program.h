/* program.h - a compiled expression: a short program for a stack of values.
 *
 * NOT here: how it is made (compiler.h) and run (evaluator.h).
 *
 * Invariant: every path through the code leaves exactly one value; the stack never holds more than
 * `depth`; jumps go forward, but for the one that closes a loop.
 * Thread: one at a time. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_PROGRAM_H
#define GEN_EXPR_PROGRAM_H

#include "expr/function.h"
#include "expr/pattern.h"
#include "expr/tree.h"
#include "expr/type.h"

enum gen_op {
    GEN_OP_END = 1,        /* the value on top is the result */
    GEN_OP_CONSTANT,       /* push constants[c] */
    GEN_OP_VARIABLE,       /* push variable c */
    GEN_OP_VARIABLE_FIELD, /* push field c of the record in variable b */
    GEN_OP_LOCAL,          /* push stack[c] */
    GEN_OP_FIELD,          /* top = field c of the record on top */
    GEN_OP_SELECT,         /* top = its entry keys[c]; a: 1 = as an optional */
    GEN_OP_TEST,           /* top = has it an entry keys[c]? */
    GEN_OP_TEST_FIELD,     /* top = has the record on top field c? */
    GEN_OP_INDEX,          /* pop b, top = top[b]; a: 1 = as an optional */
    GEN_OP_NOT,
    GEN_OP_NEGATE,
    GEN_OP_AND, /* pop b, top = top && b, where top is not false */
    GEN_OP_OR,
    GEN_OP_ADD, /* pop b, top = top + b; the following are in the order of enum gen_tree_kind */
    GEN_OP_SUBTRACT,
    GEN_OP_MULTIPLY,
    GEN_OP_DIVIDE,
    GEN_OP_REMAINDER,
    GEN_OP_EQUAL,
    GEN_OP_UNEQUAL,
    GEN_OP_LESS,
    GEN_OP_LESS_EQUAL,
    GEN_OP_GREATER,
    GEN_OP_GREATER_EQUAL,
    GEN_OP_IN,
    GEN_OP_JUMP,          /* to c */
    GEN_OP_JUMP_IF_FALSE, /* to c when top is false; it stays */
    GEN_OP_JUMP_IF_TRUE,
    GEN_OP_BRANCH,  /* pop: true goes on after the TARGET that follows, false jumps to c, anything
                        * else is a fault that stays on top and jumps to the TARGET's c */
    GEN_OP_TARGET,  /* never run */
    GEN_OP_CALL,    /* sites[c] with the b values on top */
    GEN_OP_MATCHES, /* top = does patterns[c] occur in it? */
    GEN_OP_LIST,    /* b values from the top; c: entry of `optionals` + 1, or 0 */
    GEN_OP_MAP,     /* b keys and values */
    GEN_OP_LOOP_BEGIN, /* opens a frame over the range on top (loop.h); a fault jumps to c */
    GEN_OP_LOOP_NEXT, /* sets the variables to the next element; none left: to c; b: what a turn costs */
    GEN_OP_LOOP_WHERE, /* pop: true goes on after the TARGET, false to c, a fault to the TARGET's c */
    GEN_OP_LOOP_STEP, /* pop into the result; undecided: back to c */
    GEN_OP_LOOP_END,  /* the frame becomes the result */
    GEN_OP_SLIDE,     /* drop the value under the top */
};

struct gen_instruction {
    uint8_t op; /* enum gen_op */
    uint8_t a;
    uint16_t b;
    uint32_t c;
};

struct gen_key { /* a field name in the text */
    const char *text;
    uint32_t size, hash;
};

struct gen_site { /* a call in the text */
    const char *name;
    bool method;
    const struct gen_overload *bound; /* the row, where the types tell; else NULL */
    const struct gen_overload *const *rows;
    uint32_t count;
};

struct gen_expression {
    const char *text;
    size_t size;
    const struct gen_variable *variables;
    const struct gen_type *type;
    const struct gen_instruction *code;
    const uint32_t *offsets; /* of each instruction in the text */
    uint32_t count;
    const struct gen_value *constants;
    const struct gen_key *keys;
    const struct gen_site *sites;
    struct gen_pattern *const *patterns;
    const bool *const *optionals;
    uint32_t depth;
};

#endif
