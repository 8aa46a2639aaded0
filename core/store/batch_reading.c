/* batch_reading.c - see batch_reading.h. */
#include "store/batch_reading.h"

#include "model/job.h"
#include "store/database.h"
#include "store/document.h"

#include <string.h>

#define BATCH_COLUMNS "SELECT b.id, b.title, b.user_id, b.created_at, b.jobs FROM batch b "

struct batch_sum { /* of its jobs */
    int64_t counts[GEN_JOB_CANCELED + 1];
    int64_t jobs, progress_ppm;
    gen_micros spent, held;
};

/* ----------------------------------------------------------------------------------- its jobs -- */

static struct gen_node *batch_job(struct gen_statement *statement, struct gen_arena *arena,
                                  struct batch_sum *sum)
{
    struct gen_node *item = gen_node_map(arena);
    enum gen_job_status status;
    int64_t progress;
    gen_micros spent, held;

    gen_node_set(arena, item, "jobId",
                 gen_node_string(arena, gen_statement_take_text(statement, arena)));
    gen_node_set(arena, item, "title",
                 gen_document_text(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, item, "projectId",
                 gen_document_text(arena, gen_statement_peek_text(statement)));
    status = gen_job_status_of(gen_statement_peek_text(statement));
    gen_node_set(arena, item, "status", gen_node_string(arena, gen_job_status_word(status)));
    progress = gen_statement_take_integer(statement);
    gen_node_set(arena, item, "progress", gen_document_share(arena, progress));
    gen_node_set(arena, item, "pipelines",
                 gen_node_int(arena, gen_statement_take_integer(statement)));
    spent = gen_statement_take_integer(statement);
    held = gen_statement_take_integer(statement);
    gen_node_set(arena, item, "cost", gen_node_money(arena, spent));
    gen_node_set(arena, item, "held", gen_node_money(arena, held));
    gen_node_set(arena, item, "createdAt",
                 gen_node_moment(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, item, "completedAt",
                 gen_node_moment(arena, gen_statement_take_integer(statement)));
    sum->counts[status]++;
    sum->jobs++;
    sum->progress_ppm += progress;
    sum->spent += spent;
    sum->held += held;
    return item;
}

static enum gen_status batch_jobs(struct gen_database *database, const char *batch,
                                  struct gen_arena *arena, struct gen_node *list,
                                  struct batch_sum *sum, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT j.id, j.title, j.project, j.status, "
        "(SELECT CAST(COALESCE(AVG(p.progress_ppm), 0) AS INTEGER) FROM pipeline p "
        "WHERE p.job = j.id), (SELECT COUNT(*) FROM pipeline p WHERE p.job = j.id), "
        "j.spent, j.held, j.created_at, j.completed_at FROM job j "
        "WHERE j.batch = ? AND j.batch <> '' ORDER BY j.batch_ordinal",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, batch);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            gen_node_push(list, batch_job(statement, arena, sum));
        }
    }
    return status;
}

static const char *batch_status(const struct batch_sum *sum)
{
    int64_t over = 0;

    for (int status = GEN_JOB_NONE + 1; status <= GEN_JOB_CANCELED; status++) {
        if (sum->counts[status] == sum->jobs) {
            return gen_job_status_word((enum gen_job_status)status);
        }
        over += gen_job_status_terminal((enum gen_job_status)status) ? sum->counts[status] : 0;
    }
    if (over == sum->jobs) {
        return gen_job_status_word(GEN_JOB_PARTIAL);
    }
    return gen_job_status_word(over + sum->counts[GEN_JOB_NEEDS_ATTENTION] == sum->jobs
                                   ? GEN_JOB_NEEDS_ATTENTION
                                   : GEN_JOB_IN_PROGRESS);
}

/* ----------------------------------------------------------------------------------- documents -- */

static struct gen_node *batch_head(struct gen_statement *statement, struct gen_arena *arena)
{
    struct gen_node *map = gen_node_map(arena);

    gen_node_set(arena, map, "batchId",
                 gen_node_string(arena, gen_statement_take_text(statement, arena)));
    gen_node_set(arena, map, "title", gen_document_text(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, map, "userId",
                 gen_document_text(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, map, "createdAt",
                 gen_node_moment(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, map, "jobCount",
                 gen_node_int(arena, gen_statement_take_integer(statement)));
    return map;
}

static enum gen_status batch_fill(struct gen_database *database, struct gen_arena *arena,
                                  struct gen_node *map, bool jobs, struct gen_error *err)
{
    struct gen_node *list = gen_node_list(arena), *counts = gen_node_map(arena);
    struct batch_sum sum = {.jobs = 0};
    enum gen_status status = batch_jobs(database, gen_node_text(gen_node_get(map, "batchId"), ""),
                                        arena, list, &sum, err);

    if (status != GEN_OK) {
        return status;
    }
    for (int at = GEN_JOB_NONE + 1; at <= GEN_JOB_CANCELED; at++) {
        if (sum.counts[at] > 0) {
            gen_node_set(arena, counts, gen_job_status_word((enum gen_job_status)at),
                         gen_node_int(arena, sum.counts[at]));
        }
    }
    gen_node_set(arena, map, "status", gen_node_string(arena, batch_status(&sum)));
    gen_node_set(arena, map, "progress",
                 gen_document_share(arena, sum.jobs > 0 ? sum.progress_ppm / sum.jobs : 0));
    gen_node_set(arena, map, "cost", gen_node_money(arena, sum.spent));
    gen_node_set(arena, map, "held", gen_node_money(arena, sum.held));
    gen_node_set(arena, map, "counts", counts);
    if (jobs) {
        gen_node_set(arena, map, "jobs", list);
    }
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "no memory for a batch")
                                   : GEN_OK;
}

enum gen_status gen_read_batch(struct gen_store *store, const char *organization, const char *batch,
                               struct gen_arena *arena, struct gen_node **out,
                               struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_node *map = NULL;
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database, BATCH_COLUMNS "WHERE b.id = ? AND b.organization = ?", &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, batch);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no batch %.40s", batch);
    } else if (status == GEN_OK) {
        map = batch_head(statement, arena);
        status = batch_fill(database, arena, map, true, err);
    }
    gen_database_leave(database);
    if (status == GEN_OK) {
        *out = map;
    }
    return status;
}

/* The heads of a page; `*more`: there is another. */
static enum gen_status batch_heads(struct gen_database *database, const char *organization,
                                   const char *after, int64_t limit, struct gen_arena *arena,
                                   struct gen_node *list, bool *more, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(
        database,
        BATCH_COLUMNS
        "WHERE b.organization = ?1 AND (?2 = '' OR (b.created_at, b.id) < "
        "((SELECT a.created_at FROM batch a WHERE a.id = ?2 AND a.organization = ?1), "
        "?2)) ORDER BY b.created_at DESC, b.id DESC LIMIT ?3",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, organization);
        gen_statement_text(statement, after == NULL ? "" : after);
        gen_statement_integer(statement, limit + 1);
    }
    *more = false;
    while (status == GEN_OK && row && !*more) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row && limit-- > 0) {
            gen_node_push(list, batch_head(statement, arena));
        } else {
            *more = status == GEN_OK && row;
        }
    }
    return status;
}

enum gen_status gen_read_batches(struct gen_store *store, const char *organization,
                                 const char *after, int64_t limit, struct gen_arena *arena,
                                 struct gen_node **out, bool *more, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_node *list = gen_node_list(arena);
    enum gen_status status = gen_database_enter(database, err);

    limit = limit < 1 ? 1 : limit > GEN_BATCH_LISTING_MOST ? GEN_BATCH_LISTING_MOST : limit;
    if (status == GEN_OK) {
        status = batch_heads(database, organization, after, limit, arena, list, more, err);
    }
    for (struct gen_node *item = status == GEN_OK && list != NULL ? list->as.children.first : NULL;
         item != NULL && status == GEN_OK; item = item->next) {
        status = batch_fill(database, arena, item, false, err);
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for a list of batches");
    }
    if (status == GEN_OK) {
        *out = list;
    }
    return status;
}

enum gen_status gen_read_batch_of(struct gen_store *store, const char *job, struct gen_ident *out,
                                  struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(database, "SELECT batch FROM job WHERE id = ?", &statement,
                                      err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, job);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no job %.40s", job);
    } else if (status == GEN_OK) {
        gen_statement_take_ident(statement, out);
    }
    gen_database_leave(database);
    return status;
}
