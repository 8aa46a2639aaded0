/* entitlement.c - see entitlement.h. */
#include "engine/entitlement.h"

#include "engine/rules.h"
#include "policy/policy_set.h"

#include <stdio.h>
#include <string.h>

enum { BOUND_NAME = 2 * GEN_PRINCIPAL_TEXT_MOST + 16 };

/* The lower of two bounds, where 0 is none. */
static int64_t lower(int64_t a, int64_t b)
{
    return a <= 0 ? b : b <= 0 ? a : a < b ? a : b;
}

enum gen_status gen_entitlement_check(const struct gen_request *request,
                                      const struct gen_brief *brief, const char **team,
                                      struct gen_error *err)
{
    const struct gen_principal *who = request->principal;

    *team = brief->team != NULL     ? brief->team
            : request->team != NULL ? request->team
            : who != NULL           ? who->team
                                    : "";
    if (who == NULL) {
        return GEN_OK;
    }
    if (brief->team != NULL && !gen_principal_in_team(who, brief->team)) {
        gen_error_set(err, GEN_EDENIED,
                      "you are not in the team \"%.130s\"; leave it out, or name "
                      "one of yours (see gen me)",
                      brief->team);
        gen_error_place(err, NULL, 0, 0, "team");
        return GEN_EDENIED;
    }
    if (who->most_priority != 0 && brief->priority > who->most_priority) {
        gen_error_set(err, GEN_EDENIED, "this key may ask for %s at most, not for %s",
                      gen_choice_word(gen_priority_choices, who->most_priority),
                      gen_choice_word(gen_priority_choices, brief->priority));
        gen_error_place(err, NULL, 0, 0, "priority");
        return GEN_EDENIED;
    }
    return GEN_OK;
}

/* ------------------------------------------------------------------------------- jobs of a day -- */

struct day { /* of somebody */
    const char *scope, *of;
    int64_t jobs, seconds; /* at most; 0 = any number */
};

static void entitlement_one(struct gen_changes *changes, const struct gen_job *job,
                            const struct day *day, gen_moment now)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_QUOTA);
    int64_t video = job->brief == NULL ? 0 : gen_brief_duration(job->brief);

    if (change != NULL) {
        change->as.quota = (struct gen_change_quota){
            .organization = gen_arena_strdup(changes->arena, job->organization),
            .scope = day->scope,
            .of = gen_arena_strdup(changes->arena, day->of),
            .most = day->jobs,
            .at = now,
            .ms = video * (int64_t)job->pipeline_count,
            .most_ms = day->seconds * 1000};
    }
}

void gen_entitlement_count(const struct gen_request *request, const struct gen_access_plan *plan,
                           const struct gen_job *job, gen_moment now, struct gen_changes *changes)
{
    static const struct gen_quota nothing;
    const struct gen_quota *own = request->principal == NULL ? &nothing
                                                             : &request->principal->quota;
    const struct day user = {"user", job->user,
                             lower(own->jobs_per_day, plan == NULL ? 0 : plan->user_jobs),
                             lower(own->seconds_per_day, plan == NULL ? 0 : plan->user_seconds)};
    const struct day team = {"team", job->team, plan == NULL ? 0 : plan->team_jobs,
                             plan == NULL ? 0 : plan->team_seconds};

    entitlement_one(changes, job, &user, now);
    if (job->team[0] != '\0') {
        entitlement_one(changes, job, &team, now);
    }
}

/* ------------------------------------------------------------------------------------ at once -- */

/* Where there is no bound there is no group either, but one that was there is set free. */
static void bound_one(struct gen_lanes *lanes, const char *scope, const struct gen_job *job,
                      const char *of, int64_t limit, struct gen_ticket *ticket, size_t *used)
{
    char name[BOUND_NAME];
    struct gen_lane_group *group;

    (void)snprintf(name, sizeof name, "%s %s/%s", scope, job->organization, of);
    if (limit <= 0 && !gen_lanes_has_purse(lanes, name)) {
        return;
    }
    group = gen_lanes_bound_purse(lanes, name, (int32_t)limit);
    if (ticket != NULL && group != NULL && limit > 0 && *used < GEN_TICKET_PURSES) {
        ticket->purses[(*used)++] = group;
    }
}

void gen_entitlement_bound(const struct gen_engine_options *options, struct gen_lanes *lanes,
                           const struct gen_job *job, struct gen_ticket *ticket)
{
    const struct gen_policy_set *set = gen_rules_set(options);
    const struct gen_access_plan *plan = set == NULL
                                             ? NULL
                                             : gen_access_plan_of(set->access, job->organization);
    int64_t own = 0;
    size_t used = 0;
    struct gen_error ignored;

    if (gen_read_user_parallel(options->store, job->organization, job->user, &own, &ignored) !=
        GEN_OK) {
        own = 0;
    }
    while (ticket != NULL && used < GEN_TICKET_PURSES && ticket->purses[used] != NULL) {
        used++;
    }
    bound_one(lanes, "user", job, job->user, lower(own, plan == NULL ? 0 : plan->user_parallel),
              ticket, &used);
    if (job->team[0] != '\0') {
        bound_one(lanes, "team", job, job->team, plan == NULL ? 0 : plan->team_parallel, ticket,
                  &used);
    }
}
