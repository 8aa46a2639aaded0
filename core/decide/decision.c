/* decision.c - see decision.h. The documents are made in decision_document.c. */
#include "decide/decision.h"

#include "base/name.h"
#include "decide/price_book.h"
#include "decide/ranking.h"
#include "decide/scoring.h"
#include "decide/sieve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct making {
    struct gen_portrait portrait;
    struct gen_decision *decision;
    struct gen_price_desk desk;
    gen_quote_call *quote;
    void *quote_context;
};

static void decision_refuse(struct gen_decision *decision, const struct gen_error *err)
{
    if (decision->verdict == GEN_OK) {
        decision->verdict = err->status;
        decision->refusal = *err;
    }
}

/* ------------------------------------------------------------------------------ plan, budget -- */

static gen_micros decision_budget(const struct gen_question *question)
{
    const struct gen_team_state *team = &question->snapshot->team;
    gen_micros budget = question->budget != 0          ? question->budget
                        : question->brief->budget != 0 ? question->brief->budget
                                                       : question->policy->budget->job_default;

    budget = budget == 0 ? GEN_SNAPSHOT_NO_LIMIT : budget;
    if (team->remaining != GEN_SNAPSHOT_NO_LIMIT &&
        (budget == GEN_SNAPSHOT_NO_LIMIT || team->remaining < budget)) {
        budget = team->remaining < 0 ? 0 : team->remaining;
    }
    return budget;
}

/* What the plan allows whatever model makes it. */
static void decision_plan(struct gen_decision *decision)
{
    const struct gen_question *question = decision->question;
    const struct gen_brief *brief = question->brief;
    const struct gen_access_plan *plan = decision->plan;
    int64_t duration = gen_brief_duration(brief);
    int most_side = gen_choice_value(gen_resolution_choices, plan->most_resolution);
    const char *priority = gen_choice_word(gen_priority_choices, brief->priority);
    struct gen_error err = {0};

    if (duration > plan->most_duration_ms && plan->most_duration_ms > 0) {
        gen_error_set(
            &err, GEN_EDENIED, "the plan \"%s\" allows videos of at most %g s, asked are %g s",
            plan->named.name, (double)plan->most_duration_ms / 1000.0, (double)duration / 1000.0);
        gen_error_place(&err, NULL, 0, 0, "scenes");
    }
    for (size_t i = 0; err.status == GEN_OK && i < brief->variations.count; i++) {
        const struct gen_variation *variation = gen_brief_variation(brief, i);
        const char *size = gen_price_resolution(variation->width, variation->height);

        if (gen_choice_value(gen_resolution_choices, size) > most_side) {
            gen_error_set(
                &err, GEN_EDENIED, "the plan \"%s\" allows videos up to %s, asked is %dx%d",
                plan->named.name, plan->most_resolution, variation->width, variation->height);
            gen_error_place(&err, NULL, 0, 0, "variations");
        }
    }
    if (err.status == GEN_OK && priority != NULL &&
        gen_choice_value(gen_access_priorities, priority) >
            gen_choice_value(gen_access_priorities, plan->most_priority)) {
        gen_error_set(&err, GEN_EDENIED, "the plan \"%s\" allows priorities up to %s, asked is %s",
                      plan->named.name, plan->most_priority, priority);
        gen_error_place(&err, NULL, 0, 0, "priority");
    }
    if (err.status != GEN_OK) {
        decision_refuse(decision, &err);
    }
}

/* A platform that nobody knows is told before anything is paid for. */
static void decision_deliver(struct gen_decision *decision)
{
    const struct gen_question *question = decision->question;
    struct gen_error err = {0};

    if (gen_policy_deliveries_check(question->policy,
                                    question->deliver != NULL ? question->deliver
                                                              : &question->brief->deliver,
                                    &err) != GEN_OK) {
        decision_refuse(decision, &err);
    }
}

static void decision_job_most(struct gen_decision *decision)
{
    gen_micros most = decision->question->policy->budget->job_most;
    gen_micros asked = decision->question->brief->budget;
    char one[GEN_MONEY_TEXT_SIZE], other[GEN_MONEY_TEXT_SIZE];
    struct gen_error err = {0};

    if (most > 0 && asked > most) {
        gen_error_set(&err, GEN_EBUDGET,
                      "a budget of $%s is asked, and budget.yaml allows a job at most $%s",
                      gen_money_text(asked, 2, one), gen_money_text(most, 2, other));
        gen_error_place(&err, NULL, 0, 0, "budget");
        decision_refuse(decision, &err);
    }
}

/* ---------------------------------------------------------------------------------- strategy -- */

static bool decision_listed(const struct gen_texts *texts, const char *name)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (strcmp(texts->items[i], name) == 0) {
            return true;
        }
    }
    return false;
}

static const char *decision_strategy_name(const void *context, size_t index)
{
    const struct gen_routing_strategy *all =
        ((const struct gen_routing *)context)->strategies.items;

    return all[index].named.name;
}

/* The user's; else that of the last rule that names one; else the policy's. */
static void decision_strategy(struct making *making)
{
    struct gen_portrait *portrait = &making->portrait;
    struct gen_decision *decision = making->decision;
    const struct gen_routing *routing = decision->question->policy->routing;
    const struct gen_texts *allowed = &decision->plan->strategies;
    struct gen_rule_record *rule = gen_ruling_strategy(decision->rules, decision->rule_count);
    const char *asked = gen_contest_asked(decision->question);
    const char *name = asked != NULL  ? asked
                       : rule != NULL ? rule->rule->strategy
                                      : routing->strategy;
    struct gen_error err = {0};

    decision->strategy_reason = asked != NULL ? "named by the user" : "the default of routing.yaml";
    if (asked == NULL && rule != NULL) {
        rule->set_strategy = true;
        decision->strategy_reason = gen_arena_printf(portrait->arena, "by the rule \"%s\"",
                                                     rule->rule->named.name);
    }
    if (allowed->count > 0 && !decision_listed(allowed, name)) {
        if (asked != NULL) {
            gen_error_set(&err, GEN_EDENIED, "the plan \"%s\" does not allow the strategy \"%s\"",
                          decision->plan->named.name, name);
        } else {
            name = allowed->items[0];
            decision->strategy_reason = gen_arena_printf(
                portrait->arena, "what the plan \"%s\" allows", decision->plan->named.name);
        }
    }
    decision->strategy = gen_routing_strategy_of(routing, name);
    if (decision->strategy == NULL && err.status == GEN_OK) {
        const char *nearest = gen_name_nearest(name, decision_strategy_name, routing,
                                               routing->strategies.count);

        gen_error_set(&err, GEN_EINVAL, "there is no strategy \"%.80s\" in routing.yaml%s%s%s",
                      name, nearest == NULL ? "" : "; did you mean \"",
                      nearest == NULL ? "" : nearest, nearest == NULL ? "" : "\"?");
    }
    if (err.status != GEN_OK) {
        gen_error_place(&err, NULL, 0, 0, "strategy");
        decision_refuse(decision, &err);
        return;
    }
    portrait->strategy = decision->strategy;
    gen_portrait_strategy(portrait, name);
}

/* ---------------------------------------------------------------------------------- contests -- */

static size_t decision_name_rank(const struct gen_brief *brief, const struct gen_model *model)
{
    for (size_t i = 0; i < brief->models.count; i++) {
        if (gen_routing_pattern_fits(brief->models.items[i], model->provider, model->id)) {
            return i + 1;
        }
    }
    return 0;
}

static void decision_enter(const struct making *making, const struct gen_contest *contest,
                           size_t index, struct gen_contender *contender)
{
    const struct gen_brief *brief = making->decision->question->brief;
    const struct gen_card *card = &making->portrait.cards[index];
    bool all = contest->scene == GEN_ALL_SCENES;

    *contender = (struct gen_contender){.model = &card->model,
                                        .state = card->state,
                                        .provider = &card->provider,
                                        .model_index = index,
                                        .variation = contest->variation,
                                        .first_scene = all ? 0 : contest->scene,
                                        .scene_count = all ? brief->scenes.count : 1,
                                        .unmet = contest->needs & ~card->model.needs,
                                        .quality = card->quality,
                                        .reliability = card->reliability,
                                        .load = card->load,
                                        .tier_gap = card->model.tier - contest->tier,
                                        .score = NAN,
                                        .weight = NAN,
                                        .total = NAN,
                                        .name_rank = decision_name_rank(brief, &card->model)};
    contender->tier_fit = 1.0 - fmin(abs(contender->tier_gap), 2) / 2.0;
    contender->seconds = gen_portrait_seconds(card, gen_contest_shots(contender),
                                              gen_contest_longest_ms(brief, contender));
}

/* Everything that needs no price, then the price, then what needs it. */
static enum gen_status decision_qualify(struct making *making, const struct gen_contest *contest,
                                        const struct gen_slack *slack,
                                        struct gen_contender *contender, struct gen_error *err)
{
    struct gen_portrait *portrait = &making->portrait;
    const struct gen_question *question = portrait->question;
    struct gen_error why = {0};
    enum gen_status status;

    gen_sieve_free(portrait, contest, slack, contender);
    if (contender->filter != GEN_FILTER_NONE) {
        return GEN_OK;
    }
    status = making->quote(making->quote_context, contender, &contender->quote, &why);
    if (status == GEN_ENOMEM) {
        *err = why;
        return status;
    }
    if (status != GEN_OK) {
        contender->quote = (struct gen_quote){0};
        gen_sieve_reject(portrait, contender, GEN_FILTER_QUOTE,
                         gen_arena_strdup(portrait->arena, why.message));
        return GEN_OK;
    }
    if (!contender->quote.known) {
        if (!gen_money_mul(&contender->quote.price, question->policy->budget->unknown_price.ceiling,
                           (int64_t)gen_contest_shots(contender))) { /* it is of one attempt */
            contender->quote.price = INT64_MAX;
        }
        contender->quote.most = contender->quote.price;
        contender->quote.exact = false;
        contender->quote.basis = "no price is known; the ceiling of budget.yaml is held";
    }
    contender->seconds = gen_portrait_seconds(&portrait->cards[contender->model_index],
                                              gen_contest_shots(contender),
                                              gen_contest_longest_ms(question->brief, contender));
    gen_sieve_priced(portrait, contest, contender);
    return GEN_OK;
}

/* Sieve, rules, scores. Where nobody is left, tiers further off and then providers that are
 * left alone are let in, step by step. */
static enum gen_status decision_hold(struct making *making, struct gen_contest *contest,
                                     struct gen_error *err)
{
    static const struct gen_slack steps[] = {{0, false}, {1, false}, {2, false},
                                             {0, true},  {1, true},  {2, true}};
    struct gen_portrait *portrait = &making->portrait;
    struct gen_decision *decision = making->decision;
    size_t step;

    gen_portrait_scene(portrait, contest->scene);
    for (step = 0; step < GEN_COUNT(steps); step++) {
        for (size_t i = 0; i < contest->contender_count; i++) {
            struct gen_contender *contender = &contest->contenders[i];
            enum gen_status status;

            if (step > 0 && contender->filter != GEN_FILTER_TIER &&
                contender->filter != GEN_FILTER_BREAKER) {
                continue;
            }
            contender->filter = GEN_FILTER_NONE;
            contender->rejection = NULL;
            status = decision_qualify(making, contest, &steps[step], contender, err);
            if (status != GEN_OK) {
                return status;
            }
        }
        gen_portrait_field(portrait, contest);
        gen_ruling_apply(portrait, contest, decision->rules, decision->rule_count);
        if (gen_contest_in(contest) > 0) {
            break;
        }
    }
    if (step > 0 && step < GEN_COUNT(steps)) {
        gen_portrait_warn(portrait,
                          steps[step].breaker
                              ? "every provider that could make it is failing at the moment; "
                                "the best of them is tried"
                              : "no model of the tier asked for can make it; the nearest is "
                                "taken");
    }
    gen_portrait_field(portrait, contest);
    for (size_t i = 0; i < contest->contender_count; i++) {
        if (contest->contenders[i].filter == GEN_FILTER_NONE) {
            gen_scoring_contender(portrait, &contest->contenders[i]);
        }
    }
    return GEN_OK;
}

static enum gen_status decision_contests(struct making *making, struct gen_error *err)
{
    struct gen_portrait *portrait = &making->portrait;
    struct gen_decision *decision = making->decision;
    const struct gen_brief *brief = decision->question->brief;
    bool each = decision->strategy->unit == GEN_UNIT_SCENE;
    size_t scenes = each ? brief->scenes.count : 1;
    size_t count = brief->variations.count * scenes;
    enum gen_status status = GEN_OK;

    decision->contests = gen_arena_array(portrait->arena, count + 1, sizeof(*decision->contests));
    if (decision->contests == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    decision->contest_count = count;
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_contest *contest = &decision->contests[i];
        size_t scene = i % scenes;

        contest->variation = i / scenes;
        contest->scene = each ? scene : GEN_ALL_SCENES;
        contest->tier = each ? gen_demand_scene_tier(portrait, scene) : decision->demand.tier;
        contest->needs = each ? gen_portrait_needs(brief, scene) : decision->demand.needs;
        contest->contenders = gen_arena_array(portrait->arena, portrait->card_count + 1,
                                              sizeof(*contest->contenders));
        if (contest->contenders == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
        contest->contender_count = portrait->card_count;
        for (size_t k = 0; k < portrait->card_count; k++) {
            decision_enter(making, contest, k, &contest->contenders[k]);
        }
        status = decision_hold(making, contest, err);
    }
    return status;
}

/* ------------------------------------------------------------------------------------ answer -- */

/* Who failed at the price: would more money help, or does something else stand in the way, too? Then that
 * is the reason to tell. */
static void decision_without_budget(struct making *making, struct gen_contest *contest)
{
    struct gen_portrait *portrait = &making->portrait;
    const struct gen_decision *decision = making->decision;
    gen_micros budget = portrait->budget;

    portrait->budget = GEN_SNAPSHOT_NO_LIMIT;
    gen_portrait_scene(portrait, contest->scene);
    for (size_t i = 0; i < contest->contender_count; i++) {
        struct gen_contender *contender = &contest->contenders[i];
        struct gen_contender rich = *contender;

        if (contender->filter != GEN_FILTER_BUDGET) {
            continue;
        }
        rich.filter = GEN_FILTER_NONE;
        gen_sieve_priced(portrait, contest, &rich);
        if (rich.filter == GEN_FILTER_NONE) {
            gen_ruling_contender(portrait, &rich, decision->rules, decision->rule_count);
        }
        if (rich.filter == GEN_FILTER_NONE) {
            gen_scoring_contender(portrait, &rich);
        }
        if (rich.filter != GEN_FILTER_NONE) {
            *contender = rich;
        }
    }
    portrait->budget = budget;
}

/* What the cheapest would take of those that are in or kept out by the budget alone; INT64_MAX: no money
 * helps. */
static gen_micros decision_least(const struct gen_contest *contest)
{
    gen_micros least = INT64_MAX;

    for (size_t i = 0; i < contest->contender_count; i++) {
        const struct gen_contender *contender = &contest->contenders[i];

        if ((contender->filter == GEN_FILTER_BUDGET || contender->filter == GEN_FILTER_NONE) &&
            contender->quote.most < least) {
            least = contender->quote.most;
        }
    }
    return least;
}

/* "runway/gen4.5: renders at most ...; veo/...: ...; and 3 others": whole reasons, as many as fit. */
static const char *decision_reasons(struct gen_arena *arena, const struct gen_contest *contest)
{
    enum { ROOM = 380 };
    const char *reasons = "";
    size_t others = 0;

    for (size_t i = 0; reasons != NULL && i < contest->contender_count; i++) {
        const struct gen_contender *contender = &contest->contenders[i];
        const char *longer;

        if (contender->filter == GEN_FILTER_NAMED) {
            continue;
        }
        longer = gen_arena_printf(arena, "%s%s%s/%s: %s", reasons, reasons[0] == '\0' ? "" : "; ",
                                  contender->model->provider, contender->model->id,
                                  contender->rejection);
        if (longer != NULL && reasons[0] != '\0' && strlen(longer) > ROOM) {
            others++;
        } else {
            reasons = longer;
        }
    }
    if (reasons != NULL && others > 0) {
        reasons = gen_arena_printf(arena, "%s; and %zu other%s", reasons, others,
                                   others == 1 ? "" : "s");
    }
    return reasons != NULL ? reasons : "";
}

/* "no model can make variation "16x9": runway/gen4.5: renders at most ...; ...", and in front of it the money
 * that the whole job needs; INT64_MAX: none would help. */
static void decision_nobody(struct gen_decision *decision, const struct gen_contest *contest,
                            gen_micros needed, struct gen_arena *arena)
{
    const struct gen_brief *brief = decision->question->brief;
    const char *reasons = decision_reasons(arena, contest), *ceiling;
    bool poor = needed != INT64_MAX;
    char scene[80] = "", money[GEN_MONEY_TEXT_SIZE];
    struct gen_error err = {0};

    if (contest->scene != GEN_ALL_SCENES) {
        const char *id = gen_brief_scene(brief, contest->scene)->id;

        snprintf(scene, sizeof(scene), "scene \"%.40s\" of ", id == NULL ? "" : id);
    }
    gen_error_set(&err, poor ? GEN_EBUDGET : GEN_EUNSUPPORTED,
                  "no model can make %svariation \"%s\": %s", scene,
                  gen_brief_variation(brief, contest->variation)->name,
                  reasons[0] != '\0'              ? reasons
                  : contest->contender_count == 0 ? "no provider is loaded (see gen doctor)"
                                                  : "none of those that the brief names is loaded");
    gen_error_place(&err, NULL, 0, 0,
                    poor                                                 ? "budget"
                    : reasons[0] == '\0' && contest->contender_count > 0 ? "models"
                                                                         : "variations");
    if (poor) {
        ceiling = gen_contest_ceiling(decision->question, needed, arena);
        gen_error_within(&err, "it needs %s $%s%s%s",
                         ceiling != NULL ? "at least" : "a budget of at least",
                         gen_money_text(needed, 2, money), ceiling != NULL ? ", and " : "",
                         ceiling != NULL ? ceiling : "");
    }
    decision_refuse(decision, &err);
}

/* Is there somebody for every contest? A contest that no money helps is the one to tell; where money helps
 * all of them, what they take together. */
static void decision_staffed(struct making *making)
{
    struct gen_decision *decision = making->decision;
    struct gen_contest *empty = NULL;
    gen_micros needed = 0;

    for (size_t i = 0; i < decision->contest_count; i++) {
        struct gen_contest *contest = &decision->contests[i];
        gen_micros least;

        if (gen_contest_in(contest) == 0) {
            empty = empty == NULL ? contest : empty;
            decision_without_budget(making, contest);
        }
        least = decision_least(contest);
        if (least == INT64_MAX) {
            empty = contest;
            needed = INT64_MAX;
            break;
        }
        if (!gen_money_add(&needed, needed, least)) {
            needed = INT64_MAX - 1; /* more than anybody has */
        }
    }
    if (empty != NULL) {
        decision_nobody(decision, empty, needed, making->portrait.arena);
    }
}

static void decision_total(struct making *making)
{
    struct gen_decision *decision = making->decision;
    struct gen_error err = {0};

    decision->exact = true;
    for (size_t i = 0; i < decision->contest_count; i++) {
        const struct gen_contest *contest = &decision->contests[i];

        for (size_t k = 0; k < contest->chosen_count; k++) {
            const struct gen_contender *chosen = contest->chosen[k];

            decision->exact = decision->exact && chosen->quote.exact;
            decision->seconds = fmax(decision->seconds, chosen->seconds);
            if (!gen_money_add(&decision->price, decision->price, chosen->quote.price) ||
                !gen_money_add(&decision->most, decision->most, chosen->quote.most)) {
                gen_error_set(&err, GEN_EOVERFLOW, "the price of the job does not fit");
                decision_refuse(decision, &err);
                return;
            }
        }
    }
}

static enum gen_status decision_work(struct making *making, struct gen_error *err)
{
    struct gen_portrait *portrait = &making->portrait;
    struct gen_decision *decision = making->decision;
    struct gen_error why = {0};
    enum gen_status status;

    decision->plan = portrait->plan;
    decision->budget = portrait->budget = decision_budget(decision->question);
    decision_plan(decision);
    decision_job_most(decision);
    decision_deliver(decision);
    gen_demand_measure(portrait, &decision->demand);
    gen_ruling_open(portrait, &decision->rules, &decision->rule_count);
    decision_strategy(making);
    if (decision->verdict != GEN_OK) {
        return GEN_OK;
    }
    if ((status = decision_contests(making, err)) != GEN_OK) {
        return status;
    }
    decision_staffed(making);
    status = gen_ranking_choose(portrait, decision->contests, decision->contest_count, &why);
    if (status == GEN_ENOMEM) {
        *err = why;
        return status;
    }
    if (status != GEN_OK) {
        decision_refuse(decision, &why);
        return GEN_OK;
    }
    decision_total(making);
    return GEN_OK;
}

enum gen_status gen_decision_make(const struct gen_question *question, struct gen_arena *arena,
                                  struct gen_decision **out, struct gen_error *err)
{
    struct making making = {.quote = question->quote, .quote_context = question->quote_context};
    enum gen_status status = gen_portrait_init(&making.portrait, question, arena, err);

    if (status != GEN_OK) {
        goto done;
    }
    making.decision = gen_arena_alloc(arena, sizeof(*making.decision));
    if (making.decision == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        goto done;
    }
    making.decision->question = question;
    making.decision->version = question->policy->version;
    if (making.quote == NULL) {
        making.desk = (struct gen_price_desk){question, arena, false};
        making.quote = gen_price_book_quote;
        making.quote_context = &making.desk;
    }
    status = decision_work(&making, err);
    if (status != GEN_OK) {
        goto done;
    }
    if (gen_arena_failed(arena) || making.portrait.starved) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        goto done;
    }
    making.decision->warnings = making.portrait.warnings;
    making.decision->warning_count = making.portrait.warning_count;
    making.decision->filters_used = making.portrait.filters_used;
    *out = making.decision;
done:
    gen_portrait_fini(&making.portrait);
    return status;
}
