/* attempt_store_test.c - an attempt moves only from where it is, and only along the table. */
#include "unit/store/sample.h"

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
