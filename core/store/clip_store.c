/* clip_store.c - see clip_store.h. */
#include "store/clip_store.h"

enum gen_status gen_clip_store_add(struct gen_database *database, const struct gen_change *change,
                                   struct gen_error *err)
{
    const struct gen_change_clip *clip = &change->as.clip;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO clip (attempt, organization, request, digest, job, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (attempt) DO NOTHING",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, clip->attempt.text);
    gen_statement_text(statement, clip->organization);
    gen_statement_text(statement, clip->request);
    gen_statement_text(statement, clip->digest);
    gen_statement_text(statement, clip->job.text);
    gen_statement_integer(statement, clip->at);
    return gen_statement_change(statement, NULL, err);
}

static enum gen_status clip_count(struct gen_database *database, const struct gen_change_clip *clip,
                                  struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database, "UPDATE clip SET uses = uses + 1, used_at = ? WHERE attempt = ?", &statement,
        err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_integer(statement, clip->at);
    gen_statement_text(statement, clip->from.text);
    return gen_statement_change(statement, NULL, err);
}

/* What was expected to be paid is saved: it goes from the price to the savings, and their sum stays. */
static enum gen_status clip_save(struct gen_database *database, const struct gen_change_clip *clip,
                                 struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE baseline SET cache = cache + CASE WHEN price < ?1 THEN price ELSE ?1 END, "
        "price = price - CASE WHEN price < ?1 THEN price ELSE ?1 END WHERE pipeline = ?2",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_integer(statement, clip->saved);
    gen_statement_text(statement, clip->pipeline.text);
    return gen_statement_change(statement, NULL, err);
}

enum gen_status gen_clip_store_used(struct gen_database *database, const struct gen_change *change,
                                    struct gen_error *err)
{
    const struct gen_change_clip *clip = &change->as.clip;
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO clip_use (job, made_by, attempt, saved, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT DO NOTHING",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, clip->job.text);
        gen_statement_text(statement, clip->from.text);
        gen_statement_text(statement, clip->attempt.text);
        gen_statement_integer(statement, clip->saved);
        gen_statement_integer(statement, clip->at);
        status = gen_statement_change(statement, &changed, err);
    }
    if (status == GEN_OK && changed != 1) {
        status = gen_error_set(err, GEN_ECONFLICT, "job %s has the clip of attempt %s already",
                               clip->job.text, clip->from.text);
    }
    if (status == GEN_OK) {
        status = clip_count(database, clip, err);
    }
    return status == GEN_OK ? clip_save(database, clip, err) : status;
}

enum gen_status gen_clip_store_expire(struct gen_database *database,
                                      const struct gen_change *change, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(database, "DELETE FROM clip WHERE created_at < ?",
                                                  &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_integer(statement, change->as.clip.at);
    return gen_statement_change(statement, NULL, err);
}
