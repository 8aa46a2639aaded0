/* job_test.c - words of statuses and stages, and how far a pipeline is. */
#include "model/job.h"

#include "model/event.h"
#include "model/failure.h"
#include "model/registry.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

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

Test(job, words_of_other_nouns)
{
    for (int i = GEN_FAILURE_TRANSIENT; i <= GEN_FAILURE_OUTPUT; i++) {
        cr_assert(eq(int, gen_failure_of(gen_failure_word((enum gen_failure)i)), i));
        cr_assert(gen_failure_meaning((enum gen_failure)i)[0] != '\0');
    }
    for (int i = GEN_EVENT_JOB_ADMITTED; i <= GEN_EVENT_DAEMON_STARTED; i++) {
        cr_assert(eq(int, gen_event_of(gen_event_word((enum gen_event_kind)i)), i));
        cr_assert(gen_event_meaning((enum gen_event_kind)i)[0] != '\0');
    }
    for (uint32_t bit = GEN_NEEDS_TEXT_OVERLAY; bit <= GEN_NEEDS_MUSIC; bit <<= 1) {
        cr_assert(eq(u32, gen_needs_of(gen_needs_word(bit)), bit));
    }
    cr_assert(gen_needs_word(1u << 30) == NULL);
    cr_assert(eq(u32, gen_needs_of("magic"), 0));
    cr_assert(eq(int, gen_failure_of("bored"), GEN_FAILURE_NONE));
    cr_assert(eq(int, gen_event_of("job.bored"), GEN_EVENT_NONE));
}

/* A closing event is named by the status: the audit of the log counts on it. */
Test(job, every_closing_status_has_its_event)
{
    for (int i = GEN_JOB_COMPLETED; i <= GEN_JOB_CANCELED; i++) {
        char word[64];

        snprintf(word, sizeof(word), "job.%s", gen_job_status_word((enum gen_job_status)i));
        cr_assert(ne(int, gen_event_of(word), GEN_EVENT_NONE), "%s", word);
    }
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
