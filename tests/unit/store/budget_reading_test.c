/* budget_reading_test.c - who holds what, and the days of a limit. */
#include "unit/store/sample.h"

#include "store/budget_reading.h"

#define DAY INT64_C(86400000)

Test(budget_reading, who_holds_most)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_holder holders[2];
    struct gen_limit limit = sample_limit(GEN_SCOPE_PROJECT, "proj_1", 100 * DOLLAR, arena);
    struct sample sample;
    struct gen_job *jobs[3];
    size_t count = 0;

    sample_open(&sample);
    for (int i = 0; i < 3; i++) {
        jobs[i] = sample_admit(&sample, i + 1, 2);
        cr_assert(sample_hold(&sample, jobs[i], 0, (i + 1) * DOLLAR, SAMPLE_NOW, NULL, 0, i) ==
                  GEN_OK);
    }
    OK(gen_read_holders(sample.store, &limit, holders, 2, &count, NULL));
    cr_assert(eq(sz, count, 2));
    cr_assert(eq(str, holders[0].job.text, jobs[2]->id.text));
    cr_assert(holders[0].held == 3 * DOLLAR && holders[1].held == 2 * DOLLAR);
    for (int i = 0; i < 3; i++) {
        gen_arena_destroy(jobs[i]->arena);
    }
    gen_arena_destroy(arena);
    sample_close(&sample);
}

Test(budget_reading, days)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_limit limit = sample_limit(GEN_SCOPE_ORGANIZATION, "", 100 * DOLLAR, arena);
    struct gen_day_use days[5];
    struct sample sample;
    struct gen_job *job;
    size_t count = 0;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 4);
    limit.begins = SAMPLE_NOW;
    limit.ends = SAMPLE_NOW + 30 * DAY;
    cr_assert(sample_hold(&sample, job, 0, DOLLAR, SAMPLE_NOW, NULL, 0, 1) == GEN_OK);
    cr_assert(sample_hold(&sample, job, 1, DOLLAR, SAMPLE_NOW + DAY - 1, NULL, 0, 2) == GEN_OK);
    cr_assert(sample_hold(&sample, job, 2, 2 * DOLLAR, SAMPLE_NOW + 3 * DAY, NULL, 0, 3) == GEN_OK);
    cr_assert(sample_hold(&sample, job, 3, DOLLAR, SAMPLE_NOW + 9 * DAY, NULL, 0, 4) == GEN_OK);
    OK(gen_read_days(sample.store, &limit, SAMPLE_NOW + 4 * DAY, days, 5, &count, NULL));
    cr_assert(eq(sz, count, 2));
    cr_assert(days[0].day == 0 && days[0].used == 2 * DOLLAR);
    cr_assert(days[1].day == 3 && days[1].used == 2 * DOLLAR);
    gen_arena_destroy(job->arena);
    gen_arena_destroy(arena);
    sample_close(&sample);
}
