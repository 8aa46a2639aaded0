/* ledger_store.c - see ledger_store.h. */
#include "store/ledger_store.h"

#include "store/budget_use.h"

/* The attempt's row before this entry. */
struct ledger_place {
    struct gen_balance balance;
    gen_moment held_at; /* in which periods it counts; 0 = nothing was held yet */
    int64_t entries;    /* that are not holds */
};

static enum gen_status ledger_store_place(struct gen_database *database,
                                          const struct gen_change_entry *entry,
                                          struct ledger_place *place, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT held, unverified, spent, held_at, (SELECT COUNT(*) FROM ledger_entry e WHERE "
        "e.attempt = attempt.id AND e.kind <> 'hold') FROM attempt WHERE id = ? AND job = ? AND "
        "pipeline = ?",
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
        place->balance.held = gen_statement_take_integer(statement);
        place->balance.unverified = gen_statement_take_integer(statement);
        place->balance.spent = gen_statement_take_integer(statement);
        place->held_at = gen_statement_take_integer(statement);
        place->entries = gen_statement_take_integer(statement);
        status = gen_statement_next(statement, &row, err);
    }
    return status;
}

/* What is taken over counts where it counted before. Only the next attempt of the same shot may, and no more
 * than was released for it at this very moment. */
static enum gen_status ledger_store_carry(struct gen_database *database,
                                          const struct gen_change_entry *entry, gen_moment *held_at,
                                          struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT p.held_at FROM attempt a JOIN attempt p ON p.shot = a.shot AND "
        "p.ordinal = a.ordinal - 1 WHERE a.id = ? AND p.id = ? AND p.held_at > 0 AND ? <= (SELECT "
        "COALESCE(SUM(e.amount), 0) FROM ledger_entry e WHERE e.attempt = p.id AND "
        "e.kind = 'release' AND e.at = ?)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, entry->attempt.text);
    gen_statement_text(statement, entry->carried_from.text);
    gen_statement_integer(statement, entry->amount);
    gen_statement_integer(statement, entry->at);
    status = gen_statement_next(statement, &row, err);
    if (status == GEN_OK && !row) {
        return gen_error_set(err, GEN_ECONFLICT,
                             "attempt %s cannot take over what attempt %s did not let go of",
                             entry->attempt.text, entry->carried_from.text);
    }
    if (status == GEN_OK) {
        *held_at = gen_statement_take_integer(statement);
        status = gen_statement_next(statement, &row, err);
    }
    return status;
}

static enum gen_status ledger_store_entry(struct gen_database *database,
                                          const struct gen_change_entry *entry,
                                          struct gen_error *err)
{
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO ledger_entry (id, organization, job, pipeline, attempt, kind, amount, "
        "provider, basis, reference, at) VALUES (?, (SELECT organization FROM job WHERE id = ?), "
        "?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (attempt, kind, reference) DO NOTHING",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, entry->id.text);
    gen_statement_text(statement, entry->job.text);
    gen_statement_text(statement, entry->job.text);
    gen_statement_text(statement, entry->pipeline.text);
    gen_statement_text(statement, entry->attempt.text);
    gen_statement_text(statement, gen_ledger_word(entry->kind));
    gen_statement_integer(statement, entry->amount);
    gen_statement_text(statement, entry->provider);
    gen_statement_text(statement, entry->basis);
    gen_statement_text(statement, entry->reference);
    gen_statement_integer(statement, entry->at);
    status = gen_statement_change(statement, &changed, err);
    if (status == GEN_OK && changed != 1) {
        const char *reference = entry->reference == NULL ? "" : entry->reference;

        status = gen_error_set(err, GEN_ECONFLICT, "attempt %s has a %s entry%s%s already",
                               entry->attempt.text, gen_ledger_word(entry->kind),
                               reference[0] == '\0' ? "" : " for ", reference);
    }
    return status;
}

static enum gen_status ledger_store_postings(struct gen_database *database, const char *entry,
                                             const struct gen_postings *postings,
                                             struct gen_error *err)
{
    gen_micros sum = 0;

    for (int account = GEN_ACCOUNT_FUNDS; account < GEN_ACCOUNT_COUNT; account++) {
        struct gen_statement *statement;
        enum gen_status status = GEN_OK;

        sum += postings->of[account];
        if (postings->of[account] != 0) {
            status = gen_database_prepare(
                database, "INSERT INTO posting (entry, account, amount) VALUES (?, ?, ?)",
                &statement, err);
        }
        if (status == GEN_OK && postings->of[account] != 0) {
            gen_statement_text(statement, entry);
            gen_statement_text(statement, gen_account_word((enum gen_account)account));
            gen_statement_integer(statement, postings->of[account]);
            status = gen_statement_change(statement, NULL, err);
        }
        if (status != GEN_OK) {
            return status;
        }
    }
    GEN_CHECK(sum == 0);
    return GEN_OK;
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
                                           const struct gen_postings *postings,
                                           struct gen_error *err)
{
    gen_micros spent = postings->of[GEN_ACCOUNT_SPENT];
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
    gen_statement_integer(statement, postings->of[GEN_ACCOUNT_HELD]);
    gen_statement_integer(statement, postings->of[GEN_ACCOUNT_UNVERIFIED]);
    gen_statement_integer(statement, spent);
    gen_statement_text(statement, entry->job.text);
    gen_statement_integer(statement, spent > 0 ? spent : 0);
    status = gen_statement_change(statement, &changed, err);
    if (status == GEN_OK && changed != 1) {
        status = gen_error_set(err, GEN_EOVERFLOW, "what job %s has spent does not fit",
                               entry->job.text);
    }
    return status;
}

/* The attempt and the pipeline follow the job. */
static enum gen_status ledger_store_follow(struct gen_database *database,
                                           const struct gen_change_entry *entry, gen_moment held_at,
                                           const struct gen_postings *postings,
                                           struct gen_error *err)
{
    gen_micros spent = postings->of[GEN_ACCOUNT_SPENT];
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE attempt SET held = held + ?, unverified = unverified + ?, spent = spent + ?, "
        "held_at = ? WHERE id = ?",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_integer(statement, postings->of[GEN_ACCOUNT_HELD]);
        gen_statement_integer(statement, postings->of[GEN_ACCOUNT_UNVERIFIED]);
        gen_statement_integer(statement, spent);
        gen_statement_integer(statement, held_at);
        gen_statement_text(statement, entry->attempt.text);
        status = gen_statement_change(statement, NULL, err);
    }
    if (status == GEN_OK && spent != 0) {
        status = gen_database_prepare(
            database, "UPDATE pipeline SET spent = spent + ? WHERE id = ?", &statement, err);
        if (status == GEN_OK) {
            gen_statement_integer(statement, spent);
            gen_statement_text(statement, entry->pipeline.text);
            status = gen_statement_change(statement, NULL, err);
        }
    }
    return status;
}

/* A hold: the job's own budget, then every limit that came with it. A hold of nothing is always granted,
 * also by a budget that a charge has overrun. */
static enum gen_status ledger_store_grant(struct gen_database *database,
                                          const struct gen_change_entry *entry,
                                          const struct gen_postings *postings,
                                          struct gen_error *err)
{
    gen_moment counts_at = entry->counts_at > 0 ? entry->counts_at : entry->at;
    enum gen_status status = entry->amount == 0
                                 ? ledger_store_settle(database, entry, postings, err)
                                 : ledger_store_hold(database, entry, err);

    for (size_t i = 0; i < entry->limit_count && entry->amount > 0 && status == GEN_OK; i++) {
        GEN_CHECK(counts_at >= entry->limits[i].begins && counts_at < entry->limits[i].ends);
        status = gen_budget_use_fits(database, &entry->limits[i], entry->amount, err);
    }
    return status;
}

enum gen_status gen_ledger_store_add(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    const struct gen_change_entry *entry = &change->as.entry;
    bool hold = entry->kind == GEN_LEDGER_HOLD, carried = entry->carried_from.text[0] != '\0';
    struct ledger_place place = {0};
    struct gen_postings postings = {{0}};
    enum gen_status status = ledger_store_place(database, entry, &place, err);

    if (status == GEN_OK && hold && (place.entries > 0 || (carried && place.held_at > 0))) {
        status = gen_error_set(err, GEN_ECONFLICT,
                               "attempt %s has ledger entries already: a hold comes first",
                               entry->attempt.text);
    }
    if (status == GEN_OK && hold && place.held_at > 0 && entry->counts_at != place.held_at) {
        status = gen_error_set(err, GEN_ECONFLICT,
                               "attempt %s counts in the periods of another moment",
                               entry->attempt.text);
    }
    if (status == GEN_OK && place.held_at == 0) {
        place.held_at = entry->at;
    }
    if (status == GEN_OK && hold && carried) {
        status = ledger_store_carry(database, entry, &place.held_at, err);
    }
    if (status == GEN_OK) {
        status = ledger_store_entry(database, entry, err);
    }
    if (status == GEN_OK) {
        status = gen_ledger_postings(entry->kind, entry->amount, &place.balance, &postings, err);
        if (status != GEN_OK && err != NULL) {
            gen_error_within(err, "attempt %s", entry->attempt.text);
        }
    }
    if (status == GEN_OK) {
        status = ledger_store_postings(database, entry->id.text, &postings, err);
    }
    if (status == GEN_OK) {
        status = hold && !carried ? ledger_store_grant(database, entry, &postings, err)
                                  : ledger_store_settle(database, entry, &postings, err);
    }
    if (status == GEN_OK) {
        status = ledger_store_follow(database, entry, place.held_at, &postings, err);
    }
    return status == GEN_OK && entry->amount > 0
               ? gen_budget_use_move(database, entry->attempt.text, &postings, err)
               : status;
}

/* start-up: from the postings, which are the truth, to the balances, which are for speed */

static enum gen_status ledger_store_rebuild_attempts(struct gen_database *database, const char *job,
                                                     int64_t *changed, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE attempt SET held = b.held, unverified = b.unverified, spent = b.spent "
        "FROM (SELECT a.id AS id, COALESCE(l.held, 0) AS held, "
        "COALESCE(l.unverified, 0) AS unverified, COALESCE(l.spent, 0) AS spent FROM attempt a "
        "LEFT JOIN (SELECT * FROM ledger_by_attempt WHERE job = ?) l ON l.attempt = a.id "
        "WHERE a.job = ?) AS b "
        "WHERE attempt.id = b.id AND (attempt.held <> b.held OR attempt.unverified <> "
        "b.unverified OR attempt.spent <> b.spent)",
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
