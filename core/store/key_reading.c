/* key_reading.c - see key_reading.h. */
#include "store/key_reading.h"

#include "store/database.h"
#include "store/key_store.h"

#include <string.h>

#define COLUMNS \
    "SELECT id, organization, name, user_id, teams, role, permissions, digest, hint, " \
    "most_priority, jobs_per_day, parallel, spend, spend_period, budget, created_by, created_at, " \
    "updated_at, expires_at, revoked_at, used_at, version, requests_per_minute, seconds_per_day, " \
    "frozen FROM api_key "

static void key_take(struct gen_statement *statement, struct gen_arena *arena,
                     struct gen_access_key *out)
{
    const char *role;

    gen_statement_take_ident(statement, &out->id);
    out->organization = gen_statement_take_text(statement, arena);
    out->name = gen_statement_take_text(statement, arena);
    out->user = gen_statement_take_text(statement, arena);
    out->teams = gen_statement_take_text(statement, arena);
    role = gen_statement_peek_text(statement);
    out->role = gen_role_of(role, strlen(role));
    out->permissions = gen_permissions_of(gen_statement_peek_text(statement));
    out->digest = gen_statement_take_text(statement, arena);
    out->hint = gen_statement_take_text(statement, arena);
    out->most_priority = (int32_t)gen_statement_take_integer(statement);
    out->quota.jobs_per_day = gen_statement_take_integer(statement);
    out->quota.parallel = (int32_t)gen_statement_take_integer(statement);
    out->quota.spend = gen_statement_take_integer(statement);
    out->spend_period = gen_period_of(gen_statement_peek_text(statement));
    gen_statement_take_ident(statement, &out->budget);
    out->created_by = gen_statement_take_text(statement, arena);
    out->created_at = gen_statement_take_integer(statement);
    out->updated_at = gen_statement_take_integer(statement);
    out->expires_at = gen_statement_take_integer(statement);
    out->revoked_at = gen_statement_take_integer(statement);
    out->used_at = gen_statement_take_integer(statement);
    out->version = gen_statement_take_integer(statement);
    out->quota.requests_per_minute = gen_statement_take_integer(statement);
    out->quota.seconds_per_day = gen_statement_take_integer(statement);
    out->quota.frozen = gen_statement_take_integer(statement) != 0;
    out->quota.spend_period = (int)out->spend_period;
}

/* The one key that a statement with at most two texts finds. */
static enum gen_status key_one(struct gen_store *store, const char *sql, const char *first,
                               const char *second, struct gen_arena *arena,
                               struct gen_access_key *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(database, sql, &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, first);
        if (second != NULL) {
            gen_statement_text(statement, second);
        }
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no such key");
    } else if (status == GEN_OK) {
        key_take(statement, arena, out);
        status = gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "no memory for a key")
                                         : GEN_OK;
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_key_of_digest(struct gen_store *store, const char *digest,
                                       struct gen_arena *arena, struct gen_access_key *out,
                                       struct gen_error *err)
{
    return key_one(store, COLUMNS "WHERE digest = ?", digest, NULL, arena, out, err);
}

enum gen_status gen_read_access_key(struct gen_store *store, const char *organization,
                                    const char *key, struct gen_arena *arena,
                                    struct gen_access_key *out, struct gen_error *err)
{
    return gen_ident_valid(GEN_IDENT_KEY, key)
               ? key_one(store, COLUMNS "WHERE id = ? AND organization = ?", key, organization,
                         arena, out, err)
               : key_one(store, COLUMNS "WHERE name = ? AND organization = ? AND revoked_at = 0",
                         key, organization, arena, out, err);
}

enum gen_status gen_read_access_keys(struct gen_store *store, const char *organization,
                                     const char *after, int64_t limit, struct gen_arena *arena,
                                     struct gen_access_key **out, size_t *count, bool *more,
                                     struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    struct gen_access_key *keys;
    bool row = true;
    enum gen_status status = gen_database_enter(database, err);

    limit = limit < 1 ? 1 : limit > GEN_KEY_READING_MOST ? GEN_KEY_READING_MOST : limit;
    keys = gen_arena_alloc(arena, (size_t)limit * sizeof *keys);
    *count = 0;
    *more = false;
    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            after == NULL ? COLUMNS "WHERE organization = ? ORDER BY id DESC LIMIT ?"
                          : COLUMNS "WHERE organization = ? AND id < ? ORDER BY id DESC LIMIT ?",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, organization);
        if (after != NULL) {
            gen_statement_text(statement, after);
        }
        gen_statement_integer(statement, limit + 1);
    }
    while (status == GEN_OK && row && !gen_arena_failed(arena)) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row && *count == (size_t)limit) {
            *more = true;
        } else if (status == GEN_OK && row) {
            key_take(statement, arena, &keys[(*count)++]);
        }
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for keys");
    }
    *out = keys;
    return status;
}

/* The number in the first row of a statement; 0 without one. The texts end with NULL. */
static enum gen_status key_number(struct gen_store *store, const char *sql,
                                  const char *const *texts, gen_moment moment, int64_t *out,
                                  struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(database, sql, &statement, err);
    }
    if (status == GEN_OK) {
        for (; *texts != NULL; texts++) {
            gen_statement_text(statement, *texts);
        }
        if (moment != 0) {
            gen_statement_integer(statement, moment);
        }
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK) {
        *out = row ? gen_statement_take_integer(statement) : 0;
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_any_key(struct gen_store *store, gen_moment now, bool *out,
                                 struct gen_error *err)
{
    static const char *const none[] = {NULL};
    int64_t found = 0;
    enum gen_status status = key_number(
        store,
        "SELECT 1 FROM api_key WHERE revoked_at = 0 AND (expires_at = 0 OR expires_at > ?) LIMIT 1",
        none, now, &found, err);

    *out = found != 0;
    return status;
}

enum gen_status gen_read_quota(struct gen_store *store, const char *organization, const char *scope,
                               const char *of, gen_moment at, int64_t *out, struct gen_error *err)
{
    const char *const texts[] = {organization, scope, of, NULL};

    return key_number(store,
                      "SELECT jobs FROM job_quota WHERE organization = ? AND scope = ? AND "
                      "of_id = ? AND day = ?",
                      texts, gen_key_store_day(at), out, err);
}

enum gen_status gen_read_quota_video(struct gen_store *store, const char *organization,
                                     const char *scope, const char *of, gen_moment at, int64_t *out,
                                     struct gen_error *err)
{
    const char *const texts[] = {organization, scope, of, NULL};

    return key_number(store,
                      "SELECT milliseconds FROM job_quota WHERE organization = ? AND scope = ? AND "
                      "of_id = ? AND day = ?",
                      texts, gen_key_store_day(at), out, err);
}

enum gen_status gen_read_user_parallel(struct gen_store *store, const char *organization,
                                       const char *user, int64_t *out, struct gen_error *err)
{
    const char *const texts[] = {organization, user, NULL};

    return key_number(store,
                      "SELECT MIN(parallel) FROM api_key WHERE organization = ? AND user_id = ? "
                      "AND revoked_at = 0 AND parallel > 0",
                      texts, 0, out, err);
}
