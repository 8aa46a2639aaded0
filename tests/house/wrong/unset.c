/* unset.c - a test that decides by memory which was never set, on purpose. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

Test(wrong, unset)
{
    char *volatile block = malloc(16);
    volatile int seen = 0;

    if (block[3] != 0) {
        seen = 1;
    }
    free(block);
    cr_assert(seen >= 0);
}
