/* subscriber_test.c - which events are for whom; words. */
#include "model/subscriber.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static const struct {
    const char *kinds, *kind;
    bool fits;
} cases[] = {
    {"", "job.failed", true},
    {"*", "job.failed", true},
    {"job.*", "job.failed", true},
    {"job.*", "jobs.x", false},
    {"job.*", "job.", true},
    {"job.f*", "job.failed", true},
    {"job.failed", "job.failed", true},
    {"job.fail", "job.failed", false},
    {"job.failed", "job.fail", false},
    {"budget.* job.failed", "job.failed", true},
    {"budget.* job.failed", "budget.alert", true},
    {"budget.*  policy.refused", "policy.refused", true},
    {"budget.* job.failed", "output.ready", false},
};

Test(subscriber, kinds)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_assert(gen_subscriber_kind_fits(cases[i].kinds, cases[i].kind) == cases[i].fits,
                  "%s in %s", cases[i].kind, cases[i].kinds);
    }
}

Test(subscriber, jobs_and_projects)
{
    struct gen_subscriber all = {.kinds = "", .job = "", .project = ""};
    struct gen_subscriber one = {.kinds = "job.*", .job = "gen_1", .project = ""};
    struct gen_subscriber spring = {.kinds = "", .job = "", .project = "spring"};

    cr_assert(gen_subscriber_wants(&all, "asset.stored", "", ""));
    cr_assert(gen_subscriber_wants(&one, "job.failed", "gen_1", "spring"));
    cr_assert(not(gen_subscriber_wants(&one, "job.failed", "gen_2", "spring")));
    cr_assert(not(gen_subscriber_wants(&one, "output.ready", "gen_1", "spring")));
    cr_assert(gen_subscriber_wants(&spring, "job.failed", "gen_2", "spring"));
    cr_assert(not(gen_subscriber_wants(&spring, "asset.stored", "", "")));
}

Test(subscriber, words)
{
    for (int i = GEN_SUBSCRIBER_WEBHOOK; i <= GEN_SUBSCRIBER_LOG; i++) {
        cr_assert(eq(int, gen_subscriber_kind_of(gen_subscriber_kind_word(i)), i));
    }
    for (int i = GEN_SUBSCRIBER_ACTIVE; i <= GEN_SUBSCRIBER_PARKED; i++) {
        cr_assert(eq(int, gen_subscriber_state_of(gen_subscriber_state_word(i)), i));
    }
    cr_assert(eq(int, gen_subscriber_kind_of("x"), 0));
    cr_assert(eq(str, (char *)gen_subscriber_state_word(0), ""));
    cr_assert(eq(str, (char *)gen_delivery_outcome_word(GEN_DELIVERY_SET_ASIDE), "set_aside"));
}
