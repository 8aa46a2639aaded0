/* folding.h - works out at load what only constants decide, and tells what can never work.
 *
 * The language makes 1/0, duration("1d") or now.getHours("Europe/Berln") a fault of the run, which && and
 * || may absorb. Nobody writes one on purpose, and a rule that only fails when it fires fails at night: so
 * whoever loads rules refuses it, also where an operator would absorb it or a branch is never taken.
 * It is NOT part of the language: gen_expression_compile does not do it, gen_expression_load does.
 *
 * What has constants only is run with the ordinary evaluator, and its value takes its place. A call that has
 * other arguments too is tried with samples of their types where its constants alone can make it fail.
 * Invariant: what a tree gives is the same after as before.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/folding_test.c
 */
#ifndef GEN_EXPR_FOLDING_H
#define GEN_EXPR_FOLDING_H

#include "expr/tree.h"
#include "expr/type.h"

struct gen_zones;

enum {
    GEN_FOLDING_STEPS = 20000, /* that one constant part may take: as much as a whole evaluation */
    GEN_FOLDING_ALL =
        1000000, /* that all of an expression may take; parts after that stay as they are */
};

/* Rewrites a checked tree. `zones` NULL: names of time zones are only looked at, and calls with them stay.
 * GEN_EINVAL with line and column of what can never work; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_folding_fold(struct gen_tree *tree,
                                                const struct gen_variable *variables,
                                                const struct gen_zones *zones, const char *text,
                                                size_t size, struct gen_arena *arena,
                                                struct gen_error *err);

#endif
