/* reckoning.c - see reckoning.h. */
#include "engine/reckoning.h"

#include "base/json.h"
#include "base/map.h"

struct reckoning {
    const struct gen_reckoning *from;
    const struct gen_invoice *invoice;
    struct gen_changes *changes;
    struct gen_map *orders; /* attempt -> struct gen_past_order, as it will be then */
    struct gen_reckoned *out;
    struct gen_error *err;
};

static enum gen_status reckoning_no_memory(const struct reckoning *it)
{
    return gen_error_set(it->err, GEN_ENOMEM, "out of memory");
}

static enum gen_status reckoning_order(struct reckoning *it, const char *attempt,
                                       struct gen_past_order **out)
{
    struct gen_past_order *order = gen_map_get(it->orders, attempt);
    enum gen_status status;

    if (order != NULL) {
        *out = order;
        return GEN_OK;
    }
    order = gen_arena_alloc(it->changes->arena, sizeof *order);
    if (order == NULL) {
        return reckoning_no_memory(it);
    }
    status = gen_read_past_order(it->from->store, it->invoice->organization, attempt,
                                 it->changes->arena, order, it->err);
    if (status == GEN_OK && gen_map_put(it->orders, order->attempt.text, order, NULL) != GEN_OK) {
        status = reckoning_no_memory(it);
    }
    *out = order;
    return status;
}

static struct gen_change_event *reckoning_event(struct reckoning *it, enum gen_event_kind kind)
{
    struct gen_change *change = gen_changes_add(it->changes, GEN_CHANGE_EVENT);
    struct gen_arena *arena = it->changes->arena;

    if (change == NULL) {
        return NULL;
    }
    change->as.event.kind = kind;
    change->as.event.organization = gen_arena_strdup(arena, it->invoice->organization);
    change->as.event.at = it->from->now;
    if (it->from->actor != NULL) {
        change->as.event.actor = gen_actor_copy(it->from->actor, arena);
    }
    gen_random_ident(it->from->random, GEN_IDENT_EVENT, it->from->now, &change->as.event.id);
    return &change->as.event;
}

/* In the words of the entries that the engine writes, so that the log gives the same balances. */
static void reckoning_tell(struct reckoning *it, const struct gen_change_entry *entry,
                           const struct gen_postings *postings)
{
    struct gen_change_event *event = reckoning_event(it, GEN_EVENT_LEDGER_ENTRY);
    struct gen_arena *arena = it->changes->arena;
    struct gen_node *data = gen_node_map(arena), *accounts = gen_node_map(arena);

    for (int account = GEN_ACCOUNT_FUNDS; account < GEN_ACCOUNT_COUNT; account++) {
        if (postings->of[account] != 0) {
            gen_node_set(arena, accounts, gen_account_word((enum gen_account)account),
                         gen_node_money(arena, postings->of[account]));
        }
    }
    gen_node_set(arena, data, "entryId", gen_node_string(arena, entry->id.text));
    gen_node_set(arena, data, "attemptId", gen_node_string(arena, entry->attempt.text));
    gen_node_set(arena, data, "kind", gen_node_string(arena, gen_ledger_word(entry->kind)));
    gen_node_set(arena, data, "amount", gen_node_money(arena, entry->amount));
    gen_node_set(arena, data, "basis", gen_node_string(arena, entry->basis));
    gen_node_set(arena, data, "provider", gen_node_string(arena, entry->provider));
    gen_node_set(arena, data, "reference", gen_node_string(arena, entry->reference));
    gen_node_set(arena, data, "accounts", accounts);
    if (event != NULL) {
        event->job = entry->job;
        event->pipeline = entry->pipeline;
        event->data = gen_json_text(arena, data, NULL);
    }
}

static enum gen_status reckoning_book(struct reckoning *it, const struct gen_invoice_line *line,
                                      struct gen_past_order *order, enum gen_ledger_kind kind,
                                      gen_micros amount, const char *basis)
{
    struct gen_balance balance = {.spent = order->charged, .unverified = order->unverified};
    struct gen_postings postings = {{0}};
    struct gen_change *change;
    struct gen_change_entry *entry;
    enum gen_status status;

    if (amount == 0) {
        return GEN_OK;
    }
    status = gen_ledger_postings(kind, amount, &balance, &postings, it->err);
    if (status == GEN_OK) {
        status = gen_balance_post(&balance, &postings, it->err);
    }
    if (status != GEN_OK) {
        return status;
    }
    order->charged = balance.spent;
    order->unverified = balance.unverified;
    change = gen_changes_add(it->changes, GEN_CHANGE_LEDGER);
    if (change == NULL) {
        return reckoning_no_memory(it);
    }
    entry = &change->as.entry;
    gen_random_ident(it->from->random, GEN_IDENT_LEDGER, it->from->now, &entry->id);
    entry->job = order->job;
    entry->pipeline = order->pipeline;
    entry->attempt = order->attempt;
    entry->kind = kind;
    entry->amount = amount;
    entry->provider = gen_arena_strdup(it->changes->arena, it->invoice->provider);
    entry->basis = basis;
    entry->reference = gen_arena_printf(it->changes->arena, "%s:%lld", it->invoice->id.text,
                                        (long long)line->ordinal);
    entry->at = it->from->now;
    reckoning_tell(it, entry, &postings);
    return GEN_OK;
}

static bool reckoning_count(int64_t *lines, gen_micros *sum, gen_micros amount)
{
    ++*lines;
    return gen_money_add(sum, *sum, amount);
}

static enum gen_status reckoning_billed(struct reckoning *it, const struct gen_invoice_line *line,
                                        struct gen_past_order *order)
{
    enum gen_status status = reckoning_book(it, line, order, GEN_LEDGER_CHARGE, line->amount,
                                            "as the invoice says");

    if (status == GEN_OK) { /* what it was thought to cost beyond that */
        status = reckoning_book(it, line, order, GEN_LEDGER_RELEASE, order->unverified,
                                "not billed, as the invoice says");
    }
    return status == GEN_OK &&
                   !reckoning_count(&it->out->charged_lines, &it->out->charged, line->amount)
               ? gen_error_set(it->err, GEN_EOVERFLOW, "what the invoice charges does not fit")
               : status;
}

/* Does the line prove something that is not booked? */
static bool reckoning_proves(const struct reckoning *it, const struct gen_invoice_line *line,
                             const struct gen_past_order *order)
{
    switch (line->verdict) {
    case GEN_INVOICE_UNVERIFIED:
        return order->unverified > 0;
    case GEN_INVOICE_MISSING_THERE:
        return order->unverified > 0 && it->invoice->closed && !order->billed;
    case GEN_INVOICE_CREDIT:
        return -line->amount <= order->charged;
    default:
        return false;
    }
}

static enum gen_status reckoning_line(struct reckoning *it, const struct gen_invoice_line *line)
{
    bool may = line->verdict == GEN_INVOICE_UNVERIFIED || line->verdict == GEN_INVOICE_CREDIT ||
               line->verdict == GEN_INVOICE_MISSING_THERE;
    struct gen_past_order *order = NULL;
    struct gen_change *change;
    enum gen_status status;
    bool fits = true;

    if (!may || line->settled || line->attempt.text[0] == '\0') {
        return GEN_OK;
    }
    status = reckoning_order(it, line->attempt.text, &order);
    if (status != GEN_OK) {
        return status;
    }
    if (line->likely || !order->over || !reckoning_proves(it, line, order)) {
        it->out->left_lines++;
        return GEN_OK;
    }
    if (line->verdict == GEN_INVOICE_UNVERIFIED) {
        status = reckoning_billed(it, line, order);
    } else if (line->verdict == GEN_INVOICE_CREDIT) {
        fits = reckoning_count(&it->out->refunded_lines, &it->out->refunded, -line->amount);
        status = reckoning_book(it, line, order, GEN_LEDGER_REFUND, -line->amount,
                                "given back, as the invoice says");
    } else {
        fits = reckoning_count(&it->out->released_lines, &it->out->released, order->unverified);
        status = reckoning_book(it, line, order, GEN_LEDGER_RELEASE, order->unverified,
                                "not on the invoice of its period");
    }
    change = status == GEN_OK ? gen_changes_add(it->changes, GEN_CHANGE_INVOICE_SETTLED) : NULL;
    if (change != NULL) {
        change->as.settled = (struct gen_change_settled){it->invoice->id, line->ordinal};
    }
    return status == GEN_OK && !fits ? gen_error_set(it->err, GEN_EOVERFLOW, "the sums do not fit")
                                     : status;
}

static void reckoning_summary(struct reckoning *it)
{
    struct gen_change_event *event = reckoning_event(it, GEN_EVENT_INVOICE_SETTLED);
    struct gen_arena *arena = it->changes->arena;
    struct gen_node *data = gen_node_map(arena);

    gen_node_set(arena, data, "invoiceId", gen_node_string(arena, it->invoice->id.text));
    gen_node_set(arena, data, "provider", gen_node_string(arena, it->invoice->provider));
    gen_node_set(arena, data, "charged", gen_node_money(arena, it->out->charged));
    gen_node_set(arena, data, "released", gen_node_money(arena, it->out->released));
    gen_node_set(arena, data, "refunded", gen_node_money(arena, it->out->refunded));
    if (event != NULL) {
        event->data = gen_json_text(arena, data, NULL);
    }
}

enum gen_status gen_reckoning_make(const struct gen_reckoning *reckoning,
                                   const struct gen_invoice *invoice, struct gen_changes *changes,
                                   struct gen_reckoned *out, struct gen_error *err)
{
    struct reckoning it = {.from = reckoning,
                           .invoice = invoice,
                           .changes = changes,
                           .orders = gen_map_create(invoice->count + 1),
                           .out = out,
                           .err = err};
    enum gen_status status = it.orders == NULL ? reckoning_no_memory(&it) : GEN_OK;

    *out = (struct gen_reckoned){0};
    for (size_t i = 0; i < invoice->count && status == GEN_OK; i++) {
        status = reckoning_line(&it, &invoice->lines[i]);
    }
    if (status == GEN_OK && changes->count > 0) {
        reckoning_summary(&it);
    }
    gen_map_destroy(it.orders);
    if (status == GEN_OK && gen_arena_failed(changes->arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return status;
}
