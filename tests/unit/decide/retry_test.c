/* retry_test.c - who gets another attempt, and after how long. */
#include "decide/retry.h"

#include "unit/decide/setting.h"

Test(retry, who_gets_another_attempt)
{
    static const struct {
        enum gen_failure failure;
        bool helps;
    } cases[] = {
        {GEN_FAILURE_TRANSIENT, true},    {GEN_FAILURE_RATE_LIMITED, true},
        {GEN_FAILURE_EXPIRED, true},      {GEN_FAILURE_PROVIDER, true},
        {GEN_FAILURE_OUTPUT, true},       {GEN_FAILURE_QUOTA, false},
        {GEN_FAILURE_AUTH, false},        {GEN_FAILURE_INVALID, false},
        {GEN_FAILURE_UNSUPPORTED, false}, {GEN_FAILURE_MODERATED, false},
        {GEN_FAILURE_AMBIGUOUS, false}, /* never: it may have been bought */
        {GEN_FAILURE_TIMEOUT, false},   /* no verdict */
        {GEN_FAILURE_BUDGET, false},      {GEN_FAILURE_CANCELED, false},
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
        struct gen_retry retry = gen_retry_decide(&gen_retry_defaults, GEN_FAILURE_TRANSIENT,
                                                  attempts, 0, 0);

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
            struct gen_retry retry = gen_retry_decide(&gen_retry_defaults, GEN_FAILURE_RATE_LIMITED,
                                                      cases[i].attempts, cases[i].asked, draw);

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

/* ---- by retry.yaml, the shipped one */

static struct gen_policy_set *retry_shipped(void)
{
    struct gen_policy_problems problems;
    struct gen_policy_set *set = NULL;
    struct gen_error err = {0};

    gen_policy_problems_init(&problems);
    cr_assert(
        eq(int, gen_policy_load(GEN_SOURCE_DIR "/policies", 0, &problems, &set, &err), GEN_OK),
        "%s", problems.count == 0 ? err.message : problems.items[0].error.message);
    gen_policy_problems_fini(&problems);
    return set;
}

#define FIRST .attempts = 1, .on_provider = 1, .job_estimate = 1000000, .price = 100000

Test(retry, judged_by_the_shipped_policy)
{
    static const struct {
        const char *what;
        struct gen_retry_case it;
        bool again, elsewhere;
    } cases[] = {
        {"once", {.failure = GEN_FAILURE_TRANSIENT, FIRST}, true, false},
        {"the third retry",
         {.failure = GEN_FAILURE_TRANSIENT, .attempts = 3, .on_provider = 3},
         true,
         false},
        {"no fourth", {.failure = GEN_FAILURE_TRANSIENT, .attempts = 4}, false, false},
        {"another provider after two",
         {.failure = GEN_FAILURE_PROVIDER, .attempts = 2, .on_provider = 2, .others = true},
         true,
         true},
        {"not after one",
         {.failure = GEN_FAILURE_PROVIDER, .attempts = 1, .on_provider = 1, .others = true},
         true,
         false},
        {"a slower pace is no ill health",
         {.failure = GEN_FAILURE_RATE_LIMITED, .attempts = 3, .on_provider = 3, .others = true},
         true,
         false},
        {"an empty account, and nobody else", {.failure = GEN_FAILURE_QUOTA, FIRST}, false, false},
        {"an empty account, and others",
         {.failure = GEN_FAILURE_QUOTA, FIRST, .others = true},
         true,
         true},
        {"a wrong key", {.failure = GEN_FAILURE_AUTH, FIRST}, false, false},
        {"moderated: a person decides",
         {.failure = GEN_FAILURE_MODERATED, FIRST, .others = true},
         false,
         false},
        {"never blindly", {.failure = GEN_FAILURE_AMBIGUOUS, FIRST, .others = true}, false, false},
        {"no money", {.failure = GEN_FAILURE_BUDGET, FIRST, .others = true}, false, false},
        {"cancelled", {.failure = GEN_FAILURE_CANCELED, FIRST, .others = true}, false, false},
        {"billed once",
         {.failure = GEN_FAILURE_PROVIDER, .attempts = 1, .billed = true, .billed_attempts = 1},
         true,
         false},
        {"billed twice",
         {.failure = GEN_FAILURE_PROVIDER, .attempts = 2, .billed = true, .billed_attempts = 2},
         false,
         false},
        {"the job's retries do not multiply",
         {.failure = GEN_FAILURE_TRANSIENT, .attempts = 1, .job_retries = 12},
         false,
         false},
        {"nor does its time",
         {.failure = GEN_FAILURE_TRANSIENT, .attempts = 1, .job_age_ms = 7200001},
         false,
         false},
        {"nor its money",
         {.failure = GEN_FAILURE_TRANSIENT,
          .attempts = 1,
          .job_estimate = 1000000,
          .job_extra = 950000,
          .price = 50001},
         false,
         false},
        {"up to the last micro",
         {.failure = GEN_FAILURE_TRANSIENT,
          .attempts = 1,
          .job_estimate = 1000000,
          .job_extra = 950000,
          .price = 50000},
         true,
         false},
        {"sums that do not fit",
         {.failure = GEN_FAILURE_TRANSIENT,
          .attempts = 1,
          .job_estimate = INT64_MAX,
          .job_extra = INT64_MAX,
          .price = INT64_MAX},
         false,
         false},
        {"nothing failed", {.failure = GEN_FAILURE_NONE, FIRST}, false, false},
        {"an unknown failure", {.failure = (enum gen_failure)99, FIRST}, false, false},
    };
    struct gen_policy_set *set = retry_shipped();

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_retry_verdict verdict = gen_retry_judge(set->retry, &cases[i].it, 77);

        cr_expect(verdict.again == cases[i].again, "%s: %s", cases[i].what,
                  setting_or(verdict.reason, "again"));
        cr_expect(verdict.elsewhere == cases[i].elsewhere, "%s", cases[i].what);
        cr_expect(verdict.again == (verdict.reason == NULL), "%s", cases[i].what);
    }
    gen_policy_destroy(set);
}

/* What the fixed rules decided, the shipped policy decides too (but for a longer patience with pacing). */
Test(retry, shipped_policy_keeps_what_was)
{
    struct gen_policy_set *set = retry_shipped();

    for (int failure = GEN_FAILURE_TRANSIENT; failure <= GEN_FAILURE_OUTPUT; failure++) {
        for (int32_t attempts = 1; attempts <= 5; attempts++) {
            struct gen_retry_case it = {.failure = (enum gen_failure)failure,
                                        .attempts = attempts,
                                        .on_provider = attempts,
                                        .job_estimate = 10,
                                        .price = 1};
            struct gen_retry old = gen_retry_decide(&gen_retry_defaults, it.failure, attempts, 0,
                                                    123457);
            struct gen_retry_verdict now = gen_retry_judge(set->retry, &it, 123457);

            if (failure == GEN_FAILURE_RATE_LIMITED || failure == GEN_FAILURE_OUTPUT) {
                continue; /* rows of their own */
            }
            cr_expect(old.again == now.again, "%s after %d", gen_failure_word(it.failure),
                      attempts);
            cr_expect(eq(i64, old.pause_ms, now.pause_ms), "%s after %d",
                      gen_failure_word(it.failure), attempts);
        }
    }
    gen_policy_destroy(set);
}

Test(retry, pauses_by_policy)
{
    static const struct {
        struct gen_retry_kind kind;
        int32_t attempts;
        int64_t wait_ms, least, most;
    } cases[] = {
        {{.first_pause_ms = 1000, .most_pause_ms = 5000, .factor = 2, .jitter = GEN_JITTER_FULL},
         2,
         0,
         0,
         2000},
        {{.first_pause_ms = 1000, .most_pause_ms = 5000, .factor = 2, .jitter = GEN_JITTER_FULL},
         9,
         0,
         0,
         5000},
        {{.first_pause_ms = 1000, .most_pause_ms = 5000, .factor = 2, .jitter = GEN_JITTER_HALF},
         1,
         0,
         500,
         1000},
        {{.first_pause_ms = 1000, .most_pause_ms = 5000, .factor = 3, .jitter = GEN_JITTER_NONE},
         2,
         0,
         3000,
         3000},
        {{.first_pause_ms = 1000, .most_pause_ms = 5000, .factor = 1, .jitter = GEN_JITTER_NONE},
         7,
         0,
         1000,
         1000},
        {{.first_pause_ms = 1000,
          .most_pause_ms = 5000,
          .factor = 1,
          .jitter = GEN_JITTER_NONE,
          .honour_wait = true},
         1,
         9000,
         9000,
         9000},
        {{.first_pause_ms = 1000, .most_pause_ms = 5000, .factor = 1, .jitter = GEN_JITTER_NONE},
         1,
         9000,
         1000,
         1000},
        {{.first_pause_ms = 0, .most_pause_ms = 0, .factor = 10, .jitter = GEN_JITTER_HALF},
         3,
         0,
         0,
         0},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_retry_kind kind = cases[i].kind;
        struct gen_retry_policy policy = {.job = {.retries = 100}};
        struct gen_retry_case it = {.failure = GEN_FAILURE_TRANSIENT,
                                    .attempts = cases[i].attempts,
                                    .wait_ms = cases[i].wait_ms};
        int64_t least = INT64_MAX, most = -1;

        kind.retries = 20;
        policy.by_failure[GEN_FAILURE_TRANSIENT] = &kind;
        for (uint32_t draw = 0; draw < 20000; draw++) {
            int64_t pause = gen_retry_judge(&policy, &it, draw).pause_ms;

            least = pause < least ? pause : least;
            most = pause > most ? pause : most;
        }
        cr_expect(eq(i64, least, cases[i].least), "case %zu", i);
        cr_expect(eq(i64, most, cases[i].most), "case %zu", i);
    }
}

Test(retry, doubts)
{
    struct gen_retry_doubt_of rows[] = {
        {.named = {.name = "kling"},
         .action = GEN_DOUBT_ACCEPT,
         .most = 2000000,
         .most_a_day = 3000000},
        {.named = {.name = "veo"}, .action = GEN_DOUBT_WAIT},
    };
    const struct gen_retry_policy policy = {
        .ambiguous = {.action = GEN_DOUBT_WAIT, .providers = {rows, GEN_COUNT(rows)}}};
    static const struct {
        const char *provider;
        gen_micros price, today;
        enum gen_doubt doubt;
    } cases[] = {
        {"kling", 2000000, 0, GEN_DOUBT_ACCEPT},
        {"kling", 2000001, 0, GEN_DOUBT_WAIT},
        {"kling", 2000000, 1000000, GEN_DOUBT_ACCEPT},
        {"kling", 2000000, 1000001, GEN_DOUBT_WAIT}, /* enough for a day */
        {"kling", 1, INT64_MAX, GEN_DOUBT_WAIT},
        {"veo", 1, 0, GEN_DOUBT_WAIT},
        {"runway", 1, 0, GEN_DOUBT_WAIT}, /* nobody said that the risk is accepted */
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        cr_expect(eq(int,
                     gen_retry_doubt(&policy, cases[i].provider, cases[i].price, cases[i].today),
                     cases[i].doubt),
                  "case %zu", i);
    }
}
