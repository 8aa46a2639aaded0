/* attempt_store_test.c - an attempt moves only from where it is, and only along the table. */
#include "unit/store/sample.h"

#include "store/attempt_store.h"
#include "store/database.h"
#include "store/load.h"

static struct gen_changes *change_of(const struct gen_job *job, enum gen_change_kind kind,
                                     enum gen_attempt_state from)
{
    struct gen_changes *changes = gen_changes_create();

    gen_changes_attempt(changes, kind, job, &job->pipelines[0], &job->pipelines[0].shots[0], from);
    return changes;
}

/* Puts the row into a state, past all guards. */
static void force(struct sample *sample, enum gen_attempt_state state)
{
    struct gen_database *database;
    char sql[96];

    snprintf(sql, sizeof(sql), "UPDATE attempt SET state = '%s'", gen_attempt_word(state));
    OK(gen_database_open(sample->path, 0, &database, NULL));
    OK(gen_database_run(database, sql, NULL));
    gen_database_close(database);
}

/* Every pair of states, from every state that the row can really be in. */
Test(attempt_store, only_legal_moves_from_the_right_place)
{
    struct sample sample;
    struct gen_job *job;
    struct gen_attempt *attempt;
    int moved = 0;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    attempt = &job->pipelines[0].shots[0].attempt;
    for (int real = GEN_ATTEMPT_PLANNED; real <= GEN_ATTEMPT_AMBIGUOUS; real++) {
        for (int from = GEN_ATTEMPT_PLANNED; from <= GEN_ATTEMPT_AMBIGUOUS; from++) {
            for (int to = GEN_ATTEMPT_PLANNED; to <= GEN_ATTEMPT_AMBIGUOUS; to++) {
                bool legal = real == from && gen_attempt_may((enum gen_attempt_state)from,
                                                             (enum gen_attempt_state)to);
                enum gen_status status;

                if (real != from && !gen_attempt_may((enum gen_attempt_state)from,
                                                     (enum gen_attempt_state)to)) {
                    continue; /* refused twice over */
                }
                force(&sample, (enum gen_attempt_state)real);
                attempt->state = (enum gen_attempt_state)to;
                status = sample_apply(&sample, change_of(job, GEN_CHANGE_ATTEMPT_MOVE,
                                                         (enum gen_attempt_state)from));
                cr_assert(status == (legal ? GEN_OK : GEN_ECONFLICT), "%d: %d to %d", real, from,
                          to);
                moved += legal;
            }
        }
    }
    cr_assert(moved >= 10);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(attempt_store, the_refusal_says_where_the_attempt_is)
{
    struct sample sample;
    struct gen_job *job;
    struct gen_attempt *attempt;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    attempt = &job->pipelines[0].shots[0].attempt;
    attempt->state = GEN_ATTEMPT_ACCEPTED;
    cr_assert(sample_apply(&sample, change_of(job, GEN_CHANGE_ATTEMPT_MOVE,
                                              GEN_ATTEMPT_SUBMITTING)) == GEN_ECONFLICT);
    cr_assert(strstr(sample.err.message, "is planned, not submitting") != NULL, "%s",
              sample.err.message);
    attempt->id = sample_ident(GEN_IDENT_ATTEMPT, 999);
    cr_assert(sample_apply(&sample, change_of(job, GEN_CHANGE_ATTEMPT_MOVE,
                                              GEN_ATTEMPT_SUBMITTING)) == GEN_ECONFLICT);
    cr_assert(strstr(sample.err.message, "there is no attempt") != NULL);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(attempt_store, a_note_keeps_everything_but_the_text)
{
    struct sample sample;
    struct gen_job *job, *loaded;
    struct gen_attempt *attempt;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    attempt = &job->pipelines[0].shots[0].attempt;
    attempt->step_state = "uploaded 3 of 4";
    attempt->handle = "must not be written by a note";
    OK(sample_apply(&sample, change_of(job, GEN_CHANGE_ATTEMPT_NOTE, GEN_ATTEMPT_PLANNED)));
    cr_assert(sample_apply(&sample, change_of(job, GEN_CHANGE_ATTEMPT_NOTE,
                                              GEN_ATTEMPT_RESERVED)) == GEN_ECONFLICT);
    OK(gen_read_load(sample.store, job->id.text, &loaded, NULL));
    cr_assert(eq(str, (char *)loaded->pipelines[0].shots[0].attempt.step_state, "uploaded 3 of 4"));
    cr_assert(eq(str, (char *)loaded->pipelines[0].shots[0].attempt.handle, ""));
    gen_arena_destroy(loaded->arena);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(attempt_store, an_ordinal_is_used_once_in_a_shot)
{
    struct sample sample;
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    job->pipelines[0].shots[0].attempt.id = sample_ident(GEN_IDENT_ATTEMPT, 999);
    cr_assert(sample_apply(&sample, change_of(job, GEN_CHANGE_ATTEMPT_ADD, GEN_ATTEMPT_NONE)) ==
              GEN_ECONFLICT);
    job->pipelines[0].shots[0].attempt.ordinal = 2;
    cr_assert(sample_apply(&sample, change_of(job, GEN_CHANGE_ATTEMPT_ADD, GEN_ATTEMPT_NONE)) ==
              GEN_OK);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

/* A job at a provider is one attempt's, for good: of whom, what is answered. */
Test(attempt_store, a_handle_is_one_attempts)
{
    static const struct {
        size_t pipeline, shot;
        const char *provider, *account, *handle;
        enum gen_status status;
    } cases[] = {
        {0, 0, "runway", "", "task-1", GEN_OK},
        {0, 0, "runway", "", "task-1", GEN_OK},        /* its own, told again */
        {0, 1, "runway", "", "task-1", GEN_ECONFLICT}, /* of another shot of its job */
        {0, 1, "kling", "", "task-1", GEN_OK},         /* providers count for themselves */
        {0, 1, "runway", "org", "task-1", GEN_OK},     /* so do accounts */
        {0, 1, "runway", "org/team", "task-1", GEN_OK},
        {0, 0, "runway", "org", "task-1", GEN_ECONFLICT},
        {0, 1, "runway", "", "task-2", GEN_OK},
        {0, 0, "runway", "", "TASK-2", GEN_OK}, /* handles are opaque */
    };
    struct sample sample;
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 2);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const struct gen_shot *shot = &job->pipelines[cases[i].pipeline].shots[cases[i].shot];
        struct gen_changes *changes = gen_changes_create();
        enum gen_status status;

        gen_changes_add(changes, GEN_CHANGE_HANDLE)->as.handle = (struct gen_change_handle){
            .attempt = shot->attempt.id, .provider = cases[i].provider,
            .account = cases[i].account, .handle = cases[i].handle, .at = 5};
        status = sample_apply(&sample, changes);
        cr_assert(eq(int, status, cases[i].status), "case %zu: %s", i, sample.err.message);
        cr_assert(eq(int, gen_attempt_store_taken(status, &sample.err), status != GEN_OK));
        if (status != GEN_OK) {
            const struct gen_shot *owner = &job->pipelines[0].shots[1 - cases[i].shot];

            cr_assert(strstr(sample.err.message, owner->attempt.id.text) != NULL, "%s",
                      sample.err.message);
        }
    }
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

/* Whose it is in another organization is nobody's business, and an attempt in any state keeps its own. */
Test(attempt_store, a_handle_of_another_organization)
{
    struct sample sample;
    struct gen_job *first, *second;
    struct gen_changes *changes;
    enum gen_status status;

    sample_open(&sample);
    first = sample_admit(&sample, 1, 1);
    second = sample_admit(&sample, 2, 1);
    force(&sample, GEN_ATTEMPT_FAILED);
    for (int i = 0; i < 2; i++) {
        struct gen_database *database;

        changes = gen_changes_create();
        gen_changes_add(changes, GEN_CHANGE_HANDLE)->as.handle = (struct gen_change_handle){
            .attempt = (i == 0 ? first : second)->pipelines[0].shots[0].attempt.id,
            .provider = "runway", .account = "", .handle = "task-1"};
        status = sample_apply(&sample, changes);
        cr_assert(eq(int, status, i == 0 ? GEN_OK : GEN_ECONFLICT));
        if (i == 0) {
            OK(gen_database_open(sample.path, 0, &database, NULL));
            OK(gen_database_run(database, "UPDATE attempt SET organization = 'other' WHERE id = "
                                          "(SELECT attempt FROM remote_job)", NULL));
            gen_database_close(database);
        }
    }
    cr_assert(gen_attempt_store_taken(status, &sample.err));
    cr_assert(strstr(sample.err.message, "belongs to another order already") != NULL, "%s",
              sample.err.message);
    gen_arena_destroy(first->arena);
    gen_arena_destroy(second->arena);
    sample_close(&sample);
}
