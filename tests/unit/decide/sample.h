/* sample.h - briefs built by hand for the tests of decisions. */
#ifndef TESTS_UNIT_DECIDE_SAMPLE_H
#define TESTS_UNIT_DECIDE_SAMPLE_H

#include "model/brief.h"
#include "model/registry.h"

#include <string.h>

enum { SAMPLE_SCENES = 12, SAMPLE_VARIATIONS = 3 };

struct sample {
    struct gen_brief brief;
    struct gen_scene scenes[SAMPLE_SCENES];
    struct gen_overlay overlays[1];
    const char *assets[1];
    struct gen_variation variations[SAMPLE_VARIATIONS];
};

/* `scenes` scenes of 2 s with a prompt, in one variation of 1920x1080 at 30. */
static inline struct gen_brief *sample_brief(struct sample *sample, size_t scenes)
{
    memset(sample, 0, sizeof(*sample));
    sample->overlays[0] = (struct gen_overlay){GEN_OVERLAY_IS_HEADLINE, "words"};
    sample->assets[0] = "picture.png";
    for (size_t i = 0; i < scenes; i++) {
        sample->scenes[i] = (struct gen_scene){.prompt = "a", .duration_ms = 2000};
    }
    for (size_t i = 0; i < SAMPLE_VARIATIONS; i++) {
        sample->variations[i] = (struct gen_variation){
            .name = i == 0 ? "16x9" : i == 1 ? "9x16" : "1x1", .width = 1920, .height = 1080,
            .frame_rate = 30, .frame_rate_milli = 30000};
    }
    sample->brief.scenes = (struct gen_records){sample->scenes, scenes};
    sample->brief.variations = (struct gen_records){sample->variations, 1};
    sample->brief.strategy = GEN_STRATEGY_CHEAPEST;
    return &sample->brief;
}

#endif
