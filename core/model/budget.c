/* budget.c - see budget.h. */
#include "model/budget.h"

#include "base/record.h"

#include <stdio.h>
#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

const struct gen_choice gen_scope_choices[] = {
    {"organization", GEN_SCOPE_ORGANIZATION, "all that an organization does"},
    {"team", GEN_SCOPE_TEAM, "all that a team does"},
    {"project", GEN_SCOPE_PROJECT, "all jobs of a project"},
    {"user", GEN_SCOPE_USER, "all jobs of a person or API key"},
    {"job", GEN_SCOPE_JOB, "one job"},
    {"provider", GEN_SCOPE_PROVIDER, "all that is bought at a provider"},
    {NULL, 0, NULL}};
const struct gen_choice gen_period_choices[] = {
    {"day", GEN_PERIOD_DAY, "from midnight"},
    {"week", GEN_PERIOD_WEEK, "from weekStarts"},
    {"month", GEN_PERIOD_MONTH, "from monthStarts"},
    {"quarter", GEN_PERIOD_QUARTER, "January, April, July, October"},
    {"year", GEN_PERIOD_YEAR, "from January"},
    {"always", GEN_PERIOD_ALWAYS, "never begins anew"},
    {NULL, 0, NULL}};

const char *gen_scope_word(enum gen_scope scope)
{
    const char *word = gen_choice_word(gen_scope_choices, (int)scope);

    return word == NULL ? "" : word;
}

enum gen_scope gen_scope_of(const char *word)
{
    int value = gen_choice_value(gen_scope_choices, word);

    return value < 0 ? (enum gen_scope)0 : (enum gen_scope)value;
}

const char *gen_period_word(enum gen_period period)
{
    const char *word = gen_choice_word(gen_period_choices, (int)period);

    return word == NULL ? "" : word;
}

enum gen_period gen_period_of(const char *word)
{
    int value = gen_choice_value(gen_period_choices, word);

    return value < 0 ? (enum gen_period)0 : (enum gen_period)value;
}

/* ------------------------------------------------------------------------------------- body -- */

struct budget_body {
    int scope, period;
    const char *of, *note, *currency;
    gen_micros hard, soft;
    bool frozen;
    struct gen_numbers alerts;
    bool rollover;
    double throttle_from;
    int64_t throttle_parallel;
};

static const struct gen_field body_fields[] = {
    {.key = "scope",
     .type = GEN_FIELD_CHOICE,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(budget_body, scope),
     .choices = gen_scope_choices,
     .help = "What is added up."},
    {.key = "of",
     .type = GEN_FIELD_TEXT,
     FIELD(budget_body, of),
     .min = 1,
     .max = 200,
     .help =
         "Whose: the id of the team, project, user, provider or job. Not with an organization."},
    {.key = "period",
     .type = GEN_FIELD_CHOICE,
     FIELD(budget_body, period),
     .choices = gen_period_choices,
     .preset = "month",
     .help = "When it begins anew."},
    {.key = "hard",
     .type = GEN_FIELD_MONEY,
     FIELD(budget_body, hard),
     .min = 0,
     .max = GEN_BUDGET_MOST,
     .preset = "0",
     .help = "Nothing is admitted beyond it, money held for running jobs included; 0 = nothing at "
             "all, null = no such limit."},
    {.key = "soft",
     .type = GEN_FIELD_MONEY,
     FIELD(budget_body, soft),
     .min = 0,
     .max = GEN_BUDGET_MOST,
     .preset = "0",
     .help = "People are told; work goes on."},
    {.key = "alerts",
     .type = GEN_FIELD_NUMBERS,
     FIELD(budget_body, alerts),
     .min = 0,
     .max = 10,
     .preset = "0.8, 1",
     .help =
         "Shares of the hard limit (of the soft one where that is all) at which people are told."},
    {.key = "rollover",
     .type = GEN_FIELD_BOOL,
     FIELD(budget_body, rollover),
     .preset = "false",
     .help = "What the period before left of the hard limit is added to this one."},
    {.key = "throttleFrom",
     .type = GEN_FIELD_REAL,
     FIELD(budget_body, throttle_from),
     .min = 0,
     .max = 1,
     .preset = "0",
     .help = "From this share of the hard limit on work is slowed down; 0 = never."},
    {.key = "throttleParallel",
     .type = GEN_FIELD_INT,
     FIELD(budget_body, throttle_parallel),
     .min = 1,
     .max = 1000,
     .preset = "1",
     .help = "So many generations run at once then."},
    {.key = "note",
     .type = GEN_FIELD_TEXT,
     FIELD(budget_body, note),
     .min = 0,
     .max = 500,
     .help = "For people."},
    {.key = "currency",
     .type = GEN_FIELD_TEXT,
     FIELD(budget_body, currency),
     .min = 3,
     .max = 3,
     .help = "USD, or nothing."},
    {0}};

static enum gen_status body_wrong(struct gen_error *err, const char *path, const char *message)
{
    gen_error_set(err, GEN_EINVAL, "%s", message);
    gen_error_place(err, NULL, 0, 0, path);
    return GEN_EINVAL;
}

static enum gen_status body_check(void *object, const struct gen_node *node,
                                  struct gen_arena *arena, struct gen_error *err)
{
    struct budget_body *body = object;
    bool none;

    (void)arena;
    body->frozen = body->hard == 0 && gen_node_type_of(gen_node_get(node, "hard")) > GEN_NODE_NULL;
    none = body->hard == 0 && !body->frozen;
    if (body->currency != NULL && strcmp(body->currency, "USD") != 0) {
        return body_wrong(err, "currency",
                          "money is counted in US dollars here; convert the amount and say USD");
    }
    if (none && body->soft == 0) {
        return body_wrong(err, "hard", "the budget has neither `hard` nor `soft` dollars");
    }
    if (body->hard > 0 && body->soft > body->hard) {
        return body_wrong(err, "soft", "`soft` lies above `hard` and would never be reached");
    }
    if (body->throttle_from > 0 && none) {
        return body_wrong(err, "throttleFrom", "is a share of `hard`, and there is none");
    }
    if (body->rollover && (none || body->period == GEN_PERIOD_ALWAYS)) {
        return body_wrong(err, "rollover",
                          "needs a `hard` limit and a period that begins anew: there is nothing to "
                          "take over");
    }
    if ((body->scope == GEN_SCOPE_ORGANIZATION) != (body->of == NULL)) {
        return body_wrong(
            err, "of",
            body->of == NULL
                ? "names nobody: give the id of the team, project, user, provider or job"
                : "an organization has only itself: leave it out");
    }
    for (size_t i = 1; i < body->alerts.count; i++) {
        if (body->alerts.items[i] <= body->alerts.items[i - 1]) {
            return body_wrong(err, "alerts", "alerts stand in rising order");
        }
    }
    return GEN_OK;
}

static const struct gen_record body_record = {.name = "budget",
                                              .size = sizeof(struct budget_body),
                                              .fields = body_fields,
                                              .check = body_check,
                                              .help = "What may be spent, by whom, in which time."};

enum gen_status gen_budget_read(const struct gen_node *node, struct gen_arena *arena,
                                struct gen_budget *out, struct gen_error *err)
{
    struct budget_body body = {0};
    enum gen_status status = gen_record_bind(&body_record, node, "", arena, &body, err);

    if (status == GEN_OK) {
        *out = (struct gen_budget){.organization = "",
                                   .scope = (enum gen_scope)body.scope,
                                   .of = body.of == NULL ? "" : body.of,
                                   .period = (enum gen_period)body.period,
                                   .hard = body.hard,
                                   .frozen = body.frozen,
                                   .soft = body.soft,
                                   .alerts = body.alerts,
                                   .rollover = body.rollover,
                                   .throttle_from = body.throttle_from,
                                   .throttle_parallel = body.throttle_parallel,
                                   .note = body.note == NULL ? "" : body.note,
                                   .created_by = ""};
    }
    return status;
}

static void write_money(struct gen_arena *arena, struct gen_node *map, const char *key,
                        gen_micros amount)
{
    gen_node_set(arena, map, key,
                 amount == 0 ? gen_node_null(arena) : gen_node_money(arena, amount));
}

struct gen_node *gen_budget_write(const struct gen_budget *budget, struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena), *alerts = gen_node_list(arena);

    for (size_t i = 0; i < budget->alerts.count; i++) {
        gen_node_push(alerts, gen_node_real(arena, budget->alerts.items[i]));
    }
    gen_node_set(arena, map, "budgetId", gen_node_string(arena, budget->id.text));
    gen_node_set(arena, map, "scope", gen_node_string(arena, gen_scope_word(budget->scope)));
    gen_node_set(arena, map, "of",
                 gen_node_string(arena, budget->of[0] == '\0' ? NULL : budget->of));
    gen_node_set(arena, map, "period", gen_node_string(arena, gen_period_word(budget->period)));
    gen_node_set(arena, map, "hard",
                 budget->hard > 0 || budget->frozen ? gen_node_money(arena, budget->hard)
                                                    : gen_node_null(arena));
    write_money(arena, map, "soft", budget->soft);
    gen_node_set(arena, map, "currency", gen_node_string(arena, "USD"));
    gen_node_set(arena, map, "alerts", alerts);
    gen_node_set(arena, map, "rollover", gen_node_bool(arena, budget->rollover));
    gen_node_set(arena, map, "throttleFrom", gen_node_real(arena, budget->throttle_from));
    gen_node_set(arena, map, "throttleParallel", gen_node_int(arena, budget->throttle_parallel));
    gen_node_set(arena, map, "note", gen_node_string(arena, budget->note));
    gen_node_set(arena, map, "version", gen_node_int(arena, budget->version));
    gen_node_set(arena, map, "createdBy", gen_node_string(arena, budget->created_by));
    gen_node_set(arena, map, "createdAt", gen_node_moment(arena, budget->created_at));
    gen_node_set(arena, map, "updatedAt", gen_node_moment(arena, budget->updated_at));
    gen_node_set(arena, map, "endedAt", gen_node_moment(arena, budget->ended_at));
    return map;
}

static const char *copy_text(struct gen_arena *arena, const char *text)
{
    return gen_arena_strdup(arena, text == NULL ? "" : text);
}

bool gen_budget_copy(const struct gen_budget *budget, struct gen_arena *arena,
                     struct gen_budget *out)
{
    double *alerts = gen_arena_array(arena, budget->alerts.count + 1, sizeof(*alerts));

    *out = *budget;
    out->organization = copy_text(arena, budget->organization);
    out->of = copy_text(arena, budget->of);
    out->note = copy_text(arena, budget->note);
    out->created_by = copy_text(arena, budget->created_by);
    if (alerts != NULL && budget->alerts.count > 0) {
        memcpy(alerts, budget->alerts.items, budget->alerts.count * sizeof(*alerts));
    }
    out->alerts.items = alerts;
    return !gen_arena_failed(arena);
}

/* ----------------------------------------------------------------------------------- limits -- */

const char *gen_budget_key(enum gen_scope scope, const char *organization, const char *of,
                           struct gen_arena *arena)
{
    if (scope == GEN_SCOPE_ORGANIZATION) {
        return gen_arena_printf(arena, "organization:%s", organization);
    }
    if (scope == GEN_SCOPE_JOB) {
        return gen_arena_printf(arena, "job:%s", of);
    }
    return gen_arena_printf(arena, "%s:%s|%s", gen_scope_word(scope), organization, of);
}

bool gen_limit_capped(const struct gen_limit *limit)
{
    return limit->hard > 0 || limit->frozen;
}

const char *gen_limit_whose(const struct gen_limit *limit, char *out, size_t size)
{
    (void)snprintf(out, size, "%s %s", gen_scope_word(limit->scope),
                   limit->scope == GEN_SCOPE_ORGANIZATION ? limit->organization : limit->of);
    return out;
}

enum gen_status gen_limit_refuse(const struct gen_limit *limit, gen_micros amount, gen_micros room,
                                 const struct gen_balance *used, const char *by,
                                 struct gen_error *err)
{
    char asked[GEN_MONEY_TEXT_SIZE], hard[GEN_MONEY_TEXT_SIZE], rolled[GEN_MONEY_TEXT_SIZE];
    char spent[GEN_MONEY_TEXT_SIZE], held[GEN_MONEY_TEXT_SIZE], doubt[GEN_MONEY_TEXT_SIZE];
    char left[GEN_MONEY_TEXT_SIZE], missing[GEN_MONEY_TEXT_SIZE], whose[200], times[120] = "";
    char begins[GEN_MOMENT_TEXT_SIZE], ends[GEN_MOMENT_TEXT_SIZE];
    gen_micros rest = gen_balance_available(used, room);
    bool more = room > limit->hard;

    if (limit->ends != GEN_MOMENT_NEVER) {
        (void)snprintf(times, sizeof times, "; it counts since %s and begins anew at %s",
                       gen_moment_text(limit->begins, begins), gen_moment_text(limit->ends, ends));
    }
    gen_error_set(err, GEN_EBUDGET,
                  "$%s does not fit the budget \"%s\" of %s: of $%s%s%s%s $%s is spent, $%s held%s "
                  "and $%s unverified, so $%s is left and $%s is missing%s",
                  gen_money_text(amount, 2, asked), limit->name,
                  gen_limit_whose(limit, whose, sizeof whose), gen_money_text(limit->hard, 2, hard),
                  more ? " (and $" : "", more ? gen_money_text(room - limit->hard, 2, rolled) : "",
                  more ? " from before)" : "", gen_money_text(used->spent, 2, spent),
                  gen_money_text(used->held, 2, held), by,
                  gen_money_text(used->unverified, 2, doubt), gen_money_text(rest, 2, left),
                  gen_money_text(amount > rest ? amount - rest : 0, 2, missing), times);
    gen_error_place(err, NULL, 0, 0, "budget");
    return GEN_EBUDGET;
}
