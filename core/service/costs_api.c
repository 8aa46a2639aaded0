/* costs_api.c - see costs_api.h. */
#include "service/costs_api.h"

#include "decide/billing_period.h"
#include "decide/forecast.h"
#include "engine/engine.h"
#include "engine/rulebook.h"
#include "service/cost_notes.h"
#include "service/limit_view.h"
#include "store/reading.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COSTS_LIMIT = 100, COSTS_DAY_MS = 86400000, COSTS_OFFSET_MOST = 1000000 };

const struct gen_parameter gen_costs_parameters[] = {
    {"period", "A month (2026-11), quarter (2026-Q4), week (2026-W47), year or date, or the "
               "current day, week, month, "
               "quarter, year; the current month by default."},
    {"from", "Instead of a period: from this instant on (RFC 3339)."},
    {"to", "Instead of a period: before this instant (RFC 3339); now by default."},
    {"groupBy", "provider (by default), model, project, team, user, tag, job, day or total."},
    {"provider", "Only this provider."},
    {"model", "Only this model, as provider/model."},
    {"project", "Only this project."},
    {"team", "Only this team."},
    {"user", "Only this user."},
    {"tag", "Only jobs with this tag."},
    {"job", "Only this job."},
    {"limit", "Rows of a page, 1 to 1000; 100 by default."},
    {"after", "Where the page begins: `next` of the page before."},
    {NULL, NULL},
};

const struct gen_parameter gen_costs_statement_parameters[] = {
    {"period", "A month (2026-11), quarter, week, year or date; the current month by default."},
    {"team", "The statement of this team."},
    {"user", "The statement of this user."},
    {NULL, NULL},
};

struct costs { /* what is asked, and what it stands on */
    struct gen_call *call;
    const struct gen_budget_policy *policy;
    const struct gen_zones *zones;
    gen_moment now;
    struct gen_billing_period period; /* name "": from and to were given */
    struct gen_cost_query query;
};

static struct gen_node *costs_money(struct gen_arena *arena, gen_micros amount)
{
    return gen_node_money(arena, amount);
}

/* "-2.4 %" as -0.024; null without an estimate. */
static struct gen_node *costs_error(struct gen_arena *arena, gen_micros actual, gen_micros estimate)
{
    return estimate > 0
               ? gen_node_real(
                     arena, round((double)(actual - estimate) / (double)estimate * 1e6) / 1e6 + 0.0)
               : gen_node_null(arena);
}

static void costs_begin(struct gen_call *call, struct costs *out)
{
    static const struct gen_budget_policy plain; /* UTC, Monday, the first */
    struct gen_rulebook_facts facts = {0};

    *out = (struct costs){.call = call, .policy = &plain};
    out->now = gen_clock_now(call->service->clock);
    if (call->service->rules != NULL) {
        gen_rulebook_facts(call->service->rules, &facts);
        out->policy = facts.set->budget;
        out->zones = gen_rulebook_zones(call->service->rules);
    }
    out->query.organization = call->principal.organization;
}

/* -------------------------------------------------------------------------------------- query -- */

static enum gen_status costs_interval(struct costs *costs, struct gen_error *err)
{
    const struct gen_exchange *exchange = costs->call->exchange;
    const char *from = gen_exchange_query(exchange, "from");
    const char *to = gen_exchange_query(exchange, "to");
    const char *period = gen_exchange_query(exchange, "period");
    enum gen_status status;

    if (from == NULL && to == NULL) {
        status = gen_billing_period_read(costs->policy, costs->zones, period, costs->now,
                                         &costs->period, err);
        costs->query.from = costs->period.begins;
        costs->query.to = costs->period.ends;
        return status;
    }
    if (period != NULL || from == NULL) {
        gen_error_set(err, GEN_EINVAL,
                      period != NULL ? "is given together with `from` or `to`: one or the other"
                                     : "is missing: give `from` beside `to`, or a `period`");
        gen_error_place(err, NULL, 0, 0, period != NULL ? "period" : "from");
        return GEN_EINVAL;
    }
    costs->query.to = costs->now + 1;
    status = gen_query_moment("from", from, &costs->query.from, err);
    if (status == GEN_OK) {
        status = gen_query_moment("to", to, &costs->query.to, err);
    }
    if (status == GEN_OK && costs->query.from >= costs->query.to) {
        status = gen_error_set(err, GEN_EINVAL, "must lie after `from`");
        gen_error_place(err, NULL, 0, 0, "to");
    }
    return status;
}

/* "runway/gen4.5" is a provider and a model. */
static enum gen_status costs_model(struct costs *costs, const char *model, struct gen_error *err)
{
    const char *slash = model == NULL ? NULL : strchr(model, '/');
    const char *provider = costs->query.provider;

    if (model == NULL) {
        return GEN_OK;
    }
    if (slash == NULL || slash == model || slash[1] == '\0') {
        gen_error_set(err, GEN_EINVAL, "must be provider/model, such as runway/gen4.5");
        gen_error_place(err, NULL, 0, 0, "model");
        return GEN_EINVAL;
    }
    costs->query.model = slash + 1;
    costs->query.provider = gen_arena_strndup(costs->call->arena, model, (size_t)(slash - model));
    if (provider != NULL && costs->query.provider != NULL &&
        strcmp(provider, costs->query.provider) != 0) {
        gen_error_set(err, GEN_EINVAL, "is another provider than that of `model`");
        gen_error_place(err, NULL, 0, 0, "provider");
        return GEN_EINVAL;
    }
    return GEN_OK;
}

static enum gen_status costs_query(struct costs *costs, struct gen_error *err)
{
    const struct gen_exchange *exchange = costs->call->exchange;
    const char *by = gen_exchange_query(exchange, "groupBy");
    struct gen_cost_query *query = &costs->query;
    enum gen_status status = costs_interval(costs, err);

    query->by = by == NULL ? GEN_COSTS_PROVIDER : gen_costs_of(by);
    query->provider = gen_exchange_query(exchange, "provider");
    query->project = gen_exchange_query(exchange, "project");
    query->team = gen_exchange_query(exchange, "team");
    query->user = gen_exchange_query(exchange, "user");
    query->tag = gen_exchange_query(exchange, "tag");
    query->job = gen_exchange_query(exchange, "job");
    query->limit = COSTS_LIMIT;
    if (status == GEN_OK) {
        status = costs_model(costs, gen_exchange_query(exchange, "model"), err);
    }
    if (status == GEN_OK && query->by == GEN_COSTS_NONE) {
        status = gen_error_set(err, GEN_EINVAL,
                               "\"%.40s\" is none of provider, model, project, team, user, tag, "
                               "job, day, total",
                               by);
        gen_error_place(err, NULL, 0, 0, "groupBy");
    }
    if (status == GEN_OK) {
        status = gen_query_integer("limit", gen_exchange_query(exchange, "limit"), 1,
                                   GEN_COSTS_ROWS_MOST, &query->limit, err);
    }
    if (status == GEN_OK) {
        status = gen_query_integer("after", gen_exchange_query(exchange, "after"), 0,
                                   COSTS_OFFSET_MOST, &query->offset, err);
    }
    return status;
}

/* --------------------------------------------------------------------------------------- rows -- */

static void costs_figures(struct gen_arena *arena, struct gen_node *map,
                          const struct gen_cost_row *row)
{
    gen_node_set(arena, map, "jobs", gen_node_int(arena, row->jobs));
    gen_node_set(arena, map, "clips", gen_node_int(arena, row->clips));
    gen_node_set(arena, map, "seconds", gen_node_real(arena, (double)row->duration_ms / 1000.0));
    gen_node_set(arena, map, "cost", costs_money(arena, row->charged - row->refunded));
    gen_node_set(arena, map, "charged", costs_money(arena, row->charged));
    gen_node_set(arena, map, "refunded", costs_money(arena, row->refunded));
    gen_node_set(arena, map, "unverified", costs_money(arena, row->unverified));
    gen_node_set(arena, map, "held", costs_money(arena, row->held));
    gen_node_set(arena, map, "estimate", costs_money(arena, row->estimate));
    gen_node_set(arena, map, "actual", costs_money(arena, row->actual));
    gen_node_set(arena, map, "error", costs_error(arena, row->actual, row->estimate));
    gen_node_set(arena, map, "judgedJobs", gen_node_int(arena, row->judged));
    gen_node_set(
        arena, map, "withinTenPercent",
        row->judged > 0
            ? gen_node_real(arena, round((double)row->within / (double)row->judged * 1e6) / 1e6)
            : gen_node_null(arena));
}

static const char *costs_key(const struct costs *costs, const struct gen_cost_row *row, char *date)
{
    gen_moment day = costs->query.from;

    if (costs->query.by != GEN_COSTS_DAY) {
        return row->key[0] == '\0' ? NULL : row->key;
    }
    /* an hour into the day, so that a change of the clocks does not name the one before */
    day += strtoll(row->key, NULL, 10) * (int64_t)COSTS_DAY_MS + COSTS_DAY_MS / 24;
    return gen_billing_period_date(costs->policy, costs->zones, day, date);
}

static struct gen_node *costs_period(const struct costs *costs)
{
    struct gen_arena *arena = costs->call->arena;
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "name",
                 gen_node_string(arena, costs->period.name[0] == '\0' ? NULL : costs->period.name));
    gen_node_set(arena, map, "from", gen_node_moment(arena, costs->query.from));
    gen_node_set(arena, map, "to", gen_node_moment(arena, costs->query.to));
    return map;
}

/* ------------------------------------------------------------------------------------- budget -- */

/* The limit that leaves least in just this period: of the team or user asked for, else of the
 * organization. NULL: there is none. */
static enum gen_status costs_limit(struct costs *costs, const struct gen_limit **out,
                                   struct gen_error *err)
{
    const char *team = costs->query.team, *user = costs->query.user;
    enum gen_scope scope = team != NULL && team[0] != '\0'   ? GEN_SCOPE_TEAM
                           : user != NULL && user[0] != '\0' ? GEN_SCOPE_USER
                                                             : GEN_SCOPE_ORGANIZATION;
    struct gen_limit *limits = NULL;
    gen_micros least = INT64_MAX;
    size_t count = 0;
    enum gen_status status;

    *out = NULL;
    if (costs->period.name[0] == '\0') {
        return GEN_OK;
    }
    status = gen_limit_view_find(costs->call, scope, scope == GEN_SCOPE_TEAM ? team : user,
                                 costs->period.begins, &limits, &count, err);
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_balance used;
        gen_micros room;

        if (!gen_limit_capped(&limits[i]) || limits[i].period != costs->period.period) {
            continue;
        }
        status = gen_read_use(costs->call->service->store, &limits[i], &used, &room, err);
        if (status == GEN_OK && gen_balance_available(&used, room) < least) {
            least = gen_balance_available(&used, room);
            *out = &limits[i];
        }
    }
    return status;
}

static enum gen_status costs_budget(struct costs *costs, struct gen_node *page,
                                    struct gen_error *err)
{
    struct gen_arena *arena = costs->call->arena;
    const struct gen_limit *limit = NULL;
    struct gen_node *map = gen_node_map(arena);
    enum gen_status status = costs_limit(costs, &limit, err);

    if (status == GEN_OK && limit != NULL) {
        gen_node_set(arena, map, "name", gen_node_string(arena, limit->name));
        gen_node_set(arena, map, "budgetId",
                     gen_node_string(arena, limit->id[0] == '\0' ? NULL : limit->id));
        status = gen_limit_view_add(costs->call, limit, costs->now, map, err);
    }
    gen_node_set(arena, page, "budget", limit != NULL ? map : gen_node_null(arena));
    return status;
}

/* ------------------------------------------------------------------------------------ savings -- */

static struct gen_node *costs_savings(struct gen_arena *arena, const struct gen_savings *savings)
{
    struct gen_node *map = gen_node_map(arena), *against = gen_node_map(arena);

    gen_node_set(arena, map, "total", costs_money(arena, savings->baseline - savings->actual));
    gen_node_set(arena, map, "baseline", costs_money(arena, savings->baseline));
    gen_node_set(arena, map, "actual", costs_money(arena, savings->actual));
    gen_node_set(arena, map, "outputs", gen_node_int(arena, savings->outputs));
    gen_node_set(arena, map, "batchProcessing", costs_money(arena, savings->batch));
    gen_node_set(arena, map, "offPeakUsage", costs_money(arena, savings->off_peak));
    gen_node_set(arena, map, "providerArbitrage", costs_money(arena, savings->arbitrage));
    gen_node_set(arena, map, "cachedResults", costs_money(arena, savings->cache));
    gen_node_set(arena, map, "execution", costs_money(arena, savings->execution));
    gen_node_set(arena, against, "namedModel", gen_node_int(arena, savings->named));
    gen_node_set(arena, against, "tierModel", gen_node_int(arena, savings->tier));
    gen_node_set(arena, against, "nothing", gen_node_int(arena, savings->none));
    gen_node_set(arena, map, "measuredAgainst", against);
    return map;
}

/* ---------------------------------------------------------------------------------------- list -- */

static enum gen_status costs_total(struct costs *costs, struct gen_node *page,
                                   struct gen_error *err)
{
    struct gen_arena *arena = costs->call->arena;
    struct gen_cost_query all = costs->query;
    struct gen_cost_row *rows = NULL;
    struct gen_node *map = gen_node_map(arena);
    size_t count = 0;
    bool more = false;
    enum gen_status status;

    all.by = GEN_COSTS_TOTAL;
    all.limit = 1;
    all.offset = 0;
    status = gen_read_costs(costs->call->service->store, &all, arena, &rows, &count, &more, err);
    if (status == GEN_OK) {
        costs_figures(arena, map, &rows[0]);
        gen_node_set(arena, page, "totals", map);
    }
    return status;
}

static enum gen_status costs_page(struct costs *costs, struct gen_node *page, struct gen_error *err)
{
    struct gen_arena *arena = costs->call->arena;
    struct gen_node *list = gen_node_list(arena);
    struct gen_cost_row *rows = NULL;
    char date[GEN_BILLING_PERIOD_NAME_SIZE], next[24];
    size_t count = 0;
    bool more = false;
    enum gen_status status = gen_read_costs(costs->call->service->store, &costs->query, arena,
                                            &rows, &count, &more, err);

    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_node *map = gen_node_push(list, gen_node_map(arena));

        gen_node_set(arena, map, "key", gen_node_string(arena, costs_key(costs, &rows[i], date)));
        costs_figures(arena, map, &rows[i]);
    }
    (void)snprintf(next, sizeof next, "%lld", (long long)costs->query.offset + (long long)count);
    gen_node_set(arena, page, "currency", gen_node_string(arena, "USD"));
    gen_node_set(arena, page, "period", costs_period(costs));
    gen_node_set(arena, page, "groupBy", gen_node_string(arena, gen_costs_word(costs->query.by)));
    gen_node_set(arena, page, "rows", list);
    gen_node_set(arena, page, "next", gen_node_string(arena, more ? next : NULL));
    return status;
}

void gen_costs_list(struct gen_call *call)
{
    struct gen_node *page = gen_node_map(call->arena);
    struct gen_savings savings = {0};
    struct gen_error err = {0};
    struct costs costs;
    enum gen_status status;

    costs_begin(call, &costs);
    status = costs_query(&costs, &err);
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_EINVAL ? 400 : 0, &err);
        return;
    }
    if ((status = costs_page(&costs, page, &err)) == GEN_OK &&
        (status = costs_total(&costs, page, &err)) == GEN_OK &&
        (status = costs_budget(&costs, page, &err)) == GEN_OK) {
        status = gen_read_savings(call->service->store, &costs.query, &savings, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    gen_node_set(call->arena, page, "savings", costs_savings(call->arena, &savings));
    gen_node_set(call->arena, page, "volumes", gen_cost_notes_volumes(call));
    gen_node_set(call->arena, page, "priceDrifts", gen_cost_notes_drifts(call, NULL));
    gen_call_reply(call, 200, page);
}

/* ----------------------------------------------------------------------------------- statement -- */

/* The same statement has the same id, whenever it is asked for. */
static void statement_id(const struct costs *costs, struct gen_ident *out)
{
    const char *parts[] = {costs->query.organization, costs->query.team, costs->query.user,
                           costs->period.name};
    uint8_t random[GEN_IDENT_RANDOM];
    struct gen_digest digest;
    char text[GEN_DIGEST_TEXT_SIZE];

    gen_digest_init(&digest);
    for (size_t i = 0; i < GEN_COUNT(parts); i++) {
        const char *part = parts[i] == NULL ? "" : parts[i];

        gen_digest_add(&digest, part, strlen(part) + 1);
    }
    gen_digest_text(&digest, text);
    memcpy(random, text, sizeof random);
    gen_ident_make(GEN_IDENT_STATEMENT, costs->period.begins, random, out);
}

static enum gen_status statement_providers(struct costs *costs, struct gen_node *map,
                                           struct gen_error *err)
{
    struct gen_arena *arena = costs->call->arena;
    struct gen_node *providers = gen_node_map(arena);
    struct gen_cost_row *rows = NULL;
    size_t count = 0;
    bool more = false;
    enum gen_status status;

    costs->query.by = GEN_COSTS_PROVIDER;
    costs->query.limit = GEN_COSTS_ROWS_MOST;
    status = gen_read_costs(costs->call->service->store, &costs->query, arena, &rows, &count, &more,
                            err);
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_node *row = gen_node_map(arena);

        gen_node_set(arena, row, "jobs", gen_node_int(arena, rows[i].jobs));
        gen_node_set(arena, row, "seconds",
                     gen_node_real(arena, (double)rows[i].duration_ms / 1000.0));
        gen_node_set(arena, row, "cost", costs_money(arena, rows[i].charged - rows[i].refunded));
        if (rows[i].jobs > 0) {
            gen_node_set(arena, providers, rows[i].key, row);
        }
    }
    gen_node_set(arena, map, "providers", providers);
    return status;
}

static void statement_alert(struct gen_arena *arena, struct gen_node *list, const char *type,
                            double threshold, bool triggered)
{
    struct gen_node *map = gen_node_push(list, gen_node_map(arena));

    gen_node_set(arena, map, "type", gen_node_string(arena, type));
    gen_node_set(arena, map, "threshold", gen_node_real(arena, threshold));
    gen_node_set(arena, map, "triggered", gen_node_bool(arena, triggered));
}

/* By what is used now, whether people were told already or not. */
static struct gen_node *statement_alerts(struct gen_arena *arena, const struct gen_limit *limit,
                                         const struct gen_balance *used, gen_micros room)
{
    struct gen_node *list = gen_node_list(arena);
    double share = limit == NULL || room == 0 ? 0 : (double)gen_balance_used(used) / (double)room;

    for (size_t i = 0; limit != NULL && i < limit->alerts.count; i++) {
        double at = limit->alerts.items[i];

        statement_alert(arena, list, at < 1 ? "budget_warning" : "budget_exhausted", at,
                        share >= at);
    }
    if (limit != NULL && limit->soft > 0 && room > 0) {
        statement_alert(arena, list, "budget_soft_limit", (double)limit->soft / (double)room,
                        gen_balance_used(used) >= limit->soft);
    }
    return list;
}

static enum gen_status statement_totals(struct costs *costs, struct gen_node *map,
                                        struct gen_node **alerts, struct gen_error *err)
{
    struct gen_arena *arena = costs->call->arena;
    const struct gen_limit *limit = NULL;
    struct gen_balance used = {0};
    struct gen_cost_row *rows = NULL;
    struct gen_node *totals = gen_node_map(arena);
    gen_micros room = 0;
    size_t count = 0;
    bool more = false;
    enum gen_status status;

    costs->query.by = GEN_COSTS_TOTAL;
    status = gen_read_costs(costs->call->service->store, &costs->query, arena, &rows, &count, &more,
                            err);
    if (status == GEN_OK) {
        status = costs_limit(costs, &limit, err);
    }
    if (status == GEN_OK && limit != NULL) {
        status = gen_read_use(costs->call->service->store, limit, &used, &room, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    gen_node_set(arena, totals, "jobs", gen_node_int(arena, rows[0].jobs));
    gen_node_set(arena, totals, "seconds",
                 gen_node_real(arena, (double)rows[0].duration_ms / 1000.0));
    gen_node_set(arena, totals, "cost", costs_money(arena, rows[0].charged - rows[0].refunded));
    gen_node_set(arena, totals, "budget",
                 limit == NULL ? gen_node_null(arena) : costs_money(arena, room));
    gen_node_set(arena, totals, "remaining",
                 limit == NULL ? gen_node_null(arena)
                               : costs_money(arena, gen_balance_available(&used, room)));
    gen_node_set(arena, map, "totals", totals);
    *alerts = statement_alerts(arena, limit, &used, room);
    return GEN_OK;
}

static enum gen_status statement_document(struct costs *costs, struct gen_node *map,
                                          struct gen_error *err)
{
    struct gen_arena *arena = costs->call->arena;
    struct gen_node *savings = gen_node_map(arena), *alerts = NULL;
    struct gen_savings saved;
    struct gen_ident id;
    enum gen_status status;

    statement_id(costs, &id);
    gen_node_set(arena, map, "trackingId", gen_node_string(arena, id.text));
    gen_node_set(arena, map, "userId", gen_node_string(arena, costs->query.user));
    gen_node_set(arena, map, "teamId", gen_node_string(arena, costs->query.team));
    gen_node_set(arena, map, "period", gen_node_string(arena, costs->period.name));
    if ((status = statement_providers(costs, map, err)) != GEN_OK ||
        (status = statement_totals(costs, map, &alerts, err)) != GEN_OK ||
        (status = gen_read_savings(costs->call->service->store, &costs->query, &saved, err)) !=
            GEN_OK) {
        return status;
    }
    gen_node_set(arena, savings, "batchProcessing", costs_money(arena, saved.batch));
    gen_node_set(arena, savings, "offPeakUsage", costs_money(arena, saved.off_peak));
    gen_node_set(arena, savings, "providerArbitrage", costs_money(arena, saved.arbitrage));
    gen_node_set(arena, savings, "cachedResults", costs_money(arena, saved.cache));
    gen_node_set(arena, map, "savings", savings);
    gen_node_set(arena, map, "alerts", alerts);
    gen_node_set(arena, map, "updatedAt", gen_node_moment(arena, costs->now));
    return GEN_OK;
}

void gen_costs_statement(struct gen_call *call)
{
    struct gen_node *map = gen_node_map(call->arena);
    struct gen_error err = {0};
    struct costs costs;
    enum gen_status status;

    costs_begin(call, &costs);
    costs.query.team = gen_exchange_query(call->exchange, "team");
    costs.query.user = gen_exchange_query(call->exchange, "user");
    status = gen_billing_period_read(costs.policy, costs.zones,
                                     gen_exchange_query(call->exchange, "period"), costs.now,
                                     &costs.period, &err);
    if (status != GEN_OK) {
        gen_call_fail_as(call, 400, &err);
        return;
    }
    costs.query.from = costs.period.begins;
    costs.query.to = costs.period.ends;
    if (statement_document(&costs, map, &err) == GEN_OK) {
        gen_call_reply(call, 200, map);
    } else {
        gen_call_fail(call, &err);
    }
}
