/* batch_store_test.c - batches written and read: what became of their jobs, and only of theirs. */
#include "unit/store/sample.h"

#include "store/batch_reading.h"

static void add_batch(struct sample *sample, int number, const char *organization, int jobs)
{
    struct gen_changes *changes = gen_changes_create();

    gen_changes_add(changes, GEN_CHANGE_BATCH_ADD)->as.batch =
        (struct gen_change_batch){.id = sample_ident(GEN_IDENT_BATCH, number),
                                  .organization = organization,
                                  .user = "usr_1",
                                  .title = number == 1 ? "Spring" : "",
                                  .jobs = jobs,
                                  .created_at = SAMPLE_NOW + number};
    OK(sample_apply(sample, changes));
}

static void add_job(struct sample *sample, int number, int batch, int ordinal,
                    enum gen_job_status status)
{
    struct gen_job *job = sample_job(number, 1);

    job->batch = sample_ident(GEN_IDENT_BATCH, batch);
    job->batch_ordinal = ordinal;
    job->status = status;
    OK(sample_apply(sample, sample_admission(job)));
    gen_arena_destroy(job->arena);
}

static const struct {
    enum gen_job_status jobs[3];
    const char *status;
} cases[] = {
    /* all the same: as they are */
    {{GEN_JOB_QUEUED, GEN_JOB_QUEUED, GEN_JOB_QUEUED}, "queued"},
    {{GEN_JOB_COMPLETED, GEN_JOB_COMPLETED, GEN_JOB_COMPLETED}, "completed"},
    {{GEN_JOB_CANCELED, GEN_JOB_CANCELED, GEN_JOB_CANCELED}, "canceled"},
    /* anything goes on */
    {{GEN_JOB_COMPLETED, GEN_JOB_QUEUED, GEN_JOB_FAILED}, "in_progress"},
    {{GEN_JOB_NEEDS_ATTENTION, GEN_JOB_IN_PROGRESS, GEN_JOB_COMPLETED}, "in_progress"},
    /* only people can go on */
    {{GEN_JOB_NEEDS_ATTENTION, GEN_JOB_COMPLETED, GEN_JOB_COMPLETED}, "needs_attention"},
    /* over, each in its way */
    {{GEN_JOB_COMPLETED, GEN_JOB_FAILED, GEN_JOB_COMPLETED}, "partially_completed"},
};

Test(batch_store, says_what_became_of_its_jobs)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_node *document = NULL;
        const struct gen_node *job;

        sample_open(&sample);
        add_batch(&sample, 1, "org_1", 3);
        for (int n = 0; n < 3; n++) { /* written in another order than they came */
            add_job(&sample, 3 - n, 1, 3 - n, cases[i].jobs[2 - n]);
        }
        add_job(&sample, 4, 2, 1, GEN_JOB_FAILED); /* of another batch */
        OK(gen_read_batch(sample.store, "org_1", sample_ident(GEN_IDENT_BATCH, 1).text, arena,
                          &document, &sample.err));
        cr_expect_str_eq(gen_node_text(gen_node_get(document, "status"), ""), cases[i].status);
        cr_expect_str_eq(gen_node_text(gen_node_get(document, "title"), ""), "Spring");
        cr_expect(gen_node_count(gen_node_get(document, "jobs")) == 3);
        job = gen_node_at(gen_node_get(document, "jobs"), 1);
        cr_expect_str_eq(gen_node_text(gen_node_get(job, "jobId"), ""),
                         sample_ident(GEN_IDENT_JOB, 200).text);
        gen_arena_destroy(arena);
        sample_close(&sample);
    }
}

Test(batch_store, pages_of_one_organization)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_node *list = NULL;
    struct gen_ident of = {{0}};
    bool more = false;

    sample_open(&sample);
    for (int n = 1; n <= 5; n++) {
        add_batch(&sample, n, n == 4 ? "org_2" : "org_1", 1);
        add_job(&sample, n, n, 1, GEN_JOB_QUEUED);
    }
    OK(gen_read_batches(sample.store, "org_1", NULL, 2, arena, &list, &more, &sample.err));
    cr_expect(gen_node_count(list) == 2 && more);
    cr_expect_str_eq(gen_node_text(gen_node_get(gen_node_at(list, 0), "batchId"), ""),
                     sample_ident(GEN_IDENT_BATCH, 5).text);
    cr_expect_str_eq(gen_node_text(gen_node_get(gen_node_at(list, 1), "batchId"), ""),
                     sample_ident(GEN_IDENT_BATCH, 3).text);
    cr_expect(gen_node_get(gen_node_at(list, 1), "jobs") == NULL);
    OK(gen_read_batches(sample.store, "org_1", sample_ident(GEN_IDENT_BATCH, 3).text, 2, arena,
                        &list, &more, &sample.err));
    cr_expect(gen_node_count(list) == 2 && !more);
    /* nobody else's is there at all */
    cr_expect(gen_read_batch(sample.store, "org_1", sample_ident(GEN_IDENT_BATCH, 4).text, arena,
                             &list, &sample.err) == GEN_ENOTFOUND);
    OK(gen_read_batch_of(sample.store, sample_ident(GEN_IDENT_JOB, 300).text, &of, &sample.err));
    cr_expect_str_eq(of.text, sample_ident(GEN_IDENT_BATCH, 3).text);
    gen_arena_destroy(arena);
    sample_close(&sample);
}
