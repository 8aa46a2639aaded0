/* literal_test.c - what numbers, strings and bytes mean, at their borders, and what is refused. */
#include "base/alloc.h"
#include "expr/literal.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <locale.h>
#include <math.h>
#include <string.h>

/* Reads `text`, which is one token, with a minus sign in front when `negative`. */
static enum gen_status read_token(const char *text, size_t size, bool negative,
                                  struct gen_arena *arena, struct gen_value *out,
                                  struct gen_error *err)
{
    struct gen_lexer lexer = {.text = text, .size = (uint32_t)size};
    struct gen_token token = {0};

    cr_assert(eq(int, gen_lexer_next(&lexer, &token, err), GEN_OK));
    cr_assert(eq(u32, token.size, (uint32_t)size));
    return token.kind <= GEN_TOKEN_DOUBLE
               ? gen_literal_number(&lexer, &token, negative, arena, out, err)
               : gen_literal_text(&lexer, &token, arena, out, err);
}

Test(literal, whole_numbers)
{
    static const struct {
        const char *text;
        bool negative;
        enum gen_status status;
        enum gen_kind kind;
        uint64_t value;
    } cases[] = {
        {"0", false, GEN_OK, GEN_KIND_INT, 0},
        {"0", true, GEN_OK, GEN_KIND_INT, 0},
        {"0042", false, GEN_OK, GEN_KIND_INT, 42}, /* no octal */
        {"9223372036854775807", false, GEN_OK, GEN_KIND_INT, INT64_MAX},
        {"9223372036854775808", false, GEN_EINVAL, 0, 0},
        {"9223372036854775808", true, GEN_OK, GEN_KIND_INT, 1ULL << 63},
        {"9223372036854775809", true, GEN_EINVAL, 0, 0},
        {"0x7FFFFFFFFFFFFFFF", false, GEN_OK, GEN_KIND_INT, INT64_MAX},
        {"0x8000000000000000", true, GEN_OK, GEN_KIND_INT, 1ULL << 63},
        {"0x8000000000000000", false, GEN_EINVAL, 0, 0},
        {"0xaBc", true, GEN_OK, GEN_KIND_INT, (uint64_t)-0xabc},
        {"18446744073709551615u", false, GEN_OK, GEN_KIND_UINT, UINT64_MAX},
        {"18446744073709551616u", false, GEN_EINVAL, 0, 0},
        {"0xFFFFFFFFFFFFFFFFU", false, GEN_OK, GEN_KIND_UINT, UINT64_MAX},
        {"0x10000000000000000u", false, GEN_EINVAL, 0, 0},
        {"99999999999999999999999999999999999999999999999999", false, GEN_EINVAL, 0, 0},
    };
    struct gen_arena *arena = gen_arena_create(0);

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_value value = gen_value_null();
        struct gen_error err = {0};
        enum gen_status status = read_token(cases[i].text, strlen(cases[i].text), cases[i].negative,
                                            arena, &value, &err);

        cr_expect(eq(int, status, cases[i].status), "%s", cases[i].text);
        if (status == GEN_OK) {
            cr_expect(eq(int, value.kind, cases[i].kind));
            cr_expect(eq(u64, value.as.natural, cases[i].value), "%s", cases[i].text);
        } else {
            cr_expect(eq(u32, err.column, 1));
            cr_expect(ne(ptr, strstr(err.message, "does not fit"), NULL));
        }
    }
    gen_arena_destroy(arena);
}

Test(literal, doubles)
{
    static const struct {
        const char *text;
        bool negative;
        double value; /* infinite: refused */
    } cases[] = {
        {"0.1", false, 0.1},
        {".5", false, 0.5},
        {"1e3", false, 1000},
        {"2.5E-3", true, -0.0025},
        {"1.7976931348623157e308", false, 1.7976931348623157e308},
        {"1.99e90000009", false, HUGE_VAL},
        {"1e309", true, HUGE_VAL},
        {"1e-400", false, 0}, /* too small is nothing, as everywhere */
    };
    struct gen_arena *arena = gen_arena_create(0);

    setlocale(LC_ALL, "de_DE.UTF-8"); /* where it exists, 0,1 is written with a comma */
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_value value = gen_value_null();
        struct gen_error err = {0};
        enum gen_status status = read_token(cases[i].text, strlen(cases[i].text), cases[i].negative,
                                            arena, &value, &err);

        cr_expect(eq(int, status, isinf(cases[i].value) ? GEN_EINVAL : GEN_OK), "%s", cases[i].text);
        if (status == GEN_OK) {
            cr_expect(eq(int, value.kind, GEN_KIND_DOUBLE));
            cr_expect(eq(dbl, value.as.real, cases[i].value));
        }
    }
    gen_arena_destroy(arena);
}

#define TEXT(x) x, sizeof(x) - 1

Test(literal, texts)
{
    static const struct {
        const char *text;
        size_t size;
        enum gen_kind kind;
        const char *value;
        size_t length;
    } cases[] = {
        {TEXT("''"), GEN_KIND_STRING, TEXT("")},
        {TEXT("''''''"), GEN_KIND_STRING, TEXT("")},
        {TEXT("'''x''x'''"), GEN_KIND_STRING, TEXT("x''x")},
        {TEXT("'a\0b'"), GEN_KIND_STRING, TEXT("a\0b")},
        {TEXT("'\\a\\b\\f\\n\\r\\t\\v\\\\\\?\\\"\\'\\`'"), GEN_KIND_STRING,
         TEXT("\a\b\f\n\r\t\v\\?\"'`")},
        {TEXT("'\\x41\\X41\\101'"), GEN_KIND_STRING, TEXT("AAA")},
        {TEXT("'\\xff\\377'"), GEN_KIND_STRING, TEXT("\xC3\xBF\xC3\xBF")}, /* a character */
        {TEXT("b'\\xff\\377'"), GEN_KIND_BYTES, TEXT("\xFF\xFF")},         /* a byte */
        {TEXT("b'\xC3\xBF'"), GEN_KIND_BYTES, TEXT("\xC3\xBF")},
        {TEXT("'\\000\\u0000'"), GEN_KIND_STRING, TEXT("\0\0")},
        {TEXT("'\\u20ac\\u07FF\\u0800'"), GEN_KIND_STRING, TEXT("\xE2\x82\xAC\xDF\xBF\xE0\xA0\x80")},
        {TEXT("'\\U0001F600\\U0010FFFF'"), GEN_KIND_STRING,
         TEXT("\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF")},
        {TEXT("'\\uD7FF\\uE000'"), GEN_KIND_STRING, TEXT("\xED\x9F\xBF\xEE\x80\x80")},
        {TEXT("r'\\n\\q'"), GEN_KIND_STRING, TEXT("\\n\\q")},
        {TEXT("bR'\\xff'"), GEN_KIND_BYTES, TEXT("\\xff")},
        {TEXT("'''a\r\nb\rc\nd\r\r\n'''"), GEN_KIND_STRING, TEXT("a\nb\nc\nd\n\n")}, /* one line end */
        {TEXT("r'''a\r\nb'''"), GEN_KIND_STRING, TEXT("a\nb")},
        {TEXT("'\\r\\n'"), GEN_KIND_STRING, TEXT("\r\n")}, /* written so, it stays so */
    };
    struct gen_arena *arena = gen_arena_create(0);

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_value value = gen_value_null();
        struct gen_error err = {0};

        cr_assert(eq(int, read_token(cases[i].text, cases[i].size, false, arena, &value, &err),
                     GEN_OK),
                  "%s: %s", cases[i].text, err.message);
        cr_expect(eq(int, value.kind, cases[i].kind));
        cr_assert(eq(sz, value.size, cases[i].length), "%s", cases[i].text);
        cr_expect(eq(int, memcmp(value.as.text, cases[i].value, value.size), 0), "%s",
                  cases[i].text);
    }
    gen_arena_destroy(arena);
}

Test(literal, refused_texts)
{
    static const struct {
        const char *text;
        uint32_t column;
        const char *says;
    } cases[] = {
        {"'a\\q'", 3, "found 'q'"},
        {"'\\>'", 2, "found '>'"},
        {"'\\\xC3\xA9'", 2, "found another character"},
        {"'\\8'", 2, "found '8'"},
        {"'\\xFh'", 2, "2 hexadecimal digits after \\x"},
        {"'\\u123'", 2, "4 hexadecimal digits after \\u"},
        {"'\\U0001F60'", 2, "8 hexadecimal digits after \\U"},
        {"'\\12'", 2, "3 octal digits after \\"},
        {"'\\129'", 2, "3 octal digits after \\"},
        {"'\\400'", 2, "found '4'"},
        {"'\\udead'", 2, "half of a pair"},
        {"'\\U0000DC00'", 2, "half of a pair"},
        {"'\\U00110000'", 2, "\\U0010FFFF"},
        {"'\\UFFFFFFFF'", 2, "\\U0010FFFF"},
        {"b'\\u0041'", 3, "in bytes"},
        {"b'\\U00000041'", 3, "in bytes"},
    };
    struct gen_arena *arena = gen_arena_create(0);

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_value value = gen_value_null();
        struct gen_error err = {0};

        cr_expect(eq(int,
                     read_token(cases[i].text, strlen(cases[i].text), false, arena, &value, &err),
                     GEN_EINVAL));
        cr_expect(eq(u32, err.column, cases[i].column), "%s", cases[i].text);
        cr_expect(ne(ptr, strstr(err.message, cases[i].says), NULL), "%s: %s", cases[i].text,
                  err.message);
        cr_expect(eq(int, value.kind, GEN_KIND_NULL)); /* unchanged */
    }
    gen_arena_destroy(arena);
}

Test(literal, no_memory)
{
    static const char *const cases[] = {"1.5", "'abc'", "b'\\xff'"};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_value value = gen_value_null();
        struct gen_error err = {0};

        gen_alloc_fail_at(1);
        cr_expect(eq(int, read_token(cases[i], strlen(cases[i]), false, arena, &value, &err),
                     GEN_ENOMEM));
        gen_alloc_fail_at(0);
        cr_expect(eq(int, err.status, GEN_ENOMEM));
        gen_arena_destroy(arena);
    }
}
