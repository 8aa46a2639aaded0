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
