/* books_test.c - who changes the ledger behind the daemon's back is found by the log. */
#include "unit/store/sample.h"

#include "store/books.h"
#include "store/database.h"

/* As somebody would who has the file. */
static void tamper(struct sample *sample, const char *sql)
{
    struct gen_database *database = NULL;

    OK(gen_database_open(sample->path, GEN_DATABASE_VOLATILE, &database, NULL));
    OK(gen_database_run(database, "PRAGMA foreign_keys = OFF", NULL));
    OK(gen_database_run(database, sql, NULL));
    gen_database_close(database);
}

/* A job with a hold and a charge, each with its event, as the engine writes them. */
static void fill(struct sample *sample)
{
    struct gen_job *job = sample_admit(sample, 1, 1);
    struct gen_changes *changes = gen_changes_create();
    static const char *const data[] = {
        "{\"entryId\":\"%s\",\"attemptId\":\"%s\",\"kind\":\"hold\",\"amount\":2.5,\"accounts\":"
        "{\"funds\":-2.5,\"held\":2.5}}",
        "{\"entryId\":\"%s\",\"attemptId\":\"%s\",\"kind\":\"charge\",\"amount\":1.000001,\"accounts\":"
        "{\"held\":-1.000001,\"spent\":1.000001}}"};

    for (int i = 0; i < 2; i++) {
        struct gen_change_entry *entry;
        struct gen_change *event;

        sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[0],
                     i == 0 ? GEN_LEDGER_HOLD : GEN_LEDGER_CHARGE, i == 0 ? 2500000 : 1000001, 70 + i);
        entry = &changes->last->as.entry;
        event = gen_changes_add(changes, GEN_CHANGE_EVENT);
        event->as.event = (struct gen_change_event){
            .id = sample_ident(GEN_IDENT_EVENT, 80 + i), .kind = GEN_EVENT_LEDGER_ENTRY,
            .organization = "org_1", .job = job->id, .at = entry->at,
            .data = gen_arena_printf(changes->arena, data[i], entry->id.text, entry->attempt.text)};
    }
    OK(sample_apply(sample, changes));
    gen_arena_destroy(job->arena);
}

static const struct {
    const char *sql; /* NULL = nothing */
    enum gen_chain_fault fault;
    int64_t faults;
} cases[] = {
    {NULL, 0, 0},
    {"UPDATE ledger_entry SET amount = amount - 1 WHERE kind = 'charge'", GEN_CHAIN_LEDGER, 1},
    {"UPDATE ledger_entry SET kind = 'refund' WHERE kind = 'charge'", GEN_CHAIN_LEDGER, 1},
    /* a posting moved, one made, one taken away: the sum may be right */
    {"UPDATE posting SET amount = amount * 2 WHERE entry IN (SELECT id FROM ledger_entry WHERE kind = 'hold')",
     GEN_CHAIN_LEDGER, 1},
    {"UPDATE posting SET account = 'unverified' WHERE account = 'spent'", GEN_CHAIN_LEDGER, 1},
    {"DELETE FROM posting WHERE account = 'spent'", GEN_CHAIN_LEDGER, 1},
    {"INSERT INTO posting (entry, account, amount) SELECT id, 'unverified', 5 FROM ledger_entry WHERE kind = 'hold'",
     GEN_CHAIN_LEDGER, 1},
    /* an entry taken away, one made */
    {"DELETE FROM ledger_entry WHERE kind = 'charge'", GEN_CHAIN_LEDGER, 1},
    {"INSERT INTO ledger_entry (id, organization, job, pipeline, attempt, kind, amount, provider, basis, reference, at) "
     "SELECT 'led_forged', organization, job, pipeline, attempt, 'refund', 5, provider, basis, 'x', at FROM "
     "ledger_entry WHERE kind = 'hold'", GEN_CHAIN_UNTOLD, 1},
};

Test(books, what_was_changed_is_found)
{
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;
        struct gen_chain_check *check = gen_alloc(sizeof *check);
        struct gen_error err = {0};
        struct gen_database *database;

        sample_open(&sample);
        fill(&sample);
        database = gen_store_reader(sample.store);
        if (cases[i].sql != NULL) {
            tamper(&sample, cases[i].sql);
        }
        OK(gen_chain_verify(database, check, 1000, &err));
        cr_assert(check->faults == 0, "%zu", i);
        OK(gen_books_verify(database, 0, check, &err));
        cr_expect(check->faults == cases[i].faults, "%zu: %lld faults", i, (long long)check->faults);
        cr_expect(check->faults == 0 || check->findings[0].fault == cases[i].fault, "%zu: %s", i,
                  gen_chain_fault_word(check->findings[0].fault));
        gen_free(check);
        sample_close(&sample);
    }
}
