/* books.c - see books.h. Money in events is in dollars of at most six digits behind the point. */
#include "store/books.h"

#define MICROS(value) "CAST(ROUND(1e6 * (" value ")) AS INTEGER)"

/* ?1 after, ?2 last. Events of versions that did not tell accounts are compared by their amount. */
static const char wrong_sql[] =
    "SELECT e.seq, e.id FROM event e WHERE e.seq > ?1 AND e.seq <= ?2 AND e.kind = 'ledger.entry' "
    "AND NOT EXISTS (SELECT 1 FROM ledger_entry l WHERE l.id = e.data ->> '$.entryId' "
    "AND l.attempt = e.data ->> '$.attemptId' AND l.kind = e.data ->> '$.kind' "
    "AND l.amount = " MICROS(
        "e.data ->> '$.amount'") " "
                                 "AND (e.data -> '$.accounts' IS NULL OR ("
                                 "NOT EXISTS (SELECT 1 FROM json_each(e.data, '$.accounts') a LEFT "
                                 "JOIN posting p ON "
                                 "p.entry = l.id AND p.account = a.key WHERE COALESCE(p.amount, 0) "
                                 "<> " MICROS(
                                     "a.value") ") "
                                                "AND (SELECT COUNT(*) FROM posting p WHERE p.entry "
                                                "= l.id AND p.amount <> 0) = "
                                                "(SELECT COUNT(*) FROM json_each(e.data, "
                                                "'$.accounts'))))) ORDER BY e.seq";

/* ?1 and ?2 as above: entries of the moments between the first and the last of these events. */
static const char untold_sql[] =
    "SELECT 0, l.id FROM ledger_entry l WHERE l.organization IN "
    "(SELECT DISTINCT organization FROM event WHERE seq > ?1 AND seq <= ?2) AND "
    "l.at >= (SELECT at FROM event WHERE seq > ?1 ORDER BY seq LIMIT 1) "
    "AND l.at <= (SELECT at FROM event WHERE seq <= ?2 ORDER BY seq DESC LIMIT 1) "
    "AND l.amount > 0 AND NOT EXISTS (SELECT 1 FROM event e WHERE e.job = l.job AND e.job <> '' "
    "AND e.kind = 'ledger.entry' AND e.data ->> '$.entryId' = l.id) ORDER BY l.at, l.id";

static enum gen_status books_look(struct gen_database *database, const char *sql, int64_t after,
                                  enum gen_chain_fault fault, struct gen_chain_check *check,
                                  struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(database, sql, &statement, err);

    if (status == GEN_OK) {
        gen_statement_integer(statement, after);
        gen_statement_integer(statement, check->after);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            int64_t seq = gen_statement_take_integer(statement);

            gen_chain_find(check, fault, seq, gen_statement_peek_text(statement));
        }
    }
    return status;
}

enum gen_status gen_books_verify(struct gen_database *database, int64_t after,
                                 struct gen_chain_check *check, struct gen_error *err)
{
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = books_look(database, wrong_sql, after, GEN_CHAIN_LEDGER, check, err);
    }
    if (status == GEN_OK) {
        status = books_look(database, untold_sql, after, GEN_CHAIN_UNTOLD, check, err);
    }
    gen_database_leave(database);
    return status;
}
