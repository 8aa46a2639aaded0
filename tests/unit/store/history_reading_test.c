/* history_reading_test.c - the newest attempts first, no more than asked for, and what jobs spent. */
#include "unit/store/sample.h"

#include "store/history_reading.h"

struct past {
    size_t count;
    char model[64];
    enum gen_attempt_state state;
    int64_t duration_ms;
};

static void on_past(void *context, const struct gen_past_attempt *attempt)
{
    struct past *past = context;

    if (past->count++ == 0) {
        snprintf(past->model, sizeof past->model, "%s/%s", attempt->provider, attempt->model);
        past->state = attempt->state;
        past->duration_ms = attempt->duration_ms;
    }
}

Test(history_reading, attempts)
{
    static const struct {
        int64_t most;
        size_t count;
    } cases[] = {{100, 8}, {3, 3}, {0, 0}};
    struct sample sample;

    sample_open(&sample);
    for (int number = 1; number <= 2; number++) {
        gen_arena_destroy(sample_admit(&sample, number, 2)->arena);
    }
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct past past = {0};

        OK(gen_read_past_attempts(sample.store, cases[i].most, on_past, &past, &sample_err));
        cr_assert(eq(sz, past.count, cases[i].count));
        cr_assert(past.count == 0 || strcmp(past.model, "local/studio") == 0, "%s", past.model);
        cr_assert(past.count == 0 || past.duration_ms == 2500);
        cr_assert(past.count == 0 || past.state != GEN_ATTEMPT_NONE);
    }
    sample_close(&sample);
}

/* Jobs of the organization since an instant, the instant included. */
Test(history_reading, spending)
{
    static const struct {
        const char *organization;
        gen_moment since;
        int64_t jobs;
    } cases[] = {
        {"org_1", 0, 2},
        {"org_1", SAMPLE_NOW + 2, 1},
        {"org_1", SAMPLE_NOW + 3, 0},
        {"org_2", 0, 0},
    };
    struct sample sample;

    sample_open(&sample);
    for (int number = 1; number <= 2; number++) {
        gen_arena_destroy(sample_admit(&sample, number, 1)->arena);
    }
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_past_day past;

        OK(gen_read_past_day(sample.store, cases[i].organization, cases[i].since, &past,
                             &sample_err));
        cr_expect(past.jobs == cases[i].jobs, "case %zu: %d", i, (int)past.jobs);
        cr_expect(past.held == 0);
    }
    sample_close(&sample);
}
