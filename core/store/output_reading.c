/* output_reading.c - see output_reading.h. */
#include "store/output_reading.h"

#include "store/database.h"

#define COLUMNS \
    "SELECT o.id, o.job, o.pipeline, o.organization, o.variation, o.digest, o.thumbnail, " \
    "o.sheet, " \
    "o.format, o.size, o.thumbnail_size, o.sheet_size, o.width, o.height, o.frame_rate_milli, " \
    "o.duration_ms, o.probe, o.created_at, o.review, o.review_note, o.reviewed_by, " \
    "o.reviewed_at FROM output o "

static void output_take(struct gen_statement *statement, struct gen_arena *arena,
                        struct gen_output *out)
{
    gen_statement_take_ident(statement, &out->id);
    gen_statement_take_ident(statement, &out->job);
    gen_statement_take_ident(statement, &out->pipeline);
    out->organization = gen_statement_take_text(statement, arena);
    out->variation = gen_statement_take_text(statement, arena);
    out->digest = gen_statement_take_text(statement, arena);
    out->thumbnail = gen_statement_take_text(statement, arena);
    out->sheet = gen_statement_take_text(statement, arena);
    out->format = gen_statement_take_text(statement, arena);
    out->size = gen_statement_take_integer(statement);
    out->thumbnail_size = gen_statement_take_integer(statement);
    out->sheet_size = gen_statement_take_integer(statement);
    out->width = (int32_t)gen_statement_take_integer(statement);
    out->height = (int32_t)gen_statement_take_integer(statement);
    out->frame_rate_milli = (int32_t)gen_statement_take_integer(statement);
    out->duration_ms = gen_statement_take_integer(statement);
    out->probe = gen_statement_take_text(statement, arena);
    out->created_at = gen_statement_take_integer(statement);
    out->review = gen_statement_take_text(statement, arena);
    out->review_note = gen_statement_take_text(statement, arena);
    out->reviewed_by = gen_statement_take_text(statement, arena);
    out->reviewed_at = gen_statement_take_integer(statement);
}

/* How many the job has; GEN_ENOTFOUND when there is no such job of this organization. */
static enum gen_status output_count(struct gen_database *database, const char *organization,
                                    const char *job, size_t *count, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status =
        gen_database_prepare(database,
                             "SELECT (SELECT COUNT(*) FROM output o WHERE o.job = job.id) FROM job "
                             "WHERE id = ? AND organization = ?",
                             &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, job);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        return gen_error_set(err, GEN_ENOTFOUND, "there is no job %s", job);
    }
    if (status == GEN_OK) {
        *count = (size_t)gen_statement_take_integer(statement);
    }
    return status;
}

static enum gen_status output_rows(struct gen_database *database, const char *job,
                                   struct gen_arena *arena, struct gen_output *outputs,
                                   size_t total, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    size_t taken = 0;
    enum gen_status status =
        gen_database_prepare(database,
                             COLUMNS "JOIN pipeline p ON p.id = o.pipeline WHERE o.job = ? "
                                     "ORDER BY p.variation, p.ordinal",
                             &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, job);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            GEN_CHECK(taken < total); /* both statements see one instant */
            output_take(statement, arena, &outputs[taken++]);
        }
    }
    return status;
}

enum gen_status gen_read_outputs(struct gen_store *store, const char *organization, const char *job,
                                 struct gen_arena *arena, struct gen_output **out, size_t *count,
                                 struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_output *outputs = NULL;
    size_t total = 0;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = output_count(database, organization, job, &total, err);
    }
    if (status == GEN_OK) {
        outputs = gen_arena_array(arena, total, sizeof(*outputs));
    }
    if (outputs != NULL) {
        status = output_rows(database, job, arena, outputs, total, err);
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the outputs of job %s", job);
    }
    if (status == GEN_OK) {
        *out = outputs;
        *count = total;
    }
    return status;
}

enum gen_status gen_read_output(struct gen_store *store, const char *organization,
                                const char *output, struct gen_arena *arena, struct gen_output *out,
                                struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(database, COLUMNS "WHERE o.id = ? AND o.organization = ?",
                                      &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, output);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no output %s", output);
    } else if (status == GEN_OK) {
        output_take(statement, arena, out);
        status = gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "no memory for an output")
                                         : GEN_OK;
    }
    gen_database_leave(database);
    return status;
}
