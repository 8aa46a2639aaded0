/* audit.c - see audit.h. */
#include "simulation/audit.h"

#include "platform/json_reader.h"
#include "store/database.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct audit {
    struct shell *shell;
    struct gen_database *database;
    struct gen_arena *arena;
    struct audit_sums *sums;
    int wrong;
};

static void audit_wrong(struct audit *audit, const char *format, ...) GEN_PRINTF(2, 3);
static void audit_wrong(struct audit *audit, const char *format, ...)
{
    va_list values;

    audit->wrong++;
    va_start(values, format);
    printf("WRONG: ");
    vprintf(format, values);
    printf("\n");
    va_end(values);
}

static struct gen_statement *audit_ask(struct audit *audit, const char *sql, const char *value)
{
    struct gen_statement *statement = NULL;
    struct gen_error err = {0};

    if (gen_database_prepare(audit->database, sql, &statement, &err) != GEN_OK) {
        fprintf(stderr, "%s: %s\n", sql, err.message);
        abort();
    }
    if (value != NULL) {
        gen_statement_text(statement, value);
    }
    return statement;
}

static bool audit_row(struct gen_statement *statement)
{
    struct gen_error err = {0};
    bool row = false;

    if (gen_statement_next(statement, &row, &err) != GEN_OK) {
        fprintf(stderr, "%s\n", err.message);
        abort();
    }
    return row;
}

static void audit_balances(struct audit *audit, bool final)
{
    struct gen_statement *rows = audit_ask(
        audit,
        "SELECT job.id, job.status, job.budget, job.held, job.spent, job.unverified, "
        "COALESCE(SUM(l.held), 0), COALESCE(SUM(l.spent), 0), COALESCE(SUM(l.unverified), 0) "
        "FROM job LEFT JOIN ledger_by_attempt l ON l.job = job.id GROUP BY job.id", NULL);

    while (audit_row(rows)) {
        struct gen_ident id;
        enum gen_job_status status;
        gen_micros budget, balance[3], entries[3];

        gen_statement_take_ident(rows, &id);
        status = gen_job_status_of(gen_statement_peek_text(rows));
        budget = gen_statement_take_integer(rows);
        for (int i = 0; i < 3; i++) {
            balance[i] = gen_statement_take_integer(rows);
        }
        for (int i = 0; i < 3; i++) {
            entries[i] = gen_statement_take_integer(rows);
        }
        if (memcmp(balance, entries, sizeof(balance)) != 0) {
            audit_wrong(audit, "the balance of %s is not what its entries add up to", id.text);
        }
        if (balance[0] + balance[1] + balance[2] > budget) {
            audit_wrong(audit, "job %s is over its budget", id.text);
        }
        if (final && !gen_job_status_terminal(status)) {
            audit_wrong(audit, "job %s never ended: %s", id.text, gen_job_status_word(status));
        }
        if (gen_job_status_terminal(status) && balance[0] != 0) {
            audit_wrong(audit, "job %s is over and holds %lld", id.text, (long long)balance[0]);
        }
        if (final) {
            audit->sums->jobs_by_status[status]++;
            audit->sums->charged += balance[1];
        }
    }
}

/* ------------------------------------------------------------------------ limits and postings -- */

/* Postings add up to zero, in each entry; balances of attempts are theirs. */
static void audit_postings(struct audit *audit)
{
    static const char *const sql[] = {
        "SELECT e.id || ': its postings do not add up to zero' FROM ledger_entry e JOIN posting p ON "
        "p.entry = e.id GROUP BY e.id HAVING SUM(p.amount) <> 0",
        "SELECT e.id || ' has an amount and no postings' FROM ledger_entry e WHERE e.amount > 0 AND "
        "NOT EXISTS (SELECT 1 FROM posting p WHERE p.entry = e.id)",
        "SELECT a.id || ' has another balance than its postings' FROM attempt a LEFT JOIN "
        "ledger_by_attempt l ON l.attempt = a.id WHERE a.held <> COALESCE(l.held, 0) OR "
        "a.unverified <> COALESCE(l.unverified, 0) OR a.spent <> COALESCE(l.spent, 0)",
        "SELECT u.key || ' is not what the ledger adds up to' FROM budget_use u WHERE "
        "u.held + u.unverified + u.spent <> (SELECT COALESCE(SUM(a.held + a.unverified + a.spent), "
        "0) FROM attempt a JOIN job j ON j.id = a.job WHERE a.held_at >= u.begins AND "
        "a.held_at < u.ends AND u.key IN ('organization:' || a.organization, "
        "'team:' || a.organization || '|' || j.team, "
        "'project:' || a.organization || '|' || j.project, "
        "'user:' || a.organization || '|' || j.user_id, "
        "'provider:' || a.organization || '|' || a.provider))",
    };

    for (size_t i = 0; i < GEN_COUNT(sql); i++) {
        struct gen_statement *rows = audit_ask(audit, sql[i], NULL);

        while (audit_row(rows)) {
            audit_wrong(audit, "%s", gen_statement_peek_text(rows));
        }
    }
}

static gen_micros audit_used(struct audit *audit, const struct gen_limit *limit, gen_moment begins,
                             gen_moment ends)
{
    struct gen_statement *rows = audit_ask(
        audit,
        "SELECT COALESCE(SUM(a.held + a.unverified + a.spent), 0) FROM attempt a JOIN job j ON "
        "j.id = a.job WHERE ? IN ('organization:' || a.organization, "
        "'team:' || a.organization || '|' || j.team, "
        "'project:' || a.organization || '|' || j.project, "
        "'user:' || a.organization || '|' || j.user_id, "
        "'provider:' || a.organization || '|' || a.provider) AND a.held_at >= ? AND a.held_at < ?",
        limit->key);
    gen_micros used = 0;

    gen_statement_integer(rows, begins);
    gen_statement_integer(rows, ends);
    if (audit_row(rows)) {
        used = gen_statement_take_integer(rows);
        (void)audit_row(rows);
    }
    return used;
}

/* No limit is passed, in any of the periods so far (a week of simulated time is enough for several). */
static void audit_limits(struct audit *audit)
{
    const struct purses *purses = &audit->shell->purses;

    for (size_t i = 0; i < purses->count; i++) {
        const struct gen_budget *budget = &purses->budgets[i];
        struct purses one = {.budgets = {*budget}, .count = 1};

        for (int64_t day = 0; day <= 10; day++) {
            struct gen_hold_of of = {.organization = budget->organization, .team = budget->of,
                                     .project = budget->of, .user = budget->of,
                                     .provider = budget->of,
                                     .at = audit->shell->world.now - day * INT64_C(86400000)};
            struct gen_limit *limit = NULL;
            gen_micros room = budget->hard, used, before;

            if (purses_limits(&one, &of, audit->arena, &limit) != 1) {
                audit_wrong(audit, "budget %zu applies to nobody", i);
                return;
            }
            used = audit_used(audit, limit, limit->begins, limit->ends);
            if (limit->rollover) {
                before = audit_used(audit, limit, limit->before, limit->begins);
                room += before < budget->hard ? budget->hard - before : 0;
            }
            if (used > room) {
                audit_wrong(audit, "%s: %lld of %lld are used", limit->key, (long long)used,
                            (long long)room);
            }
        }
    }
}

/* The log alone: what its ledger entries moved is what the attempt's row says. */
static void audit_replay(struct audit *audit)
{
    struct gen_statement *rows = audit_ask(
        audit,
        "SELECT a.id, a.held, a.unverified, a.spent, "
        "COALESCE(SUM(e.data ->> '$.accounts.held'), 0), "
        "COALESCE(SUM(e.data ->> '$.accounts.unverified'), 0), "
        "COALESCE(SUM(e.data ->> '$.accounts.spent'), 0), "
        "COALESCE(SUM(e.data ->> '$.accounts.funds'), 0), "
        "COALESCE(SUM(e.data ->> '$.carriedFrom' IS NOT NULL), 0) FROM attempt a LEFT JOIN event e "
        "ON e.kind = 'ledger.entry' AND e.data ->> '$.attemptId' = a.id GROUP BY a.id", NULL);

    while (audit_row(rows)) {
        gen_micros row[3], log[4];
        struct gen_ident id;

        gen_statement_take_ident(rows, &id);
        for (int i = 0; i < 3; i++) {
            row[i] = gen_statement_take_integer(rows);
        }
        for (int i = 0; i < 4; i++) { /* dollars */
            double dollars = strtod(gen_statement_peek_text(rows), NULL);

            log[i] = (gen_micros)(dollars * 1e6 + (dollars < 0 ? -0.5 : 0.5));
        }
        audit->sums->carried += (uint64_t)gen_statement_take_integer(rows);
        if (log[0] != row[0] || log[1] != row[1] || log[2] != row[2] ||
            log[0] + log[1] + log[2] + log[3] != 0) {
            audit_wrong(audit, "the log gives attempt %s other balances than its row", id.text);
        }
    }
}

/* ---------------------------------------------------------------- attempts against the books -- */

struct audit_attempt {
    struct gen_ident id;
    enum gen_attempt_state state;
    enum gen_failure failure;
    enum gen_pipeline_status pipeline;
    gen_micros hold, charge, release, unverified;
};

/* The vendor made the video and wants its money; we neither have it nor were told to do without. */
static bool audit_lost(const struct audit_attempt *attempt, const struct sale *sale)
{
    if (sale->outcome != SALE_SUCCEEDS || sale->cancelled ||
        attempt->state == GEN_ATTEMPT_SETTLED) {
        return false;
    }
    return attempt->failure != GEN_FAILURE_CANCELED && attempt->failure != GEN_FAILURE_EXPIRED &&
           attempt->failure != GEN_FAILURE_OUTPUT && attempt->failure != GEN_FAILURE_AMBIGUOUS;
}

static void audit_sale(struct audit *audit, const struct audit_attempt *attempt,
                       const struct sale *sale)
{
    gen_micros billed = sale == NULL ? 0 : sale->billed;

    if (sale != NULL && sale->purchases > 1) {
        audit_wrong(audit, "attempt %s was bought %d times", attempt->id.text, sale->purchases);
    }
    if (attempt->unverified == 0 && attempt->charge != billed) {
        audit_wrong(audit, "attempt %s (%s %s): the vendor billed %lld, the ledger says %lld",
                    attempt->id.text, gen_attempt_word(attempt->state),
                    gen_failure_word(attempt->failure), (long long)billed,
                    (long long)attempt->charge);
    }
    if (sale != NULL && audit_lost(attempt, sale)) {
        audit_wrong(audit, "the paid video of attempt %s is lost (%s %s)", attempt->id.text,
                    gen_attempt_word(attempt->state), gen_failure_word(attempt->failure));
    }
}

static void audit_attempt(struct audit *audit, const struct audit_attempt *attempt)
{
    const struct sale *sale = vendor_sale(&audit->shell->vendor, attempt->id.text);
    gen_micros ended = attempt->charge + attempt->release + attempt->unverified;

    audit->sums->attempts++;
    audit->sums->sales += sale != NULL;
    audit->sums->settled += attempt->state == GEN_ATTEMPT_SETTLED;
    audit->sums->unverified += attempt->unverified > 0;
    audit->sums->billed += sale == NULL ? 0 : sale->billed;
    if (!gen_attempt_terminal(attempt->state)) {
        audit_wrong(audit, "attempt %s is still %s", attempt->id.text,
                    gen_attempt_word(attempt->state));
    }
    if (ended != attempt->hold) {
        audit_wrong(audit, "attempt %s held %lld, and %lld came of it", attempt->id.text,
                    (long long)attempt->hold, (long long)ended);
    }
    if (attempt->charge > 0 && attempt->unverified > 0) {
        audit_wrong(audit, "attempt %s is charged and unverified", attempt->id.text);
    }
    audit_sale(audit, attempt, sale);
}

static void audit_attempts(struct audit *audit)
{
    struct gen_statement *rows = audit_ask(
        audit,
        "SELECT a.id, a.state, a.failure, p.status, "
        "COALESCE(SUM(CASE WHEN e.kind = 'hold' THEN e.amount END), 0), "
        "COALESCE(SUM(CASE WHEN e.kind = 'charge' THEN e.amount END), 0), "
        "COALESCE(SUM(CASE WHEN e.kind = 'release' THEN e.amount END), 0), "
        "COALESCE(SUM(CASE WHEN e.kind = 'unverified' THEN e.amount END), 0) "
        "FROM attempt a JOIN pipeline p ON p.id = a.pipeline "
        "LEFT JOIN ledger_entry e ON e.attempt = a.id GROUP BY a.id", NULL);

    while (audit_row(rows)) {
        struct audit_attempt attempt;

        gen_statement_take_ident(rows, &attempt.id);
        attempt.state = gen_attempt_of(gen_statement_peek_text(rows));
        attempt.failure = gen_failure_of(gen_statement_peek_text(rows));
        attempt.pipeline = gen_pipeline_status_of(gen_statement_peek_text(rows));
        attempt.hold = gen_statement_take_integer(rows);
        attempt.charge = gen_statement_take_integer(rows);
        attempt.release = gen_statement_take_integer(rows);
        attempt.unverified = gen_statement_take_integer(rows);
        audit_attempt(audit, &attempt);
    }
}

/* Whatever the vendor answered: an attempt has the job that it bought, and nobody else's clip. */
static void audit_handles(struct audit *audit)
{
    struct gen_statement *rows = audit_ask(
        audit, "SELECT id, handle FROM attempt WHERE handle LIKE 'job-%'", NULL);

    while (audit_row(rows)) {
        const struct vendor *vendor = &audit->shell->vendor;
        struct gen_ident id;
        long long sale = -1;

        gen_statement_take_ident(rows, &id);
        if (sscanf(gen_statement_peek_text(rows), "job-%lld", &sale) != 1 || sale < 0 ||
            sale >= (long long)vendor->count ||
            strcmp(vendor->sales[sale].reference, id.text) != 0) {
            audit_wrong(audit, "attempt %s has the job of another, %lld", id.text, sale);
        }
    }
}

/* ---------------------------------------------------------------------------------- events -- */

/* Follows the states of every attempt through the log: each event goes on where the last one ended,
 * and the last one is where the row is. */
static void audit_chain(struct audit *audit, const char *attempt, const char *state)
{
    struct gen_statement *rows = audit_ask(
        audit,
        "SELECT data FROM event WHERE kind = 'attempt.state' AND data ->> '$.attemptId' = ? "
        "ORDER BY seq", attempt);
    char at[32] = "planned";

    while (audit_row(rows)) {
        const char *text = gen_statement_take_text(rows, audit->arena);
        const struct gen_node *data = NULL;
        struct gen_error err = {0};

        if (gen_json_read(text, strlen(text), NULL, audit->arena, &data, &err) != GEN_OK) {
            audit_wrong(audit, "an event is no JSON: %s", text);
            continue;
        }
        if (strcmp(gen_node_text(gen_node_get(data, "from"), ""), at) != 0) {
            audit_wrong(audit, "the log of %s jumps from %s to %s", attempt, at, text);
        }
        snprintf(at, sizeof(at), "%s", gen_node_text(gen_node_get(data, "to"), ""));
    }
    if (strcmp(at, state) != 0) {
        audit_wrong(audit, "the log leaves %s at %s, it is %s", attempt, at, state);
    }
}

static void audit_events(struct audit *audit)
{
    static const char *const sql[] = {
        "SELECT j.id || ' has not exactly one closing event' FROM job j WHERE 1 <> (SELECT "
        "COUNT(*) FROM event e WHERE e.job = j.id AND e.kind = 'job.' || j.status)",
        "SELECT p.id || ' has not exactly one closing event' FROM pipeline p WHERE 1 <> (SELECT "
        "COUNT(*) FROM event e WHERE e.pipeline = p.id AND e.kind = 'pipeline.' || p.status)",
        "SELECT j.id || ' has ledger entries without events' FROM job j WHERE (SELECT COUNT(*) "
        "FROM ledger_entry l WHERE l.job = j.id) <> (SELECT COUNT(*) FROM event e WHERE "
        "e.job = j.id AND e.kind = 'ledger.entry')",
        "SELECT p.id || ' is completed without an output' FROM pipeline p WHERE "
        "(p.status = 'completed') <> (p.output <> '')",
        "SELECT p.id || ' is completed with a failure: ' || p.failure FROM pipeline p WHERE "
        "p.status = 'completed' AND p.failure <> ''",
        "SELECT s.id || ' counts its attempts wrong' FROM shot s WHERE s.attempt_count <> "
        "(SELECT COUNT(*) FROM attempt a WHERE a.shot = s.id)",
        /* What waits for others begins when they are done, with what it was promised of them. */
        "SELECT a.id || ' began before what its shot was promised was there' FROM attempt a JOIN "
        "supply u ON u.shot = a.shot WHERE u.digest = '' AND a.state <> 'refused'",
        "SELECT b.id || ' began before the slice that it goes on from was done' FROM shot b JOIN "
        "shot a ON a.pipeline = b.pipeline AND a.ordinal = b.ordinal - 1 JOIN attempt x ON "
        "x.shot = b.id AND x.accepted_at > 0 WHERE b.from_ms > 0 AND NOT EXISTS (SELECT 1 FROM "
        "attempt y WHERE y.shot = a.id AND y.state = 'settled' AND y.ended_at <= x.accepted_at)",
        "SELECT x.id || ' has another seed than the slice before it' FROM shot b JOIN shot a ON "
        "a.pipeline = b.pipeline AND a.ordinal = b.ordinal - 1 JOIN attempt x ON x.shot = b.id AND "
        "x.state = 'settled' JOIN attempt y ON y.shot = a.id AND y.state = 'settled' WHERE "
        "b.from_ms > 0 AND x.seed <> y.seed",
        "SELECT p.id || ' is completed without a clip of each shot' FROM pipeline p JOIN shot s ON "
        "s.pipeline = p.id WHERE p.status = 'completed' AND s.clip = '' AND s.role = 'scene'",
        "SELECT p.id || ' is not finished and does not say so' FROM pipeline p JOIN shot s ON "
        "s.pipeline = p.id WHERE p.status = 'completed' AND s.role = 'finish' AND "
        "(s.clip = '') <> (p.warning <> '')",
    };
    struct gen_statement *rows;

    for (size_t i = 0; i < GEN_COUNT(sql); i++) {
        rows = audit_ask(audit, sql[i], NULL);
        while (audit_row(rows)) {
            audit_wrong(audit, "%s", gen_statement_peek_text(rows));
        }
    }
    rows = audit_ask(audit, "SELECT id, state FROM attempt", NULL);
    while (audit_row(rows)) {
        struct gen_ident id;
        char state[32];

        gen_statement_take_ident(rows, &id);
        snprintf(state, sizeof(state), "%s", gen_statement_peek_text(rows));
        audit_chain(audit, id.text, state);
    }
}

/* Where the hold covered every way that the policy allows, nobody had to ask for money again, and what went
 * over from one attempt to the next never grew. */
static void audit_covered(struct audit *audit)
{
    static const char *const sql[] = {
        "SELECT COUNT(*) FROM ledger_entry e JOIN attempt a ON a.id = e.attempt WHERE e.job = ? AND "
        "e.kind = 'hold' AND a.ordinal > 1 AND NOT EXISTS (SELECT 1 FROM event v WHERE v.job = e.job AND "
        "v.kind = 'ledger.entry' AND v.data ->> '$.entryId' = e.id AND v.data ->> '$.carriedFrom' IS NOT "
        "NULL)",
        "SELECT COUNT(*) FROM ledger_entry e JOIN attempt a ON a.id = e.attempt JOIN attempt b ON b.shot = "
        "a.shot AND b.ordinal = a.ordinal - 1 JOIN ledger_entry f ON f.attempt = b.id AND f.kind = 'hold' "
        "WHERE e.job = ? AND e.kind = 'hold' AND e.amount > f.amount",
    };

    for (size_t i = 0; i < audit->shell->job_count * GEN_COUNT(sql); i++) {
        const struct shell_job *job = &audit->shell->jobs[i / GEN_COUNT(sql)];
        struct gen_statement *rows;

        if (!job->covered) {
            continue;
        }
        rows = audit_ask(audit, sql[i % GEN_COUNT(sql)], job->id.text);
        if (audit_row(rows)) {
            int64_t count = gen_statement_take_integer(rows);

            if (count != 0) {
                audit_wrong(audit, "the hold of %s did not cover %lld of its attempts (%zu)",
                            job->id.text, (long long)count, i % GEN_COUNT(sql));
            }
            (void)audit_row(rows);
        }
        audit->sums->covered += i % GEN_COUNT(sql) == 0;
    }
}

/* What was promised to whoever cancelled. */
static void audit_cancelled(struct audit *audit)
{
    for (size_t i = 0; i < audit->shell->job_count; i++) {
        struct gen_statement *rows;

        if (!audit->shell->jobs[i].cancelled) {
            continue;
        }
        rows = audit_ask(audit, "SELECT status, cancel_requested FROM job WHERE id = ?",
                         audit->shell->jobs[i].id.text);
        if (audit_row(rows)) {
            char status[32];

            snprintf(status, sizeof(status), "%s", gen_statement_peek_text(rows));
            if (gen_statement_take_integer(rows) == 0 && strcmp(status, "canceled") != 0 &&
                audit->shell->crashes == 0) {
                audit_wrong(audit, "the cancelling of %s was forgotten: %s",
                            audit->shell->jobs[i].id.text, status);
            }
            (void)audit_row(rows);
        }
    }
}

int audit_run(struct shell *shell, bool final, struct audit_sums *sums)
{
    struct audit audit = {.shell = shell,
                          .database = gen_store_reader(shell->store),
                          .arena = gen_arena_create(0),
                          .sums = sums};

    audit_balances(&audit, final);
    audit_postings(&audit);
    audit_limits(&audit);
    if (final) {
        audit_attempts(&audit);
        audit_handles(&audit);
        audit_replay(&audit);
        audit_events(&audit);
        audit_covered(&audit);
        audit_cancelled(&audit);
    }
    gen_arena_destroy(audit.arena);
    return audit.wrong;
}
