/* output_reading_test.c - outputs of a job in the order of its variations, and one by id. */
#include "unit/store/sample.h"

#include "store/output_reading.h"

static struct gen_output output_of(const struct gen_job *job, size_t index)
{
    return (struct gen_output){
        .id = sample_ident(GEN_IDENT_OUTPUT, 9 - (int)index), /* ids in the other order */
        .job = job->id, .pipeline = job->pipelines[index].id, .organization = "org_1",
        .variation = index == 0 ? "16x9" : "9x16", .digest = "d", .thumbnail = "t", .sheet = "s",
        .format = "mp4", .size = 10, .thumbnail_size = 11, .sheet_size = 12, .width = 13,
        .height = 14, .frame_rate_milli = 15, .duration_ms = 16, .probe = "{}",
        .created_at = SAMPLE_NOW};
}

Test(output_reading, as_they_were_written)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_changes *changes = gen_changes_create();
    struct gen_output *outputs, one;
    struct gen_job *job, *empty;
    size_t count = 9;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    empty = sample_admit(&sample, 2, 1);
    gen_changes_add(changes, GEN_CHANGE_OUTPUT_ADD)->as.output = output_of(job, 1);
    gen_changes_add(changes, GEN_CHANGE_OUTPUT_ADD)->as.output = output_of(job, 0);
    OK(sample_apply(&sample, changes));
    OK(gen_read_outputs(sample.store, "org_1", job->id.text, arena, &outputs, &count, NULL));
    cr_assert(eq(sz, count, 2));
    cr_assert(strcmp(outputs[0].variation, "16x9") == 0);
    cr_assert(strcmp(outputs[1].variation, "9x16") == 0);
    OK(gen_read_output(sample.store, "org_1", outputs[1].id.text, arena, &one, NULL));
    cr_assert(strcmp(one.id.text, outputs[1].id.text) == 0);
    cr_assert(strcmp(one.job.text, job->id.text) == 0);
    cr_assert(strcmp(one.pipeline.text, job->pipelines[1].id.text) == 0);
    cr_assert(strcmp(one.digest, "d") == 0 && strcmp(one.thumbnail, "t") == 0);
    cr_assert(strcmp(one.sheet, "s") == 0 && strcmp(one.format, "mp4") == 0);
    cr_assert(one.size == 10 && one.thumbnail_size == 11 && one.sheet_size == 12);
    cr_assert(one.width == 13 && one.height == 14 && one.frame_rate_milli == 15);
    cr_assert(one.duration_ms == 16 && one.created_at == SAMPLE_NOW);
    cr_assert(strcmp(one.probe, "{}") == 0 && strcmp(one.organization, "org_1") == 0);
    OK(gen_read_outputs(sample.store, "org_1", empty->id.text, arena, &outputs, &count, NULL));
    cr_assert(eq(sz, count, 0));
    cr_assert(gen_read_outputs(sample.store, "org_2", job->id.text, arena, &outputs, &count,
                               NULL) == GEN_ENOTFOUND);
    cr_assert(gen_read_output(sample.store, "org_2", one.id.text, arena, &one, NULL) ==
              GEN_ENOTFOUND);
    gen_arena_destroy(arena);
    gen_arena_destroy(job->arena);
    gen_arena_destroy(empty->arena);
    sample_close(&sample);
}

Test(output_reading, a_pipeline_delivers_once)
{
    struct sample sample;
    struct gen_changes *changes = gen_changes_create();
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    gen_changes_add(changes, GEN_CHANGE_OUTPUT_ADD)->as.output = output_of(job, 0);
    gen_changes_add(changes, GEN_CHANGE_OUTPUT_ADD)->as.output = output_of(job, 0);
    changes->last->as.output.id = sample_ident(GEN_IDENT_OUTPUT, 99);
    cr_assert(sample_apply(&sample, changes) == GEN_ECONFLICT);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(output_reading, every_allocation_failing_in_turn)
{
    struct sample sample;
    struct gen_changes *changes;
    struct gen_output *outputs;
    struct gen_job *job;
    size_t count;
    enum gen_status status;
    long nth = 0;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    changes = gen_changes_create();
    gen_changes_add(changes, GEN_CHANGE_OUTPUT_ADD)->as.output = output_of(job, 0);
    OK(sample_apply(&sample, changes));
    do {
        struct gen_arena *arena = gen_arena_create(0);

        gen_alloc_fail_at(++nth);
        status = gen_read_outputs(sample.store, "org_1", job->id.text, arena, &outputs, &count,
                                  &sample.err);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", nth,
                  sample.err.message);
        gen_arena_destroy(arena);
    } while (status != GEN_OK);
    cr_assert(nth > 2);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}
