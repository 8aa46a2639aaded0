/* invoice_reading.c - see invoice_reading.h. */
#include "store/invoice_reading.h"

#include "model/attempt.h"
#include "store/database.h"

#include <string.h>

#define INVOICE_COLUMNS \
    "SELECT id, organization, provider, name, digest, begins, ends, closed, created_at, " \
    "created_by, " \
    "(SELECT COUNT(*) FROM invoice_line l WHERE l.invoice = invoice.id) FROM invoice "
#define ORDER_COLUMNS \
    "SELECT a.id, a.job, a.pipeline, a.handle, a.model, a.state, a.spent, a.unverified, " \
    "CASE WHEN a.accepted_at > 0 THEN a.accepted_at ELSE a.started_at END, " \
    "(SELECT CASE WHEN s.ordered_ms > 0 THEN s.ordered_ms ELSE s.duration_ms END FROM shot s " \
    "WHERE s.id = a.shot), " \
    "EXISTS (SELECT 1 FROM invoice_line l WHERE l.attempt = a.id AND l.attempt <> '' AND " \
    "l.verdict IN ('matched', 'wrong_amount', 'unverified')) FROM attempt a "

static void invoice_take(struct gen_statement *statement, struct gen_arena *arena,
                         struct gen_invoice *out)
{
    gen_statement_take_ident(statement, &out->id);
    out->organization = gen_statement_take_text(statement, arena);
    out->provider = gen_statement_take_text(statement, arena);
    out->name = gen_statement_take_text(statement, arena);
    out->digest = gen_statement_take_text(statement, arena);
    out->from = gen_statement_take_integer(statement);
    out->until = gen_statement_take_integer(statement);
    out->closed = gen_statement_take_integer(statement) != 0;
    out->created_at = gen_statement_take_integer(statement);
    out->created_by = gen_statement_take_text(statement, arena);
    out->count = (size_t)gen_statement_take_integer(statement);
    out->lines = NULL;
}

static enum gen_status no_memory(struct gen_error *err)
{
    return gen_error_set(err, GEN_ENOMEM, "no memory for invoices");
}

enum gen_status gen_read_invoices(struct gen_store *store, const char *organization,
                                  const char *provider, struct gen_arena *arena,
                                  struct gen_invoice **out, size_t *count, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_invoice *invoices = gen_arena_array(arena, GEN_INVOICES_MOST, sizeof *invoices);
    struct gen_statement *statement;
    size_t total = 0;
    bool row = true;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK && invoices == NULL) {
        status = no_memory(err);
    }
    if (status == GEN_OK) {
        status = gen_database_prepare(database,
                                      INVOICE_COLUMNS
                                      "WHERE organization = ?1 AND (?2 = '' OR provider = ?2) "
                                      "ORDER BY id DESC LIMIT ?3",
                                      &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, organization);
        gen_statement_text(statement, provider == NULL ? "" : provider);
        gen_statement_integer(statement, GEN_INVOICES_MOST);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            invoice_take(statement, arena, &invoices[total++]);
        }
    }
    gen_database_leave(database);
    if (status == GEN_OK) {
        *out = invoices;
        *count = total;
    }
    return status == GEN_OK && gen_arena_failed(arena) ? no_memory(err) : status;
}

static enum gen_status invoice_lines(struct gen_database *database, struct gen_arena *arena,
                                     struct gen_invoice *invoice, struct gen_error *err)
{
    struct gen_statement *statement;
    size_t most = invoice->count;
    bool row = true;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT ordinal, reference, client, model, duration_ms, amount, at, verdict, likely, "
        "attempt, "
        "charged, note, settled FROM invoice_line WHERE invoice = ? ORDER BY ordinal",
        &statement, err);

    invoice->lines = gen_arena_array(arena, most + 1, sizeof *invoice->lines);
    invoice->count = 0;
    if (status == GEN_OK && invoice->lines == NULL) {
        return no_memory(err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, invoice->id.text);
    }
    while (status == GEN_OK && row) {
        struct gen_invoice_line *line = &invoice->lines[invoice->count];

        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row && invoice->count < most) {
            invoice->count++;
            line->ordinal = gen_statement_take_integer(statement);
            line->reference = gen_statement_take_text(statement, arena);
            line->client = gen_statement_take_text(statement, arena);
            line->model = gen_statement_take_text(statement, arena);
            line->duration_ms = gen_statement_take_integer(statement);
            line->amount = gen_statement_take_integer(statement);
            line->at = gen_statement_take_integer(statement);
            line->verdict = gen_invoice_of(gen_statement_peek_text(statement));
            line->likely = gen_statement_take_integer(statement) != 0;
            gen_statement_take_ident(statement, &line->attempt);
            line->charged = gen_statement_take_integer(statement);
            line->note = gen_statement_take_text(statement, arena);
            line->settled = gen_statement_take_integer(statement) != 0;
        }
    }
    return status;
}

enum gen_status gen_read_invoice(struct gen_store *store, const char *organization, const char *id,
                                 struct gen_arena *arena, struct gen_invoice *out,
                                 struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(database, INVOICE_COLUMNS "WHERE id = ? AND organization = ?",
                                      &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, id);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no invoice %.40s", id);
    }
    if (status == GEN_OK) {
        invoice_take(statement, arena, out);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK) {
        status = invoice_lines(database, arena, out, err);
    }
    gen_database_leave(database);
    return status == GEN_OK && gen_arena_failed(arena) ? no_memory(err) : status;
}

enum gen_status gen_read_invoice_of_digest(struct gen_store *store, const char *organization,
                                           const char *provider, const char *digest,
                                           struct gen_ident *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "SELECT id FROM invoice WHERE organization = ? AND provider = ? AND digest = ?",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, organization);
        gen_statement_text(statement, provider);
        gen_statement_text(statement, digest);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "this file was not imported");
    } else if (status == GEN_OK) {
        gen_statement_take_ident(statement, out);
    }
    gen_database_leave(database);
    return status;
}

/* ------------------------------------------------------------------------------------- orders -- */

static void order_take(struct gen_statement *statement, struct gen_arena *arena,
                       struct gen_past_order *out)
{
    gen_statement_take_ident(statement, &out->attempt);
    gen_statement_take_ident(statement, &out->job);
    gen_statement_take_ident(statement, &out->pipeline);
    out->handle = gen_statement_take_text(statement, arena);
    out->model = gen_statement_take_text(statement, arena);
    out->over = gen_attempt_terminal(gen_attempt_of(gen_statement_peek_text(statement)));
    out->charged = gen_statement_take_integer(statement);
    out->unverified = gen_statement_take_integer(statement);
    out->at = gen_statement_take_integer(statement);
    out->duration_ms = gen_statement_take_integer(statement);
    out->billed = gen_statement_take_integer(statement) != 0;
}

static struct gen_past_order *order_grow(struct gen_arena *arena, struct gen_past_order *orders,
                                         size_t count, size_t *capacity)
{
    struct gen_past_order *more = gen_arena_array(arena, *capacity * 2 + 64, sizeof *more);

    if (more != NULL && count > 0) { /* the few blocks left behind die with the arena */
        memcpy(more, orders, count * sizeof *more);
    }
    *capacity = *capacity * 2 + 64;
    return more;
}

enum gen_status gen_read_past_orders(struct gen_store *store, const char *organization,
                                     const char *provider, gen_moment from, gen_moment until,
                                     struct gen_arena *arena, struct gen_past_order **out,
                                     size_t *count, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_past_order *orders = NULL;
    struct gen_statement *statement;
    size_t total = 0, capacity = 0;
    bool row = true;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            ORDER_COLUMNS "WHERE a.organization = ? AND a.held_at >= ? AND a.held_at < ? "
                          "AND +a.provider = ? ORDER BY a.held_at",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, organization);
        gen_statement_integer(statement, from);
        gen_statement_integer(statement, until);
        gen_statement_text(statement, provider);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row && total == capacity &&
            (orders = order_grow(arena, orders, total, &capacity)) == NULL) {
            status = no_memory(err);
        }
        if (status == GEN_OK && row) {
            order_take(statement, arena, &orders[total++]);
        }
    }
    gen_database_leave(database);
    if (status == GEN_OK) {
        *out = orders;
        *count = total;
    }
    return status == GEN_OK && gen_arena_failed(arena) ? no_memory(err) : status;
}

enum gen_status gen_read_past_order(struct gen_store *store, const char *organization,
                                    const char *attempt, struct gen_arena *arena,
                                    struct gen_past_order *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database, ORDER_COLUMNS "WHERE a.id = ? AND +a.organization = ?", &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, attempt);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no attempt %.40s", attempt);
    } else if (status == GEN_OK) {
        order_take(statement, arena, out);
    }
    gen_database_leave(database);
    return status;
}
