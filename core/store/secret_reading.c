/* secret_reading.c - see secret_reading.h. */
#include "store/secret_reading.h"

#include "store/database.h"

#define COLUMNS \
    "SELECT organization, team, name, version, sealed, wrapped, master, since, created_at, " \
    "created_by, rotated_at, rotated_by, tested_at, tested_well, tested_note FROM secret "

static void secret_take(struct gen_statement *statement, struct gen_arena *arena,
                        struct gen_secret_row *out)
{
    out->organization = gen_statement_take_text(statement, arena);
    out->team = gen_statement_take_text(statement, arena);
    out->name = gen_statement_take_text(statement, arena);
    out->version = gen_statement_take_integer(statement);
    out->sealed.text = gen_statement_take_text(statement, arena);
    out->sealed.key = gen_statement_take_text(statement, arena);
    out->sealed.master = gen_statement_take_text(statement, arena);
    out->since = gen_statement_take_integer(statement);
    out->created_at = gen_statement_take_integer(statement);
    out->created_by = gen_statement_take_text(statement, arena);
    out->rotated_at = gen_statement_take_integer(statement);
    out->rotated_by = gen_statement_take_text(statement, arena);
    out->tested_at = gen_statement_take_integer(statement);
    out->tested_well = gen_statement_take_integer(statement) != 0;
    out->tested_note = gen_statement_take_text(statement, arena);
}

/* One page from after a row on, so that no statement reads the table from end to end. */
static enum gen_status secret_page(struct gen_database *database,
                                   const struct gen_secret_row *after, struct gen_arena *arena,
                                   struct gen_secret_row *out, size_t room, size_t *count,
                                   struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status =
        gen_database_prepare(database,
                             COLUMNS "WHERE (organization, team, name, version) > (?, ?, ?, ?) "
                                     "ORDER BY organization, team, name, version LIMIT ?",
                             &statement, err);

    *count = 0;
    if (status == GEN_OK) {
        gen_statement_text(statement, after == NULL ? "" : after->organization);
        gen_statement_text(statement, after == NULL ? "" : after->team);
        gen_statement_text(statement, after == NULL ? "" : after->name);
        gen_statement_integer(statement, after == NULL ? 0 : after->version);
        gen_statement_integer(statement, (int64_t)room);
    }
    while (status == GEN_OK && row && *count < room && !gen_arena_failed(arena)) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            secret_take(statement, arena, &out[(*count)++]);
        }
    }
    return status;
}

enum gen_status gen_read_secrets(struct gen_store *store, struct gen_arena *arena,
                                 struct gen_secret_row **out, size_t *count, struct gen_error *err)
{
    enum { PAGE = 256 };
    struct gen_database *database = gen_store_reader(store);
    struct gen_secret_row *rows = NULL;
    size_t total = 0, room = 0, got = PAGE;
    enum gen_status status = gen_database_enter(database, err);

    while (status == GEN_OK && got == PAGE && !gen_arena_failed(arena)) {
        struct gen_secret_row *more = gen_arena_array(arena, room + PAGE, sizeof *more);

        for (size_t i = 0; more != NULL && i < total; i++) {
            more[i] = rows[i];
        }
        if (more == NULL) {
            break;
        }
        rows = more;
        room += PAGE;
        status = secret_page(database, total == 0 ? NULL : &rows[total - 1], arena, rows + total,
                             PAGE, &got, err);
        total += got;
        if (status == GEN_OK && total > GEN_SECRETS_MOST) {
            status = gen_error_set(err, GEN_ELIMIT, "there are more than %d stored secrets",
                                   GEN_SECRETS_MOST);
        }
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the stored secrets");
    }
    if (status == GEN_OK) {
        *out = rows;
        *count = total;
    }
    return status;
}

enum gen_status gen_read_older_job(struct gen_store *store, gen_moment before, bool *out,
                                   struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "SELECT 1 FROM job WHERE status IN ('queued', 'in_progress', 'canceling', "
            "'needs_attention') AND created_at < ? LIMIT 1",
            &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_integer(statement, before);
        status = gen_statement_next(statement, out, err);
    }
    gen_database_leave(database);
    return status;
}
