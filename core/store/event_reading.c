/* event_reading.c - see event_reading.h. */
#include "store/event_reading.h"

#include "store/database.h"
#include "store/document.h"

static enum gen_status event_item(struct gen_statement *statement, struct gen_arena *arena,
                                  struct gen_node *list, int64_t *last, struct gen_error *err)
{
    struct gen_node *item = gen_node_push(list, gen_node_map(arena));
    int64_t number = gen_statement_take_integer(statement);
    const char *id = gen_statement_take_text(statement, arena);
    struct gen_node *data = NULL;
    enum gen_status status;
    const char *job, *pipeline;

    gen_node_set(arena, item, "seq", gen_node_int(arena, number));
    gen_node_set(arena, item, "id", gen_node_string(arena, id));
    gen_node_set(arena, item, "organization",
                 gen_node_string(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, item, "type", gen_node_string(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, item, "at", gen_node_moment(arena, gen_statement_take_integer(statement)));
    job = gen_statement_peek_text(statement);
    pipeline = gen_statement_peek_text(statement);
    if (job[0] != '\0') {
        gen_node_set(arena, item, "jobId", gen_node_string(arena, job));
    }
    if (pipeline[0] != '\0') {
        gen_node_set(arena, item, "pipelineId", gen_node_string(arena, pipeline));
    }
    status = gen_document_json(arena, gen_statement_peek_text(statement), "data",
                               id != NULL ? id : "", &data, err);
    gen_node_set(arena, item, "data", data);
    *last = number;
    return status;
}

static enum gen_status event_rows(struct gen_database *database, const char *organization,
                                  const char *job, int64_t after, int64_t limit,
                                  struct gen_arena *arena, struct gen_node *list, int64_t *last,
                                  struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(
        database,
        organization == NULL
            ? "SELECT seq, id, organization, kind, at, job, pipeline, data FROM event "
              "WHERE seq > ? ORDER BY seq LIMIT ?"
        : job != NULL ? "SELECT seq, id, organization, kind, at, job, pipeline, data FROM event "
                        "WHERE job = ? AND job <> '' AND seq > ? AND organization = ? "
                        "ORDER BY seq LIMIT ?"
                      : "SELECT seq, id, organization, kind, at, job, pipeline, data FROM event "
                        "WHERE organization = ? AND seq > ? ORDER BY seq LIMIT ?",
        &statement, err);

    if (status == GEN_OK) {
        if (organization != NULL) {
            gen_statement_text(statement, job != NULL ? job : organization);
        }
        gen_statement_integer(statement, after);
        if (organization != NULL && job != NULL) {
            gen_statement_text(statement, organization);
        }
        gen_statement_integer(statement, limit);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            status = event_item(statement, arena, list, last, err);
        }
    }
    return status;
}

static enum gen_status event_newest(struct gen_database *database, int64_t *out,
                                    struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(database, "SELECT MAX(seq) FROM event",
                                                  &statement, err);

    if (status == GEN_OK) {
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK) {
        *out = row ? gen_statement_take_integer(statement) : 0;
    }
    return status;
}

enum gen_status gen_read_events(struct gen_store *store, const char *organization, const char *job,
                                int64_t after, int64_t limit, struct gen_arena *arena,
                                struct gen_node **out, int64_t *last, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_node *list = gen_node_list(arena);
    int64_t seen = after, newest = 0;
    enum gen_status status = gen_database_enter(database, err);

    limit = limit < 1 ? 1 : limit > GEN_EVENT_READING_MOST ? GEN_EVENT_READING_MOST : limit;
    if (status == GEN_OK) {
        status = event_rows(database, organization, job, after, limit, arena, list, &seen, err);
    }
    if (status == GEN_OK && (int64_t)gen_node_count(list) < limit) {
        /* All there was at this instant has been looked at. */
        status = event_newest(database, &newest, err);
        seen = newest > seen ? newest : seen;
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for events");
    }
    if (status == GEN_OK) {
        *out = list;
        *last = seen;
    }
    return status;
}

enum gen_status gen_read_last_event(struct gen_store *store, int64_t *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = event_newest(database, out, err);
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_event_number(struct gen_store *store, const char *organization,
                                      const char *event, int64_t *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database, "SELECT seq FROM event WHERE id = ? AND organization = ?", &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, event);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no event %s", event);
    } else if (status == GEN_OK) {
        *out = gen_statement_take_integer(statement);
    }
    gen_database_leave(database);
    return status;
}
