/* literal.h - what a number, string or bytes token means.
 *
 * NOT here: where a token begins and ends (lexer.h).
 *
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/literal_test.c
 */
#ifndef GEN_EXPR_LITERAL_H
#define GEN_EXPR_LITERAL_H

#include "expr/lexer.h"
#include "expr/value.h"

/* The value of an INT, UINT or DOUBLE token, with the minus sign that stood in front of an INT or
 * DOUBLE: -9223372036854775808 is an int though 9223372036854775808 is none. GEN_EINVAL, with its
 * place: it does not fit. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_literal_number(const struct gen_lexer *lexer,
                                                  const struct gen_token *token, bool negative,
                                                  struct gen_arena *arena, struct gen_value *out,
                                                  struct gen_error *err);

/* The value of a STRING or BYTES token; its text is in `arena`, with a NUL behind it. A line break
 * within it is one '\n', however the file ends its lines. GEN_EINVAL, with the place of an escape that
 * there is not; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_literal_text(const struct gen_lexer *lexer,
                                                const struct gen_token *token,
                                                struct gen_arena *arena, struct gen_value *out,
                                                struct gen_error *err);

#endif
