/* lookup.c - see lookup.h. */
#include "store/lookup.h"

#include "store/database.h"

#include <string.h>

enum { LOOKUP_DIGEST_SIZE = 65 };

/* Enters, prepares, binds one or two texts and takes the first row. The caller leaves. */
static enum gen_status lookup_begin(struct gen_database *database, const char *sql,
                                    const char *first, const char *second,
                                    struct gen_statement **statement, bool *row,
                                    struct gen_error *err)
{
    enum gen_status status = gen_database_enter(database, err);

    *row = false;
    if (status == GEN_OK) {
        status = gen_database_prepare(database, sql, statement, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    if (first != NULL) {
        gen_statement_text(*statement, first);
    }
    if (second != NULL) {
        gen_statement_text(*statement, second);
    }
    return gen_statement_next(*statement, row, err);
}

enum gen_status gen_read_key(struct gen_store *store, const char *organization, const char *key,
                             char *digest, struct gen_ident *job, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row;
    enum gen_status status = lookup_begin(
        database, "SELECT digest, job FROM idempotency_key WHERE organization = ? AND name = ?",
        organization, key, &statement, &row, err);

    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "this key has not been used");
    } else if (status == GEN_OK) {
        const char *text = gen_statement_peek_text(statement);
        size_t size = strnlen(text, LOOKUP_DIGEST_SIZE - 1);

        memcpy(digest, text, size);
        digest[size] = '\0';
        gen_statement_take_ident(statement, job);
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_storyboard(struct gen_store *store, const char *organization,
                                    const char *digest, struct gen_ident *out,
                                    struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row;
    enum gen_status status =
        lookup_begin(database, "SELECT id FROM storyboard WHERE organization = ? AND digest = ?",
                     organization, digest, &statement, &row, err);

    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no storyboard with this content");
    } else if (status == GEN_OK) {
        gen_statement_take_ident(statement, out);
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_balance(struct gen_store *store, const char *job, struct gen_balance *out,
                                 struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row;
    enum gen_status status = lookup_begin(database,
                                          "SELECT held, spent, unverified FROM job WHERE id = ?",
                                          job, NULL, &statement, &row, err);

    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no job %s", job);
    } else if (status == GEN_OK) {
        out->held = gen_statement_take_integer(statement);
        out->spent = gen_statement_take_integer(statement);
        out->unverified = gen_statement_take_integer(statement);
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_blob_used(struct gen_store *store, const char *digest, bool *used,
                                   struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row;
    enum gen_status status =
        lookup_begin(database,
                     "SELECT EXISTS (SELECT 1 FROM asset WHERE digest = ?1) "
                     "OR EXISTS (SELECT 1 FROM shot WHERE clip = ?1 AND clip <> '') "
                     "OR EXISTS (SELECT 1 FROM clip WHERE digest = ?1) "
                     "OR EXISTS (SELECT 1 FROM supply WHERE digest = ?1 AND digest <> '') "
                     "OR EXISTS (SELECT 1 FROM output WHERE digest = ?1) "
                     "OR EXISTS (SELECT 1 FROM output WHERE thumbnail = ?1 AND thumbnail <> '') "
                     "OR EXISTS (SELECT 1 FROM output WHERE sheet = ?1 AND sheet <> '')",
                     digest, NULL, &statement, &row, err);

    if (status == GEN_OK) {
        *used = row && gen_statement_take_integer(statement) != 0;
    }
    gen_database_leave(database);
    return status;
}

/* Where a figure goes; NULL for one that this version does not show. */
static int64_t *lookup_figure(struct gen_read_counts *counts, const char *kind, const char *word)
{
    const struct {
        const char *kind, *word;
        int64_t *place;
    } singles[] = {
        {"money", "held", &counts->money.held},
        {"money", "spent", &counts->money.spent},
        {"money", "unverified", &counts->money.unverified},
        {"output", "count", &counts->outputs},
        {"output", "bytes", &counts->output_bytes},
        {"asset", "count", &counts->assets},
        {"asset", "bytes", &counts->asset_bytes},
    };

    if (strcmp(kind, "job") == 0) {
        return &counts->jobs[gen_job_status_of(word)];
    }
    if (strcmp(kind, "attempt") == 0) {
        return &counts->attempts[gen_attempt_of(word)];
    }
    for (size_t i = 0; i < GEN_COUNT(singles); i++) {
        if (strcmp(kind, singles[i].kind) == 0 && strcmp(word, singles[i].word) == 0) {
            return singles[i].place;
        }
    }
    return NULL;
}

enum gen_status gen_read_counts(struct gen_store *store, struct gen_read_counts *out,
                                struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row;
    enum gen_status status = lookup_begin(database, "SELECT kind, word, value FROM figure", NULL,
                                          NULL, &statement, &row, err);

    memset(out, 0, sizeof(*out));
    while (status == GEN_OK && row) {
        const char *kind = gen_statement_peek_text(statement);
        const char *word = gen_statement_peek_text(statement);
        int64_t *place = lookup_figure(out, kind, word);

        if (place != NULL) {
            *place = gen_statement_take_integer(statement);
        }
        status = gen_statement_next(statement, &row, err);
    }
    gen_database_leave(database);
    return status;
}
