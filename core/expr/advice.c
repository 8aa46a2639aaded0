/* advice.c - see advice.h. */
#include "expr/advice.h"

#include "base/check.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { ADVICE_SHOWN = 40 }; /* bytes of a token that a message shows */

enum advice_where {
    ADVICE_VALUE = 1, /* a value must begin here */
    ADVICE_OPERATOR,  /* an operator or the end must follow here */
    ADVICE_ANYWHERE,
};

struct advice_row { /* a table of these ends with text NULL; NULL = any token */
    enum advice_where where;
    const char *before, *found, *text;
};

static const struct advice_row rows[] = {
    {ADVICE_OPERATOR, "not", NULL, "use ! for not"},
    {ADVICE_OPERATOR, NULL, "and", "use && for and"},
    {ADVICE_OPERATOR, NULL, "AND", "use && for and"},
    {ADVICE_OPERATOR, NULL, "or", "use || for or"},
    {ADVICE_OPERATOR, NULL, "OR", "use || for or"},
    {ADVICE_OPERATOR, NULL, "not", "use !(a in b) for not in"},
    {ADVICE_OPERATOR, NULL, "is", "use == to compare"},
    {ADVICE_OPERATOR, NULL, "eq", "use == to compare"},
    {ADVICE_OPERATOR, NULL, "mod", "use % for the remainder"},
    {ADVICE_OPERATOR, NULL, "contains", "it is a method: a.contains(b)"},
    {ADVICE_OPERATOR, NULL, "matches", "it is a method: a.matches('pattern')"},
    {ADVICE_OPERATOR, NULL, "startsWith", "it is a method: a.startsWith(b)"},
    {ADVICE_OPERATOR, NULL, "endsWith", "it is a method: a.endsWith(b)"},
    {ADVICE_ANYWHERE, NULL, "if", "a choice is written condition ? a : b"},
    {ADVICE_OPERATOR, NULL, "then", "a choice is written condition ? a : b"},
    {ADVICE_OPERATOR, NULL, "else", "a choice is written condition ? a : b"},
    {ADVICE_VALUE, "<", ">", "use != for unequal"},
    {ADVICE_VALUE, "==", "=", "== is enough"},
    {ADVICE_VALUE, "!=", "=", "!= is enough"},
    {ADVICE_VALUE, "+", "=", "an expression changes nothing"},
    {ADVICE_VALUE, "-", "=", "an expression changes nothing"},
    {ADVICE_OPERATOR, NULL, "=", "use == to compare"},
    {ADVICE_ANYWHERE, "=", NULL, "use == to compare"},
    {ADVICE_ANYWHERE, NULL, "&", "use && for and"},
    {ADVICE_ANYWHERE, NULL, "|", "use || for or"},
    {ADVICE_OPERATOR, NULL, "^", "use math.bitXor(a, b), or a != b for bools"},
    {ADVICE_ANYWHERE, NULL, "~", "use math.bitNot(a), or a.matches('pattern')"},
    {ADVICE_VALUE, "*", "*", "there is no operator for powers"},
    {ADVICE_VALUE, "?", "?", "there is no ??; use a.?b.orValue(c)"},
    {ADVICE_ANYWHERE, NULL, "#", "a comment begins with //"},
    {ADVICE_ANYWHERE, "/", "*", "a comment begins with // and ends with its line"},
    {ADVICE_VALUE, NULL, "/", "a pattern is a string: a.matches('pattern')"},
    {ADVICE_ANYWHERE, NULL, "$", "variables are written without $"},
    {ADVICE_ANYWHERE, NULL, "@", "variables are written without @"},
    {ADVICE_ANYWHERE, NULL, ";", "an expression is one value and has no end sign"},
    {ADVICE_VALUE, ",", ")", "the last argument has no comma behind it"},
    {ADVICE_ANYWHERE, NULL, "\xE2\x80\x9C", "strings stand between plain quotes, ' or \""},
    {ADVICE_ANYWHERE, NULL, "\xE2\x80\x9D", "strings stand between plain quotes, ' or \""},
    {ADVICE_ANYWHERE, NULL, "\xE2\x80\x98", "strings stand between plain quotes, ' or \""},
    {ADVICE_ANYWHERE, NULL, "\xE2\x80\x99", "strings stand between plain quotes, ' or \""},
    {ADVICE_ANYWHERE, NULL, "\xE2\x80\x93", "that is a dash; use a minus sign, -"},
    {ADVICE_ANYWHERE, NULL, "\xE2\x88\x92", "that is not the minus sign of the keyboard, -"},
    {ADVICE_ANYWHERE, NULL, "\xE2\x89\xA4", "use <="},
    {ADVICE_ANYWHERE, NULL, "\xE2\x89\xA5", "use >="},
    {ADVICE_ANYWHERE, NULL, "\xE2\x89\xA0", "use !="},
    {ADVICE_ANYWHERE, NULL, "\xC2\xA0", "it looks like a space; write a plain one"},
    {0, NULL, NULL, NULL},
};

static bool is_text(const struct gen_lexer *lexer, const struct gen_token *token, const char *text)
{
    return strlen(text) == token->size &&
           memcmp(lexer->text + token->offset, text, token->size) == 0;
}

static bool is_string(const struct gen_token *token)
{
    return token->kind == GEN_TOKEN_STRING || token->kind == GEN_TOKEN_BYTES;
}

static bool is_number(const struct gen_token *token)
{
    return token->kind >= GEN_TOKEN_INT && token->kind <= GEN_TOKEN_DOUBLE;
}

/* Controls, unusual spaces and marks of direction: a message that shows them shows nothing. */
static bool is_invisible(const char *text, size_t size, uint32_t *codepoint)
{
    uint32_t c = 0;

    gen_utf8_next(text, size, &c);
    *codepoint = c;
    return c < ' ' || (c >= 0x7F && c <= 0xA0) || c == 0xAD || (c >= 0x2000 && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202F) || (c >= 0x2060 && c <= 0x206F) || c == 0x3000 ||
           c == 0xFEFF;
}

/* Two tokens without a space between them where an operator should be. */
static const char *advise_touching(const struct gen_lexer *lexer, const struct gen_token *before,
                                   const struct gen_token *found)
{
    char first = lexer->text[found->offset];

    if (is_number(before) && found->kind == GEN_TOKEN_NAME) {
        return first == '_' ? "a number is written without _"
                            : "a name does not begin with a digit, and units are strings: "
                              "duration('5s')";
    }
    if (is_string(before) && (found->kind == GEN_TOKEN_NAME || is_string(found))) {
        return "a quote within a string is written \\' or \\\", or the string stands between the "
               "other quotes";
    }
    if (before->kind == GEN_TOKEN_NAME && is_string(found)) {
        return "what stands before a string may be r (raw), b (bytes) or br";
    }
    return NULL;
}

const char *gen_advice_of(const struct gen_lexer *lexer, const struct gen_token *before,
                          const struct gen_token *found, bool value)
{
    const char *text = NULL;

    for (const struct advice_row *row = rows; row->text != NULL; row++) {
        if ((row->where == ADVICE_ANYWHERE || (row->where == ADVICE_VALUE) == value) &&
            (row->before == NULL || is_text(lexer, before, row->before)) &&
            (row->found == NULL || is_text(lexer, found, row->found))) {
            return row->text;
        }
    }
    if (value) {
        return found->kind == GEN_TOKEN_QUOTED ? "`name` stands only behind a dot: m.`name`" : NULL;
    }
    if (found->size > 0 && before->offset + before->size == found->offset) {
        text = advise_touching(lexer, before, found);
    }
    if (text == NULL && found->kind == GEN_TOKEN_DOUBLE && lexer->text[found->offset] == '.') {
        text = "an item of a list is written a[0]";
    }
    return text;
}

const char *gen_advice_found(const struct gen_lexer *lexer, const struct gen_token *token,
                             char *out, size_t size)
{
    const char *text = lexer->text + token->offset;
    size_t length = gen_utf8_cut(text, token->size, ADVICE_SHOWN);
    const char *more = length < token->size ? "..." : "";
    uint32_t codepoint = 0;

    GEN_CHECK(size > 0);
    if (token->kind == GEN_TOKEN_END) {
        snprintf(out, size, "end of expression");
    } else if (is_string(token)) {
        snprintf(out, size, "a string");
    } else if (is_number(token)) {
        snprintf(out, size, "the number %.*s%s", (int)length, text, more);
    } else if (token->kind == GEN_TOKEN_NAME && gen_lexer_reserved(text, token->size)) {
        snprintf(out, size, "the reserved word '%.*s'", (int)length, text);
    } else if (token->kind == GEN_TOKEN_OTHER && is_invisible(text, token->size, &codepoint)) {
        snprintf(out, size, "the invisible character U+%04X", (unsigned)codepoint);
    } else {
        snprintf(out, size, "'%.*s%s'", (int)length, text, more);
    }
    return out;
}
