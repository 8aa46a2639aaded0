/* checks_test.c - the small questions, each with what passes and what must not. */
#include "host/checks.h"

#include "base/check.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

struct yes_no {
    const char *text;
    bool yes;
};

static const struct yes_no file_rows[] = {
    {"a.png", true},        {"a b", true},     {"-x", true},  {"\xC3\xA4.mp4", true},
    {"", false},            {".hidden", false}, {"..", false}, {"a/b", false},
    {"/etc/passwd", false}, {"a\nb", false},    {"\xFF", false},
};

static const struct yes_no header_rows[] = {
    {"content-type", true},    {"X-Api-Version", true},     {"", false},
    {"a b", false},            {"a:b", false},              {"a\r\n", false},
    {"Host", false},           {"content-length", false},   {"Transfer-Encoding", false},
    {"connection", false},     {"\xC3\xA4", false},         {"expect", false},
    {"proxy-authorization", false},
};

static const struct yes_no value_rows[] = {
    {"", true}, {"a\tb", true}, {"Bearer x", true}, {"a\nb", false}, {"a\rb", false},
    {"a\x7F", false}, {"\xC3", false}, {"123456789", false}, /* over the maximum of 8 */
};

static const struct yes_no type_rows[] = {
    {"", true},
    {"image/png", true},
    {"image/png image/svg+xml", true},
    {"image", false},
    {"image/", false},
    {"/png", false},
    {" image/png", false},
    {"image/png ", false},
    {"image/png  image/jpeg", false},
    {"image/png,image/jpeg", false},
    {"image/png;q=1", false},
};

Test(checks, yes_or_no)
{
    for (size_t i = 0; i < GEN_COUNT(file_rows); i++) {
        cr_expect(eq(int, gen_checks_file(file_rows[i].text), file_rows[i].yes), "%s",
                  file_rows[i].text);
    }
    for (size_t i = 0; i < GEN_COUNT(header_rows); i++) {
        cr_expect(eq(int, gen_checks_header_name(header_rows[i].text), header_rows[i].yes), "%s",
                  header_rows[i].text);
    }
    for (size_t i = 0; i < GEN_COUNT(value_rows); i++) {
        cr_expect(eq(int, gen_checks_header_value(value_rows[i].text, 8), value_rows[i].yes), "%s",
                  value_rows[i].text);
    }
    for (size_t i = 0; i < GEN_COUNT(type_rows); i++) {
        cr_expect(eq(int, gen_checks_media_types(type_rows[i].text), type_rows[i].yes), "%s",
                  type_rows[i].text);
    }
    cr_expect(gen_checks_media_type("image/png"));
    cr_expect(not(gen_checks_media_type("image/png image/jpeg")));
    cr_expect(not(gen_checks_media_type("")));
}

Test(checks, null_is_never_right)
{
    cr_expect(not(gen_checks_text(NULL, 8)));
    cr_expect(not(gen_checks_name(NULL, 8, "abc")));
    cr_expect(not(gen_checks_file(NULL)));
    cr_expect(not(gen_checks_header_name(NULL)));
    cr_expect(not(gen_checks_header_value(NULL, 8)));
    cr_expect(not(gen_checks_media_types(NULL)));
    cr_expect(not(gen_checks_media_type(NULL)));
}

Test(checks, names_and_numbers)
{
    cr_expect(gen_checks_name("gen4.5", 6, "gen45."));
    cr_expect(not(gen_checks_name("gen4.5", 5, "gen45.")));
    cr_expect(not(gen_checks_name("", 5, "a")));
    cr_expect(not(gen_checks_name("-a", 5, "a-")));
    cr_expect(not(gen_checks_name(".a", 5, "a.")));
    cr_expect(gen_checks_range(0, 0, 10));
    cr_expect(gen_checks_range(10, 0, 10));
    cr_expect(not(gen_checks_range(10.1, 0, 10)));
    cr_expect(not(gen_checks_range((double)NAN, 0, 10)));
    cr_expect(not(gen_checks_range((double)INFINITY, 0, 10)));
    cr_expect(eq(i64, gen_checks_clamp(INT64_MIN, 1, 5), 1));
    cr_expect(eq(i64, gen_checks_clamp(INT64_MAX, 1, 5), 5));
    cr_expect(eq(i64, gen_checks_clamp(3, 1, 5), 3));
}

struct words {
    const char *from;
    const char *to;
};

static const struct words word_rows[] = {
    {NULL, ""},
    {"plain", "plain"},
    {"a\nb\tc", "a b c"},
    {"\xC2\x9B" "31m", " 31m"},                 /* the one-byte escape of terminals */
    {"a\xFF" "b", "a\xEF\xBF\xBD" "b"},         /* what is not UTF-8 is shown as such */
    {"1234567\xC3\xA4", "1234567"},             /* not cut inside a character (maximum 8) */
    {"12345678", "12345678"},
    {"123456789", "12345678"},
    {"1234567\xFF", "1234567\xEF\xBF\xBD"},
};

Test(checks, words)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_arena *tight = gen_arena_create(4);

    for (size_t i = 0; i < GEN_COUNT(word_rows); i++) {
        cr_expect(eq(str, (char *)gen_checks_words(arena, word_rows[i].from, 8),
                     (char *)word_rows[i].to));
    }
    cr_expect(eq(ptr, (void *)gen_checks_words(tight, "too long", 8), NULL));
    gen_arena_destroy(arena);
    gen_arena_destroy(tight);
}

struct grown { /* as a later version of a plugin would send it, and as we know it */
    uint32_t size;
    int32_t a, b;
};

Test(checks, copy_the_smaller_size)
{
    struct grown from = {sizeof(from), 1, 2};
    struct grown out;

    cr_expect(gen_checks_copy(&out, sizeof(out), &from, 0, 8));
    cr_expect(eq(int, out.b, 2));
    from.size = 8; /* an older writer: b is whatever stands behind */
    cr_expect(gen_checks_copy(&out, sizeof(out), &from, 0, 8));
    cr_expect(eq(int, out.a, 1));
    cr_expect(eq(int, out.b, 0));
    from.size = 400; /* a newer writer: we take what we know */
    cr_expect(gen_checks_copy(&out, sizeof(out), &from, 400, 8));
    cr_expect(eq(int, out.b, 2));
    cr_expect(not(gen_checks_copy(&out, sizeof(out), &from, 12, 8))); /* longer than its array says */
    from.size = 7;
    cr_expect(not(gen_checks_copy(&out, sizeof(out), &from, 0, 8)));
    from.size = 0;
    cr_expect(not(gen_checks_copy(&out, sizeof(out), &from, 0, 8)));
}
