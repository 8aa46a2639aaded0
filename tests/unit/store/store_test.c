/* store_test.c - opening, committing in order, refusals among good sets, failures, kills. */
#include "unit/store/sample.h"

#include "store/database.h"
#include "store/reading.h"

#include <signal.h>
#include <sys/wait.h>

struct answers {
    struct gen_loop *loop;
    size_t count, expected;
    int order[12000];
    enum gen_status status[12000];
    int64_t last_event;
    char message[GEN_ERROR_MESSAGE_SIZE];
};

struct asking {
    struct answers *answers;
    int number;
};

static void on_done(void *context, enum gen_status status, const struct gen_error *err,
                    int64_t last_event)
{
    struct asking *asking = context;
    struct answers *answers = asking->answers;

    cr_assert(err == NULL ? status == GEN_OK : status != GEN_OK);
    answers->order[answers->count] = asking->number;
    answers->status[answers->count++] = status;
    answers->last_event = last_event;
    if (err != NULL) {
        strcpy(answers->message, err->message);
    }
    if (answers->count == answers->expected) {
        gen_loop_stop(answers->loop);
    }
    free(asking);
}

static void commit(struct sample *sample, struct answers *answers, int number,
                   struct gen_changes *changes)
{
    struct asking *asking = malloc(sizeof(*asking));

    *asking = (struct asking){answers, number};
    OK(gen_store_commit(sample->store, &changes, on_done, asking, NULL));
    cr_assert(changes == NULL);
}

static int64_t number_of(struct sample *sample, const char *sql)
{
    int64_t number = -1;

    OK(gen_database_number(gen_store_reader(sample->store), sql, &number, NULL));
    return number;
}

Test(store, a_thousand_sets_come_back_in_order)
{
    static struct answers answers;
    struct sample sample;

    sample_open_with_loop(&sample);
    answers.loop = sample.loop;
    answers.expected = 1000;
    for (int i = 0; i < 1000; i++) {
        struct gen_changes *changes = gen_changes_create();

        sample_event(changes, NULL, i);
        commit(&sample, &answers, i, changes);
    }
    gen_loop_run(sample.loop);
    for (int i = 0; i < 1000; i++) {
        cr_assert(answers.order[i] == i && answers.status[i] == GEN_OK);
    }
    cr_assert(eq(i64, answers.last_event, 1000));
    cr_assert(eq(i64, number_of(&sample, "SELECT MAX(seq) FROM event"), 1000));
    /* events are numbered in the order of the calls, without gaps */
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM event WHERE at <> "
                                         "1800000000000 + seq - 1"), 0));
    cr_assert(eq(sz, gen_store_waiting(sample.store), 0));
    sample_close(&sample);
}

Test(store, a_refused_set_leaves_nothing_and_its_neighbours_stay)
{
    static struct answers answers;
    struct sample sample;
    struct gen_store_figures figures;

    sample_open_with_loop(&sample);
    answers.loop = sample.loop;
    answers.expected = 30;
    for (int i = 0; i < 30; i++) {
        struct gen_changes *changes = gen_changes_create();

        sample_event(changes, NULL, i);
        if (i % 3 == 1) { /* the event before it must go too */
            sample_event(changes, NULL, i - 1);
        }
        commit(&sample, &answers, i, changes);
    }
    gen_loop_run(sample.loop);
    for (int i = 0; i < 30; i++) {
        cr_assert(answers.order[i] == i);
        cr_assert(answers.status[i] == (i % 3 == 1 ? GEN_ECONFLICT : GEN_OK));
    }
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM event"), 20));
    cr_assert(eq(i64, number_of(&sample, "SELECT MAX(seq) FROM event"), 20), "a gap in the log");
    gen_store_figures(sample.store, &figures);
    cr_assert(eq(u64, figures.sets, 30));
    cr_assert(eq(u64, figures.refused, 10));
    cr_assert(figures.commits >= 1 && figures.commits <= 30);
    sample_close(&sample);
}

/* Two hundred attempts want a tenth of the budget each, handed over as fast as possible. */
Test(store, two_hundred_holds_of_a_tenth_are_granted_ten_times)
{
    static struct answers answers;
    struct gen_balance balance;
    struct sample sample;
    struct gen_job *job = sample_job(1, 100);
    size_t granted = 0, refused = 0;

    sample_open_with_loop(&sample);
    answers.loop = sample.loop;
    answers.expected = 201;
    commit(&sample, &answers, -1, sample_admission(job));
    for (int i = 0; i < 200; i++) {
        struct gen_pipeline *pipeline = &job->pipelines[i % 2];
        struct gen_changes *changes = gen_changes_create();

        sample_entry(changes, job, pipeline, &pipeline->shots[i / 2], GEN_LEDGER_HOLD, DOLLAR, i);
        commit(&sample, &answers, i, changes);
    }
    gen_loop_run(sample.loop);
    for (size_t i = 1; i < answers.count; i++) {
        granted += answers.status[i] == GEN_OK;
        refused += answers.status[i] == GEN_EBUDGET;
    }
    cr_assert(eq(sz, granted, 10));
    cr_assert(eq(sz, refused, 190));
    cr_assert(strstr(answers.message, "limit is $10.00") != NULL, "%s", answers.message);
    cr_assert(strstr(answers.message, "$10.00 is held") != NULL, "%s", answers.message);
    cr_assert(strstr(answers.message, "$0.00 is left") != NULL, "%s", answers.message);
    OK(gen_read_balance(sample.store, job->id.text, &balance, NULL));
    cr_assert(eq(i64, balance.held, 10 * DOLLAR));
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM ledger_entry"), 10));
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(store, closing_commits_what_is_waiting_and_answers)
{
    static struct answers answers;
    struct sample sample;

    sample_open_with_loop(&sample);
    answers.loop = sample.loop;
    for (int i = 0; i < 500; i++) {
        struct gen_changes *changes = gen_changes_create();

        sample_event(changes, NULL, i);
        commit(&sample, &answers, i, changes);
    }
    gen_store_close(sample.store);
    cr_assert(eq(sz, answers.count, 500));
    cr_assert(answers.status[499] == GEN_OK);
    sample_open_file(&sample);
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM event"), 500));
    sample_close(&sample);
}

/* A database in memory has no thread: the same promises in turns of the loop. */
Test(store, memory_answers_in_turns_of_the_loop)
{
    static struct answers answers;
    struct sample sample;
    struct gen_store_options options = {.path = ":memory:", .volatile_ok = true};
    struct gen_store_figures figures;

    sample_folder(&sample);
    OK(gen_loop_create(&sample.loop, NULL));
    options.loop = sample.loop;
    OK(gen_store_open(&options, &sample.store, NULL));
    answers.loop = sample.loop;
    answers.expected = 2500; /* more than go together */
    for (int i = 0; i < 2500; i++) {
        struct gen_changes *changes = gen_changes_create();

        sample_event(changes, NULL, i);
        commit(&sample, &answers, i, changes);
    }
    cr_assert(eq(sz, answers.count, 0), "answered from inside the call");
    gen_loop_run(sample.loop);
    cr_assert(eq(sz, answers.count, 2500));
    cr_assert(answers.order[2499] == 2499);
    gen_store_figures(sample.store, &figures);
    cr_assert(eq(u64, figures.commits, 3), "1,000 sets go together");
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM event"), 2500));
    sample_close(&sample);
}

/* Nothing turns the loop here, so nothing is written and the queue fills up. */
Test(store, the_queue_has_an_end)
{
    static struct answers answers;
    struct sample sample;
    struct gen_store_options options = {.path = ":memory:", .volatile_ok = true};
    struct gen_changes *changes;

    sample_folder(&sample);
    OK(gen_loop_create(&sample.loop, NULL));
    options.loop = sample.loop;
    OK(gen_store_open(&options, &sample.store, NULL));
    answers.loop = sample.loop;
    for (int i = 0; i < 10000; i++) {
        commit(&sample, &answers, i, gen_changes_create());
    }
    changes = gen_changes_create();
    cr_assert(gen_store_commit(sample.store, &changes, on_done, NULL, &sample.err) == GEN_ELIMIT);
    cr_assert(changes != NULL, "taken although refused");
    gen_changes_destroy(changes);
    gen_store_close(sample.store);
    sample.store = NULL;
    cr_assert(eq(sz, answers.count, 10000));
    sample_close(&sample);
}

/* Each operation of a batch fails in turn; whatever fails, nothing of the batch is there, every
 * answer says so, and the next commit works. */
Test(store, every_operation_failing_in_turn)
{
    static const enum gen_status statuses[] = {GEN_ENOSPACE, GEN_EIO, GEN_ENOMEM};
    struct sample sample;
    struct gen_job *job = sample_job(1, 2);
    long nth = 0;
    enum gen_status status;

    sample_open(&sample);
    do {
        struct gen_changes *changes = sample_admission(job);
        enum gen_status wanted = statuses[nth % 3];

        sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[0], GEN_LEDGER_HOLD,
                     DOLLAR, 1);
        sample_event(changes, job, 1);
        gen_store_fail_at(sample.store, ++nth, wanted);
        status = sample_apply(&sample, changes);
        gen_store_fail_at(sample.store, 0, GEN_OK);
        if (status != GEN_OK) {
            cr_assert(status == wanted, "operation %ld: %s", nth, sample.err.message);
            cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM job"), 0));
            cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM event"), 0));
        }
    } while (status != GEN_OK);
    cr_assert(nth > 20, "only %ld operations", nth);
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM attempt"), 4));
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

Test(store, a_failed_commit_fails_the_whole_batch_and_the_store_goes_on)
{
    static struct answers answers;
    struct sample sample;

    /* operation 1 is BEGIN's preparation; wherever it hits, each set is answered with the status */
    sample_open_with_loop(&sample);
    answers.loop = sample.loop;
    for (int round = 1; round <= 20; round++) {
        struct gen_changes *changes = gen_changes_create();

        answers.count = 0;
        answers.expected = 1;
        gen_store_fail_at(sample.store, round, GEN_ENOSPACE);
        sample_event(changes, NULL, round);
        commit(&sample, &answers, round, changes);
        gen_loop_run(sample.loop);
        gen_store_fail_at(sample.store, 0, GEN_OK);
        if (answers.status[0] != GEN_OK) {
            cr_assert(answers.status[0] == GEN_ENOSPACE);
            cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM event"), 0));
        }
        if (answers.status[0] == GEN_OK) {
            cr_assert(round > 12, "operation %d did not fail", round);
            sample_close(&sample);
            return;
        }
    }
    cr_fatal("it never succeeded");
}

Test(store, every_allocation_failing_in_turn)
{
    struct sample sample;
    struct gen_job *job = sample_job(1, 1);
    enum gen_status status;
    long nth = 0;

    do { /* a new store each time, so that statements are prepared anew */
        struct gen_store_options options = {.path = ":memory:", .volatile_ok = true};
        struct gen_changes *changes = sample_admission(job);

        sample_event(changes, job, 1);
        memset(&sample, 0, sizeof(sample));
        gen_alloc_fail_at(++nth);
        status = gen_store_open(&options, &sample.store, &sample.err);
        if (status == GEN_OK) {
            status = gen_store_apply(sample.store, changes, &sample.err);
        }
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM, "allocation %ld: %s", nth,
                  sample.err.message);
        if (status != GEN_OK && sample.store != NULL) {
            cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM job"), 0));
            OK(gen_store_apply(sample.store, changes, NULL)); /* and it still works */
        }
        gen_changes_destroy(changes);
        gen_store_close(sample.store);
    } while (status != GEN_OK);
    cr_assert(nth > 10);
    gen_arena_destroy(job->arena);
}

/* The files as they are in the middle of work are what a kill leaves behind. */
Test(store, a_copy_taken_in_the_middle_opens_with_all_that_was_answered)
{
    struct sample sample, copy;
    char command[400];
    int64_t before;

    sample_open(&sample);
    for (int i = 0; i < 50; i++) {
        struct gen_job *job = sample_admit(&sample, i + 1, 1);

        gen_arena_destroy(job->arena);
        if (i % 10 != 9) {
            continue;
        }
        before = number_of(&sample, "SELECT COUNT(*) FROM job");
        sample_folder(&copy);
        snprintf(command, sizeof(command), "cp %s %s-wal %s/", sample.path, sample.path,
                 copy.folder);
        cr_assert(system(command) == 0);
        sample_open_file(&copy);
        cr_assert(eq(i64, number_of(&copy, "SELECT COUNT(*) FROM job"), before));
        cr_assert(eq(i64, number_of(&copy, "SELECT COUNT(*) FROM attempt"), 2 * before));
        sample_close(&copy);
    }
    sample_close(&sample);
}

struct child {
    struct sample *sample;
    int pipe, number;
};

static void child_commit(struct child *child);

static void on_child_done(void *context, enum gen_status status, const struct gen_error *err,
                          int64_t last_event)
{
    struct child *child = context;

    (void)err;
    if (status != GEN_OK || write(child->pipe, &last_event, sizeof(last_event)) < 0) {
        _exit(1);
    }
    child_commit(child);
}

static void child_commit(struct child *child)
{
    struct gen_changes *changes = gen_changes_create();

    sample_event(changes, NULL, child->number++);
    sample_event(changes, NULL, child->number++);
    if (gen_store_commit(child->sample->store, &changes, on_child_done, child, NULL) != GEN_OK) {
        _exit(1);
    }
}

/* A real kill, at no particular place: what was answered is there, in whole sets. */
Test(store, killed_processes_lose_nothing_that_was_answered)
{
    for (int round = 0; round < 8; round++) {
        struct sample sample;
        int64_t answered = 0, last, events;
        int ends[2];
        pid_t pid;

        sample_folder(&sample);
        cr_assert(pipe(ends) == 0);
        pid = fork();
        if (pid == 0) {
            struct child child = {&sample, ends[1], 1};

            OK(gen_loop_create(&sample.loop, NULL));
            sample_open_file(&sample);
            child_commit(&child);
            gen_loop_run(sample.loop);
            _exit(1);
        }
        close(ends[1]);
        while (answered < 40 * round && read(ends[0], &last, sizeof(last)) == sizeof(last)) {
            answered = last;
        }
        kill(pid, SIGKILL);
        cr_assert(waitpid(pid, NULL, 0) == pid);
        while (read(ends[0], &last, sizeof(last)) == sizeof(last)) {
            answered = last; /* answered before the kill, read after it */
        }
        close(ends[0]);
        sample_open_file(&sample);
        events = number_of(&sample, "SELECT COUNT(*) FROM event");
        cr_assert(events >= answered && events % 2 == 0, "%" PRId64 " of %" PRId64, events,
                  answered);
        cr_assert(answered >= 40 * round);
        sample_close(&sample);
    }
}

/* A log that is cut anywhere loses whole transactions from its end, never a part of one. */
Test(store, a_torn_log_loses_whole_sets_only)
{
    struct sample sample, copy;
    char command[500];
    long size;
    int64_t last = 0;

    sample_open(&sample);
    for (int i = 0; i < 5; i++) {
        struct gen_job *job = sample_admit(&sample, i + 1, 1);

        gen_arena_destroy(job->arena);
    }
    snprintf(command, sizeof(command), "%s-wal", sample.path);
    {
        FILE *file = fopen(command, "rb");

        fseek(file, 0, SEEK_END);
        size = ftell(file);
        fclose(file);
    }
    for (long cut = 0; cut <= size; cut += size / 23 + 1) {
        int64_t jobs;

        sample_folder(&copy);
        snprintf(command, sizeof(command), "cp %s %s/ && head -c %ld %s-wal > %s-wal", sample.path,
                 copy.folder, cut, sample.path, copy.path);
        cr_assert(system(command) == 0);
        sample_open_file(&copy);
        jobs = number_of(&copy, "SELECT COUNT(*) FROM job");
        cr_assert(jobs >= last && jobs <= 5);
        cr_assert(eq(i64, number_of(&copy, "SELECT COUNT(*) FROM attempt"), 2 * jobs));
        cr_assert(eq(i64, number_of(&copy, "SELECT COUNT(*) FROM pipeline"), 2 * jobs));
        last = jobs;
        sample_close(&copy);
    }
    sample_close(&sample);
}

Test(store, opening_again_gives_the_same)
{
    struct sample sample;
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 2);
    gen_store_close(sample.store);
    sample_open_file(&sample);
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM attempt"), 4));
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

/* Somebody else's file is refused and not touched. */
Test(store, what_is_not_ours_is_refused)
{
    static const struct {
        const char *make; /* shell, $f is the file */
        enum gen_status status;
        const char *says;
    } cases[] = {
        /* a text file */
        {"for i in $(seq 2000); do echo hello; done > $f", GEN_ECORRUPT, "not a database"},
        /* a folder in its place */
        {"mkdir $f", GEN_EIO, "unable to open"},
        /* no folder to put it in */
        {"rmdir $(dirname $f)", GEN_ENOTFOUND, "unable to open"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;
        struct gen_store_options options = {.volatile_ok = true};
        char command[400];
        enum gen_status status;

        sample_folder(&sample);
        options.path = sample.path;
        snprintf(command, sizeof(command), "f=%s; %s", sample.path, cases[i].make);
        cr_assert(system(command) == 0);
        status = gen_store_open(&options, &sample.store, &sample.err);
        cr_assert(status == cases[i].status, "case %zu: %s: %s", i, gen_status_word(status),
                  sample.err.message);
        cr_assert(strstr(sample.err.message, cases[i].says) != NULL, "%s", sample.err.message);
        cr_assert(eq(str, sample.err.file, sample.path));
        snprintf(command, sizeof(command), "rm -rf %s", sample.folder);
        cr_assert(system(command) == 0);
    }
}

/* Balances that were tampered with are brought back to what the ledger says. */
Test(store, balances_are_rebuilt_from_the_ledger)
{
    struct sample sample;
    struct gen_job *job;
    struct gen_changes *changes;
    struct gen_balance balance;
    struct gen_database *database;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 2);
    changes = gen_changes_create();
    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[0], GEN_LEDGER_HOLD,
                 2 * DOLLAR, 1);
    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[1], GEN_LEDGER_HOLD,
                 DOLLAR, 2);
    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[1], GEN_LEDGER_CHARGE,
                 DOLLAR, 3);
    cr_assert(sample_apply(&sample, changes) == GEN_OK);
    gen_store_close(sample.store);
    OK(gen_database_open(sample.path, 0, &database, NULL));
    OK(gen_database_run(database, "UPDATE job SET held = 9000000, spent = 0; "
                                  "UPDATE attempt SET held = 5; UPDATE pipeline SET spent = 1",
                        NULL));
    gen_database_close(database);
    sample_open_file(&sample);
    OK(gen_read_balance(sample.store, job->id.text, &balance, NULL));
    cr_assert(eq(i64, balance.held, 2 * DOLLAR));
    cr_assert(eq(i64, balance.spent, DOLLAR));
    cr_assert(eq(i64, number_of(&sample, "SELECT SUM(held) FROM attempt"), 2 * DOLLAR));
    cr_assert(eq(i64, number_of(&sample, "SELECT SUM(spent) FROM pipeline"), DOLLAR));
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}
