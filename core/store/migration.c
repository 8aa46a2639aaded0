/* migration.c - see migration.h. */
#include "store/migration.h"

#include <inttypes.h>
#include <stdio.h>

/* Is it ours, or empty? `*version` is the number of its last migration. */
static enum gen_status migration_recognize(struct gen_database *database, int64_t newest,
                                           int64_t *version, struct gen_error *err)
{
    int64_t application = 0, tables = 0;
    enum gen_status status = gen_database_number(database, "PRAGMA application_id", &application,
                                                 err);

    if (status == GEN_OK) {
        status = gen_database_number(database, "PRAGMA user_version", version, err);
    }
    if (status == GEN_OK) {
        status = gen_database_number(database, "SELECT COUNT(*) FROM sqlite_master", &tables, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    if (application != GEN_MIGRATION_APPLICATION &&
        (application != 0 || *version != 0 || tables != 0)) {
        return gen_error_set(err, GEN_ECORRUPT,
                             "it is a database of another program (application id %" PRId64
                             "); choose another file",
                             application);
    }
    if (*version > newest) {
        return gen_error_set(err, GEN_EUNSUPPORTED,
                             "the database has schema %" PRId64 ", made by a newer version; this "
                             "version knows schemas up to %" PRId64 "; install the newer version",
                             *version, newest);
    }
    return GEN_OK;
}

static enum gen_status migration_perform(struct gen_database *database,
                                         const struct gen_migration *migration,
                                         struct gen_error *err)
{
    char mark[96];
    enum gen_status status = gen_database_begin(database, err);

    if (status != GEN_OK) {
        return status;
    }
    for (const char *const *sql = migration->statements; *sql != NULL && status == GEN_OK; sql++) {
        status = gen_database_run(database, *sql, err);
    }
    if (status == GEN_OK) {
        (void)snprintf(mark, sizeof(mark),
                       "PRAGMA application_id = %" PRId64 "; PRAGMA user_version = %d",
                       GEN_MIGRATION_APPLICATION, migration->number);
        status = gen_database_run(database, mark, err);
    }
    if (status == GEN_OK) {
        status = gen_database_commit(database, err);
    }
    if (status != GEN_OK) {
        gen_database_rollback(database);
    }
    if (status != GEN_OK && err != NULL) {
        gen_error_within(err, "schema %d (%s)", migration->number, migration->what);
    }
    return status;
}

enum gen_status gen_migration_run(struct gen_database *database,
                                  const struct gen_migration *migrations, int64_t *from,
                                  int64_t *to, struct gen_error *err)
{
    int64_t newest = 0, version = 0;
    enum gen_status status;

    for (const struct gen_migration *row = migrations; row->number != 0; row++) {
        GEN_CHECK(row->number == newest + 1);
        newest = row->number;
    }
    status = migration_recognize(database, newest, &version, err);
    if (from != NULL) {
        *from = version;
    }
    for (const struct gen_migration *row = migrations; row->number != 0 && status == GEN_OK;
         row++) {
        if (row->number > version) {
            status = migration_perform(database, row, err);
        }
    }
    if (to != NULL) {
        *to = newest;
    }
    return status;
}
