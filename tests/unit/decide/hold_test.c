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
            cr_assert(eq(str, (char *)limits[1].key, "team:org_1|film"));
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
        struct {
            gen_micros price, most, reserve;
        } shots[3];
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
        struct gen_hold_shot shots[3] = {{.price = 0}};

        policy.by_failure[GEN_FAILURE_PROVIDER] = &kind;
        for (size_t k = 0; k < 3; k++) {
            shots[k].price = cases[i].shots[k].price;
            shots[k].most = cases[i].shots[k].most;
        }
        gen_hold_reserve(&policy, shots, 3);
        for (size_t k = 0; k < 3; k++) {
            cr_expect(eq(i64, shots[k].reserve, cases[i].shots[k].reserve), "%s, shot %zu",
                      cases[i].what, k);
        }
        gen_hold_reserve(NULL, shots, 3);
        cr_expect(shots[0].reserve == 0 && shots[2].reserve == 0);
    }
}

/* The dearest way that one shot may go, over other providers (price, most) and with a hedge beside it. */
Test(hold, reserve_over_branches)
{
    static const struct {
        const char *what;
        int64_t retries, rebuys, switch_after;
        double share;
        struct gen_hold_branch branches[3];
        gen_micros reserve; /* beside one of price 10, most 12 */
    } cases[] = {
        {"nowhere else", 3, 1, 2, 0, {{0, 0, 0}}, 12},
        {"a dearer one: not billed here, and bought twice there", 3, 1, 1, 0,
         {{GEN_HOLD_ELSEWHERE, 25, 30}}, 30 + 30 - 12},
        {"the dearest of several", 3, 1, 1, 0,
         {{GEN_HOLD_ELSEWHERE, 25, 30}, {GEN_HOLD_ELSEWHERE, 30, 40}, {GEN_HOLD_ELSEWHERE, 1, 2}},
         40 + 40 - 12},
        {"a cheaper one: the own one is the dearest", 3, 1, 1, 0, {{GEN_HOLD_ELSEWHERE, 4, 5}}, 12},
        {"only the last attempt can be there", 3, 1, 3, 0, {{GEN_HOLD_ELSEWHERE, 25, 30}}, 30},
        {"none can", 3, 1, 4, 0, {{GEN_HOLD_ELSEWHERE, 25, 30}}, 12},
        {"the policy never switches", 3, 1, 0, 0, {{GEN_HOLD_ELSEWHERE, 25, 30}}, 12},
        {"one retry: here and then there", 1, 1, 1, 0, {{GEN_HOLD_ELSEWHERE, 25, 30}}, 30},
        {"no rebuys: not billed here, bought there", 3, 0, 1, 0, {{GEN_HOLD_ELSEWHERE, 25, 30}},
         30 - 12},
        {"three rebuys, the last two of four there", 3, 3, 2, 0, {{GEN_HOLD_ELSEWHERE, 25, 30}},
         30 + 30 + 12},
        {"the share of the job's cost allows none there, but one here", 3, 1, 1, 1.0,
         {{GEN_HOLD_ELSEWHERE, 25, 30}}, 12},
        {"it allows one there", 3, 1, 1, 2.5, {{GEN_HOLD_ELSEWHERE, 25, 30}}, 30},
        {"a hedge is held at once, and bought again like the first", 3, 1, 1, 0,
         {{GEN_HOLD_BESIDE, 20, 24}}, 24 + 12},
        {"two of them and another provider", 3, 1, 1, 0,
         {{GEN_HOLD_BESIDE, 20, 24}, {GEN_HOLD_BESIDE, 1, 1}, {GEN_HOLD_ELSEWHERE, 25, 30}},
         24 + 1 + 30 + 30 - 12},
        {"a hedge without any retries", 0, 0, 0, 0, {{GEN_HOLD_BESIDE, 20, 24}}, 24},
        {"a hedge that fits no number is refused for its price", 0, 0, 0, 0,
         {{GEN_HOLD_BESIDE, 1, INT64_MAX}, {GEN_HOLD_BESIDE, 1, 1}}, 0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_retry_kind kind = {.retries = cases[i].retries, .rebuys = cases[i].rebuys,
                                      .switch_after = cases[i].switch_after};
        struct gen_retry_policy policy = {.job = {.retries = 99, .cost_share = cases[i].share}};
        struct gen_hold_shot shot = {.price = 10, .most = 12, .branches = cases[i].branches};

        while (shot.branch_count < 3 && cases[i].branches[shot.branch_count].way != 0) {
            shot.branch_count++;
        }
        policy.by_failure[GEN_FAILURE_PROVIDER] = &kind;
        gen_hold_reserve(&policy, &shot, 1);
        cr_expect(eq(i64, shot.reserve, cases[i].reserve), "%s", cases[i].what);
    }
}

/* What is still open after an attempt shrinks with each that is made, billed, and moved. */
Test(hold, open_ways_shrink)
{
    static const struct {
        const char *what;
        int64_t retries, rebuys, switch_after, job_retries;
        double share;
        bool elsewhere; /* (25, 30) is allowed, too */
        struct gen_retry_case it;
        gen_micros open; /* of (10, 12) */
    } cases[] = {
        {"not billed: all of it", 3, 1, 0, 99, 0, false, {.attempts = 1}, 24},
        {"billed: one is left", 3, 1, 0, 99, 0, false,
         {.attempts = 1, .billed = true, .billed_attempts = 1}, 12},
        {"the last attempt", 3, 3, 0, 99, 0, false, {.attempts = 3}, 12},
        {"two attempts, three might be bought", 3, 3, 0, 99, 0, false, {.attempts = 2}, 24},
        {"the job has one retry left", 3, 3, 0, 5, 0, false, {.attempts = 1, .job_retries = 4}, 12},
        {"the job's money lasts for one", 3, 3, 0, 99, 1, false,
         {.attempts = 1, .job_estimate = 30, .job_extra = 15}, 12},
        {"and for two", 3, 3, 0, 99, 1, false,
         {.attempts = 1, .job_estimate = 30, .job_extra = 10}, 24},
        {"another provider from now on", 3, 1, 1, 99, 0, true, {.attempts = 1}, 60},
        {"billed here, the other is open", 3, 1, 1, 99, 0, true,
         {.attempts = 1, .billed = true, .billed_attempts = 1}, 30},
        {"only the last attempt may be there", 3, 1, 3, 99, 0, true, {.attempts = 1}, 42},
        {"it is never switched", 3, 1, 0, 99, 0, true, {.attempts = 1}, 24},
        {"judged as allowed, so one is open", 1, 0, 0, 1, 0, false,
         {.attempts = 1, .billed = true, .billed_attempts = 1}, 12},
    };
    static const struct gen_hold_branch there = {GEN_HOLD_ELSEWHERE, 25, 30};
    struct gen_hold_shot huge = {.price = 1, .most = INT64_MAX};

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_retry_kind kind = {.retries = cases[i].retries, .rebuys = cases[i].rebuys,
                                      .switch_after = cases[i].switch_after};
        struct gen_retry_policy policy = {
            .job = {.retries = cases[i].job_retries, .cost_share = cases[i].share}};
        struct gen_hold_shot shot = {.price = 10, .most = 12, .branches = &there,
                                     .branch_count = cases[i].elsewhere};

        policy.by_failure[GEN_FAILURE_PROVIDER] = &kind;
        cr_expect(eq(i64, gen_hold_open(&policy, &shot, &cases[i].it), cases[i].open), "%s",
                  cases[i].what);
        if (i == 0) {
            cr_expect(eq(i64, gen_hold_open(&policy, &huge, &cases[i].it), INT64_MAX));
        }
    }
}

/* Every way through retry.yaml, tried out: none costs more than the hold, and the dearest one needs all of it.
 * (Where another provider is cheaper, nobody knows whether it will be there to go to: more is held.) */
struct hold_walk {
    const struct gen_retry_policy *policy;
    const struct gen_hold_shot *shot;
    gen_micros dearest;
};

/* `left` is held for this attempt, the one that is number `attempts`. */
static void walk(struct hold_walk *it, int32_t attempts, int32_t billed, bool there,
                 gen_micros spent, gen_micros left)
{
    const gen_micros most = there ? it->shot->branches[0].most : it->shot->most;

    cr_assert(left >= most, "after %d attempts %lld is left", attempts, (long long)left);
    it->dearest = spent + most > it->dearest ? spent + most : it->dearest;
    for (int failure = GEN_FAILURE_TRANSIENT; failure <= GEN_FAILURE_OUTPUT; failure++) {
        for (int paid = 0; paid < 2; paid++) {
            struct gen_retry_case mishap = {.failure = (enum gen_failure)failure,
                                            .attempts = attempts, .billed = paid == 1,
                                            .billed_attempts = billed + paid,
                                            .on_provider = attempts,
                                            .others = it->shot->branch_count > 0,
                                            .job_retries = attempts - 1};
            struct gen_retry_verdict verdict = gen_retry_judge(it->policy, &mishap, 0);
            gen_micros rest = left - (paid == 1 ? most : 0), open;

            if (verdict.again) {
                open = gen_hold_open(it->policy, it->shot, &mishap);
                walk(it, attempts + 1, billed + paid, there || verdict.elsewhere,
                     spent + (paid == 1 ? most : 0), rest < open ? rest : open);
            }
        }
    }
}

Test(hold, no_way_costs_more_than_its_hold)
{
    static const struct gen_hold_branch there[] = {{GEN_HOLD_ELSEWHERE, 25, 30},
                                                   {GEN_HOLD_ELSEWHERE, 5, 6}};

    for (int n = 0; n < 4 * 3 * 4 * 3; n++) {
        struct gen_retry_kind kind = {.retries = n % 4, .rebuys = n / 4 % 3,
                                      .switch_after = n / 12 % 4};
        struct gen_retry_kind other = {.retries = 2, .rebuys = 1, .switch_after = 2};
        struct gen_retry_policy policy = {.job = {.retries = 99}};
        struct gen_hold_shot shot = {.price = 10, .most = 12, .branches = &there[n / 48 % 3 == 2],
                                     .branch_count = n / 48 % 3 > 0};
        struct hold_walk it = {&policy, &shot, 0};

        policy.by_failure[GEN_FAILURE_PROVIDER] = &kind;
        policy.by_failure[GEN_FAILURE_TRANSIENT] = n % 2 == 0 ? &kind : &other;
        gen_hold_reserve(&policy, &shot, 1);
        walk(&it, 1, 0, false, 0, shot.most + shot.reserve);
        cr_expect(it.dearest <= shot.most + shot.reserve, "%d", n);
        cr_expect(n % 2 != 0 || n / 48 == 2 || kind.rebuys > kind.retries ||
                      it.dearest == shot.most + shot.reserve,
                  "case %d: %lld is held, the dearest way costs %lld", n,
                  (long long)(shot.most + shot.reserve), (long long)it.dearest);
    }
}
