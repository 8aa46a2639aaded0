/* batch_store.c - see batch_store.h. */
#include "store/batch_store.h"

enum gen_status gen_batch_store_add(struct gen_database *database, const struct gen_change *change,
                                    struct gen_error *err)
{
    const struct gen_change_batch *batch = &change->as.batch;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO batch (id, organization, user_id, title, jobs, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, batch->id.text);
    gen_statement_text(statement, batch->organization);
    gen_statement_text(statement, batch->user);
    gen_statement_text(statement, batch->title);
    gen_statement_integer(statement, batch->jobs);
    gen_statement_integer(statement, batch->created_at);
    return gen_statement_change(statement, NULL, err);
}
