/* decision_document.c - a decision as documents for jobs, the API and `gen policy explain`; see
 * decision.h. */
#include "decide/decision.h"

#include <math.h>
#include <string.h>

/* ------------------------------------------------------------------------------------- words -- */

static struct gen_node *document_text(struct gen_arena *arena, const char *text)
{
    return gen_node_string(arena, text);
}

/* A figure for people and machines: six significant decimals are plenty, and NAN is null. */
static struct gen_node *document_real(struct gen_arena *arena, double value)
{
    return isfinite(value) ? gen_node_real(arena, round(value * 1e6) / 1e6 + 0.0) /* no -0 */
                           : gen_node_null(arena);
}

static struct gen_node *document_needs(struct gen_arena *arena, uint32_t needs)
{
    struct gen_node *list = gen_node_list(arena);

    for (uint32_t bit = 1; bit != 0 && bit <= needs; bit <<= 1) {
        if ((needs & bit) != 0 && gen_needs_word(bit) != NULL) {
            gen_node_push(list, document_text(arena, gen_needs_word(bit)));
        }
    }
    return list;
}

static struct gen_node *document_texts(struct gen_arena *arena, const char *const *texts,
                                       size_t count)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < count; i++) {
        gen_node_push(list, document_text(arena, texts[i]));
    }
    return list;
}

static struct gen_node *document_model(struct gen_arena *arena, const struct gen_model *model)
{
    return document_text(arena, gen_contest_model_name(model, arena));
}

static const char *document_scene(const struct gen_decision *decision,
                                  const struct gen_contest *contest)
{
    return contest->scene == GEN_ALL_SCENES
               ? NULL
               : gen_brief_scene(decision->question->brief, contest->scene)->id;
}

static const char *document_variation(const struct gen_decision *decision, size_t variation)
{
    return gen_brief_variation(decision->question->brief, variation)->name;
}

/* ---------------------------------------------------------------------------------- sentence -- */

static size_t document_models(const struct gen_decision *decision, const struct gen_model **out,
                              size_t most)
{
    size_t count = 0;

    for (size_t i = 0; i < decision->contest_count; i++) {
        for (size_t k = 0; k < decision->contests[i].chosen_count; k++) {
            const struct gen_model *model = decision->contests[i].chosen[k]->model;
            bool known = false;

            for (size_t n = 0; n < count; n++) {
                known = known || out[n] == model;
            }
            if (!known && count < most) {
                out[count++] = model;
            }
        }
    }
    return count;
}

static const char *document_why(const struct gen_contender *first)
{
    if (first->name_rank > 0) {
        return "named in the brief";
    }
    return first->unmet == 0 ? "meets all its needs" : "comes closest to its needs";
}

const char *gen_decision_sentence(const struct gen_decision *decision, struct gen_arena *arena)
{
    static const char *const kinds[] = {"Simple", "Simple", "Medium", "Complex"};
    int32_t tier = decision->demand.tier < 1 || decision->demand.tier > 3 ? 1
                                                                          : decision->demand.tier;
    const struct gen_contender *first;
    const struct gen_model *models[4];
    char money[GEN_MONEY_TEXT_SIZE];
    size_t count = document_models(decision, models, GEN_COUNT(models));
    const char *others = "";

    if (decision->verdict != GEN_OK) {
        return gen_arena_printf(arena, "Refused: %s.", decision->refusal.message);
    }
    GEN_CHECK(decision->contests != NULL &&
              decision->contest_count > 0); /* without a refusal somebody is chosen */
    GEN_CHECK(decision->strategy != NULL);
    first = decision->contests[0].chosen[0];
    GEN_CHECK(first != NULL);
    if (count == 2) {
        others = gen_arena_printf(arena, " (with %s/%s)", models[1]->provider, models[1]->id);
    } else if (count > 2) {
        others = " (with others)";
    }
    return gen_arena_printf(
        arena, "%s storyboard (%.1f of 10), strategy %s: %s/%s%s %s, for $%s%s.", kinds[tier],
        decision->demand.score, decision->strategy->named.name, first->model->provider,
        first->model->id, others == NULL ? "" : others, document_why(first),
        gen_money_text(decision->price, 2, money), decision->exact ? "" : " (estimated)");
}

/* -------------------------------------------------------------------------------- contenders -- */

/* What both documents say of a contender. */
static struct gen_node *document_contender(const struct gen_decision *decision,
                                           const struct gen_contest *contest,
                                           const struct gen_contender *contender,
                                           struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "model", document_model(arena, contender->model));
    gen_node_set(arena, map, "variation",
                 document_text(arena, document_variation(decision, contest->variation)));
    if (contest->scene != GEN_ALL_SCENES) {
        gen_node_set(arena, map, "scene", document_text(arena, document_scene(decision, contest)));
    }
    gen_node_set(arena, map, "chosen", gen_node_bool(arena, contender->chosen));
    if (contender->filter != GEN_FILTER_NONE) {
        gen_node_set(arena, map, "rejected", document_text(arena, contender->rejection));
        gen_node_set(arena, map, "filter",
                     document_text(arena, gen_filter_word(contender->filter)));
        return map;
    }
    gen_node_set(arena, map, "rank", gen_node_int(arena, (int64_t)contender->rank));
    gen_node_set(arena, map, "tier", gen_node_int(arena, contender->model->tier));
    gen_node_set(arena, map, "score", document_real(arena, contender->total));
    gen_node_set(arena, map, "costEstimate", gen_node_money(arena, contender->quote.price));
    gen_node_set(
        arena, map, "costBasis",
        document_text(arena, contender->quote.basis == NULL ? "" : contender->quote.basis));
    gen_node_set(arena, map, "expectedSeconds", document_real(arena, contender->seconds));
    gen_node_set(arena, map, "unmetNeeds", document_needs(arena, contender->unmet));
    return map;
}

static struct gen_node *document_preferring(const struct gen_decision *decision,
                                            const struct gen_contender *contender,
                                            struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < decision->rule_count && i < 64; i++) {
        if ((contender->preferred_by >> i & 1) != 0) {
            gen_node_push(list, document_text(arena, decision->rules[i].rule->named.name));
        }
    }
    return list;
}

/* What was expected, and each score. */
static void document_figures(const struct gen_decision *decision, struct gen_node *map,
                             const struct gen_contender *contender, struct gen_arena *arena)
{
    const struct gen_routing *routing = decision->question->policy->routing;
    const struct gen_routing_score *scores = routing->scores.items;
    struct gen_node *parts = gen_node_map(arena), *faults = gen_node_map(arena);

    if (contender->rule != NULL) {
        gen_node_set(arena, map, "rule", document_text(arena, contender->rule));
    }
    gen_node_set(arena, map, "costKnown", gen_node_bool(arena, contender->quote.known));
    gen_node_set(arena, map, "expectedQuality", document_real(arena, contender->quality));
    gen_node_set(arena, map, "expectedSuccess", document_real(arena, contender->reliability));
    gen_node_set(arena, map, "load", document_real(arena, contender->load));
    gen_node_set(arena, map, "tierGap", gen_node_int(arena, contender->tier_gap));
    if (contender->quote.known || contender->quote.price != 0) {
        gen_node_set(arena, map, "costMost", gen_node_money(arena, contender->quote.most));
        gen_node_set(arena, map, "costExact", gen_node_bool(arena, contender->quote.exact));
        gen_node_set(arena, map, "calls",
                     gen_node_int(arena, (int64_t)gen_contest_shots(contender)));
    }
    if (!isnan(contender->weight)) {
        gen_node_set(arena, map, "weight", document_real(arena, contender->weight));
        gen_node_set(arena, map, "preferredBy", document_preferring(decision, contender, arena));
    }
    if (contender->scores == NULL) {
        return;
    }
    for (size_t i = 0; i < routing->scores.count; i++) {
        gen_node_set(arena, parts, scores[i].named.name,
                     document_real(arena, contender->scores[i].value));
        if (contender->scores[i].fault != NULL) {
            gen_node_set(arena, faults, scores[i].named.name,
                         document_text(arena, contender->scores[i].fault));
        }
    }
    gen_node_set(arena, map, "scores", parts);
    if (gen_node_count(faults) > 0) {
        gen_node_set(arena, map, "scoreFaults", faults);
    }
}

static struct gen_node *document_considered(const struct gen_decision *decision, bool full,
                                            struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < decision->contest_count; i++) {
        const struct gen_contest *contest = &decision->contests[i];

        for (size_t k = 0; k < contest->contender_count; k++) {
            struct gen_node *map = document_contender(decision, contest, &contest->contenders[k],
                                                      arena);

            if (full) {
                document_figures(decision, map, &contest->contenders[k], arena);
            }
            gen_node_push(list, map);
        }
    }
    return list;
}

/* ------------------------------------------------------------------------------------- rules -- */

static struct gen_node *document_rule(const struct gen_rule_record *record, struct gen_arena *arena)
{
    const struct gen_routing_rule *rule = record->rule;
    struct gen_node *map = gen_node_map(arena), *facts = gen_node_map(arena);

    gen_node_set(arena, map, "rule", document_text(arena, rule->named.name));
    gen_node_set(arena, map, "fired", gen_node_bool(arena, record->fired));
    if (!rule->enabled) {
        gen_node_set(arena, map, "enabled", gen_node_bool(arena, false));
    }
    if (rule->when.text != NULL) {
        gen_node_set(arena, map, "when",
                     gen_node_string_sized(arena, rule->when.text, rule->when.size));
    }
    for (size_t i = 0; i < record->fact_count; i++) {
        gen_node_set(arena, facts, record->facts[i].name,
                     document_text(arena, record->facts[i].value));
    }
    gen_node_set(arena, map, "facts", facts);
    if (record->fault != NULL) {
        gen_node_set(arena, map, "fault", document_text(arena, record->fault));
    }
    gen_node_set(arena, map, "preferred", gen_node_int(arena, (int64_t)record->preferred));
    gen_node_set(arena, map, "excluded", gen_node_int(arena, (int64_t)record->excluded));
    gen_node_set(arena, map, "keptOut", gen_node_int(arena, (int64_t)record->kept_out));
    gen_node_set(arena, map, "setStrategy", gen_node_bool(arena, record->set_strategy));
    if (record->set_strategy) {
        gen_node_set(arena, map, "strategy", document_text(arena, rule->strategy));
    }
    if (rule->reason != NULL) {
        gen_node_set(arena, map, "reason", document_text(arena, rule->reason));
    }
    return map;
}

/* Short: the names of those that changed something, with their reasons. */
static struct gen_node *document_fired(const struct gen_decision *decision, struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < decision->rule_count; i++) {
        const struct gen_rule_record *record = &decision->rules[i];
        struct gen_node *map;

        if (!gen_ruling_used(record)) {
            continue;
        }
        map = gen_node_map(arena);
        gen_node_set(arena, map, "rule", document_text(arena, record->rule->named.name));
        gen_node_set(arena, map, "reason", document_text(arena, record->rule->reason));
        gen_node_push(list, map);
    }
    return list;
}

/* ------------------------------------------------------------------------------------ whole -- */

static struct gen_node *document_signals(const struct gen_decision *decision, bool full,
                                         struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    for (size_t i = 0; i < decision->demand.share_count; i++) {
        const struct gen_signal_share *share = &decision->demand.shares[i];
        struct gen_node *row;

        if (!full) {
            if (fabs(share->share) >= 0.005) {
                gen_node_set(arena, map, share->name,
                             gen_node_real(arena, round(share->share * 100.0) / 100.0));
            }
            continue;
        }
        row = gen_node_map(arena);
        gen_node_set(arena, row, "value", document_real(arena, share->value));
        gen_node_set(arena, row, "share", document_real(arena, share->share));
        if (share->fault != NULL) {
            gen_node_set(arena, row, "fault", document_text(arena, share->fault));
        }
        gen_node_set(arena, map, share->name, row);
    }
    return map;
}

static struct gen_node *document_selected(const struct gen_decision *decision,
                                          struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);
    const struct gen_model *models[64];
    size_t count = document_models(decision, models, GEN_COUNT(models));

    for (size_t i = 0; i < count; i++) {
        gen_node_push(list, document_model(arena, models[i]));
    }
    return list;
}

static struct gen_node *document_per_scene(const struct gen_decision *decision,
                                           struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < decision->contest_count; i++) {
        const struct gen_contest *contest = &decision->contests[i];
        struct gen_node *map;

        if (contest->scene == GEN_ALL_SCENES || contest->chosen_count == 0) {
            continue;
        }
        map = gen_node_map(arena);
        gen_node_set(arena, map, "variation",
                     document_text(arena, document_variation(decision, contest->variation)));
        gen_node_set(arena, map, "scene", document_text(arena, document_scene(decision, contest)));
        gen_node_set(arena, map, "tier", gen_node_int(arena, contest->tier));
        gen_node_set(arena, map, "model", document_model(arena, contest->chosen[0]->model));
        gen_node_push(list, map);
    }
    return list;
}

/* What each contest is about; `considered` has their contenders in the same order. */
static struct gen_node *document_contests(const struct gen_decision *decision,
                                          struct gen_arena *arena)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < decision->contest_count; i++) {
        const struct gen_contest *contest = &decision->contests[i];
        struct gen_node *map = gen_node_push(list, gen_node_map(arena));

        gen_node_set(arena, map, "variation",
                     document_text(arena, document_variation(decision, contest->variation)));
        if (contest->scene != GEN_ALL_SCENES) {
            gen_node_set(arena, map, "scene",
                         document_text(arena, document_scene(decision, contest)));
        }
        gen_node_set(arena, map, "tier", gen_node_int(arena, contest->tier));
        gen_node_set(arena, map, "needs", document_needs(arena, contest->needs));
        gen_node_set(arena, map, "contenders",
                     gen_node_int(arena, (int64_t)contest->contender_count));
    }
    return list;
}

static struct gen_node *document_make(const struct gen_decision *decision, bool full,
                                      struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena), *rules = gen_node_list(arena);
    struct gen_node *scenes = document_per_scene(decision, arena);

    gen_node_set(arena, map, "complexityScore", gen_node_real(arena, decision->demand.score));
    gen_node_set(arena, map, "tier", gen_node_int(arena, decision->demand.tier));
    gen_node_set(arena, map, "needs", document_needs(arena, decision->demand.needs));
    gen_node_set(arena, map, "signals", document_signals(decision, full, arena));
    gen_node_set(arena, map, "selectedModels", document_selected(decision, arena));
    if (gen_node_count(scenes) > 0) {
        gen_node_set(arena, map, "sceneModels", scenes);
    }
    gen_node_set(arena, map, "strategy",
                 document_text(arena, decision->strategy == NULL
                                          ? gen_contest_asked(decision->question)
                                          : decision->strategy->named.name));
    gen_node_set(arena, map, "strategyReason", document_text(arena, decision->strategy_reason));
    gen_node_set(arena, map, "costEstimate", gen_node_money(arena, decision->price));
    gen_node_set(arena, map, "costMost", gen_node_money(arena, decision->most));
    gen_node_set(arena, map, "expectedSeconds", document_real(arena, decision->seconds));
    gen_node_set(arena, map, "routingReason",
                 document_text(arena, gen_decision_sentence(decision, arena)));
    gen_node_set(arena, map, "policyVersion", document_text(arena, decision->version));
    if (decision->verdict != GEN_OK) {
        gen_node_set(arena, map, "refusal",
                     document_text(arena, gen_status_word(decision->verdict)));
    }
    gen_node_set(arena, map, "considered", document_considered(decision, full, arena));
    for (size_t i = 0; full && i < decision->rule_count; i++) {
        gen_node_push(rules, document_rule(&decision->rules[i], arena));
    }
    gen_node_set(arena, map, "rules", full ? rules : document_fired(decision, arena));
    gen_node_set(arena, map, "warnings",
                 document_texts(arena, decision->warnings, decision->warning_count));
    if (full) {
        gen_node_set(arena, map, "complexityBase",
                     document_real(arena, decision->question->policy->routing->complexity.base));
        gen_node_set(arena, map, "contests", document_contests(decision, arena));
        gen_node_set(arena, map, "plan", document_text(arena, decision->plan->named.name));
        gen_node_set(arena, map, "budget",
                     decision->budget == GEN_SNAPSHOT_NO_LIMIT
                         ? gen_node_null(arena)
                         : gen_node_money(arena, decision->budget));
    }
    return gen_arena_failed(arena) ? NULL : map;
}

struct gen_node *gen_decision_document(const struct gen_decision *decision, struct gen_arena *arena)
{
    return document_make(decision, false, arena);
}

struct gen_node *gen_decision_explain(const struct gen_decision *decision, struct gen_arena *arena)
{
    return document_make(decision, true, arena);
}
