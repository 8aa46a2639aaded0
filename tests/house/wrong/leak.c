/* leak.c - a test that passes and leaks, on purpose: only the sanitizer's report can fail it. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

static void *volatile kept; /* so that the compiler cannot see that the block is never used */

Test(wrong, leaks)
{
    kept = malloc(100);
    cr_assert(kept != NULL);
    kept = NULL;
}
