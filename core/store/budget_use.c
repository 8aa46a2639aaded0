/* budget_use.c - see budget_use.h. */
#include "store/budget_use.h"

#include <stdio.h>
#include <string.h>

enum { USE_HOLDERS_TOLD = 3, USE_TEXT_SIZE = 320 };

#define SUMS \
    "SELECT COALESCE(SUM(a.held), 0), COALESCE(SUM(a.unverified), 0), COALESCE(SUM(a.spent), 0) "
/* The newest are looked at only: a refusal must not cost more the more is held. */
#define HOLDERS "SELECT newest.job, SUM(newest.held) FROM (SELECT a.job AS job, a.held AS held "
#define DAYS "SELECT (a.held_at - ?2) / 86400000 AS day, SUM(a.held + a.unverified + a.spent) "
#define ATTEMPTS "FROM attempt a "
#define JOBS "FROM attempt a JOIN job j ON j.id = a.job "
/* ?1 organization, ?2 and ?3 the interval, ?4 whose */
#define WITHIN "WHERE a.organization = ?1 AND a.held_at >= ?2 AND a.held_at < ?3 "
#define LARGEST \
    "AND a.held > 0 ORDER BY a.held_at DESC LIMIT 1000) AS newest GROUP BY newest.job " \
    "ORDER BY SUM(newest.held) DESC, newest.job LIMIT ?5"
#define DAILY "GROUP BY day ORDER BY day LIMIT ?5"
/* + keeps the planner from the index of the period: a job has few attempts */
#define OF_JOB "WHERE a.job = ?4 AND +a.organization = ?1 AND +a.held_at >= ?2 AND +a.held_at < ?3 "

static const struct {
    enum gen_scope scope;
    const char *sums, *holders, *days;
} scopes[] = {
#define SCOPE(scope, from, where) \
    { \
        scope, SUMS from where, HOLDERS from where LARGEST, DAYS from where DAILY \
    }
    SCOPE(GEN_SCOPE_ORGANIZATION, ATTEMPTS, WITHIN "AND ?4 = ?4 "),
    SCOPE(GEN_SCOPE_TEAM, JOBS, WITHIN "AND j.team = ?4 "),
    SCOPE(GEN_SCOPE_PROJECT, JOBS, WITHIN "AND j.project = ?4 "),
    SCOPE(GEN_SCOPE_USER, JOBS, WITHIN "AND j.user_id = ?4 "),
    SCOPE(GEN_SCOPE_JOB, ATTEMPTS, OF_JOB),
    SCOPE(GEN_SCOPE_PROVIDER, ATTEMPTS, WITHIN "AND a.provider = ?4 "),
#undef SCOPE
    {0, NULL, NULL, NULL},
};

static size_t use_scope(const struct gen_limit *limit)
{
    size_t i = 0;

    while (scopes[i].sums != NULL && scopes[i].scope != limit->scope) {
        i++;
    }
    GEN_CHECK(scopes[i].sums != NULL);
    return i;
}

static void use_bind(struct gen_statement *statement, const struct gen_limit *limit,
                     gen_moment begins, gen_moment ends)
{
    gen_statement_text(statement, limit->organization);
    gen_statement_integer(statement, begins > 0 ? begins : 1); /* 0: never held anything */
    gen_statement_integer(statement, ends);
    gen_statement_text(statement, limit->of);
}

/* One row of held, unverified, spent. */
static enum gen_status use_take(struct gen_statement *statement, struct gen_balance *out,
                                bool *found, struct gen_error *err)
{
    bool row = false;
    enum gen_status status = gen_statement_next(statement, &row, err);

    *found = status == GEN_OK && row;
    if (*found) {
        out->held = gen_statement_take_integer(statement);
        out->unverified = gen_statement_take_integer(statement);
        out->spent = gen_statement_take_integer(statement);
        status = gen_statement_next(statement, &row, err);
    }
    return status;
}

static enum gen_status use_row(struct gen_database *database, const struct gen_limit *limit,
                               gen_moment begins, gen_moment ends, struct gen_balance *out,
                               bool *found, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status =
        gen_database_prepare(database,
                             "SELECT held, unverified, spent FROM budget_use WHERE key = ? AND "
                             "begins = ? AND ends = ?",
                             &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, limit->key);
    gen_statement_integer(statement, begins);
    gen_statement_integer(statement, ends);
    return use_take(statement, out, found, err);
}

enum gen_status gen_budget_use_find(struct gen_database *database, const struct gen_limit *limit,
                                    gen_moment begins, gen_moment ends, struct gen_balance *out,
                                    struct gen_error *err)
{
    struct gen_statement *statement = NULL;
    bool found = false;
    enum gen_status status = use_row(database, limit, begins, ends, out, &found, err);

    if (status != GEN_OK || found) {
        return status;
    }
    *out = (struct gen_balance){0};
    status = gen_database_prepare(database, scopes[use_scope(limit)].sums, &statement, err);
    if (status == GEN_OK) {
        use_bind(statement, limit, begins, ends);
        status = use_take(statement, out, &found, err);
    }
    return status;
}

/* The row, made of the ledger where it is missing. */
static enum gen_status use_make(struct gen_database *database, const struct gen_limit *limit,
                                gen_moment begins, gen_moment ends, struct gen_balance *out,
                                struct gen_error *err)
{
    struct gen_statement *statement = NULL;
    bool found = false;
    enum gen_status status = use_row(database, limit, begins, ends, out, &found, err);

    if (status != GEN_OK || found) {
        return status;
    }
    status = gen_budget_use_find(database, limit, begins, ends, out, err);
    if (status == GEN_OK) {
        status = gen_database_prepare(database,
                                      "INSERT INTO budget_use (key, begins, ends, held, "
                                      "unverified, spent) VALUES (?, ?, ?, ?, ?, ?)",
                                      &statement, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, limit->key);
    gen_statement_integer(statement, begins);
    gen_statement_integer(statement, ends);
    gen_statement_integer(statement, out->held);
    gen_statement_integer(statement, out->unverified);
    gen_statement_integer(statement, out->spent);
    return gen_statement_change(statement, NULL, err);
}

static gen_micros use_rolled(const struct gen_limit *limit, const struct gen_balance *before)
{
    gen_micros room;

    return gen_money_add(&room, limit->hard, gen_balance_available(before, limit->hard))
               ? room
               : INT64_MAX;
}

enum gen_status gen_budget_use_room(struct gen_database *database, const struct gen_limit *limit,
                                    gen_micros *out, struct gen_error *err)
{
    struct gen_balance before;
    enum gen_status status = GEN_OK;

    *out = limit->hard;
    if (limit->rollover) {
        status = gen_budget_use_find(database, limit, limit->before, limit->begins, &before, err);
        if (status == GEN_OK) {
            *out = use_rolled(limit, &before);
        }
    }
    return status;
}

/* ----------------------------------------------------------------------------------- refusal -- */

enum gen_status gen_budget_use_holders(struct gen_database *database, const struct gen_limit *limit,
                                       struct gen_holder *out, size_t capacity, size_t *count,
                                       struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(database, scopes[use_scope(limit)].holders,
                                                  &statement, err);

    *count = 0;
    if (status == GEN_OK) {
        use_bind(statement, limit, limit->begins, limit->ends);
        gen_statement_integer(statement, (int64_t)capacity);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row && *count < capacity) {
            gen_statement_take_ident(statement, &out[*count].job);
            out[(*count)++].held = gen_statement_take_integer(statement);
        }
    }
    return status;
}

enum gen_status gen_budget_use_days(struct gen_database *database, const struct gen_limit *limit,
                                    gen_moment until, struct gen_day_use *out, size_t capacity,
                                    size_t *count, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(database, scopes[use_scope(limit)].days,
                                                  &statement, err);

    *count = 0;
    if (status == GEN_OK) {
        use_bind(statement, limit, limit->begins, until < limit->ends ? until : limit->ends);
        gen_statement_integer(statement, (int64_t)capacity);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row && *count < capacity) {
            out[*count].day = gen_statement_take_integer(statement);
            out[(*count)++].used = gen_statement_take_integer(statement);
        }
    }
    return status;
}

/* " (by gen_1: $2.00, gen_2: $1.00)"; "" when nobody holds anything. */
static enum gen_status use_held_by(struct gen_database *database, const struct gen_limit *limit,
                                   char *out, size_t size, struct gen_error *err)
{
    struct gen_holder holders[USE_HOLDERS_TOLD + 1]; /* one more shows that there are more */
    char amount[GEN_MONEY_TEXT_SIZE];
    size_t count = 0, used = 0;
    enum gen_status status = gen_budget_use_holders(database, limit, holders, GEN_COUNT(holders),
                                                    &count, err);

    out[0] = '\0';
    for (size_t i = 0; status == GEN_OK && i < count && i < USE_HOLDERS_TOLD && used < size; i++) {
        used += (size_t)snprintf(out + used, size - used, "%s%s: $%s", i == 0 ? " (by " : ", ",
                                 holders[i].job.text, gen_money_text(holders[i].held, 2, amount));
    }
    if (used > 0 && used < size) {
        (void)snprintf(out + used, size - used, "%s)", count > USE_HOLDERS_TOLD ? ", ..." : "");
    }
    return status;
}

static enum gen_status use_refuse(struct gen_database *database, const struct gen_limit *limit,
                                  gen_micros amount, gen_micros room,
                                  const struct gen_balance *used, struct gen_error *err)
{
    char by[USE_TEXT_SIZE];
    enum gen_status status = use_held_by(database, limit, by, sizeof(by), err);

    return status == GEN_OK ? gen_limit_refuse(limit, amount, room, used, by, err) : status;
}

enum gen_status gen_budget_use_fits(struct gen_database *database, const struct gen_limit *limit,
                                    gen_micros amount, struct gen_error *err)
{
    struct gen_balance used, before;
    gen_micros room = limit->hard;
    enum gen_status status = use_make(database, limit, limit->begins, limit->ends, &used, err);

    if (status == GEN_OK && limit->rollover) {
        status = use_make(database, limit, limit->before, limit->begins, &before, err);
        if (status == GEN_OK) {
            room = use_rolled(limit, &before);
        }
    }
    if (status != GEN_OK || !gen_limit_capped(limit) ||
        amount <= gen_balance_available(&used, room)) {
        return status;
    }
    return use_refuse(database, limit, amount, room, &used, err);
}

/* -------------------------------------------------------------------------------------- move -- */

enum gen_status gen_budget_use_move(struct gen_database *database, const char *attempt,
                                    const struct gen_postings *postings, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE budget_use SET held = held + ?2, unverified = unverified + ?3, spent = spent + ?4 "
        "FROM (SELECT a.held_at, 'organization:' || a.organization AS k1, "
        "'team:' || a.organization || '|' || j.team AS k2, "
        "'project:' || a.organization || '|' || j.project AS k3, "
        "'user:' || a.organization || '|' || j.user_id AS k4, "
        "'provider:' || a.organization || '|' || a.provider AS k5, 'job:' || a.job AS k6 "
        "FROM attempt a JOIN job j ON j.id = a.job WHERE a.id = ?1) AS o "
        "WHERE budget_use.key IN (o.k1, o.k2, o.k3, o.k4, o.k5, o.k6) "
        "AND budget_use.begins <= o.held_at AND budget_use.ends > o.held_at",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, attempt);
    gen_statement_integer(statement, postings->of[GEN_ACCOUNT_HELD]);
    gen_statement_integer(statement, postings->of[GEN_ACCOUNT_UNVERIFIED]);
    gen_statement_integer(statement, postings->of[GEN_ACCOUNT_SPENT]);
    return gen_statement_change(statement, NULL, err);
}

enum gen_status gen_budget_use_clear(struct gen_database *database, struct gen_error *err)
{
    return gen_database_run(database, "DELETE FROM budget_use", err);
}

enum gen_status gen_budget_use_tidy(struct gen_database *database, struct gen_error *err)
{
    return gen_database_run(
        database,
        "DELETE FROM budget_use WHERE (key >= 'job:' AND key < 'job;') OR ends - begins <= "
        "COALESCE((SELECT at FROM event ORDER BY seq DESC LIMIT 1), 0) - ends",
        err);
}
