/* job_listing.c - see job_listing.h. One statement for each index that can lead the search; the
 * other filters are looked at row by row. */
#include "store/job_listing.h"

#include "store/database.h"
#include "store/document.h"

#include <string.h>

/* ?1 organization, ?2 the leading word, ?3 since, ?4 and ?5 where the page begins (exclusive),
 * ?6 status, ?7 project, ?8 user, ?9 tag ("" = any), ?10 rows. */
#define COLUMNS \
    "SELECT j.id, j.project, j.user_id, j.title, j.status, " \
    "(SELECT COALESCE(AVG(p.progress_ppm), 0) FROM pipeline p WHERE p.job = j.id), " \
    "(SELECT COUNT(*) FROM pipeline p WHERE p.job = j.id), j.spent, j.held, " \
    "j.unverified, j.budget, j.priority, j.tags, j.created_at, j.completed_at "
#define FILTERS \
    "AND (?6 = '' OR j.status = ?6) AND (?7 = '' OR j.project = ?7) " \
    "AND (?8 = '' OR j.user_id = ?8) AND (?9 = '' OR EXISTS (SELECT 1 FROM job_tag t " \
    "WHERE t.organization = ?1 AND t.tag = ?9 AND t.created_at = j.created_at AND t.job = j.id)) "
#define BY_COLUMN(condition) \
    COLUMNS "FROM job j WHERE j.organization = ?1 AND " condition " AND j.created_at >= ?3 " \
            "AND (j.created_at, j.id) < (?4, ?5) " FILTERS \
            "ORDER BY j.created_at DESC, j.id DESC LIMIT ?10"

static const char by_tag[] = COLUMNS
    "FROM job_tag l CROSS JOIN job j ON j.id = l.job WHERE l.organization = ?1 "
    "AND l.tag = ?2 AND l.created_at >= ?3 AND (l.created_at, l.job) < (?4, ?5) " FILTERS
    "ORDER BY l.created_at DESC, l.job DESC LIMIT ?10";
static const char by_project[] = BY_COLUMN("j.project = ?2");
static const char by_user[] = BY_COLUMN("j.user_id = ?2");
static const char by_status[] = BY_COLUMN("j.status = ?2");
static const char by_age[] = BY_COLUMN("?2 = ''");

static const char *query_text(const char *text)
{
    return text != NULL ? text : "";
}

/* The narrowest index first: tags and projects are many, statuses are few. */
static const char *query_lead(const struct gen_job_query *query, const char **word)
{
    const struct {
        const char *word, *sql;
    } leads[] = {{query->tag, by_tag},
                 {query->project, by_project},
                 {query->user, by_user},
                 {query->status, by_status}};

    for (size_t i = 0; i < GEN_COUNT(leads); i++) {
        if (leads[i].word != NULL && leads[i].word[0] != '\0') {
            *word = leads[i].word;
            return leads[i].sql;
        }
    }
    *word = "";
    return by_age;
}

/* Where the page begins: below the last job of the page before, or below `until`. */
static enum gen_status query_begin(struct gen_database *database, const struct gen_job_query *query,
                                   gen_moment *created_at, const char **id, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    gen_moment after;
    enum gen_status status;

    *created_at = query->until > 0 ? query->until : INT64_MAX;
    *id = "";
    if (query->after == NULL || query->after[0] == '\0') {
        return GEN_OK;
    }
    status = gen_database_prepare(
        database, "SELECT created_at FROM job WHERE id = ? AND organization = ?", &statement, err);
    if (status == GEN_OK) {
        gen_statement_text(statement, query->after);
        gen_statement_text(statement, query->organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        return gen_error_set(err, GEN_EINVAL, "there is no job %s for the page to begin after",
                             query->after);
    }
    if (status == GEN_OK) {
        after = gen_statement_take_integer(statement);
        if (after < *created_at) {
            *created_at = after;
            *id = query->after;
        }
    }
    return status;
}

static enum gen_status listing_item(struct gen_statement *statement, struct gen_arena *arena,
                                    struct gen_node *list, struct gen_error *err)
{
    struct gen_node *item = gen_node_push(list, gen_node_map(arena));
    const char *id = gen_statement_take_text(statement, arena);
    struct gen_node *tags = NULL;
    enum gen_status status;
    int priority;

    gen_node_set(arena, item, "jobId", gen_node_string(arena, id));
    gen_node_set(arena, item, "projectId",
                 gen_document_text(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, item, "userId",
                 gen_document_text(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, item, "title",
                 gen_document_text(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, item, "status", gen_node_string(arena, gen_statement_peek_text(statement)));
    gen_node_set(arena, item, "progress",
                 gen_document_share(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, item, "pipelines",
                 gen_node_int(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, item, "cost", gen_node_money(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, item, "held", gen_node_money(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, item, "unverified",
                 gen_node_money(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, item, "budget",
                 gen_node_money(arena, gen_statement_take_integer(statement)));
    priority = (int)gen_statement_take_integer(statement);
    gen_node_set(arena, item, "priority",
                 gen_document_text(arena, gen_choice_word(gen_priority_choices, priority)));
    status = gen_document_json(arena, gen_statement_peek_text(statement), "list of tags",
                               query_text(id), &tags, err);
    gen_node_set(arena, item, "tags", tags);
    gen_node_set(arena, item, "createdAt",
                 gen_node_moment(arena, gen_statement_take_integer(statement)));
    gen_node_set(arena, item, "completedAt",
                 gen_node_moment(arena, gen_statement_take_integer(statement)));
    return status;
}

static enum gen_status listing_rows(struct gen_database *database,
                                    const struct gen_job_query *query, struct gen_arena *arena,
                                    struct gen_node *list, bool *more, struct gen_error *err)
{
    int64_t limit = query->limit < 1 ? 1 : query->limit;
    struct gen_statement *statement;
    const char *word, *begin_id;
    gen_moment begin;
    bool row = true;
    enum gen_status status = query_begin(database, query, &begin, &begin_id, err);

    limit = limit > GEN_JOB_LISTING_MOST ? GEN_JOB_LISTING_MOST : limit;
    if (status == GEN_OK) {
        status = gen_database_prepare(database, query_lead(query, &word), &statement, err);
    }
    if (status == GEN_OK) {
        gen_statement_text(statement, query->organization);
        gen_statement_text(statement, word);
        gen_statement_integer(statement, query->since);
        gen_statement_integer(statement, begin);
        gen_statement_text(statement, begin_id);
        gen_statement_text(statement, query_text(query->status));
        gen_statement_text(statement, query_text(query->project));
        gen_statement_text(statement, query_text(query->user));
        gen_statement_text(statement, query_text(query->tag));
        gen_statement_integer(statement, limit + 1); /* one more says whether there is more */
    }
    *more = false;
    while (status == GEN_OK && row && !*more) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row && limit-- > 0) {
            status = listing_item(statement, arena, list, err);
        } else {
            *more = status == GEN_OK && row;
        }
    }
    return status;
}

enum gen_status gen_read_jobs(struct gen_store *store, const struct gen_job_query *query,
                              struct gen_arena *arena, struct gen_node **out, bool *more,
                              struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_node *list = gen_node_list(arena);
    enum gen_status status;

    if (query->status != NULL && query->status[0] != '\0' &&
        gen_job_status_of(query->status) == GEN_JOB_NONE) {
        gen_error_set(err, GEN_EINVAL, "\"%s\" is not a status of jobs", query->status);
        gen_error_place(err, NULL, 0, 0, "status");
        return GEN_EINVAL;
    }
    status = gen_database_enter(database, err);
    if (status == GEN_OK) {
        status = listing_rows(database, query, arena, list, more, err);
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the list of jobs");
    }
    if (status == GEN_OK) {
        *out = list;
    }
    return status;
}
