/* advice.h - what somebody meant who wrote something else: `and`, `=`, `<>`, 'it's'.
 *
 * NOT here: names that do not exist (checker.h suggests those).
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/parser_test.c
 */
#ifndef GEN_EXPR_ADVICE_H
#define GEN_EXPR_ADVICE_H

#include "expr/lexer.h"

/* "'abc'", "the number 12", "a string", "end of expression". Cut at `size`; returns `out`. */
const char *gen_advice_found(const struct gen_lexer *lexer, const struct gen_token *token,
                             char *out, size_t size);

/* A sentence for a slip that people make, or NULL. `found` stands where a value must begin (`value`), or
 * where an operator or the end must follow; `before` is the token in front of it (size 0: none). */
const char *gen_advice_of(const struct gen_lexer *lexer, const struct gen_token *before,
                          const struct gen_token *found, bool value);

#endif
