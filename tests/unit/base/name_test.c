/* name_test.c - edit distances and suggestions. */
#include "base/check.h"
#include "base/name.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

Test(name, distance)
{
    static const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {
        {"", "", 0},          {"", "abc", 3},        {"abc", "", 3},
        {"duration", "durration", 1},                /* one added */
        {"duration", "duraton", 1},                  /* one missing */
        {"duration", "durition", 1},                 /* one changed */
        {"duration", "duratoin", 1},                 /* two swapped */
        {"kitten", "sitting", 3},
        {"ca", "abc", 3},                            /* optimal string alignment, not Damerau */
    };
    char longest[GEN_NAME_LONGEST + 2];

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(eq(sz, gen_name_distance(cases[i].a, cases[i].b), cases[i].distance));
        cr_expect(eq(sz, gen_name_distance(cases[i].b, cases[i].a), cases[i].distance));
    }
    memset(longest, 'a', sizeof(longest));
    longest[GEN_NAME_LONGEST + 1] = '\0';
    cr_expect(gt(sz, gen_name_distance(longest, "a"), GEN_NAME_LONGEST));
    longest[GEN_NAME_LONGEST] = '\0';
    cr_expect(eq(sz, gen_name_distance(longest, longest), 0));
}

static const char *name_at(const void *context, size_t index)
{
    const char *const *names = context;

    return names[index];
}

Test(name, nearest)
{
    static const char *const names[] = {"prompt", "duration", NULL, "id", "text", "test"};
    static const struct {
        const char *wrong, *nearest;
    } cases[] = {
        {"durration", "duration"}, {"promtp", "prompt"}, {"DURATION", NULL},
        {"ic", NULL},              /* half of it is too much */
        {"tett", "text"},          /* the first of two as near */
        {"color", NULL},           {"", NULL},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const char *nearest = gen_name_nearest(cases[i].wrong, name_at, names, GEN_COUNT(names));

        cr_expect(eq(str, (char *)(nearest != NULL ? nearest : "none"),
                     (char *)(cases[i].nearest != NULL ? cases[i].nearest : "none")));
    }
}
