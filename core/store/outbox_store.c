/* outbox_store.c - see outbox_store.h. */
#include "store/outbox_store.h"

static enum gen_status outbox_one(struct gen_statement *statement,
                                  const struct gen_subscriber *subscriber, struct gen_error *err)
{
    int64_t changed = 0;
    enum gen_status status = gen_statement_change(statement, &changed, err);

    return status == GEN_OK && changed != 1
               ? gen_error_set(err, GEN_ECONFLICT,
                               "%s was changed by somebody else in the meantime, or is gone; look "
                               "again",
                               subscriber->id)
               : status;
}

enum gen_status gen_outbox_store_add(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    const struct gen_subscriber *subscriber = &change->as.subscriber;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        subscriber->position < 0
            ? "INSERT INTO subscriber (id, organization, kind, title, url, kinds, job, project, "
              "secret, "
              "state, created_by, created_at, updated_at, version, position) SELECT ?, ?, ?, ?, ?, "
              "?, ?, ?, ?, ?, ?, ?, ?, 1, COALESCE((SELECT MAX(seq) FROM event), 0)"
            : "INSERT INTO subscriber (id, organization, kind, title, url, kinds, job, project, "
              "secret, "
              "state, created_by, created_at, updated_at, version, position) VALUES (?, ?, ?, ?, "
              "?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, subscriber->id);
    gen_statement_text(statement, subscriber->organization);
    gen_statement_text(statement, gen_subscriber_kind_word(subscriber->kind));
    gen_statement_text(statement, subscriber->title);
    gen_statement_text(statement, subscriber->url);
    gen_statement_text(statement, subscriber->kinds);
    gen_statement_text(statement, subscriber->job);
    gen_statement_text(statement, subscriber->project);
    gen_statement_text(statement, subscriber->secret);
    gen_statement_text(statement, gen_subscriber_state_word(subscriber->state));
    gen_statement_text(statement, subscriber->created_by);
    gen_statement_integer(statement, subscriber->created_at);
    gen_statement_integer(statement, subscriber->updated_at);
    if (subscriber->position >= 0) {
        gen_statement_integer(statement, subscriber->position);
    }
    return gen_statement_change(statement, NULL, err);
}

enum gen_status gen_outbox_store_set(struct gen_database *database, const struct gen_change *change,
                                     struct gen_error *err)
{
    const struct gen_subscriber *subscriber = &change->as.subscriber;
    bool active = subscriber->state == GEN_SUBSCRIBER_ACTIVE;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        active ? "UPDATE subscriber SET title = ?, url = ?, kinds = ?, job = ?, project = ?, "
                 "secret = ?, "
                 "secret_before = ?, secret_until = ?, state = ?, updated_at = ?, version = ?, "
                 "failures = 0, failing_since = 0, retry_at = 0 "
                 "WHERE id = ? AND organization = ? AND version = ?"
               : "UPDATE subscriber SET title = ?, url = ?, kinds = ?, job = ?, project = ?, "
                 "secret = ?, "
                 "secret_before = ?, secret_until = ?, state = ?, updated_at = ?, version = ? "
                 "WHERE id = ? AND organization = ? AND version = ?",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, subscriber->title);
    gen_statement_text(statement, subscriber->url);
    gen_statement_text(statement, subscriber->kinds);
    gen_statement_text(statement, subscriber->job);
    gen_statement_text(statement, subscriber->project);
    gen_statement_text(statement, subscriber->secret);
    gen_statement_text(statement, subscriber->secret_before);
    gen_statement_integer(statement, subscriber->secret_until);
    gen_statement_text(statement, gen_subscriber_state_word(subscriber->state));
    gen_statement_integer(statement, subscriber->updated_at);
    gen_statement_integer(statement, subscriber->version);
    gen_statement_text(statement, subscriber->id);
    gen_statement_text(statement, subscriber->organization);
    gen_statement_integer(statement, subscriber->version - 1);
    return outbox_one(statement, subscriber, err);
}

enum gen_status gen_outbox_store_remove(struct gen_database *database,
                                        const struct gen_change *change, struct gen_error *err)
{
    static const char *const parts[] = {"DELETE FROM delivery WHERE subscriber = ?",
                                        "DELETE FROM outbox WHERE subscriber = ?"};
    const struct gen_subscriber *subscriber = &change->as.subscriber;
    struct gen_statement *statement;
    enum gen_status status = GEN_OK;

    for (size_t i = 0; i < GEN_COUNT(parts) && status == GEN_OK; i++) {
        status = gen_database_prepare(database, parts[i], &statement, err);
        if (status == GEN_OK) {
            gen_statement_text(statement, subscriber->id);
            status = gen_statement_change(statement, NULL, err);
        }
    }
    if (status == GEN_OK) {
        status = gen_database_prepare(
            database, "DELETE FROM subscriber WHERE id = ? AND organization = ? AND version = ?",
            &statement, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, subscriber->id);
    gen_statement_text(statement, subscriber->organization);
    gen_statement_integer(statement, subscriber->version);
    return outbox_one(statement, subscriber, err);
}

/* ---------------------------------------------------------------------------------------- told -- */

static enum gen_status told_delivery(struct gen_database *database, const struct gen_told *told,
                                     struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(database,
                                                  "INSERT INTO delivery (subscriber, event, kind, "
                                                  "attempt, at, took_ms, status, outcome, note) "
                                                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                                  &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, told->subscriber);
    gen_statement_text(statement, told->event.text);
    gen_statement_text(statement, told->event_kind);
    gen_statement_integer(statement, told->attempt);
    gen_statement_integer(statement, told->at);
    gen_statement_integer(statement, told->took_ms);
    gen_statement_integer(statement, told->last_status);
    gen_statement_text(statement, gen_delivery_outcome_word(told->outcome));
    gen_statement_text(statement, told->last_error);
    status = gen_statement_change(statement, NULL, err);
    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "DELETE FROM delivery WHERE subscriber = ? AND number <= (SELECT number FROM delivery "
            "WHERE subscriber = ? ORDER BY number DESC LIMIT 1 OFFSET ?)",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, told->subscriber);
        gen_statement_text(statement, told->subscriber);
        gen_statement_integer(statement, GEN_OUTBOX_DELIVERIES);
        status = gen_statement_change(statement, NULL, err);
    }
    return status;
}

static enum gen_status told_aside(struct gen_database *database, const struct gen_told *told,
                                  struct gen_error *err)
{
    bool add = told->outcome == GEN_DELIVERY_SET_ASIDE;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        add ? "INSERT INTO outbox (subscriber, seq, event, at, note) "
              "VALUES (?, ?, ?, ?, ?) ON CONFLICT (subscriber, seq) DO UPDATE SET "
              "at = excluded.at, note = excluded.note"
            : "DELETE FROM outbox WHERE subscriber = ? AND seq = ?",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, told->subscriber);
    gen_statement_integer(statement, told->seq);
    if (add) {
        gen_statement_text(statement, told->event.text);
        gen_statement_integer(statement, told->at);
        gen_statement_text(statement, told->last_error);
    }
    return gen_statement_change(statement, NULL, err);
}

enum gen_status gen_outbox_store_told(struct gen_database *database,
                                      const struct gen_change *change, struct gen_error *err)
{
    const struct gen_told *told = &change->as.told;
    bool delivered = told->outcome == GEN_DELIVERY_DELIVERED;
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE subscriber SET position = CASE WHEN position < ?1 THEN ?1 ELSE position END, "
        "failures = ?2, failing_since = ?3, retry_at = ?4, last_status = ?5, last_error = ?6, "
        "state = CASE WHEN ?7 = 1 AND state = 'active' THEN 'parked' ELSE state END, "
        "delivered = delivered + ?8, "
        "delivered_at = CASE WHEN ?8 = 1 THEN ?9 ELSE delivered_at END WHERE id = ?10",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_integer(statement, told->position);
    gen_statement_integer(statement, told->failures);
    gen_statement_integer(statement, told->failing_since);
    gen_statement_integer(statement, told->retry_at);
    gen_statement_integer(statement, told->last_status);
    gen_statement_text(statement, told->last_error);
    gen_statement_integer(statement, told->park ? 1 : 0);
    gen_statement_integer(statement, delivered ? 1 : 0);
    gen_statement_integer(statement, told->at);
    gen_statement_text(statement, told->subscriber);
    status = gen_statement_change(statement, &changed, err);
    if (status != GEN_OK || changed == 0 || told->outcome == 0) {
        return status; /* removed in the meantime: there is nothing to remember */
    }
    status = told_delivery(database, told, err);
    return status == GEN_OK &&
                   (told->outcome == GEN_DELIVERY_SET_ASIDE || (delivered && told->was_aside))
               ? told_aside(database, told, err)
               : status;
}
