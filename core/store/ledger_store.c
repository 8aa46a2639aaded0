/* ledger_store.c - see ledger_store.h. */
#include "store/ledger_store.h"

/* How one entry changes the balances of its attempt, pipeline and job. */
struct ledger_delta {
    gen_micros held, unverified; /* may be negative */
    gen_micros spent;            /* never negative */
};

static gen_micros ledger_least(gen_micros a, gen_micros b)
{
    return a < b ? a : b;
}

/* What is left of the attempt's hold, and how many entries it has, before this one. */
static enum gen_status ledger_store_left(struct gen_database *database,
                                         const struct gen_change_entry *entry,
                                         struct gen_balance *left, int64_t *entries,
                                         struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status =
        gen_database_prepare(database,
                             "SELECT held, unverified, (SELECT COUNT(*) FROM ledger_entry e WHERE "
                             "e.attempt = attempt.id) "
                             "FROM attempt WHERE id = ? AND job = ? AND pipeline = ?",
                             &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, entry->attempt.text);
    gen_statement_text(statement, entry->job.text);
    gen_statement_text(statement, entry->pipeline.text);
    status = gen_statement_next(statement, &row, err);
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ECONFLICT, "there is no attempt %s of job %s to %s for",
                               entry->attempt.text, entry->job.text, gen_ledger_word(entry->kind));
    }
    if (status == GEN_OK) {
        left->held = gen_statement_take_integer(statement);
        left->unverified = gen_statement_take_integer(statement);
        *entries = gen_statement_take_integer(statement);
        status = gen_statement_next(statement, &row, err);
    }
    return status;
}

/* The rules of the header. */
static enum gen_status ledger_store_delta(const struct gen_change_entry *entry,
                                          const struct gen_balance *left,
                                          struct ledger_delta *delta, struct gen_error *err)
{
    gen_micros from_held = ledger_least(entry->amount, left->held);
    gen_micros from_unverified = ledger_least(entry->amount - from_held, left->unverified);
    gen_micros beyond = entry->amount - from_held - from_unverified;

    GEN_CHECK(entry->kind != GEN_LEDGER_NONE);
    switch (entry->kind) {
    case GEN_LEDGER_HOLD:
        *delta = (struct ledger_delta){.held = entry->amount};
        return GEN_OK;
    case GEN_LEDGER_CHARGE:
        *delta = (struct ledger_delta){-from_held, -from_unverified, entry->amount};
        return GEN_OK;
    case GEN_LEDGER_RELEASE:
        *delta = (struct ledger_delta){-from_held, -from_unverified, 0};
        break;
    case GEN_LEDGER_UNVERIFIED:
        beyond += from_unverified;
        *delta = (struct ledger_delta){-from_held, from_held, 0};
        break;
    case GEN_LEDGER_NONE:
        break;
    }
    if (beyond > 0) {
        char asked[GEN_MONEY_TEXT_SIZE], held[GEN_MONEY_TEXT_SIZE];

        return gen_error_set(err, GEN_ECONFLICT, "cannot %s $%s for attempt %s: it has $%s held",
                             entry->kind == GEN_LEDGER_RELEASE ? "release" : "book as unverified",
                             gen_money_text(entry->amount, 2, asked), entry->attempt.text,
                             gen_money_text(left->held, 2, held));
    }
    return GEN_OK;
}

static enum gen_status ledger_store_entry(struct gen_database *database,
                                          const struct gen_change_entry *entry,
                                          struct gen_error *err)
{
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO ledger_entry (id, job, pipeline, attempt, kind, amount, provider, basis, at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (attempt, kind) DO NOTHING",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, entry->id.text);
    gen_statement_text(statement, entry->job.text);
    gen_statement_text(statement, entry->pipeline.text);
    gen_statement_text(statement, entry->attempt.text);
    gen_statement_text(statement, gen_ledger_word(entry->kind));
    gen_statement_integer(statement, entry->amount);
    gen_statement_text(statement, entry->provider);
    gen_statement_text(statement, entry->basis);
    gen_statement_integer(statement, entry->at);
    status = gen_statement_change(statement, &changed, err);
    if (status == GEN_OK && changed != 1) {
        status = gen_error_set(err, GEN_ECONFLICT, "attempt %s has a %s entry already",
                               entry->attempt.text, gen_ledger_word(entry->kind));
    }
    return status;
}

/* Why the budget of the job said no, in the words that people need. */
static enum gen_status ledger_store_refuse(struct gen_database *database,
                                           const struct gen_change_entry *entry,
                                           struct gen_error *err)
{
    char amount[GEN_MONEY_TEXT_SIZE], limit[GEN_MONEY_TEXT_SIZE], held[GEN_MONEY_TEXT_SIZE];
    char spent[GEN_MONEY_TEXT_SIZE], left[GEN_MONEY_TEXT_SIZE];
    struct gen_balance balance = {0};
    struct gen_statement *statement;
    gen_micros budget = 0;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database, "SELECT budget, held, spent, unverified FROM job WHERE id = ?", &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, entry->job.text);
    status = gen_statement_next(statement, &row, err);
    if (status == GEN_OK && row) {
        budget = gen_statement_take_integer(statement);
        balance.held = gen_statement_take_integer(statement);
        balance.spent = gen_statement_take_integer(statement);
        balance.unverified = gen_statement_take_integer(statement);
        status = gen_statement_next(statement, &row, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    return gen_error_set(
        err, GEN_EBUDGET,
        "$%s does not fit the budget of job %s: its limit is $%s, of which $%s is held and $%s is "
        "spent, so $%s is left",
        gen_money_text(entry->amount, 2, amount), entry->job.text, gen_money_text(budget, 2, limit),
        gen_money_text(balance.held, 2, held),
        gen_money_text(balance.spent + balance.unverified, 2, spent),
        gen_money_text(gen_balance_available(&balance, budget), 2, left));
}

/* The one statement that grants a hold: nobody can be between its check and its count. */
static enum gen_status ledger_store_hold(struct gen_database *database,
                                         const struct gen_change_entry *entry,
                                         struct gen_error *err)
{
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE job SET held = held + ? WHERE id = ? AND ? <= budget - held - spent - unverified",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_integer(statement, entry->amount);
    gen_statement_text(statement, entry->job.text);
    gen_statement_integer(statement, entry->amount);
    status = gen_statement_change(statement, &changed, err);
    if (status == GEN_OK && changed != 1) {
        status = ledger_store_refuse(database, entry, err);
    }
    return status;
}

/* Any other entry changes the job's balance without asking its budget. */
static enum gen_status ledger_store_settle(struct gen_database *database,
                                           const struct gen_change_entry *entry,
                                           const struct ledger_delta *delta, struct gen_error *err)
{
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE job SET held = held + ?, unverified = unverified + ?, spent = spent + ? "
        "WHERE id = ? AND spent <= 9223372036854775807 - ?",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_integer(statement, delta->held);
    gen_statement_integer(statement, delta->unverified);
    gen_statement_integer(statement, delta->spent);
    gen_statement_text(statement, entry->job.text);
    gen_statement_integer(statement, delta->spent);
    status = gen_statement_change(statement, &changed, err);
    if (status == GEN_OK && changed != 1) {
        status = gen_error_set(err, GEN_EOVERFLOW, "what job %s has spent does not fit",
                               entry->job.text);
    }
    return status;
}

/* The attempt and the pipeline follow the job. */
static enum gen_status ledger_store_follow(struct gen_database *database,
                                           const struct gen_change_entry *entry,
                                           const struct ledger_delta *delta, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database, "UPDATE attempt SET held = held + ?, unverified = unverified + ? WHERE id = ?",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_integer(statement, delta->held);
        gen_statement_integer(statement, delta->unverified);
        gen_statement_text(statement, entry->attempt.text);
        status = gen_statement_change(statement, NULL, err);
    }
    if (status == GEN_OK && delta->spent > 0) {
        status = gen_database_prepare(
            database, "UPDATE pipeline SET spent = spent + ? WHERE id = ?", &statement, err);
        if (status == GEN_OK) {
            gen_statement_integer(statement, delta->spent);
            gen_statement_text(statement, entry->pipeline.text);
            status = gen_statement_change(statement, NULL, err);
        }
    }
    return status;
}

enum gen_status gen_ledger_store_add(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    const struct gen_change_entry *entry = &change->as.entry;
    struct gen_balance left = {0};
    struct ledger_delta delta = {0};
    int64_t entries = 0;
    enum gen_status status;

    if (entry->amount < 0) {
        return gen_error_set(err, GEN_EINVAL, "a ledger entry of a negative amount");
    }
    status = ledger_store_left(database, entry, &left, &entries, err);
    if (status == GEN_OK && entry->kind == GEN_LEDGER_HOLD && entries > 0) {
        status = gen_error_set(err, GEN_ECONFLICT,
                               "attempt %s has ledger entries already: a hold "
                               "comes first",
                               entry->attempt.text);
    }
    if (status == GEN_OK) {
        status = ledger_store_entry(database, entry, err);
    }
    if (status == GEN_OK) {
        status = ledger_store_delta(entry, &left, &delta, err);
    }
    if (status == GEN_OK) {
        /* A hold of nothing is always granted, also by a budget that a charge has overrun. */
        status = entry->kind == GEN_LEDGER_HOLD && entry->amount > 0
                     ? ledger_store_hold(database, entry, err)
                     : ledger_store_settle(database, entry, &delta, err);
    }
    return status == GEN_OK ? ledger_store_follow(database, entry, &delta, err) : status;
}

/* start-up: from the entries, which are the truth, to the balances, which are for speed */

static enum gen_status ledger_store_rebuild_attempts(struct gen_database *database, const char *job,
                                                     int64_t *changed, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE attempt SET held = b.held, unverified = b.unverified "
        "FROM (SELECT a.id AS id, COALESCE(l.held, 0) AS held, "
        "COALESCE(l.unverified, 0) AS unverified FROM attempt a "
        "LEFT JOIN (SELECT * FROM ledger_by_attempt WHERE job = ?) l ON l.attempt = a.id "
        "WHERE a.job = ?) AS b "
        "WHERE attempt.id = b.id AND (attempt.held <> b.held OR attempt.unverified <> "
        "b.unverified)",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, job);
        gen_statement_text(statement, job);
        status = gen_statement_change(statement, changed, err);
    }
    return status;
}

static enum gen_status ledger_store_rebuild_job(struct gen_database *database, const char *job,
                                                int64_t *changed, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE job SET held = b.held, unverified = b.unverified, spent = b.spent "
        "FROM (SELECT COALESCE(SUM(held), 0) AS held, COALESCE(SUM(unverified), 0) AS unverified, "
        "COALESCE(SUM(spent), 0) AS spent FROM ledger_by_attempt WHERE job = ?) AS b "
        "WHERE job.id = ? AND (job.held <> b.held OR job.unverified <> b.unverified "
        "OR job.spent <> b.spent)",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, job);
        gen_statement_text(statement, job);
        status = gen_statement_change(statement, changed, err);
    }
    return status;
}

static enum gen_status ledger_store_rebuild_pipelines(struct gen_database *database,
                                                      const char *job, int64_t *changed,
                                                      struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE pipeline SET spent = b.spent "
        "FROM (SELECT p.id AS id, COALESCE(SUM(l.spent), 0) AS spent FROM pipeline p "
        "LEFT JOIN (SELECT * FROM ledger_by_attempt WHERE job = ?) l ON l.pipeline = p.id "
        "WHERE p.job = ? GROUP BY p.id) AS b "
        "WHERE pipeline.id = b.id AND pipeline.spent <> b.spent",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, job);
        gen_statement_text(statement, job);
        status = gen_statement_change(statement, changed, err);
    }
    return status;
}

enum gen_status gen_ledger_store_rebuild(struct gen_database *database, const char *job,
                                         bool *corrected, struct gen_error *err)
{
    int64_t attempts = 0, jobs = 0, pipelines = 0;
    enum gen_status status = ledger_store_rebuild_attempts(database, job, &attempts, err);

    if (status == GEN_OK) {
        status = ledger_store_rebuild_job(database, job, &jobs, err);
    }
    if (status == GEN_OK) {
        status = ledger_store_rebuild_pipelines(database, job, &pipelines, err);
    }
    *corrected = attempts + jobs + pipelines > 0;
    return status;
}
