/* database_test.c - statements, transactions, and what failures of the file become. */
#include "unit/store/sample.h"

#include "store/database.h"

static struct gen_database *open_file(struct sample *sample, unsigned flags)
{
    struct gen_database *database = NULL;
    enum gen_status status;

    status = gen_database_open(sample->path, flags | GEN_DATABASE_VOLATILE, &database, &sample->err);
    cr_assert(status == GEN_OK, "%s", sample->err.message);
    return database;
}

static int64_t number_of(struct gen_database *database, const char *sql)
{
    int64_t number = -1;

    OK(gen_database_number(database, sql, &number, NULL));
    return number;
}

Test(database, values_come_back_as_they_were_bound)
{
    struct sample sample;
    struct gen_database *database;
    struct gen_statement *statement, *again;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_ident ident = sample_ident(GEN_IDENT_JOB, 3), out;
    bool row;

    sample_folder(&sample);
    database = open_file(&sample, GEN_DATABASE_CREATE);
    OK(gen_database_run(database, "CREATE TABLE t (a TEXT, b BIGINT, c TEXT, d TEXT, e TEXT)", NULL));
    OK(gen_database_prepare(database, "INSERT INTO t VALUES (?, ?, ?, ?, ?)", &statement, NULL));
    gen_statement_text(statement, "it's \xf0\x9f\x8e\xac; DROP TABLE t; and more");
    gen_statement_integer(statement, INT64_MIN);
    gen_statement_text(statement, NULL);
    gen_statement_null(statement);
    gen_statement_text(statement, ident.text);
    OK(gen_statement_change(statement, NULL, NULL));
    OK(gen_database_prepare(database, "SELECT a, b, c, d, b, e, a FROM t", &statement, NULL));
    OK(gen_statement_next(statement, &row, NULL));
    cr_assert(row);
    cr_assert(strcmp(gen_statement_take_text(statement, arena), "it's \xf0\x9f\x8e\xac; DROP TABLE t; and more")
              == 0);
    cr_assert(gen_statement_take_integer(statement) == INT64_MIN);
    cr_assert(gen_statement_peek_text(statement)[0] == '\0'); /* bound as "" */
    cr_assert(gen_statement_take_text(statement, arena)[0] == '\0'); /* NULL */
    cr_assert(gen_statement_take_integer(statement) == INT64_MIN);
    gen_statement_take_ident(statement, &out);
    cr_assert(strcmp(out.text, ident.text) == 0);
    gen_statement_take_ident(statement, &out);
    cr_assert(out.text[0] == '\0', "a text longer than an ident");
    OK(gen_statement_next(statement, &row, NULL));
    cr_assert(row == false);
    OK(gen_database_prepare(database, "SELECT a, b, c, d, b, e, a FROM t", &again, NULL));
    cr_assert(again == statement, "prepared twice");
    gen_arena_destroy(arena);
    gen_database_close(database);
    sample_close(&sample);
}

/* What SQLite says, as what we say. */
Test(database, failures_of_statements)
{
    static const struct {
        const char *sql;
        enum gen_status status;
        const char *says;
    } cases[] = {
        {"INSERT INTO t VALUES (1)", GEN_ECONFLICT, "UNIQUE"},
        {"INSERT INTO t VALUES (-1)", GEN_ECONFLICT, "CHECK"},
        {"INSERT INTO u VALUES (9)", GEN_ECONFLICT, "FOREIGN KEY"},
        {"INSERT INTO t VALUES (NULL)", GEN_ECONFLICT, "NOT NULL"},
        {"SELECT zeroblob(2000000000)", GEN_ETOOLARGE, "too big"},
        {"NONSENSE", GEN_EIO, "syntax error"},
        /* the file may not grow: what a full disk says */
        {"INSERT INTO big VALUES (zeroblob(1000000))", GEN_ENOSPACE, "free some space"},
    };
    struct sample sample;
    struct gen_database *database;

    sample_folder(&sample);
    database = open_file(&sample, GEN_DATABASE_CREATE);
    OK(gen_database_run(database,
                        "CREATE TABLE t (x BIGINT NOT NULL PRIMARY KEY CHECK (x > 0)); "
                        "CREATE TABLE u (x BIGINT REFERENCES t (x)); CREATE TABLE big (x); "
                        "INSERT INTO t VALUES (1); PRAGMA max_page_count = 20", NULL));
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        enum gen_status status = gen_database_run(database, cases[i].sql, &sample.err);

        cr_assert(status == cases[i].status, "%s: %s", cases[i].sql, sample.err.message);
        cr_assert(strstr(sample.err.message, cases[i].says) != NULL, "%s", sample.err.message);
    }
    OK(gen_database_run(database, "INSERT INTO t VALUES (2)", NULL)); /* still usable */
    gen_database_close(database);
    sample_close(&sample);
}

Test(database, a_reader_does_not_write)
{
    struct sample sample;
    struct gen_database *writer, *reader;

    sample_folder(&sample);
    writer = open_file(&sample, GEN_DATABASE_CREATE);
    OK(gen_database_use_log(writer, NULL));
    OK(gen_database_run(writer, "CREATE TABLE t (x BIGINT)", NULL));
    reader = open_file(&sample, GEN_DATABASE_READER);
    cr_assert(gen_database_run(reader, "INSERT INTO t VALUES (1)", &sample.err) == GEN_EDENIED);
    cr_assert(strstr(sample.err.message, "writable") != NULL, "%s", sample.err.message);
    gen_database_close(reader);
    gen_database_close(writer);
    sample_close(&sample);
}

/* A view is of one instant, and does not keep the writer waiting. */
Test(database, a_reader_sees_one_instant)
{
    struct sample sample;
    struct gen_database *writer, *reader;

    sample_folder(&sample);
    writer = open_file(&sample, GEN_DATABASE_CREATE);
    OK(gen_database_use_log(writer, NULL));
    OK(gen_database_run(writer, "CREATE TABLE t (x BIGINT)", NULL));
    reader = open_file(&sample, GEN_DATABASE_READER);
    OK(gen_database_enter(reader, NULL));
    cr_assert(eq(i64, number_of(reader, "SELECT COUNT(*) FROM t"), 0));
    OK(gen_database_run(writer, "INSERT INTO t VALUES (1)", NULL));
    cr_assert(eq(i64, number_of(reader, "SELECT COUNT(*) FROM t"), 0));
    gen_database_leave(reader);
    cr_assert(eq(i64, number_of(reader, "SELECT COUNT(*) FROM t"), 1));
    gen_database_close(reader);
    gen_database_close(writer);
    sample_close(&sample);
}

Test(database, leaving_ends_what_was_left_in_the_middle)
{
    struct sample sample;
    struct gen_database *database;
    struct gen_statement *statement;
    bool row;

    sample_folder(&sample);
    database = open_file(&sample, GEN_DATABASE_CREATE);
    OK(gen_database_run(database, "CREATE TABLE t (x BIGINT); INSERT INTO t VALUES (1), (2)", NULL));
    for (int i = 0; i < 3; i++) {
        OK(gen_database_enter(database, NULL));
        OK(gen_database_prepare(database, "SELECT x FROM t", &statement, NULL));
        OK(gen_statement_next(statement, &row, NULL));
        cr_assert(row);
        gen_database_leave(database);
    }
    OK(gen_database_begin(database, NULL)); /* no transaction was left open */
    OK(gen_database_commit(database, NULL));
    gen_database_close(database);
    sample_close(&sample);
}

Test(database, savepoints_undo_one_set)
{
    struct sample sample;
    struct gen_database *database;

    sample_folder(&sample);
    database = open_file(&sample, GEN_DATABASE_CREATE);
    OK(gen_database_run(database, "CREATE TABLE t (x BIGINT)", NULL));
    OK(gen_database_begin(database, NULL));
    for (int i = 0; i < 4; i++) {
        OK(gen_database_save(database, NULL));
        OK(gen_database_run(database, "INSERT INTO t VALUES (1)", NULL));
        if (i % 2 == 0) {
            OK(gen_database_keep(database, NULL));
        } else {
            cr_assert(gen_database_undo(database));
        }
    }
    OK(gen_database_commit(database, NULL));
    cr_assert(eq(i64, number_of(database, "SELECT COUNT(*) FROM t"), 2));
    cr_assert(gen_database_undo(database) == false, "there is no transaction to undo in");
    gen_database_close(database);
    sample_close(&sample);
}

Test(database, a_damaged_file_is_corrupt)
{
    struct sample sample;
    struct gen_database *database;
    char command[300];
    int64_t number;

    sample_folder(&sample);
    database = open_file(&sample, GEN_DATABASE_CREATE);
    OK(gen_database_run(database, "CREATE TABLE t (x TEXT); INSERT INTO t VALUES (hex(zeroblob("
                                  "50000)))", NULL));
    gen_database_close(database);
    snprintf(command, sizeof(command),
             "dd if=/dev/urandom of=%s bs=4096 seek=1 count=1 conv=notrunc 2>/dev/null",
             sample.path);
    cr_assert(system(command) == 0);
    database = open_file(&sample, 0);
    cr_assert(gen_database_number(database, "SELECT COUNT(*) FROM t", &number, &sample.err) ==
              GEN_ECORRUPT);
    cr_assert(strstr(sample.err.message, "backup") != NULL, "%s", sample.err.message);
    gen_database_close(database);
    sample_close(&sample);
}
