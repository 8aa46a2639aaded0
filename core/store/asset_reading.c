/* asset_reading.c - see asset_reading.h. */
#include "store/asset_reading.h"

#include "store/database.h"

#define COLUMNS \
    "SELECT id, organization, digest, name, kind, media_type, size, width, height, duration_ms, " \
    "created_at FROM asset "

static void asset_take(struct gen_statement *statement, struct gen_arena *arena,
                       struct gen_asset *out)
{
    gen_statement_take_ident(statement, &out->id);
    out->organization = gen_statement_take_text(statement, arena);
    out->digest = gen_statement_take_text(statement, arena);
    out->name = gen_statement_take_text(statement, arena);
    out->kind = gen_statement_take_text(statement, arena);
    out->media_type = gen_statement_take_text(statement, arena);
    out->size = gen_statement_take_integer(statement);
    out->width = (int32_t)gen_statement_take_integer(statement);
    out->height = (int32_t)gen_statement_take_integer(statement);
    out->duration_ms = gen_statement_take_integer(statement);
    out->created_at = gen_statement_take_integer(statement);
}

/* One asset, by a statement with two parameters: what it is looked for by, and the organization. */
static enum gen_status asset_one(struct gen_store *store, const char *sql, const char *key,
                                 const char *organization, struct gen_arena *arena,
                                 struct gen_asset *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(database, sql, &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, key);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no asset %s", key);
    } else if (status == GEN_OK) {
        asset_take(statement, arena, out);
        status = gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "no memory for an asset")
                                         : GEN_OK;
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_asset(struct gen_store *store, const char *organization, const char *asset,
                               struct gen_arena *arena, struct gen_asset *out,
                               struct gen_error *err)
{
    return asset_one(store, COLUMNS "WHERE id = ? AND organization = ?", asset, organization, arena,
                     out, err);
}

enum gen_status gen_read_asset_of_digest(struct gen_store *store, const char *organization,
                                         const char *digest, struct gen_arena *arena,
                                         struct gen_asset *out, struct gen_error *err)
{
    return asset_one(store, COLUMNS "WHERE digest = ? AND organization = ? ORDER BY id LIMIT 1",
                     digest, organization, arena, out, err);
}

enum gen_status gen_read_assets(struct gen_store *store, const char *organization,
                                const char *after, int64_t limit, struct gen_arena *arena,
                                struct gen_asset **out, size_t *count, bool *more,
                                struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    struct gen_asset *assets;
    bool row = true, first = after == NULL || after[0] == '\0';
    size_t total = 0;
    enum gen_status status = gen_database_enter(database, err);

    limit = limit < 1 ? 1 : limit > GEN_ASSET_READING_MOST ? GEN_ASSET_READING_MOST : limit;
    assets = gen_arena_array(arena, (size_t)limit, sizeof(*assets));
    *more = false;
    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            first ? COLUMNS "WHERE organization = ? ORDER BY id DESC LIMIT ?"
                  : COLUMNS "WHERE organization = ? AND id < ? ORDER BY id DESC LIMIT ?",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, organization);
        if (!first) {
            gen_statement_text(statement, after);
        }
        gen_statement_integer(statement, limit + 1);
    }
    while (status == GEN_OK && row && !*more && !gen_arena_failed(arena)) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row && total < (size_t)limit) {
            asset_take(statement, arena, &assets[total++]);
        } else {
            *more = status == GEN_OK && row;
        }
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the list of assets");
    }
    if (status == GEN_OK) {
        *out = assets;
        *count = total;
    }
    return status;
}

enum gen_status gen_read_unused_assets(struct gen_store *store, gen_moment before,
                                       struct gen_arena *arena, struct gen_asset **out,
                                       size_t *count, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    struct gen_asset *assets = gen_arena_array(arena, GEN_ASSET_READING_MOST, sizeof(*assets));
    bool row = true;
    size_t total = 0;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database, COLUMNS "WHERE used = 0 AND sent_at < ? ORDER BY sent_at, id LIMIT ?",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_integer(statement, before);
        gen_statement_integer(statement, GEN_ASSET_READING_MOST);
    }
    while (status == GEN_OK && row && !gen_arena_failed(arena)) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            asset_take(statement, arena, &assets[total++]);
        }
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the list of unused assets");
    }
    *out = assets;
    *count = status == GEN_OK ? total : 0;
    return status;
}

enum gen_status gen_read_loose_blobs(struct gen_store *store, const char *after,
                                     struct gen_arena *arena, const char ***out, size_t *count,
                                     struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    const char **digests = gen_arena_array(arena, GEN_ASSET_READING_MOST, sizeof(*digests));
    bool row = true;
    size_t total = 0;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database, "SELECT digest FROM loose_blob WHERE digest > ? ORDER BY digest LIMIT ?",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, after);
        gen_statement_integer(statement, GEN_ASSET_READING_MOST);
    }
    while (status == GEN_OK && row && !gen_arena_failed(arena)) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            digests[total++] = gen_statement_take_text(statement, arena);
        }
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the list of loose blobs");
    }
    *out = digests;
    *count = status == GEN_OK ? total : 0;
    return status;
}
