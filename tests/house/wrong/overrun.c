/* overrun.c - a test that reads one byte past a block, on purpose. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdlib.h>

Test(wrong, overruns)
{
    volatile char *block = calloc(1, 16);
    volatile size_t past = 16;
    char read = block[past];

    free((void *)block);
    cr_assert(read == read);
}
