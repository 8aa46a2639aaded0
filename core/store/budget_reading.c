/* budget_reading.c - see budget_reading.h. */
#include "store/budget_reading.h"

#include "store/database.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS \
    "SELECT id, organization, scope, of_id, period, hard, soft, alerts, rollover, " \
    "throttle_from_ppm, throttle_parallel, note, frozen, version, created_at, created_by, " \
    "updated_at, " \
    "ended_at FROM budget "

/* The shares of "800000 1000000". */
static struct gen_numbers budget_take_alerts(const char *text, struct gen_arena *arena)
{
    struct gen_numbers shares = {NULL, 0};
    size_t most = text[0] != '\0';

    for (const char *at = text; *at != '\0'; at++) {
        most += *at == ' ';
    }
    shares.items = gen_arena_array(arena, most + 1, sizeof(*shares.items));
    while (shares.items != NULL && *text != '\0' && shares.count < most) {
        char *end;

        shares.items[shares.count++] = (double)strtoll(text, &end, 10) / 1e6;
        text = *end == ' ' ? end + 1 : "";
    }
    return shares;
}

static void budget_take(struct gen_statement *statement, struct gen_arena *arena,
                        struct gen_budget *out)
{
    gen_statement_take_ident(statement, &out->id);
    out->organization = gen_statement_take_text(statement, arena);
    out->scope = gen_scope_of(gen_statement_peek_text(statement));
    out->of = gen_statement_take_text(statement, arena);
    out->period = gen_period_of(gen_statement_peek_text(statement));
    out->hard = gen_statement_take_integer(statement);
    out->soft = gen_statement_take_integer(statement);
    out->alerts = budget_take_alerts(gen_statement_peek_text(statement), arena);
    out->rollover = gen_statement_take_integer(statement) != 0;
    out->throttle_from = (double)gen_statement_take_integer(statement) / 1e6;
    out->throttle_parallel = gen_statement_take_integer(statement);
    out->note = gen_statement_take_text(statement, arena);
    out->frozen = gen_statement_take_integer(statement) != 0;
    out->version = gen_statement_take_integer(statement);
    out->created_at = gen_statement_take_integer(statement);
    out->created_by = gen_statement_take_text(statement, arena);
    out->updated_at = gen_statement_take_integer(statement);
    out->ended_at = gen_statement_take_integer(statement);
}

enum gen_status gen_read_budgets(struct gen_store *store, const char *organization, bool ended,
                                 struct gen_arena *arena, struct gen_budget **out, size_t *count,
                                 struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    struct gen_budget *budgets = NULL;
    size_t total = 0, capacity = 0;
    bool row = true;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            organization == NULL ? COLUMNS "WHERE ended_at = 0 ORDER BY id"
            : ended              ? COLUMNS "WHERE organization = ? ORDER BY ended_at, id"
                                 : COLUMNS "WHERE organization = ? AND ended_at = 0 ORDER BY id",
            &statement, err);
    }
    if (status == GEN_OK && organization != NULL) {
        gen_statement_text(statement, organization);
    }
    while (status == GEN_OK) {
        status = gen_statement_next(statement, &row, err);
        if (status != GEN_OK || !row) {
            break;
        }
        if (total == capacity) { /* the few blocks left behind die with the arena */
            struct gen_budget *more = gen_arena_array(arena, capacity * 2 + 16, sizeof(*more));

            if (more == NULL) {
                status = gen_error_set(err, GEN_ENOMEM, "no memory for a list of budgets");
                break;
            }
            if (total > 0) {
                memcpy(more, budgets, total * sizeof(*budgets));
            }
            budgets = more;
            capacity = capacity * 2 + 16;
        }
        budget_take(statement, arena, &budgets[total++]);
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for a list of budgets");
    }
    if (status == GEN_OK) {
        *out = budgets;
        *count = total;
    }
    return status;
}

enum gen_status gen_read_budget(struct gen_store *store, const char *organization,
                                const char *budget, struct gen_arena *arena, struct gen_budget *out,
                                struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement = NULL;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(database, COLUMNS "WHERE id = ? AND organization = ?",
                                      &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, budget);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no budget %s", budget);
    } else if (status == GEN_OK) {
        budget_take(statement, arena, out);
    }
    gen_database_leave(database);
    return status == GEN_OK && gen_arena_failed(arena)
               ? gen_error_set(err, GEN_ENOMEM, "no memory for a budget")
               : status;
}

enum gen_status gen_read_use(struct gen_store *store, const struct gen_limit *limit,
                             struct gen_balance *used, gen_micros *room, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_budget_use_find(database, limit, limit->begins, limit->ends, used, err);
    }
    if (status == GEN_OK && room != NULL) {
        status = gen_budget_use_room(database, limit, room, err);
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_holders(struct gen_store *store, const struct gen_limit *limit,
                                 struct gen_holder *out, size_t capacity, size_t *count,
                                 struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    enum gen_status status = gen_database_enter(database, err);

    *count = 0;
    if (status == GEN_OK) {
        status = gen_budget_use_holders(database, limit, out, capacity, count, err);
    }
    gen_database_leave(database);
    return status;
}

enum gen_status gen_read_days(struct gen_store *store, const struct gen_limit *limit,
                              gen_moment until, struct gen_day_use *out, size_t capacity,
                              size_t *count, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    enum gen_status status = gen_database_enter(database, err);

    *count = 0;
    if (status == GEN_OK) {
        status = gen_budget_use_days(database, limit, until, out, capacity, count, err);
    }
    gen_database_leave(database);
    return status;
}
