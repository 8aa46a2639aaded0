/* clip_reading.c - see clip_reading.h. */
#include "store/clip_reading.h"

#include "store/database.h"

#include <stdio.h>

static enum gen_status clip_ask(struct gen_database *database, const struct gen_clip_query *query,
                                struct gen_clip_found *out, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT digest, attempt, job FROM clip WHERE organization = ?1 AND request = ?2 "
        "AND created_at >= ?3 AND job <> ?4 AND NOT EXISTS (SELECT 1 FROM clip_use u "
        "WHERE u.job = ?4 AND u.made_by = clip.attempt) ORDER BY created_at DESC LIMIT 1 "
        "OFFSET ?5",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, query->organization);
    gen_statement_text(statement, query->request);
    gen_statement_integer(statement, query->since);
    gen_statement_text(statement, query->job);
    gen_statement_integer(statement, query->skip);
    status = gen_statement_next(statement, &row, err);
    if (status == GEN_OK && !row) {
        return gen_error_set(err, GEN_ENOTFOUND, "no clip has been made to this order");
    }
    if (status == GEN_OK) {
        (void)snprintf(out->digest, sizeof out->digest, "%s", gen_statement_peek_text(statement));
        gen_statement_take_ident(statement, &out->attempt);
        gen_statement_take_ident(statement, &out->job);
    }
    return status;
}

enum gen_status gen_read_clip(struct gen_store *store, const struct gen_clip_query *query,
                              struct gen_clip_found *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = clip_ask(database, query, out, err);
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_older_clip(struct gen_store *store, gen_moment before, bool *out,
                                    struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database, "SELECT EXISTS (SELECT 1 FROM clip WHERE created_at < ?)", &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_integer(statement, before);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK) {
        *out = row && gen_statement_take_integer(statement) != 0;
    }
    gen_database_leave(database);
    return status;
}
