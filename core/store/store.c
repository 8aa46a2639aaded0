/* store.c - see store.h. */
#include "store/store.h"

#include "base/alloc.h"
#include "store/budget_use.h"
#include "store/chain.h"
#include "store/ledger_store.h"
#include "store/migration.h"
#include "store/writer.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct gen_store {
    struct gen_database *database; /* the writer's */
    struct gen_database *reader;   /* the same one when the database is in memory */
    struct gen_writer *writer;
};

/* Ids of all jobs that are not over. */
static enum gen_status store_open_jobs(struct gen_database *database, struct gen_arena *arena,
                                       struct gen_ident **out, size_t *count, struct gen_error *err)
{
    struct gen_statement *statement;
    struct gen_ident *ids = NULL;
    int64_t total = 0;
    bool row = true;
    enum gen_status status = gen_database_number(
        database,
        "SELECT COUNT(*) FROM job WHERE status IN ('queued', 'in_progress', 'canceling', "
        "'needs_attention')",
        &total, err);

    *count = 0;
    if (status == GEN_OK) {
        ids = gen_arena_array(arena, (size_t)total, sizeof(*ids));
        status = ids != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "no memory for jobs");
    }
    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "SELECT id FROM job WHERE status IN ('queued', 'in_progress', 'canceling', "
            "'needs_attention')",
            &statement, err);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            gen_statement_take_ident(statement, &ids[(*count)++]);
        }
    }
    *out = ids;
    return status;
}

/* The ledger is the truth; the balances of jobs that are not over are compared with it once. */
static enum gen_status store_check_ledger(struct gen_database *database, const struct gen_log *log,
                                          struct gen_error *err)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_ident *ids = NULL;
    bool differed = false;
    size_t count = 0;
    enum gen_status status;

    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory for jobs");
    }
    status = gen_database_begin(database, err);
    if (status == GEN_OK) {
        status = store_open_jobs(database, arena, &ids, &count, err);
    }
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        bool corrected = false;

        status = gen_ledger_store_rebuild(database, ids[i].text, &corrected, err);
        differed = differed || corrected;
        if (corrected) {
            gen_log_line(log, GEN_LEVEL_WARN, "store",
                         "corrected balances that differed from the ledger", "job", ids[i].text,
                         NULL);
        }
    }
    if (status == GEN_OK) { /* made again from the ledger when they are asked for */
        status = differed ? gen_budget_use_clear(database, err)
                          : gen_budget_use_tidy(database, err);
    }
    if (status == GEN_OK) {
        status = gen_database_commit(database, err);
    }
    if (status != GEN_OK) {
        gen_database_rollback(database);
    }
    gen_arena_destroy(arena);
    return status;
}

static enum gen_status store_prepare_file(struct gen_store *store,
                                          const struct gen_store_options *options,
                                          struct gen_error *err)
{
    unsigned flags = options->volatile_ok ? GEN_DATABASE_VOLATILE : 0;
    int64_t from = 0, to = 0, sealed = 0;
    char before[24], after[24];
    enum gen_status status = gen_database_open(options->path, flags | GEN_DATABASE_CREATE,
                                               &store->database, err);

    if (status == GEN_OK) {
        status = gen_migration_run(store->database, gen_schema, &from, &to, err);
    }
    if (status == GEN_OK) {
        status = gen_database_use_log(store->database, err);
    }
    if (status == GEN_OK) { /* events of a version that knew no hashes */
        status = gen_chain_seal(store->database, &sealed, err);
    }
    if (status == GEN_OK && from > 0) {
        status = store_check_ledger(store->database, options->log, err);
    }
    if (status == GEN_OK && strcmp(options->path, ":memory:") == 0) {
        store->reader = store->database;
    } else if (status == GEN_OK) {
        status = gen_database_open(options->path, flags | GEN_DATABASE_READER, &store->reader, err);
    }
    if (status == GEN_OK) {
        (void)snprintf(before, sizeof(before), "%" PRId64, from);
        (void)snprintf(after, sizeof(after), "%" PRId64, to);
        gen_log_line(options->log, GEN_LEVEL_INFO, "store", "opened the database", "path",
                     options->path, "schema", after, "from", from != to ? before : NULL, NULL);
    }
    return status;
}

enum gen_status gen_store_open(const struct gen_store_options *options, struct gen_store **out,
                               struct gen_error *err)
{
    struct gen_store *store = gen_alloc(sizeof(*store));
    bool memory = strcmp(options->path, ":memory:") == 0;
    enum gen_status status;

    if (store == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to open the database");
    }
    GEN_CHECK(options->path[0] != '\0' && (options->volatile_ok || !memory));
    status = store_prepare_file(store, options, err);
    if (status == GEN_OK) {
        struct gen_writer_options writer = {.database = store->database,
                                            .loop = options->loop,
                                            .threaded = !memory,
                                            .patient = options->patient && !memory};

        status = gen_writer_open(&writer, &store->writer, err);
    }
    if (status != GEN_OK) {
        gen_error_place(err, options->path, 0, 0, NULL);
        gen_store_close(store);
        return status;
    }
    *out = store;
    return GEN_OK;
}

void gen_store_close(struct gen_store *store)
{
    if (store == NULL) {
        return;
    }
    gen_writer_close(store->writer);
    if (store->reader != store->database) {
        gen_database_close(store->reader);
    }
    /* The last connection to close, so that it folds the write-ahead log into the file. */
    gen_database_close(store->database);
    gen_free(store);
}

enum gen_status gen_store_commit(struct gen_store *store, struct gen_changes **changes,
                                 gen_store_done *done, void *context, struct gen_error *err)
{
    return gen_writer_commit(store->writer, changes, done, context, err);
}

enum gen_status gen_store_apply(struct gen_store *store, const struct gen_changes *changes,
                                struct gen_error *err)
{
    return gen_writer_apply(store->writer, changes, err);
}

enum gen_status gen_store_trouble(struct gen_store *store, struct gen_error *err)
{
    return gen_writer_trouble(store->writer, err);
}

size_t gen_store_waiting(const struct gen_store *store)
{
    return gen_writer_waiting(store->writer);
}

void gen_store_figures(const struct gen_store *store, struct gen_store_figures *out)
{
    struct gen_writer_figures figures;

    gen_writer_figures(store->writer, &figures);
    *out = (struct gen_store_figures){
        .commits = figures.commits,
        .sets = figures.sets,
        .refused = figures.refused,
        .commit_ms_total = figures.commit_ms_total,
        .commit_ms_most = figures.commit_ms_most,
    };
}

struct gen_database *gen_store_reader(struct gen_store *store)
{
    return store->reader;
}

void gen_store_fail_at(struct gen_store *store, long nth, enum gen_status status)
{
    gen_database_fail_at(store->database, nth, status);
}
