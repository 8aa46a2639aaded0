/* check_test.c - a broken promise aborts, a kept one does nothing. */
#include "base/check.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>

Test(check, kept)
{
    int table[7];

    GEN_CHECK(1 + 1 == 2);
    cr_expect(eq(sz, GEN_COUNT(table), 7));
}

Test(check, broken, .signal = SIGABRT)
{
    GEN_CHECK(1 + 1 == 3);
}
