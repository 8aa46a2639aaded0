/* pattern_test.c - the vectors of regex.jsonl, what they leave out, limits, hostile patterns,
 * memory that fails. */
#include "expr/pattern.h"

#include "base/alloc.h"
#include "platform/json_reader.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 1, 0; -1 = refused, with the message in `err`. */
static int matches(const char *pattern, size_t size, const char *text, size_t text_size,
                   struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_pattern *compiled = NULL;
    int result = -1;

    if (gen_pattern_compile(pattern, size, arena, &compiled, err) == GEN_OK) {
        size_t used = gen_arena_used(arena);

        result = gen_pattern_match(compiled, text, text_size);
        /* what it remembers now gives the same, and nothing was allocated */
        cr_expect(eq(int, gen_pattern_match(compiled, text, text_size), result));
        cr_expect(eq(sz, gen_arena_used(arena), used));
    }
    gen_arena_destroy(arena);
    return result;
}

static int found(const char *pattern, const char *text)
{
    struct gen_error err = {0};

    return matches(pattern, strlen(pattern), text, strlen(text), &err);
}

Test(pattern, vectors)
{
    FILE *file = fopen(GEN_SOURCE_DIR "/tests/data/cel/regex.jsonl", "r");
    size_t room = 0, rows = 0;
    ssize_t size;
    char *line = NULL;

    cr_assert(ne(ptr, file, NULL));
    while ((size = getline(&line, &room, file)) > 0) {
        struct gen_arena *arena = gen_arena_create(0);
        const struct gen_node *row = NULL, *pattern, *text;
        struct gen_error err = {0};
        int expected;

        cr_assert(eq(int, gen_json_read(line, (size_t)size, NULL, arena, &row, &err), GEN_OK));
        pattern = gen_node_get(row, "pattern");
        text = gen_node_get(row, "text");
        expected = gen_node_truth(gen_node_get(row, "expect_error"), false)
                       ? -1
                       : gen_node_truth(gen_node_get(row, "match"), false);
        cr_expect(eq(int, matches(pattern->text, pattern->size, text->text, text->size, &err),
                     expected),
                  "%s", line);
        gen_arena_destroy(arena);
        rows++;
    }
    cr_expect(eq(sz, rows, 859));
    free(line);
    fclose(file);
}

Test(pattern, semantics)
{
    static const struct {
        const char *pattern, *text;
        int expected;
    } cases[] = {
        {"", "", 1},
        {"", "x", 1},
        {"|", "x", 1},
        {"ubb", "hubba", 1},                     /* anywhere */
        {"^ubb", "hubba", 0},
        {"^hub", "hubba", 1},                    /* the ways that need no automaton */
        {"bba$", "hubba", 1},
        {"bb$", "hubba", 0},
        {"^hubba$", "hubba", 1},
        {"^hubba$", "hubbaa", 0},
        {"ab+c", "aab abbbc", 1},                /* a literal begins it */
        {"ab+c", "aababb", 0},
        {"aab", "aaaaaaaab", 1},
        {"a.c", "a\nc", 0},                      /* . and newlines */
        {"(?s)a.c", "a\nc", 1},
        {"(?s:a.)c.", "a\nc\n", 0},              /* flags end with their group */
        {"[^x]", "\n", 1},
        {"a$", "a\n", 0},                        /* $ is the very end */
        {"(?m)a$", "a\nb", 1},
        {"(?m)^b", "a\nb", 1},
        {"(?m)\\Ab", "a\nb", 0},
        {"(?m)a\\z", "a\nb", 0},
        {"(?m)^$", "a\n\nb", 1},
        {"(?m)^$", "a\nb", 0},
        {"(?m)$^", "a\n", 1},
        {"(?:^)*a", "ba", 1},
        {"(?i)straSSe", "STRAsse", 1},           /* simple folding */
        {"(?i)stra\xC3\x9F" "e", "STRA\xE1\xBA\x9E" "E", 1}, /* sharp s, capital sharp s */
        {"(?i)\xC3\x9F", "ss", 0},
        {"(?i)k", "\xE2\x84\xAA", 1},            /* the Kelvin sign */
        {"(?i)[^k]", "\xE2\x84\xAA", 0},
        {"(?i)\\w", "\xC5\xBF", 1},              /* long s */
        {"\\w", "\xC5\xBF", 0},
        {"(?i)\xCF\x83", "\xCF\x82", 1},         /* the two small sigmas */
        {"(?i)a(?-i)b", "Ab", 1},
        {"(?i)a(?-i)b", "AB", 0},
        {"(?i:a)b", "AB", 0},
        {"a(?i)b|c", "C", 1},                    /* to the end of the group, over | */
        {"\\bfoo\\b", "a foo.", 1},
        {"\\bfoo\\b", "afoo", 0},
        {"\\bfoo", "\xC3\xA9" "foo", 1},         /* a word is ASCII */
        {"o\\Bo", "foo", 1},
        {"\\B", "\xE6\x97\xA5", 1},
        {"\\B", "b\xE6\x97\xA5s", 0},            /* not inside a character, as in Go */
        {"\\s", "\v", 0},
        {"[[:space:]]", "\v", 1},
        {"^\\p{Han}+$", "\xE6\x97\xA5\xE6\x9C\xAC", 1},
        {"\\p{Hiragana}", "\xE6\x97\xA5", 0},
        {"^(\\p{Cyrillic}|\\p{Thai})$", "\xD0\x96", 1},
        {"^[\\p{Lu}\\d]+$", "\xC3\x89" "7", 1},
        {"^\\P{L}$", "7", 1},
        {"^.$", "\xF0\x9F\x8E\xAC", 1},          /* one character, four bytes */
        {"^..$", "\xF0\x9F\x8E\xAC", 0},
        {"[\\x{1F3AB}-\\x{1F3AD}]", "\xF0\x9F\x8E\xAC", 1},
        {".", "\xFF", 0},                        /* no character */
        {"[^a]", "\xFF", 0},
        {"a.?b", "a\xFF" "b", 0},
        {"b", "\xFF" "b", 1},
        {"^a{2,3}$", "aaaa", 0},
        {"^(a{2}){2}$", "aaaa", 1},
        {"^(?:a?){3}$", "aaaa", 0},
        {"a{0}b", "b", 1},
        {"^a{,2}$", "a{,2}", 1},                 /* not a count */
        {"^a{1$", "a{1", 1},
        {"x{01}", "x{01}", 1},
        {"\\Qa.b\\E+", "a.bbb", 1},
        {"\\Qa.b\\E", "axb", 0},
        {"\\Qa.b", "a.b", 1},
        {"a\\Q\\E*b", "aaab", 1},
        {"[]a]", "]", 1},
        {"[^]a]", "]", 0},
        {"[a-]", "-", 1},
        {"[a-b-c]", "-", 1},
        {"[\\d-z]", "-", 1},
        {"[[:word:]-]", "-", 1},
        {"[:a]", ":", 1},
        {"(?P<year>\\d{4})", "in 2026", 1},
        {"(?<year>\\d{4})", "in 2026", 1},
        {"(?U)a+?", "a", 1},
        {"\\pN\\p{^Lu}\\PL", "1a!", 1},
        {"\\a\\f\\t\\n\\r\\v\\101\\x41\\_\\-", "\a\f\t\n\r\vAA_-", 1},
        {"[^\\s\\S]", "a", 0},                   /* nothing */
        {"(|a)*(|b)+c", "xc", 1},
        {"(a*)*", "b", 1},
        {NULL, NULL, 0},
    };

    for (size_t i = 0; cases[i].pattern != NULL; i++) {
        cr_expect(eq(int, found(cases[i].pattern, cases[i].text), cases[i].expected), "%s on %s",
                  cases[i].pattern, cases[i].text);
    }
}

/* NUL is a character like any other, in a pattern and in a text. */
Test(pattern, nul)
{
    struct gen_error err = {0};

    cr_expect(eq(int, matches("a\0b", 3, "xa\0b", 4, &err), 1));
    cr_expect(eq(int, matches("a\0b", 3, "xa", 2, &err), 0));
    cr_expect(eq(int, matches("a.b$", 4, "a\0b", 3, &err), 1));
    cr_expect(eq(int, matches("[\\x00-\\x02]", 11, "\0", 1, &err), 1));
    cr_expect(eq(int, matches("^$", 2, NULL, 0, &err), 1));
}

static char *repeated(const char *text, size_t times)
{
    size_t size = strlen(text);
    char *out = malloc(size * times + 1);

    for (size_t i = 0; i < times; i++) {
        memcpy(out + i * size, text, size);
    }
    out[size * times] = '\0';
    return out;
}

/* All of these end: a backtracking engine would not live to see it. */
Test(pattern, hostile_patterns)
{
    static const struct {
        const char *pattern, *text;
        int expected;
    } cases[] = {
        {"(a*)*b", "a", 0},
        {"(a|aa)+$", "a", 1},
        {"(x+x+)+y", "x", 0},
        {"(((a*)*)*)*b", "a", 0},
        {"(?:a?){500}a{500}b", "a", 0},
        {"(a|b)*a(a|b){12}c", "ababbabaaabbab", 0}, /* thousands of states */
        {"(.{15}){60}\\bx", "a", 0},
        {"\\b(\\w+\\s*)+$", "ab ", 1},
        {NULL, NULL, 0},
    };

    for (size_t i = 0; cases[i].pattern != NULL; i++) {
        char *text = repeated(cases[i].text, 100000 / strlen(cases[i].text));

        cr_expect(eq(int, found(cases[i].pattern, text), cases[i].expected), "%s", cases[i].pattern);
        free(text);
    }
}

/* When there are more states than are remembered, all is forgotten; the answer stays right. */
Test(pattern, forgets_and_goes_on)
{
    char *text = malloc(60001);
    uint32_t random = 1;

    for (size_t i = 0; i < 60000; i++) {
        random = random * 1664525u + 1013904223u;
        text[i] = "ab"[random >> 31];
    }
    text[60000] = '\0';
    for (size_t end = 59000; end < 59100; end += 9) {
        char kept = text[end];
        char first = text[end - 17];

        text[end] = 'c';
        cr_expect(eq(int, found("a[ab]{16}c", text), first == 'a')); /* the 17th before the c */
        text[end] = kept;
    }
    free(text);
}

/* Each of these is too large, and says so before it costs anything. */
Test(pattern, limits)
{
    char *deep = repeated("(", 201), *wide = repeated("a", 64 * 1024 + 1);
    char *many = repeated("x{1000}", 21), *stars = repeated("(?i)*", 3000);
    char *classes = repeated("[\\pL]", 10000), *stacked = malloc(20000);
    const struct {
        const char *pattern, *says;
        enum gen_status status;
    } cases[] = {
        {"((a{1000}){1000})", "regular expression, column 11: repeats inside each other make "
                              "1000000 copies, more than 1000",
         GEN_EINVAL},
        {"(a{1001})", "regular expression, column 3: a count is at most 1000", GEN_EINVAL},
        {"a{99999999999999999999}", "regular expression, column 2: a count is at most 1000",
         GEN_EINVAL},
        {deep, "regular expression, column 201: groups stand inside each other deeper than 200",
         GEN_ELIMIT},
        {wide, "regular expression: it has 65537 bytes, more than 65536", GEN_ELIMIT},
        {many, "regular expression: it is too large, it makes more than 20000 steps", GEN_ELIMIT},
        {stacked, "regular expression, column 5001: repeats stand inside each other too deep",
         GEN_ELIMIT},
        {classes, NULL, GEN_ELIMIT},
        {NULL, NULL, GEN_OK},
    };

    snprintf(stacked, 20000, "a%s", stars);
    for (size_t i = 0; cases[i].pattern != NULL; i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_pattern *pattern = NULL;
        struct gen_error err = {0};

        cr_expect(eq(int, gen_pattern_compile(cases[i].pattern, strlen(cases[i].pattern), arena,
                                              &pattern, &err),
                     cases[i].status), "%.40s", cases[i].pattern);
        cr_expect(eq(ptr, pattern, NULL));
        if (cases[i].says != NULL) {
            cr_expect(eq(str, err.message, (char *)cases[i].says));
        }
        gen_arena_destroy(arena);
    }
    free(deep);
    free(wide);
    free(many);
    free(stars);
    free(classes);
    free(stacked);
}

/* Large ones that people do write. */
Test(pattern, large)
{
    char *words = malloc(64 * 1024), *nested = malloc(4000);
    char *opening = repeated("(b|c", 200), *closing = repeated("|d)*e", 200);
    size_t size = (size_t)sprintf(words, "(?i)\\b(zero");

    for (int i = 0; i < 2000; i++) {
        size += (size_t)sprintf(words + size, "|w%dx", i);
    }
    sprintf(words + size, ")\\b");
    snprintf(nested, 4000, "%sa%s", opening, closing); /* as deep as groups may be */
    free(opening);
    free(closing);
    cr_expect(eq(int, found(words, "not w2000x, but W1999X"), 1));
    cr_expect(eq(int, found(words, "not w2000x"), 0));
    cr_expect(eq(int, found("^\\pL{1,1000}$", "abc"), 1));
    cr_expect(eq(int, found(".{1000}", "abc"), 0));
    cr_expect(eq(int, found("^(\\w{1,60}\\.){1,10}$", "a.b.c."), 1));
    cr_expect(eq(int, found(nested, "xdede"), 1));
    closing = repeated("(?i)*", 990);
    snprintf(words, 64 * 1024, "^ab%s$", closing); /* as many repeats of a repeat */
    cr_expect(eq(int, found(words, "abbb"), 1));
    cr_expect(eq(int, found(words, "aBab"), 0));
    free(closing);
    free(nested);
    free(words);
}

Test(pattern, memory_that_fails)
{
    static const char *const patterns[] = {
        "(?i)\\b(sale|[^a-c]{2,3})$", "plain", "\\p{Greek}[[:alpha:]]\\w|(?P<n>a)(?m)^b", NULL};

    for (size_t i = 0; patterns[i] != NULL; i++) {
        long nth = 1;
        enum gen_status status = GEN_ENOMEM;

        for (; status != GEN_OK; nth++) {
            struct gen_arena *arena;
            struct gen_pattern *pattern = NULL;
            struct gen_error err = {0};

            gen_alloc_fail_at(nth);
            arena = gen_arena_create(0);
            if (arena != NULL) {
                status = gen_pattern_compile(patterns[i], strlen(patterns[i]), arena, &pattern,
                                             &err);
                cr_expect(eq(int, status == GEN_OK, pattern != NULL));
                cr_assert(status == GEN_OK || status == GEN_ENOMEM);
            }
            gen_alloc_fail_at(0);
            if (pattern != NULL) {
                cr_expect(not(gen_pattern_match(pattern, "\n", 1)));
            }
            gen_arena_destroy(arena);
        }
        cr_expect(gt(long, nth, 4));
    }
}

Test(pattern, size_is_told)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_pattern *small = NULL, *large = NULL;
    struct gen_error err = {0};

    cr_assert(eq(int, gen_pattern_compile("abc", 3, arena, &small, &err), GEN_OK));
    cr_assert(eq(int, gen_pattern_compile("a.{900}", 7, arena, &large, &err), GEN_OK));
    cr_expect(eq(u32, gen_pattern_steps(small), 1));
    cr_expect(eq(u32, gen_pattern_steps(large), 902));
    gen_arena_destroy(arena);
}
