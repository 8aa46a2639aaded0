/* me_api.c - see me_api.h. */
#include "service/me_api.h"

#include "engine/rulebook.h"
#include "model/brief.h"
#include "policy/policy_set.h"
#include "store/document.h"
#include "store/reading.h"

#include <string.h>

static struct gen_node *some(struct gen_arena *arena, const char *text)
{
    return gen_node_string(arena, text == NULL || text[0] == '\0' ? NULL : text);
}

static struct gen_node *bound(struct gen_arena *arena, int64_t value)
{
    return value <= 0 ? gen_node_null(arena) : gen_node_int(arena, value);
}

/* The lower of two bounds, of which 0 is none. */
static int64_t lower(int64_t a, int64_t b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

static struct gen_node *me_teams(struct gen_arena *arena, const struct gen_principal *who)
{
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < who->team_count; i++) {
        gen_node_push(list, gen_node_string(arena, who->teams[i]));
    }
    return list;
}

static struct gen_node *me_permissions(struct gen_arena *arena, uint32_t permissions)
{
    struct gen_node *list = gen_node_list(arena);

    for (const struct gen_permission_row *row = gen_permissions; row->word != NULL; row++) {
        if ((permissions & row->permission) != 0) {
            gen_node_push(list, gen_node_string(arena, row->word));
        }
    }
    return list;
}

static struct gen_node *me_key(struct gen_arena *arena, const struct gen_principal *who)
{
    struct gen_node *map;

    if (who->key.text[0] == '\0') {
        return gen_node_null(arena);
    }
    map = gen_node_map(arena);
    gen_node_set(arena, map, "keyId", gen_node_string(arena, who->key.text));
    gen_node_set(arena, map, "name", gen_node_string(arena, who->key_name));
    return map;
}

/* What is left is the lower of the key's bound and the plan's. */
static struct gen_node *me_quota(struct gen_call *call, const struct gen_access_plan *plan,
                                 int64_t jobs, int64_t video)
{
    const struct gen_principal *who = &call->principal;
    struct gen_node *map = gen_node_map(call->arena);
    const char *priority = gen_choice_word(gen_priority_choices, who->most_priority);

    if (priority == NULL || gen_choice_value(gen_access_priorities, priority) >
                                gen_choice_value(gen_access_priorities, plan->most_priority)) {
        priority = plan->most_priority;
    }
    gen_node_set(call->arena, map, "mostPriority", gen_node_string(call->arena, priority));
    gen_node_set(call->arena, map, "jobsPerDay",
                 bound(call->arena, lower(who->quota.jobs_per_day, plan->user_jobs)));
    gen_node_set(call->arena, map, "jobsToday", gen_node_int(call->arena, jobs));
    gen_node_set(call->arena, map, "secondsPerDay",
                 bound(call->arena, lower(who->quota.seconds_per_day, plan->user_seconds)));
    gen_node_set(call->arena, map, "secondsToday", gen_document_seconds(call->arena, video));
    gen_node_set(call->arena, map, "requestsPerMinute",
                 bound(call->arena, lower(who->quota.requests_per_minute, plan->user_requests)));
    gen_node_set(
        call->arena, map, "parallel",
        bound(call->arena, lower(who->quota.parallel, lower(plan->user_parallel, plan->parallel))));
    gen_node_set(call->arena, map, "spendLimit",
                 who->quota.spend == 0 && !who->quota.frozen
                     ? gen_node_null(call->arena)
                     : gen_node_money(call->arena, who->quota.spend));
    return map;
}

static struct gen_node *me_plan(struct gen_arena *arena, const struct gen_access_plan *plan)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "name", gen_node_string(arena, plan->named.name));
    gen_node_set(arena, map, "mostTier", gen_node_int(arena, plan->most_tier));
    gen_node_set(arena, map, "mostPriority", gen_node_string(arena, plan->most_priority));
    gen_node_set(arena, map, "mostResolution", gen_node_string(arena, plan->most_resolution));
    gen_node_set(arena, map, "parallel", bound(arena, plan->parallel));
    gen_node_set(arena, map, "teamJobsPerDay", bound(arena, plan->team_jobs));
    gen_node_set(arena, map, "teamSecondsPerDay", bound(arena, plan->team_seconds));
    gen_node_set(arena, map, "teamRequestsPerMinute", bound(arena, plan->team_requests));
    gen_node_set(arena, map, "teamParallel", bound(arena, plan->team_parallel));
    return map;
}

void gen_me_show(struct gen_call *call)
{
    const struct gen_principal *who = &call->principal;
    struct gen_arena *arena = call->arena;
    struct gen_edition *edition = gen_rulebook_hold(call->service->rules);
    const struct gen_access_plan *plan = gen_access_plan_of(gen_edition_set(edition)->access,
                                                            who->organization);
    struct gen_node *map = gen_node_map(arena);
    struct gen_error err = {0};
    int64_t jobs = 0, video = 0;
    enum gen_status status = gen_read_quota(call->service->store, who->organization, "user",
                                            who->user, gen_clock_now(call->service->clock), &jobs,
                                            &err);

    if (status == GEN_OK) {
        status = gen_read_quota_video(call->service->store, who->organization, "user", who->user,
                                      gen_clock_now(call->service->clock), &video, &err);
    }
    gen_node_set(arena, map, "organization", gen_node_string(arena, who->organization));
    gen_node_set(arena, map, "user", gen_node_string(arena, who->user));
    gen_node_set(arena, map, "team", some(arena, who->team));
    gen_node_set(arena, map, "teams", me_teams(arena, who));
    gen_node_set(arena, map, "anyTeam", gen_node_bool(arena, who->any_team));
    gen_node_set(arena, map, "role", some(arena, gen_role_word(who->role)));
    gen_node_set(arena, map, "permissions", me_permissions(arena, who->permissions));
    gen_node_set(arena, map, "via", gen_node_string(arena, gen_door_word(who->door)));
    gen_node_set(arena, map, "key", me_key(arena, who));
    gen_node_set(arena, map, "address", some(arena, who->address));
    gen_node_set(arena, map, "expiresAt",
                 gen_node_moment(arena, who->door == GEN_DOOR_KEY ? who->expires_at : 0));
    gen_node_set(arena, map, "plan", me_plan(arena, plan));
    gen_node_set(arena, map, "quota", me_quota(call, plan, jobs, video));
    gen_edition_leave(&edition);
    if (status == GEN_OK) {
        gen_call_reply(call, 200, map);
    } else {
        gen_call_fail(call, &err);
    }
}
