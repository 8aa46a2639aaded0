/* function.h - a function of the language as a row of a table, and what it may use while it runs.
 *
 * NOT here: the functions (text_functions.h, math_functions.h, convert.h, time_functions.h) and how
 * a call finds its row (library.h).
 *
 * Invariant: a function sees only values that fit its signature, never a FAULT or NONE.
 * Thread: [any]; a run belongs to one thread. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_FUNCTION_H
#define GEN_EXPR_FUNCTION_H

#include "expr/value.h"

struct gen_zones; /* zone.h */

/* One evaluation: where results go, and what it may still cost. The caller sets it up. */
struct gen_run {
    struct gen_arena *arena;       /* all results; may be one that is cleared between runs */
    const struct gen_zones *zones; /* NULL = only UTC and fixed offsets */
    uint64_t budget;               /* steps left; about one for each operation or 16 bytes */
};

/* The steps that reading or writing `bytes` costs. false: the budget is used up, and the function
 * returns gen_run_exhausted. */
bool gen_run_charge(struct gen_run *run, uint64_t bytes);
struct gen_value gen_run_exhausted(void);
struct gen_value gen_run_no_memory(void);

typedef struct gen_value gen_function(struct gen_run *run, const struct gen_value *args,
                                      size_t count);

/* A signature is one letter a type: n null, b bool, i int, u uint, d double, s string, y bytes,
 * l list, m map, t timestamp, D duration, T type, * any, S list of strings.
 * "s.ii:s" is a method of a string with two ints that gives a string; "s:i" is a function. */
struct gen_overload { /* a table of these ends with name NULL */
    const char *name; /* "size", "math.greatest" */
    const char *signature;
    gen_function *run;
};

#endif
