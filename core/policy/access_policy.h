/* access_policy.h - access.yaml: plans, and what each may use.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_ACCESS_POLICY_H
#define GEN_POLICY_ACCESS_POLICY_H

#include "base/record.h"

struct gen_access_plan {
    struct gen_named named;
    const char *extends;
    int64_t most_tier;                    /* of models, 1 .. 3 */
    struct gen_texts models;              /* patterns; empty = all of its tiers */
    struct gen_texts exclude;             /* patterns */
    struct gen_texts strategies;          /* names; empty = all */
    const char *most_priority;            /* low, normal, high */
    int64_t parallel;                     /* generations at once; 0 = what schedule.yaml says */
    int64_t user_parallel, team_parallel; /* of one user, one team; 0 = no bound of theirs */
    int64_t user_jobs, team_jobs;         /* in a day of UTC; 0 = any number */
    int64_t user_seconds, team_seconds;   /* of video that they ask for; 0 = any number */
    int64_t user_requests, team_requests; /* in a minute; 0 = any number */
    gen_micros monthly;                   /* dollars; 0 = what budget.yaml says */
    int64_t most_duration_ms;             /* of one video */
    const char *most_resolution;          /* 480p 720p 1080p 1440p 4k */
    const char *help;
};

struct gen_access_member { /* an organization and its plan */
    struct gen_named named;
    const char *plan;
};

struct gen_access_policy {
    const char *plan;           /* of those that are not named */
    struct gen_records plans;   /* struct gen_access_plan */
    struct gen_records members; /* struct gen_access_member */
};

extern const struct gen_record gen_access_record;
extern const struct gen_choice gen_resolution_choices[]; /* value = pixels of the shorter side */
extern const struct gen_choice gen_access_priorities[];

/* The plan of an organization; never NULL in a loaded set. */
const struct gen_access_plan *gen_access_plan_of(const struct gen_access_policy *policy,
                                                 const char *organization);
/* One sentence why the plan does not allow this model, NULL when it does. In `arena`. */
const char *gen_access_refusal(const struct gen_access_plan *plan, const char *provider,
                               const char *model, int64_t tier, struct gen_arena *arena);

#endif
