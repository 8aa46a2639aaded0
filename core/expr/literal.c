/* literal.c - see literal.h. */
#include "expr/literal.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

/* One string being read: what is written is never longer than what is read. */
struct reading {
    const struct gen_lexer *lexer;
    const char *text; /* of the whole expression */
    uint32_t at, end; /* between the quotes */
    char *out;
    uint32_t size;
    bool bytes;
    struct gen_error *err;
};

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

static enum gen_status read_real(const struct gen_lexer *lexer, const struct gen_token *token,
                                 bool negative, struct gen_arena *arena, struct gen_value *out,
                                 struct gen_error *err)
{
    char *text = gen_arena_strndup(arena, lexer->text + token->offset, token->size);
    double value = 0;

    if (text == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (!gen_number_real(text, &value) || isinf(value)) {
        return gen_lexer_refuse(lexer, token->offset, err, GEN_EINVAL,
                                "expected a double up to 1.7976931348623157e+308, found the larger "
                                "%.40s",
                                text);
    }
    *out = gen_value_double(negative ? -value : value);
    return GEN_OK;
}

enum gen_status gen_literal_number(const struct gen_lexer *lexer, const struct gen_token *token,
                                   bool negative, struct gen_arena *arena, struct gen_value *out,
                                   struct gen_error *err)
{
    const char *text = lexer->text + token->offset;
    bool natural = token->kind == GEN_TOKEN_UINT;
    bool hex = token->size > 2 && (text[1] == 'x' || text[1] == 'X');
    uint64_t most = natural ? UINT64_MAX : (uint64_t)INT64_MAX + (negative ? 1 : 0);
    uint64_t value = 0;

    if (token->kind == GEN_TOKEN_DOUBLE) {
        return read_real(lexer, token, negative, arena, out, err);
    }
    for (uint32_t i = hex ? 2 : 0; i < token->size - (natural ? 1 : 0); i++) {
        if (__builtin_mul_overflow(value, hex ? 16 : 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)digit_of(text[i]), &value) || value > most) {
            return gen_lexer_refuse(lexer, token->offset, err, GEN_EINVAL,
                                    "expected %s, found %s%.*s, which does not fit",
                                    natural ? "a uint from 0 to 18446744073709551615"
                                            : "an int from -9223372036854775808 to "
                                              "9223372036854775807",
                                    negative ? "-" : "", token->size < 40 ? (int)token->size : 40,
                                    text);
        }
    }
    if (natural) {
        *out = gen_value_uint(value);
    } else {
        *out = gen_value_int(negative ? (int64_t)(0 - value) : (int64_t)value);
    }
    return GEN_OK;
}

static void put_byte(struct reading *reading, uint32_t byte)
{
    reading->out[reading->size++] = (char)(unsigned char)byte;
}

static void put_character(struct reading *reading, uint32_t c)
{
    if (c < 0x80) {
        put_byte(reading, c);
    } else if (c < 0x800) {
        put_byte(reading, 0xC0 | c >> 6);
        put_byte(reading, 0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put_byte(reading, 0xE0 | c >> 12);
        put_byte(reading, 0x80 | (c >> 6 & 0x3F));
        put_byte(reading, 0x80 | (c & 0x3F));
    } else {
        put_byte(reading, 0xF0 | c >> 18);
        put_byte(reading, 0x80 | (c >> 12 & 0x3F));
        put_byte(reading, 0x80 | (c >> 6 & 0x3F));
        put_byte(reading, 0x80 | (c & 0x3F));
    }
}

/* `count` digits of `base` behind the `skip` bytes that introduce them. */
static enum gen_status read_code(struct reading *reading, uint32_t skip, uint32_t count,
                                 uint32_t base)
{
    uint32_t begin = reading->at;
    uint32_t code = 0;
    bool wide = count == 4 || count == 8;

    for (uint32_t i = begin + skip; i < begin + skip + count; i++) {
        uint32_t digit = i < reading->end ? (uint32_t)digit_of(reading->text[i]) : 16;

        if (digit >= base) {
            return gen_lexer_refuse(reading->lexer, begin, reading->err, GEN_EINVAL,
                                    "expected %u %s digits after %.*s in a string", count,
                                    base == 16 ? "hexadecimal" : "octal", (int)skip,
                                    reading->text + begin);
        }
        code = code * base + digit;
    }
    if (wide && reading->bytes) {
        return gen_lexer_refuse(reading->lexer, begin, reading->err, GEN_EINVAL,
                                "expected \\xHH or \\OOO in bytes, found \\%c, which stands for a "
                                "character",
                                reading->text[begin + 1]);
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
        return gen_lexer_refuse(reading->lexer, begin, reading->err, GEN_EINVAL,
                                "expected a Unicode character, found %.*s, which is none%s",
                                (int)(skip + count), reading->text + begin,
                                code <= 0xDFFF ? " but half of a pair; write \\U and eight digits"
                                               : "; the last one is \\U0010FFFF");
    }
    if (reading->bytes) {
        put_byte(reading, code);
    } else {
        put_character(reading, code);
    }
    reading->at = begin + skip + count;
    return GEN_OK;
}

/* What follows a backslash. */
static enum gen_status read_escape(struct reading *reading)
{
    static const char letters[] = "abfnrtv\\?\"'`";
    static const char meanings[] = "\a\b\f\n\r\t\v\\?\"'`";
    char c = reading->at + 1 < reading->end ? reading->text[reading->at + 1] : '\0';
    const char *found = c != '\0' ? strchr(letters, c) : NULL;
    bool plain = c > ' ' && c < 0x7F;

    if (found != NULL) {
        put_byte(reading, (uint32_t)meanings[found - letters]);
        reading->at += 2;
        return GEN_OK;
    }
    switch (c) {
    case 'x':
    case 'X':
        return read_code(reading, 2, 2, 16);
    case 'u':
        return read_code(reading, 2, 4, 16);
    case 'U':
        return read_code(reading, 2, 8, 16);
    case '0':
    case '1':
    case '2':
    case '3':
        return read_code(reading, 1, 3, 8);
    default:
        break;
    }
    return gen_lexer_refuse(
        reading->lexer, reading->at, reading->err, GEN_EINVAL,
        "expected one of abfnrtvxuU0123\\?\"'` after a backslash, found %s%.*s%s; "
        "write \\\\ for a backslash, or r'...' for a text without escapes",
        plain ? "'" : "another character", plain ? 1 : 0, &c, plain ? "'" : "");
}

enum gen_status gen_literal_text(const struct gen_lexer *lexer, const struct gen_token *token,
                                 struct gen_arena *arena, struct gen_value *out,
                                 struct gen_error *err)
{
    const char *text = lexer->text;
    struct reading reading = {.lexer = lexer, .text = text, .err = err};
    enum gen_status status = GEN_OK;
    uint32_t begin = token->offset;
    uint32_t quotes;
    bool raw;

    reading.bytes = token->kind == GEN_TOKEN_BYTES;
    begin += reading.bytes ? 1 : 0;
    raw = text[begin] == 'r' || text[begin] == 'R';
    begin += raw ? 1 : 0;
    quotes = token->offset + token->size - begin >= 6 && text[begin + 1] == text[begin] &&
                     text[begin + 2] == text[begin]
                 ? 3
                 : 1;
    reading.at = begin + quotes;
    reading.end = token->offset + token->size - quotes;
    reading.out = gen_arena_alloc(arena, reading.end - reading.at + 1);
    if (reading.out == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    while (status == GEN_OK && reading.at < reading.end) {
        char c = text[reading.at];

        if (c == '\\' && !raw) {
            status = read_escape(&reading);
        } else {
            if (c == '\r' && reading.at + 1 < reading.end && text[reading.at + 1] == '\n') {
                reading.at++;
            }
            put_byte(&reading, (unsigned char)(c == '\r' ? '\n' : c));
            reading.at++;
        }
    }
    if (status == GEN_OK) {
        *out = reading.bytes ? gen_value_bytes(reading.out, reading.size)
                             : gen_value_string(reading.out, reading.size);
    }
    return status;
}
