/* policy_account.c - see policy_account.h. Top down: head, signals, rules, contests. */
#include "cli/policy_account.h"

#include "cli/columns.h"

#include <stdlib.h>
#include <string.h>

enum { TABLE_MOST = 4 * 1024 * 1024 };

/* Empty where it is no number. */
static const char *cell_number(struct gen_session *session, const struct gen_node *node)
{
    switch (gen_node_type_of(node)) {
    case GEN_NODE_INT:
    case GEN_NODE_REAL:
    case GEN_NODE_MONEY: /* adding 0 makes -0, as of a negated price, plain */
        return gen_arena_printf(session->arena, "%.4g", gen_node_number(node, 0) + 0.0);
    default:
        return "";
    }
}

static const char *cell_dollars(struct gen_session *session, const struct gen_node *node)
{
    char text[GEN_MONEY_TEXT_SIZE];
    gen_micros micros = 0;

    return gen_node_dollars(node, &micros, NULL) == GEN_OK
               ? gen_arena_printf(session->arena, "$%s", gen_money_text(micros, 2, text))
               : "";
}

static const char *cell_text(const struct gen_node *map, const char *key)
{
    return gen_node_text(gen_node_get(map, key), "");
}

/* The same for a line of its own; a table makes its texts harmless itself. */
static const char *line_text(struct gen_session *session, const struct gen_node *map,
                             const char *key)
{
    return gen_session_clean(session, cell_text(map, key));
}

/* "a, b"; `none` for an empty list. */
static const char *cell_list(struct gen_session *session, const struct gen_node *list,
                             const char *none)
{
    const char *text = NULL;

    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        const char *word = gen_node_text(item, "");

        text = text == NULL ? word : gen_arena_printf(session->arena, "%s, %s", text, word);
    }
    return text != NULL ? text : none;
}

static void print_table(struct gen_session *session, const struct gen_columns *columns)
{
    struct gen_bytes text;

    gen_bytes_init(&text, TABLE_MOST);
    gen_columns_write(columns, 0, &text);
    (void)gen_session_write(session, &text);
    gen_bytes_fini(&text);
}

/* ---- head ---- */

static const char no_need[] = "nothing in particular";

static void print_head(struct gen_session *session, const struct gen_policy_account *account)
{
    const struct gen_node *decision = account->decision;
    const struct gen_node *budget = gen_node_get(decision, "budget");
    const char *plan = line_text(session, decision, "plan");
    char now[GEN_MOMENT_TEXT_SIZE];

    gen_session_say(session, "brief       %s", account->brief);
    gen_session_say(session, "policies    %s, version %.12s", account->policies,
                    line_text(session, decision, "policyVersion"));
    gen_session_say(session, "snapshot    %s, as of %s", account->snapshot,
                    gen_moment_text(account->now, now));
    gen_session_say(session, "\n%s    %s", account->refusal == NULL ? "decision" : "refused ",
                    account->refusal != NULL ? gen_session_clean(session, account->refusal)
                                             : line_text(session, decision, "routingReason"));
    gen_session_say(session, "strategy    %s (%s), plan %s",
                    gen_node_text(gen_node_get(decision, "strategy"), NULL) != NULL
                        ? line_text(session, decision, "strategy")
                        : "none",
                    line_text(session, decision, "strategyReason"),
                    plan[0] != '\0' ? plan : "none");
    gen_session_say(
        session, "complexity  %s of 10, tier %d; needs %s",
        cell_number(session, gen_node_get(decision, "complexityScore")),
        (int)gen_node_integer(gen_node_get(decision, "tier"), 0),
        gen_session_clean(session, cell_list(session, gen_node_get(decision, "needs"), no_need)));
    if (account->refusal == NULL) {
        gen_session_say(session, "cost        %s expected, %s at most%s%s",
                        cell_dollars(session, gen_node_get(decision, "costEstimate")),
                        cell_dollars(session, gen_node_get(decision, "costMost")),
                        gen_node_number(budget, 0) > 0 ? ", of a budget of " : "",
                        gen_node_number(budget, 0) > 0 ? cell_dollars(session, budget) : "");
    }
    for (const struct gen_node *item = gen_node_first(gen_node_get(decision, "warnings"));
         item != NULL; item = item->next) {
        gen_session_say(session, "warning     %s",
                        gen_session_clean(session, gen_node_text(item, "")));
    }
}

/* ---- signals, rules ---- */

static void print_signals(struct gen_session *session, const struct gen_node *decision)
{
    static const char *const heads[] = {"signal", ">value", ">adds", "", NULL};
    struct gen_columns columns;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *row = gen_node_first(gen_node_get(decision, "signals"));
         row != NULL; row = row->next) {
        const char *fault = cell_text(row, "fault");
        const char *cells[] = {
            row->key, fault[0] != '\0' ? "-" : cell_number(session, gen_node_get(row, "value")),
            gen_arena_printf(session->arena, "%+.2f",
                             gen_node_number(gen_node_get(row, "share"), 0)),
            fault};

        gen_columns_add(&columns, cells);
    }
    gen_session_say(session, "\ncomplexity begins at %s",
                    cell_number(session, gen_node_get(decision, "complexityBase")));
    print_table(session, &columns);
}

static const char *rule_facts(struct gen_session *session, const struct gen_node *rule)
{
    const struct gen_node *facts = gen_node_get(rule, "facts");
    const char *text = gen_node_count(facts) == 0 ? "always" : "";

    for (const struct gen_node *fact = gen_node_first(facts); fact != NULL && text != NULL;
         fact = fact->next) {
        text = gen_arena_printf(session->arena, "%s%s%s = %s", text, text[0] != '\0' ? ", " : "",
                                fact->key, gen_node_text(fact, "(unknown)"));
    }
    return text;
}

static const char *rule_effect(struct gen_session *session, const struct gen_node *rule)
{
    static const struct {
        const char *key, *does;
    } effects[] = {{"preferred", "prefers"}, {"excluded", "excludes"}, {"keptOut", "keeps out"}};
    const char *text = "";

    if (cell_text(rule, "fault")[0] != '\0') {
        return gen_arena_printf(session->arena, "fault: %s", cell_text(rule, "fault"));
    }
    if (!gen_node_truth(gen_node_get(rule, "fired"), false)) {
        return "";
    }
    if (gen_node_truth(gen_node_get(rule, "setStrategy"), false)) {
        text = gen_arena_printf(session->arena, "strategy %s ", cell_text(rule, "strategy"));
    }
    for (size_t i = 0; i < GEN_COUNT(effects) && text != NULL; i++) {
        int64_t count = gen_node_integer(gen_node_get(rule, effects[i].key), 0);

        if (count > 0) {
            text = gen_arena_printf(session->arena, "%s%s %d ", text, effects[i].does, (int)count);
        }
    }
    return text != NULL && text[0] == '\0' ? "changes nothing here" : text;
}

static void print_rules(struct gen_session *session, const struct gen_node *decision)
{
    static const char *const heads[] = {"rule", "fired", "does", "because", NULL};
    const struct gen_node *rules = gen_node_get(decision, "rules");
    struct gen_columns columns;

    if (gen_node_count(rules) == 0) {
        return;
    }
    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *rule = gen_node_first(rules); rule != NULL; rule = rule->next) {
        bool enabled = gen_node_truth(gen_node_get(rule, "enabled"), true);
        bool fired = gen_node_truth(gen_node_get(rule, "fired"), false);
        const char *cells[] = {cell_text(rule, "rule"),
                               !enabled ? "off"
                               : fired  ? "yes"
                                        : "no",
                               rule_effect(session, rule),
                               enabled ? rule_facts(session, rule) : ""};

        gen_columns_add(&columns, cells);
    }
    gen_session_say(session, "%s", "");
    print_table(session, &columns);
}

/* ---- contests ---- */

/* The scores of routing.yaml for one contender: "thrift 0.91, speed 0.4". */
static const char *contender_scores(struct gen_session *session, const struct gen_node *contender)
{
    const struct gen_node *faults = gen_node_get(contender, "scoreFaults");
    const char *text = "";

    for (const struct gen_node *score = gen_node_first(gen_node_get(contender, "scores"));
         score != NULL && text != NULL; score = score->next) {
        const char *fault = cell_text(faults, score->key);
        const char *value = fault[0] != '\0' ? fault : cell_number(session, score);

        if (value != NULL && value[0] != '\0') {
            text = gen_arena_printf(session->arena, "%s%s%s %s", text, text[0] != '\0' ? ", " : "",
                                    score->key, value);
        }
    }
    return text;
}

static const char *contender_score(struct gen_session *session, const struct gen_node *contender)
{
    const char *score = cell_number(session, gen_node_get(contender, "score"));
    double weight = gen_node_number(gen_node_get(contender, "weight"), 1.0);

    return weight > 1.0 || weight < 1.0
               ? gen_arena_printf(session->arena, "%s (x%g)", score, weight)
               : score;
}

static void ranked_row(struct gen_session *session, struct gen_columns *columns,
                       const struct gen_node *contender)
{
    bool priced = gen_node_truth(gen_node_get(contender, "costKnown"), true);
    const char *cells[] = {
        gen_arena_printf(session->arena, "%s%d",
                         gen_node_truth(gen_node_get(contender, "chosen"), false) ? "*" : "",
                         (int)gen_node_integer(gen_node_get(contender, "rank"), 0)),
        cell_text(contender, "model"),
        contender_score(session, contender),
        priced ? cell_dollars(session, gen_node_get(contender, "costEstimate")) : "unknown",
        priced ? cell_dollars(session, gen_node_get(contender, "costMost")) : "",
        cell_number(session, gen_node_get(contender, "expectedSeconds")),
        cell_number(session, gen_node_get(contender, "expectedQuality")),
        cell_number(session, gen_node_get(contender, "expectedSuccess")),
        cell_number(session, gen_node_get(contender, "tier")),
        cell_list(session, gen_node_get(contender, "unmetNeeds"), ""),
        contender_scores(session, contender)};

    gen_columns_add(columns, cells);
}

static int by_rank(const void *left, const void *right)
{
    const struct gen_node *a = *(const struct gen_node *const *)left;
    const struct gen_node *b = *(const struct gen_node *const *)right;
    int64_t one = gen_node_integer(gen_node_get(a, "rank"), 0);
    int64_t other = gen_node_integer(gen_node_get(b, "rank"), 0);

    return (one > other) - (one < other);
}

static void print_ranked(struct gen_session *session, const struct gen_node **rows, size_t count)
{
    static const char *const heads[] = {">rank",    "model",    ">score",     ">price",
                                        ">at most", ">seconds", ">quality",   ">success",
                                        ">tier",    ">unmet",   "all scores", NULL};
    struct gen_columns columns;

    if (count == 0) {
        gen_session_say(session, "no model is left");
        return;
    }
    qsort(rows, count, sizeof(*rows), by_rank);
    gen_columns_init(&columns, heads, session->arena);
    for (size_t i = 0; i < count; i++) {
        ranked_row(session, &columns, rows[i]);
    }
    print_table(session, &columns);
}

static void print_rejected(struct gen_session *session, const struct gen_node *const *rows,
                           size_t count)
{
    static const char *const heads[] = {"rejected", "by", "why", NULL};
    struct gen_columns columns;

    gen_columns_init(&columns, heads, session->arena);
    for (size_t i = 0; i < count; i++) {
        const char *rule = cell_text(rows[i], "rule"), *filter = cell_text(rows[i], "filter");
        const char *cells[] = {cell_text(rows[i], "model"),
                               rule[0] != '\0'
                                   ? gen_arena_printf(session->arena, "%s (rule %s)", filter, rule)
                                   : filter,
                               cell_text(rows[i], "rejected")};

        gen_columns_add(&columns, cells);
    }
    if (count > 0) {
        print_table(session, &columns);
    }
}

/* A contest and its contenders, which stand next. Returns the first of the contest after it. */
static const struct gen_node *print_contest(struct gen_session *session,
                                            const struct gen_node *contest,
                                            const struct gen_node *contender)
{
    int64_t most = gen_node_integer(gen_node_get(contest, "contenders"), 0);
    size_t room = 1, in = 0, out = 0;
    const struct gen_node **ranked, **rejected;
    const char *scene = line_text(session, contest, "scene");

    gen_session_say(
        session, "\nfor %s%s%s (tier %d, needs %s)", line_text(session, contest, "variation"),
        scene[0] != '\0' ? ", scene " : "", scene,
        (int)gen_node_integer(gen_node_get(contest, "tier"), 0),
        gen_session_clean(session, cell_list(session, gen_node_get(contest, "needs"), no_need)));
    for (const struct gen_node *at = contender; at != NULL; at = at->next) {
        room++;
    }
    ranked = gen_arena_array(session->arena, room, sizeof(*ranked));
    rejected = gen_arena_array(session->arena, room, sizeof(*rejected));
    for (int64_t i = 0; i < most && contender != NULL; i++, contender = contender->next) {
        if (ranked == NULL || rejected == NULL) {
            return NULL;
        }
        if (gen_node_get(contender, "filter") == NULL) {
            ranked[in++] = contender;
        } else {
            rejected[out++] = contender;
        }
    }
    print_ranked(session, ranked, in);
    print_rejected(session, rejected, out);
    return contender;
}

void gen_policy_account_print(struct gen_session *session, const struct gen_policy_account *account)
{
    const struct gen_node *decision = account->decision;
    const struct gen_node *contender = gen_node_first(gen_node_get(decision, "considered"));

    print_head(session, account);
    print_signals(session, decision);
    print_rules(session, decision);
    for (const struct gen_node *contest = gen_node_first(gen_node_get(decision, "contests"));
         contest != NULL; contest = contest->next) {
        contender = print_contest(session, contest, contender);
    }
}

const char *gen_policy_account_refusal(struct gen_session *session, const struct gen_node *decision)
{
    static const char before[] = "Refused: ";
    const char *sentence = cell_text(decision, "routingReason");
    size_t size;

    if (gen_node_text(gen_node_get(decision, "refusal"), NULL) == NULL) {
        return NULL;
    }
    sentence += strncmp(sentence, before, strlen(before)) == 0 ? strlen(before) : 0;
    size = strlen(sentence);
    size -= size > 0 && sentence[size - 1] == '.' ? 1 : 0;
    sentence = gen_arena_strndup(session->arena, sentence, size);
    return sentence != NULL ? sentence : "refused";
}
