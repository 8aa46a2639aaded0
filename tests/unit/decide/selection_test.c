/* selection_test.c - hard limits, the order of what is left, and the explanation. */
#include "decide/selection.h"

#include "base/json.h"
#include "unit/decide/sample.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct gen_model sample_model(const char *id)
{
    return (struct gen_model){.provider = "p", .id = id, .tier = 2, .max_duration_ms = 10000,
                              .max_width = 1920, .max_height = 1080, .max_frame_rate = 30,
                              .max_scenes = 4, .quality = 5};
}

Test(selection, limits)
{
    static const struct {
        const char *what;
        bool whole;
        size_t scenes;
        int64_t longest;
        int32_t width, height, frame_rate_milli;
        const char *words; /* of the sentence; NULL = it can */
    } cases[] = {
        {"fits", false, 4, 2000, 1920, 1080, 30000, NULL},
        {"at each limit", false, 4, 10000, 1920, 1080, 30000, NULL},
        {"too long for one shot", false, 1, 10001, 1920, 1080, 30000, "at most 10 s"},
        {"many short shots", false, 12, 2000, 1920, 1080, 30000, NULL},
        {"whole: the sum counts", true, 4, 5000, 1920, 1080, 30000, "at most 10 s"},
        {"whole: too many scenes", true, 5, 1000, 1920, 1080, 30000, "at most 4 scenes"},
        {"too wide", false, 1, 2000, 1922, 1080, 30000, "1920x1080"},
        {"too high", false, 1, 2000, 1080, 1920, 30000, "1920x1080"},
        {"too fast", false, 1, 2000, 1920, 1080, 30001, "30 frames"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;
        struct gen_model model = sample_model("m");
        struct gen_arena *arena = gen_arena_create(0);
        const char *sentence;

        sample_brief(&sample, cases[i].scenes);
        sample.scenes[0].duration_ms = cases[i].longest;
        sample.variations[0].width = cases[i].width;
        sample.variations[0].height = cases[i].height;
        sample.variations[0].frame_rate_milli = cases[i].frame_rate_milli;
        model.traits = cases[i].whole ? GEN_TRAIT_WHOLE_STORYBOARD : 0;
        sentence = gen_selection_limit(&sample.brief, 0, &model, arena);
        cr_assert(sentence == NULL || cases[i].words != NULL, "%s: %s", cases[i].what,
                  sentence == NULL ? "it can" : sentence);
        cr_assert(sentence != NULL || cases[i].words == NULL, "%s", cases[i].what);
        cr_assert(sentence == NULL || strstr(sentence, cases[i].words) != NULL, "%s: %s",
                  cases[i].what, sentence);
        gen_arena_destroy(arena);
    }
}

/* Each row is better than the next, for a storyboard of tier 1. */
Test(selection, order)
{
    static const struct {
        uint32_t unmet;
        int32_t tier;
        gen_micros price;
        double quality;
        const char *id;
    } rows[] = {
        {0, 1, 0, 3, "a"},       {0, 1, 0, 3, "b"}, /* equal: by name */
        {0, 1, 100, 9, "c"},     {0, 1, 100, 5, "d"}, /* dearer; then the better one */
        {0, 2, 0, 9, "e"},       /* a tier off, though free */
        {0, 3, 0, 9, "f"},
        {1u << 2, 1, 0, 9, "g"}, /* misses a need */
        {3u << 2, 1, 0, 9, "h"},
    };
    struct gen_model models[GEN_COUNT(rows)];
    struct gen_candidate candidates[GEN_COUNT(rows)];

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        models[i] = sample_model(rows[i].id);
        models[i].tier = rows[i].tier;
        models[i].quality = rows[i].quality;
        candidates[i] = (struct gen_candidate){.model = &models[i], .unmet = rows[i].unmet,
                                               .price = rows[i].price};
    }
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        for (size_t k = 0; k < GEN_COUNT(rows); k++) {
            int order = gen_selection_compare(&candidates[i], &candidates[k], 1);

            int sign = order < 0 ? -1 : order > 0;

            cr_assert(sign == (i < k ? -1 : i > k), "%s against %s: %d", rows[i].id, rows[k].id,
                      order);
        }
    }
}

Test(selection, explanation)
{
    struct sample sample;
    struct gen_model good = sample_model("good"), bad = sample_model("bad");
    struct gen_candidate all[] = {
        {.model = &good, .price = 250000, .most = 300000, .exact = true, .basis = "per second"},
        {.model = &bad, .rejection = "renders at most 10 s"},
    };
    const struct gen_candidate *chosen[] = {&all[0]};
    struct gen_complexity complexity = {.score = 2.5, .tier = 1, .needs = GEN_NEEDS_MUSIC};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *map;
    const char *text;

    sample_brief(&sample, 1);
    map = gen_selection_explain(&sample.brief, &complexity, all, 2, chosen, arena);
    text = gen_json_text(arena, map, NULL);
    cr_assert(strstr(text, "\"selectedModels\":[\"p/good\"]") != NULL, "%s", text);
    cr_assert(strstr(text, "\"costEstimate\":0.25,\"costMost\":0.3") != NULL, "%s", text);
    cr_assert(strstr(text, "\"rejected\":\"renders at most 10 s\"") != NULL, "%s", text);
    cr_assert(strstr(text, "\"needs\":[\"music\"]") != NULL, "%s", text);
    cr_assert(strstr(text, "for $0.25.") != NULL, "%s", text);
    gen_arena_destroy(arena);
}

/* A total that does not fit is no explanation of a smaller one. */
Test(selection, prices_that_do_not_fit)
{
    struct sample sample;
    struct gen_model model = sample_model("m");
    struct gen_candidate all[] = {
        {.model = &model, .price = INT64_MAX, .most = INT64_MAX, .basis = ""},
        {.model = &model, .price = 1, .most = 1, .basis = "", .variation = 1},
    };
    const struct gen_candidate *chosen[] = {&all[0], &all[1]};
    struct gen_complexity complexity = {.score = 1, .tier = 1};
    struct gen_arena *arena = gen_arena_create(0);

    sample_brief(&sample, 1);
    sample.brief.variations.count = 2;
    cr_assert(gen_selection_explain(&sample.brief, &complexity, all, 2, chosen, arena) == NULL);
    gen_arena_destroy(arena);
}
