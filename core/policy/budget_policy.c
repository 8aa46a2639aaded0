/* budget_policy.c - see budget_policy.h. */
#include "policy/budget_policy.h"

#include "policy/policy_facts.h"

#define FIELD(type, member) .offset = offsetof(struct type, member)
#define MOST_MONEY GEN_BUDGET_MOST

const struct gen_choice gen_unpriced_choices[] = {
    {"refuse", GEN_UNPRICED_REFUSE, "no price, no admission"},
    {"hold", GEN_UNPRICED_HOLD, "the ceiling is held for each attempt"},
    {NULL, 0, NULL}};

static const struct gen_field limit_fields[] = {
    {.key = "scope",
     .type = GEN_FIELD_CHOICE,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_budget_limit, scope),
     .choices = gen_scope_choices,
     .help = "What is added up."},
    {.key = "of",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_budget_limit, of),
     .min = 1,
     .max = 1000,
     .help = "Only these ids; each one of the scope has its own limit when left out."},
    {.key = "period",
     .type = GEN_FIELD_CHOICE,
     FIELD(gen_budget_limit, period),
     .choices = gen_period_choices,
     .preset = "month",
     .help = "When it begins anew."},
    {.key = "hard",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_budget_limit, hard),
     .min = 0,
     .max = MOST_MONEY,
     .preset = "0",
     .help = "Nothing is admitted beyond it, money held for running jobs included."},
    {.key = "soft",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_budget_limit, soft),
     .min = 0,
     .max = MOST_MONEY,
     .preset = "0",
     .help = "People are told; work goes on."},
    {.key = "alerts",
     .type = GEN_FIELD_NUMBERS,
     FIELD(gen_budget_limit, alerts),
     .min = 0,
     .max = 10,
     .preset = "0.8, 1",
     .help =
         "Shares of the hard limit (of the soft one where that is all) at which people are told."},
    {.key = "rollover",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_budget_limit, rollover),
     .preset = "false",
     .help = "What the period before left of the hard limit is added to this one."},
    {.key = "throttleFrom",
     .type = GEN_FIELD_REAL,
     FIELD(gen_budget_limit, throttle_from),
     .min = 0,
     .max = 1,
     .preset = "0",
     .help = "From this share of the hard limit on work is slowed down; 0 = never."},
    {.key = "throttleParallel",
     .type = GEN_FIELD_INT,
     FIELD(gen_budget_limit, throttle_parallel),
     .min = 1,
     .max = 1000,
     .preset = "1",
     .help = "So many generations run at once then."},
    {.key = "when",
     .type = GEN_FIELD_FORMULA,
     FIELD(gen_budget_limit, when),
     .domain = &gen_domain_guard,
     .help = "Which jobs it holds back, all by default. It adds up the money of its whole scope."},
    {.key = "help", .type = GEN_FIELD_TEXT, FIELD(gen_budget_limit, help), .help = "For people."},
    {0}};

static enum gen_status check_limit_sums(void *object, const struct gen_node *node,
                                        struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_budget_limit *limit = object;

    (void)node;
    (void)arena;
    if (limit->hard == 0 && limit->soft == 0) {
        return gen_error_set(err, GEN_EINVAL, "the limit has neither `hard` nor `soft` dollars");
    }
    if (limit->hard > 0 && limit->soft > limit->hard) {
        return gen_error_set(err, GEN_EINVAL,
                             "`soft` lies above `hard` and would never be reached");
    }
    return GEN_OK;
}

static enum gen_status check_limit_throttle(void *object, const struct gen_node *node,
                                            struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_budget_limit *limit = object;

    (void)node;
    (void)arena;
    return limit->throttle_from > 0 && limit->hard == 0
               ? gen_error_set(err, GEN_EINVAL,
                               "throttleFrom is a share of `hard`, and there is none")
               : GEN_OK;
}

static enum gen_status check_limit_alerts(void *object, const struct gen_node *node,
                                          struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_budget_limit *limit = object;

    (void)node;
    (void)arena;
    for (size_t i = 1; i < limit->alerts.count; i++) {
        if (limit->alerts.items[i] <= limit->alerts.items[i - 1]) {
            return gen_error_set(err, GEN_EINVAL, "alerts stand in rising order");
        }
    }
    return GEN_OK;
}

static enum gen_status check_limit_rollover(void *object, const struct gen_node *node,
                                            struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_budget_limit *limit = object;

    (void)node;
    (void)arena;
    return limit->rollover && (limit->hard == 0 || limit->period == GEN_PERIOD_ALWAYS)
               ? gen_error_set(err, GEN_EINVAL,
                               "rollover needs a `hard` limit and a period that begins anew")
               : GEN_OK;
}

static const struct gen_record_rule limit_rules[] = {{"hard soft", check_limit_sums},
                                                     {"rollover hard period", check_limit_rollover},
                                                     {"throttleFrom hard", check_limit_throttle},
                                                     {"alerts", check_limit_alerts},
                                                     {NULL, NULL}};

static const struct gen_record limit_record = {
    .name = "limit",
    .size = sizeof(struct gen_budget_limit),
    .fields = limit_fields,
    .rules = limit_rules,
    .help = "An amount over a scope and a period. All limits that apply are checked; the lowest "
            "decides, also among those that were set through the API."};

static const struct gen_field unpriced_fields[] = {{.key = "action",
                                                    .type = GEN_FIELD_CHOICE,
                                                    FIELD(gen_budget_unpriced, action),
                                                    .choices = gen_unpriced_choices,
                                                    .preset = "refuse",
                                                    .help = "What happens."},
                                                   {.key = "ceiling",
                                                    .type = GEN_FIELD_MONEY,
                                                    FIELD(gen_budget_unpriced, ceiling),
                                                    .min = 0,
                                                    .max = MOST_MONEY,
                                                    .preset = "0",
                                                    .help = "hold: dollars held for one attempt."},
                                                   {0}};

static enum gen_status check_unpriced(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_budget_unpriced *unpriced = object;

    (void)node;
    (void)arena;
    if (unpriced->action == GEN_UNPRICED_HOLD && unpriced->ceiling == 0) {
        return gen_error_set(err, GEN_EINVAL, "hold needs a ceiling in dollars");
    }
    return GEN_OK;
}

static const struct gen_record unpriced_record = {
    .name = "unknown price",
    .size = sizeof(struct gen_budget_unpriced),
    .fields = unpriced_fields,
    .short_key = "action",
    .check = check_unpriced,
    .help = "Work that no price book has a price for."};

static const struct gen_field budget_fields[] = {
    {.key = "timeZone",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_budget_policy, time_zone),
     .min = 1,
     .max = 64,
     .preset = "UTC",
     .help = "In which days and months begin: \"Europe/Berlin\", \"+02:00\", \"UTC\"."},
    {.key = "weekStarts",
     .type = GEN_FIELD_INT,
     FIELD(gen_budget_policy, week_starts),
     .min = 1,
     .max = 7,
     .preset = "1",
     .help = "1 is Monday."},
    {.key = "monthStarts",
     .type = GEN_FIELD_INT,
     FIELD(gen_budget_policy, month_starts),
     .min = 1,
     .max = 28,
     .preset = "1",
     .help = "Day on which a month of spending begins."},
    {.key = "jobDefault",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_budget_policy, job_default),
     .min = 0,
     .max = MOST_MONEY,
     .preset = "10",
     .help = "Budget of a job that names none."},
    {.key = "jobMost",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_budget_policy, job_most),
     .min = 0,
     .max = MOST_MONEY,
     .preset = "0",
     .help = "A brief with a larger budget is refused; 0 = no bound."},
    {.key = "limits",
     .type = GEN_FIELD_NAMED,
     FIELD(gen_budget_policy, limits),
     .min = 0,
     .max = 500,
     .record = &limit_record,
     .help = "Rules and default limits."},
    {.key = "unknownPrice",
     .type = GEN_FIELD_RECORD,
     FIELD(gen_budget_policy, unknown_price),
     .record = &unpriced_record,
     .help = "Work without a price."},
    {.key = "priceMargin",
     .type = GEN_FIELD_REAL,
     FIELD(gen_budget_policy, price_margin),
     .min = 0,
     .max = 10,
     .preset = "0.1",
     .help = "Share that is held on top of prices that are only estimates."},
    {.key = "priceDrift",
     .type = GEN_FIELD_REAL,
     FIELD(gen_budget_policy, price_drift),
     .min = 0,
     .max = 10,
     .preset = "0.1",
     .help = "People are told once when the last bills of a model differ from its prices by more "
             "than this "
             "share, on average; 0 = never."},
    {0}};

static enum gen_status check_job_sums(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_budget_policy *budget = object;

    (void)node;
    (void)arena;
    return budget->job_most > 0 && budget->job_default > budget->job_most
               ? gen_error_set(err, GEN_EINVAL, "jobDefault lies above jobMost")
               : GEN_OK;
}

static const struct gen_record_rule budget_rules[] = {{"jobDefault jobMost", check_job_sums},
                                                      {NULL, NULL}};

const struct gen_record gen_budget_record = {.name = "budget",
                                             .size = sizeof(struct gen_budget_policy),
                                             .fields = budget_fields,
                                             .rules = budget_rules,
                                             .help = "What may be spent, by whom, in which time."};
