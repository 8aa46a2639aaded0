/* alert_reading.c - see alert_reading.h. */
#include "store/alert_reading.h"

#include "store/database.h"

static enum gen_status fired_rows(struct gen_database *database, const struct gen_limit *limit,
                                  struct gen_arena *arena, struct gen_fired *out, size_t *count,
                                  struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT kind, level_ppm, at FROM budget_alert WHERE key = ? AND name = ? AND begins = ? "
        "ORDER BY at, level_ppm",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, limit->key);
        gen_statement_text(statement, limit->id[0] != '\0' ? limit->id : limit->name);
        gen_statement_integer(statement, limit->begins);
    }
    while (status == GEN_OK && row && *count < GEN_FIRED_MOST) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            struct gen_fired *it = &out[(*count)++];

            it->kind = gen_statement_take_text(statement, arena);
            it->level_ppm = gen_statement_take_integer(statement);
            it->at = gen_statement_take_integer(statement);
        }
    }
    return status;
}

enum gen_status gen_read_fired(struct gen_store *store, const struct gen_limit *limit,
                               struct gen_arena *arena, struct gen_fired *out, size_t *count,
                               struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    enum gen_status status = gen_database_enter(database, err);

    *count = 0;
    if (status == GEN_OK) {
        status = fired_rows(database, limit, arena, out, count, err);
    }
    gen_database_leave(database);
    return status == GEN_OK && gen_arena_failed(arena)
               ? gen_error_set(err, GEN_ENOMEM, "no memory for alerts")
               : status;
}
