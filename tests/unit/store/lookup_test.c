/* lookup_test.c - blobs in use, counts after a life. Keys are in apply_test.c, balances in
 * ledger_store_test.c. */
#include "unit/store/sample.h"

#include "store/lookup.h"

static void live(struct sample *sample, struct gen_job *job)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_pipeline *pipeline = &job->pipelines[0];

    job->status = GEN_JOB_IN_PROGRESS;
    gen_changes_job(changes, GEN_CHANGE_JOB_SET, job);
    gen_changes_job(changes, GEN_CHANGE_JOB_SET, job); /* the same again counts once */
    pipeline->shots[0].clip = "clip";
    gen_changes_shot(changes, GEN_CHANGE_SHOT_SET, job, pipeline, &pipeline->shots[0]);
    pipeline->shots[0].attempt.state = GEN_ATTEMPT_RESERVED;
    gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_MOVE, job, pipeline, &pipeline->shots[0],
                        GEN_ATTEMPT_PLANNED);
    gen_changes_add(changes, GEN_CHANGE_ASSET_ADD)->as.asset =
        (struct gen_asset){.id = sample_ident(GEN_IDENT_ASSET, 1), .organization = "org_1",
                           .digest = "asset", .size = 70};
    gen_changes_add(changes, GEN_CHANGE_OUTPUT_ADD)->as.output =
        (struct gen_output){.id = sample_ident(GEN_IDENT_OUTPUT, 1), .job = job->id,
                            .pipeline = pipeline->id, .organization = "org_1", .digest = "video",
                            .thumbnail = "thumb", .sheet = "sheet", .size = 900};
    cr_assert(sample_apply(sample, changes) == GEN_OK, "%s", sample->err.message);
}

Test(lookup, blobs_in_use)
{
    static const struct {
        const char *digest;
        bool used;
    } cases[] = {{"clip", true},  {"asset", true}, {"video", true}, {"thumb", true},
                 {"sheet", true}, {"none", false}, {"", false}};
    struct sample sample;
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 2);
    live(&sample, job);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        bool used = !cases[i].used;

        OK(gen_read_blob_used(sample.store, cases[i].digest, &used, NULL));
        cr_assert(used == cases[i].used, "%s", cases[i].digest);
    }
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(lookup, counts)
{
    struct sample sample;
    struct gen_read_counts counts;
    struct gen_job *job, *other;
    struct gen_changes *refused = gen_changes_create();

    sample_open(&sample);
    OK(gen_read_counts(sample.store, &counts, NULL));
    cr_assert(counts.jobs[GEN_JOB_QUEUED] == 0 && counts.outputs == 0);
    job = sample_admit(&sample, 1, 2);
    other = sample_admit(&sample, 2, 1);
    live(&sample, job);
    job->status = GEN_JOB_COMPLETED; /* in a set that is refused: not counted */
    gen_changes_job(refused, GEN_CHANGE_JOB_SET, job);
    sample_entry(refused, job, &job->pipelines[0], &job->pipelines[0].shots[0], GEN_LEDGER_HOLD,
                 100 * DOLLAR, 1);
    cr_assert(sample_apply(&sample, refused) == GEN_EBUDGET);
    OK(gen_read_counts(sample.store, &counts, NULL));
    cr_assert(counts.jobs[GEN_JOB_QUEUED] == 1 && counts.jobs[GEN_JOB_IN_PROGRESS] == 1);
    cr_assert(counts.jobs[GEN_JOB_COMPLETED] == 0);
    cr_assert(counts.attempts[GEN_ATTEMPT_PLANNED] == 5);
    cr_assert(counts.attempts[GEN_ATTEMPT_RESERVED] == 1);
    cr_assert(counts.outputs == 1 && counts.output_bytes == 900);
    cr_assert(counts.assets == 1 && counts.asset_bytes == 70);
    cr_assert(counts.money.held == 0);
    gen_arena_destroy(job->arena);
    gen_arena_destroy(other->arena);
    sample_close(&sample);
}
