/* printable_test.c - text from elsewhere made harmless, measured and cut. */
#include "cli/printable.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#define BAD "\xef\xbf\xbd"

struct shown {
    const char *text, *shown;
    size_t width;
};

static const struct shown cases[] = {
    {"plain", "plain", 5},                                           /* as it is */
    {"", "", 0},                                                     /* nothing */
    {NULL, "", 0},                                                   /* not even that */
    {"a\nb\tc", "a b c", 5},                                         /* one line */
    {"\033[31mred\033[0m", BAD "[31mred" BAD "[0m", 12},             /* no colours */
    {"\033]0;title\007", BAD "]0;title" BAD, 10},                    /* no window title */
    {"a\rb\bc\177", "a" BAD "b" BAD "c" BAD, 6},                     /* no overwriting */
    {"\xc2\x9b" "31m", BAD "31m", 4},                                /* the 8-bit CSI */
    {"invoice\xe2\x80\xaegpj.exe", "invoice" BAD "gpj.exe", 15},     /* U+202E, the override */
    {"a\xe2\x81\xa6" "b\xe2\x80\x8f" "c", "a" BAD "b" BAD "c", 5},   /* isolates and marks */
    {"a\xff" "b\xc3", "a" BAD "b" BAD, 4},                           /* broken UTF-8 */
    {"caf\xc3\xa9", "caf\xc3\xa9", 4},                               /* two bytes, one column */
    {"e\xcc\x81", "e\xcc\x81", 1},                                   /* a combining accent */
    {"\xe6\x97\xa5\xe6\x9c\xac", "\xe6\x97\xa5\xe6\x9c\xac", 4},     /* wide characters */
    {"\xf0\x9f\x8d\x8b", "\xf0\x9f\x8d\x8b", 2},                     /* an emoji */
};

Test(printable, makes_harmless)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_bytes out;

        gen_bytes_init(&out, 1024);
        gen_printable_add(&out, cases[i].text);
        cr_assert(eq(str, out.data != NULL ? out.data : "", (char *)cases[i].shown), "case %zu", i);
        cr_assert(eq(sz, gen_printable_width(cases[i].text), cases[i].width), "case %zu", i);
        gen_bytes_fini(&out);
    }
}

struct fitted {
    const char *text;
    size_t columns;
    const char *shown;
    size_t used;
};

static const struct fitted fits[] = {
    {"abcdef", 6, "abcdef", 6},                                      /* just fits */
    {"abcdef", 5, "abcd\xe2\x80\xa6", 5},                            /* cut */
    {"abcdef", 1, "\xe2\x80\xa6", 1},                                /* hardly any room */
    {"abcdef", 0, "", 0},                                            /* none */
    {"\xe6\x97\xa5\xe6\x9c\xac", 3, "\xe6\x97\xa5\xe2\x80\xa6", 3},  /* never half a character */
    {"\xe6\x97\xa5\xe6\x9c\xac", 2, "\xe2\x80\xa6", 1},              /* no room for a wide one */
};

Test(printable, cuts_to_columns)
{
    for (size_t i = 0; i < GEN_COUNT(fits); i++) {
        struct gen_bytes out;

        gen_bytes_init(&out, 1024);
        cr_assert(eq(sz, gen_printable_fit(&out, fits[i].text, fits[i].columns), fits[i].used), "case %zu", i);
        cr_assert(eq(str, out.data != NULL ? out.data : "", (char *)fits[i].shown), "case %zu", i);
        gen_bytes_fini(&out);
    }
}
