/* baseline.c - see baseline.h. */
#include "decide/baseline.h"

#include "decide/price_book.h"

#include <string.h>

/* ------------------------------------------------------------------------------------ prices -- */

/* By the price book, with this much bought before; `standard`: whatever the hour. false: the book does
 * not know. */
static bool baseline_book(const struct gen_decision *decision,
                          const struct gen_contender *contender, int64_t volume_s, bool standard,
                          struct gen_arena *arena, gen_micros *out)
{
    struct gen_price_desk desk = {decision->question, arena, standard};
    struct gen_provider_state provider = *contender->provider;
    struct gen_contender copy = *contender;
    struct gen_quote quote = {0};
    struct gen_error ignored = {0};

    provider.volume_s = volume_s;
    copy.provider = &provider;
    if (gen_price_book_quote(&desk, &copy, &quote, &ignored) != GEN_OK || !quote.known) {
        return false;
    }
    *out = quote.price;
    return true;
}

struct gen_discounts gen_baseline_discounts(const struct gen_decision *decision,
                                            const struct gen_contender *contender,
                                            struct gen_arena *arena)
{
    int64_t volume_s = contender->provider->volume_s;
    struct gen_discounts it = {0, 0};
    gen_micros list = 0, hour = 0, now = 0;

    if (contender->quote.price == 0 ||
        !baseline_book(decision, contender, 0, false, arena, &hour)) {
        return it;
    }
    if (baseline_book(decision, contender, 0, true, arena, &list) && list > hour) {
        it.off_peak = list - hour;
    }
    if (volume_s > 0 && baseline_book(decision, contender, volume_s, false, arena, &now) &&
        hour > now) {
        it.batch = hour - now;
    }
    return it;
}

static bool baseline_is_part(const struct gen_contest *contest, const struct gen_contender *chosen,
                             size_t place, const struct gen_pipeline *pipeline)
{
    if (contest->variation != pipeline->variation) {
        return false;
    }
    return contest->scene != GEN_ALL_SCENES
               ? place == 0 /* scenes have one model each */
               : strcmp(chosen->model->provider, pipeline->provider) == 0 &&
                     strcmp(chosen->model->id, pipeline->model) == 0;
}

struct gen_discounts gen_baseline_of_pipeline(const struct gen_decision *decision,
                                              const struct gen_pipeline *pipeline,
                                              struct gen_arena *arena)
{
    struct gen_discounts sum = {0, 0};

    for (size_t i = 0; i < decision->contest_count; i++) {
        const struct gen_contest *contest = &decision->contests[i];

        for (size_t k = 0; k < contest->chosen_count; k++) {
            const struct gen_contender *chosen = contest->chosen[k];
            struct gen_discounts one;

            if (!baseline_is_part(contest, chosen, k, pipeline)) {
                continue;
            }
            one = gen_baseline_discounts(decision, chosen, arena);
            if (!gen_money_add(&sum.batch, sum.batch, one.batch) ||
                !gen_money_add(&sum.off_peak, sum.off_peak, one.off_peak)) {
                return sum;
            }
        }
    }
    return sum;
}

/* Without any discount. */
static bool baseline_list(const struct gen_decision *decision,
                          const struct gen_contender *contender, struct gen_arena *arena,
                          gen_micros *out)
{
    struct gen_discounts off;

    if (!contender->quote.known) {
        return baseline_book(decision, contender, 0, true, arena, out);
    }
    off = gen_baseline_discounts(decision, contender, arena);
    return gen_money_add(out, contender->quote.price, off.batch) &&
           gen_money_add(out, *out, off.off_peak);
}

/* ------------------------------------------------------------------------------------- model -- */

/* The pattern's first model that has a price for everything; SIZE_MAX: none. */
static size_t baseline_find(const struct gen_decision *decision, const char *pattern,
                            struct gen_arena *arena)
{
    const struct gen_contest *first = &decision->contests[0];

    for (size_t i = 0; i < first->contender_count; i++) {
        const struct gen_model *model = first->contenders[i].model;
        gen_micros price = 0;
        bool priced = gen_routing_pattern_fits(pattern, model->provider, model->id);

        for (size_t k = 0; priced && k < decision->contest_count; k++) {
            priced = baseline_list(decision, &decision->contests[k].contenders[i], arena, &price);
        }
        if (priced) {
            return i;
        }
    }
    return SIZE_MAX;
}

static const char *baseline_pattern(const struct gen_decision *decision,
                                    enum gen_baseline_kind *kind)
{
    const struct gen_brief *brief = decision->question->brief;
    const struct gen_routing *routing = decision->question->policy->routing;
    const struct gen_routing_tier *tiers = routing->tiers.items;

    if (brief->models.count > 0) {
        *kind = GEN_BASELINE_NAMED;
        return brief->models.items[0];
    }
    for (size_t i = 0; i < routing->tiers.count; i++) {
        if (tiers[i].tier == decision->demand.tier && tiers[i].baseline != NULL) {
            *kind = GEN_BASELINE_TIER;
            return tiers[i].baseline;
        }
    }
    *kind = GEN_BASELINE_NONE;
    return NULL;
}

static const char *baseline_reason(const struct gen_decision *decision,
                                   enum gen_baseline_kind wanted, const char *pattern,
                                   const struct gen_baseline *baseline, struct gen_arena *arena)
{
    switch (baseline->kind) {
    case GEN_BASELINE_NAMED:
        return gen_arena_printf(arena, "on %s, the model that the brief names first",
                                baseline->model);
    case GEN_BASELINE_TIER:
        return gen_arena_printf(arena, "on %s, which routing.yaml names for tier %d",
                                baseline->model, (int)decision->demand.tier);
    default:
        break;
    }
    if (pattern == NULL) {
        return "the brief names no model, and routing.yaml no baseline for the tier";
    }
    return wanted == GEN_BASELINE_NAMED
               ? gen_arena_printf(arena, "no price is known for %s, which the brief names first",
                                  pattern)
               : gen_arena_printf(arena,
                                  "%s, which routing.yaml names for tier %d, is not loaded or has "
                                  "no price",
                                  pattern, (int)decision->demand.tier);
}

/* false: a price does not fit. */
static bool baseline_add_up(const struct gen_decision *decision, size_t model,
                            struct gen_arena *arena, gen_micros *sums)
{
    for (size_t i = 0; i < decision->contest_count; i++) {
        const struct gen_contest *contest = &decision->contests[i];
        gen_micros price = 0;

        if (!baseline_list(decision, &contest->contenders[model], arena, &price) ||
            !gen_money_add(&sums[contest->variation], sums[contest->variation], price)) {
            return false;
        }
    }
    return true;
}

enum gen_status gen_baseline_make(const struct gen_decision *decision, struct gen_arena *arena,
                                  struct gen_baseline *out, struct gen_error *err)
{
    size_t count = decision->question->brief->variations.count;
    gen_micros *sums = gen_arena_array(arena, count + 1, sizeof *sums);
    enum gen_baseline_kind wanted;
    const char *pattern = baseline_pattern(decision, &wanted);
    size_t model;

    GEN_CHECK(decision->verdict == GEN_OK && decision->contest_count > 0);
    if (sums == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = (struct gen_baseline){GEN_BASELINE_NONE, "", "", sums, count};
    model = pattern == NULL ? SIZE_MAX : baseline_find(decision, pattern, arena);
    if (model != SIZE_MAX && baseline_add_up(decision, model, arena, sums)) {
        out->kind = wanted;
        out->model = gen_contest_model_name(decision->contests[0].contenders[model].model, arena);
    } else {
        memset(sums, 0, (count + 1) * sizeof *sums);
    }
    out->reason = baseline_reason(decision, wanted, pattern, out, arena);
    return out->reason == NULL || gen_arena_failed(arena)
               ? gen_error_set(err, GEN_ENOMEM, "out of memory")
               : GEN_OK;
}
