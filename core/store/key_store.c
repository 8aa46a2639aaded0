/* key_store.c - see key_store.h. */
#include "store/key_store.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

gen_moment gen_key_store_day(gen_moment at)
{
    return at - at % DAY_MS;
}

/* The columns that both an insertion and an edit write, in this order. */
static void bind_key(struct gen_statement *statement, const struct gen_access_key *key,
                     const char *permissions)
{
    gen_statement_text(statement, key->name);
    gen_statement_text(statement, key->user);
    gen_statement_text(statement, key->teams);
    gen_statement_text(statement, gen_role_word(key->role));
    gen_statement_text(statement, permissions);
    gen_statement_text(statement, key->digest);
    gen_statement_text(statement, key->hint);
    gen_statement_integer(statement, key->most_priority);
    gen_statement_integer(statement, key->quota.jobs_per_day);
    gen_statement_integer(statement, key->quota.parallel);
    gen_statement_integer(statement, key->quota.spend);
    gen_statement_text(statement, gen_period_word(key->spend_period));
    gen_statement_text(statement, key->budget.text);
    gen_statement_integer(statement, key->updated_at);
    gen_statement_integer(statement, key->expires_at);
    gen_statement_integer(statement, key->revoked_at);
    gen_statement_integer(statement, key->version);
    gen_statement_integer(statement, key->quota.requests_per_minute);
    gen_statement_integer(statement, key->quota.seconds_per_day);
    gen_statement_integer(statement, key->quota.frozen);
}

/* Is there a living key of this name already? */
static enum gen_status name_free(struct gen_database *database, const struct gen_access_key *key,
                                 struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT 1 FROM api_key WHERE organization = ? AND name = ? AND revoked_at = 0 AND id <> ? "
        "LIMIT 1",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, key->organization);
        gen_statement_text(statement, key->name);
        gen_statement_text(statement, key->id.text);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && row) {
        status = gen_error_set(err, GEN_ECONFLICT,
                               "there is a key \"%s\" already; revoke it, rotate it, or choose "
                               "another name",
                               key->name);
        gen_error_place(err, NULL, 0, 0, "name");
        if (gen_statement_next(statement, &row, NULL) != GEN_OK) {
            status = GEN_ECONFLICT;
        }
    }
    return status;
}

enum gen_status gen_key_store_add(struct gen_database *database, const struct gen_change *change,
                                  struct gen_error *err)
{
    const struct gen_access_key *key = &change->as.access_key;
    struct gen_arena *arena = gen_arena_create(0);
    const char *permissions = arena == NULL ? NULL : gen_permissions_text(key->permissions, arena);
    struct gen_statement *statement;
    enum gen_status status = permissions == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                                 : name_free(database, key, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "INSERT INTO api_key (name, user_id, teams, role, permissions, digest, hint, "
            "most_priority, jobs_per_day, parallel, spend, spend_period, budget, updated_at, "
            "expires_at, revoked_at, version, requests_per_minute, seconds_per_day, frozen, "
            "id, organization, created_by, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            &statement, err);
    }
    if (status == GEN_OK) {
        bind_key(statement, key, permissions);
        gen_statement_text(statement, key->id.text);
        gen_statement_text(statement, key->organization);
        gen_statement_text(statement, key->created_by);
        gen_statement_integer(statement, key->created_at);
        status = gen_statement_change(statement, NULL, err);
    }
    gen_arena_destroy(arena);
    return status;
}

enum gen_status gen_key_store_set(struct gen_database *database, const struct gen_change *change,
                                  struct gen_error *err)
{
    const struct gen_access_key *key = &change->as.access_key;
    struct gen_arena *arena = gen_arena_create(0);
    const char *permissions = arena == NULL ? NULL : gen_permissions_text(key->permissions, arena);
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = permissions == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                             : key->revoked_at != 0 ? GEN_OK
                                                    : name_free(database, key, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "UPDATE api_key SET name = ?, user_id = ?, teams = ?, role = ?, permissions = ?, "
            "digest = ?, hint = ?, most_priority = ?, jobs_per_day = ?, parallel = ?, spend = ?, "
            "spend_period = ?, budget = ?, updated_at = ?, expires_at = ?, revoked_at = ?, "
            "version = ?, requests_per_minute = ?, seconds_per_day = ?, frozen = ? WHERE id = ? "
            "AND organization = ? AND version = ? AND revoked_at = 0",
            &statement, err);
    }
    if (status == GEN_OK) {
        bind_key(statement, key, permissions);
        gen_statement_text(statement, key->id.text);
        gen_statement_text(statement, key->organization);
        gen_statement_integer(statement, key->version - 1);
        status = gen_statement_change(statement, &changed, err);
    }
    if (status == GEN_OK && changed != 1) {
        status = gen_error_set(err, GEN_ECONFLICT,
                               "key %s was changed or revoked by somebody else meanwhile; look at "
                               "it again",
                               key->id.text);
    }
    gen_arena_destroy(arena);
    return status;
}

enum gen_status gen_key_store_used(struct gen_database *database, const struct gen_change *change,
                                   struct gen_error *err)
{
    const struct gen_change_key_use *use = &change->as.key_use;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database, "UPDATE api_key SET used_at = ?1 WHERE id = ?2 AND used_at < ?1", &statement,
        err);

    if (status == GEN_OK) {
        gen_statement_integer(statement, use->at);
        gen_statement_text(statement, use->id.text);
        status = gen_statement_change(statement, NULL, err);
    }
    return status;
}

/* Which of the bounds it was, in words. */
static enum gen_status quota_refuse(struct gen_database *database,
                                    const struct gen_change_quota *quota, struct gen_error *err)
{
    struct gen_statement *statement;
    char again[GEN_MOMENT_TEXT_SIZE];
    int64_t jobs = 0, ms = 0;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT jobs, milliseconds FROM job_quota WHERE organization = ? AND scope = ? AND "
        "of_id = ? AND day = ?",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, quota->organization);
        gen_statement_text(statement, quota->scope);
        gen_statement_text(statement, quota->of);
        gen_statement_integer(statement, gen_key_store_day(quota->at));
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && row) {
        jobs = gen_statement_take_integer(statement);
        ms = gen_statement_take_integer(statement);
        status = gen_statement_next(statement, &row, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    (void)gen_moment_text(gen_key_store_day(quota->at) + DAY_MS, again);
    if (quota->most != 0 && jobs >= quota->most) {
        gen_error_set(err, GEN_ECONFLICT,
                      "the %s \"%s\" has had its %lld job%s of today; the next is taken from %s on",
                      quota->scope, quota->of, (long long)quota->most, quota->most == 1 ? "" : "s",
                      again);
    } else if (quota->ms > quota->most_ms) {
        gen_error_set(err, GEN_ECONFLICT,
                      "this asks for %.1f s of video, and the %s \"%s\" may have %.0f s a day",
                      (double)quota->ms / 1000, quota->scope, quota->of,
                      (double)quota->most_ms / 1000);
    } else {
        gen_error_set(err, GEN_ECONFLICT,
                      "this asks for %.1f s of video, and the %s \"%s\" has had %.1f of its %.0f s "
                      "of today; more is taken from %s on",
                      (double)quota->ms / 1000, quota->scope, quota->of, (double)ms / 1000,
                      (double)quota->most_ms / 1000, again);
    }
    gen_error_place(err, NULL, 0, 0, "quota");
    return GEN_ECONFLICT;
}

enum gen_status gen_key_store_quota(struct gen_database *database, const struct gen_change *change,
                                    struct gen_error *err)
{
    const struct gen_change_quota *quota = &change->as.quota;
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO job_quota (organization, scope, of_id, day, jobs, milliseconds) "
        "SELECT ?1, ?2, ?3, ?4, 1, ?6 WHERE ?7 = 0 OR ?6 <= ?7 "
        "ON CONFLICT (organization, scope, of_id, day) DO UPDATE SET jobs = jobs + 1, "
        "milliseconds = milliseconds + ?6 "
        "WHERE (?5 = 0 OR jobs < ?5) AND (?7 = 0 OR milliseconds + ?6 <= ?7)",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, quota->organization);
        gen_statement_text(statement, quota->scope);
        gen_statement_text(statement, quota->of);
        gen_statement_integer(statement, gen_key_store_day(quota->at));
        gen_statement_integer(statement, quota->most);
        gen_statement_integer(statement, quota->ms);
        gen_statement_integer(statement, quota->most_ms);
        status = gen_statement_change(statement, &changed, err);
    }
    return status == GEN_OK && changed != 1 ? quota_refuse(database, quota, err) : status;
}
