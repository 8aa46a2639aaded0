/* policy_explaining.c - see policy_explaining.h. */
#include "cli/policy_explaining.h"

#include "cli/columns.h"
#include "cli/policy_origin.h"
#include "cli/policy_scenario.h"
#include "cli/policy_world.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

enum { TABLE_MOST = 4 * 1024 * 1024, DECISION_ARENA_MOST = 512 << 20 };

/* One explanation. */
struct explaining {
    struct gen_session *session;
    struct gen_arena *arena; /* of the decision */
    struct gen_policy_origin origin;
    struct gen_policy_world world;
    struct gen_question question;
    struct gen_decision *decision;
};

static const char *cell_number(struct explaining *work, double value)
{
    /* Adding 0 makes -0, as of a negated price, plain. */
    return isnan(value) ? "" : gen_arena_printf(work->arena, "%.4g", value + 0.0);
}

static const char *cell_dollars(struct explaining *work, gen_micros micros)
{
    char text[GEN_MONEY_TEXT_SIZE];

    return gen_arena_printf(work->arena, "$%s", gen_money_text(micros, 2, text));
}

static void print_table(struct explaining *work, const struct gen_columns *columns)
{
    struct gen_bytes text;

    gen_bytes_init(&text, TABLE_MOST);
    gen_columns_write(columns, 0, &text);
    (void)gen_session_write(work->session, &text);
    gen_bytes_fini(&text);
}

/* ---- head ---- */

static const char *needs_text(struct explaining *work, uint32_t needs)
{
    const char *text = NULL;

    for (uint32_t bit = 1; bit != 0; bit <<= 1) {
        if ((needs & bit) != 0 && gen_needs_word(bit) != NULL) {
            text = text == NULL
                       ? gen_needs_word(bit)
                       : gen_arena_printf(work->arena, "%s, %s", text, gen_needs_word(bit));
        }
    }
    return text != NULL ? text : "nothing in particular";
}

static void print_head(struct explaining *work, const char *brief)
{
    const struct gen_decision *decision = work->decision;
    struct gen_session *session = work->session;
    char now[GEN_MOMENT_TEXT_SIZE];
    const char *sentence = decision->verdict == GEN_OK
                               ? gen_decision_sentence(decision, work->arena)
                               : decision->refusal.message;

    gen_session_say(session, "brief       %s", gen_session_clean(session, brief));
    gen_session_say(session, "policies    %s, version %.12s", work->origin.said,
                    work->origin.set->version);
    gen_session_say(session, "snapshot    %s, as of %s", work->world.said,
                    gen_moment_text(work->question.snapshot->now, now));
    gen_session_say(session, "\n%s    %s", decision->verdict == GEN_OK ? "decision" : "refused ",
                    gen_session_clean(session, sentence));
    gen_session_say(session, "strategy    %s (%s), plan %s",
                    decision->strategy != NULL ? decision->strategy->named.name : "none",
                    decision->strategy_reason != NULL
                        ? gen_session_clean(session, decision->strategy_reason)
                        : "",
                    decision->plan != NULL ? decision->plan->named.name : "none");
    gen_session_say(session, "complexity  %g of 10, tier %d; needs %s", decision->demand.score,
                    (int)decision->demand.tier, needs_text(work, decision->demand.needs));
    if (decision->verdict == GEN_OK) {
        gen_session_say(session, "cost        %s expected, %s at most%s%s",
                        cell_dollars(work, decision->price), cell_dollars(work, decision->most),
                        decision->budget > 0 ? ", of a budget of " : "",
                        decision->budget > 0 ? cell_dollars(work, decision->budget) : "");
    }
    for (size_t i = 0; i < decision->warning_count; i++) {
        gen_session_say(session, "warning     %s",
                        gen_session_clean(session, decision->warnings[i]));
    }
}

/* ---- signals, rules ---- */

static void print_signals(struct explaining *work)
{
    static const char *const heads[] = {"signal", ">value", ">adds", "", NULL};
    const struct gen_demand *demand = &work->decision->demand;
    struct gen_columns columns;

    gen_columns_init(&columns, heads, work->arena);
    for (size_t i = 0; i < demand->share_count; i++) {
        const struct gen_signal_share *share = &demand->shares[i];
        const char *cells[] = {share->name,
                               share->fault != NULL ? "-" : cell_number(work, share->value),
                               gen_arena_printf(work->arena, "%+.2f", share->share), share->fault};

        gen_columns_add(&columns, cells);
    }
    gen_session_say(work->session, "\ncomplexity begins at %g",
                    work->origin.set->routing->complexity.base);
    print_table(work, &columns);
}

static const char *rule_facts(struct explaining *work, const struct gen_rule_record *record)
{
    const char *text = record->fact_count == 0 ? "always" : "";

    for (size_t i = 0; text != NULL && i < record->fact_count; i++) {
        text = gen_arena_printf(
            work->arena, "%s%s%s = %s", text, i > 0 ? ", " : "", record->facts[i].name,
            record->facts[i].value != NULL ? record->facts[i].value : "(unknown)");
    }
    return text;
}

static const char *rule_effect(struct explaining *work, const struct gen_rule_record *record)
{
    if (record->fault != NULL) {
        return gen_arena_printf(work->arena, "fault: %s", record->fault);
    }
    if (!record->fired) {
        return "";
    }
    return gen_arena_printf(
        work->arena, "%s%s%s%s%s",
        record->set_strategy ? gen_arena_printf(work->arena, "strategy %s ", record->rule->strategy)
                             : "",
        record->preferred > 0 ? gen_arena_printf(work->arena, "prefers %zu ", record->preferred)
                              : "",
        record->excluded > 0 ? gen_arena_printf(work->arena, "excludes %zu ", record->excluded)
                             : "",
        record->kept_out > 0 ? gen_arena_printf(work->arena, "keeps out %zu ", record->kept_out)
                             : "",
        !record->set_strategy && record->preferred + record->excluded + record->kept_out == 0
            ? "changes nothing here"
            : "");
}

static void print_rules(struct explaining *work)
{
    static const char *const heads[] = {"rule", "fired", "does", "because", NULL};
    const struct gen_decision *decision = work->decision;
    struct gen_columns columns;

    if (decision->rule_count == 0) {
        return;
    }
    gen_columns_init(&columns, heads, work->arena);
    for (size_t i = 0; i < decision->rule_count; i++) {
        const struct gen_rule_record *record = &decision->rules[i];
        const char *cells[] = {record->rule->named.name,
                               !record->rule->enabled ? "off"
                               : record->fired        ? "yes"
                                                      : "no",
                               rule_effect(work, record),
                               record->rule->enabled ? rule_facts(work, record) : ""};

        gen_columns_add(&columns, cells);
    }
    gen_session_say(work->session, "%s", "");
    print_table(work, &columns);
}

/* ---- contenders ---- */

static void contest_title(struct explaining *work, const struct gen_contest *contest)
{
    const struct gen_brief *brief = work->question.brief;
    const struct gen_variation *variation = gen_brief_variation(brief, contest->variation);

    gen_session_say(
        work->session, "\nfor %s%s%s (tier %d, needs %s)",
        gen_session_clean(work->session, variation->name),
        contest->scene != GEN_ALL_SCENES ? ", scene " : "",
        contest->scene != GEN_ALL_SCENES
            ? gen_session_clean(work->session, gen_brief_scene(brief, contest->scene)->id)
            : "",
        (int)contest->tier, needs_text(work, contest->needs));
}

static const struct gen_contender *contender_ranked(const struct gen_contest *contest, size_t rank)
{
    for (size_t i = 0; i < contest->contender_count; i++) {
        if (contest->contenders[i].rank == rank) {
            return &contest->contenders[i];
        }
    }
    return NULL;
}

/* The scores of routing.yaml for one contender: "thrift 0.91, speed 0.4". */
static const char *contender_scores(struct explaining *work, const struct gen_contender *contender)
{
    const struct gen_routing *routing = work->origin.set->routing;
    const struct gen_routing_score *scores = routing->scores.items;
    const char *text = "";

    for (size_t i = 0; contender->scores != NULL && text != NULL && i < routing->scores.count;
         i++) {
        const struct gen_score_part *part = &contender->scores[i];

        if (!isnan(part->value) || part->fault != NULL) {
            text = gen_arena_printf(
                work->arena, "%s%s%s %s", text, text[0] != '\0' ? ", " : "", scores[i].named.name,
                part->fault != NULL ? part->fault : cell_number(work, part->value));
        }
    }
    return text;
}

static void print_ranked(struct explaining *work, const struct gen_contest *contest)
{
    static const char *const heads[] = {">rank",    "model",    ">score",     ">price",
                                        ">at most", ">seconds", ">quality",   ">success",
                                        ">tier",    ">unmet",   "all scores", NULL};
    const struct gen_contender *contender;
    struct gen_columns columns;

    gen_columns_init(&columns, heads, work->arena);
    for (size_t rank = 1; (contender = contender_ranked(contest, rank)) != NULL; rank++) {
        const char *cells[] = {
            gen_arena_printf(work->arena, "%s%zu", contender->chosen ? "*" : "", rank),
            gen_policy_scenario_model(contender->model, work->arena),
            contender->weight > 1.0 || contender->weight < 1.0
                ? gen_arena_printf(work->arena, "%.4g (x%g)", contender->total + 0.0,
                                   contender->weight)
                : cell_number(work, contender->total),
            contender->quote.known ? cell_dollars(work, contender->quote.price) : "unknown",
            contender->quote.known ? cell_dollars(work, contender->quote.most) : "",
            cell_number(work, contender->seconds),
            cell_number(work, contender->quality),
            cell_number(work, contender->reliability),
            gen_arena_printf(work->arena, "%d", (int)contender->model->tier),
            contender->unmet != 0 ? needs_text(work, contender->unmet) : "",
            contender_scores(work, contender)};

        gen_columns_add(&columns, cells);
    }
    if (contender_ranked(contest, 1) != NULL) {
        print_table(work, &columns);
    } else {
        gen_session_say(work->session, "no model is left");
    }
}

static void print_rejected(struct explaining *work, const struct gen_contest *contest)
{
    static const char *const heads[] = {"rejected", "by", "why", NULL};
    struct gen_columns columns;
    size_t count = 0;

    gen_columns_init(&columns, heads, work->arena);
    for (size_t i = 0; i < contest->contender_count; i++) {
        const struct gen_contender *contender = &contest->contenders[i];
        const char *word = gen_filter_word(contender->filter);
        const char *cells[] = {
            gen_policy_scenario_model(contender->model, work->arena),
            contender->rule != NULL
                ? gen_arena_printf(work->arena, "%s (rule %s)", word, contender->rule)
                : word,
            contender->rejection};

        if (contender->filter != GEN_FILTER_NONE) {
            gen_columns_add(&columns, cells);
            count++;
        }
    }
    if (count > 0) {
        print_table(work, &columns);
    }
}

static void print_people(struct explaining *work, const char *brief)
{
    const struct gen_decision *decision = work->decision;

    print_head(work, brief);
    print_signals(work);
    print_rules(work);
    for (size_t i = 0; i < decision->contest_count; i++) {
        contest_title(work, &decision->contests[i]);
        print_ranked(work, &decision->contests[i]);
        print_rejected(work, &decision->contests[i]);
    }
}

static void print_document(struct explaining *work, const char *brief)
{
    struct gen_arena *arena = work->arena;
    struct gen_node *map = gen_node_map(arena);
    const struct gen_decision *decision = work->decision;

    gen_node_set(arena, map, "brief", gen_node_string(arena, brief));
    gen_node_set(arena, map, "policies", gen_node_string(arena, work->origin.folder));
    gen_node_set(arena, map, "snapshot", gen_node_string(arena, work->world.said));
    gen_node_set(arena, map, "verdict", gen_node_string(arena, gen_status_word(decision->verdict)));
    gen_node_set(
        arena, map, "refusal",
        gen_node_string(arena, decision->verdict != GEN_OK ? decision->refusal.message : NULL));
    gen_node_set(arena, map, "decision", gen_decision_explain(decision, arena));
    gen_session_print_json(work->session, map);
}

/* ---- the command ---- */

static enum gen_status explain_decide(struct explaining *work, const char *brief,
                                      struct gen_error *err)
{
    const char *folders[] = {work->origin.folder, NULL};
    bool named = work->session->options.operand_count > 1;
    struct gen_policy_scenario scenario = {.strategy = work->session->options.strategy,
                                           .organization = work->session->options.organization};
    enum gen_status status = gen_policy_world_find(work->session, !named, folders, &work->world,
                                                   err);

    if (status == GEN_OK) {
        status = gen_policy_layers_read(&scenario.brief, brief, "brief", work->arena, err);
    }
    scenario.snapshot = work->world.snapshot;
    if (status == GEN_OK) {
        status = gen_policy_scenario_ask(&scenario, work->origin.set, work->arena, &work->question,
                                         err);
    }
    work->question.zones = &work->origin.zones;
    return status == GEN_OK ? gen_decision_make(&work->question, work->arena, &work->decision, err)
                            : status;
}

static int explain_with(struct explaining *work, const char *brief)
{
    struct gen_error err = {0};
    enum gen_status status = explain_decide(work, brief, &err);

    if (status != GEN_OK) {
        (void)gen_session_fail(work->session, &err);
        return status == GEN_EINVAL || status == GEN_ETOOLARGE || status == GEN_ENOTFOUND
                   ? GEN_EXIT_USAGE
                   : GEN_EXIT_FAILED;
    }
    if (work->session->options.json) {
        print_document(work, brief);
    } else {
        print_people(work, brief);
    }
    return work->decision->verdict == GEN_OK ? GEN_EXIT_OK : gen_exit_of(work->decision->verdict);
}

int gen_policy_explaining_run(struct gen_session *session)
{
    struct explaining work = {.session = session, .arena = gen_arena_create(DECISION_ARENA_MOST)};
    const char *const *operands = session->options.operands;
    struct gen_error err = {0};
    enum gen_status status;
    int code;

    if (work.arena == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        return gen_session_fail(session, &err);
    }
    status = gen_policy_origin_running(
        session, session->options.operand_count > 1 ? operands[1] : NULL, &work.origin, &err);
    code = status == GEN_OK ? explain_with(&work, operands[0])
                            : gen_policy_origin_fail(session, &work.origin, &err);
    gen_policy_origin_fini(&work.origin);
    gen_arena_destroy(work.arena);
    return code;
}
