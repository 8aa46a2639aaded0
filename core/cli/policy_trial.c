/* policy_trial.c - see policy_trial.h. */
#include "cli/policy_trial.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A comparison under way. */
struct comparing {
    struct gen_policy_trial *trial;
    const struct gen_policy_expect *expect;
    const struct gen_decision *decision;
    struct gen_arena *arena;
};

static void differs(struct comparing *work, const char *what, const char *expected, const char *got)
{
    struct gen_policy_difference *difference = gen_arena_alloc(work->arena, sizeof(*difference));

    if (difference == NULL) {
        return; /* the arena remembers it */
    }
    *difference = (struct gen_policy_difference){NULL, what, expected != NULL ? expected : "",
                                                 got != NULL ? got : ""};
    if (work->trial->last != NULL) {
        work->trial->last->next = difference;
    } else {
        work->trial->first = difference;
    }
    work->trial->last = difference;
}

static bool same_texts(const struct gen_texts *a, const struct gen_texts *b, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(a->items[i], b->items[i]) != 0) {
            return false;
        }
    }
    return true;
}

static void compare_texts(struct comparing *work, const char *what,
                          const struct gen_texts *expected, const struct gen_texts *got,
                          bool prefix)
{
    if (expected->count == 0) {
        return;
    }
    if (expected->count > got->count || (!prefix && expected->count != got->count) ||
        !same_texts(expected, got, expected->count)) {
        differs(work, what, gen_policy_scenario_joined(expected, work->arena),
                gen_policy_scenario_joined(got, work->arena));
    }
}

static const char *range_text(const struct gen_policy_range *range, struct gen_arena *arena)
{
    if (range->has_is) {
        return gen_arena_printf(arena, "%.10g", range->is);
    }
    if (range->has_min && range->has_max) {
        return gen_arena_printf(arena, "%.10g to %.10g", range->min, range->max);
    }
    return range->has_min ? gen_arena_printf(arena, "at least %.10g", range->min)
                          : gen_arena_printf(arena, "at most %.10g", range->max);
}

static void compare_range(struct comparing *work, const char *what,
                          const struct gen_policy_range *range, double got)
{
    const double close = 1e-6; /* dollars have six decimals; people write no more */

    if (!range->has_is && !range->has_min && !range->has_max) {
        return;
    }
    if (isnan(got) || (range->has_is && fabs(got - range->is) > close) ||
        (range->has_min && got < range->min - close) ||
        (range->has_max && got > range->max + close)) {
        differs(work, what, range_text(range, work->arena),
                isnan(got) ? "unknown" : gen_arena_printf(work->arena, "%.10g", got));
    }
}

/* ---- models ---- */

static void compare_first(struct comparing *work)
{
    const struct gen_decision *decision = work->decision;
    struct gen_texts first = {
        gen_arena_array(work->arena, decision->contest_count + 1, sizeof(char *)), 0};

    for (size_t i = 0; first.items != NULL && i < decision->contest_count; i++) {
        const struct gen_contest *contest = &decision->contests[i];

        first.items[first.count] = contest->chosen_count > 0
                                       ? gen_policy_scenario_model(contest->chosen[0]->model,
                                                                   work->arena)
                                       : "none";
        first.count += first.items[first.count] != NULL;
    }
    compare_texts(work, "first", &work->expect->first, &first, false);
}

static void compare_order(struct comparing *work)
{
    const struct gen_contest *contest = work->decision->contests;
    struct gen_texts order = {NULL, 0};
    bool found = work->decision->contest_count > 0 && work->expect->order.count > 0;

    if (!found) {
        return;
    }
    order.items = gen_arena_array(work->arena, contest->contender_count + 1, sizeof(char *));
    for (size_t rank = 1; order.items != NULL && found; rank++) {
        found = false;
        for (size_t i = 0; i < contest->contender_count && !found; i++) {
            if (contest->contenders[i].rank == rank) {
                const char *name = gen_policy_scenario_model(contest->contenders[i].model,
                                                             work->arena);

                found = name != NULL;
                order.items[order.count] = name;
                order.count += found;
            }
        }
    }
    compare_texts(work, "order", &work->expect->order, &order, true);
}

static void compare_avoid(struct comparing *work)
{
    const struct gen_texts *avoid = &work->expect->avoid;

    for (size_t i = 0; i < work->decision->contest_count; i++) {
        const struct gen_contest *contest = &work->decision->contests[i];

        for (size_t k = 0; k < contest->chosen_count; k++) {
            const struct gen_model *model = contest->chosen[k]->model;

            if (gen_routing_patterns_fit(avoid, model->provider, model->id)) {
                differs(work, "avoid",
                        gen_arena_printf(work->arena, "not %s",
                                         gen_policy_scenario_joined(avoid, work->arena)),
                        gen_policy_scenario_model(model, work->arena));
                return;
            }
        }
    }
}

static void compare_models(struct comparing *work)
{
    struct gen_texts chosen = {NULL, 0};
    struct gen_error err = {0};

    if (work->decision->verdict == GEN_OK &&
        gen_policy_scenario_chosen(work->decision, work->arena, &chosen, &err) != GEN_OK) {
        return;
    }
    compare_texts(work, "models", &work->expect->models, &chosen, false);
    if (work->decision->verdict == GEN_OK || work->expect->order.count > 0) {
        compare_order(work);
    }
    if (work->decision->verdict == GEN_OK) {
        compare_avoid(work);
    }
    if (work->expect->first.count > 0) {
        compare_first(work);
    }
}

/* ---- who was rejected ---- */

static bool rejection_fits(const struct gen_contender *contender, const char *wanted)
{
    const char *word = gen_filter_word(contender->filter);

    return contender->filter != GEN_FILTER_NONE &&
           ((word != NULL && strcmp(word, wanted) == 0) ||
            (contender->rejection != NULL && strstr(contender->rejection, wanted) != NULL));
}

static const char *rejection_text(const struct gen_contender *contender, struct gen_arena *arena)
{
    if (contender == NULL) {
        return "it is not among the candidates";
    }
    if (contender->filter == GEN_FILTER_NONE) {
        return contender->chosen ? "it is chosen"
                                 : gen_arena_printf(arena, "it is in, rank %zu", contender->rank);
    }
    return gen_arena_printf(arena, "%s: %s", gen_filter_word(contender->filter),
                            contender->rejection != NULL ? contender->rejection : "");
}

/* In any contest. */
static void compare_rejected(struct comparing *work, const struct gen_node *wanted)
{
    const struct gen_contender *last = NULL;
    char name[256];

    for (size_t i = 0; i < work->decision->contest_count; i++) {
        const struct gen_contest *contest = &work->decision->contests[i];

        for (size_t k = 0; k < contest->contender_count; k++) {
            const struct gen_contender *contender = &contest->contenders[k];

            (void)snprintf(name, sizeof(name), "%s/%s", contender->model->provider,
                           contender->model->id);
            if (strcmp(name, wanted->key) != 0) {
                continue;
            }
            if (rejection_fits(contender, wanted->text)) {
                return;
            }
            last = contender;
        }
    }
    differs(
        work, "rejected", gen_arena_printf(work->arena, "%s: %s", wanted->key, wanted->text),
        gen_arena_printf(work->arena, "%s: %s", wanted->key, rejection_text(last, work->arena)));
}

/* ---- rules ---- */

static const struct gen_rule_record *rule_of(const struct gen_decision *decision, const char *name)
{
    for (size_t i = 0; i < decision->rule_count; i++) {
        if (strcmp(decision->rules[i].rule->named.name, name) == 0) {
            return &decision->rules[i];
        }
    }
    return NULL;
}

static void compare_rules(struct comparing *work, const struct gen_texts *names, bool fired)
{
    for (size_t i = 0; i < names->count; i++) {
        const struct gen_rule_record *record = rule_of(work->decision, names->items[i]);

        if (record == NULL || gen_policy_scenario_acts(record) != fired) {
            differs(work, fired ? "rules" : "silent",
                    gen_arena_printf(work->arena, "%s %s", names->items[i],
                                     fired ? "does something" : "does nothing"),
                    record == NULL                     ? "there is no such rule"
                    : record->fault != NULL            ? record->fault
                    : gen_policy_scenario_acts(record) ? "it does"
                    : record->fired                    ? "it fires, and changes nothing"
                                                       : "it does not fire");
        }
    }
}

/* ---- the rest ---- */

static bool is_in(const struct gen_texts *texts, const char *word)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->items[i], word) == 0) {
            return true;
        }
    }
    return false;
}

static void compare_needs(struct comparing *work)
{
    const struct gen_texts *expected = &work->expect->needs;
    struct gen_texts got = {gen_arena_array(work->arena, 33, sizeof(char *)), 0};
    bool same = true;

    for (uint32_t bit = 1; got.items != NULL && bit != 0; bit <<= 1) {
        if ((work->decision->demand.needs & bit) != 0 && gen_needs_word(bit) != NULL) {
            got.items[got.count++] = gen_needs_word(bit);
            same = same && is_in(expected, gen_needs_word(bit));
        }
    }
    if (expected->count > 0 && (!same || got.count != expected->count)) {
        differs(work, "needs", gen_policy_scenario_joined(expected, work->arena),
                gen_policy_scenario_joined(&got, work->arena));
    }
}

static void compare_warning(struct comparing *work)
{
    struct gen_texts warnings = {work->decision->warnings, work->decision->warning_count};
    const char *wanted = work->expect->warning;

    for (size_t i = 0; wanted != NULL && i < warnings.count; i++) {
        if (strstr(warnings.items[i], wanted) != NULL) {
            return;
        }
    }
    if (wanted != NULL) {
        differs(work, "warning", wanted, gen_policy_scenario_joined(&warnings, work->arena));
    }
}

static void compare_error(struct comparing *work)
{
    const struct gen_decision *decision = work->decision;
    const char *wanted = work->expect->error, *word = gen_status_word(decision->verdict);
    bool refused = decision->verdict != GEN_OK;
    const char *got = refused
                          ? gen_arena_printf(work->arena, "%s: %s", word, decision->refusal.message)
                          : "a decision";

    if (wanted == NULL && refused) {
        differs(work, "error", "a decision", got);
    } else if (wanted != NULL &&
               (!refused ||
                (strcmp(wanted, word) != 0 && strstr(decision->refusal.message, wanted) == NULL))) {
        differs(work, "error", wanted, got);
    }
}

static void compare_words(struct comparing *work)
{
    const struct gen_policy_expect *expect = work->expect;
    const struct gen_decision *decision = work->decision;
    const char *strategy = decision->strategy != NULL ? decision->strategy->named.name : "none";
    const char *said;

    if (expect->strategy != NULL && strcmp(expect->strategy, strategy) != 0) {
        differs(
            work, "strategy", expect->strategy,
            gen_arena_printf(work->arena, "%s (%s)", strategy,
                             decision->strategy_reason != NULL ? decision->strategy_reason : ""));
    }
    if (expect->tier != 0 && expect->tier != decision->demand.tier) {
        differs(work, "tier", gen_arena_printf(work->arena, "%d", (int)expect->tier),
                gen_arena_printf(work->arena, "%d (complexity %g)", (int)decision->demand.tier,
                                 decision->demand.score));
    }
    if (expect->reason != NULL) {
        said = gen_decision_sentence(decision, work->arena);
        if (said == NULL || strstr(said, expect->reason) == NULL) {
            differs(work, "reason", expect->reason, said);
        }
    }
}

void gen_policy_trial_compare(struct gen_policy_trial *trial, const struct gen_decision *decision,
                              struct gen_arena *arena)
{
    const struct gen_policy_expect *expect = &trial->item->expect;
    struct comparing work = {trial, expect, decision, arena};
    bool made = decision->verdict == GEN_OK;

    trial->decision = decision;
    compare_error(&work);
    compare_models(&work);
    compare_words(&work);
    compare_range(&work, "complexity", &expect->complexity, decision->demand.score);
    compare_range(&work, "costEstimate", &expect->price,
                  made ? (double)decision->price / (double)GEN_MICROS_PER_DOLLAR : NAN);
    compare_range(&work, "costMost", &expect->most,
                  made ? (double)decision->most / (double)GEN_MICROS_PER_DOLLAR : NAN);
    compare_range(&work, "seconds", &expect->seconds, made ? decision->seconds : NAN);
    compare_needs(&work);
    for (const struct gen_node *item = gen_node_first(expect->rejected); item != NULL;
         item = item->next) {
        compare_rejected(&work, item);
    }
    compare_rules(&work, &expect->rules, true);
    compare_rules(&work, &expect->silent, false);
    compare_warning(&work);
}

enum gen_status gen_policy_trial_run(const struct gen_policy_case *item,
                                     const struct gen_policy_set *set,
                                     const struct gen_zones *zones, struct gen_arena *arena,
                                     struct gen_policy_trial *out, struct gen_error *err)
{
    enum { LINE = GEN_ERROR_FILE_SIZE + GEN_ERROR_PATH_SIZE + GEN_ERROR_MESSAGE_SIZE + 64 };
    struct gen_question *question = gen_arena_alloc(arena, sizeof(*question));
    struct gen_decision *decision = NULL;
    char line[LINE];
    enum gen_status status;

    *out = (struct gen_policy_trial){.item = item};
    if (question == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a test case");
    }
    status = gen_policy_scenario_ask(&item->scenario, set, arena, question, err);
    if (status == GEN_OK) {
        question->zones = zones;
        status = gen_decision_make(question, arena, &decision, err);
    }
    if (status == GEN_ENOMEM) {
        return status;
    }
    if (status != GEN_OK) {
        out->broken = gen_arena_strdup(arena, gen_error_text(err, line, sizeof(line)));
    } else {
        gen_policy_trial_compare(out, decision, arena);
    }
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "no memory for a test case")
                                   : GEN_OK;
}
