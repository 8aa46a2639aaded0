/* selection.c - see selection.h. */
#include "decide/selection.h"

#include <stdlib.h>
#include <string.h>

static int64_t selection_longest_shot(const struct gen_brief *brief, bool whole)
{
    int64_t longest = 0;

    if (whole) {
        return gen_brief_duration(brief);
    }
    for (size_t i = 0; i < brief->scenes.count; i++) {
        int64_t duration = gen_brief_scene(brief, i)->duration_ms;

        longest = duration > longest ? duration : longest;
    }
    return longest;
}

static const char *selection_size_limit(const struct gen_variation *variation,
                                        const struct gen_model *model, struct gen_arena *arena)
{
    if (variation->width > model->max_width || variation->height > model->max_height) {
        return gen_arena_printf(arena, "renders at most %dx%d, asked is %dx%d", model->max_width,
                                model->max_height, variation->width, variation->height);
    }
    if (variation->frame_rate_milli > model->max_frame_rate * 1000) {
        return gen_arena_printf(arena, "renders at most %d frames a second, asked are %g",
                                model->max_frame_rate, variation->frame_rate);
    }
    return NULL;
}

const char *gen_selection_limit(const struct gen_brief *brief, size_t variation,
                                const struct gen_model *model, struct gen_arena *arena)
{
    bool whole = (model->traits & GEN_TRAIT_WHOLE_STORYBOARD) != 0;
    int64_t longest = selection_longest_shot(brief, whole);

    if (whole && brief->scenes.count > (size_t)model->max_scenes) {
        return gen_arena_printf(arena, "takes at most %d scenes, asked are %zu", model->max_scenes,
                                brief->scenes.count);
    }
    if (longest > model->max_duration_ms) {
        return gen_arena_printf(arena, "renders at most %g s at once, asked are %g s",
                                (double)model->max_duration_ms / 1000.0, (double)longest / 1000.0);
    }
    return selection_size_limit(gen_brief_variation(brief, variation), model, arena);
}

static int selection_bits(uint32_t bits)
{
    int count = 0;

    for (; bits != 0; bits &= bits - 1) {
        count++;
    }
    return count;
}

int gen_selection_compare(const struct gen_candidate *a, const struct gen_candidate *b,
                          int32_t tier)
{
    int unmet = selection_bits(a->unmet) - selection_bits(b->unmet);
    int distance = abs(a->model->tier - tier) - abs(b->model->tier - tier);
    int provider;

    if (unmet != 0) {
        return unmet;
    }
    if (distance != 0) {
        return distance;
    }
    if (a->price != b->price) {
        return a->price < b->price ? -1 : 1;
    }
    if (a->model->quality < b->model->quality || a->model->quality > b->model->quality) {
        return a->model->quality > b->model->quality ? -1 : 1;
    }
    provider = strcmp(a->model->provider, b->model->provider);
    return provider != 0 ? provider : strcmp(a->model->id, b->model->id);
}

static struct gen_node *selection_needs(uint32_t needs, struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (uint32_t bit = 1; bit != 0 && bit <= needs; bit <<= 1) {
        if ((needs & bit) != 0 && gen_needs_word(bit) != NULL) {
            gen_node_push(list, gen_node_string(arena, gen_needs_word(bit)));
        }
    }
    return list;
}

static struct gen_node *selection_model_name(const struct gen_model *model, struct gen_arena *arena)
{
    return gen_node_string(arena, gen_arena_printf(arena, "%s/%s", model->provider, model->id));
}

static struct gen_node *selection_candidate(const struct gen_brief *brief,
                                            const struct gen_candidate *candidate, bool chosen,
                                            struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "model", selection_model_name(candidate->model, arena));
    gen_node_set(arena, map, "variation",
                 gen_node_string(arena, gen_brief_variation(brief, candidate->variation)->name));
    gen_node_set(arena, map, "chosen", gen_node_bool(arena, chosen));
    if (candidate->rejection != NULL) {
        gen_node_set(arena, map, "rejected", gen_node_string(arena, candidate->rejection));
        return map;
    }
    gen_node_set(arena, map, "tier", gen_node_int(arena, candidate->model->tier));
    gen_node_set(arena, map, "costEstimate", gen_node_money(arena, candidate->price));
    gen_node_set(arena, map, "costBasis", gen_node_string(arena, candidate->basis));
    gen_node_set(arena, map, "unmetNeeds", selection_needs(candidate->unmet, arena));
    return map;
}

static struct gen_node *selection_signals(const struct gen_complexity *complexity,
                                          struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    for (size_t i = 0; i < GEN_COMPLEXITY_SIGNALS && complexity->signals[i].name != NULL; i++) {
        gen_node_set(arena, map, complexity->signals[i].name,
                     gen_node_real(arena, complexity->signals[i].share));
    }
    return map;
}

/* "Simple storyboard (2.1 of 10): local/studio meets all its needs for $0.00." */
static const char *selection_sentence(const struct gen_complexity *complexity,
                                      const struct gen_candidate *first, gen_micros total,
                                      struct gen_arena *arena)
{
    static const char *const tiers[] = {"", "Simple", "Medium", "Complex"};
    char money[GEN_MONEY_TEXT_SIZE];

    return gen_arena_printf(
        arena, "%s storyboard (%.1f of 10): %s/%s %s for $%s%s.", tiers[complexity->tier],
        complexity->score, first->model->provider, first->model->id,
        first->unmet == 0 ? "meets all its needs" : "comes closest to its needs",
        gen_money_text(total, 2, money), first->exact ? "" : " (estimated)");
}

static bool selection_among(const struct gen_candidate *candidate,
                            const struct gen_candidate *const *chosen, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (chosen[i] == candidate) {
            return true;
        }
    }
    return false;
}

struct gen_node *gen_selection_explain(const struct gen_brief *brief,
                                       const struct gen_complexity *complexity,
                                       const struct gen_candidate *all, size_t count,
                                       const struct gen_candidate *const *chosen,
                                       struct gen_arena *arena)
{
    size_t variations = brief->variations.count;
    struct gen_node *map = gen_node_map(arena), *models = gen_node_list(arena);
    struct gen_node *candidates = gen_node_list(arena);
    gen_micros total = 0, most = 0;

    for (size_t i = 0; i < variations; i++) {
        bool known = false;

        for (size_t k = 0; k < i; k++) {
            known = known || chosen[k]->model == chosen[i]->model;
        }
        if (!known) {
            gen_node_push(models, selection_model_name(chosen[i]->model, arena));
        }
        if (!gen_money_add(&total, total, chosen[i]->price) ||
            !gen_money_add(&most, most, chosen[i]->most)) {
            return NULL;
        }
    }
    for (size_t i = 0; i < count; i++) {
        gen_node_push(candidates,
                      selection_candidate(brief, &all[i],
                                          selection_among(&all[i], chosen, variations), arena));
    }
    gen_node_set(arena, map, "complexityScore", gen_node_real(arena, complexity->score));
    gen_node_set(arena, map, "tier", gen_node_int(arena, complexity->tier));
    gen_node_set(arena, map, "needs", selection_needs(complexity->needs, arena));
    gen_node_set(arena, map, "signals", selection_signals(complexity, arena));
    gen_node_set(arena, map, "selectedModels", models);
    gen_node_set(arena, map, "strategy",
                 gen_node_string(arena, gen_choice_word(gen_strategy_choices, brief->strategy)));
    gen_node_set(arena, map, "costEstimate", gen_node_money(arena, total));
    gen_node_set(arena, map, "costMost", gen_node_money(arena, most));
    gen_node_set(arena, map, "routingReason",
                 gen_node_string(arena, selection_sentence(complexity, chosen[0], total, arena)));
    gen_node_set(arena, map, "candidates", candidates);
    return map;
}
