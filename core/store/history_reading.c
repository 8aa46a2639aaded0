/* history_reading.c - see history_reading.h. */
#include "store/history_reading.h"

#include "store/database.h"

static void past_take(struct gen_statement *statement, struct gen_past_attempt *out)
{
    out->provider = gen_statement_peek_text(statement);
    out->model = gen_statement_peek_text(statement);
    out->state = gen_attempt_of(gen_statement_peek_text(statement));
    out->failure = gen_failure_of(gen_statement_peek_text(statement));
    out->estimate = gen_statement_take_integer(statement);
    out->cost = gen_statement_take_integer(statement);
    out->reported = gen_statement_take_integer(statement);
    out->accepted_at = gen_statement_take_integer(statement);
    out->ended_at = gen_statement_take_integer(statement);
    out->duration_ms = gen_statement_take_integer(statement);
    out->book = gen_statement_take_integer(statement);
}

enum gen_status gen_read_past_attempts(struct gen_store *store, int64_t most, gen_past_call *call,
                                       void *context, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row = true;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) { /* ids grow with time */
        status = gen_database_prepare(
            database,
            "SELECT s.provider, s.model, a.state, a.failure, a.estimate, a.cost, a.reported, "
            "a.accepted_at, a.ended_at, s.duration_ms, a.book FROM attempt a "
            "JOIN shot s ON s.id = a.shot "
            "WHERE a.id > '' ORDER BY a.id DESC LIMIT ?",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_integer(statement, most);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            struct gen_past_attempt attempt;

            past_take(statement, &attempt);
            call(context, &attempt);
        }
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_past_hours(struct gen_store *store, int64_t since,
                                    gen_past_hour_call *call, void *context, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row = true;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "SELECT hour, provider, up_minutes, down_minutes FROM provider_hour "
            "WHERE hour >= ? ORDER BY hour, provider",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_integer(statement, since);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            struct gen_past_hour past = {.hour = gen_statement_take_integer(statement)};

            past.provider = gen_statement_peek_text(statement);
            past.up_minutes = (int32_t)gen_statement_take_integer(statement);
            past.down_minutes = (int32_t)gen_statement_take_integer(statement);
            call(context, &past);
        }
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_past_day(struct gen_store *store, const char *organization,
                                  gen_moment since, struct gen_past_day *out, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    *out = (struct gen_past_day){0};
    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "SELECT (SELECT COUNT(*) FROM job WHERE organization = ?1 AND created_at >= ?2), "
            "(SELECT COALESCE(SUM(held), 0) FROM attempt WHERE organization = ?1 AND held > 0)",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, organization);
        gen_statement_integer(statement, since);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && row) {
        out->jobs = gen_statement_take_integer(statement);
        out->held = gen_statement_take_integer(statement);
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_past_volume(struct gen_store *store, const char *organization,
                                     gen_moment since, gen_past_volume_call *call, void *context,
                                     struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row = true;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "SELECT a.provider, SUM((SELECT s.duration_ms FROM shot s WHERE s.id = a.shot)) "
            "FROM attempt a WHERE a.organization = ? AND a.held_at >= ? AND a.spent > 0 "
            "GROUP BY a.provider",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, organization);
        gen_statement_integer(statement, since < 1 ? 1 : since);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            const char *provider = gen_statement_peek_text(statement);

            call(context, provider, gen_statement_take_integer(statement));
        }
    }
    gen_database_leave(database);
    return status;
}
