/* volume_test.c - what was bought this month, by organization and provider. */
#include "engine/volume.h"

#include "unit/store/sample.h"

static void charge(struct sample *sample, const struct gen_job *job, size_t shot, int number)
{
    struct gen_changes *changes = gen_changes_create();
    const struct gen_shot *it = &job->pipelines[0].shots[shot];

    sample_entry(changes, job, &job->pipelines[0], it, GEN_LEDGER_HOLD, DOLLAR, number);
    sample_entry(changes, job, &job->pipelines[0], it, GEN_LEDGER_CHARGE, DOLLAR, number + 1);
    OK(sample_apply(sample, changes));
}

/* Two of three shots of 2.5 s were charged; more is counted on, of others nothing. */
Test(volume, counted)
{
    struct sample sample;
    struct gen_job *job;
    struct gen_engine_options options = {0};
    struct gen_volume *volume;
    struct gen_changes *changes;

    sample_open(&sample);
    options.store = sample.store;
    job = sample_admit(&sample, 1, 3);
    charge(&sample, job, 0, 10);
    charge(&sample, job, 1, 12);
    OK(sample_hold(&sample, job, 2, DOLLAR, SAMPLE_NOW, NULL, 0, 14));
    volume = gen_volume_create(&options);
    gen_volume_bought(volume, "org_1", "local", 99000, SAMPLE_NOW); /* the ledger knows it already */
    cr_expect(eq(i64, gen_volume_s(volume, "org_1", "local", SAMPLE_NOW), 5));
    gen_volume_bought(volume, "org_1", "local", 1500, SAMPLE_NOW);
    gen_volume_bought(volume, "org_1", "veo", 8000, SAMPLE_NOW);
    gen_volume_bought(volume, "org_2", "local", 8000, SAMPLE_NOW);
    cr_expect(eq(i64, gen_volume_s(volume, "org_1", "local", SAMPLE_NOW), 6));
    cr_expect(eq(i64, gen_volume_s(volume, "org_1", "veo", SAMPLE_NOW), 8));
    cr_expect(eq(i64, gen_volume_s(volume, "org_2", "local", SAMPLE_NOW), 0));
    /* an invoice charged what was in doubt: the ledger is read again, without a restart */
    changes = gen_changes_create();
    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[2], GEN_LEDGER_CHARGE,
                 DOLLAR, 16);
    OK(sample_apply(&sample, changes));
    cr_expect(eq(i64, gen_volume_s(volume, "org_1", "local", SAMPLE_NOW), 6));
    gen_volume_forget(volume, "org_9");
    gen_volume_forget(volume, "org_1");
    cr_expect(eq(i64, gen_volume_s(volume, "org_1", "local", SAMPLE_NOW), 7));
    gen_volume_destroy(volume);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}
