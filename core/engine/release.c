/* release.c - see release.h. */
#include "engine/release.h"

#include "store/attempt_store.h"

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

enum gen_release gen_release_of(enum gen_status committed, const struct gen_error *err,
                                const struct gen_effect *first, const struct gen_effect **about)
{
    const struct gen_effect *holds = first, *takes = first;

    *about = NULL;
    if (committed == GEN_OK) {
        return GEN_RELEASE_EFFECTS;
    }
    while (holds != NULL && !holds->holds_money) {
        holds = holds->next;
    }
    while (takes != NULL && takes->takes_from == GEN_ATTEMPT_NONE) {
        takes = takes->next;
    }
    if (committed == GEN_EBUDGET && holds != NULL) {
        *about = holds;
        return GEN_RELEASE_REFUSED;
    }
    if (gen_attempt_store_taken(committed, err) && takes != NULL) {
        *about = takes;
        return GEN_RELEASE_STRANGER;
    }
    return GEN_RELEASE_PARK;
}

struct gen_input gen_release_input(enum gen_release release, const struct gen_effect *about,
                                   const struct gen_error *err)
{
    return (struct gen_input){.kind = release == GEN_RELEASE_STRANGER ? GEN_INPUT_STRANGER
                                                                      : GEN_INPUT_REFUSED,
                              .pipeline = about->pipeline,
                              .shot = about->shot,
                              .status = err->status,
                              .from = about->takes_from,
                              .reason = err->message};
}
