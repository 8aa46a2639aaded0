/* registry_test.c - the words of needs, one bit each. */
#include "model/registry.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(registry, needs)
{
    int words = 0;

    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        if (gen_needs_word(bit) != NULL) {
            words++;
            cr_assert(eq(u32, gen_needs_of(gen_needs_word(bit)), bit));
        }
    }
    cr_assert(eq(int, words, 11));
    cr_assert(gen_needs_word(0) == NULL);
    cr_assert(gen_needs_word(GEN_NEEDS_VOICE | GEN_NEEDS_MUSIC) == NULL);
    cr_assert(eq(u32, gen_needs_of("magic"), 0));
}
