/* overflow.c - a test whose sum does not fit, on purpose: undefined behaviour. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <limits.h>

Test(wrong, overflows)
{
    volatile int most = INT_MAX;
    volatile int sum = most + 1;

    cr_assert(sum == sum);
}
