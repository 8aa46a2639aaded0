/* migration_test.c - fresh files, old files, newer files, other people's files, broken steps. */
#include "unit/store/sample.h"

#include "store/migration.h"

static const char *const one[] = {"CREATE TABLE a (x BIGINT)", NULL};
static const char *const two[] = {"CREATE TABLE b (x BIGINT)", "INSERT INTO b VALUES (1)", NULL};
static const char *const bad[] = {"CREATE TABLE c (x BIGINT)", "INSERT INTO nowhere VALUES (1)",
                                  NULL};
static const struct gen_migration first[] = {{1, "a", one}, {0, NULL, NULL}};
static const struct gen_migration second[] = {{1, "a", one}, {2, "b", two}, {0, NULL, NULL}};
static const struct gen_migration broken[] = {
    {1, "a", one}, {2, "b", two}, {3, "the bad one", bad}, {0, NULL, NULL}};

static struct gen_database *open_file(struct sample *sample)
{
    struct gen_database *database;

    OK(gen_database_open(sample->path, GEN_DATABASE_CREATE | GEN_DATABASE_VOLATILE, &database,
                         NULL));
    return database;
}

static int64_t number_of(struct gen_database *database, const char *sql)
{
    int64_t number = -1;

    OK(gen_database_number(database, sql, &number, NULL));
    return number;
}

Test(migration, each_once_and_in_order)
{
    struct sample sample;
    struct gen_database *database;
    int64_t from, to;

    sample_folder(&sample);
    database = open_file(&sample);
    OK(gen_migration_run(database, first, &from, &to, NULL));
    cr_assert(from == 0 && to == 1);
    OK(gen_migration_run(database, second, &from, &to, NULL));
    cr_assert(from == 1 && to == 2);
    OK(gen_migration_run(database, second, &from, &to, NULL));
    cr_assert(from == 2 && to == 2);
    cr_assert(eq(i64, number_of(database, "SELECT COUNT(*) FROM b"), 1));
    cr_assert(eq(i64, number_of(database, "PRAGMA application_id"), GEN_MIGRATION_APPLICATION));
    gen_database_close(database);
    sample_close(&sample);
}

Test(migration, a_newer_schema_is_refused_by_name)
{
    struct sample sample;
    struct gen_database *database;
    struct gen_error err = {0};

    sample_folder(&sample);
    database = open_file(&sample);
    OK(gen_migration_run(database, second, NULL, NULL, NULL));
    cr_assert(gen_migration_run(database, first, NULL, NULL, &err) == GEN_EUNSUPPORTED);
    cr_assert(strstr(err.message, "schema 2") != NULL && strstr(err.message, "up to 1") != NULL,
              "%s", err.message);
    gen_database_close(database);
    sample_close(&sample);
}

Test(migration, a_broken_step_leaves_the_one_before)
{
    struct sample sample;
    struct gen_database *database;
    struct gen_error err = {0};

    sample_folder(&sample);
    database = open_file(&sample);
    cr_assert(gen_migration_run(database, broken, NULL, NULL, &err) != GEN_OK);
    cr_assert(strstr(err.message, "schema 3 (the bad one)") != NULL, "%s", err.message);
    cr_assert(eq(i64, number_of(database, "PRAGMA user_version"), 2));
    cr_assert(eq(i64, number_of(database, "SELECT COUNT(*) FROM sqlite_master WHERE name = 'c'"),
                 0));
    OK(gen_migration_run(database, second, NULL, NULL, NULL)); /* and it opens as before */
    gen_database_close(database);
    sample_close(&sample);
}

/* Every operation fails once: the file is at one of the numbers, never between. */
Test(migration, every_operation_failing_in_turn)
{
    enum gen_status status;
    long nth = 0;

    do {
        struct sample sample;
        struct gen_database *database;
        int64_t version, tables;

        sample_folder(&sample);
        database = open_file(&sample);
        gen_database_fail_at(database, ++nth, GEN_ENOSPACE);
        status = gen_migration_run(database, second, NULL, NULL, NULL);
        gen_database_fail_at(database, 0, GEN_OK);
        cr_assert(status == GEN_OK || status == GEN_ENOSPACE);
        version = number_of(database, "PRAGMA user_version");
        tables = number_of(database, "SELECT COUNT(*) FROM sqlite_master");
        cr_assert(version == tables, "operation %ld: schema %" PRId64 " with %" PRId64 " tables",
                  nth, version, tables);
        OK(gen_migration_run(database, second, NULL, NULL, NULL));
        gen_database_close(database);
        sample_close(&sample);
    } while (status != GEN_OK);
    cr_assert(nth > 10);
}

Test(migration, other_peoples_databases_are_refused_and_left_alone)
{
    static const char *const makes[] = {
        "CREATE TABLE theirs (x INTEGER)", /* no id, but tables */
        "PRAGMA application_id = 42",      /* another id */
        "PRAGMA user_version = 3",         /* no id, but a version */
    };

    for (size_t i = 0; i < GEN_COUNT(makes); i++) {
        struct sample sample;
        struct gen_database *database;
        struct gen_error err = {0};

        sample_folder(&sample);
        database = open_file(&sample);
        OK(gen_database_run(database, makes[i], NULL));
        cr_assert(gen_migration_run(database, second, NULL, NULL, &err) == GEN_ECORRUPT);
        cr_assert(strstr(err.message, "another program") != NULL, "%s", err.message);
        cr_assert(eq(i64, number_of(database, "SELECT COUNT(*) FROM sqlite_master WHERE "
                                              "name IN ('a', 'b')"), 0));
        gen_database_close(database);
        sample_close(&sample);
    }
}
