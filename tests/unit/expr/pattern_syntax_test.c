/* pattern_syntax_test.c - what is refused, and where the message points. */
#include "base/check.h"
#include "expr/pattern_syntax.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

Test(pattern_syntax, refused)
{
    static const struct {
        const char *pattern;
        unsigned column;
        const char *says;
    } cases[] = {
        {"ab(c", 3, "( is not closed"},
        {"ab)c", 3, ") closes nothing"},
        {"\xC3\xA9)", 2, ") closes nothing"}, /* columns are characters */
        {"*a", 1, "there is nothing to repeat before it"},
        {"a|*", 3, "there is nothing to repeat before it"},
        {"(+)", 2, "there is nothing to repeat before it"},
        {"(?i)*", 5, "there is nothing to repeat before it"},
        {"a**", 3, "a repeat of a repeat needs a group around it"},
        {"a{2}{3}", 5, "a repeat of a repeat needs a group around it"},
        {"a+??", 4, "a repeat of a repeat needs a group around it"},
        {"a{3,2}", 2, "the first count is larger than the second"},
        {"a{1001}", 2, "a count is at most 1000"},
        {"(a{32}){32}", 8, "repeats inside each other make 1024 copies, more than 1000"},
        {"x[a", 2, "[ is not closed"},
        {"[]", 1, "[ is not closed"},
        {"[z-a]", 2, "z-a is no range, its end comes before its begin"},
        {"[a-\\d]", 4, "\\d means nothing here"},
        {"[\\b]", 2, "\\b means nothing here"},
        {"[[:nope:]]", 2, "there is no class of characters named so"},
        {"[[:d:]]", 2, "there is no class of characters named so"},
        {"a\\", 2, "a backslash ends it"},
        {"\\1", 1, "backreferences such as \\1 are not possible"},
        {"\\8", 1, "backreferences such as \\8 are not possible"},
        {"\\Z", 1, "\\Z means nothing here"},
        {"\\C", 1, "\\C means nothing here"},
        {"\\E", 1, "\\E means nothing here"},
        {"\\\xC3\xA9", 1, "\\\xC3\xA9 means nothing here"},
        {"\\x", 1, "\\x needs two hexadecimal digits, or some in braces"},
        {"\\x{}", 1, "\\x needs two hexadecimal digits, or some in braces"},
        {"\\x{41", 1, "\\x needs two hexadecimal digits, or some in braces"},
        {"\\x{110000}", 1, "\\x{...} is beyond 10FFFF"},
        {"\\x{FFFFFFFFFFFFFFFFFF}", 1, "\\x{...} is beyond 10FFFF"},
        {"\\p", 1, "\\p needs a name, as in \\p{Greek} or \\pL"},
        {"a\\p{Greek", 2, "\\p{ is not closed"},
        {"\\p{Nope}", 1, "there is no class of characters named Nope"},
        {"\\p{}", 1, "there is no class of characters named "},
        {"\\pX", 1, "there is no class of characters named X"},
        {"(?=a)", 1, "look-ahead and look-behind are not possible"},
        {"(?<!a)", 1, "look-ahead and look-behind are not possible"},
        {"(?x)", 1, "what follows (? is none of i, m, s, U, -, :, ), P<name>"},
        {"(?i-)", 1, "what follows (? is none of i, m, s, U, -, :, ), P<name>"},
        {"(?i", 1, "what follows (? is none of i, m, s, U, -, :, ), P<name>"},
        {"(?P=n)", 1, "what follows (? is none of i, m, s, U, -, :, ), P<name>"},
        {"(?P<>a)", 1, "a group's name is letters, digits and _, then >"},
        {"(?P<a b>a)", 1, "a group's name is letters, digits and _, then >"},
        {"(?P<n>a)(?P<n>b)", 9, "there is a group of this name already"},
        {"ab\xFF", 3, "it is not UTF-8"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_pattern_tree *tree = NULL;
        struct gen_error err = {0};
        char expected[200];

        snprintf(expected, sizeof(expected), "regular expression, column %u: %s", cases[i].column,
                 cases[i].says);
        cr_expect(eq(int, gen_pattern_parse(cases[i].pattern, strlen(cases[i].pattern), arena, &tree,
                                            &err),
                     GEN_EINVAL));
        cr_expect(eq(str, err.message, expected));
        gen_arena_destroy(arena);
    }
}

/* The tree as text: . for CHARS, ^ for ASSERT, the rest in words. */
static void print(const struct gen_pattern_tree *tree, char *out, size_t size)
{
    static const char *const words[] = {[GEN_PATTERN_EMPTY] = "empty", [GEN_PATTERN_CHARS] = ".",
                                        [GEN_PATTERN_CONCAT] = "cat", [GEN_PATTERN_ALTERNATE] = "or",
                                        [GEN_PATTERN_REPEAT] = "rep", [GEN_PATTERN_ASSERT] = "^"};
    size_t used = strlen(out);

    used += (size_t)snprintf(out + used, size - used, "%s", words[tree->kind]);
    if (tree->kind == GEN_PATTERN_REPEAT) {
        used += (size_t)snprintf(out + used, size - used, "%d,%d", tree->least, tree->most);
    }
    for (const struct gen_pattern_tree *child = tree->first; child != NULL; child = child->next) {
        cr_expect(eq(ptr, (void *)(child->next != NULL ? child->next->previous : tree->last),
                     (void *)child));
        strcat(out, child == tree->first ? "(" : " ");
        print(child, out, size);
    }
    if (tree->first != NULL) {
        strcat(out, ")");
    }
}

Test(pattern_syntax, trees)
{
    static const struct {
        const char *pattern, *tree;
    } cases[] = {
        {"", "empty"},
        {"a", "."},
        {"((a))", "."},                         /* groups leave no trace */
        {"a(bc)d", "cat(. . . .)"},             /* and no border in plain text */
        {"a(bc)*d", "cat(. rep0,-1(cat(. .)) .)"},
        {"ab*", "cat(. rep0,-1(.))"},           /* a repeat takes one item */
        {"a|b|", "or(. . empty)"},
        {"(?i)a(?-i)*", "rep0,-1(.)"},          /* flags are no item */
        {"a{2}", "rep2,2(.)"},
        {"a{2,}?", "rep2,-1(.)"},
        {"a{,2}", "cat(. . . . .)"},
        {"^a\\b", "cat(^ . ^)"},
        {"\\Qa*\\E", "cat(. .)"},
        {"[ab][^c]\\d", "cat(. . .)"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_pattern_tree *tree = NULL;
        struct gen_error err = {0};
        char text[200] = "";

        cr_assert(eq(int, gen_pattern_parse(cases[i].pattern, strlen(cases[i].pattern), arena, &tree,
                                            &err),
                     GEN_OK));
        print(tree, text, sizeof(text));
        cr_expect(eq(str, text, (char *)cases[i].tree));
        gen_arena_destroy(arena);
    }
}
