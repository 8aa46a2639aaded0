/* invoices_api.c - see invoices_api.h. */
#include "service/invoices_api.h"

#include "base/alloc.h"
#include "base/json.h"
#include "decide/invoice_form.h"
#include "decide/reconciliation.h"
#include "engine/engine.h"
#include "engine/reckoning.h"
#include "engine/rulebook.h"
#include "model/actor.h"
#include "platform/csv_reader.h"
#include "platform/json_reader.h"
#include "service/event_stream.h"
#include "store/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INVOICES_TOLERANCE INT64_C(10000) /* without a policy for the provider */
#define INVOICES_EARLIER_MS \
    INT64_C(172800000) /* by so much money may be held before it is billed */

const char *const gen_invoices_types[] = {"application/json", NULL};

const struct gen_parameter gen_invoices_parameters[] = {
    {"provider", "Only invoices of this provider."},
    {NULL, NULL},
};

/* ----------------------------------------------------------------------------------- looking -- */

static struct gen_node *invoices_moment(struct gen_arena *arena, gen_moment at)
{
    char text[GEN_MOMENT_TEXT_SIZE];

    return at == 0 ? gen_node_null(arena) : gen_node_string(arena, gen_moment_text(at, text));
}

static struct gen_node *invoices_text(struct gen_arena *arena, const char *text)
{
    return text[0] == '\0' ? gen_node_null(arena) : gen_node_string(arena, text);
}

static struct gen_node *invoices_line(struct gen_arena *arena, const struct gen_invoice_line *line)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "line", gen_node_int(arena, line->ordinal));
    gen_node_set(arena, map, "verdict", gen_node_string(arena, gen_invoice_word(line->verdict)));
    gen_node_set(arena, map, "likely", gen_node_bool(arena, line->likely));
    gen_node_set(arena, map, "reference", invoices_text(arena, line->reference));
    gen_node_set(arena, map, "model", invoices_text(arena, line->model));
    gen_node_set(arena, map, "seconds",
                 line->duration_ms == 0 ? gen_node_null(arena)
                                        : gen_node_real(arena, (double)line->duration_ms / 1000));
    gen_node_set(arena, map, "at", invoices_moment(arena, line->at));
    gen_node_set(arena, map, "amount", gen_node_money(arena, line->amount));
    gen_node_set(arena, map, "charged", gen_node_money(arena, line->charged));
    gen_node_set(arena, map, "attemptId", invoices_text(arena, line->attempt.text));
    gen_node_set(arena, map, "note", invoices_text(arena, line->note));
    gen_node_set(arena, map, "settled", gen_node_bool(arena, line->settled));
    return map;
}

/* How many lines of each verdict, and what they add up to. */
static struct gen_node *invoices_summary(struct gen_arena *arena, const struct gen_invoice *invoice)
{
    struct gen_node *map = gen_node_map(arena);

    for (int verdict = 1; verdict < GEN_INVOICE_COUNT; verdict++) {
        struct gen_node *sum = gen_node_map(arena);
        gen_micros amount = 0, charged = 0;
        int64_t lines = 0;

        for (size_t i = 0; i < invoice->count; i++) {
            const struct gen_invoice_line *line = &invoice->lines[i];

            if ((int)line->verdict == verdict) {
                lines++;
                amount = gen_money_add(&amount, amount, line->amount) ? amount : INT64_MAX;
                charged = gen_money_add(&charged, charged, line->charged) ? charged : INT64_MAX;
            }
        }
        gen_node_set(arena, sum, "lines", gen_node_int(arena, lines));
        gen_node_set(arena, sum, "amount", gen_node_money(arena, amount));
        gen_node_set(arena, sum, "charged", gen_node_money(arena, charged));
        gen_node_set(arena, map, gen_invoice_word((enum gen_invoice_verdict)verdict), sum);
    }
    return map;
}

static struct gen_node *invoices_head(struct gen_arena *arena, const struct gen_invoice *invoice)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "invoiceId", invoices_text(arena, invoice->id.text));
    gen_node_set(arena, map, "provider", gen_node_string(arena, invoice->provider));
    gen_node_set(arena, map, "name", invoices_text(arena, invoice->name));
    gen_node_set(arena, map, "from", invoices_moment(arena, invoice->from));
    gen_node_set(arena, map, "until", invoices_moment(arena, invoice->until));
    gen_node_set(arena, map, "closed", gen_node_bool(arena, invoice->closed));
    gen_node_set(arena, map, "createdAt", invoices_moment(arena, invoice->created_at));
    gen_node_set(arena, map, "createdBy", invoices_text(arena, invoice->created_by));
    gen_node_set(arena, map, "lineCount", gen_node_int(arena, (int64_t)invoice->count));
    return map;
}

static struct gen_node *invoices_document(struct gen_arena *arena,
                                          const struct gen_invoice *invoice)
{
    struct gen_node *map = invoices_head(arena, invoice), *lines = gen_node_list(arena);

    for (size_t i = 0; i < invoice->count; i++) {
        gen_node_push(lines, invoices_line(arena, &invoice->lines[i]));
    }
    gen_node_set(arena, map, "summary", invoices_summary(arena, invoice));
    gen_node_set(arena, map, "lines", lines);
    return map;
}

void gen_invoices_list(struct gen_call *call)
{
    struct gen_node *page = gen_node_map(call->arena), *list = gen_node_list(call->arena);
    struct gen_invoice *invoices = NULL;
    struct gen_error err = {0};
    size_t count = 0;

    if (gen_read_invoices(call->service->store, call->principal.organization,
                          gen_exchange_query(call->exchange, "provider"), call->arena, &invoices,
                          &count, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        gen_node_push(list, invoices_head(call->arena, &invoices[i]));
    }
    gen_node_set(call->arena, page, "invoices", list);
    gen_call_reply(call, 200, page);
}

/* Replies with the invoice as it is in the store; `booked` may be NULL. */
static void invoices_reply(struct gen_call *call, int http, const char *id,
                           const struct gen_reckoned *booked)
{
    struct gen_arena *arena = call->arena;
    struct gen_invoice invoice = {0};
    struct gen_node *map, *sums;
    struct gen_error err = {0};

    if (gen_read_invoice(call->service->store, call->principal.organization, id, arena, &invoice,
                         &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    map = invoices_document(arena, &invoice);
    if (booked != NULL) {
        sums = gen_node_map(arena);
        gen_node_set(arena, sums, "charged", gen_node_money(arena, booked->charged));
        gen_node_set(arena, sums, "released", gen_node_money(arena, booked->released));
        gen_node_set(arena, sums, "refunded", gen_node_money(arena, booked->refunded));
        gen_node_set(arena, sums, "linesLeft", gen_node_int(arena, booked->left_lines));
        gen_node_set(arena, map, "booked", sums);
    }
    gen_call_reply(call, http, map);
}

void gen_invoices_show(struct gen_call *call)
{
    invoices_reply(call, 200, call->value, NULL);
}

/* ----------------------------------------------------------------------------------- writing -- */

struct invoices_order { /* on its way to the disk; who asked may leave meanwhile */
    struct gen_claim *claim;
    const struct gen_service *service;
    int http;
    struct gen_ident id;
    struct gen_reckoned booked;
    bool books;
    bool gone;           /* it was removed */
    char organization[]; /* whose books they are */
};

static void invoices_written(void *context, enum gen_status status, const struct gen_error *err,
                             int64_t last_event)
{
    struct invoices_order order = *(struct invoices_order *)context;
    struct gen_call *call = gen_claim_redeem(order.claim);

    if (status == GEN_OK && order.books) {
        gen_engine_booked(order.service->engine,
                          ((const struct invoices_order *)context)->organization);
    }
    gen_free(context);
    if (status == GEN_OK) {
        gen_event_stream_events(order.service->stream, last_event);
    }
    if (call == NULL) {
        return; /* who asked has gone; the list shows what has become of it */
    }
    if (status != GEN_OK) {
        gen_call_fail(call, err);
        return;
    }
    if (order.gone) {
        struct gen_node *map = gen_node_map(call->arena);

        gen_node_set(call->arena, map, "removed", gen_node_string(call->arena, order.id.text));
        gen_call_reply(call, 200, map);
        return;
    }
    invoices_reply(call, order.http, order.id.text, order.books ? &order.booked : NULL);
}

/* Commits the changes, which are freed, and replies when they are durable. */
static void invoices_commit(struct gen_call *call, struct gen_changes *changes,
                            const struct invoices_order *like)
{
    size_t size = strlen(call->principal.organization) + 1;
    struct invoices_order *order = gen_alloc(sizeof *order + size);
    struct gen_error err = {0};

    if (order == NULL || gen_arena_failed(changes->arena)) {
        gen_free(order);
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        gen_call_fail(call, &err);
        gen_changes_destroy(changes);
        return;
    }
    *order = *like;
    order->service = call->service;
    memcpy(order->organization, call->principal.organization, size);
    order->claim = gen_call_park(call);
    if (order->claim == NULL) {
        gen_free(order);
    } else if (gen_engine_commit(call->service->engine, &changes, invoices_written, order, &err) !=
               GEN_OK) {
        (void)gen_claim_redeem(order->claim);
        gen_free(order);
        gen_call_fail(call, &err);
    }
    gen_changes_destroy(changes);
}

static void invoices_event(struct gen_call *call, struct gen_changes *changes,
                           enum gen_event_kind kind, const struct gen_invoice *invoice)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_arena *arena = changes->arena;
    struct gen_actor actor = gen_actor_of(&call->principal, arena);
    struct gen_node *data = invoices_head(arena, invoice);

    gen_node_set(arena, data, "summary", invoices_summary(arena, invoice));
    if (change != NULL) {
        change->as.event.kind = kind;
        change->as.event.organization = gen_arena_strdup(arena, invoice->organization);
        change->as.event.at = gen_clock_now(call->service->clock);
        change->as.event.data = gen_json_text(arena, data, NULL);
        change->as.event.actor = gen_actor_copy(&actor, arena);
        gen_random_ident(call->service->random, GEN_IDENT_EVENT, invoice->created_at,
                         &change->as.event.id);
    }
}

void gen_invoices_settle(struct gen_call *call)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_actor actor = gen_actor_of(&call->principal, call->arena);
    struct gen_reckoning reckoning = {.store = call->service->store,
                                      .random = call->service->random,
                                      .actor = &actor,
                                      .now = gen_clock_now(call->service->clock)};
    struct invoices_order order = {.http = 200, .books = true};
    struct gen_invoice invoice = {0};
    struct gen_error err = {0};
    enum gen_status status = changes == NULL
                                 ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                                 : gen_read_invoice(call->service->store,
                                                    call->principal.organization, call->value,
                                                    call->arena, &invoice, &err);

    if (status == GEN_OK) {
        order.id = invoice.id;
        status = gen_reckoning_make(&reckoning, &invoice, changes, &order.booked, &err);
    }
    if (status == GEN_OK && changes->count > 0) {
        invoices_commit(call, changes, &order);
        return;
    }
    gen_changes_destroy(changes);
    if (status == GEN_OK) {
        invoices_reply(call, 200, invoice.id.text, &order.booked);
    } else {
        gen_call_fail(call, &err);
    }
}

/* A wrong file: as long as nothing of it is booked, it can go. */
void gen_invoices_remove(struct gen_call *call)
{
    struct gen_changes *changes = gen_changes_create();
    struct invoices_order order = {.http = 200, .gone = true};
    struct gen_invoice invoice = {0};
    struct gen_change *change = NULL;
    struct gen_error err = {0};
    enum gen_status status = changes == NULL
                                 ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                                 : gen_read_invoice(call->service->store,
                                                    call->principal.organization, call->value,
                                                    call->arena, &invoice, &err);

    if (status == GEN_OK &&
        (change = gen_changes_add(changes, GEN_CHANGE_INVOICE_REMOVE)) == NULL) {
        status = gen_error_set(&err, GEN_ENOMEM, "out of memory");
    }
    if (status != GEN_OK) {
        gen_changes_destroy(changes);
        gen_call_fail(call, &err);
        return;
    }
    change->as.settled.invoice = invoice.id;
    order.id = invoice.id;
    invoices_event(call, changes, GEN_EVENT_INVOICE_REMOVED, &invoice);
    invoices_commit(call, changes, &order);
}

/* --------------------------------------------------------------------------------- importing -- */

struct invoices_body {
    const char *provider, *name, *format, *content;
    struct gen_provider_invoice columns;
    gen_moment from, until;
    bool dry_run;
};

#define FIELD(member) .offset = offsetof(struct invoices_body, member)

static const struct gen_choice invoices_formats[] = {
    {"csv", 1, "RFC 4180"}, {"json", 2, "a list of maps"}, {NULL, 0, NULL}};

static const struct gen_field invoices_fields[] = {
    {.key = "provider",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(provider),
     .min = 1,
     .max = 40,
     .help = "Whose invoice it is."},
    {.key = "format",
     .type = GEN_FIELD_TEXT,
     FIELD(format),
     .preset = "csv",
     .choices = invoices_formats,
     .help = "csv or json."},
    {.key = "name", .type = GEN_FIELD_TEXT, FIELD(name), .max = 200, .help = "Of the file."},
    {.key = "content",
     .type = GEN_FIELD_TEXT,
     .flags = GEN_FIELD_REQUIRED,
     FIELD(content),
     .max = GEN_INVOICES_BODY_MOST,
     .help = "The file."},
    {.key = "map",
     .type = GEN_FIELD_RECORD,
     FIELD(columns),
     .record = &gen_provider_invoice_record,
     .help = "Which column is what."},
    {.key = "from", .type = GEN_FIELD_MOMENT, FIELD(from), .help = "Begin of its period."},
    {.key = "until", .type = GEN_FIELD_MOMENT, FIELD(until), .help = "The moment after it."},
    {.key = "dryRun",
     .type = GEN_FIELD_BOOL,
     FIELD(dry_run),
     .preset = "false",
     .help = "Only look."},
    {0}};

static const struct gen_record invoices_record = {.name = "invoice import",
                                                  .size = sizeof(struct invoices_body),
                                                  .fields = invoices_fields,
                                                  .help = "A provider's export."};

/* What the body leaves out stands in the provider's policy. */
static void invoices_columns(const struct gen_call *call, struct invoices_body *body, bool mapped)
{
    const struct gen_provider_policy *policy = NULL;
    struct gen_rulebook_facts facts = {0};

    if (call->service->rules != NULL) {
        gen_rulebook_facts(call->service->rules, &facts);
        policy = gen_policy_provider(facts.set, body->provider);
    }
    if (!mapped && policy != NULL) {
        body->columns = policy->invoice;
    } else if (!mapped) {
        body->columns.tolerance = INVOICES_TOLERANCE;
    }
}

static enum gen_status invoices_read(struct gen_call *call, struct invoices_body *body,
                                     struct gen_error *err)
{
    const struct gen_node *node = NULL;
    size_t size;
    const char *text = gen_exchange_body(call->exchange, &size);
    gen_moment now = gen_clock_now(call->service->clock);
    enum gen_status status = gen_json_read(text, size, NULL, call->arena, &node, err);

    if (status == GEN_OK) {
        status = gen_record_bind(&invoices_record, node, "", call->arena, body, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    if ((body->from == 0) != (body->until == 0) || body->until < body->from) {
        status = gen_error_set(err, GEN_EINVAL,
                               "give both ends of the period, the first one first");
    } else if (body->until > now) {
        status = gen_error_set(err, GEN_EINVAL,
                               "the period has not ended yet; what is missing may still come");
    }
    if (status != GEN_OK) {
        gen_error_place(err, NULL, 0, 0, "until");
        return status;
    }
    if (gen_loader_find(call->service->loader, body->provider) == NULL) {
        status = gen_error_set(err, GEN_EINVAL, "there is no provider \"%.40s\"", body->provider);
        gen_error_place(err, NULL, 0, 0, "provider");
        return status;
    }
    invoices_columns(call, body, gen_node_get(node, "map") != NULL);
    return GEN_OK;
}

static enum gen_status invoices_lines(struct gen_call *call, const struct invoices_body *body,
                                      struct gen_invoice *invoice, struct gen_error *err)
{
    const struct gen_node *document = NULL;
    struct gen_node *rows = NULL;
    enum gen_status status;

    if (strcmp(body->format, "json") == 0) {
        status = gen_json_read(body->content, strlen(body->content), NULL, call->arena, &document,
                               err);
    } else {
        status = gen_csv_read(body->content, strlen(body->content), call->arena, &rows, err);
        document = rows;
    }
    if (status == GEN_ELIMIT) {
        status = err->status = GEN_ETOOLARGE; /* of the file's, not of the daemon's */
    }
    if (status != GEN_OK) {
        gen_error_within(err, "the %s", body->format);
        gen_error_place(err, NULL, 0, 0, "content");
        return status;
    }
    return gen_invoice_form_read(document, &body->columns,
                                 rows != NULL &&
                                     gen_csv_separator(body->content, strlen(body->content)) == ';',
                                 call->arena, invoice, err);
}

static int invoices_sooner(const void *a, const void *b)
{
    const struct gen_billable *left = a, *right = b;

    return left->at < right->at ? -1 : left->at > right->at;
}

/* What is ours around the period. */
static enum gen_status invoices_reconcile(struct gen_call *call, const struct invoices_body *body,
                                          struct gen_invoice *invoice, struct gen_error *err)
{
    struct gen_past_order *orders = NULL;
    struct gen_billable *billables;
    gen_moment from = invoice->from, until = invoice->until;
    size_t count = 0;
    enum gen_status status;

    if (until == 0 && !gen_reconciliation_period(invoice, &from, &until)) {
        from = INVOICES_EARLIER_MS; /* no line says when: all there is */
        until = gen_clock_now(call->service->clock);
    }
    status = gen_read_past_orders(call->service->store, invoice->organization, invoice->provider,
                                  from - INVOICES_EARLIER_MS, until + INVOICES_EARLIER_MS,
                                  call->arena, &orders, &count, err);
    billables = gen_arena_array(call->arena, count + 1, sizeof *billables);
    if (status == GEN_OK && billables == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    for (size_t i = 0; status == GEN_OK && i < count; i++) {
        billables[i] = (struct gen_billable){.attempt = orders[i].attempt,
                                             .job = orders[i].job,
                                             .pipeline = orders[i].pipeline,
                                             .handle = orders[i].handle,
                                             .model = orders[i].model,
                                             .duration_ms = orders[i].duration_ms,
                                             .at = orders[i].at,
                                             .charged = orders[i].charged,
                                             .unverified = orders[i].unverified,
                                             .billed = orders[i].billed};
    }
    if (status == GEN_OK && count > 1) {
        qsort(billables, count, sizeof *billables, invoices_sooner);
    }
    return status == GEN_OK ? gen_reconciliation_make(invoice, billables, count,
                                                      body->columns.tolerance, call->arena, err)
                            : status;
}

static void invoices_add(struct gen_call *call, const struct gen_invoice *invoice)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_error err = {0};

    if (changes == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        gen_call_fail(call, &err);
        return;
    }
    gen_changes_invoice(changes, invoice);
    invoices_event(call, changes, GEN_EVENT_INVOICE_IMPORTED, invoice);
    invoices_commit(call, changes, &(struct invoices_order){.http = 201, .id = invoice->id});
}

void gen_invoices_import(struct gen_call *call)
{
    struct invoices_body body = {0};
    char digest[GEN_DIGEST_TEXT_SIZE];
    struct gen_invoice invoice = {.organization = call->principal.organization,
                                  .created_by = call->principal.user,
                                  .digest = digest,
                                  .created_at = gen_clock_now(call->service->clock)};
    struct gen_ident before;
    struct gen_error err = {0};
    enum gen_status status = invoices_read(call, &body, &err);

    if (status == GEN_OK) {
        invoice.provider = body.provider;
        invoice.name = body.name == NULL ? "" : body.name;
        invoice.from = body.from;
        invoice.until = body.until;
        invoice.closed = body.until != 0;
        gen_digest_of(body.content, strlen(body.content), digest);
        if (!body.dry_run &&
            gen_read_invoice_of_digest(call->service->store, invoice.organization, body.provider,
                                       digest, &before, NULL) == GEN_OK) {
            invoices_reply(call, 200, before.text, NULL);
            return;
        }
        status = invoices_lines(call, &body, &invoice, &err);
    }
    if (status == GEN_OK) {
        status = invoices_reconcile(call, &body, &invoice, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail(call, &err);
    } else if (body.dry_run) {
        gen_call_reply(call, 200, invoices_document(call->arena, &invoice));
    } else {
        gen_random_ident(call->service->random, GEN_IDENT_INVOICE, invoice.created_at, &invoice.id);
        invoices_add(call, &invoice);
    }
}
