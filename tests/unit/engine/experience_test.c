/* experience_test.c - what is learned from attempts, what is not, and that it is bounded. */
#include "engine/experience.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

static const struct gen_model model = {.provider = "p", .id = "m"};

static void learn(struct gen_experience *experience, enum gen_attempt_state state,
                  enum gen_failure failure, int times)
{
    struct gen_past_attempt attempt = {.provider = "p", .model = "m", .state = state,
                                       .failure = failure, .estimate = 100, .cost = 120,
                                       .reported = 120, .accepted_at = 1000, .ended_at = 31000,
                                       .duration_ms = 5000};

    for (int i = 0; i < times; i++) {
        gen_experience_learn(experience, &attempt);
    }
}

/* Which ends say something about the model. */
Test(experience, what_counts)
{
    static const struct {
        enum gen_attempt_state state;
        enum gen_failure failure;
        int64_t attempts;
        double success;
    } cases[] = {
        {GEN_ATTEMPT_SETTLED, GEN_FAILURE_NONE, 1, 1},
        {GEN_ATTEMPT_FAILED, GEN_FAILURE_PROVIDER, 1, 0},
        {GEN_ATTEMPT_FAILED, GEN_FAILURE_OUTPUT, 1, 0},
        {GEN_ATTEMPT_FAILED, GEN_FAILURE_TIMEOUT, 1, 0},
        {GEN_ATTEMPT_REFUSED, GEN_FAILURE_RATE_LIMITED, 0, 0}, /* lesson 18: not ill health */
        {GEN_ATTEMPT_REFUSED, GEN_FAILURE_BUDGET, 0, 0},
        {GEN_ATTEMPT_REFUSED, GEN_FAILURE_AUTH, 0, 0},
        {GEN_ATTEMPT_REFUSED, GEN_FAILURE_MODERATED, 0, 0},
        {GEN_ATTEMPT_FAILED, GEN_FAILURE_CANCELED, 0, 0},
        {GEN_ATTEMPT_ACCEPTED, GEN_FAILURE_NONE, 0, 0}, /* not over */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_experience *experience = gen_experience_create();
        struct gen_model_state state = gen_snapshot_model_state(&model);

        learn(experience, cases[i].state, cases[i].failure, 1);
        gen_experience_model(experience, &state);
        cr_expect(state.attempts == cases[i].attempts, "case %zu: %d", i, (int)state.attempts);
        cr_expect(state.attempts == 0 ? isnan(state.success_rate) != 0
                                      : fabs(state.success_rate - cases[i].success) < 1e-9,
                  "case %zu", i);
        gen_experience_destroy(experience);
    }
}

Test(experience, figures)
{
    struct gen_experience *experience = gen_experience_create();
    struct gen_model_state state = gen_snapshot_model_state(&model);
    struct gen_provider_state provider = gen_snapshot_provider_state("p");

    learn(experience, GEN_ATTEMPT_SETTLED, GEN_FAILURE_NONE, 3);
    learn(experience, GEN_ATTEMPT_FAILED, GEN_FAILURE_PROVIDER, 1);
    gen_experience_model(experience, &state);
    gen_experience_provider(experience, &provider);
    cr_assert(eq(i64, state.attempts, 4));
    cr_assert(epsilon_eq(dbl, state.success_rate, 0.75, 1e-9));
    cr_assert(epsilon_eq(dbl, state.speed, 6.0, 1e-9), "30 s for 5 s");
    cr_assert(epsilon_eq(dbl, state.price_error, 0.2, 1e-9));
    cr_assert(epsilon_eq(dbl, provider.success_rate, 0.75, 1e-9));
    gen_experience_destroy(experience);
    gen_experience_destroy(NULL);
}

/* A model that has changed is judged by what it does now. */
Test(experience, the_old_fades)
{
    struct gen_experience *experience = gen_experience_create();
    struct gen_model_state state = gen_snapshot_model_state(&model);

    learn(experience, GEN_ATTEMPT_FAILED, GEN_FAILURE_PROVIDER, 5000);
    learn(experience, GEN_ATTEMPT_SETTLED, GEN_FAILURE_NONE, 2000);
    gen_experience_model(experience, &state);
    cr_assert(state.attempts <= 500 && state.success_rate > 0.95, "%f of %d", state.success_rate,
              (int)state.attempts);
    gen_experience_destroy(experience);
}

Test(experience, no_memory)
{
    for (long nth = 1; nth < 12; nth++) {
        struct gen_experience *experience;

        gen_alloc_fail_at(nth);
        experience = gen_experience_create();
        if (experience != NULL) {
            learn(experience, GEN_ATTEMPT_SETTLED, GEN_FAILURE_NONE, 2);
        }
        gen_alloc_fail_at(0);
        gen_experience_destroy(experience);
    }
}

/* Bills that differ are told of once, until they are as they should be again. */
Test(experience, drift)
{
    struct gen_experience *experience = gen_experience_create();
    struct gen_experience_drift drift = {0};
    struct gen_past_attempt right = {.provider = "p", .model = "m", .state = GEN_ATTEMPT_SETTLED,
                                     .estimate = 100, .cost = 100, .reported = 100, .accepted_at = 1,
                                     .ended_at = 2, .duration_ms = 5000};
    int told = 0;

    learn(experience, GEN_ATTEMPT_SETTLED, GEN_FAILURE_NONE, 4);
    cr_assert(gen_experience_drifts(experience, "p", "m", 0.1, &drift) == false, "too few");
    for (int i = 0; i < 6; i++) {
        learn(experience, GEN_ATTEMPT_SETTLED, GEN_FAILURE_NONE, 1);
        told += gen_experience_drifts(experience, "p", "m", 0.1, &drift);
    }
    cr_assert(told == 1 && fabs(drift.drift - 0.2) < 1e-9, "%d times, %g", told, drift.drift);
    cr_assert(gen_experience_drifts(experience, "p", "m", 0, &drift) == false, "switched off");
    for (int i = 0; i < 60; i++) {
        gen_experience_learn(experience, &right);
        told += gen_experience_drifts(experience, "p", "m", 0.1, &drift);
    }
    for (int i = 0; i < 60; i++) {
        learn(experience, GEN_ATTEMPT_SETTLED, GEN_FAILURE_NONE, 1);
        told += gen_experience_drifts(experience, "p", "m", 0.1, &drift);
    }
    cr_assert(eq(int, told, 2), "and again when it comes again");
    cr_assert(gen_experience_drifts(experience, "p", "other", 0.1, &drift) == false);
    gen_experience_destroy(experience);
}

/* The dearest of the last twenty bills is what must be held; it is measured by the price list, not by an
 * estimate that was raised already. */
Test(experience, the_dearest_bill)
{
    struct gen_experience *experience = gen_experience_create();
    struct gen_past_attempt bill = {.provider = "p", .model = "m", .state = GEN_ATTEMPT_SETTLED,
                                    .estimate = 100, .cost = 100, .reported = 100, .accepted_at = 1,
                                    .ended_at = 2, .duration_ms = 5000};

    cr_assert(eq(i64, gen_experience_bill_ppm(experience, "p", "m"), 0), "nothing is known");
    gen_experience_learn(experience, &bill);
    cr_assert(eq(i64, gen_experience_bill_ppm(experience, "p", "m"), 0), "as the list says");
    bill.cost = bill.reported = 200; /* one is enough: the next one may be like it */
    gen_experience_learn(experience, &bill);
    cr_assert(eq(i64, gen_experience_bill_ppm(experience, "p", "m"), 2000000));
    bill.estimate = 200; /* raised; the list still says 100 */
    bill.book = 100;
    for (int i = 0; i < 30; i++) {
        gen_experience_learn(experience, &bill);
    }
    cr_assert(eq(i64, gen_experience_bill_ppm(experience, "p", "m"), 2000000));
    bill.cost = bill.reported = 90; /* cheaper again: it takes twenty of them */
    for (int i = 0; i < 19; i++) {
        gen_experience_learn(experience, &bill);
    }
    cr_assert(eq(i64, gen_experience_bill_ppm(experience, "p", "m"), 2000000));
    gen_experience_learn(experience, &bill);
    cr_assert(eq(i64, gen_experience_bill_ppm(experience, "p", "m"), 0));
    bill.reported = -1; /* an estimate is no bill */
    bill.cost = 900;
    gen_experience_learn(experience, &bill);
    cr_assert(eq(i64, gen_experience_bill_ppm(experience, "p", "m"), 0));
    gen_experience_destroy(experience);
}
