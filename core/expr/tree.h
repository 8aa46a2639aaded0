/* tree.h - an expression as a syntax tree.
 *
 * NOT here: how it is read (parser.h), what its types are (checker.h), how it runs (program.h).
 *
 * Macros are gone already: `has` is TEST, `x.exists(i, ...)` is LOOP, `cel.bind` is BIND. Operators are
 * nodes of their own kinds. All nodes and texts live in the arena they were parsed in.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/parser_test.c
 */
#ifndef GEN_EXPR_TREE_H
#define GEN_EXPR_TREE_H

#include "expr/value.h"

enum gen_tree_kind {
    GEN_TREE_LITERAL = 1, /* value */
    GEN_TREE_NAME,        /* name; may begin with '.': root scope, name without it and `root` set */
    GEN_TREE_SELECT,      /* args[0].name; `optional` for .? */
    GEN_TREE_TEST,        /* has(args[0].name) */
    GEN_TREE_INDEX,       /* args[0][args[1]]; `optional` for [?] */
    GEN_TREE_CALL,        /* name(args...), or args[0].name(args[1]...) when `method` */
    GEN_TREE_LIST,        /* [args...] */
    GEN_TREE_MAP,         /* {args[0]: args[1], args[2]: ...} */
    GEN_TREE_LOOP, /* args[0] range, args[1] step, args[2] filter of map or NULL; `count` is 2
                           * without a filter (args[2] can be read all the same), else 3 */
    GEN_TREE_BIND, /* cel.bind(variable, args[0], args[1]) */
    GEN_TREE_NOT,  /* unary: args[0] */
    GEN_TREE_NEGATE,
    GEN_TREE_AND, /* a chain of two or more: a && b && c has args[0], args[1], args[2] */
    GEN_TREE_OR,
    GEN_TREE_ADD, /* binary: args[0], args[1] */
    GEN_TREE_SUBTRACT,
    GEN_TREE_MULTIPLY,
    GEN_TREE_DIVIDE,
    GEN_TREE_REMAINDER,
    GEN_TREE_EQUAL,
    GEN_TREE_UNEQUAL,
    GEN_TREE_LESS,
    GEN_TREE_LESS_EQUAL,
    GEN_TREE_GREATER,
    GEN_TREE_GREATER_EQUAL,
    GEN_TREE_IN,
    GEN_TREE_CONDITIONAL, /* args[0] ? args[1] : args[2] */
};

enum gen_loop_kind {
    GEN_LOOP_ALL = 1,
    GEN_LOOP_EXISTS,
    GEN_LOOP_EXISTS_ONE,
    GEN_LOOP_MAP, /* args[2] is the filter of map(x, filter, step), or NULL */
    GEN_LOOP_FILTER,
    GEN_LOOP_TRANSFORM_LIST, /* two variables; args[2] as in MAP */
    GEN_LOOP_TRANSFORM_MAP,
    GEN_LOOP_TRANSFORM_ENTRY,
};

struct gen_tree {
    enum gen_tree_kind kind;
    uint32_t offset; /* byte in the source where it stands: of a call its name, of an operator
                           * the operator */
    enum gen_loop_kind loop; /* LOOP */
    bool method, root, optional;
    const char *name;   /* NAME, SELECT, TEST, CALL; LOOP and BIND: the variable */
    const char *second; /* LOOP with two variables: the second, else NULL */
    struct gen_value value;
    struct gen_tree **args;
    uint32_t count;
    uint32_t height; /* trees inside each other, this one too; at most GEN_PARSER_DEEPEST */
    bool grouped;    /* stood in parentheses: (a.b).c is field c of a.b, never the name a.b.c */
    const bool *optionals;       /* LIST and MAP with [?a] or {?k: v}: one an entry; else NULL */
    const struct gen_type *type; /* set by the checker */
    bool local;                  /* set by the checker: NAME is of a LOOP or BIND */
    uint32_t slot; /* set by the checker: NAME: of its variable, or number of its local;
                                  * LOOP, BIND: number of the first variable (the second: + 1) */
};

#endif
