/* retry_test.c - who gets another attempt, and after how long. */
#include "decide/retry.h"

#include "base/check.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(retry, who_gets_another_attempt)
{
    static const struct {
        enum gen_failure failure;
        bool helps;
    } cases[] = {
        {GEN_FAILURE_TRANSIENT, true},  {GEN_FAILURE_RATE_LIMITED, true},
        {GEN_FAILURE_EXPIRED, true},    {GEN_FAILURE_PROVIDER, true},
        {GEN_FAILURE_OUTPUT, true},     {GEN_FAILURE_QUOTA, false},
        {GEN_FAILURE_AUTH, false},      {GEN_FAILURE_INVALID, false},
        {GEN_FAILURE_UNSUPPORTED, false}, {GEN_FAILURE_MODERATED, false},
        {GEN_FAILURE_AMBIGUOUS, false}, /* never: it may have been bought */
        {GEN_FAILURE_TIMEOUT, false},   /* no verdict */
        {GEN_FAILURE_BUDGET, false},    {GEN_FAILURE_CANCELED, false},
        {GEN_FAILURE_NONE, false},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_retry retry = gen_retry_decide(&gen_retry_defaults, cases[i].failure, 1, 0, 5);

        cr_assert(retry.again == cases[i].helps, "%s", gen_failure_word(cases[i].failure));
    }
}

Test(retry, three_of_them)
{
    for (int attempts = 1; attempts <= 6; attempts++) {
        struct gen_retry retry =
            gen_retry_decide(&gen_retry_defaults, GEN_FAILURE_TRANSIENT, attempts, 0, 0);

        cr_assert(retry.again == (attempts <= 3), "after %d", attempts);
    }
}

/* Full jitter below a ceiling that doubles; never less than the provider asked for. */
Test(retry, pauses)
{
    static const struct {
        int attempts;
        int64_t asked, ceiling;
    } cases[] = {
        {1, 0, 2000}, {2, 0, 4000}, {3, 0, 8000}, {1, 30000, 30000}, {3, 100, 8000},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        int64_t least = INT64_MAX, most = 0;

        for (uint32_t draw = 0; draw < 100000; draw++) {
            struct gen_retry retry =
                gen_retry_decide(&gen_retry_defaults, GEN_FAILURE_RATE_LIMITED, cases[i].attempts,
                                 cases[i].asked, draw);

            least = retry.pause_ms < least ? retry.pause_ms : least;
            most = retry.pause_ms > most ? retry.pause_ms : most;
        }
        cr_assert(eq(i64, most, cases[i].ceiling), "case %zu", i);
        cr_assert(eq(i64, least, cases[i].asked), "case %zu", i);
    }
}

Test(retry, hostile_figures)
{
    static const struct gen_retry_rules endless = {
        .most_retries = INT32_MAX, .first_pause_ms = 1, .most_pause_ms = INT64_C(60000)};
    struct gen_retry retry = gen_retry_decide(&endless, GEN_FAILURE_TRANSIENT, INT32_MAX - 1, 0,
                                              UINT32_MAX);

    cr_assert(retry.again && retry.pause_ms >= 0 && retry.pause_ms <= 60000);
    for (int32_t failures = -5; failures < 10000; failures += 3) {
        int64_t pause = gen_retry_free_pause(failures, UINT32_MAX - (uint32_t)failures);

        cr_assert(pause >= 500 && pause <= 60000, "%d failures: %lld", failures, (long long)pause);
    }
    cr_assert(gen_retry_free_pause(100, 0) >= 30000, "it grows");
}
