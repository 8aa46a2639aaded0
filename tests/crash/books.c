/* books.c - see books.h. */
#include "crash/books.h"

#include "base/arena.h"
#include "model/job.h"
#include "model/ledger.h"
#include "store/database.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct audit {
    const struct vendor *vendor;
    struct gen_database *database;
    struct books_sums *sums;
    bool seen[BOOKS_MOST]; /* the books that belong to an attempt */
    int wrong;
};

static void books_wrong(struct audit *audit, const char *format, ...) GEN_PRINTF(2, 3);
static void books_wrong(struct audit *audit, const char *format, ...)
{
    va_list values;

    audit->wrong++;
    va_start(values, format);
    printf("WRONG: ");
    vprintf(format, values);
    printf("\n");
    va_end(values);
}

static struct gen_statement *books_ask(struct audit *audit, const char *sql)
{
    struct gen_statement *statement = NULL;
    struct gen_error err = {0};

    if (gen_database_prepare(audit->database, sql, &statement, &err) != GEN_OK) {
        fprintf(stderr, "%s: %s\n", sql, err.message);
        abort();
    }
    return statement;
}

static bool books_row(struct gen_statement *statement)
{
    struct gen_error err = {0};
    bool row = false;

    if (gen_statement_next(statement, &row, &err) != GEN_OK) {
        fprintf(stderr, "%s\n", err.message);
        abort();
    }
    return row;
}

/* Each of these finds rows that must not be there. */
static void books_rules(struct audit *audit)
{
    static const char *const rules[] = {
        "SELECT id || ' is not over: ' || status FROM job WHERE status NOT IN ('completed', "
        "'partially_completed', 'failed', 'canceled')",
        "SELECT id || ' is over and holds money' FROM job WHERE held <> 0",
        "SELECT id || ' is over its budget' FROM job WHERE held + spent + unverified > budget",
        "SELECT j.id || ' has a balance that its entries do not give' FROM job j WHERE j.spent <> "
        "(SELECT COALESCE(SUM(l.spent), 0) FROM ledger_by_attempt l WHERE l.job = j.id) OR "
        "j.unverified <> (SELECT COALESCE(SUM(l.unverified), 0) FROM ledger_by_attempt l WHERE "
        "l.job = j.id)",
        "SELECT id || ' has not ended: ' || state FROM attempt WHERE state NOT IN ('settled', "
        "'refused', 'failed')",
        "SELECT p.id || ' is completed without an output' FROM pipeline p WHERE "
        "(p.status = 'completed') <> (EXISTS (SELECT 1 FROM output o WHERE o.pipeline = p.id))",
        "SELECT j.id || ' has not exactly one closing event' FROM job j WHERE 1 <> (SELECT "
        "COUNT(*) FROM event e WHERE e.job = j.id AND e.kind = 'job.' || j.status)",
        "SELECT 'key ' || name || ' belongs to no job' FROM idempotency_key k WHERE NOT EXISTS "
        "(SELECT 1 FROM job j WHERE j.id = k.job)",
    };

    for (size_t i = 0; i < GEN_COUNT(rules); i++) {
        struct gen_statement *rows = books_ask(audit, rules[i]);

        while (books_row(rows)) {
            books_wrong(audit, "%s", gen_statement_peek_text(rows));
        }
    }
}

struct entry_sums {
    gen_micros hold, charge, release, unverified;
};

static void books_attempt(struct audit *audit, const char *id, const char *state,
                          const char *failure, const struct entry_sums *sums)
{
    const struct book *book = NULL;
    int64_t billed;

    for (size_t i = 0; i < audit->vendor->count; i++) {
        if (strcmp(audit->vendor->books[i].reference, id) == 0) {
            book = &audit->vendor->books[i];
            audit->seen[i] = true;
        }
    }
    billed = book == NULL ? 0 : book->billed;
    audit->sums->attempts++;
    audit->sums->purchases += book != NULL;
    audit->sums->billed += billed;
    audit->sums->charged += sums->charge;
    audit->sums->settled += strcmp(state, "settled") == 0;
    audit->sums->unverified += sums->unverified > 0;
    if (book != NULL && book->purchases > 1) {
        books_wrong(audit, "%s was bought %d times", id, book->purchases);
    }
    if (sums->hold != sums->charge + sums->release + sums->unverified) {
        books_wrong(audit, "%s held %lld, and %lld came of it", id, (long long)sums->hold,
                    (long long)(sums->charge + sums->release + sums->unverified));
    }
    if (sums->unverified == 0 && sums->charge != billed) {
        books_wrong(audit, "%s (%s %s): the vendor billed %lld, the ledger says %lld", id, state,
                    failure, (long long)billed, (long long)sums->charge);
    }
    if (billed > 0 && strcmp(state, "settled") != 0 && strcmp(failure, "canceled") != 0 &&
        strcmp(failure, "ambiguous") != 0) {
        books_wrong(audit, "the paid video of %s is lost: %s %s", id, state, failure);
    }
}

static void books_attempts(struct audit *audit)
{
    struct gen_statement *rows = books_ask(
        audit, "SELECT a.id, a.state, a.failure, "
               "COALESCE(SUM(CASE WHEN e.kind = 'hold' THEN e.amount END), 0), "
               "COALESCE(SUM(CASE WHEN e.kind = 'charge' THEN e.amount END), 0), "
               "COALESCE(SUM(CASE WHEN e.kind = 'release' THEN e.amount END), 0), "
               "COALESCE(SUM(CASE WHEN e.kind = 'unverified' THEN e.amount END), 0) "
               "FROM attempt a LEFT JOIN ledger_entry e ON e.attempt = a.id GROUP BY a.id");

    while (books_row(rows)) {
        struct gen_ident id;
        char state[32], failure[32];
        struct entry_sums sums;

        gen_statement_take_ident(rows, &id);
        snprintf(state, sizeof(state), "%s", gen_statement_peek_text(rows));
        snprintf(failure, sizeof(failure), "%s", gen_statement_peek_text(rows));
        sums.hold = gen_statement_take_integer(rows);
        sums.charge = gen_statement_take_integer(rows);
        sums.release = gen_statement_take_integer(rows);
        sums.unverified = gen_statement_take_integer(rows);
        books_attempt(audit, id.text, state, failure, &sums);
    }
    for (size_t i = 0; i < audit->vendor->count; i++) {
        if (!audit->seen[i]) {
            books_wrong(audit, "the vendor sold %s, which gend does not know",
                        audit->vendor->books[i].reference);
        }
    }
}

int books_compare(const struct vendor *vendor, const char *state, struct books_sums *sums)
{
    struct audit audit = {.vendor = vendor, .sums = sums};
    struct gen_error err = {0};
    struct gen_statement *rows;
    char path[700];

    snprintf(path, sizeof(path), "%s/genengine.db", state);
    if (gen_database_open(path, 0, &audit.database, &err) != GEN_OK) {
        fprintf(stderr, "%s\n", err.message);
        abort();
    }
    books_rules(&audit);
    books_attempts(&audit);
    rows = books_ask(&audit, "SELECT COUNT(*) FROM output");
    if (books_row(rows)) {
        sums->outputs = (size_t)gen_statement_take_integer(rows);
    }
    gen_database_close(audit.database);
    return audit.wrong;
}
