/* budget_commands.c - see budget_commands.h. */
#include "cli/budget_commands.h"

#include "base/json.h"
#include "base/number.h"
#include "cli/columns.h"
#include "cli/cost_view.h"
#include "model/budget.h"

#include <inttypes.h>
#include <string.h>

enum { BUDGETS_TEXT_MOST = 16 * 1024 * 1024 };

const struct gen_choice gen_budget_yes_choices[] = {
    {"yes", 1, "it is"}, {"no", 0, "it is not"}, {NULL, 0, NULL}};

static const char *budgets_text(struct gen_session *session, const struct gen_node *map,
                                const char *key)
{
    const char *text = gen_node_text(gen_node_get(map, key), "");

    return text[0] == '\0' ? "-" : gen_session_clean(session, text);
}

static bool budgets_known(const struct gen_node *node)
{
    return gen_node_type_of(node) > GEN_NODE_NULL;
}

static void budgets_print(struct gen_session *session, struct gen_bytes *out)
{
    if (gen_bytes_status(out) != GEN_OK || !gen_session_write(session, out)) {
        gen_session_note(session, "gen: out of memory, or standard output is closed");
    }
}

/* ------------------------------------------------------------------------------------- listing -- */

/* "team social", "each team". */
static const char *budgets_whose(struct gen_session *session, const struct gen_node *item)
{
    const char *scope = budgets_text(session, item, "scope");
    const char *of = gen_node_text(gen_node_get(item, "of"), NULL);

    if (gen_node_truth(gen_node_get(item, "each"), false)) {
        return gen_arena_printf(session->arena, "each %s", scope);
    }
    return of == NULL
               ? scope
               : gen_arena_printf(session->arena, "%s %s", scope, gen_session_clean(session, of));
}

static void budgets_row(struct gen_session *session, struct gen_columns *columns,
                        const struct gen_node *item, const char *name)
{
    const struct gen_node *forecast = gen_node_get(item, "forecast");
    bool known = gen_node_truth(gen_node_get(forecast, "known"), false);
    bool over = known && budgets_known(gen_node_get(forecast, "exceededAt"));
    const char *cells[] = {
        name,
        budgets_whose(session, item),
        budgets_text(session, item, "period"),
        gen_cost_view_money(session, gen_node_get(item, "hard")),
        gen_cost_view_money(session, gen_node_get(item, "soft")),
        gen_cost_view_money(session, gen_node_get(item, "used")),
        gen_cost_view_money(session, gen_node_get(item, "left")),
        known ? gen_arena_printf(session->arena, "%s%s",
                                 gen_cost_view_about(session, gen_node_get(forecast, "expected")),
                                 over ? " !" : "")
              : "-",
        budgets_known(gen_node_get(item, "endedAt")) ? "ended"
        : budgets_known(gen_node_get(item, "resetsAt"))
            ? gen_cost_view_when(session, gen_node_get(item, "resetsAt"))
            : "-",
    };

    gen_columns_add(columns, cells);
}

static void budgets_table(struct gen_session *session, const struct gen_node *list,
                          const char *head, const char *key, struct gen_bytes *out)
{
    const char *heads[] = {head,    "WHOSE", "PERIOD",    ">HARD", ">SOFT",
                           ">USED", ">LEFT", ">FORECAST", "ANEW",  NULL};
    struct gen_columns columns;

    gen_columns_init(&columns, heads, session->arena);
    for (const struct gen_node *item = gen_node_first(list); item != NULL; item = item->next) {
        budgets_row(session, &columns, item, budgets_text(session, item, key));
    }
    gen_columns_write(&columns, 0, out);
}

int gen_budget_commands_list(struct gen_session *session)
{
    struct gen_client_answer answer = {0};
    struct gen_error err = {0};
    const struct gen_node *set, *policy;
    struct gen_bytes out;

    if (gen_session_get(session, &answer, &err, "/v1/budgets%s",
                        session->options.ended ? "?ended=true" : "") != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, answer.document);
        return GEN_EXIT_OK;
    }
    set = gen_node_get(answer.document, "budgets");
    policy = gen_node_get(answer.document, "policy");
    gen_bytes_init(&out, BUDGETS_TEXT_MOST);
    if (gen_node_count(set) == 0) {
        gen_session_note(session, "no budgets are set; %s sets one",
                         gen_session_again(session, "gen budget set"));
    } else {
        budgets_table(session, set, "BUDGET", "budgetId", &out);
    }
    if (gen_node_count(policy) > 0) {
        (void)gen_bytes_text(&out, gen_node_count(set) > 0 ? "\n" : "");
        budgets_table(session, policy, "OF BUDGET.YAML", "name", &out);
    }
    budgets_print(session, &out);
    gen_bytes_fini(&out);
    return GEN_EXIT_OK;
}

/* ------------------------------------------------------------------------------------- finding -- */

/* "team:social" as scope and id; false: it is neither that nor "organization". */
static bool budgets_split(struct gen_session *session, const char *whose, const char **scope,
                          const char **of)
{
    const char *colon = strchr(whose, ':');

    *scope = colon == NULL ? whose
                           : gen_arena_strndup(session->arena, whose, (size_t)(colon - whose));
    *of = colon == NULL ? NULL : colon + 1;
    return *scope != NULL && gen_scope_of(*scope) != 0;
}

static enum gen_status budgets_wrong(const char *whose, struct gen_error *err)
{
    return gen_error_set(err, GEN_EINVAL,
                         "\"%.60s\" says neither which budget (bud_...) nor whose: write "
                         "organization, or team:NAME, project:NAME, user:ID, provider:NAME, job:ID",
                         whose);
}

/* The budget in force that is meant; NULL in `*out`: there is none. */
static enum gen_status budgets_find(struct gen_session *session, const char *whose,
                                    const char *period, const struct gen_node **out,
                                    struct gen_error *err)
{
    bool id = gen_ident_valid(GEN_IDENT_BUDGET, whose);
    struct gen_client_answer answer = {0};
    const char *scope = NULL, *of = NULL;
    size_t found = 0;
    enum gen_status status;

    *out = NULL;
    if (!id && !budgets_split(session, whose, &scope, &of)) {
        return budgets_wrong(whose, err);
    }
    status = id ? gen_session_get(session, &answer, err, "/v1/budgets/%s", whose)
                : gen_session_get(session, &answer, err, "/v1/budgets");
    if (id || status != GEN_OK) {
        *out = answer.document;
        return status;
    }
    for (const struct gen_node *item = gen_node_first(gen_node_get(answer.document, "budgets"));
         item != NULL; item = item->next) {
        const char *its = gen_node_text(gen_node_get(item, "of"), "");

        if (strcmp(gen_node_text(gen_node_get(item, "scope"), ""), scope) == 0 &&
            strcmp(its, of == NULL ? "" : of) == 0 &&
            (period == NULL ||
             strcmp(gen_node_text(gen_node_get(item, "period"), ""), period) == 0)) {
            *out = item;
            found++;
        }
    }
    return found > 1 ? gen_error_set(err, GEN_EINVAL,
                                     "there are %zu budgets of %s; say which by its id (gen budget "
                                     "list)",
                                     found, whose)
                     : GEN_OK;
}

/* The same for a budget that must be there. */
static enum gen_status budgets_must_find(struct gen_session *session, const struct gen_node **out,
                                         struct gen_error *err)
{
    const char *whose = session->options.operands[0];
    enum gen_status status = budgets_find(session, whose, NULL, out, err);

    return status == GEN_OK && *out == NULL
               ? gen_error_set(err, GEN_ENOTFOUND, "there is no budget of %s (gen budget list)",
                               whose)
               : status;
}

/* --------------------------------------------------------------------------------------- show -- */

static void budgets_holders(struct gen_session *session, const struct gen_node *budget,
                            struct gen_bytes *out)
{
    for (const struct gen_node *item = gen_node_first(gen_node_get(budget, "heldBy")); item != NULL;
         item = item->next) {
        (void)gen_bytes_printf(out, "held by     %s  %s\n", budgets_text(session, item, "jobId"),
                               gen_cost_view_money(session, gen_node_get(item, "held")));
    }
}

static void budgets_alerts(struct gen_session *session, const struct gen_node *budget,
                           struct gen_bytes *out)
{
    for (const struct gen_node *item = gen_node_first(gen_node_get(budget, "alertsFired"));
         item != NULL; item = item->next) {
        const struct gen_node *share = gen_node_get(item, "share");

        (void)gen_bytes_printf(out, "told        %s, at %s%s%s\n",
                               gen_cost_view_when(session, gen_node_get(item, "at")),
                               budgets_known(share) ? gen_cost_view_percent(session, share, false)
                                                    : "",
                               budgets_known(share) ? "" : budgets_text(session, item, "level"),
                               budgets_known(share) ? "" : " limit");
    }
}

static void budgets_tell(struct gen_session *session, const struct gen_node *budget)
{
    const struct gen_node *note = gen_node_get(budget, "note");
    double throttle = gen_node_number(gen_node_get(budget, "throttleFrom"), 0);
    struct gen_bytes out;

    gen_bytes_init(&out, BUDGETS_TEXT_MOST);
    (void)gen_bytes_printf(&out, "%s: %s, %s%s%s\n\n", budgets_text(session, budget, "budgetId"),
                           budgets_whose(session, budget), budgets_text(session, budget, "period"),
                           gen_node_text(note, "")[0] != '\0' ? ", " : "",
                           gen_session_clean(session, gen_node_text(note, "")));
    (void)gen_bytes_printf(&out, "hard        %s%s\nsoft        %s\n",
                           gen_cost_view_money(session, gen_node_get(budget, "hard")),
                           gen_node_truth(gen_node_get(budget, "rollover"), false)
                               ? ", and what the period before left"
                               : "",
                           gen_cost_view_money(session, gen_node_get(budget, "soft")));
    if (throttle > 0) {
        (void)gen_bytes_printf(
            &out, "slower      from %s on, %" PRId64 " at once\n",
            gen_cost_view_percent(session, gen_node_get(budget, "throttleFrom"), false),
            gen_node_integer(gen_node_get(budget, "throttleParallel"), 0));
    }
    if (budgets_known(gen_node_get(budget, "endedAt"))) {
        (void)gen_bytes_printf(&out, "ended       %s\n",
                               gen_cost_view_when(session, gen_node_get(budget, "endedAt")));
    } else {
        gen_cost_view_limit(session, budget, &out);
    }
    budgets_holders(session, budget, &out);
    budgets_alerts(session, budget, &out);
    budgets_print(session, &out);
    gen_bytes_fini(&out);
}

int gen_budget_commands_show(struct gen_session *session)
{
    const struct gen_node *budget = NULL;
    struct gen_error err = {0};

    if (budgets_must_find(session, &budget, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, budget);
    } else {
        budgets_tell(session, budget);
    }
    return GEN_EXIT_OK;
}

/* ---------------------------------------------------------------------------------------- set -- */

static enum gen_status budgets_money(struct gen_session *session, struct gen_node *map,
                                     const char *key, const char *text, struct gen_error *err)
{
    gen_micros amount = 0;

    if (text == NULL) {
        return GEN_OK;
    }
    if (strcmp(text, "none") == 0) {
        gen_node_set(session->arena, map, key, gen_node_null(session->arena));
        return GEN_OK;
    }
    if (gen_money_parse(text, strlen(text), &amount, err) != GEN_OK) {
        return gen_error_within(err, "--%s", key);
    }
    gen_node_set(session->arena, map, key, gen_node_money(session->arena, amount));
    return GEN_OK;
}

static enum gen_status budgets_real(const char *option, const char *text, double *out,
                                    struct gen_error *err)
{
    return gen_number_real(text, out)
               ? GEN_OK
               : gen_error_set(err, GEN_EINVAL, "--%s: \"%.40s\" is no number", option, text);
}

static enum gen_status budgets_alert_list(struct gen_session *session, struct gen_node *map,
                                          const char *text, struct gen_error *err)
{
    struct gen_node *list = gen_node_list(session->arena);

    while (*text != '\0') {
        size_t size = strcspn(text, ",");
        const char *one = gen_arena_strndup(session->arena, text, size);
        double share = 0;

        if (one == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
        if (budgets_real("alerts", one, &share, err) != GEN_OK) {
            return GEN_EINVAL;
        }
        gen_node_push(list, gen_node_real(session->arena, share));
        text += size + (text[size] == ',');
    }
    gen_node_set(session->arena, map, "alerts", list);
    return GEN_OK;
}

/* What was said on the command line, and nothing else: gend keeps the rest, or has its defaults. */
static enum gen_status budgets_body(struct gen_session *session, struct gen_node *map,
                                    struct gen_error *err)
{
    const struct gen_options *options = &session->options;
    struct gen_arena *arena = session->arena;
    double share = 0;
    enum gen_status status = budgets_money(session, map, "hard", options->hard, err);

    if (status == GEN_OK) {
        status = budgets_money(session, map, "soft", options->soft, err);
    }
    if (status == GEN_OK && options->alerts != NULL) {
        status = budgets_alert_list(session, map, options->alerts, err);
    }
    if (status == GEN_OK && options->throttle_from != NULL) {
        status = budgets_real("throttle-from", options->throttle_from, &share, err);
        gen_node_set(arena, map, "throttleFrom", gen_node_real(arena, share));
    }
    if (options->parallel != 0) {
        gen_node_set(arena, map, "throttleParallel", gen_node_int(arena, options->parallel));
    }
    if (options->rollover != NULL) {
        gen_node_set(arena, map, "rollover",
                     gen_node_bool(arena, strcmp(options->rollover, "yes") == 0));
    }
    if (options->note != NULL) {
        gen_node_set(arena, map, "note", gen_node_string(arena, options->note));
    }
    return status;
}

static enum gen_status budgets_send(struct gen_session *session, const char *method,
                                    const struct gen_node *budget, const struct gen_node *body,
                                    const struct gen_node **out, struct gen_error *err)
{
    struct gen_client_request request = {.method = method, .path = "/v1/budgets"};
    struct gen_client_answer answer = {0};
    enum gen_status status;

    if (budget != NULL) {
        request.path = gen_arena_printf(session->arena, "/v1/budgets/%s",
                                        gen_node_text(gen_node_get(budget, "budgetId"), ""));
        request.if_match = gen_arena_printf(session->arena, "\"%" PRId64 "\"",
                                            gen_node_integer(gen_node_get(budget, "version"), 0));
    }
    if (body != NULL) {
        request.content_type = "application/json";
        request.body = gen_json_text(session->arena, body, &request.body_size);
    }
    if (gen_arena_failed(session->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    status = gen_session_connect(session, err);
    if (status == GEN_OK) {
        status = gen_client_send(session->client, &request, session->arena, &answer, err);
    }
    *out = answer.document;
    return status;
}

static enum gen_status budgets_set(struct gen_session *session, const struct gen_node **out,
                                   struct gen_error *err)
{
    const struct gen_options *options = &session->options;
    const char *whose = options->operands[0], *scope = NULL, *of = NULL;
    const char *period = options->period == NULL ? "month" : options->period;
    struct gen_arena *arena = session->arena;
    struct gen_node *body = gen_node_map(arena);
    const struct gen_node *budget = NULL;
    enum gen_status status = budgets_body(session, body, err);

    if (status == GEN_OK) {
        status = budgets_find(session, whose, period, &budget, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    if (budget != NULL) {
        if (gen_ident_valid(GEN_IDENT_BUDGET, whose) && options->period != NULL) {
            gen_node_set(arena, body, "period", gen_node_string(arena, period));
        }
        return budgets_send(session, "PATCH", budget, body, out, err);
    }
    (void)budgets_split(session, whose, &scope, &of);
    gen_node_set(arena, body, "scope", gen_node_string(arena, scope));
    if (of != NULL) {
        gen_node_set(arena, body, "of", gen_node_string(arena, of));
    }
    gen_node_set(arena, body, "period", gen_node_string(arena, period));
    return budgets_send(session, "POST", NULL, body, out, err);
}

int gen_budget_commands_set(struct gen_session *session)
{
    const struct gen_node *budget = NULL;
    struct gen_error err = {0};

    if (budgets_set(session, &budget, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, budget);
    } else {
        budgets_tell(session, budget);
    }
    return GEN_EXIT_OK;
}

int gen_budget_commands_remove(struct gen_session *session)
{
    const struct gen_node *budget = NULL, *ended = NULL;
    struct gen_error err = {0};

    if (budgets_must_find(session, &budget, &err) != GEN_OK ||
        budgets_send(session, "DELETE", budget, NULL, &ended, &err) != GEN_OK) {
        return gen_session_fail(session, &err);
    }
    if (session->options.json) {
        gen_session_print_json(session, ended);
    } else {
        gen_session_say(session, "%s of %s has ended", budgets_text(session, ended, "budgetId"),
                        budgets_whose(session, ended));
    }
    return GEN_EXIT_OK;
}
