/* ruling.c - see ruling.h. */
#include "decide/ruling.h"

#include "decide/sieve.h"
#include "expr/show.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

enum { RULING_MOST_FACTS = 32 };

/* -------------------------------------------------------------------------------- facts read -- */

struct subject { /* what a guard may name */
    const char *name;
    const struct gen_shape *shape;
    const struct gen_value *values;
};

static bool ruling_word(char letter)
{
    return isalnum((unsigned char)letter) || letter == '_';
}

/* After the string literal or comment that begins at `at`. Triple quotes and raw strings are
 * rare in policies: a part of one that looks like a fact is shown, and nothing else follows
 * from it. */
static const char *ruling_skip(const char *at, const char *end)
{
    char quote = *at++;

    while (at < end && *at != quote) {
        at += *at == '\\' && at + 1 < end ? 2 : 1;
    }
    return at < end ? at + 1 : end;
}

static const char *ruling_show(struct gen_portrait *portrait, struct gen_value value)
{
    struct gen_show show = {.run = &portrait->run};
    struct gen_value text;
    bool quoted = gen_value_is(value, GEN_KIND_STRING);

    if (gen_value_is(value, GEN_KIND_NONE)) {
        return NULL;
    }
    if (gen_value_is(value, GEN_KIND_LIST) && value.size > 0 &&
        gen_value_is(value.as.items[0], GEN_KIND_RECORD)) {
        return gen_arena_printf(portrait->arena, "[%u of them]", (unsigned)value.size);
    }
    gen_arena_clear(portrait->run.arena);
    portrait->run.budget = GEN_FACTS_BUDGET;
    gen_show_value(&show, value);
    text = gen_show_result(&show);
    if (!gen_value_is(text, GEN_KIND_STRING)) {
        return "(too long to show)";
    }
    return gen_arena_printf(portrait->arena, quoted ? "\"%.*s\"" : "%.*s", (int)text.size,
                            text.size == 0 ? "" : text.as.text);
}

struct gathering {
    struct gen_portrait *portrait;
    struct gen_fact_seen *facts;
    size_t count;
};

static void ruling_add(struct gathering *gathering, const char *subject, const char *field,
                       struct gen_value value)
{
    struct gen_arena *arena = gathering->portrait->arena;
    const char *name = field == NULL ? gen_arena_strdup(arena, subject)
                                     : gen_arena_printf(arena, "%s.%s", subject, field);

    for (size_t i = 0; name != NULL && i < gathering->count; i++) {
        if (strcmp(gathering->facts[i].name, name) == 0) {
            return;
        }
    }
    if (name != NULL && gathering->count < RULING_MOST_FACTS) {
        gathering->facts[gathering->count++] =
            (struct gen_fact_seen){name, ruling_show(gathering->portrait, value)};
    }
}

/* The word at `at` with what follows a dot: is it a fact? Returns where the reading goes on. */
static const char *ruling_name(struct gathering *gathering, const char *at, const char *end)
{
    const struct gen_facts *facts = gathering->portrait->facts;
    const struct subject subjects[] = {
        {"job", &gen_facts_job, facts->job},
        {"team", &gen_facts_team, facts->team},
    };
    const char *word = at, *dot, *field;
    size_t size;
    char name[64];
    int index;

    while (at < end && ruling_word(*at)) {
        at++;
    }
    size = (size_t)(at - word);
    if (size == 3 && memcmp(word, "now", 3) == 0) {
        ruling_add(gathering, "now", NULL, facts->values[GEN_FACT_NOW]);
    }
    for (dot = at; dot < end && isspace((unsigned char)*dot); dot++) {
    }
    if (dot == end || *dot != '.') {
        return at;
    }
    for (field = dot + 1; field < end && isspace((unsigned char)*field); field++) {
    }
    for (at = field; at < end && ruling_word(*at); at++) {
    }
    for (size_t i = 0; i < GEN_COUNT(subjects); i++) {
        if (size != strlen(subjects[i].name) || memcmp(word, subjects[i].name, size) != 0 ||
            (size_t)(at - field) >= sizeof(name)) {
            continue;
        }
        memcpy(name, field, (size_t)(at - field));
        name[at - field] = '\0';
        index = gen_shape_index(subjects[i].shape, name);
        if (index >= 0) {
            ruling_add(gathering, subjects[i].name, name, subjects[i].values[index]);
        }
    }
    return at;
}

void gen_ruling_facts(struct gen_portrait *portrait, const struct gen_formula *formula,
                      const struct gen_fact_seen **out, size_t *count)
{
    struct gathering gathering = {.portrait = portrait};
    const char *at = formula->text, *end = at + formula->size;

    gathering.facts = gen_arena_array(portrait->arena, RULING_MOST_FACTS, sizeof(*gathering.facts));
    if (gathering.facts == NULL) {
        return;
    }
    while (at < end) {
        if (*at == '"' || *at == '\'') {
            at = ruling_skip(at, end);
        } else if (*at == '.') { /* a member of something else */
            for (at++; at < end && ruling_word(*at); at++) {
            }
        } else if (ruling_word(*at)) {
            at = ruling_name(&gathering, at, end);
        } else {
            at++;
        }
    }
    *out = gathering.facts;
    *count = gathering.count;
}

/* ----------------------------------------------------------------------------------- opening -- */

void gen_ruling_open(struct gen_portrait *portrait, struct gen_rule_record **rules, size_t *count)
{
    const struct gen_routing *routing = portrait->question->policy->routing;
    const struct gen_routing_rule *all = routing->rules.items;
    struct gen_rule_record *records = gen_arena_array(portrait->arena, routing->rules.count + 1,
                                                      sizeof(*records));

    *rules = records;
    *count = records == NULL ? 0 : routing->rules.count;
    for (size_t i = 0; i < *count; i++) {
        struct gen_rule_record *record = &records[i];

        record->rule = &all[i];
        if (!all[i].enabled) {
            continue;
        }
        if (all[i].when.program == NULL) {
            record->fired = true;
            continue;
        }
        gen_ruling_facts(portrait, &all[i].when, &record->facts, &record->fact_count);
        if (!gen_portrait_truth(portrait, &all[i].when, &record->fired, &record->fault)) {
            record->fired = false;
            gen_portrait_warn(portrait, "the rule \"%s\" was left out: %s", all[i].named.name,
                              record->fault);
        }
    }
}

bool gen_ruling_used(const struct gen_rule_record *record)
{
    return record->preferred + record->excluded + record->kept_out > 0 || record->set_strategy;
}

struct gen_rule_record *gen_ruling_strategy(struct gen_rule_record *rules, size_t count)
{
    struct gen_rule_record *last = NULL;

    for (size_t i = 0; i < count; i++) {
        if (rules[i].fired && rules[i].rule->strategy != NULL) {
            last = &rules[i];
        }
    }
    return last;
}

/* ---------------------------------------------------------------------------------- applying -- */

/* The contender's facts are bound. A `where` with a fault does not match, so that `exclude` leaves the
 * contender in and `require` keeps it out; `key` and `then` say so. */
static bool ruling_matches(struct gen_portrait *portrait, struct gen_rule_record *record,
                           const struct gen_routing_match *match,
                           const struct gen_contender *contender, const char *key, const char *then,
                           const char **fault)
{
    bool holds = true;

    *fault = NULL;
    if (match->models.count > 0 &&
        !gen_routing_patterns_fit(&match->models, contender->model->provider,
                                  contender->model->id)) {
        return false;
    }
    if (match->where.program != NULL &&
        !gen_portrait_truth(portrait, &match->where, &holds, fault)) {
        record->fault = *fault;
        gen_portrait_warn(portrait, "`%s` of the rule \"%s\" %s a model it cannot judge: %s", key,
                          record->rule->named.name, then, record->fault);
        return false; /* it reads what is not known of this model */
    }
    return holds;
}

/* `fault`: of the condition, NULL = it is the rule that does not want it. */
static void ruling_reject(struct gen_portrait *portrait, const struct gen_rule_record *record,
                          struct gen_contender *contender, enum gen_filter filter,
                          const char *fault)
{
    const struct gen_routing_rule *rule = record->rule;

    contender->rule = rule->named.name;
    if (fault != NULL) {
        gen_sieve_reject(portrait, contender, filter,
                         gen_arena_printf(portrait->arena, "the rule \"%s\" cannot judge it: %s",
                                          rule->named.name, fault));
        return;
    }
    gen_sieve_reject(
        portrait, contender, filter,
        gen_arena_printf(portrait->arena, "the rule \"%s\" %s%s%s", rule->named.name,
                         filter == GEN_FILTER_EXCLUDED ? "excludes it" : "requires others",
                         rule->reason == NULL ? "" : ": ",
                         rule->reason == NULL ? "" : rule->reason));
}

void gen_ruling_contender(struct gen_portrait *portrait, struct gen_contender *contender,
                          struct gen_rule_record *rules, size_t count)
{
    contender->weight = 1.0;
    gen_portrait_contender(portrait, contender);
    for (size_t i = 0; i < count; i++) {
        const struct gen_routing_rule *rule = rules[i].rule;
        const char *fault;

        if (!rules[i].fired) {
            continue;
        }
        if (rule->has_exclude && ruling_matches(portrait, &rules[i], &rule->exclude, contender,
                                                "exclude", "leaves in", &fault)) {
            rules[i].excluded++;
            ruling_reject(portrait, &rules[i], contender, GEN_FILTER_EXCLUDED, NULL);
            return;
        }
        if (rule->has_require && !ruling_matches(portrait, &rules[i], &rule->require, contender,
                                                 "require", "keeps out", &fault)) {
            rules[i].kept_out++;
            ruling_reject(portrait, &rules[i], contender, GEN_FILTER_REQUIRED, fault);
            return;
        }
        if (rule->has_prefer && ruling_matches(portrait, &rules[i], &rule->prefer, contender,
                                               "prefer", "does not prefer", &fault)) {
            rules[i].preferred++;
            contender->weight *= rule->weight;
            contender->preferred_by |= i < 64 ? UINT64_C(1) << i : 0;
        }
    }
}

void gen_ruling_apply(struct gen_portrait *portrait, struct gen_contest *contest,
                      struct gen_rule_record *rules, size_t count)
{
    for (size_t i = 0; i < contest->contender_count; i++) {
        struct gen_contender *contender = &contest->contenders[i];

        if (contender->filter == GEN_FILTER_NONE && isnan(contender->weight)) {
            gen_ruling_contender(portrait, contender, rules, count);
        }
    }
}
