/* slicing_test.c - scenes in as few calls as possible, with as little as possible that is not shown. */
#include "decide/slicing.h"

#include "base/check.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <stdio.h>
#include <string.h>

static const struct {
    const char *what;
    int64_t least, most, durations[6], scene;
    const char *plan; /* from+shown/ordered, in milliseconds */
} cases[] = {
    {"a length of the list", 4000, 8000, {4000, 6000, 8000}, 6000, "0+6000/6000"},
    {"between two of them", 4000, 8000, {4000, 6000, 8000}, 5000, "0+5000/6000"},
    {"shorter than all", 4000, 8000, {8000, 6000, 4000}, 500, "0+500/4000"},
    {"two, with a second to spare", 4000, 8000, {4000, 6000, 8000}, 11000,
     "0+7333/8000 7333+3667/4000"},
    {"two of the longest", 4000, 8000, {4000, 6000, 8000}, 16000, "0+8000/8000 8000+8000/8000"},
    {"a millisecond more takes a third", 4000, 8000, {4000, 6000, 8000}, 16001,
     "0+7111/8000 7111+5334/6000 12445+3556/4000"},
    {"one length only", 5000, 5000, {5000}, 12000,
     "0+4000/5000 4000+4000/5000 8000+4000/5000"},
    {"lengths with nothing in common", 1000, 7001, {7001, 3001}, 10000,
     "0+6999/7001 6999+3001/3001"},
    {"any length", 1000, 10000, {0}, 9999, "0+9999/9999"},
    {"any length, too long", 1000, 10000, {0}, 11000, "0+5500/5500 5500+5500/5500"},
    {"any length, shorter than the least", 3000, 10000, {0}, 1000, "0+1000/3000"},
    {"far too long", 1000, 1000, {0}, 64001, ""},
    {"a model of no length", 0, 0, {0}, 1000, ""},
    {"longer than any sum", 1000, 1000, {0}, INT64_MAX, ""},
    {"as long as can be", 1000, 4500, {4500}, 288000, NULL},
};

Test(slicing, plans)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_model model = {.min_duration_ms = cases[i].least,
                                  .max_duration_ms = cases[i].most,
                                  .durations_ms = cases[i].durations};
        struct gen_slice slices[GEN_SLICING_MOST];
        char text[4096] = "";
        size_t count, used = 0;
        int64_t shown = 0;

        while (model.duration_count < 6 && cases[i].durations[model.duration_count] != 0) {
            model.duration_count++;
        }
        count = gen_slicing_plan(&model, cases[i].scene, slices);
        for (size_t k = 0; k < count; k++) {
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%lld+%lld/%lld",
                                     k == 0 ? "" : " ", (long long)slices[k].from_ms,
                                     (long long)slices[k].shown_ms,
                                     (long long)slices[k].ordered_ms);
            cr_assert(slices[k].from_ms == shown && slices[k].shown_ms > 0 &&
                          slices[k].shown_ms <= slices[k].ordered_ms,
                      "%s", cases[i].what);
            shown += slices[k].shown_ms;
        }
        cr_assert(count == 0 || shown == cases[i].scene, "%s", cases[i].what);
        if (cases[i].plan != NULL) {
            cr_assert(eq(str, text, (char *)cases[i].plan), "%s", cases[i].what);
        }
    }
}

/* By trying everything: no other choice of as many lengths renders less, and fewer do not reach. */
Test(slicing, no_choice_is_better)
{
    static const int64_t durations[] = {4000, 6000, 9000, 10000};
    struct gen_model model = {.min_duration_ms = 4000, .max_duration_ms = 10000,
                              .durations_ms = durations, .duration_count = 4};

    for (int64_t scene = 500; scene <= 30000; scene += 500) {
        struct gen_slice slices[GEN_SLICING_MOST];
        size_t count = gen_slicing_plan(&model, scene, slices);
        int64_t ordered = 0, best = INT64_MAX;

        cr_assert(eq(sz, count, (size_t)((scene + 9999) / 10000)));
        for (size_t k = 0; k < count; k++) {
            ordered += slices[k].ordered_ms;
        }
        for (int a = 0; a < 4; a++) {
            for (int b = 0; b < (count > 1 ? 4 : 1); b++) {
                for (int c = 0; c < (count > 2 ? 4 : 1); c++) {
                    int64_t sum = durations[a] + (count > 1 ? durations[b] : 0) +
                                  (count > 2 ? durations[c] : 0);

                    best = sum >= scene && sum < best ? sum : best;
                }
            }
        }
        cr_assert(eq(i64, ordered, best), "a scene of %lld ms", (long long)scene);
    }
}
