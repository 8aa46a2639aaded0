/* lexer.c - see lexer.h. */
#include "expr/lexer.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    char text[4];
    enum gen_token_kind kind;
} symbols[] = {
    /* the longer of two that begin alike stands first */
    {"&&", GEN_TOKEN_AND},       {"||", GEN_TOKEN_OR},         {"==", GEN_TOKEN_EQUAL},
    {"!=", GEN_TOKEN_UNEQUAL},   {"<=", GEN_TOKEN_LESS_EQUAL}, {">=", GEN_TOKEN_GREATER_EQUAL},
    {"<", GEN_TOKEN_LESS},       {">", GEN_TOKEN_GREATER},     {"!", GEN_TOKEN_NOT},
    {"(", GEN_TOKEN_OPEN},       {")", GEN_TOKEN_CLOSE},       {"[", GEN_TOKEN_OPEN_LIST},
    {"]", GEN_TOKEN_CLOSE_LIST}, {"{", GEN_TOKEN_OPEN_MAP},    {"}", GEN_TOKEN_CLOSE_MAP},
    {",", GEN_TOKEN_COMMA},      {":", GEN_TOKEN_COLON},       {"?", GEN_TOKEN_QUESTION},
    {".", GEN_TOKEN_DOT},        {"+", GEN_TOKEN_PLUS},        {"-", GEN_TOKEN_MINUS},
    {"*", GEN_TOKEN_STAR},       {"/", GEN_TOKEN_SLASH},       {"%", GEN_TOKEN_PERCENT},
    {"", GEN_TOKEN_OTHER},
};

static const struct {
    const char *text;
    enum gen_token_kind kind;
} words[] = {
    {"true", GEN_TOKEN_TRUE}, {"false", GEN_TOKEN_FALSE}, {"null", GEN_TOKEN_NULL},
    {"in", GEN_TOKEN_IN},     {NULL, GEN_TOKEN_NAME},
};

/* ctype.h asks the locale; these do not. */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* The byte `ahead` of where the lexer stands; NUL behind the end. */
static char peek(const struct gen_lexer *lexer, uint32_t ahead)
{
    return ahead < lexer->size - lexer->at ? lexer->text[lexer->at + ahead] : '\0';
}

bool gen_lexer_reserved(const char *word, size_t size)
{
    static const char *const reserved[] = {
        "as",  "break", "const",   "continue",  "else",   "for", "function", "if",    "import",
        "let", "loop",  "package", "namespace", "return", "var", "void",     "while", NULL,
    };

    for (size_t i = 0; reserved[i] != NULL; i++) {
        if (strlen(reserved[i]) == size && memcmp(reserved[i], word, size) == 0) {
            return true;
        }
    }
    return false;
}

void gen_lexer_place(const struct gen_lexer *lexer, uint32_t offset, uint32_t *line,
                     uint32_t *column)
{
    uint32_t begin = 0;

    offset = offset < lexer->size ? offset : lexer->size;
    *line = 1;
    for (uint32_t i = 0; i < offset; i++) {
        if (lexer->text[i] == '\n') {
            *line += 1;
            begin = i + 1;
        }
    }
    *column = 1 + (uint32_t)gen_utf8_count(lexer->text + begin, offset - begin);
}

enum gen_status gen_lexer_refuse(const struct gen_lexer *lexer, uint32_t offset,
                                 struct gen_error *err, enum gen_status status, const char *format,
                                 ...)
{
    char message[GEN_ERROR_MESSAGE_SIZE];
    uint32_t line, column;
    va_list values;

    va_start(values, format);
    vsnprintf(message, sizeof(message), format, values);
    va_end(values);
    gen_error_set(err, status, "%s", message);
    gen_lexer_place(lexer, offset, &line, &column);
    gen_error_place(err, NULL, line, column, NULL);
    return status;
}

/* White space, and comments from // to the end of the line. */
static void skip_space(struct gen_lexer *lexer)
{
    while (lexer->at < lexer->size) {
        if (strchr("\t\n\f\r ", peek(lexer, 0)) != NULL && peek(lexer, 0) != '\0') {
            lexer->at++;
        } else if (peek(lexer, 0) == '/' && peek(lexer, 1) == '/') {
            while (lexer->at < lexer->size && peek(lexer, 0) != '\n' && peek(lexer, 0) != '\r') {
                lexer->at++;
            }
        } else {
            return;
        }
    }
}

static uint32_t count_digits(const struct gen_lexer *lexer, uint32_t from)
{
    uint32_t end = from;

    while (is_digit(peek(lexer, end))) {
        end++;
    }
    return end - from;
}

/* DIGIT+ | 0x HEXDIGIT+, each with u; DIGIT* . DIGIT+ EXPONENT? | DIGIT+ EXPONENT. */
static enum gen_token_kind measure_number(const struct gen_lexer *lexer, uint32_t *size)
{
    enum gen_token_kind kind = GEN_TOKEN_INT;
    uint32_t end = count_digits(lexer, 0);
    uint32_t sign;

    if (end == 1 && peek(lexer, 0) == '0' && (peek(lexer, 1) == 'x' || peek(lexer, 1) == 'X') &&
        is_hex(peek(lexer, 2))) {
        for (end = 3; is_hex(peek(lexer, end));) {
            end++;
        }
    } else {
        if (peek(lexer, end) == '.' && is_digit(peek(lexer, end + 1))) {
            end += 1 + count_digits(lexer, end + 1);
            kind = GEN_TOKEN_DOUBLE;
        }
        if (peek(lexer, end) == 'e' || peek(lexer, end) == 'E') {
            sign = peek(lexer, end + 1) == '+' || peek(lexer, end + 1) == '-' ? 1 : 0;
            if (is_digit(peek(lexer, end + 1 + sign))) {
                end += 1 + sign + count_digits(lexer, end + 1 + sign);
                kind = GEN_TOKEN_DOUBLE;
            }
        }
    }
    if (kind == GEN_TOKEN_INT && (peek(lexer, end) == 'u' || peek(lexer, end) == 'U')) {
        end++;
        kind = GEN_TOKEN_UINT;
    }
    *size = end;
    return kind;
}

/* Bytes of the prefix when a string begins here: [bB]?[rR]? and a quote; -1 when none does. */
static int string_prefix(const struct gen_lexer *lexer, bool *bytes, bool *raw)
{
    uint32_t at = 0;

    *bytes = peek(lexer, at) == 'b' || peek(lexer, at) == 'B';
    at += *bytes ? 1 : 0;
    *raw = peek(lexer, at) == 'r' || peek(lexer, at) == 'R';
    at += *raw ? 1 : 0;
    return peek(lexer, at) == '"' || peek(lexer, at) == '\'' ? (int)at : -1;
}

static enum gen_status measure_string(const struct gen_lexer *lexer, uint32_t prefix, bool raw,
                                      uint32_t *size, struct gen_error *err)
{
    char quote = peek(lexer, prefix);
    bool triple = peek(lexer, prefix + 1) == quote && peek(lexer, prefix + 2) == quote;
    uint32_t at = prefix + (triple ? 3 : 1);
    uint32_t left = lexer->size - lexer->at;

    while (at < left) {
        char c = peek(lexer, at);

        if (c == quote &&
            (!triple || (peek(lexer, at + 1) == quote && peek(lexer, at + 2) == quote))) {
            *size = at + (triple ? 3 : 1);
            return GEN_OK;
        }
        if (!triple && (c == '\n' || c == '\r')) {
            return gen_lexer_refuse(lexer, lexer->at, err, GEN_EINVAL,
                                    "expected %c to close the string before the end of the line; a "
                                    "text of several lines stands between %c%c%c and %c%c%c",
                                    quote, quote, quote, quote, quote, quote, quote);
        }
        at += c == '\\' && !raw && at + 1 < left ? 2 : 1;
    }
    return gen_lexer_refuse(lexer, lexer->at, err, GEN_EINVAL,
                            "expected %.*s to close the string that begins here, found the end of "
                            "the expression",
                            triple ? 3 : 1, quote == '"' ? "\"\"\"" : "'''");
}

/* `...`, a field name of letters, digits and _ . - / and space. */
static enum gen_status measure_quoted(const struct gen_lexer *lexer, uint32_t *size,
                                      struct gen_error *err)
{
    uint32_t at = 1;
    char c;

    for (c = peek(lexer, at); c != '`'; c = peek(lexer, ++at)) {
        if (c == '\0' && lexer->at + at >= lexer->size) {
            return gen_lexer_refuse(
                lexer, lexer->at, err, GEN_EINVAL,
                "expected ` to close the field name that begins here, found the "
                "end of the expression");
        }
        if (!is_letter(c) && !is_digit(c) && (c == '\0' || strchr(".-/ ", c) == NULL)) {
            return gen_lexer_refuse(
                lexer, lexer->at + at, err, GEN_EINVAL,
                "expected letters, digits, spaces or one of _ . - / in the field "
                "name between ` and `; write m['name'] for any other");
        }
    }
    if (at == 1) {
        return gen_lexer_refuse(lexer, lexer->at, err, GEN_EINVAL,
                                "expected a field name between ` and `, found none");
    }
    *size = at + 1;
    return GEN_OK;
}

static enum gen_token_kind measure_word(const struct gen_lexer *lexer, uint32_t *size)
{
    uint32_t end = 1;
    size_t i;

    while (is_letter(peek(lexer, end)) || is_digit(peek(lexer, end))) {
        end++;
    }
    *size = end;
    for (i = 0; words[i].text != NULL; i++) {
        if (strlen(words[i].text) == end &&
            memcmp(words[i].text, lexer->text + lexer->at, end) == 0) {
            break;
        }
    }
    return words[i].kind;
}

static enum gen_token_kind measure_symbol(const struct gen_lexer *lexer, uint32_t *size)
{
    size_t length;

    for (size_t i = 0; symbols[i].text[0] != '\0'; i++) {
        length = strlen(symbols[i].text);
        if (length <= lexer->size - lexer->at &&
            memcmp(symbols[i].text, lexer->text + lexer->at, length) == 0) {
            *size = (uint32_t)length;
            return symbols[i].kind;
        }
    }
    length = gen_utf8_next(lexer->text + lexer->at, lexer->size - lexer->at, NULL);
    *size = length > 0 ? (uint32_t)length : 1;
    return GEN_TOKEN_OTHER;
}

enum gen_status gen_lexer_next(struct gen_lexer *lexer, struct gen_token *out,
                               struct gen_error *err)
{
    enum gen_status status = GEN_OK;
    bool bytes, raw;
    int prefix;
    char c;

    skip_space(lexer);
    *out = (struct gen_token){.kind = GEN_TOKEN_END, .offset = lexer->at};
    if (lexer->at >= lexer->size) {
        return GEN_OK;
    }
    c = peek(lexer, 0);
    prefix = string_prefix(lexer, &bytes, &raw);
    if (prefix >= 0) {
        out->kind = bytes ? GEN_TOKEN_BYTES : GEN_TOKEN_STRING;
        status = measure_string(lexer, (uint32_t)prefix, raw, &out->size, err);
    } else if (is_letter(c)) {
        out->kind = measure_word(lexer, &out->size);
    } else if (is_digit(c) || (c == '.' && is_digit(peek(lexer, 1)))) {
        out->kind = measure_number(lexer, &out->size);
    } else if (c == '`') {
        out->kind = GEN_TOKEN_QUOTED;
        status = measure_quoted(lexer, &out->size, err);
    } else {
        out->kind = measure_symbol(lexer, &out->size);
    }
    lexer->at += out->size;
    return status;
}
