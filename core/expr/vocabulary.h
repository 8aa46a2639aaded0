/* vocabulary.h - constants that a fact never is: job.priority == "hihg", job.tier == 4.
 *
 * Types carry the words (or numbers) that a value can be (struct gen_words), the fields of a record are
 * its names.
 * A comparison with any other is always false, which is never meant.
 * It is NOT the checker: the types fit already.
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/vocabulary_test.c
 */
#ifndef GEN_EXPR_VOCABULARY_H
#define GEN_EXPR_VOCABULARY_H

#include "expr/tree.h"
#include "expr/type.h"

/* Is it a text that is written there? */
bool gen_vocabulary_text(const struct gen_tree *tree);

/* Looks at one node whose arguments have types: == != in, and reading a map or record at a key. NULL:
 * nothing is wrong; else the node that is, and `err` says what, with a suggestion (not where). */
const struct gen_tree *gen_vocabulary_check(const struct gen_tree *tree, struct gen_error *err);

#endif
