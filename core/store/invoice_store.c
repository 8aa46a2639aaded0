/* invoice_store.c - see invoice_store.h. */
#include "store/invoice_store.h"

static enum gen_status invoice_line(struct gen_database *database,
                                    const struct gen_invoice *invoice,
                                    const struct gen_invoice_line *line, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(database,
                                                  "INSERT INTO invoice_line (invoice, ordinal, "
                                                  "reference, client, model, duration_ms, amount, "
                                                  "at, verdict, likely, attempt, charged, note) "
                                                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                                  &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, invoice->id.text);
    gen_statement_integer(statement, line->ordinal);
    gen_statement_text(statement, line->reference);
    gen_statement_text(statement, line->client);
    gen_statement_text(statement, line->model);
    gen_statement_integer(statement, line->duration_ms);
    gen_statement_integer(statement, line->amount);
    gen_statement_integer(statement, line->at);
    gen_statement_text(statement, gen_invoice_word(line->verdict));
    gen_statement_integer(statement, line->likely);
    gen_statement_text(statement, line->attempt.text);
    gen_statement_integer(statement, line->charged);
    gen_statement_text(statement, line->note);
    return gen_statement_change(statement, NULL, err);
}

enum gen_status gen_invoice_store_add(struct gen_database *database,
                                      const struct gen_change *change, struct gen_error *err)
{
    const struct gen_invoice *invoice = &change->as.invoice;
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO invoice (id, organization, provider, name, digest, begins, ends, closed, "
        "created_at, created_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (organization, provider, digest) DO NOTHING",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, invoice->id.text);
    gen_statement_text(statement, invoice->organization);
    gen_statement_text(statement, invoice->provider);
    gen_statement_text(statement, invoice->name);
    gen_statement_text(statement, invoice->digest);
    gen_statement_integer(statement, invoice->from);
    gen_statement_integer(statement, invoice->until);
    gen_statement_integer(statement, invoice->closed);
    gen_statement_integer(statement, invoice->created_at);
    gen_statement_text(statement, invoice->created_by);
    status = gen_statement_change(statement, &changed, err);
    if (status == GEN_OK && changed != 1) {
        status = gen_error_set(err, GEN_ECONFLICT, "the same file was imported at this moment");
    }
    for (size_t i = 0; i < invoice->count && status == GEN_OK; i++) {
        status = invoice_line(database, invoice, &invoice->lines[i], err);
    }
    return status;
}

enum gen_status gen_invoice_store_settled(struct gen_database *database,
                                          const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_settled *settled = &change->as.settled;
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE invoice_line SET settled = 1 WHERE invoice = ? AND ordinal = ? AND settled = 0",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, settled->invoice.text);
    gen_statement_integer(statement, settled->ordinal);
    status = gen_statement_change(statement, &changed, err);
    return status == GEN_OK && changed != 1
               ? gen_error_set(err, GEN_ECONFLICT,
                               "line %lld of invoice %s is settled already; look at it again",
                               (long long)settled->ordinal, settled->invoice.text)
               : status;
}

/* One statement with the invoice's id. */
static enum gen_status invoice_run(struct gen_database *database, const char *sql, const char *id,
                                   int64_t *changed, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(database, sql, &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, id);
        status = gen_statement_change(statement, changed, err);
    }
    return status;
}

enum gen_status gen_invoice_store_remove(struct gen_database *database,
                                         const struct gen_change *change, struct gen_error *err)
{
    const char *id = change->as.settled.invoice.text;
    int64_t changed = 0;
    enum gen_status status = invoice_run(
        database,
        "DELETE FROM invoice_line WHERE invoice = ?1 AND NOT EXISTS (SELECT 1 FROM invoice_line s "
        "WHERE s.invoice = ?1 AND s.settled = 1)",
        id, NULL, err);

    if (status == GEN_OK) {
        status = invoice_run(database,
                             "DELETE FROM invoice WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM "
                             "invoice_line l WHERE l.invoice = ?1)",
                             id, &changed, err);
    }
    return status == GEN_OK && changed != 1
               ? gen_error_set(
                     err, GEN_ECONFLICT,
                     "what invoice %s proves stands in the ledger; it stays, and what is wrong "
                     "with it is put right by another one",
                     id)
               : status;
}
