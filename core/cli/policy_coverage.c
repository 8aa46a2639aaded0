/* policy_coverage.c - see policy_coverage.h. */
#include "cli/policy_coverage.h"

#include "cli/policy_scenario.h"

#include <string.h>

enum coverage_kind {
    COVERAGE_RULES = 0,
    COVERAGE_STRATEGIES,
    COVERAGE_SIGNALS,
    COVERAGE_FILTERS,
    COVERAGE_TIERS,
    COVERAGE_PLANS,
    COVERAGE_KINDS,
};

static const char *const kind_words[COVERAGE_KINDS] = {"rules",   "strategies", "signals",
                                                       "filters", "tiers",      "plans"};

struct gen_policy_coverage {
    const struct gen_policy_set *set;
    struct {
        bool *used;
        size_t count;
    } kinds[COVERAGE_KINDS];
};

/* Items of a map of names: every struct in it begins with struct gen_named. */
static const char *record_name(const struct gen_records *records, size_t size, size_t index)
{
    const char *item = (const char *)records->items + index * size;

    return ((const struct gen_named *)(const void *)item)->name;
}

/* ------------------------------------------------------------------------------- what can be used -- */

static bool reach_end_of_life(const struct gen_policy_set *set)
{
    for (size_t i = 0; i < set->provider_count; i++) {
        const struct gen_provider_policy *provider = set->providers[i];
        const struct gen_provider_model *models = provider->models.items;

        for (size_t k = 0; provider->enabled && k < provider->models.count; k++) {
            if (models[k].enabled && models[k].end_of_life != 0) {
                return true;
            }
        }
    }
    return false;
}

static bool reach_unmet(const struct gen_policy_set *set)
{
    const struct gen_routing_strategy *all = set->routing->strategies.items;
    size_t i = 0;

    while (i < set->routing->strategies.count && all[i].unmet != GEN_UNMET_REJECT) {
        i++;
    }
    return i < set->routing->strategies.count;
}

static bool reach_quality(const struct gen_policy_set *set)
{
    const struct gen_routing_strategy *all = set->routing->strategies.items;
    size_t i = 0;

    while (i < set->routing->strategies.count && !(all[i].least_quality > 0)) {
        i++;
    }
    return i < set->routing->strategies.count;
}

static bool reach_reliability(const struct gen_policy_set *set)
{
    const struct gen_routing_strategy *all = set->routing->strategies.items;
    size_t i = 0;

    while (i < set->routing->strategies.count && !(all[i].least_reliability > 0)) {
        i++;
    }
    return i < set->routing->strategies.count;
}

static bool reach_price(const struct gen_policy_set *set)
{
    return set->budget->unknown_price.action == GEN_UNPRICED_REFUSE;
}

static bool reach_excluded(const struct gen_policy_set *set)
{
    const struct gen_routing_rule *rules = set->routing->rules.items;
    size_t i = 0;

    while (i < set->routing->rules.count && !(rules[i].enabled && rules[i].has_exclude)) {
        i++;
    }
    return i < set->routing->rules.count;
}

static bool reach_required(const struct gen_policy_set *set)
{
    const struct gen_routing_rule *rules = set->routing->rules.items;
    size_t i = 0;

    while (i < set->routing->rules.count && !(rules[i].enabled && rules[i].has_require)) {
        i++;
    }
    return i < set->routing->rules.count;
}

static bool reach_never(const struct gen_policy_set *set)
{
    (void)set;
    return false;
}

/* Filters that not every set has a use for. */
static const struct reach {
    enum gen_filter filter;
    bool (*there)(const struct gen_policy_set *set);
} reaches[] = {{GEN_FILTER_END_OF_LIFE, reach_end_of_life},
               {GEN_FILTER_UNMET, reach_unmet},
               {GEN_FILTER_QUALITY, reach_quality},
               {GEN_FILTER_RELIABILITY, reach_reliability},
               {GEN_FILTER_QUOTE, reach_never}, /* plugins refuse; cases have the price book */
               {GEN_FILTER_PRICE, reach_price},
               {GEN_FILTER_EXCLUDED, reach_excluded},
               {GEN_FILTER_REQUIRED, reach_required},
               {GEN_FILTER_SCORE, reach_never}, /* a formula that fails */
               {GEN_FILTER_NONE, NULL}};

static bool coverage_beyond(const struct gen_policy_coverage *coverage, enum gen_filter filter)
{
    const struct reach *row = reaches;

    while (row->there != NULL && row->filter != filter) {
        row++;
    }
    return row->there != NULL && !coverage->kinds[COVERAGE_FILTERS].used[filter - 1] &&
           !row->there(coverage->set);
}

/* ----------------------------------------------------------------------------------------- counting -- */

/* NULL: it is not counted (a rule that is switched off, a filter that is out of reach). */
static const char *coverage_name(const struct gen_policy_coverage *coverage, size_t kind,
                                 size_t index)
{
    const struct gen_routing *routing = coverage->set->routing;
    const struct gen_routing_rule *rules = routing->rules.items;

    switch (kind) {
    case COVERAGE_RULES:
        return rules[index].enabled ? rules[index].named.name : NULL;
    case COVERAGE_STRATEGIES:
        return record_name(&routing->strategies, sizeof(struct gen_routing_strategy), index);
    case COVERAGE_SIGNALS:
        return record_name(&routing->complexity.signals, sizeof(struct gen_routing_signal), index);
    case COVERAGE_FILTERS:
        return coverage_beyond(coverage, (enum gen_filter)(index + 1))
                   ? NULL
                   : gen_filter_word((enum gen_filter)(index + 1));
    case COVERAGE_TIERS:
        return record_name(&routing->tiers, sizeof(struct gen_routing_tier), index);
    default:
        return record_name(&coverage->set->access->plans, sizeof(struct gen_access_plan), index);
    }
}

struct gen_policy_coverage *gen_policy_coverage_create(const struct gen_policy_set *set,
                                                       struct gen_arena *arena)
{
    const struct gen_routing *routing = set->routing;
    const size_t counts[COVERAGE_KINDS] = {
        routing->rules.count, routing->strategies.count, routing->complexity.signals.count,
        GEN_FILTER_END - 1,   routing->tiers.count,      set->access->plans.count};
    struct gen_policy_coverage *coverage = gen_arena_alloc(arena, sizeof(*coverage));

    if (coverage == NULL) {
        return NULL;
    }
    coverage->set = set;
    for (size_t i = 0; i < COVERAGE_KINDS; i++) {
        coverage->kinds[i].count = counts[i];
        coverage->kinds[i].used = gen_arena_array(arena, counts[i] + 1, sizeof(bool));
        if (coverage->kinds[i].used == NULL) {
            return NULL;
        }
    }
    return coverage;
}

static void coverage_mark(struct gen_policy_coverage *coverage, enum coverage_kind kind,
                          const char *name)
{
    for (size_t i = 0; name != NULL && i < coverage->kinds[kind].count; i++) {
        const char *known = coverage_name(coverage, kind, i);

        if (known != NULL && strcmp(known, name) == 0) {
            coverage->kinds[kind].used[i] = true;
        }
    }
}

void gen_policy_coverage_note(struct gen_policy_coverage *coverage,
                              const struct gen_decision *decision)
{
    const struct gen_routing_tier *tier = gen_routing_tier_of(coverage->set->routing,
                                                              decision->demand.score);

    for (size_t i = 0; i < decision->rule_count; i++) {
        if (gen_policy_scenario_acts(&decision->rules[i])) {
            coverage_mark(coverage, COVERAGE_RULES, decision->rules[i].rule->named.name);
        }
    }
    for (size_t i = 0; i < decision->demand.share_count; i++) {
        if (decision->demand.shares[i].share < 0.0 || decision->demand.shares[i].share > 0.0) {
            coverage_mark(coverage, COVERAGE_SIGNALS, decision->demand.shares[i].name);
        }
    }
    for (size_t i = 0; i < coverage->kinds[COVERAGE_FILTERS].count; i++) {
        if ((decision->filters_used >> (i + 1) & 1) != 0) {
            coverage->kinds[COVERAGE_FILTERS].used[i] = true;
        }
    }
    coverage_mark(coverage, COVERAGE_STRATEGIES,
                  decision->strategy != NULL ? decision->strategy->named.name : NULL);
    coverage_mark(coverage, COVERAGE_TIERS, tier != NULL ? tier->named.name : NULL);
    coverage_mark(coverage, COVERAGE_PLANS,
                  decision->plan != NULL ? decision->plan->named.name : NULL);
}

static bool coverage_row(const struct gen_policy_coverage *coverage, size_t kind,
                         struct gen_arena *arena, struct gen_policy_covered *row)
{
    size_t count = coverage->kinds[kind].count;

    row->kind = kind_words[kind];
    row->never.items = gen_arena_array(arena, count + 1, sizeof(char *));
    row->beyond.items = gen_arena_array(arena, count + 1, sizeof(char *));
    for (size_t i = 0; row->never.items != NULL && row->beyond.items != NULL && i < count; i++) {
        const char *name = coverage_name(coverage, kind, i);

        if (kind == COVERAGE_FILTERS && name == NULL) {
            row->beyond.items[row->beyond.count++] = gen_filter_word((enum gen_filter)(i + 1));
        }
        row->total += name != NULL;
        if (name != NULL && coverage->kinds[kind].used[i]) {
            row->used++;
        } else if (name != NULL) {
            row->never.items[row->never.count++] = name;
        }
    }
    return row->never.items != NULL && row->beyond.items != NULL;
}

const struct gen_policy_covered *gen_policy_coverage_rows(
    const struct gen_policy_coverage *coverage, struct gen_arena *arena, size_t *count)
{
    struct gen_policy_covered *rows = gen_arena_array(arena, COVERAGE_KINDS, sizeof(*rows));

    for (size_t i = 0; i < COVERAGE_KINDS; i++) {
        if (rows == NULL || !coverage_row(coverage, i, arena, &rows[i])) {
            return NULL;
        }
    }
    *count = COVERAGE_KINDS;
    return rows;
}
