/* baseline_store.c - see baseline_store.h. */
#include "store/baseline_store.h"

enum gen_status gen_baseline_store_add(struct gen_database *database,
                                       const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_baseline *baseline = &change->as.baseline;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO baseline (pipeline, job, organization, kind, model, amount, price, batch, "
        "off_peak, cache) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, baseline->pipeline.text);
    gen_statement_text(statement, baseline->job.text);
    gen_statement_text(statement, baseline->organization);
    gen_statement_text(statement, gen_baseline_word(baseline->kind));
    gen_statement_text(statement, baseline->model);
    gen_statement_integer(statement, baseline->amount);
    gen_statement_integer(statement, baseline->price);
    gen_statement_integer(statement, baseline->batch);
    gen_statement_integer(statement, baseline->off_peak);
    gen_statement_integer(statement, baseline->cache);
    return gen_statement_change(statement, NULL, err);
}
