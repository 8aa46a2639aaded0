/* access_policy.c - see access_policy.h. */
#include "policy/access_policy.h"

#include "policy/policy_problem.h"
#include "policy/routing_policy.h"

#include <string.h>

#define FIELD(type, member) .offset = offsetof(struct type, member)

const struct gen_choice gen_resolution_choices[] = {
    {"480p", 480, "854x480"},     {"720p", 720, "1280x720"}, {"1080p", 1080, "1920x1080"},
    {"1440p", 1440, "2560x1440"}, {"4k", 2160, "3840x2160"}, {NULL, 0, NULL}};
const struct gen_choice gen_access_priorities[] = {{"low", 1, "when nothing else waits"},
                                                   {"normal", 2, "in turn"},
                                                   {"high", 3, "before the others"},
                                                   {NULL, 0, NULL}};

static const struct gen_field plan_fields[] = {
    {.key = "extends",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_access_plan, extends),
     .help = "Plan whose keys hold where this one says nothing."},
    {.key = "mostTier",
     .type = GEN_FIELD_INT,
     FIELD(gen_access_plan, most_tier),
     .min = 1,
     .max = 3,
     .preset = "3",
     .help = "Models up to this tier."},
    {.key = "models",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_access_plan, models),
     .min = 1,
     .max = 200,
     .help = "Only these: \"runway\", \"veo/veo-3.1-*\"; all of its tiers by default."},
    {.key = "exclude",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_access_plan, exclude),
     .min = 0,
     .max = 200,
     .help = "Never these."},
    {.key = "strategies",
     .type = GEN_FIELD_TEXTS,
     FIELD(gen_access_plan, strategies),
     .min = 1,
     .max = 50,
     .help = "Only these strategies; all by default."},
    {.key = "mostPriority",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_access_plan, most_priority),
     .preset = "high",
     .help = "low, normal or high."},
    {.key = "parallel",
     .type = GEN_FIELD_INT,
     FIELD(gen_access_plan, parallel),
     .min = 0,
     .max = 100000,
     .preset = "0",
     .help = "Generations at once; 0 = what schedule.yaml says. The lower holds."},
    {.key = "userParallel",
     .type = GEN_FIELD_INT,
     FIELD(gen_access_plan, user_parallel),
     .min = 0,
     .max = 100000,
     .preset = "0",
     .help = "Generations of one user at once; 0 = no bound of their own."},
    {.key = "teamParallel",
     .type = GEN_FIELD_INT,
     FIELD(gen_access_plan, team_parallel),
     .min = 0,
     .max = 100000,
     .preset = "0",
     .help = "Generations of one team at once; 0 = no bound of its own."},
    {.key = "userJobsPerDay",
     .type = GEN_FIELD_INT,
     FIELD(gen_access_plan, user_jobs),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Jobs of one user from midnight to midnight (UTC); 0 = any number."},
    {.key = "teamJobsPerDay",
     .type = GEN_FIELD_INT,
     FIELD(gen_access_plan, team_jobs),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Jobs of one team from midnight to midnight (UTC); 0 = any number."},
    {.key = "userSecondsPerDay",
     .type = GEN_FIELD_INT,
     FIELD(gen_access_plan, user_seconds),
     .min = 0,
     .max = 100000000,
     .preset = "0",
     .help = "Seconds of video that jobs of one user ask for in a day; 0 = any number."},
    {.key = "teamSecondsPerDay",
     .type = GEN_FIELD_INT,
     FIELD(gen_access_plan, team_seconds),
     .min = 0,
     .max = 100000000,
     .preset = "0",
     .help = "Seconds of video that jobs of one team ask for in a day; 0 = any number."},
    {.key = "userRequestsPerMinute",
     .type = GEN_FIELD_INT,
     FIELD(gen_access_plan, user_requests),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Requests of one user to the API in a minute; 0 = any number."},
    {.key = "teamRequestsPerMinute",
     .type = GEN_FIELD_INT,
     FIELD(gen_access_plan, team_requests),
     .min = 0,
     .max = 1000000,
     .preset = "0",
     .help = "Requests of all users of one team in a minute; 0 = any number."},
    {.key = "monthly",
     .type = GEN_FIELD_MONEY,
     FIELD(gen_access_plan, monthly),
     .min = 0,
     .max = INT64_C(1000000000000000),
     .preset = "0",
     .help = "Dollars a month; 0 = what budget.yaml says. The lower holds."},
    {.key = "mostDuration",
     .type = GEN_FIELD_SECONDS,
     FIELD(gen_access_plan, most_duration_ms),
     .min = 1000,
     .max = 300000,
     .preset = "300",
     .help = "Of one video."},
    {.key = "mostResolution",
     .type = GEN_FIELD_TEXT,
     FIELD(gen_access_plan, most_resolution),
     .preset = "4k",
     .help = "480p, 720p, 1080p, 1440p or 4k."},
    {.key = "help", .type = GEN_FIELD_TEXT, FIELD(gen_access_plan, help), .help = "For people."},
    {0}};

/* Words that stay text in the struct, so that conditions can compare them. */
static enum gen_status check_plan_priority(void *object, const struct gen_node *node,
                                           struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_access_plan *plan = object;

    (void)arena;
    if (gen_choice_value(gen_access_priorities, plan->most_priority) < 0) {
        return gen_policy_problem_at(node, "mostPriority", err, "must be low, normal or high");
    }
    return GEN_OK;
}

static enum gen_status check_plan_resolution(void *object, const struct gen_node *node,
                                             struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_access_plan *plan = object;

    (void)arena;
    if (gen_choice_value(gen_resolution_choices, plan->most_resolution) < 0) {
        return gen_policy_problem_at(node, "mostResolution", err,
                                     "must be 480p, 720p, 1080p, 1440p or 4k");
    }
    return GEN_OK;
}

static const struct gen_record_rule plan_rules[] = {
    {"mostPriority", check_plan_priority}, {"mostResolution", check_plan_resolution}, {NULL, NULL}};

static const struct gen_record plan_record = {.name = "plan",
                                              .size = sizeof(struct gen_access_plan),
                                              .fields = plan_fields,
                                              .rules = plan_rules,
                                              .help = "What those on it may use."};

static const struct gen_field member_fields[] = {{.key = "plan",
                                                  .type = GEN_FIELD_TEXT,
                                                  .flags = GEN_FIELD_REQUIRED,
                                                  FIELD(gen_access_member, plan),
                                                  .help = "Name of a plan."},
                                                 {0}};

static const struct gen_record member_record = {.name = "member",
                                                .size = sizeof(struct gen_access_member),
                                                .fields = member_fields,
                                                .short_key = "plan",
                                                .help = "An organization's plan."};

static const struct gen_field access_fields[] = {{.key = "plan",
                                                  .type = GEN_FIELD_TEXT,
                                                  .flags = GEN_FIELD_REQUIRED,
                                                  FIELD(gen_access_policy, plan),
                                                  .help = "Plan of those that are not named."},
                                                 {.key = "plans",
                                                  .type = GEN_FIELD_NAMED,
                                                  .flags = GEN_FIELD_REQUIRED,
                                                  FIELD(gen_access_policy, plans),
                                                  .min = 1,
                                                  .max = 100,
                                                  .record = &plan_record,
                                                  .help = "What there is."},
                                                 {.key = "members",
                                                  .type = GEN_FIELD_NAMED,
                                                  FIELD(gen_access_policy, members),
                                                  .min = 0,
                                                  .max = 10000,
                                                  .record = &member_record,
                                                  .help = "Organizations by id."},
                                                 {0}};

const struct gen_record gen_access_record = {
    .name = "access",
    .size = sizeof(struct gen_access_policy),
    .fields = access_fields,
    .help = "Plans, and the models, strategies and sizes that each may use."};

const struct gen_access_plan *gen_access_plan_of(const struct gen_access_policy *policy,
                                                 const char *organization)
{
    const struct gen_access_member *members = policy->members.items;
    const struct gen_access_plan *plans = policy->plans.items, *found = NULL;
    const char *name = policy->plan;

    for (size_t i = 0; i < policy->members.count; i++) {
        if (organization != NULL && strcmp(members[i].named.name, organization) == 0) {
            name = members[i].plan;
        }
    }
    for (size_t i = 0; i < policy->plans.count; i++) {
        if (strcmp(plans[i].named.name, name) == 0) {
            found = &plans[i];
        }
    }
    GEN_CHECK(found != NULL); /* a loaded set has the plans it names */
    return found;
}

const char *gen_access_refusal(const struct gen_access_plan *plan, const char *provider,
                               const char *model, int64_t tier, struct gen_arena *arena)
{
    if (tier > plan->most_tier) {
        return gen_arena_printf(arena,
                                "the plan \"%s\" allows models up to tier %d, this one is tier %d",
                                plan->named.name, (int)plan->most_tier, (int)tier);
    }
    if (plan->models.count > 0 && !gen_routing_patterns_fit(&plan->models, provider, model)) {
        return gen_arena_printf(arena, "it is not among the models of the plan \"%s\"",
                                plan->named.name);
    }
    if (gen_routing_patterns_fit(&plan->exclude, provider, model)) {
        return gen_arena_printf(arena, "the plan \"%s\" excludes it", plan->named.name);
    }
    return NULL;
}
