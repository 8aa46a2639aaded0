/* routing_policy.c - see routing_policy.h. The keys first, then what follows from them. */
#include "policy/routing_policy.h"

#include "policy/policy_facts.h"

#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

const struct gen_choice gen_keep_choices[] = {
    {"all", GEN_KEEP_ALL, "every output is kept and compared"},
    {"first", GEN_KEEP_FIRST, "the first good output is kept, the others are cancelled"},
    {NULL, 0, NULL}};
const struct gen_choice gen_unit_choices[] = {
    {"job", GEN_UNIT_JOB, "one model makes the whole video"},
    {"scene", GEN_UNIT_SCENE, "each scene goes to the model that suits it best"},
    {NULL, 0, NULL}};
const struct gen_choice gen_unmet_choices[] = {
    {"reject", GEN_UNMET_REJECT, "a model that lacks a need is out"},
    {"last", GEN_UNMET_LAST, "it comes after every model that lacks less"},
    {"accept", GEN_UNMET_ACCEPT, "the score alone decides"},
    {NULL, 0, NULL}};
const struct gen_choice gen_tie_choices[] = {
    {"cheaper", GEN_TIE_CHEAPER, "the lower price"},
    {"faster", GEN_TIE_FASTER, "the shorter time"},
    {"better", GEN_TIE_BETTER, "the higher expected quality"},
    {"idler", GEN_TIE_IDLER, "the lower load of its provider"},
    {"name", GEN_TIE_NAME, "the name, so that the order never wavers"},
    {NULL, 0, NULL}};

static const struct gen_field tier_fields[] = {
    {.key = "tier",
     .type = GEN_FIELD_INT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_routing_tier, tier),
     .min = 1,
     .max = 3,
     .help = "Tier of the models."},
    {.key = "from",
     .type = GEN_FIELD_REAL,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_routing_tier, from),
     .min = 1,
     .max = 10,
     .help = "Least complexity."},
    {.key = "baseline",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_routing_tier, baseline),
     .min = 1,
     .max = 200,
     .help = "The model that savings are measured against where a brief names none: "
             "\"runway/gen4.5\", or a provider."},
    {.key = "help", .type = GEN_FIELD_TEXT, FIELD(gen_routing_tier, help), .help = "For people."},
    {0}};

static const struct gen_record tier_record = {
    .name = "tier",
    .size = sizeof(struct gen_routing_tier),
    .fields = tier_fields,
    .help = "Which models a storyboard of some complexity asks for."};

static const struct gen_field signal_fields[] = {
    {.key = "value",
     .type = GEN_FIELD_FORMULA,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_routing_signal, value),
     .domain = &gen_domain_signal,
     .help = "What is measured, best between 0 and 1."},
    {.key = "weight",
     .type = GEN_FIELD_REAL,
     FIELD(gen_routing_signal, weight),
     .min = -10,
     .max = 10,
     .preset = "1",
     .help = "The value times this is added to the complexity."},
    {.key = "most",
     .type = GEN_FIELD_REAL,
     FIELD(gen_routing_signal, most),
     .min = 0,
     .max = 10,
     .preset = "0",
     .help = "What is added never grows beyond this; 0 = no bound."},
    {.key = "help", .type = GEN_FIELD_TEXT, FIELD(gen_routing_signal, help), .help = "For people."},
    {0}};

static const struct gen_record signal_record = {
    .name = "signal",
    .size = sizeof(struct gen_routing_signal),
    .fields = signal_fields,
    .short_key = "value",
    .help = "One thing that makes a storyboard more demanding."};

static const struct gen_field complexity_fields[] = {{.key = "base",
                                                      .type = GEN_FIELD_REAL,
                                                      FIELD(gen_routing_complexity, base),
                                                      .min = 0,
                                                      .max = 10,
                                                      .preset = "1",
                                                      .help = "Where every storyboard begins."},
                                                     {.key = "least",
                                                      .type = GEN_FIELD_REAL,
                                                      FIELD(gen_routing_complexity, least),
                                                      .min = 1,
                                                      .max = 10,
                                                      .preset = "1",
                                                      .help = "It is never lower."},
                                                     {.key = "most",
                                                      .type = GEN_FIELD_REAL,
                                                      FIELD(gen_routing_complexity, most),
                                                      .min = 1,
                                                      .max = 10,
                                                      .preset = "10",
                                                      .help = "It is never higher."},
                                                     {.key = "signals",
                                                      .type = GEN_FIELD_NAMED,
                                                      FIELD(gen_routing_complexity, signals),
                                                      .min = 0,
                                                      .max = 50,
                                                      .record = &signal_record,
                                                      .help = "What is added up."},
                                                     {0}};

static const struct gen_record complexity_record = {
    .name = "complexity",
    .size = sizeof(struct gen_routing_complexity),
    .fields = complexity_fields,
    .help = "How demanding a storyboard is, from 1 to 10: base + the sum of value times weight."};

static const struct gen_field score_fields[] = {
    {.key = "formula",
     .type = GEN_FIELD_FORMULA,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_routing_score, formula),
     .domain = &gen_domain_score,
     .help = "Higher is better."},
    {.key = "help", .type = GEN_FIELD_TEXT, FIELD(gen_routing_score, help), .help = "For people."},
    {0}};

static const struct gen_record score_record = {
    .name = "score",
    .size = sizeof(struct gen_routing_score),
    .fields = score_fields,
    .short_key = "formula",
    .help = "A formula over one candidate; other scores may use it as score.NAME."};

static const struct gen_field strategy_fields[] = {
    {.key = "extends",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_routing_strategy, extends),
     .help = "Strategy whose keys hold where this one says nothing."},
    {.key = "score",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_routing_strategy, score),
     .help = "Name of the score that decides."},
    {.key = "parallel",
     .type = GEN_FIELD_INT,
     FIELD(gen_routing_strategy, parallel),
     .min = 1,
     .max = 12,
     .preset = "1",
     .help = "Models that make each video at the same time."},
    {.key = "keep",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_routing_strategy, keep),
     .choices = gen_keep_choices,
     .preset = "all",
     .help = "What is kept of parallel outputs."},
    {.key = "unit",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_routing_strategy, unit),
     .choices = gen_unit_choices,
     .preset = "job",
     .help = "What a model is chosen for."},
    {.key = "unmet",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_routing_strategy, unmet),
     .choices = gen_unmet_choices,
     .preset = "last",
     .help = "Models that lack a need."},
    {.key = "tiersBelow",
     .type = GEN_FIELD_INT,
     FIELD(gen_routing_strategy, tiers_below),
     .min = 0,
     .max = 2,
     .preset = "0",
     .help = "How far below the tier asked for a model may be, while one in reach is left."},
    {.key = "tiersAbove",
     .type = GEN_FIELD_INT,
     FIELD(gen_routing_strategy, tiers_above),
     .min = 0,
     .max = 2,
     .preset = "2",
     .help = "How far above the tier asked for."},
    {.key = "leastQuality",
     .type = GEN_FIELD_REAL,
     FIELD(gen_routing_strategy, least_quality),
     .min = 0,
     .max = 10,
     .preset = "0",
     .help = "Least expected quality; 0 = any."},
    {.key = "leastReliability",
     .type = GEN_FIELD_REAL,
     FIELD(gen_routing_strategy, least_reliability),
     .min = 0,
     .max = 1,
     .preset = "0",
     .help = "Least expected share of success; 0 = any."},
    {.key = "distinctProviders",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_routing_strategy, distinct_providers),
     .preset = "true",
     .help = "Parallel models come from different providers, where there are enough."},
    {.key = "tieBreaks",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_routing_strategy, tie_breaks),
     .min = 0,
     .max = 5,
     .choices = gen_tie_choices,
     .help = "What decides between equal scores, first to last; those of the file by default."},
    {.key = "help",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_routing_strategy, help),
     .help = "For people: shown where a strategy is chosen."},
    {0}};

/* Whoever extends another has its score, or shares its mistake. */
static enum gen_status check_strategy_score(void *object, const struct gen_node *node,
                                            struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_routing_strategy *strategy = object;

    (void)arena;
    return strategy->score == NULL && gen_node_get(node, "extends") == NULL
               ? gen_error_set(err, GEN_EINVAL, "missing key \"score\" in strategy")
               : GEN_OK;
}

static const struct gen_record_rule strategy_rules[] = {{"score extends", check_strategy_score},
                                                        {NULL, NULL}};

static const struct gen_record strategy_record = {
    .name = "strategy",
    .size = sizeof(struct gen_routing_strategy),
    .fields = strategy_fields,
    .rules = strategy_rules,
    .help = "How the model (or models) of a job are chosen."};

static const struct gen_field match_fields[] = {
    {.key = "models",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_routing_match, models),
     .min = 1,
     .max = 100,
     .help = "\"runway\" (all its models), \"runway/gen4.5\", \"veo/veo-3.1-*\", \"*\"; any by "
             "default."},
    {.key = "where",
     .type = GEN_FIELD_FORMULA,
     FIELD(gen_routing_match, where),
     .domain = &gen_domain_where,
     .help = "And only those for which this is true."},
    {0}};

static bool rule_given(const struct gen_node *node, const char *key)
{
    return gen_node_type_of(gen_node_get(node, key)) > GEN_NODE_NULL;
}

static enum gen_status check_match(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_routing_match *match = object;

    (void)node;
    (void)arena;
    if (match->models.count == 0 && match->where.text == NULL) {
        return gen_error_set(err, GEN_EINVAL,
                             "name models or a condition; \"*\" stands for every model");
    }
    return GEN_OK;
}

static const struct gen_record match_record = {.name = "match",
                                               .size = sizeof(struct gen_routing_match),
                                               .fields = match_fields,
                                               .short_key = "where",
                                               .list_key = "models",
                                               .check = check_match,
                                               .help = "Some of the candidates."};

static enum gen_status check_rule_effect(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err)
{
    struct gen_routing_rule *rule = object;

    (void)arena;
    rule->has_prefer = rule_given(node, "prefer");
    rule->has_require = rule_given(node, "require");
    rule->has_exclude = rule_given(node, "exclude");
    if (!rule->has_prefer && !rule->has_require && !rule->has_exclude && rule->strategy == NULL) {
        return gen_error_set(err, GEN_EINVAL,
                             "the rule does nothing; give it prefer, require, exclude or strategy");
    }
    return GEN_OK;
}

static enum gen_status check_rule_weight(void *object, const struct gen_node *node,
                                         struct gen_arena *arena, struct gen_error *err)
{
    (void)arena;
    (void)object;
    return rule_given(node, "weight") && !rule_given(node, "prefer")
               ? gen_error_set(err, GEN_EINVAL,
                               "weight says how much `prefer` counts, and there is none")
               : GEN_OK;
}

static const struct gen_record_rule rule_rules[] = {
    {"prefer require exclude strategy", check_rule_effect},
    {"weight prefer", check_rule_weight},
    {NULL, NULL}};

static const struct gen_field rule_fields[] = {
    {.key = "when",
     .type = GEN_FIELD_FORMULA,
     FIELD(gen_routing_rule, when),
     .domain = &gen_domain_guard,
     .help = "When the rule holds; always by default."},
    {.key = "prefer",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_routing_rule, prefer),
     .record = &match_record,
     .help = "Their score is multiplied by weight."},
    {.key = "require",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_routing_rule, require),
     .record = &match_record,
     .help = "All others are out."},
    {.key = "exclude",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_routing_rule, exclude),
     .record = &match_record,
     .help = "These are out."},
    {.key = "weight",
     .type = GEN_FIELD_REAL,
     FIELD(gen_routing_rule, weight),
     .min = 0,
     .max = 100,
     .preset = "1.25",
     .help = "Of prefer: above 1 lifts, below 1 lowers."},
    {.key = "strategy",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_routing_rule, strategy),
     .help = "Strategy where the brief names none; the last rule that holds decides."},
    {.key = "reason",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_routing_rule, reason),
     .help = "Said to people when the rule has changed something."},
    {.key = "enabled",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_routing_rule, enabled),
     .preset = "true",
     .help = "false leaves it out without losing it."},
    {0}};

static const struct gen_record rule_record = {
    .name = "rule",
    .size = sizeof(struct gen_routing_rule),
    .fields = rule_fields,
    .rules = rule_rules,
    .help = "What holds for some jobs. Rules are looked at in order."};

/* In a loaded set tiers rise, and the first begins with the least complexity. */
static enum gen_status check_tiers(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_routing *routing = object;
    const struct gen_routing_tier *tiers = routing->tiers.items;

    (void)node;
    (void)arena;
    for (size_t i = 0; i < routing->tiers.count; i++) {
        bool rises = i == 0 ||
                     (tiers[i].from > tiers[i - 1].from && tiers[i].tier > tiers[i - 1].tier);

        if (i == 0 && tiers[i].from > routing->complexity.least) {
            gen_error_set(err, GEN_EINVAL,
                          "the first tier begins at %g, but the complexity can be %g",
                          tiers[i].from, routing->complexity.least);
        } else if (!rises) {
            gen_error_set(err, GEN_EINVAL, "tiers stand in rising order of `from` and `tier`");
        } else {
            continue;
        }
        gen_error_place(err, NULL, tiers[i].named.line, tiers[i].named.column, "tiers");
        return GEN_EINVAL;
    }
    return GEN_OK;
}

static const struct gen_record_rule routing_rules[] = {{"tiers complexity", check_tiers},
                                                       {NULL, NULL}};

const struct gen_choice gen_reuse_when_choices[] = {
    {"asked", GEN_REUSE_WHEN_ASKED, "where the brief says `reuse: always`"},
    {"always", GEN_REUSE_WHEN_ALWAYS, "unless the brief says `reuse: never`"},
    {"never", GEN_REUSE_WHEN_NEVER, "every clip is made anew, whatever the brief says"},
    {NULL, 0, NULL}};

static const struct gen_field reuse_fields[] = {
    {.key = "when",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_routing_reuse, when),
     .choices = gen_reuse_when_choices,
     .preset = "asked",
     .help = "For which jobs."},
    {.key = "days",
     .type = GEN_FIELD_INT,
     FIELD(gen_routing_reuse, days),
     .min = 1,
     .max = 3650,
     .preset = "30",
     .help = "Clips that were made longer ago are not used again."},
    {0}};

static const struct gen_record reuse_record = {
    .name = "reuse",
    .size = sizeof(struct gen_routing_reuse),
    .fields = reuse_fields,
    .short_key = "when",
    .help = "Finished clips of the organization that were made to the very same order (model, "
            "parameters, "
            "words, format and files) are used again at no cost. Within a job each clip is used "
            "once, so "
            "that variations differ."};

static const struct gen_field routing_fields[] = {
    {.key = "strategy",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_routing, strategy),
     .preset = "balanced",
     .help = "Strategy of a brief that names none."},
    {.key = "tiers",
     .type = GEN_FIELD_NAMED,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_routing, tiers),
     .min = 1,
     .max = 3,
     .record = &tier_record,
     .help = "From complexity to tier."},
    {.key = "complexity",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_routing, complexity),
     .record = &complexity_record,
     .help = "How demanding a storyboard is."},
    {.key = "scores",
     .type = GEN_FIELD_NAMED,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_routing, scores),
     .min = 1,
     .max = 50,
     .record = &score_record,
     .help = "Formulas that strategies name."},
    {.key = "strategies",
     .type = GEN_FIELD_NAMED,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_routing, strategies),
     .min = 1,
     .max = 50,
     .record = &strategy_record,
     .help = "What a brief can ask for."},
    {.key = "rules",
     .type = GEN_FIELD_NAMED,
     FIELD(gen_routing, rules),
     .min = 0,
     .max = 500,
     .record = &rule_record,
     .help = "What holds for some jobs, in order."},
    {.key = "tieBreaks",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_routing, tie_breaks),
     .min = 0,
     .max = 5,
     .choices = gen_tie_choices,
     .preset = "cheaper, better, name",
     .help = "What decides between equal scores, first to last."},
    {.key = "reuse",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_routing, reuse),
     .record = &reuse_record,
     .help = "Finished clips that are used again."},
    {0}};

const struct gen_record gen_routing_record = {
    .name = "routing",
    .size = sizeof(struct gen_routing),
    .fields = routing_fields,
    .rules = routing_rules,
    .help = "Which model makes what. First the rules take candidates out, then the score of the "
            "strategy orders those that are left."};

const struct gen_routing_strategy *gen_routing_strategy_of(const struct gen_routing *routing,
                                                           const char *name)
{
    const struct gen_routing_strategy *strategies = routing->strategies.items;

    for (size_t i = 0; i < routing->strategies.count; i++) {
        if (strcmp(strategies[i].named.name, name) == 0) {
            return &strategies[i];
        }
    }
    return NULL;
}

const struct gen_routing_tier *gen_routing_tier_of(const struct gen_routing *routing,
                                                   double complexity)
{
    const struct gen_routing_tier *tiers = routing->tiers.items;
    const struct gen_routing_tier *found = NULL;

    for (size_t i = 0; i < routing->tiers.count; i++) {
        if (found == NULL || complexity >= tiers[i].from) {
            found = &tiers[i];
        }
    }
    return found;
}

/* Is `text` (size bytes) what the pattern (size bytes) says? A star at its end stands for anything. */
static bool pattern_part_fits(const char *pattern, size_t size, const char *text)
{
    if (size > 0 && pattern[size - 1] == '*') {
        return strncmp(pattern, text, size - 1) == 0;
    }
    return strlen(text) == size && strncmp(pattern, text, size) == 0;
}

bool gen_routing_pattern_fits(const char *pattern, const char *provider, const char *model)
{
    size_t size = strcspn(pattern, "/");

    if (!pattern_part_fits(pattern, size, provider)) {
        return false;
    }
    return pattern[size] == '\0' ||
           pattern_part_fits(pattern + size + 1, strlen(pattern + size + 1), model);
}

bool gen_routing_patterns_fit(const struct gen_texts *patterns, const char *provider,
                              const char *model)
{
    for (size_t i = 0; i < patterns->count; i++) {
        if (gen_routing_pattern_fits(patterns->items[i], provider, model)) {
            return true;
        }
    }
    return false;
}
