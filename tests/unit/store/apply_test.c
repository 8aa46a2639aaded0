/* apply_test.c - refusals of whole sets, storyboards that are shared, tags, keys. The round trip of
 * each kind of change is in load_test.c and in the tests of the readers. */
#include "unit/store/sample.h"

#include "store/apply.h"
#include "store/lookup.h"

static int64_t number_of(struct sample *sample, const char *sql)
{
    int64_t number = -1;

    OK(gen_database_number(gen_store_reader(sample->store), sql, &number, NULL));
    return number;
}

static void key(struct gen_changes *changes, const struct gen_job *job, const char *digest)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_IDEMPOTENCY);

    change->as.key = (struct gen_change_key){
        .organization = "org_1", .key = "key-1", .digest = digest, .job = job->id};
}

Test(apply, a_key_makes_one_job)
{
    struct sample sample;
    struct gen_job *first = sample_job(1, 1), *second = sample_job(2, 1);
    struct gen_changes *changes;
    struct gen_ident job;
    char digest[65];

    sample_open(&sample);
    cr_assert(gen_read_key(sample.store, "org_1", "key-1", digest, &job, NULL) == GEN_ENOTFOUND);
    changes = sample_admission(first);
    key(changes, first, "d1");
    OK(sample_apply(&sample, changes));
    changes = sample_admission(second);
    key(changes, second, "d2");
    cr_assert(sample_apply(&sample, changes) == GEN_ECONFLICT);
    cr_assert(strstr(sample.err.message, "from another body") != NULL, "%s", sample.err.message);
    cr_assert(strstr(sample.err.message, first->id.text) != NULL);
    cr_assert(eq(str, sample.err.path, "Idempotency-Key"));
    changes = sample_admission(second);
    key(changes, second, "d1");
    cr_assert(sample_apply(&sample, changes) == GEN_ECONFLICT);
    cr_assert(strstr(sample.err.message, "from the same body") != NULL, "%s", sample.err.message);
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM job"), 1));
    OK(gen_read_key(sample.store, "org_1", "key-1", digest, &job, NULL));
    cr_assert(eq(str, digest, "d1"));
    cr_assert(eq(str, job.text, first->id.text));
    cr_assert(gen_read_key(sample.store, "org_2", "key-1", digest, &job, NULL) == GEN_ENOTFOUND);
    gen_arena_destroy(first->arena);
    gen_arena_destroy(second->arena);
    sample_close(&sample);
}

Test(apply, a_storyboard_is_stored_once)
{
    struct sample sample;
    struct gen_job *jobs[3];
    struct gen_ident storyboard;

    sample_open(&sample);
    for (int i = 0; i < 3; i++) {
        struct gen_changes *changes;

        jobs[i] = sample_job(i + 1, 1);
        changes = sample_admission(jobs[i]);
        changes->first->as.job.storyboard_digest = "same";
        if (i == 2) {
            changes->first->as.job.organization = "org_2";
        }
        OK(sample_apply(&sample, changes));
    }
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM storyboard"), 2));
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(DISTINCT storyboard) FROM job"), 2));
    OK(gen_read_storyboard(sample.store, "org_1", "same", &storyboard, NULL));
    cr_assert(eq(str, storyboard.text, jobs[0]->storyboard.text));
    cr_assert(gen_read_storyboard(sample.store, "org_1", "other", &storyboard, NULL) ==
              GEN_ENOTFOUND);
    for (int i = 0; i < 3; i++) {
        gen_arena_destroy(jobs[i]->arena);
    }
    sample_close(&sample);
}

/* What names a row that is not there is refused, whatever kind it is. */
Test(apply, changes_of_nothing_are_refused)
{
    static const enum gen_change_kind kinds[] = {
        GEN_CHANGE_JOB_SET,     GEN_CHANGE_PIPELINE_ADD, GEN_CHANGE_PIPELINE_SET,
        GEN_CHANGE_SHOT_ADD,    GEN_CHANGE_SHOT_SET,     GEN_CHANGE_ATTEMPT_ADD,
        GEN_CHANGE_ATTEMPT_NOTE, GEN_CHANGE_LEDGER,      GEN_CHANGE_OUTPUT_ADD,
    };
    struct sample sample;
    struct gen_job *job = sample_job(1, 1);
    struct gen_pipeline *pipeline = &job->pipelines[0];

    sample_open(&sample);
    for (size_t i = 0; i < GEN_COUNT(kinds); i++) {
        struct gen_changes *changes = gen_changes_create();

        sample_event(changes, NULL, 1);
        switch (kinds[i]) {
        case GEN_CHANGE_JOB_SET:
            gen_changes_job(changes, kinds[i], job);
            break;
        case GEN_CHANGE_PIPELINE_ADD:
        case GEN_CHANGE_PIPELINE_SET:
            gen_changes_pipeline(changes, kinds[i], job, pipeline);
            break;
        case GEN_CHANGE_SHOT_ADD:
        case GEN_CHANGE_SHOT_SET:
            gen_changes_shot(changes, kinds[i], job, pipeline, &pipeline->shots[0]);
            break;
        case GEN_CHANGE_LEDGER:
            sample_entry(changes, job, pipeline, &pipeline->shots[0], GEN_LEDGER_HOLD, 0, 1);
            break;
        case GEN_CHANGE_OUTPUT_ADD:
            gen_changes_add(changes, kinds[i])->as.output =
                (struct gen_output){.id = sample_ident(GEN_IDENT_OUTPUT, 1), .job = job->id,
                                    .pipeline = pipeline->id, .organization = "org_1",
                                    .digest = "d"};
            break;
        default:
            gen_changes_attempt(changes, kinds[i], job, pipeline, &pipeline->shots[0],
                                GEN_ATTEMPT_PLANNED);
        }
        cr_assert(sample_apply(&sample, changes) == GEN_ECONFLICT, "kind %d: %s", kinds[i],
                  sample.err.message);
        cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM event"), 0));
    }
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(apply, tags_are_words_of_the_list_once_each)
{
    static const struct {
        const char *tags;
        int64_t rows;
    } cases[] = {
        {"[]", 0}, {"", 0}, {"[\"a\"]", 1}, {"[\"a\",\"b\",\"a\"]", 2},
        {"[\"it's; DROP TABLE job_tag\"]", 1},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;
        struct gen_job *job = sample_job(1, 1);
        struct gen_changes *changes = sample_admission(job);

        sample_open(&sample);
        changes->first->as.job.tags = cases[i].tags;
        OK(sample_apply(&sample, changes));
        cr_assert(number_of(&sample, "SELECT COUNT(*) FROM job_tag") == cases[i].rows, "%s",
                  cases[i].tags);
        gen_arena_destroy(job->arena);
        sample_close(&sample);
    }
}

Test(apply, which_statuses_are_about_one_set)
{
    cr_assert(gen_apply_refused(GEN_EBUDGET) && gen_apply_refused(GEN_ECONFLICT) &&
              gen_apply_refused(GEN_EOVERFLOW));
    cr_assert(gen_apply_refused(GEN_ENOSPACE) == false);
    cr_assert(gen_apply_refused(GEN_EIO) == false);
    cr_assert(gen_apply_refused(GEN_ENOMEM) == false);
}

/* A set whose building ran out of memory must not be written by half. */
Test(apply, a_set_without_memory_is_not_written)
{
    struct sample sample;
    struct gen_changes *changes;
    long nth;

    sample_open(&sample);
    for (nth = 3; nth < 30; nth++) { /* the first two are the set itself */
        enum gen_status status;
        bool failed;

        gen_alloc_fail_at(nth);
        changes = gen_changes_create();
        for (int i = 0; i < 5; i++) {
            sample_event(changes, NULL, i);
        }
        gen_alloc_fail_at(0);
        failed = gen_arena_failed(changes->arena);
        status = sample_apply(&sample, changes);
        cr_assert(status == (failed ? GEN_ENOMEM : GEN_OK));
        cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM event"), failed ? 0 : 5));
        if (!failed) {
            break;
        }
    }
    cr_assert(nth > 3 && nth < 30); /* some failed, and in the end none; how many is the arena's affair */
    sample_close(&sample);
}
