/* schema_test.c - the words in CHECK are exactly those of the model's tables. */
#include "unit/store/sample.h"

#include "store/database.h"
#include "store/migration.h"
#include "store/schema.h"

static const char *const job_words[] = {
#define WORD(name, word, terminal) word,
    GEN_JOB_STATUS_TABLE(WORD) NULL};
static const char *const pipeline_words[] = {GEN_PIPELINE_STATUS_TABLE(WORD) NULL};
#undef WORD
static const char *const stage_words[] = {
    "",
#define WORD(name, word) word,
    GEN_STAGE_TABLE(WORD) NULL};
static const char *const role_words[] = {GEN_SHOT_ROLE_TABLE(WORD) NULL};
static const char *const ledger_words[] = {GEN_LEDGER_TABLE(WORD) NULL};
static const char *const account_words[] = {GEN_ACCOUNT_TABLE(WORD) NULL};
#undef WORD
static const char *const attempt_words[] = {
#define WORD(name, word, terminal, held) word,
    GEN_ATTEMPT_TABLE(WORD) NULL};
#undef WORD
static const char *const failure_words[] = {
    "",
#define WORD(name, value, word, text) word,
    GEN_FAILURE_TABLE(WORD) NULL};
#undef WORD

static const struct {
    const char *table, *column;
    const char *const *words;
} cases[] = {
    {"job", "status", job_words},         {"pipeline", "status", pipeline_words},
    {"pipeline", "stage", stage_words},   {"pipeline", "failure", failure_words},
    {"attempt", "state", attempt_words},  {"attempt", "failure", failure_words},
    {"ledger_entry", "kind", ledger_words}, {"shot", "role", role_words},
    {"posting", "account", account_words},
};

Test(schema, every_word_of_the_model_and_no_other)
{
    struct sample sample;
    struct gen_database *database;
    struct gen_changes *changes = gen_changes_create();
    struct gen_job *job;
    char sql[200];

    sample_open(&sample);
    job = sample_admit(&sample, 1, 1);
    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[0], GEN_LEDGER_HOLD, 1,
                 1);
    OK(sample_apply(&sample, changes));
    OK(gen_database_open(sample.path, 0, &database, NULL));
    OK(gen_database_run(database, "DELETE FROM posting WHERE account = 'funds'", NULL));
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        for (size_t k = 0; cases[i].words[k] != NULL; k++) {
            snprintf(sql, sizeof(sql), "UPDATE %s SET %s = '%s'", cases[i].table, cases[i].column,
                     cases[i].words[k]);
            cr_assert(gen_database_run(database, sql, &sample.err) == GEN_OK, "%s: %s", sql,
                      sample.err.message);
        }
        snprintf(sql, sizeof(sql), "UPDATE %s SET %s = 'other'", cases[i].table, cases[i].column);
        cr_assert(gen_database_run(database, sql, NULL) == GEN_ECONFLICT, "%s", sql);
    }
    gen_database_close(database);
    gen_arena_destroy(job->arena);
    sample_close(&sample);
}

/* A child column without an index makes every deletion of its parent a scan. Pipelines and
 * storyboards are never deleted but with their job, whose column is indexed everywhere. */
Test(schema, every_foreign_key_has_an_index)
{
    struct sample sample;
    int64_t without = -1;

    sample_open(&sample);
    OK(gen_database_number(
        gen_store_reader(sample.store),
        "SELECT COUNT(*) FROM sqlite_master m, pragma_foreign_key_list(m.name) f "
        "WHERE m.type = 'table' AND m.name NOT IN ('job') AND NOT EXISTS (SELECT 1 FROM "
        "pragma_index_list(m.name) l, pragma_index_info(l.name) c "
        "WHERE c.seqno = 0 AND c.name = f.\"from\") AND f.\"from\" NOT IN ('pipeline')", &without,
        NULL));
    cr_assert(eq(i64, without, 0));
    sample_close(&sample);
}

static void same_row(struct gen_database *database, const char *sql, const char *expected)
{
    struct gen_statement *statement;
    bool row = false;

    OK(gen_database_prepare(database, sql, &statement, NULL));
    OK(gen_statement_next(statement, &row, NULL));
    cr_assert(row);
    cr_assert(eq(str, (char *)gen_statement_peek_text(statement), (char *)expected));
    OK(gen_statement_next(statement, &row, NULL));
}

/* Shots of before had the provider of their pipeline. */
Test(schema, shots_of_an_older_database)
{
    static const char *const old[] = {
        "INSERT INTO storyboard (id, organization, digest) VALUES ('s', 'o', 'd')",
        "INSERT INTO job (id, storyboard, organization, status) VALUES ('j', 's', 'o', 'queued')",
        "INSERT INTO pipeline (id, job, ordinal, provider, model, model_flags, status, stage) "
        "VALUES ('p', 'j', 1, 'local', 'studio', 5, 'queued', ''), "
        "('q', 'j', 2, 'fake', 'pay', 4, 'queued', '')",
        "INSERT INTO shot (id, job, pipeline) VALUES ('x', 'j', 'p'), ('y', 'j', 'q')"};
    struct gen_migration before[] = {gen_schema[0], gen_schema[1], {0, NULL, NULL}};
    struct sample sample;
    struct gen_database *database;

    sample_folder(&sample);
    OK(gen_database_open(sample.path, GEN_DATABASE_CREATE, &database, &sample.err));
    OK(gen_migration_run(database, before, NULL, NULL, &sample.err));
    for (size_t i = 0; i < GEN_COUNT(old); i++) {
        cr_assert(gen_database_run(database, old[i], &sample.err) == GEN_OK, "%s: %s", old[i],
                  sample.err.message);
    }
    OK(gen_migration_run(database, gen_schema, NULL, NULL, &sample.err));
    same_row(database, "SELECT role || provider || model || model_flags FROM shot WHERE id = 'x'",
             "wholelocalstudio5");
    same_row(database, "SELECT role || provider || model || model_flags FROM shot WHERE id = 'y'",
             "scenefakepay4");
    gen_database_close(database);
    sample_close(&sample);
}

/* Entries of before become postings: whatever they were, balances stay what they were by the old rule. */
Test(schema, the_ledger_of_an_older_database)
{
    static const char *const old[] = {
        "INSERT INTO storyboard (id, organization, digest) VALUES ('s', 'o', 'd')",
        "INSERT INTO job (id, storyboard, organization, status) VALUES ('j', 's', 'o', 'queued')",
        ("INSERT INTO pipeline (id, job, ordinal, provider, model, status, stage) "
         "VALUES ('p', 'j', 1, 'fake', 'pay', 'queued', '')"),
        "INSERT INTO shot (id, job, pipeline, provider, model) VALUES ('x', 'j', 'p', 'fake', 'pay')"};
    static const struct {
        const char *what;
        int hold, charge, release, unverified; /* 0 = no such entry */
        int held, doubt, spent;
    } lives[] = {
        {"under way", 100, 0, 0, 0, 100, 0, 0},       {"settled", 100, 60, 40, 0, 0, 0, 60},
        {"not billed", 100, 0, 100, 0, 0, 0, 0},      {"nobody knows", 100, 0, 0, 100, 0, 100, 0},
        {"billed beyond", 100, 150, 0, 0, 0, 0, 150}, {"late charge", 100, 70, 30, 100, 0, 0, 70},
        {"half of it", 100, 30, 0, 50, 20, 50, 30},   {"a charge alone", 0, 10, 0, 0, 0, 0, 10},
        {"more than both", 100, 170, 0, 100, 0, 0, 170}, {"some let go", 100, 0, 70, 50, 0, 30, 0},
    };
    struct gen_migration before[] = {gen_schema[0], gen_schema[1], gen_schema[2], {0, NULL, NULL}};
    struct sample sample;
    struct gen_database *database;
    char sql[400], row[100];

    sample_folder(&sample);
    OK(gen_database_open(sample.path, GEN_DATABASE_CREATE, &database, &sample.err));
    OK(gen_migration_run(database, before, NULL, NULL, &sample.err));
    for (size_t i = 0; i < GEN_COUNT(old); i++) {
        OK(gen_database_run(database, old[i], &sample.err));
    }
    for (size_t i = 0; i < GEN_COUNT(lives); i++) {
        const int amounts[] = {lives[i].hold, lives[i].charge, lives[i].release, lives[i].unverified};
        static const char *const kinds[] = {"hold", "charge", "release", "unverified"};

        snprintf(sql, sizeof(sql), "INSERT INTO attempt (id, job, pipeline, shot, ordinal, state, held, "
                 "unverified) VALUES ('a%zu', 'j', 'p', 'x', %zu, 'settled', %d, %d)", i, i,
                 lives[i].held, lives[i].doubt);
        OK(gen_database_run(database, sql, &sample.err));
        for (size_t k = 0; k < GEN_COUNT(kinds); k++) {
            snprintf(sql, sizeof(sql), "INSERT INTO ledger_entry (id, job, pipeline, attempt, kind, "
                     "amount, at) VALUES ('e%zu%zu', 'j', 'p', 'a%zu', '%s', %d, %d)", i, k, i, kinds[k],
                     amounts[k], 1000 + (int)k);
            if (amounts[k] > 0) {
                OK(gen_database_run(database, sql, &sample.err));
            }
        }
    }
    cr_assert(gen_migration_run(database, gen_schema, NULL, NULL, &sample.err) == GEN_OK, "%s",
              sample.err.message);
    for (size_t i = 0; i < GEN_COUNT(lives); i++) {
        snprintf(sql, sizeof(sql), "SELECT held || ' ' || unverified || ' ' || spent FROM "
                 "ledger_by_attempt WHERE attempt = 'a%zu'", i);
        snprintf(row, sizeof(row), "%d %d %d", lives[i].held, lives[i].doubt, lives[i].spent);
        same_row(database, sql, row);
        snprintf(sql, sizeof(sql), "SELECT held || ' ' || unverified || ' ' || spent FROM attempt "
                 "WHERE id = 'a%zu' AND organization = 'o' AND provider = 'fake' AND model = 'pay' "
                 "AND held_at >= 1000", i);
        same_row(database, sql, row);
    }
    same_row(database, "SELECT COUNT(*) FROM (SELECT 1 FROM posting GROUP BY entry HAVING "
                       "SUM(amount) <> 0)", "0");
    same_row(database, "SELECT COUNT(*) FROM ledger_entry e WHERE NOT EXISTS (SELECT 1 FROM posting p "
                       "WHERE p.entry = e.id)", "0");
    gen_database_close(database);
    sample_close(&sample);
}
