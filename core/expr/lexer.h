/* lexer.h - cuts the text of an expression into tokens, one at a time.
 *
 * NOT here: what a literal means (literal.h), which token may stand where (parser.h). A character that
 * means nothing is a token too (OTHER), so that the parser can say what stood there instead of what.
 *
 * Invariant: each token but END is at least one byte of the text; the text is valid UTF-8.
 * Source of the grammar: cel-spec, doc/langdef.md, section Syntax.
 * Thread: [any]. Floor: expr. Tests: tests/unit/expr/lexer_test.c
 */
#ifndef GEN_EXPR_LEXER_H
#define GEN_EXPR_LEXER_H

#include "base/error.h"

#include <stdbool.h>

enum gen_token_kind {
    GEN_TOKEN_END = 1,
    GEN_TOKEN_NAME,   /* reserved words too */
    GEN_TOKEN_QUOTED, /* `a-b` */
    GEN_TOKEN_INT,
    GEN_TOKEN_UINT,
    GEN_TOKEN_DOUBLE,
    GEN_TOKEN_STRING, /* with its prefix and quotes */
    GEN_TOKEN_BYTES,
    GEN_TOKEN_TRUE,
    GEN_TOKEN_FALSE,
    GEN_TOKEN_NULL,
    GEN_TOKEN_IN,
    GEN_TOKEN_OPEN, /* ( */
    GEN_TOKEN_CLOSE,
    GEN_TOKEN_OPEN_LIST, /* [ */
    GEN_TOKEN_CLOSE_LIST,
    GEN_TOKEN_OPEN_MAP, /* { */
    GEN_TOKEN_CLOSE_MAP,
    GEN_TOKEN_COMMA,
    GEN_TOKEN_COLON,
    GEN_TOKEN_QUESTION,
    GEN_TOKEN_DOT,
    GEN_TOKEN_PLUS,
    GEN_TOKEN_MINUS,
    GEN_TOKEN_STAR,
    GEN_TOKEN_SLASH,
    GEN_TOKEN_PERCENT,
    GEN_TOKEN_NOT,
    GEN_TOKEN_AND,
    GEN_TOKEN_OR,
    GEN_TOKEN_EQUAL,
    GEN_TOKEN_UNEQUAL,
    GEN_TOKEN_LESS,
    GEN_TOKEN_LESS_EQUAL,
    GEN_TOKEN_GREATER,
    GEN_TOKEN_GREATER_EQUAL,
    GEN_TOKEN_OTHER, /* one character without a meaning */
};

struct gen_token {
    enum gen_token_kind kind;
    uint32_t offset; /* byte in the text */
    uint32_t size;   /* bytes; 0 for END */
};

struct gen_lexer { /* set up with text, size and `at` 0; the text is borrowed */
    const char *text;
    uint32_t size;
    uint32_t at;
};

/* The next token; END again and again at the end. GEN_EINVAL, with its place: a string without an
 * end, a quoted name with a character that it may not have. */
GEN_MUST_CHECK enum gen_status gen_lexer_next(struct gen_lexer *lexer, struct gen_token *out,
                                              struct gen_error *err);

/* Is this word kept for the languages around, and so neither a variable nor a function? */
bool gen_lexer_reserved(const char *word, size_t size);

/* Line and column (1-based, in characters) of byte `offset`. */
void gen_lexer_place(const struct gen_lexer *lexer, uint32_t offset, uint32_t *line,
                     uint32_t *column);

/* Sets `err` (may be NULL) with the place of byte `offset`; returns `status`. */
enum gen_status gen_lexer_refuse(const struct gen_lexer *lexer, uint32_t offset,
                                 struct gen_error *err, enum gen_status status, const char *format,
                                 ...) GEN_PRINTF(5, 6);

#endif
