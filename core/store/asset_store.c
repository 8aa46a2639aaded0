/* asset_store.c - see asset_store.h. */
#include "store/asset_store.h"

enum gen_status gen_asset_store_add(struct gen_database *database, const struct gen_change *change,
                                    struct gen_error *err)
{
    const struct gen_asset *asset = &change->as.asset;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO asset (id, organization, digest, name, kind, media_type, size, width, height, "
        "duration_ms, created_at, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, asset->id.text);
    gen_statement_text(statement, asset->organization);
    gen_statement_text(statement, asset->digest);
    gen_statement_text(statement, asset->name);
    gen_statement_text(statement, asset->kind);
    gen_statement_text(statement, asset->media_type);
    gen_statement_integer(statement, asset->size);
    gen_statement_integer(statement, asset->width);
    gen_statement_integer(statement, asset->height);
    gen_statement_integer(statement, asset->duration_ms);
    gen_statement_integer(statement, asset->created_at);
    gen_statement_integer(statement, asset->created_at);
    return gen_statement_change(statement, NULL, err);
}

/* Runs a change that must hit its one row. */
static enum gen_status asset_store_one(struct gen_statement *statement,
                                       const struct gen_change_upload *upload, const char *why,
                                       struct gen_error *err)
{
    int64_t changed = 0;
    enum gen_status status = gen_statement_change(statement, &changed, err);

    return status == GEN_OK && changed != 1
               ? gen_error_set(err, GEN_ECONFLICT, "asset %s %s", upload->id.text, why)
               : status;
}

enum gen_status gen_asset_store_sent(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    const struct gen_change_upload *upload = &change->as.upload;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE asset SET sent_at = CASE WHEN sent_at < ?1 THEN ?1 ELSE sent_at END "
        "WHERE id = ?2",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_integer(statement, upload->at);
    gen_statement_text(statement, upload->id.text);
    return asset_store_one(statement, upload, "has been removed", err);
}

enum gen_status gen_asset_store_used(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    const struct gen_change_upload *upload = &change->as.upload;
    struct gen_statement *statement;
    enum gen_status status =
        gen_database_prepare(database, "UPDATE asset SET used = 1 WHERE id = ?", &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, upload->id.text);
    return asset_store_one(statement, upload,
                           "has been removed, since no job had used it for long; upload the file "
                           "again and put its new id into the brief",
                           err);
}

enum gen_status gen_asset_store_remove(struct gen_database *database,
                                       const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_upload *upload = &change->as.upload;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO loose_blob (digest) SELECT digest FROM asset WHERE id = ? "
        "ON CONFLICT (digest) DO NOTHING",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, upload->id.text);
        status = gen_statement_change(statement, NULL, err);
    }
    if (status == GEN_OK) {
        status = gen_database_prepare(
            database, "DELETE FROM asset WHERE id = ? AND used = 0 AND sent_at <= ?", &statement,
            err);
    }
    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, upload->id.text);
    gen_statement_integer(statement, upload->at);
    return asset_store_one(statement, upload, "is needed, or gone already", err);
}

enum gen_status gen_asset_store_tied(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status =
        gen_database_prepare(database, "DELETE FROM loose_blob WHERE digest = ?", &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, change->as.upload.digest);
    return gen_statement_change(statement, NULL, err);
}
