/* alloc_test.c - zeroed memory, copies, and the nth allocation failing exactly once. */
#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(alloc, zeroed)
{
    char *block = gen_alloc(64);
    char zero[64] = {0};

    cr_assert(ne(ptr, block, NULL));
    cr_expect(eq(int, memcmp(block, zero, 64), 0));
    gen_free(block);
    block = gen_alloc(0);
    cr_expect(ne(ptr, block, NULL));
    gen_free(block);
    gen_free(NULL);
}

Test(alloc, resize_keeps)
{
    char *block = gen_strdup("abc");

    block = gen_realloc(block, 1000);
    cr_expect(eq(str, block, "abc"));
    gen_free(block);
}

Test(alloc, copies)
{
    static const struct {
        const char *text;
        size_t size;
        const char *copy;
    } cases[] = {
        {"hello", 3, "hel"},  /* cut at the size */
        {"hi", 10, "hi"},     /* stops at the NUL */
        {"hi", 0, ""},        /* nothing is a text too */
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *copy = gen_strndup(cases[i].text, cases[i].size);

        cr_expect(eq(str, copy, (char *)cases[i].copy));
        gen_free(copy);
    }
}

Test(alloc, fails_at)
{
    void *first, *second, *third;
    char *old;

    gen_alloc_fail_at(2);
    first = gen_alloc(1);
    second = gen_alloc(1);
    third = gen_alloc(1);
    cr_expect(ne(ptr, first, NULL));
    cr_expect(eq(ptr, second, NULL));
    cr_expect(ne(ptr, third, NULL));
    cr_expect(eq(long, gen_alloc_count(), 3));
    gen_alloc_fail_at(1);
    old = first;
    cr_expect(eq(ptr, gen_realloc(old, 100), NULL)); /* the old block stays ours */
    gen_alloc_fail_at(0);
    cr_expect(eq(long, gen_alloc_count(), 0));
    gen_free(first);
    gen_free(third);
}
