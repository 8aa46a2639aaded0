/* choice_test.c - words and values. */
#include "base/check.h"
#include "base/choice.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const struct gen_choice table[] = {
    {"fast", 1, ""}, {"best", 2, ""}, {"quick", 1, ""}, {NULL, 0, NULL}};

Test(choice, both_ways)
{
    cr_expect(eq(str, (char *)gen_choice_word(table, 1), "fast")); /* the first of equals */
    cr_expect(eq(ptr, (void *)gen_choice_word(table, 9), NULL));
    cr_expect(eq(ptr, (void *)gen_choice_word(table, 0), NULL)); /* the end row is no choice */
    cr_expect(eq(int, gen_choice_value(table, "quick"), 1));
    cr_expect(eq(int, gen_choice_value(table, "Fast"), -1));
    cr_expect(eq(int, gen_choice_value(table, ""), -1));
    cr_expect(eq(sz, gen_choice_count(table), 3));
    cr_expect(eq(str, (char *)gen_choice_name(table, 1), "best"));
}
