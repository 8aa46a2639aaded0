/* concession_test.c - what the shipped retry.yaml lets go when time runs out. */
#include "decide/concession.h"

#include "unit/decide/setting.h"

Test(concession, by_urgency)
{
    static const struct {
        const char *deadline; /* two scenes of 5 s; the middle model takes 15 s */
        uint32_t allowed;
        const char *rule;
    } cases[] = {
        {"", 0, NULL},
        {"deadline: 2026-11-22T12:10:00Z\n", 0, NULL},
        {"deadline: 2026-11-22T12:00:10Z\n",
         1u << GEN_CONCESSION_TIER | 1u << GEN_CONCESSION_PAUSES, "late"},
        {"deadline: 2026-11-22T12:00:05Z\n",
         1u << GEN_CONCESSION_TIER | 1u << GEN_CONCESSION_RESOLUTION |
             1u << GEN_CONCESSION_QUALITY | 1u << GEN_CONCESSION_MODELS |
             1u << GEN_CONCESSION_PAUSES,
         "very late"},
    };
    const struct gen_concession_case it = {
        .failure = GEN_FAILURE_TRANSIENT, .provider = "cheap", .model = "one", .attempts = 1};
    struct gen_policy_problems problems;
    struct gen_policy_set *shipped = NULL;
    struct gen_error err = {0};

    gen_policy_problems_init(&problems);
    cr_assert(
        eq(int, gen_policy_load(GEN_SOURCE_DIR "/policies", 0, &problems, &shipped, &err), GEN_OK));
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        char brief[300];
        struct setting s = {.brief = brief};
        struct gen_concessions found;

        snprintf(brief, sizeof(brief), SETTING_BRIEF "%s", cases[i].deadline);
        setting_prepare(&s);
        s.question.policy = shipped;
        cr_assert(eq(int, gen_concession_decide(&s.question, &it, s.arena, &found, &err), GEN_OK));
        cr_expect(eq(u32, found.allowed, cases[i].allowed), "case %zu", i);
        cr_expect(eq(str, (char *)setting_or(found.rule, "none"),
                     (char *)setting_or(cases[i].rule, "none")));
        setting_end(&s);
    }
    gen_policy_destroy(shipped);
    gen_policy_problems_fini(&problems);
}
