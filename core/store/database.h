/* database.h - one connection to the SQLite file: statements, transactions, errors as statuses.
 *
 * The only room that includes sqlite3. It knows nothing of what the tables mean. Statements are
 * prepared once per text and kept; values are bound, and columns read, in the order in which the
 * statement names them.
 * Invariant: a statement that gen_database_prepare gave is idle again after gen_statement_change,
 * after gen_statement_next said that there is no row, or after gen_database_leave.
 *
 * Thread: one at a time per connection. Floor: store. Tests: tests/unit/store/database_test.c
 */
#ifndef GEN_STORE_DATABASE_H
#define GEN_STORE_DATABASE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/ident.h"

struct gen_database;
struct gen_statement;

enum gen_database_flag {
    GEN_DATABASE_CREATE = 1u << 0,   /* the file may be missing */
    GEN_DATABASE_READER = 1u << 1,   /* refuses to write */
    GEN_DATABASE_VOLATILE = 1u << 2, /* synchronous=OFF: for tests and simulation */
};

/* GEN_EDENIED, GEN_ENOTFOUND (missing file or folder), GEN_ENOSPACE, GEN_EIO, GEN_ENOMEM; a file
 * that is no database (GEN_ECORRUPT) shows only when it is first read. close: NULL is allowed. */
GEN_MUST_CHECK enum gen_status gen_database_open(const char *path, unsigned flags,
                                                 struct gen_database **out, struct gen_error *err);
void gen_database_close(struct gen_database *database);

/* Write-ahead log, so that readers and the writer do not wait for each other. GEN_EUNSUPPORTED:
 * the file system cannot (a network share, for example). In memory it does nothing. */
GEN_MUST_CHECK enum gen_status gen_database_use_log(struct gen_database *database,
                                                    struct gen_error *err);

/* Runs one or more statements that give no rows. Statuses of all below: GEN_ENOSPACE, GEN_EDENIED
 * (read-only), GEN_ECORRUPT, GEN_ENOMEM, GEN_EBUSY (another program holds the lock for longer than
 * five seconds), GEN_ECONFLICT (a constraint of a table), GEN_ETOOLARGE, GEN_EIO. */
GEN_MUST_CHECK enum gen_status gen_database_run(struct gen_database *database, const char *sql,
                                                struct gen_error *err);

/* First column of the first row of a statement that is not worth keeping; 0 when there is none. */
GEN_MUST_CHECK enum gen_status gen_database_number(struct gen_database *database, const char *sql,
                                                   int64_t *out, struct gen_error *err);

/* The writer's transaction, and inside it savepoints for one change set after the other. rollback
 * and undo cannot fail: what is left of the transaction is gone either way. */
GEN_MUST_CHECK enum gen_status gen_database_begin(struct gen_database *database,
                                                  struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_database_commit(struct gen_database *database,
                                                   struct gen_error *err);
void gen_database_rollback(struct gen_database *database);
GEN_MUST_CHECK enum gen_status gen_database_save(struct gen_database *database,
                                                 struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_database_keep(struct gen_database *database,
                                                 struct gen_error *err);
/* false: the database has ended the whole transaction by itself (disk full, for example). */
bool gen_database_undo(struct gen_database *database);

/* A reader's view: everything read between the two is of one instant. leave also ends statements
 * that were left before their last row. */
GEN_MUST_CHECK enum gen_status gen_database_enter(struct gen_database *database,
                                                  struct gen_error *err);
void gen_database_leave(struct gen_database *database);

/* Borrowed from the connection; bindings are empty. `sql` may be any text, not only a constant. */
GEN_MUST_CHECK enum gen_status gen_database_prepare(struct gen_database *database, const char *sql,
                                                    struct gen_statement **out,
                                                    struct gen_error *err);

/* The next parameter, in order. Text must live until the statement has run; NULL text binds "". A
 * failure shows when the statement runs. */
void gen_statement_text(struct gen_statement *statement, const char *text);
void gen_statement_integer(struct gen_statement *statement, int64_t value);
void gen_statement_null(struct gen_statement *statement); /* the next parameter is NULL */

/* The next row: `*row` false when there is none (the statement is idle then). */
GEN_MUST_CHECK enum gen_status gen_statement_next(struct gen_statement *statement, bool *row,
                                                  struct gen_error *err);
/* Runs a statement that gives no rows. `*changed` (may be NULL): rows that it changed. */
GEN_MUST_CHECK enum gen_status gen_statement_change(struct gen_statement *statement,
                                                    int64_t *changed, struct gen_error *err);

/* The next column of the row, in order. Text is copied; NULL in the table gives "" or 0; an ident
 * that does not fit is "". Without memory for a text: NULL, and the arena has failed. */
int64_t gen_statement_take_integer(struct gen_statement *statement);
const char *gen_statement_take_text(struct gen_statement *statement, struct gen_arena *arena);
void gen_statement_take_ident(struct gen_statement *statement, struct gen_ident *out);
/* The same text without a copy: valid until the statement moves on. */
const char *gen_statement_peek_text(struct gen_statement *statement);

/* The statements prepared so far, in order: for tests that look at their plans. Start with
 * `*cursor` 0; NULL at the end. */
const char *gen_database_next_text(const struct gen_database *database, size_t *cursor);

/* Tests: operation number `nth` from now (preparing, stepping, beginning, committing) fails with
 * `status` and is not performed; 0 turns it off. [any] */
void gen_database_fail_at(struct gen_database *database, long nth, enum gen_status status);

#endif
