/* names.h - what a name in an expression means: a local of a macro, a variable, a type, a field of a record.
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/expression_test.c
 */
#ifndef GEN_EXPR_NAMES_H
#define GEN_EXPR_NAMES_H

#include "expr/tree.h"
#include "expr/type.h"

enum { GEN_NAMES_LONGEST = 250 }; /* bytes of a name with dots */

struct gen_local { /* a variable of a loop or a binding */
    const char *name;
    const struct gen_type *type;
    uint32_t number;
    const struct gen_local *outer;
};

struct gen_names {
    const struct gen_variable *variables; /* NULL = none */
    const struct gen_local *local;        /* innermost */
};

/* Makes a NAME, or a chain a.b.c of selections, what it means: sets its kind, slot and type. The whole chain
 * counts as one name here: the longest that is a variable wins. false: it means nothing. */
bool gen_names_resolve(const struct gen_names *names, struct gen_tree *tree);

/* Writes a chain a.b.c that does not begin with a local; false when it is none. */
bool gen_names_dotted(const struct gen_names *names, const struct gen_tree *tree, char *out,
                      size_t size);

/* Is `tree` a chain a.b where no a exists but some variable is called a.x? Then it is told: fills `err`. */
bool gen_names_misspelt(const struct gen_names *names, const struct gen_tree *tree,
                        struct gen_error *err);

/* "there is no "bugdet" here; did you mean ...": fills `err`. */
enum gen_status gen_names_unknown(const struct gen_names *names, const struct gen_tree *tree,
                                  struct gen_error *err);

/* The field that a SELECT or TEST names: sets slot and type. GEN_EINVAL: `shape` has no such field. */
enum gen_status gen_names_field(struct gen_tree *tree, const struct gen_shape *shape,
                                struct gen_error *err);

#endif
