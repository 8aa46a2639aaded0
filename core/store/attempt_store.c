/* attempt_store.c - see attempt_store.h. */
#include "store/attempt_store.h"

#include <string.h>

#define ATTEMPT_STORE_HANDLE "handle" /* key path of the refusal */

enum gen_status gen_attempt_store_add(struct gen_database *database,
                                      const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_attempt *parents = &change->as.attempt;
    const struct gen_attempt *attempt = &parents->attempt;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO attempt (id, job, pipeline, shot, ordinal, state, handle, step_state, hold, "
        "estimate, cost, reported, seed, started_at, accepted_at, ended_at, failure, failure_code, "
        "failure_message, failure_field, book, provider, model, organization) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "COALESCE((SELECT organization FROM job WHERE id = ?), ''))",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, attempt->id.text);
    gen_statement_text(statement, parents->job.text);
    gen_statement_text(statement, parents->pipeline.text);
    gen_statement_text(statement, parents->shot.text);
    gen_statement_integer(statement, attempt->ordinal);
    gen_statement_text(statement, gen_attempt_word(attempt->state));
    gen_statement_text(statement, attempt->handle);
    gen_statement_text(statement, attempt->step_state);
    gen_statement_integer(statement, attempt->hold);
    gen_statement_integer(statement, attempt->estimate);
    gen_statement_integer(statement, attempt->cost);
    gen_statement_integer(statement, attempt->reported);
    gen_statement_integer(statement, attempt->seed);
    gen_statement_integer(statement, attempt->started_at);
    gen_statement_integer(statement, attempt->accepted_at);
    gen_statement_integer(statement, attempt->ended_at);
    gen_statement_text(statement, gen_failure_word(attempt->failure));
    gen_statement_text(statement, attempt->failure_code);
    gen_statement_text(statement, attempt->failure_message);
    gen_statement_text(statement, attempt->failure_field);
    gen_statement_integer(statement, attempt->book);
    gen_statement_text(statement, parents->provider);
    gen_statement_text(statement, parents->model);
    gen_statement_text(statement, parents->job.text);
    return gen_statement_change(statement, NULL, err);
}

/* Says why no row changed: the attempt is elsewhere, or nowhere. */
static enum gen_status attempt_store_refuse(struct gen_database *database,
                                            const struct gen_change_attempt *change,
                                            struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status =
        gen_database_prepare(database, "SELECT state FROM attempt WHERE id = ?", &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, change->attempt.id.text);
        status = gen_statement_next(statement, &row, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    if (!row) {
        return gen_error_set(err, GEN_ECONFLICT, "there is no attempt %s", change->attempt.id.text);
    }
    status = gen_error_set(err, GEN_ECONFLICT, "attempt %s is %s, not %s", change->attempt.id.text,
                           gen_statement_peek_text(statement), gen_attempt_word(change->from));
    /* Ends the statement, so that no read stays open inside the transaction. */
    if (gen_statement_next(statement, &row, NULL) != GEN_OK) {
        status = GEN_ECONFLICT;
    }
    return status;
}

/* Runs a change that is guarded by id and state, and must hit its one row. */
static enum gen_status attempt_store_guarded(struct gen_database *database,
                                             struct gen_statement *statement,
                                             const struct gen_change_attempt *change,
                                             struct gen_error *err)
{
    int64_t changed = 0;
    enum gen_status status;

    gen_statement_text(statement, change->attempt.id.text);
    gen_statement_text(statement, gen_attempt_word(change->from));
    status = gen_statement_change(statement, &changed, err);
    if (status == GEN_OK && changed != 1) {
        status = attempt_store_refuse(database, change, err);
    }
    return status;
}

enum gen_status gen_attempt_store_move(struct gen_database *database,
                                       const struct gen_change *change, struct gen_error *err)
{
    const struct gen_attempt *attempt = &change->as.attempt.attempt;
    struct gen_statement *statement;
    enum gen_status status;

    if (!gen_attempt_may(change->as.attempt.from, attempt->state)) {
        return gen_error_set(err, GEN_ECONFLICT, "attempt %s may not go from %s to %s",
                             attempt->id.text, gen_attempt_word(change->as.attempt.from),
                             gen_attempt_word(attempt->state));
    }
    status = gen_database_prepare(
        database,
        "UPDATE attempt SET state = ?, handle = ?, step_state = ?, hold = ?, estimate = ?, "
        "cost = ?, reported = ?, seed = ?, started_at = ?, accepted_at = ?, ended_at = ?, "
        "failure = ?, failure_code = ?, failure_message = ?, failure_field = ?, book = ? "
        "WHERE id = ? AND state = ?",
        &statement, err);
    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, gen_attempt_word(attempt->state));
    gen_statement_text(statement, attempt->handle);
    gen_statement_text(statement, attempt->step_state);
    gen_statement_integer(statement, attempt->hold);
    gen_statement_integer(statement, attempt->estimate);
    gen_statement_integer(statement, attempt->cost);
    gen_statement_integer(statement, attempt->reported);
    gen_statement_integer(statement, attempt->seed);
    gen_statement_integer(statement, attempt->started_at);
    gen_statement_integer(statement, attempt->accepted_at);
    gen_statement_integer(statement, attempt->ended_at);
    gen_statement_text(statement, gen_failure_word(attempt->failure));
    gen_statement_text(statement, attempt->failure_code);
    gen_statement_text(statement, attempt->failure_message);
    gen_statement_text(statement, attempt->failure_field);
    gen_statement_integer(statement, attempt->book);
    return attempt_store_guarded(database, statement, &change->as.attempt, err);
}

enum gen_status gen_attempt_store_note(struct gen_database *database,
                                       const struct gen_change *change, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database, "UPDATE attempt SET step_state = ?, seed = ? WHERE id = ? AND state = ?",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, change->as.attempt.attempt.step_state);
    gen_statement_integer(statement, change->as.attempt.attempt.seed);
    return attempt_store_guarded(database, statement, &change->as.attempt, err);
}

/* Whose it is: named only to its own organization. */
static enum gen_status attempt_store_whose(struct gen_database *database,
                                           const struct gen_change_handle *change,
                                           struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false, own = false, same = false;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT r.attempt = ?1, a.organization = b.organization, a.id FROM remote_job r "
        "CROSS JOIN attempt a ON a.id = r.attempt CROSS JOIN attempt b ON b.id = ?1 "
        "WHERE r.provider = ?2 AND r.account = ?3 AND r.handle = ?4",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, change->attempt.text);
        gen_statement_text(statement, change->provider);
        gen_statement_text(statement, change->account);
        gen_statement_text(statement, change->handle);
        status = gen_statement_next(statement, &row, err);
    }
    if (status != GEN_OK || !row) {
        return status == GEN_OK ? gen_error_set(err, GEN_ECONFLICT, "there is no attempt %s",
                                                change->attempt.text)
                                : status;
    }
    own = gen_statement_take_integer(statement) != 0;
    same = gen_statement_take_integer(statement) != 0;
    if (!own) {
        status = gen_error_set(err, GEN_ECONFLICT,
                               "%s answered with the id \"%.80s\", which belongs to %s%s already",
                               change->provider, change->handle, same ? "attempt " : "",
                               same ? gen_statement_peek_text(statement) : "another order");
        gen_error_place(err, NULL, 0, 0, ATTEMPT_STORE_HANDLE);
    }
    if (gen_statement_next(statement, &row, NULL) != GEN_OK) { /* ends it */
        status = status == GEN_OK ? GEN_EIO : status;
    }
    return status;
}

enum gen_status gen_attempt_store_handle(struct gen_database *database,
                                         const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_handle *handle = &change->as.handle;
    struct gen_statement *statement;
    int64_t changed = 0;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO remote_job (provider, account, handle, attempt, at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (provider, account, handle) DO NOTHING",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, handle->provider);
    gen_statement_text(statement, handle->account);
    gen_statement_text(statement, handle->handle);
    gen_statement_text(statement, handle->attempt.text);
    gen_statement_integer(statement, handle->at);
    status = gen_statement_change(statement, &changed, err);
    return status == GEN_OK && changed != 1 ? attempt_store_whose(database, handle, err) : status;
}

bool gen_attempt_store_taken(enum gen_status status, const struct gen_error *err)
{
    return status == GEN_ECONFLICT && strcmp(err->path, ATTEMPT_STORE_HANDLE) == 0;
}
