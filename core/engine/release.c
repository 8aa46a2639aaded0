/* release.c - see release.h. */
#include "engine/release.h"

void gen_release_stamp(struct gen_effect *first, gen_release_generation *generation, void *context)
{
    for (struct gen_effect *effect = first; effect != NULL; effect = effect->next) {
        uint32_t *now = generation(context, effect->pipeline, effect->shot);

        *now += effect->kind == GEN_EFFECT_STOP;
        effect->generation = *now;
    }
}

bool gen_release_current(const struct gen_effect *effect, uint32_t generation)
{
    switch (effect->kind) {
    case GEN_EFFECT_CALL:
    case GEN_EFFECT_PERFORM:
    case GEN_EFFECT_WAKE:
    case GEN_EFFECT_STORE_CLIP:
    case GEN_EFFECT_STOP:
        return effect->generation == generation;
    default: /* of lanes, pipelines, jobs: they hold whatever the flight does */
        return true;
    }
}

bool gen_release_heard(uint32_t under_way, uint32_t generation, const struct gen_shot *shot)
{
    return under_way == generation && shot->verb != GEN_VERB_NONE;
}

enum gen_release gen_release_of(enum gen_status committed, const struct gen_effect *first,
                                const struct gen_effect **money)
{
    const struct gen_effect *holds = first;

    while (holds != NULL && !holds->holds_money) {
        holds = holds->next;
    }
    *money = holds;
    if (committed == GEN_OK) {
        return GEN_RELEASE_EFFECTS;
    }
    return committed == GEN_EBUDGET && holds != NULL ? GEN_RELEASE_REFUSED : GEN_RELEASE_PARK;
}
