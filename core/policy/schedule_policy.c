/* schedule_policy.c - see schedule_policy.h. */
#include "policy/schedule_policy.h"

#include "policy/policy_facts.h"

#define FIELD(type, member) .offset = offsetof(struct type, member)

enum { MINUTES_A_DAY = 1440 };

const struct gen_choice gen_fair_choices[] = {
    {"organization", GEN_FAIR_ORGANIZATION, "organizations share"},
    {"project", GEN_FAIR_PROJECT, "projects share"},
    {"user", GEN_FAIR_USER, "people share"},
    {"none", GEN_FAIR_NONE, "first come, first served"},
    {NULL, 0, NULL}};
const struct gen_choice gen_day_choices[] = {
    {"mon", 1, "Monday"}, {"tue", 2, "Tuesday"},  {"wed", 3, "Wednesday"}, {"thu", 4, "Thursday"},
    {"fri", 5, "Friday"}, {"sat", 6, "Saturday"}, {"sun", 7, "Sunday"},    {NULL, 0, NULL}};

static const struct gen_choice priority_names[] = {{"low", 1, "when nothing else waits"},
                                                   {"normal", 2, "in turn"},
                                                   {"high", 3, "before the others"},
                                                   {NULL, 0, NULL}};

static const struct gen_field parallel_fields[] = {
    {.key = "organization",
     .type = GEN_FIELD_INT,
     FIELD(gen_schedule_parallel, organization),
     .min = 0,
     .max = 100000,
     .preset = "50",
     .help = "Generations of one organization."},
    {.key = "project",
     .type = GEN_FIELD_INT,
     FIELD(gen_schedule_parallel, project),
     .min = 0,
     .max = 100000,
     .preset = "0",
     .help = "Of one project."},
    {.key = "user",
     .type = GEN_FIELD_INT,
     FIELD(gen_schedule_parallel, user),
     .min = 0,
     .max = 100000,
     .preset = "0",
     .help = "Of one person or API key."},
    {.key = "job",
     .type = GEN_FIELD_INT,
     FIELD(gen_schedule_parallel, job),
     .min = 0,
     .max = 100000,
     .preset = "0",
     .help = "Of one job."},
    {.key = "provider",
     .type = GEN_FIELD_INT,
     FIELD(gen_schedule_parallel, provider),
     .min = 0,
     .max = 100000,
     .preset = "0",
     .help = "At one provider whose own file says nothing; 0 = what its plugin says."},
    {0}};

static const struct gen_record parallel_record = {
    .name = "parallel",
    .size = sizeof(struct gen_schedule_parallel),
    .fields = parallel_fields,
    .help = "How many generations run at once; 0 = no bound. All bounds hold."};

static const struct gen_field priority_fields[] = {
    {.key = "weight",
     .type = GEN_FIELD_REAL,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_schedule_priority, weight),
     .min = 0,
     .max = 1000,
     .help = "Share of free places beside the other priorities."},
    {.key = "aging",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_schedule_priority, aging_ms),
     .min = 0,
     .max = 604800000,
     .preset = "1800",
     .help = "Work that has waited so long moves up by one priority; 0 = never."},
    {0}};

static enum gen_status check_priority(void *object, const struct gen_node *node,
                                      struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_schedule_priority *priority = object;

    (void)node;
    (void)arena;
    return priority->weight <= 0 && priority->aging_ms == 0
               ? gen_error_set(err, GEN_EINVAL,
                               "\"%s\" has neither weight nor aging and would starve",
                               priority->named.name)
               : GEN_OK;
}

static const struct gen_record_rule priority_rules[] = {{"weight aging", check_priority},
                                                        {NULL, NULL}};

static const struct gen_record priority_record = {.name = "priority",
                                                  .size = sizeof(struct gen_schedule_priority),
                                                  .fields = priority_fields,
                                                  .rules = priority_rules,
                                                  .short_key = "weight",
                                                  .help = "What a priority is worth."};

static const struct gen_field share_fields[] = {{.key = "weight",
                                                 .type = GEN_FIELD_REAL,
                                                 .flags = GEN_FIELD_REQUIRED,
                                                 FIELD(gen_schedule_share, weight),
                                                 .min = 0,
                                                 .max = 1000,
                                                 .help = "Everybody else has 1."},
                                                {0}};

static const struct gen_record share_record = {.name = "share",
                                               .size = sizeof(struct gen_schedule_share),
                                               .fields = share_fields,
                                               .short_key = "weight",
                                               .help = "A larger or smaller part of the places."};

static const struct gen_field fairness_fields[] = {{.key = "by",
                                                    .type = GEN_FIELD_CHOICE,
                                                    FIELD(gen_schedule_fairness, by),
                                                    .choices = gen_fair_choices,
                                                    .preset = "organization",
                                                    .help = "Who shares."},
                                                   {.key = "shares",
                                                    .type = GEN_FIELD_NAMED,
                                                    FIELD(gen_schedule_fairness, shares),
                                                    .min = 0,
                                                    .max = 1000,
                                                    .record = &share_record,
                                                    .help = "By id; 1 for those not named."},
                                                   {0}};

static const struct gen_record fairness_record = {
    .name = "fairness",
    .size = sizeof(struct gen_schedule_fairness),
    .fields = fairness_fields,
    .short_key = "by",
    .help = "Who shares the places, and by which weight. Priorities share those of each."};

int64_t gen_schedule_minutes(const char *text)
{
    int hours, minutes;

    if (text[0] < '0' || text[0] > '2' || text[1] < '0' || text[1] > '9' || text[2] != ':' ||
        text[3] < '0' || text[3] > '5' || text[4] < '0' || text[4] > '9') {
        return -1;
    }
    hours = (text[0] - '0') * 10 + text[1] - '0';
    minutes = (text[3] - '0') * 10 + text[4] - '0';
    return hours < 24 ? hours * 60 + minutes : -1;
}

static enum gen_status check_window(void *object, const struct gen_node *node,
                                    struct gen_arena *arena, struct gen_error *err)
{
    struct gen_schedule_window *window = object;

    (void)node;
    (void)arena;
    window->from_minute = gen_schedule_minutes(window->from);
    window->to_minute = gen_schedule_minutes(window->to);
    if (window->from_minute < 0 || window->to_minute < 0) {
        return gen_error_set(err, GEN_EINVAL, "a time of day is written \"HH:MM\", in quotes");
    }
    if (window->from_minute == window->to_minute) {
        return gen_error_set(err, GEN_EINVAL, "the window ends when it begins");
    }
    for (size_t i = 0; i < window->days.count; i++) {
        window->day_bits |= 1u << (gen_choice_value(gen_day_choices, window->days.items[i]) - 1);
    }
    if (window->day_bits == 0) {
        window->day_bits = 0x7F;
    }
    return GEN_OK;
}

static const struct gen_field window_fields[] = {
    {.key = "days",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_schedule_window, days),
     .min = 1,
     .max = 7,
     .choices = gen_day_choices,
     .help = "Days on which it begins; every day when left out."},
    {.key = "from",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_schedule_window, from),
     .min = 5,
     .max = 5,
     .help = "\"HH:MM\"."},
    {.key = "to",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(gen_schedule_window, to),
     .min = 5,
     .max = 5,
     .help = "\"HH:MM\"; before `from` it is on the next day."},
    {.key = "providers",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_schedule_window, providers),
     .min = 1,
     .max = 100,
     .help = "Where it is cheap or quiet then; all when left out."},
    {.key = "defer",
     .type = GEN_FIELD_FORMULA,
     FIELD(gen_schedule_window, defer),
     .domain = &gen_domain_guard,
     .help = "Jobs that wait for the window; none by default."},
    {0}};

static const struct gen_record window_record = {.name = "window",
                                                .size = sizeof(struct gen_schedule_window),
                                                .fields = window_fields,
                                                .check = check_window,
                                                .help = "Hours in which work is cheap."};

static const struct gen_field batching_fields[] = {
    {.key = "enabled",
     .type = GEN_FIELD_BOOL,
     FIELD(gen_schedule_batching, enabled),
     .preset = "false",
     .help = "Shots for one model are handed over together."},
    {.key = "most",
     .type = GEN_FIELD_INT,
     FIELD(gen_schedule_batching, most),
     .min = 2,
     .max = 1000,
     .preset = "20",
     .help = "Shots in a batch."},
    {.key = "wait",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_schedule_batching, wait_ms),
     .min = 0,
     .max = 86400000,
     .preset = "30",
     .help = "A shot waits so long for others."},
    {.key = "leastSaving",
     .type = GEN_FIELD_REAL,
     FIELD(gen_schedule_batching, least_saving),
     .min = 0,
     .max = 1,
     .preset = "0.05",
     .help = "Share of the price under which waiting is not worth it."},
    {0}};

static const struct gen_record batching_record = {
    .name = "batching",
    .size = sizeof(struct gen_schedule_batching),
    .fields = batching_fields,
    .help = "Volume discounts of those who give them."};

static const struct gen_field schedule_fields[] = {{.key = "timeZone",
                                                    .type = GEN_FIELD_TEXT,
                                                    FIELD(gen_schedule_policy, time_zone),
                                                    .min = 1,
                                                    .max = 64,
                                                    .preset = "UTC",
                                                    .help = "In which the windows are written."},
                                                   {.key = "parallel",
                                                    .type = GEN_FIELD_RECORD,
                                                    FIELD(gen_schedule_policy, parallel),
                                                    .record = &parallel_record,
                                                    .help = "How many at once."},
                                                   {.key = "priorities",
                                                    .type = GEN_FIELD_NAMED,
                                                    .flags = GEN_FIELD_REQUIRED,
                                                    FIELD(gen_schedule_policy, priorities),
                                                    .min = 3,
                                                    .max = 3,
                                                    .choices = priority_names,
                                                    .record = &priority_record,
                                                    .help = "What low, normal and high are worth."},
                                                   {.key = "fairness",
                                                    .type = GEN_FIELD_RECORD,
                                                    FIELD(gen_schedule_policy, fairness),
                                                    .record = &fairness_record,
                                                    .help = "Whose turn it is."},
                                                   {.key = "offPeak",
                                                    .type = GEN_FIELD_NAMED,
                                                    FIELD(gen_schedule_policy, off_peak),
                                                    .min = 0,
                                                    .max = 50,
                                                    .record = &window_record,
                                                    .help = "When it is cheap."},
                                                   {.key = "batching",
                                                    .type = GEN_FIELD_RECORD,
                                                    FIELD(gen_schedule_policy, batching),
                                                    .record = &batching_record,
                                                    .help = "Handing over together."},
                                                   {0}};

/* A priority without weight or aging would wait for ever beside busy others. */

const struct gen_record gen_schedule_record = {
    .name = "schedule",
    .size = sizeof(struct gen_schedule_policy),
    .fields = schedule_fields,
    .help = "Who goes first, how many at once, and when."};

bool gen_schedule_window_holds(const struct gen_schedule_window *window, int day, int minute)
{
    bool today = (window->day_bits >> day & 1) != 0;
    bool yesterday = (window->day_bits >> (day + 6) % 7 & 1) != 0;

    GEN_CHECK(day >= 0 && day < 7 && minute >= 0 && minute < MINUTES_A_DAY);
    if (window->from_minute < window->to_minute) {
        return today && minute >= window->from_minute && minute < window->to_minute;
    }
    return (today && minute >= window->from_minute) || (yesterday && minute < window->to_minute);
}
