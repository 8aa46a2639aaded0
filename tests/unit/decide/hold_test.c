/* hold_test.c - which limits apply to whom, and how much is held for paid retries. */
#include "decide/hold.h"

#include "base/alloc.h"
#include "policy/retry_policy.h"
#include "unit/decide/setting.h"

#define DOLLAR GEN_MICROS_PER_DOLLAR
#define NOW INT64_C(1795348800000) /* 2026-11-22T12:00:00Z */

#define HOLD_BUDGET \
    "timeZone: UTC\n" \
    "limits:\n" \
    "  all: {scope: organization, period: month, hard: 100}\n" \
    "  named: {scope: organization, of: [org_1, org_9], hard: 90}\n" \
    "  other: {scope: organization, of: [org_9], hard: 1}\n" \
    "  teams: {scope: team, period: week, hard: 50, rollover: true}\n" \
    "  project: {scope: project, of: [p1], hard: 40}\n" \
    "  people: {scope: user, period: day, hard: 30}\n" \
    "  runway: {scope: provider, of: [cheap], hard: 20}\n" \
    "  job: {scope: job, period: always, soft: 10}\n" \
    "  short: {scope: organization, when: job.duration < 60.0, hard: 80}\n" \
    "  long: {scope: organization, when: job.duration > 60.0, hard: 70}\n" \
    "  faulty: {scope: organization, when: '1 / (job.sceneCount - 2) > 0', hard: 60}\n"

static bool named(const struct gen_limit *limits, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(limits[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

Test(hold, which_limits_apply)
{
    static const struct {
        const char *what;
        struct gen_hold_of of;
        bool asked; /* with a question for the conditions */
        const char *yes, *no; /* names with a space between and at the ends */
    } cases[] = {
        {"an organization alone", {.organization = "org_1"}, false, " all named ",
         " other teams project people runway job short long faulty "},
        {"another one", {.organization = "org_9"}, false, " all named other ", " teams "},
        {"a stranger", {.organization = "org_5"}, false, " all ", " named other "},
        {"a job in full",
         {.organization = "org_1", .team = "t", .project = "p1", .user = "u", .provider = "cheap",
          .job = "gen_1"}, true, " all named teams project people runway job short faulty ",
         " other long "},
        {"elsewhere",
         {.organization = "org_1", .team = "", .project = "p2", .user = "u", .provider = "kling"},
         true, " all named people short ", " teams project runway job "},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct setting s = {.budget = HOLD_BUDGET};
        struct gen_hold_rules rules;
        struct gen_hold_of of = cases[i].of;
        struct gen_limit *limits = NULL;
        size_t count = 0;
        char words[200], *name, *rest = NULL;

        setting_prepare(&s);
        of.at = NOW;
        rules = (struct gen_hold_rules){.policy = s.policy->budget,
                                        .question = cases[i].asked ? &s.question : NULL};
        cr_assert(gen_hold_limits(&rules, &of, s.arena, &limits, &count, &s.err) == GEN_OK, "%s",
                  s.err.message);
        snprintf(words, sizeof(words), "%s", cases[i].yes);
        for (name = strtok_r(words, " ", &rest); name != NULL; name = strtok_r(NULL, " ", &rest)) {
            cr_expect(named(limits, count, name), "%s: %s", cases[i].what, name);
        }
        snprintf(words, sizeof(words), "%s", cases[i].no);
        for (name = strtok_r(words, " ", &rest); name != NULL; name = strtok_r(NULL, " ", &rest)) {
            cr_expect(named(limits, count, name) == false, "%s: not %s", cases[i].what, name);
        }
        for (size_t k = 0; k < count; k++) {
            cr_expect(limits[k].begins <= NOW && NOW < limits[k].ends, "%s", limits[k].name);
            cr_expect(limits[k].rollover == false || limits[k].before < limits[k].begins);
        }
        setting_end(&s);
    }
}

/* Those of the store: of this organization, in force, of exactly this name. */
Test(hold, budgets_of_the_store)
{
    static const struct gen_budget budgets[] = {
        {.id = {"bud_1"}, .organization = "org_1", .scope = GEN_SCOPE_ORGANIZATION, .of = "",
         .period = GEN_PERIOD_MONTH, .hard = 5, .note = "mine"},
        {.id = {"bud_2"}, .organization = "org_2", .scope = GEN_SCOPE_ORGANIZATION, .of = "",
         .period = GEN_PERIOD_MONTH, .hard = 5, .note = "theirs"},
        {.id = {"bud_3"}, .organization = "org_1", .scope = GEN_SCOPE_TEAM, .of = "film",
         .period = GEN_PERIOD_MONTH, .hard = 5, .note = ""},
        {.id = {"bud_4"}, .organization = "org_1", .scope = GEN_SCOPE_TEAM, .of = "sound",
         .period = GEN_PERIOD_MONTH, .hard = 5, .note = ""},
        {.id = {"bud_5"}, .organization = "org_1", .scope = GEN_SCOPE_TEAM, .of = "film",
         .period = GEN_PERIOD_MONTH, .hard = 5, .note = "", .ended_at = 7},
    };
    struct gen_hold_rules rules = {.budgets = budgets, .budget_count = GEN_COUNT(budgets)};
    struct gen_hold_of of = {.organization = "org_1", .team = "film", .at = NOW};
    enum gen_status status = GEN_ENOMEM;

    for (long nth = 1; status != GEN_OK && nth < 50; nth++) {
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_limit *limits = NULL;
        struct gen_error err = {0};
        size_t count = 0;

        gen_alloc_fail_at(nth);
        status = gen_hold_limits(&rules, &of, arena, &limits, &count, &err);
        gen_alloc_fail_at(0);
        if (status == GEN_OK) {
            cr_assert(eq(sz, count, 2));
            cr_assert(eq(str, (char *)limits[0].name, "mine"));
            cr_assert(eq(str, (char *)limits[0].key, "organization:org_1"));
            cr_assert(eq(str, (char *)limits[1].name, "bud_3"));
            cr_assert(eq(str, (char *)limits[1].key, "team:org_1/film"));
        }
        gen_arena_destroy(arena);
    }
    cr_assert(eq(int, status, GEN_OK));
}

Test(hold, reserve_for_paid_retries)
{
    static const struct {
        const char *what;
        int64_t retries, rebuys, job_retries;
        double share;
        struct gen_hold_shot shots[3]; /* price, most, reserve expected */
    } cases[] = {
        {"as many as can be bought again", 3, 1, 9, 1.0, {{10, 12, 12}, {10, 12, 12}, {5, 5, 5}}},
        {"twice each", 3, 2, 9, 0, {{10, 12, 24}, {10, 12, 24}, {0, 0, 0}}},
        {"no more than retries", 1, 5, 9, 0, {{10, 12, 12}, {0, 0, 0}, {0, 0, 0}}},
        {"a share of the job's cost", 3, 1, 9, 0.5, {{10, 12, 12}, {10, 12, 0}, {0, 0, 0}}},
        {"too small a share", 3, 1, 9, 0.2, {{10, 12, 0}, {10, 12, 0}, {10, 12, 0}}},
        {"the job's own bound", 3, 1, 2, 0, {{10, 12, 12}, {10, 12, 12}, {10, 12, 0}}},
        {"none", 3, 0, 9, 0, {{10, 12, 0}, {10, 12, 0}, {10, 12, 0}}},
        {"free work needs none", 3, 1, 9, 0, {{0, 0, 0}, {10, 12, 12}, {0, 0, 0}}},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_retry_kind kind = {.retries = cases[i].retries, .rebuys = cases[i].rebuys};
        struct gen_retry_policy policy = {.job = {.retries = cases[i].job_retries,
                                                  .cost_share = cases[i].share}};
        struct gen_hold_shot shots[3];

        policy.by_failure[GEN_FAILURE_PROVIDER] = &kind;
        memcpy(shots, cases[i].shots, sizeof(shots));
        gen_hold_reserve(&policy, shots, 3);
        for (size_t k = 0; k < 3; k++) {
            cr_expect(eq(i64, shots[k].reserve, cases[i].shots[k].reserve), "%s, shot %zu",
                      cases[i].what, k);
        }
        gen_hold_reserve(NULL, shots, 3);
        cr_expect(shots[0].reserve == 0 && shots[2].reserve == 0);
    }
}
