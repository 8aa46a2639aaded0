/* writer_test.c - what only the writer does: being woken from calls of its own answers, refusing
 * while it closes, opening without memory. Order and batches are in store_test.c. */
#include "unit/store/sample.h"

#include "store/apply.h"
#include "store/migration.h"
#include "store/writer.h"

#include <unistd.h>

struct chain {
    struct gen_writer *writer;
    struct gen_loop *loop;
    int left;
    int64_t last_event;
    enum gen_status refused;
};

static void commit_next(struct chain *chain);

static void on_link(void *context, enum gen_status status, const struct gen_error *err,
                    int64_t last_event)
{
    struct chain *chain = context;

    (void)err;
    cr_assert(status == GEN_OK);
    cr_assert(last_event == chain->last_event + 1, "answers and events are out of step");
    chain->last_event = last_event;
    if (--chain->left > 0) {
        commit_next(chain);
    } else {
        gen_loop_stop(chain->loop);
    }
}

static void commit_next(struct chain *chain)
{
    struct gen_changes *changes = gen_changes_create();

    sample_event(changes, NULL, chain->left);
    OK(gen_writer_commit(chain->writer, &changes, on_link, chain, NULL));
}

static void open_writer(struct sample *sample, bool threaded, struct gen_database **database,
                        struct gen_writer **writer)
{
    struct gen_writer_options options = {.threaded = threaded, .patient = threaded};

    sample_folder(sample);
    OK(gen_loop_create(&sample->loop, NULL));
    OK(gen_database_open(sample->path, GEN_DATABASE_CREATE | GEN_DATABASE_VOLATILE, database,
                         NULL));
    OK(gen_migration_run(*database, gen_schema, NULL, NULL, NULL));
    options.database = *database;
    options.loop = sample->loop;
    OK(gen_writer_open(&options, writer, NULL));
}

Test(writer, an_answer_may_ask_again)
{
    for (int threaded = 0; threaded < 2; threaded++) {
        struct sample sample;
        struct gen_database *database;
        struct chain chain = {.left = 100};

        open_writer(&sample, threaded != 0, &database, &chain.writer);
        chain.loop = sample.loop;
        commit_next(&chain);
        gen_loop_run(sample.loop);
        cr_assert(chain.left == 0 && chain.last_event == 100);
        gen_writer_close(chain.writer);
        gen_database_close(database);
        sample_close(&sample);
    }
}

static void on_closing(void *context, enum gen_status status, const struct gen_error *err,
                       int64_t last_event)
{
    struct chain *chain = context;
    struct gen_changes *changes = gen_changes_create();

    (void)err;
    (void)last_event;
    cr_assert(status == GEN_OK);
    chain->refused = gen_writer_commit(chain->writer, &changes, on_closing, chain, NULL);
    cr_assert(changes != NULL);
    gen_changes_destroy(changes);
}

/* A full disk, three tries long: nobody is told that it failed, and then it is written. */
Test(writer, a_patient_one_tries_until_there_is_room)
{
    struct sample sample;
    struct gen_database *database;
    struct chain chain = {.left = 1};
    struct gen_error err = {0};

    open_writer(&sample, true, &database, &chain.writer);
    chain.loop = sample.loop;
    gen_database_fail_at(database, 1, GEN_ENOSPACE);
    commit_next(&chain);
    while (gen_writer_trouble(chain.writer, &err) == GEN_OK) {
        cr_assert(chain.left == 1, "the failure was not noticed");
        usleep(1000);
    }
    cr_assert(err.status == GEN_ENOSPACE);
    cr_assert(gen_writer_waiting(chain.writer) == 1);
    gen_loop_run(sample.loop); /* until the answer of the next try */
    cr_assert(chain.left == 0);
    OK(gen_writer_trouble(chain.writer, NULL));
    gen_writer_close(chain.writer);
    gen_database_close(database);
    sample_close(&sample);
}

Test(writer, while_closing_nothing_more_is_taken)
{
    struct sample sample;
    struct gen_database *database;
    struct chain chain = {0};
    struct gen_changes *changes = gen_changes_create();

    open_writer(&sample, true, &database, &chain.writer);
    OK(gen_writer_commit(chain.writer, &changes, on_closing, &chain, NULL));
    gen_writer_close(chain.writer);
    cr_assert(chain.refused == GEN_ECANCELED);
    gen_database_close(database);
    sample_close(&sample);
}

Test(writer, opening_without_memory)
{
    struct sample sample;
    struct gen_database *database;
    struct gen_writer *writer = NULL;
    struct gen_writer_options options = {.threaded = true};
    enum gen_status status;
    long nth = 0;

    open_writer(&sample, true, &database, &writer);
    gen_writer_close(writer);
    options.database = database;
    options.loop = sample.loop;
    do {
        gen_alloc_fail_at(++nth);
        status = gen_writer_open(&options, &writer, NULL);
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM);
    } while (status != GEN_OK);
    cr_assert(nth > 2);
    gen_writer_close(writer);
    gen_database_close(database);
    sample_close(&sample);
}
