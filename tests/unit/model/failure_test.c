/* failure_test.c - the closed set of ways to fail. */
#include "model/failure.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(failure, words)
{
    for (int i = GEN_FAILURE_TRANSIENT; i <= GEN_FAILURE_OUTPUT; i++) {
        enum gen_failure failure = (enum gen_failure)i;

        cr_assert(eq(int, gen_failure_of(gen_failure_word(failure)), i));
        cr_assert(strlen(gen_failure_meaning(failure)) > 0);
    }
    cr_assert(eq(int, gen_failure_of("bored"), GEN_FAILURE_NONE));
    cr_assert(eq(str, (char *)gen_failure_word(GEN_FAILURE_NONE), ""));
    cr_assert(eq(str, (char *)gen_failure_meaning((enum gen_failure)999), ""));
}
