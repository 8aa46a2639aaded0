/* turnstile_test.c - core/service/turnstile.c: exactly so many requests in a minute, for each user and team, on a clock
 * that jumps. */
#include "service/turnstile.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define MINUTE INT64_C(60000)
#define START (INT64_C(30000000) * MINUTE)

static struct gen_principal who(const char *organization, const char *user, const char *team,
                                int64_t most)
{
    return (struct gen_principal){.organization = organization, .user = user, .team = team,
                                  .quota = {.requests_per_minute = most}};
}

static int pass(struct gen_turnstile *turnstile, const struct gen_principal *one,
                const struct gen_access_plan *plan, gen_moment now, int times)
{
    int passed = 0;

    for (int i = 0; i < times; i++) {
        int64_t wait = -1;
        struct gen_error err = {0};
        enum gen_status status = gen_turnstile_pass(turnstile, one, plan, now, &wait, &err);

        cr_assert(status == GEN_OK || status == GEN_ELIMIT, "%s", err.message);
        cr_assert(status == GEN_OK || wait >= 1, "%ld s", (long)wait);
        passed += status == GEN_OK;
    }
    return passed;
}

/* Each step in turn on the same turnstile: who, what the plan says, when, how many of ten pass. */
Test(turnstile, bounds)
{
    static const struct gen_access_plan none, users = {.user_requests = 4},
                                              teams = {.team_requests = 6};
    static const struct {
        const char *organization, *user, *team;
        int64_t own;
        const struct gen_access_plan *plan;
        int64_t at;
        int passed;
    } steps[] = {
        {"acme", "ann", "", 3, &none, 0, 3},
        {"acme", "ann", "", 3, &none, MINUTE - 1, 0},  /* the same minute */
        {"acme", "bob", "", 3, &none, 0, 3},           /* another user */
        {"bolt", "ann", "", 3, &none, 0, 3},           /* another organization */
        {"acme", "eve", "", 0, &none, 0, 10},          /* no bound */
        {"acme", "ann", "", 3, &none, MINUTE, 3},      /* the next minute */
        {"acme", "ann", "", 3, &none, 0, 0},           /* the clock went back: nothing new */
        {"acme", "ann", "", 3, &none, MINUTE * 9, 3},  /* and forward */
        {"acme", "ian", "", 7, &users, MINUTE * 9, 4}, /* of key and plan the lower */
        {"acme", "joe", "", 2, &users, MINUTE * 9, 2},
        {"acme", "kim", "tv", 4, &teams, MINUTE * 9, 4}, /* a team's is shared */
        {"acme", "lea", "tv", 4, &teams, MINUTE * 9, 2},
        {"acme", "lea", "", 4, &teams, MINUTE * 9, 2}, /* what the team refused was not counted */
        {"acme", "mia", "tv", 0, NULL, MINUTE * 9, 10},
    };
    struct gen_turnstile *turnstile = gen_turnstile_create();

    for (size_t i = 0; i < GEN_COUNT(steps); i++) {
        const struct gen_principal one = who(steps[i].organization, steps[i].user, steps[i].team,
                                             steps[i].own);
        int passed = pass(turnstile, &one, steps[i].plan, START + steps[i].at, 10);

        cr_expect(passed == steps[i].passed, "step %zu: %d, not %d", i, passed, steps[i].passed);
    }
    cr_expect(gen_turnstile_count(turnstile, "team", "acme", "tv", START + MINUTE * 9) == 6);
    cr_expect(gen_turnstile_count(turnstile, "team", "acme", "tv", START + MINUTE * 10) == 0);
    gen_turnstile_destroy(turnstile);
    gen_turnstile_destroy(NULL);
}

/* No memory is said, and passes nobody beyond a bound. */
Test(turnstile, without_memory)
{
    const struct gen_principal one = who("acme", "ann", "", 2);

    for (long nth = 1; nth < 40; nth++) {
        struct gen_turnstile *turnstile;
        int passed = 0;

        gen_alloc_fail_at(nth);
        turnstile = gen_turnstile_create();
        for (int i = 0; turnstile != NULL && i < 6; i++) {
            int64_t wait = 0;
            struct gen_error err = {0};
            enum gen_status status = gen_turnstile_pass(turnstile, &one, NULL,
                                                        START + i / 3 * MINUTE, &wait, &err);

            cr_assert(status == GEN_OK || status == GEN_ELIMIT || status == GEN_ENOMEM);
            passed += status == GEN_OK;
        }
        gen_alloc_fail_at(0);
        cr_assert(passed <= 4);
        gen_turnstile_destroy(turnstile);
    }
}
