/* utf8_test.c - strictness at every border of RFC 3629. */
#include "base/check.h"
#include "base/utf8.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(utf8, valid)
{
    static const struct {
        const char *text;
        size_t size;
        bool valid;
        size_t bad, count;
    } cases[] = {
        {"", 0, true, 0, 0},
        {"abc", 3, true, 0, 3},
        {"a\0b", 3, true, 0, 3},                         /* NUL is a character */
        {"\xC3\xA9", 2, true, 0, 1},                     /* e acute */
        {"\xF0\x9F\x8E\xAC!", 5, true, 0, 2},            /* emoji */
        {"\xF4\x8F\xBF\xBF", 4, true, 0, 1},             /* U+10FFFF */
        {"\xED\x9F\xBF", 3, true, 0, 1},                 /* before the surrogates */
        {"a\xC0\x80", 3, false, 1, 3},                   /* overlong NUL */
        {"\xC1\xBF", 2, false, 0, 2},                    /* overlong in two */
        {"\xE0\x9F\xBF", 3, false, 0, 3},                /* overlong in three */
        {"\xF0\x8F\xBF\xBF", 4, false, 0, 4},            /* overlong in four */
        {"ab\xED\xA0\x80", 5, false, 2, 5},              /* a surrogate */
        {"\xF4\x90\x80\x80", 4, false, 0, 4},            /* above U+10FFFF */
        {"\xF8\x88\x80\x80\x80", 5, false, 0, 5},        /* five bytes */
        {"\x80", 1, false, 0, 1},                        /* a tail alone */
        {"x\xE2\x82", 3, false, 1, 3},                   /* cut off */
        {"\xFF", 1, false, 0, 1},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        size_t bad = 0;

        cr_expect(eq(int, gen_utf8_valid(cases[i].text, cases[i].size, &bad), cases[i].valid));
        cr_expect(eq(sz, bad, cases[i].bad));
        cr_expect(eq(sz, gen_utf8_count(cases[i].text, cases[i].size), cases[i].count));
    }
}

Test(utf8, next)
{
    uint32_t codepoint = 0;

    cr_expect(eq(sz, gen_utf8_next("\xF0\x9F\x8E\xAC", 4, &codepoint), 4));
    cr_expect(eq(u32, codepoint, 0x1F3AC));
    cr_expect(eq(sz, gen_utf8_next("\xE2\x82\xAC", 3, &codepoint), 3));
    cr_expect(eq(u32, codepoint, 0x20AC));
    cr_expect(eq(sz, gen_utf8_next("x", 0, NULL), 0));
}

Test(utf8, cut)
{
    static const struct {
        const char *text;
        size_t maximum, cut;
    } cases[] = {
        {"abc", 5, 3},                     /* fits */
        {"abc", 2, 2},                     /* between characters */
        {"a\xF0\x9F\x8E\xAC", 4, 1},       /* inside the emoji */
        {"a\xF0\x9F\x8E\xAC", 2, 1},
        {"a\xF0\x9F\x8E\xAC", 5, 5},
        {"\xC3\xA9\xC3\xA9", 3, 2},
        {"\xC3\xA9", 0, 0},
        {"\x80\x80\x80\x80\x80\x80", 5, 5}, /* not UTF-8: any border is as good */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(eq(sz, gen_utf8_cut(cases[i].text, strlen(cases[i].text), cases[i].maximum),
                     cases[i].cut));
    }
}
