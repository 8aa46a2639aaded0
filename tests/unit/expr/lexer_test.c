/* lexer_test.c - tokens of every kind, where they begin and end, and what is no token. */
#include "base/check.h"
#include "expr/lexer.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

/* "kind:text kind:text ..." of all tokens, or "line:column: message". */
static const char *cut(const char *text, size_t size, char *out, size_t room)
{
    struct gen_lexer lexer = {.text = text, .size = (uint32_t)size};
    struct gen_token token = {0};
    struct gen_error err = {0};
    size_t used = 0;

    out[0] = '\0';
    do {
        if (gen_lexer_next(&lexer, &token, &err) != GEN_OK) {
            snprintf(out, room, "%u:%u: %s", err.line, err.column, err.message);
            return out;
        }
        if (token.kind != GEN_TOKEN_END) {
            used += (size_t)snprintf(out + used, room - used, "%s%d:%.*s", used > 0 ? " " : "",
                                     (int)token.kind, (int)token.size, text + token.offset);
        }
    } while (token.kind != GEN_TOKEN_END && used < room);
    cr_expect(eq(u32, token.offset, (uint32_t)size));
    cr_expect(eq(int, gen_lexer_next(&lexer, &token, &err), GEN_OK));
    cr_expect(eq(int, token.kind, GEN_TOKEN_END)); /* and again */
    return out;
}

struct piece {
    enum gen_token_kind kind;
    const char *text;
};

Test(lexer, one_token)
{
    static const struct piece cases[] = {
        {GEN_TOKEN_NAME, "a"},           {GEN_TOKEN_NAME, "_x9"},
        {GEN_TOKEN_NAME, "inner"},       {GEN_TOKEN_NAME, "truey"},
        {GEN_TOKEN_NAME, "while"}, /* whether a reserved word may stand there is for the parser */
        {GEN_TOKEN_NAME, "b"},           {GEN_TOKEN_NAME, "br"},
        {GEN_TOKEN_QUOTED, "`a-b/c.d e`"},
        {GEN_TOKEN_TRUE, "true"},        {GEN_TOKEN_FALSE, "false"},
        {GEN_TOKEN_NULL, "null"},        {GEN_TOKEN_IN, "in"},
        {GEN_TOKEN_INT, "0"},            {GEN_TOKEN_INT, "007"},
        {GEN_TOKEN_INT, "0xFfA0"},       {GEN_TOKEN_UINT, "1u"},
        {GEN_TOKEN_UINT, "0x1FU"},       {GEN_TOKEN_DOUBLE, "1.5"},
        {GEN_TOKEN_DOUBLE, ".5"},        {GEN_TOKEN_DOUBLE, "1e5"},
        {GEN_TOKEN_DOUBLE, "1.25E-10"},  {GEN_TOKEN_DOUBLE, ".5e+3"},
        {GEN_TOKEN_STRING, "''"},        {GEN_TOKEN_STRING, "\"it's\""},
        {GEN_TOKEN_STRING, "'\\''"},     {GEN_TOKEN_STRING, "r'\\'"}, /* raw: ends at the quote */
        {GEN_TOKEN_STRING, "''''''"},    {GEN_TOKEN_STRING, "'''a''b\n'c'''"},
        {GEN_TOKEN_STRING, "\"\"\"\\\"\"\"\""}, /* an escaped quote, then three */
        {GEN_TOKEN_STRING, "R'''\\'''"}, {GEN_TOKEN_BYTES, "b'x'"},
        {GEN_TOKEN_BYTES, "Br\"\"\"\n\"\"\""},
        {GEN_TOKEN_OPEN, "("},           {GEN_TOKEN_CLOSE, ")"},
        {GEN_TOKEN_OPEN_LIST, "["},      {GEN_TOKEN_CLOSE_LIST, "]"},
        {GEN_TOKEN_OPEN_MAP, "{"},       {GEN_TOKEN_CLOSE_MAP, "}"},
        {GEN_TOKEN_COMMA, ","},          {GEN_TOKEN_COLON, ":"},
        {GEN_TOKEN_QUESTION, "?"},       {GEN_TOKEN_DOT, "."},
        {GEN_TOKEN_PLUS, "+"},           {GEN_TOKEN_MINUS, "-"},
        {GEN_TOKEN_STAR, "*"},           {GEN_TOKEN_SLASH, "/"},
        {GEN_TOKEN_PERCENT, "%"},        {GEN_TOKEN_NOT, "!"},
        {GEN_TOKEN_AND, "&&"},           {GEN_TOKEN_OR, "||"},
        {GEN_TOKEN_EQUAL, "=="},         {GEN_TOKEN_UNEQUAL, "!="},
        {GEN_TOKEN_LESS, "<"},           {GEN_TOKEN_LESS_EQUAL, "<="},
        {GEN_TOKEN_GREATER, ">"},        {GEN_TOKEN_GREATER_EQUAL, ">="},
        {GEN_TOKEN_OTHER, "&"},          {GEN_TOKEN_OTHER, "="},
        {GEN_TOKEN_OTHER, "\xC3\xA9"}, /* a whole character, not a byte */
        {GEN_TOKEN_OTHER, "\x01"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char out[200], expected[200];

        snprintf(expected, sizeof(expected), "%d:%s", (int)cases[i].kind, cases[i].text);
        cr_expect(eq(str, (char *)cut(cases[i].text, strlen(cases[i].text), out, sizeof(out)),
                     expected));
    }
}

/* Tokens in a row: `text` gives `pieces`. */
Test(lexer, several_tokens)
{
    static const struct {
        const char *text;
        struct piece pieces[6];
    } cases[] = {
        {"", {{0, NULL}}},
        {" \t\r\n\f// a comment", {{0, NULL}}},
        {"1 // two\r3", {{GEN_TOKEN_INT, "1"}, {GEN_TOKEN_INT, "3"}}},
        {"1//\n/2", {{GEN_TOKEN_INT, "1"}, {GEN_TOKEN_SLASH, "/"}, {GEN_TOKEN_INT, "2"}}},
        {"'// none'", {{GEN_TOKEN_STRING, "'// none'"}}},
        {"a.b", {{GEN_TOKEN_NAME, "a"}, {GEN_TOKEN_DOT, "."}, {GEN_TOKEN_NAME, "b"}}},
        {"1.b", {{GEN_TOKEN_INT, "1"}, {GEN_TOKEN_DOT, "."}, {GEN_TOKEN_NAME, "b"}}},
        {"1.5.b", {{GEN_TOKEN_DOUBLE, "1.5"}, {GEN_TOKEN_DOT, "."}, {GEN_TOKEN_NAME, "b"}}},
        {"1e", {{GEN_TOKEN_INT, "1"}, {GEN_TOKEN_NAME, "e"}}},
        {"1e+", {{GEN_TOKEN_INT, "1"}, {GEN_TOKEN_NAME, "e"}, {GEN_TOKEN_PLUS, "+"}}},
        {"0x", {{GEN_TOKEN_INT, "0"}, {GEN_TOKEN_NAME, "x"}}},
        {"1.5u", {{GEN_TOKEN_DOUBLE, "1.5"}, {GEN_TOKEN_NAME, "u"}}},
        {"a<=b", {{GEN_TOKEN_NAME, "a"}, {GEN_TOKEN_LESS_EQUAL, "<="}, {GEN_TOKEN_NAME, "b"}}},
        {"&&&", {{GEN_TOKEN_AND, "&&"}, {GEN_TOKEN_OTHER, "&"}}},
        {"===", {{GEN_TOKEN_EQUAL, "=="}, {GEN_TOKEN_OTHER, "="}}},
        {"rb'x'", {{GEN_TOKEN_NAME, "rb"}, {GEN_TOKEN_STRING, "'x'"}}}, /* only br */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char out[200], expected[200] = "";

        for (const struct piece *piece = cases[i].pieces; piece->text != NULL; piece++) {
            size_t used = strlen(expected);

            snprintf(expected + used, sizeof(expected) - used, "%s%d:%s", used > 0 ? " " : "",
                     (int)piece->kind, piece->text);
        }
        cr_expect(eq(str, (char *)cut(cases[i].text, strlen(cases[i].text), out, sizeof(out)),
                     expected));
    }
}

Test(lexer, refused)
{
    static const struct {
        const char *text, *starts;
    } cases[] = {
        {"a + 'b", "1:5: expected ' to close the string"},
        {"\"a'", "1:1: expected \" to close the string"},
        {"'''a''", "1:1: expected ''' to close the string"},
        {"\n  '\\'", "2:3: expected ' to close the string"}, /* the quote is escaped */
        {"'a\nb'", "1:1: expected ' to close the string before the end of the line"},
        {"r'a\rb'", "1:1: expected ' to close the string before the end of the line"},
        {"`a", "1:1: expected ` to close the field name"},
        {"m.``", "1:3: expected a field name between ` and `"},
        {"`a$b`", "1:3: expected letters, digits"},
        {"\xC3\xA9 `a\nb`", "1:5: expected letters, digits"}, /* columns count characters */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char out[400];

        cut(cases[i].text, strlen(cases[i].text), out, sizeof(out));
        out[strlen(cases[i].starts)] = '\0';
        cr_expect(eq(str, out, (char *)cases[i].starts));
    }
}

Test(lexer, nul_is_a_character)
{
    char out[100];

    cr_expect(eq(sz, strlen(cut("a\0", 2, out, sizeof(out))), strlen("2:a 37:")));
    cut("`a\0`", 4, out, sizeof(out));
    cr_expect(eq(chr, out[0], '1')); /* 1:3: refused */
    cut("'\0'", 3, out, sizeof(out));
    cr_expect(eq(chr, out[2], '\''));
}

Test(lexer, reserved)
{
    cr_expect(gen_lexer_reserved("as", 2));
    cr_expect(gen_lexer_reserved("namespace", 9));
    cr_expect(gen_lexer_reserved("while", 5));
    cr_expect(not(gen_lexer_reserved("whil", 4)));
    cr_expect(not(gen_lexer_reserved("in", 2))); /* an operator, never a name */
    cr_expect(not(gen_lexer_reserved("", 0)));
}

Test(lexer, place)
{
    struct gen_lexer lexer = {.text = "a\n\xC3\xA9\xC3\xA9 b\n", .size = 9};
    static const uint32_t cases[][3] = {
        {0, 1, 1}, {1, 1, 2}, {2, 2, 1}, {4, 2, 2}, {7, 2, 4}, {9, 3, 1}, {99, 3, 1},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        uint32_t line = 0, column = 0;

        gen_lexer_place(&lexer, cases[i][0], &line, &column);
        cr_expect(eq(u32, line, cases[i][1]));
        cr_expect(eq(u32, column, cases[i][2]));
    }
}
