/* change_test.c - a set of changes owns what it says: copies, order, and failure that shows. */
#include "base/alloc.h"
#include "model/change.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

/* A job of one pipeline with one shot, on texts that the test can overwrite. */
struct sample {
    struct gen_brief brief;
    struct gen_shot shot;
    struct gen_pipeline pipeline;
    struct gen_job job;
    char text[16];
};

static void sample_init(struct sample *sample)
{
    memset(sample, 0, sizeof(*sample));
    strcpy(sample->text, "before");
    sample->brief.title = sample->text;
    sample->brief.priority = GEN_PRIORITY_HIGH;
    sample->brief.deadline = 77;
    sample->shot = (struct gen_shot){.parameters = sample->text, .clip = sample->text,
                                     .note = "", .duration_ms = 1000, .price = 5, .most = 6,
                                     .price_exact = true, .first_scene = 2, .scene_count = 3,
                                     .width = 4, .height = 8, .frame_rate_milli = 9,
                                     .attempt_count = 2};
    sample->shot.attempt = (struct gen_attempt){
        .ordinal = 2, .state = GEN_ATTEMPT_ACCEPTED, .handle = sample->text,
        .step_state = sample->text, .failure_code = sample->text,
        .failure_message = sample->text, .failure_field = sample->text, .hold = 11, .reported = -1};
    strcpy(sample->shot.id.text, "sht_1");
    strcpy(sample->shot.attempt.id.text, "att_1");
    sample->pipeline = (struct gen_pipeline){.provider = sample->text, .model = sample->text,
                                             .failure_message = sample->text, .shot_count = 1,
                                             .shots = &sample->shot, .variation = 3,
                                             .status = GEN_PIPELINE_PROCESSING,
                                             .stage = GEN_STAGE_POLL, .started_at = 5};
    strcpy(sample->pipeline.id.text, "pip_1");
    sample->job = (struct gen_job){.organization = sample->text, .user = NULL,
                                   .project = sample->text, .brief = &sample->brief,
                                   .decision = sample->text, .budget = 100,
                                   .status = GEN_JOB_CANCELING, .pipelines = &sample->pipeline,
                                   .pipeline_count = 1, .created_at = 1, .cancel_requested = true};
    strcpy(sample->job.id.text, "gen_1");
}

static struct gen_changes *all_of(struct sample *sample)
{
    struct gen_changes *changes = gen_changes_create();

    if (changes != NULL) {
        gen_changes_job(changes, GEN_CHANGE_JOB_ADD, &sample->job);
        gen_changes_pipeline(changes, GEN_CHANGE_PIPELINE_ADD, &sample->job, &sample->pipeline);
        gen_changes_shot(changes, GEN_CHANGE_SHOT_ADD, &sample->job, &sample->pipeline,
                         &sample->shot);
        gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_MOVE, &sample->job, &sample->pipeline,
                            &sample->shot, GEN_ATTEMPT_SUBMITTING);
    }
    return changes;
}

Test(change, values_of_the_nouns_in_the_order_of_the_calls)
{
    struct sample sample;
    struct gen_changes *changes;
    const struct gen_change *change;

    sample_init(&sample);
    changes = all_of(&sample);
    cr_assert(eq(sz, changes->count, 4));
    change = changes->first;
    cr_assert(change->kind == GEN_CHANGE_JOB_ADD);
    cr_assert(strcmp(change->as.job.id.text, "gen_1") == 0);
    cr_assert(change->as.job.status == GEN_JOB_CANCELING && change->as.job.cancel_requested);
    cr_assert(change->as.job.priority == GEN_PRIORITY_HIGH && change->as.job.deadline == 77);
    cr_assert(change->as.job.budget == 100 && change->as.job.created_at == 1);
    cr_assert(change->as.job.user[0] == '\0', "NULL becomes no text");
    change = change->next;
    cr_assert(change->kind == GEN_CHANGE_PIPELINE_ADD);
    cr_assert(change->as.pipeline.ordinal == 1 && change->as.pipeline.variation == 3);
    cr_assert(change->as.pipeline.stage == GEN_STAGE_POLL);
    cr_assert(strcmp(change->as.pipeline.job.text, "gen_1") == 0);
    change = change->next;
    cr_assert(change->kind == GEN_CHANGE_SHOT_ADD);
    cr_assert(change->as.shot.first_scene == 2 && change->as.shot.scene_count == 3);
    cr_assert(change->as.shot.price == 5 && change->as.shot.most == 6);
    cr_assert(change->as.shot.attempt_count == 2 && change->as.shot.price_exact);
    change = change->next;
    cr_assert(change->kind == GEN_CHANGE_ATTEMPT_MOVE && change->next == NULL);
    cr_assert(change->as.attempt.from == GEN_ATTEMPT_SUBMITTING);
    cr_assert(change->as.attempt.attempt.state == GEN_ATTEMPT_ACCEPTED);
    cr_assert(strcmp(change->as.attempt.shot.text, "sht_1") == 0);
    cr_assert(change->as.attempt.attempt.reported == -1);
    gen_changes_destroy(changes);
}

/* The writer thread reads the set while the loop goes on changing the job. */
Test(change, texts_are_copies)
{
    struct sample sample;
    struct gen_changes *changes;
    const struct gen_change *change;

    sample_init(&sample);
    changes = all_of(&sample);
    strcpy(sample.text, "after");
    change = changes->first;
    {
        const char *texts[] = {
            change->as.job.organization, change->as.job.project, change->as.job.title,
            change->as.job.decision, change->next->as.pipeline.provider,
            change->next->as.pipeline.model, change->next->as.pipeline.failure_message,
            change->next->next->as.shot.parameters, change->next->next->as.shot.clip,
            changes->last->as.attempt.attempt.handle, changes->last->as.attempt.attempt.step_state,
            changes->last->as.attempt.attempt.failure_code,
            changes->last->as.attempt.attempt.failure_message,
            changes->last->as.attempt.attempt.failure_field};

        for (size_t i = 0; i < GEN_COUNT(texts); i++) {
            cr_assert(strcmp(texts[i], "before") == 0, "text %zu is %s", i, texts[i]);
        }
    }
    gen_changes_destroy(changes);
}

/* Whichever allocation fails, it is seen in the arena (or there is no set), and nothing leaks. */
Test(change, every_allocation_failing_in_turn)
{
    struct sample sample;
    bool complete = false;
    long nth = 0;

    sample_init(&sample);
    while (!complete) {
        struct gen_changes *changes;

        gen_alloc_fail_at(++nth);
        changes = all_of(&sample);
        complete = gen_alloc_count() < nth;
        gen_alloc_fail_at(0);
        cr_assert(complete || changes == NULL || gen_arena_failed(changes->arena),
                  "allocation %ld failed unseen", nth);
        cr_assert(complete == false || gen_arena_failed(changes->arena) == false);
        gen_changes_destroy(changes);
    }
    cr_assert(nth > 3);
    gen_changes_destroy(NULL);
}
