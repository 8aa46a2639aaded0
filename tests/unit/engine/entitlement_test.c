/* entitlement_test.c - core/engine/entitlement.c: the team and the urgency of a brief against who asks, and what is
 * counted for the day. Bounds at work are tried in tests/api/keys_test.c and lanes_test.c. */
#include <criterion/criterion.h>

#include "engine/entitlement.h"

#include <string.h>

static const char *const teams[] = {"social", "tv"};
static const struct gen_principal member = {.organization = "acme", .user = "ann", .team = "social",
                                            .teams = teams, .team_count = 2,
                                            .most_priority = GEN_PRIORITY_NORMAL,
                                            .quota = {.jobs_per_day = 5}};
static const struct gen_principal chief = {.organization = "acme", .user = "bob", .team = "",
                                           .any_team = true};

static const struct {
    const struct gen_principal *who;
    const char *request_team, *brief_team;
    int priority;
    const char *team; /* NULL: refused */
    const char *path;
} cases[] = {
    {&member, NULL, NULL, GEN_PRIORITY_NORMAL, "social", NULL},
    {&member, NULL, "tv", GEN_PRIORITY_LOW, "tv", NULL},
    {&member, NULL, "finance", GEN_PRIORITY_NORMAL, NULL, "team"},
    {&member, NULL, "tv", GEN_PRIORITY_HIGH, NULL, "priority"},
    /* no team of one's own; any team; no bound on priority */
    {&chief, NULL, NULL, GEN_PRIORITY_HIGH, "", NULL},
    {&chief, NULL, "finance", GEN_PRIORITY_HIGH, "finance", NULL},
    /* the engine's own callers have no principal */
    {NULL, NULL, NULL, GEN_PRIORITY_HIGH, "", NULL},
    {NULL, "crew", NULL, GEN_PRIORITY_HIGH, "crew", NULL},
    {NULL, "crew", "tv", GEN_PRIORITY_HIGH, "tv", NULL},
};

Test(entitlement, team_and_priority)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_request request = {.organization = "acme", .user = "ann",
                                      .team = cases[i].request_team, .principal = cases[i].who};
        struct gen_brief brief = {.team = cases[i].brief_team, .priority = cases[i].priority};
        struct gen_error err = {0};
        const char *team = NULL;
        enum gen_status status = gen_entitlement_check(&request, &brief, &team, &err);

        cr_expect(cases[i].team != NULL
                      ? status == GEN_OK && strcmp(team, cases[i].team) == 0
                      : status == GEN_EDENIED && strcmp(err.path, cases[i].path) == 0,
                  "case %zu: %s", i, err.message);
    }
}

/* The user's day, and the team's where there is one; of key and plan the lower bound. */
Test(entitlement, what_is_counted)
{
    static const struct {
        const struct gen_principal *who;
        const char *team;
        struct gen_access_plan plan;
        size_t count;
        int64_t user_most, team_most;
    } rows[] = {
        {&member, "", {.user_jobs = 0}, 1, 5, 0},
        {&member, "tv", {.user_jobs = 3, .team_jobs = 9}, 2, 3, 9},
        {&member, "tv", {.user_jobs = 30}, 2, 5, 0},
        {NULL, "", {.user_jobs = 30}, 1, 30, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_request request = {.principal = rows[i].who};
        struct gen_job job = {.organization = "acme", .user = "ann", .team = rows[i].team};
        struct gen_changes *changes = gen_changes_create();
        const struct gen_change_quota *first;

        gen_entitlement_count(&request, &rows[i].plan, &job, 7, changes);
        cr_assert(changes->count == rows[i].count, "case %zu", i);
        first = &changes->first->as.quota;
        cr_expect(strcmp(first->scope, "user") == 0 && strcmp(first->of, "ann") == 0 &&
                      strcmp(first->organization, "acme") == 0 && first->at == 7 &&
                      first->most == rows[i].user_most,
                  "case %zu: %ld", i, (long)first->most);
        cr_expect(rows[i].count == 1 || (strcmp(changes->last->as.quota.scope, "team") == 0 &&
                                         changes->last->as.quota.most == rows[i].team_most));
        gen_changes_destroy(changes);
    }
}
