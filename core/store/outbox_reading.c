/* outbox_reading.c - see outbox_reading.h. */
#include "store/outbox_reading.h"

#include "store/database.h"
#include "store/document.h"

#include <stdio.h>

#define SUBSCRIBER_COLUMNS \
    "SELECT id, organization, kind, title, url, kinds, job, project, secret, secret_before, " \
    "secret_until, state, position, failures, failing_since, retry_at, last_status, last_error, " \
    "delivered, delivered_at, created_by, created_at, updated_at, version FROM subscriber "

#define EVENT_COLUMNS \
    "SELECT e.seq, e.id, e.at, e.kind, e.organization, e.job, e.pipeline, e.actor, e.data, " \
    "COALESCE(j.project, ''), COALESCE(j.team, '') "

static void subscriber_take(struct gen_statement *statement, struct gen_arena *arena,
                            struct gen_subscriber *subscriber)
{
    (void)snprintf(subscriber->id, sizeof subscriber->id, "%s", gen_statement_peek_text(statement));
    subscriber->organization = gen_statement_take_text(statement, arena);
    subscriber->kind = gen_subscriber_kind_of(gen_statement_peek_text(statement));
    subscriber->title = gen_statement_take_text(statement, arena);
    subscriber->url = gen_statement_take_text(statement, arena);
    subscriber->kinds = gen_statement_take_text(statement, arena);
    subscriber->job = gen_statement_take_text(statement, arena);
    subscriber->project = gen_statement_take_text(statement, arena);
    subscriber->secret = gen_statement_take_text(statement, arena);
    subscriber->secret_before = gen_statement_take_text(statement, arena);
    subscriber->secret_until = gen_statement_take_integer(statement);
    subscriber->state = gen_subscriber_state_of(gen_statement_peek_text(statement));
    subscriber->position = gen_statement_take_integer(statement);
    subscriber->failures = (int32_t)gen_statement_take_integer(statement);
    subscriber->failing_since = gen_statement_take_integer(statement);
    subscriber->retry_at = gen_statement_take_integer(statement);
    subscriber->last_status = (int32_t)gen_statement_take_integer(statement);
    subscriber->last_error = gen_statement_take_text(statement, arena);
    subscriber->delivered = gen_statement_take_integer(statement);
    subscriber->delivered_at = gen_statement_take_integer(statement);
    subscriber->created_by = gen_statement_take_text(statement, arena);
    subscriber->created_at = gen_statement_take_integer(statement);
    subscriber->updated_at = gen_statement_take_integer(statement);
    subscriber->version = gen_statement_take_integer(statement);
}

static enum gen_status outbox_memory(enum gen_status status, const struct gen_arena *arena,
                                     struct gen_error *err)
{
    return status == GEN_OK && gen_arena_failed(arena)
               ? gen_error_set(err, GEN_ENOMEM, "no memory for subscribers")
               : status;
}

enum gen_status gen_read_subscribers(struct gen_store *store, const char *organization,
                                     struct gen_arena *arena, struct gen_subscriber **out,
                                     size_t *count, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_subscriber *subscribers = gen_arena_array(arena, GEN_OUTBOX_SUBSCRIBERS_MOST,
                                                         sizeof *subscribers);
    struct gen_statement *statement;
    bool row = true;
    size_t total = 0;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            organization == NULL ? SUBSCRIBER_COLUMNS "ORDER BY id LIMIT ?"
                                 : SUBSCRIBER_COLUMNS "WHERE organization = ? ORDER BY id LIMIT ?",
            &statement, err);
    }
    if (status == GEN_OK && organization != NULL) {
        gen_statement_text(statement, organization);
    }
    if (status == GEN_OK) {
        gen_statement_integer(statement, GEN_OUTBOX_SUBSCRIBERS_MOST);
    }
    while (status == GEN_OK && row && !gen_arena_failed(arena)) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            subscriber_take(statement, arena, &subscribers[total++]);
        }
    }
    gen_database_leave(database);
    status = outbox_memory(status, arena, err);
    if (status == GEN_OK) {
        *out = subscribers;
        *count = total;
    }
    return status;
}

enum gen_status gen_read_subscriber(struct gen_store *store, const char *organization,
                                    const char *id, struct gen_arena *arena,
                                    struct gen_subscriber *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database, SUBSCRIBER_COLUMNS "WHERE id = ? AND organization = ?", &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, id);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && row) {
        subscriber_take(statement, arena, out);
        status = outbox_memory(status, arena, err);
    } else if (status == GEN_OK) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no webhook %s", id);
    }
    gen_database_leave(database);
    return status;
}

/* -------------------------------------------------------------------------------------- events -- */

static void event_take(struct gen_statement *statement, struct gen_arena *arena,
                       struct gen_outbox_event *event)
{
    event->seq = gen_statement_take_integer(statement);
    gen_statement_take_ident(statement, &event->id);
    event->at = gen_statement_take_integer(statement);
    event->kind = gen_statement_take_text(statement, arena);
    event->organization = gen_statement_take_text(statement, arena);
    event->job = gen_statement_take_text(statement, arena);
    event->pipeline = gen_statement_take_text(statement, arena);
    event->actor = gen_statement_take_text(statement, arena);
    event->data = gen_statement_take_text(statement, arena);
    event->project = gen_statement_take_text(statement, arena);
    event->team = gen_statement_take_text(statement, arena);
}

enum gen_status gen_read_outbox(struct gen_store *store, const char *organization, int64_t after,
                                int64_t limit, struct gen_arena *arena,
                                struct gen_outbox_event **out, size_t *count, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_outbox_event *events;
    struct gen_statement *statement;
    bool row = true, all = organization[0] == '\0';
    size_t total = 0;
    enum gen_status status = gen_database_enter(database, err);

    limit = limit < 1 ? 1 : limit > GEN_OUTBOX_BATCH ? GEN_OUTBOX_BATCH : limit;
    events = gen_arena_array(arena, (size_t)limit, sizeof *events);
    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            all ? EVENT_COLUMNS "FROM event e LEFT JOIN job j ON j.id = e.job WHERE e.seq > ? "
                                "ORDER BY e.seq LIMIT ?"
                : EVENT_COLUMNS "FROM event e LEFT JOIN job j ON j.id = e.job "
                                "WHERE e.organization = ? AND e.seq > ? ORDER BY e.seq LIMIT ?",
            &statement, err);
    }
    if (status == GEN_OK) {
        if (!all) {
            gen_statement_text(statement, organization);
        }
        gen_statement_integer(statement, after);
        gen_statement_integer(statement, limit);
    }
    while (status == GEN_OK && row && !gen_arena_failed(arena)) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            event_take(statement, arena, &events[total++]);
        }
    }
    gen_database_leave(database);
    status = outbox_memory(status, arena, err);
    if (status == GEN_OK) {
        *out = events;
        *count = total;
    }
    return status;
}

enum gen_status gen_read_outbox_aside(struct gen_store *store, const char *subscriber,
                                      int64_t after, struct gen_arena *arena,
                                      struct gen_outbox_event *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(database,
                                      EVENT_COLUMNS
                                      "FROM outbox o JOIN event e ON e.seq = o.seq "
                                      "LEFT JOIN job j ON j.id = e.job WHERE o.subscriber = ? AND "
                                      "o.seq > ? ORDER BY o.seq LIMIT 1",
                                      &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, subscriber);
        gen_statement_integer(statement, after);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && row) {
        event_take(statement, arena, out);
        status = outbox_memory(status, arena, err);
    } else if (status == GEN_OK) {
        status = gen_error_set(err, GEN_ENOTFOUND, "%s has refused nothing", subscriber);
    }
    gen_database_leave(database);
    return status;
}

/* One number of one row, asked with one text. */
static enum gen_status outbox_number(struct gen_store *store, const char *sql, const char *text,
                                     bool *found, int64_t *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    enum gen_status status = gen_database_enter(database, err);

    *found = false;
    if (status == GEN_OK) {
        status = gen_database_prepare(database, sql, &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, text);
        status = gen_statement_next(statement, found, err);
    }
    if (status == GEN_OK && *found) {
        *out = gen_statement_take_integer(statement);
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_outbox_asides(struct gen_store *store, const char *subscriber,
                                       int64_t *out, struct gen_error *err)
{
    bool found;

    return outbox_number(store, "SELECT COUNT(*) FROM outbox WHERE subscriber = ?", subscriber,
                         &found, out, err);
}

enum gen_status gen_read_ordered(struct gen_store *store, const char *attempt, int64_t *ms,
                                 struct gen_error *err)
{
    bool found;
    enum gen_status status = outbox_number(store,
                                           "SELECT s.ordered_ms FROM attempt a JOIN shot s ON "
                                           "s.id = a.shot WHERE a.id = ?",
                                           attempt, &found, ms, err);

    return status == GEN_OK && !found
               ? gen_error_set(err, GEN_ENOTFOUND, "there is no attempt %s", attempt)
               : status;
}

/* ---------------------------------------------------------------------------------- deliveries -- */

static void delivery_item(struct gen_statement *statement, struct gen_arena *arena,
                          struct gen_node *list)
{
    struct gen_node *item = gen_node_push(list, gen_node_map(arena));
    int64_t status;

    gen_node_set(arena, item, "number", gen_node_int(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, item, "event", gen_node_string(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, item, "type", gen_node_string(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, item, "attempt",
                 gen_node_int(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, item, "at", gen_node_moment(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, item, "took",
                 gen_document_seconds(arena, gen_statement_take_integer(statement)));
    status = gen_statement_take_integer(statement);
    gen_node_set(arena, item, "status",
                 status > 0 ? gen_node_int(arena, status) : gen_node_null(arena));
    gen_node_set(arena, item, "outcome",
                 gen_node_string(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, item, "note", gen_document_text(arena, gen_statement_peek_text(statement)));
}

enum gen_status gen_read_deliveries(struct gen_store *store, const char *subscriber, int64_t before,
                                    int64_t limit, struct gen_arena *arena, struct gen_node **out,
                                    struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_node *list = gen_node_list(arena);
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "SELECT number, event, kind, attempt, at, took_ms, status, outcome, note FROM delivery "
            "WHERE subscriber = ? AND number < ? ORDER BY number DESC LIMIT ?",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, subscriber);
        gen_statement_integer(statement, before > 0 ? before : INT64_MAX);
        gen_statement_integer(statement, limit);
    }
    while (status == GEN_OK && row && !gen_arena_failed(arena)) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            delivery_item(statement, arena, list);
        }
    }
    gen_database_leave(database);
    status = outbox_memory(status, arena, err);
    if (status == GEN_OK) {
        *out = list;
    }
    return status;
}
