/* database.c - see database.h. */
#include "store/database.h"

#include "base/alloc.h"
#include "base/map.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>

enum { DATABASE_STATEMENTS = 256, DATABASE_WAIT_MS = 5000 };

struct gen_statement {
    struct gen_database *database;
    sqlite3_stmt *handle;
    int bound;  /* parameters bound so far */
    int taken;  /* columns of the row taken so far */
    int failed; /* first result of a binder that was not SQLITE_OK */
};

struct gen_database {
    sqlite3 *handle;
    struct gen_map *statements; /* text -> struct gen_statement, owned */
    atomic_long fail_in;        /* operations until the one that fails, 0 = none */
    atomic_int fail_status;
};

/* What the codes of SQLite mean to us, and what people can do about them. */
static const struct {
    int code;
    enum gen_status status;
    const char *advice; /* "" = nothing to add */
} meanings[] = {
    {SQLITE_FULL, GEN_ENOSPACE, "; free some space on this disk"},
    {SQLITE_READONLY, GEN_EDENIED, "; make the database and its folder writable for this user"},
    {SQLITE_PERM, GEN_EDENIED, ""},
    {SQLITE_AUTH, GEN_EDENIED, ""},
    {SQLITE_CORRUPT, GEN_ECORRUPT, "; restore it from a backup"},
    {SQLITE_NOTADB, GEN_ECORRUPT, "; another file stands in the place of the database"},
    {SQLITE_FORMAT, GEN_ECORRUPT, ""},
    {SQLITE_NOMEM, GEN_ENOMEM, ""},
    {SQLITE_BUSY, GEN_EBUSY, "; another program has it open for writing"},
    {SQLITE_LOCKED, GEN_EBUSY, "; another program has it open for writing"},
    {SQLITE_CONSTRAINT, GEN_ECONFLICT, ""},
    {SQLITE_TOOBIG, GEN_ETOOLARGE, ""},
    {SQLITE_INTERRUPT, GEN_ECANCELED, ""},
    {SQLITE_OK, GEN_EIO, ""}, /* anything else */
};

/* What the operating system said where SQLite only says that it failed. */
static enum gen_status database_system_status(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return GEN_ENOSPACE;
    case EACCES:
    case EPERM:
    case EROFS:
        return GEN_EDENIED;
    case ENOENT:
    case ENOTDIR:
        return GEN_ENOTFOUND;
    case ENOMEM:
        return GEN_ENOMEM;
    default:
        return GEN_EIO;
    }
}

static enum gen_status database_error(struct gen_database *database, int result,
                                      struct gen_error *err)
{
    size_t i = 0;
    int number = sqlite3_system_errno(database->handle);

    if (result == SQLITE_IOERR_NOMEM) {
        result = SQLITE_NOMEM;
    }
    if ((result & 0xff) == SQLITE_CANTOPEN || (result & 0xff) == SQLITE_IOERR) {
        return gen_error_set(err, database_system_status(number), "the database: %s%s%s",
                             sqlite3_errmsg(database->handle), number != 0 ? ": " : "",
                             number != 0 ? strerror(number) : "");
    }
    while (meanings[i].code != SQLITE_OK && meanings[i].code != (result & 0xff)) {
        i++;
    }
    return gen_error_set(err, meanings[i].status, "the database: %s%s",
                         sqlite3_errmsg(database->handle), meanings[i].advice);
}

/* Is it the turn of the operation that a test wants to see fail? */
static enum gen_status database_injected(struct gen_database *database, struct gen_error *err)
{
    if (atomic_load_explicit(&database->fail_in, memory_order_relaxed) > 0 &&
        atomic_fetch_sub(&database->fail_in, 1) == 1) {
        enum gen_status status = (enum gen_status)atomic_load(&database->fail_status);

        return gen_error_set(err, status, "the database: a failure that a test asked for (%s)",
                             gen_status_meaning(status));
    }
    return GEN_OK;
}

/* Settings of a connection, none of which reads or writes the file. */
static enum gen_status database_configure(struct gen_database *database, unsigned flags,
                                          struct gen_error *err)
{
    enum gen_status status;

    (void)sqlite3_extended_result_codes(database->handle, 1);
    (void)sqlite3_busy_timeout(database->handle, DATABASE_WAIT_MS);
    status = gen_database_run(database,
                              "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; "
                              "PRAGMA trusted_schema = OFF",
                              err);
    if (status == GEN_OK) {
        status = gen_database_run(database,
                                  (flags & GEN_DATABASE_VOLATILE) != 0
                                      ? "PRAGMA synchronous = OFF"
                                      : "PRAGMA synchronous = FULL",
                                  err);
    }
    if (status == GEN_OK && (flags & GEN_DATABASE_READER) != 0) {
        status = gen_database_run(database, "PRAGMA query_only = ON", err);
    }
    return status;
}

enum gen_status gen_database_open(const char *path, unsigned flags, struct gen_database **out,
                                  struct gen_error *err)
{
    struct gen_database *database = gen_alloc(sizeof(*database));
    int mode = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    enum gen_status status = GEN_OK;
    int result;

    if (database == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to open the database");
    }
    mode |= (flags & GEN_DATABASE_CREATE) != 0 ? SQLITE_OPEN_CREATE : 0;
    database->statements = gen_map_create(DATABASE_STATEMENTS);
    if (database->statements == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory to open the database");
        goto done;
    }
    result = sqlite3_open_v2(path, &database->handle, mode, NULL);
    if (database->handle == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory to open the database");
        goto done;
    }
    if (result != SQLITE_OK) {
        status = database_error(database, result, err);
        goto done;
    }
    status = database_configure(database, flags, err);

done:
    if (status != GEN_OK) {
        gen_database_close(database);
        return status;
    }
    *out = database;
    return GEN_OK;
}

void gen_database_close(struct gen_database *database)
{
    size_t cursor = 0;
    const char *text;
    void *value;

    if (database == NULL) {
        return;
    }
    while (database->statements != NULL &&
           gen_map_next(database->statements, &cursor, &text, &value) != 0) {
        struct gen_statement *statement = value;

        (void)sqlite3_finalize(statement->handle);
        gen_free(statement);
    }
    gen_map_destroy(database->statements);
    (void)sqlite3_close(database->handle);
    gen_free(database);
}

enum gen_status gen_database_use_log(struct gen_database *database, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row;
    enum gen_status status = gen_database_prepare(database, "PRAGMA journal_mode = WAL", &statement,
                                                  err);

    if (status == GEN_OK) {
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && row) {
        const char *mode = gen_statement_peek_text(statement);

        if (strcmp(mode, "wal") != 0 && strcmp(mode, "memory") != 0) {
            status = gen_error_set(err, GEN_EUNSUPPORTED,
                                   "the file system of the database cannot keep a write-ahead log "
                                   "(mode %s); put it on a local disk",
                                   mode);
        }
        (void)sqlite3_reset(statement->handle);
    }
    return status;
}

enum gen_status gen_database_run(struct gen_database *database, const char *sql,
                                 struct gen_error *err)
{
    enum gen_status status = database_injected(database, err);
    int result;

    if (status != GEN_OK) {
        return status;
    }
    result = sqlite3_exec(database->handle, sql, NULL, NULL, NULL);
    return result == SQLITE_OK ? GEN_OK : database_error(database, result, err);
}

enum gen_status gen_database_number(struct gen_database *database, const char *sql, int64_t *out,
                                    struct gen_error *err)
{
    enum gen_status status = database_injected(database, err);
    sqlite3_stmt *handle = NULL;
    int result;

    if (status != GEN_OK) {
        return status;
    }
    result = sqlite3_prepare_v2(database->handle, sql, -1, &handle, NULL);
    if (result == SQLITE_OK) {
        result = sqlite3_step(handle);
    }
    if (result == SQLITE_ROW || result == SQLITE_DONE) {
        *out = result == SQLITE_ROW ? sqlite3_column_int64(handle, 0) : 0;
    } else {
        status = database_error(database, result, err);
    }
    (void)sqlite3_finalize(handle);
    return status;
}

/* transactions */

static enum gen_status database_control(struct gen_database *database, const char *sql,
                                        struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(database, sql, &statement, err);

    return status == GEN_OK ? gen_statement_change(statement, NULL, err) : status;
}

enum gen_status gen_database_begin(struct gen_database *database, struct gen_error *err)
{
    return database_control(database, "BEGIN IMMEDIATE", err);
}

enum gen_status gen_database_commit(struct gen_database *database, struct gen_error *err)
{
    return database_control(database, "COMMIT", err);
}

void gen_database_rollback(struct gen_database *database)
{
    if (!sqlite3_get_autocommit(database->handle)) {
        (void)sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
    }
}

enum gen_status gen_database_save(struct gen_database *database, struct gen_error *err)
{
    return database_control(database, "SAVEPOINT one", err);
}

enum gen_status gen_database_keep(struct gen_database *database, struct gen_error *err)
{
    return database_control(database, "RELEASE one", err);
}

bool gen_database_undo(struct gen_database *database)
{
    if (sqlite3_get_autocommit(database->handle)) {
        return false;
    }
    return sqlite3_exec(database->handle, "ROLLBACK TO one; RELEASE one", NULL, NULL, NULL) ==
           SQLITE_OK;
}

enum gen_status gen_database_enter(struct gen_database *database, struct gen_error *err)
{
    return database_control(database, "BEGIN", err);
}

void gen_database_leave(struct gen_database *database)
{
    for (sqlite3_stmt *handle = sqlite3_next_stmt(database->handle, NULL); handle != NULL;
         handle = sqlite3_next_stmt(database->handle, handle)) {
        (void)sqlite3_reset(handle);
    }
    if (!sqlite3_get_autocommit(database->handle)) {
        (void)sqlite3_exec(database->handle, "COMMIT", NULL, NULL, NULL);
    }
}

/* statements */

static enum gen_status database_compile(struct gen_database *database, const char *sql,
                                        struct gen_statement **out, struct gen_error *err)
{
    struct gen_statement *statement = gen_alloc(sizeof(*statement));
    int result;

    if (statement == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for a statement");
    }
    statement->database = database;
    result = sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
                                &statement->handle, NULL);
    if (result != SQLITE_OK) {
        gen_free(statement);
        return database_error(database, result, err);
    }
    if (gen_map_put(database->statements, sql, statement, NULL) != GEN_OK) {
        (void)sqlite3_finalize(statement->handle);
        gen_free(statement);
        return gen_error_set(err, GEN_ENOMEM, "no memory for a statement");
    }
    *out = statement;
    return GEN_OK;
}

enum gen_status gen_database_prepare(struct gen_database *database, const char *sql,
                                     struct gen_statement **out, struct gen_error *err)
{
    struct gen_statement *statement = gen_map_get(database->statements, sql);
    enum gen_status status = database_injected(database, err);

    if (status == GEN_OK && statement == NULL) {
        status = database_compile(database, sql, &statement, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    GEN_CHECK(statement != NULL);
    (void)sqlite3_reset(statement->handle);
    (void)sqlite3_clear_bindings(statement->handle);
    statement->bound = 0;
    statement->taken = 0;
    statement->failed = SQLITE_OK;
    *out = statement;
    return GEN_OK;
}

static void statement_bound(struct gen_statement *statement, int result)
{
    GEN_CHECK(result != SQLITE_RANGE); /* more values than parameters: our own table of SQL */
    if (result != SQLITE_OK && statement->failed == SQLITE_OK) {
        statement->failed = result;
    }
}

void gen_statement_text(struct gen_statement *statement, const char *text)
{
    statement_bound(statement, sqlite3_bind_text64(
                                   statement->handle, ++statement->bound, text != NULL ? text : "",
                                   text != NULL ? strlen(text) : 0, SQLITE_STATIC, SQLITE_UTF8));
}

void gen_statement_integer(struct gen_statement *statement, int64_t value)
{
    statement_bound(statement, sqlite3_bind_int64(statement->handle, ++statement->bound, value));
}

void gen_statement_null(struct gen_statement *statement)
{
    statement_bound(statement, sqlite3_bind_null(statement->handle, ++statement->bound));
}

enum gen_status gen_statement_next(struct gen_statement *statement, bool *row,
                                   struct gen_error *err)
{
    enum gen_status status = database_injected(statement->database, err);
    int result;

    if (status != GEN_OK) {
        (void)sqlite3_reset(statement->handle);
        return status;
    }
    GEN_CHECK(statement->bound == sqlite3_bind_parameter_count(statement->handle));
    statement->taken = 0;
    result = statement->failed != SQLITE_OK ? statement->failed : sqlite3_step(statement->handle);
    *row = result == SQLITE_ROW;
    if (result == SQLITE_ROW) {
        return GEN_OK;
    }
    if (result != SQLITE_DONE) {
        status = database_error(statement->database, result, err);
    }
    (void)sqlite3_reset(statement->handle);
    return status;
}

enum gen_status gen_statement_change(struct gen_statement *statement, int64_t *changed,
                                     struct gen_error *err)
{
    bool row = false;
    enum gen_status status = gen_statement_next(statement, &row, err);

    GEN_CHECK(!row);
    if (status == GEN_OK && changed != NULL) {
        *changed = sqlite3_changes64(statement->database->handle);
    }
    return status;
}

int64_t gen_statement_take_integer(struct gen_statement *statement)
{
    return sqlite3_column_int64(statement->handle, statement->taken++);
}

const char *gen_statement_peek_text(struct gen_statement *statement)
{
    const char *text = (const char *)sqlite3_column_text(statement->handle, statement->taken++);

    return text != NULL ? text : "";
}

const char *gen_statement_take_text(struct gen_statement *statement, struct gen_arena *arena)
{
    return gen_arena_strdup(arena, gen_statement_peek_text(statement));
}

void gen_statement_take_ident(struct gen_statement *statement, struct gen_ident *out)
{
    const char *text = gen_statement_peek_text(statement);
    size_t size = strlen(text);

    memset(out, 0, sizeof(*out));
    if (size < sizeof(out->text)) {
        memcpy(out->text, text, size);
    }
}

const char *gen_database_next_text(const struct gen_database *database, size_t *cursor)
{
    const char *text = NULL;
    void *value;

    return gen_map_next(database->statements, cursor, &text, &value) != 0 ? text : NULL;
}

void gen_database_fail_at(struct gen_database *database, long nth, enum gen_status status)
{
    atomic_store(&database->fail_status, (int)status);
    atomic_store(&database->fail_in, nth);
}
