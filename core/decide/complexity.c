/* complexity.c - see complexity.h. */
#include "decide/complexity.h"

#include <math.h>

struct facts {
    size_t scenes, presenters, spoken, generated, overlays, supplied;
    int64_t duration_ms;
    int64_t most_pixels;
    double most_frames;
};

static struct facts complexity_facts(const struct gen_brief *brief)
{
    struct facts facts = {.scenes = brief->scenes.count, .duration_ms = gen_brief_duration(brief)};

    for (size_t i = 0; i < brief->scenes.count; i++) {
        const struct gen_scene *scene = gen_brief_scene(brief, i);

        facts.presenters += scene->presenter;
        facts.spoken += scene->dialogue != NULL;
        facts.overlays += scene->overlays.count > 0;
        facts.supplied += scene->assets.count > 0;
        facts.generated += scene->assets.count == 0 && scene->overlays.count == 0;
    }
    for (size_t i = 0; i < brief->variations.count; i++) {
        const struct gen_variation *variation = gen_brief_variation(brief, i);
        int64_t pixels = (int64_t)variation->width * variation->height;

        facts.most_pixels = pixels > facts.most_pixels ? pixels : facts.most_pixels;
        facts.most_frames = variation->frame_rate > facts.most_frames ? variation->frame_rate
                                                                      : facts.most_frames;
    }
    return facts;
}

static uint32_t complexity_needs(const struct facts *facts, const struct gen_brief *brief)
{
    uint32_t needs = 0;

    needs |= facts->overlays > 0 ? GEN_NEEDS_TEXT_OVERLAY : 0u;
    needs |= facts->supplied > 0 ? GEN_NEEDS_IMAGE_ANIMATION : 0u;
    needs |= facts->presenters > 0 ? GEN_NEEDS_AVATAR : 0u;
    needs |= facts->presenters > 0 && facts->spoken > 0 ? GEN_NEEDS_LIP_SYNC : 0u;
    needs |= facts->spoken > 0 && facts->presenters == 0 ? GEN_NEEDS_VOICE : 0u;
    needs |= brief->sound.music != NULL || brief->sound.mood != NULL ? GEN_NEEDS_MUSIC : 0u;
    return needs;
}

void gen_complexity_of(const struct gen_brief *brief, struct gen_complexity *out)
{
    struct facts facts = complexity_facts(brief);
    double scenes = (double)facts.scenes;
    const struct {
        const char *name;
        double share;
    } shares[] = {
        {"presenter", 3.0 * (double)facts.presenters / scenes},
        {"generated scenes", 4.0 * (double)facts.generated / scenes},
        {"dialogue", 0.6 * (double)facts.spoken / scenes},
        {"number of scenes", fmin(1.0, (scenes - 1) * 0.12)},
        {"duration", fmin(0.8, (double)facts.duration_ms / 60000.0 * 0.5)},
        {"resolution", facts.most_pixels > 2073600 ? 0.5 : 0.0},
        {"frame rate", facts.most_frames > 30.5 ? 0.3 : 0.0},
    };
    size_t count = 0;

    *out = (struct gen_complexity){.score = 1.0, .needs = complexity_needs(&facts, brief)};
    for (size_t i = 0; i < GEN_COUNT(shares); i++) {
        if (shares[i].share > 0.0) {
            out->signals[count].name = shares[i].name;
            out->signals[count++].share = round(shares[i].share * 100.0) / 100.0;
            out->score += shares[i].share;
        }
    }
    out->score = round(fmin(out->score, 10.0) * 10.0) / 10.0;
    out->tier = out->score < 4.0 ? 1 : out->score < 7.0 ? 2 : 3;
}
