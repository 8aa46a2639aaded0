/* job_test.c - words of statuses and stages, and how far a pipeline is. */
#include "model/job.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

Test(job, statuses)
{
    for (int i = GEN_JOB_QUEUED; i <= GEN_JOB_CANCELED; i++) {
        cr_assert(eq(int, gen_job_status_of(gen_job_status_word((enum gen_job_status)i)), i));
        cr_assert(gen_job_status_terminal((enum gen_job_status)i) == (i >= GEN_JOB_COMPLETED));
    }
    for (int i = GEN_PIPELINE_QUEUED; i <= GEN_PIPELINE_CANCELED; i++) {
        enum gen_pipeline_status status = (enum gen_pipeline_status)i;

        cr_assert(eq(int, gen_pipeline_status_of(gen_pipeline_status_word(status)), i));
        cr_assert(gen_pipeline_status_terminal(status) == (i >= GEN_PIPELINE_COMPLETED));
    }
    for (int i = GEN_STAGE_PREPARE; i <= GEN_STAGE_DELIVER; i++) {
        cr_assert(eq(int, gen_stage_of(gen_stage_word((enum gen_stage)i)), i));
    }
    cr_assert(eq(int, gen_job_status_of("done"), GEN_JOB_NONE));
    cr_assert(eq(int, gen_pipeline_status_of(""), GEN_PIPELINE_NONE));
    cr_assert(eq(int, gen_stage_of("render"), GEN_STAGE_NONE));
    cr_assert(eq(str, (char *)gen_job_status_word((enum gen_job_status)77), ""));
}

Test(job, progress)
{
    static const struct {
        enum gen_pipeline_status status;
        int32_t first, second; /* ppm of two shots of 1 s and 3 s; -1 = its clip is there */
        int32_t whole;
    } cases[] = {
        {GEN_PIPELINE_QUEUED, 0, 0, 0},
        {GEN_PIPELINE_PROCESSING, 500000, 0, 122500},
        {GEN_PIPELINE_PROCESSING, -1, 0, 245000},
        {GEN_PIPELINE_PROCESSING, -1, 500000, 612500},
        {GEN_PIPELINE_PROCESSING, -1, -1, 980000}, /* the video is not put together yet */
        {GEN_PIPELINE_COMPLETED, -1, -1, 1000000},
        {GEN_PIPELINE_COMPLETED, 0, 0, 1000000},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_shot shots[2] = {
            {.duration_ms = 1000, .clip = cases[i].first < 0 ? "d" : "",
             .progress_ppm = cases[i].first < 0 ? 0 : cases[i].first},
            {.duration_ms = 3000, .clip = cases[i].second < 0 ? "d" : "",
             .progress_ppm = cases[i].second < 0 ? 0 : cases[i].second}};
        struct gen_pipeline pipeline = {.status = cases[i].status, .shots = shots,
                                        .shot_count = 2};

        cr_assert(eq(i32, gen_pipeline_progress(&pipeline), cases[i].whole), "case %zu", i);
    }
    cr_assert(eq(i32, gen_pipeline_progress(&(struct gen_pipeline){0}), 0));
}

/* Who waits for whom. */
Test(job, shots_that_follow)
{
    struct gen_supply promised = {.asset = {.digest = ""}}, made = {.asset = {.digest = "d"}};
    struct gen_supply two[] = {made, promised};
    struct gen_shot shots[] = {
        {.role = GEN_SHOT_SCENE, .first_scene = 0, .shown_ms = 1000},
        {.role = GEN_SHOT_SCENE, .first_scene = 0, .from_ms = 1000, .shown_ms = 500,
         .supplies = &promised, .supply_count = 1},
        {.role = GEN_SHOT_SCENE, .first_scene = 1},
        {.role = GEN_SHOT_FINISH, .supplies = two, .supply_count = 2}};
    struct gen_pipeline pipeline = {.shots = shots, .shot_count = 4};
    static const bool follows[4][4] = {
        {0, 0, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 0}, {1, 1, 1, 0}};

    for (size_t i = 0; i < 4; i++) {
        for (size_t k = 0; k < 4; k++) {
            cr_assert(gen_shot_follows(&pipeline, &shots[i], &shots[k]) == follows[i][k],
                      "%zu after %zu", i, k);
        }
    }
    cr_assert(gen_shot_supplied(&shots[0]) && !gen_shot_supplied(&shots[1]));
    cr_assert(not(gen_shot_supplied(&shots[3])));
    cr_assert(gen_shot_chained(&shots[1]) && !gen_shot_chained(&shots[0]) &&
              !gen_shot_chained(&shots[3]));
    cr_assert(gen_pipeline_finish(&pipeline) == &shots[3]);
    pipeline.shot_count = 3;
    cr_assert(gen_pipeline_finish(&pipeline) == NULL);
    pipeline.shot_count = 0;
    cr_assert(gen_pipeline_finish(&pipeline) == NULL);
    for (int i = GEN_SHOT_WHOLE; i <= GEN_SHOT_FINISH; i++) {
        cr_assert(eq(int, gen_shot_role_of(gen_shot_role_word((enum gen_shot_role)i)), i));
    }
    cr_assert(eq(int, gen_shot_role_of("slice"), GEN_SHOT_NONE));
}

/* What finishes renders nothing new: the others are most of the way. */
Test(job, progress_with_a_finishing_shot)
{
    struct gen_shot shots[2] = {{.role = GEN_SHOT_SCENE, .duration_ms = 5000, .clip = "d"},
                                {.role = GEN_SHOT_FINISH, .duration_ms = 5000, .clip = ""}};
    struct gen_pipeline pipeline = {.status = GEN_PIPELINE_PROCESSING, .shots = shots,
                                    .shot_count = 2};

    cr_assert(eq(i32, gen_pipeline_progress(&pipeline), 816666));
    shots[1].progress_ppm = 500000;
    cr_assert(eq(i32, gen_pipeline_progress(&pipeline), 898333));
}
