/* complexity_test.c - the score from structured facts, and the needs that follow. */
#include "decide/complexity.h"

#include "unit/decide/sample.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum shape { PROMPT, OVERLAY, PICTURE, SPEECH, PRESENTER };

static void shape_scene(struct sample *sample, size_t index, enum shape shape)
{
    struct gen_scene *scene = &sample->scenes[index];

    if (shape == OVERLAY) {
        scene->overlays = (struct gen_records){sample->overlays, 1};
    } else if (shape == PICTURE) {
        scene->assets = (struct gen_texts){sample->assets, 1};
    } else if (shape != PROMPT) {
        scene->dialogue = "hello";
        scene->presenter = shape == PRESENTER;
        scene->assets = (struct gen_texts){sample->assets, 1};
    }
}

Test(complexity, tiers_of_typical_storyboards)
{
    static const struct {
        const char *what;
        enum shape shape;
        size_t scenes;
        int32_t tier;
    } cases[] = {
        {"cards with words", OVERLAY, 4, 1},
        {"a slide show", PICTURE, 6, 1},
        {"one generated scene", PROMPT, 1, 2},
        {"a short film", PROMPT, 8, 2},
        {"a spokesperson", PRESENTER, 3, 2},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;
        struct gen_complexity complexity;

        sample_brief(&sample, cases[i].scenes);
        for (size_t k = 0; k < cases[i].scenes; k++) {
            shape_scene(&sample, k, cases[i].shape);
        }
        gen_complexity_of(&sample.brief, &complexity);
        cr_assert(eq(i32, complexity.tier, cases[i].tier), "%s: %g", cases[i].what,
                  complexity.score);
    }
}

Test(complexity, needs)
{
    static const struct {
        enum shape shape;
        uint32_t needs;
    } cases[] = {
        {PROMPT, 0},
        {OVERLAY, GEN_NEEDS_TEXT_OVERLAY},
        {PICTURE, GEN_NEEDS_IMAGE_ANIMATION},
        {SPEECH, GEN_NEEDS_IMAGE_ANIMATION | GEN_NEEDS_VOICE},
        {PRESENTER, GEN_NEEDS_IMAGE_ANIMATION | GEN_NEEDS_AVATAR | GEN_NEEDS_LIP_SYNC},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;
        struct gen_complexity complexity;

        sample_brief(&sample, 2);
        shape_scene(&sample, 1, cases[i].shape);
        gen_complexity_of(&sample.brief, &complexity);
        cr_assert(eq(u32, complexity.needs, cases[i].needs), "case %zu", i);
        sample.brief.sound.mood = "calm";
        gen_complexity_of(&sample.brief, &complexity);
        cr_assert(eq(u32, complexity.needs, cases[i].needs | GEN_NEEDS_MUSIC), "case %zu", i);
    }
}

/* Inside 1..10 whatever comes, more never counts less, and the shares explain the score. */
Test(complexity, bounds_and_explanation)
{
    double before = 0;

    for (int much = 0; much <= 4; much++) {
        struct sample sample;
        struct gen_complexity complexity;
        double sum = 1.0;

        sample_brief(&sample, much < 1 ? 1 : SAMPLE_SCENES);
        for (size_t k = 0; much >= 2 && k < SAMPLE_SCENES; k++) {
            sample.scenes[k].presenter = true;
            sample.scenes[k].dialogue = "hello";
        }
        if (much >= 3) {
            sample.scenes[0].duration_ms = 250000;
        }
        if (much >= 4) {
            sample.variations[0].width = 3840;
            sample.variations[0].height = 2160;
            sample.variations[0].frame_rate = 60;
        }
        gen_complexity_of(&sample.brief, &complexity);
        cr_assert(complexity.score >= 1.0 && complexity.score <= 10.0);
        cr_assert(complexity.score >= before, "step %d", much);
        before = complexity.score;
        for (size_t i = 0; i < GEN_COMPLEXITY_SIGNALS && complexity.signals[i].name != NULL; i++) {
            cr_assert(complexity.signals[i].share > 0);
            sum += complexity.signals[i].share;
        }
        cr_assert(sum > 10.0 || (sum - complexity.score < 0.1 && complexity.score - sum < 0.1),
                  "the shares give %g, the score is %g", sum, complexity.score);
    }
    cr_assert(before > 7.0, "everything at once is of the highest tier");
}
