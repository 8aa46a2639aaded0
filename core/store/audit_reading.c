/* audit_reading.c - see audit_reading.h. */
#include "store/audit_reading.h"

#include "model/subscriber.h"
#include "store/database.h"
#include "store/document.h"

#include <string.h>

#define COLUMNS "SELECT seq, at, kind, actor, origin, id, job, pipeline, hash, data FROM event "

static bool audit_actor_fits(const char *pattern, const char *actor)
{
    size_t size = strlen(pattern);

    return size > 0 && pattern[size - 1] == ':' ? strncmp(pattern, actor, size) == 0
                                                : strcmp(pattern, actor) == 0;
}

struct audit_page {
    const struct gen_audit_question *question;
    struct gen_arena *arena;
    struct gen_node *list;
    int64_t looked_at, last;
    bool over; /* what follows is older than asked for */
};

/* One row, from its first column on; only what fits is read whole. */
static enum gen_status audit_row(struct audit_page *page, struct gen_statement *statement,
                                 struct gen_error *err)
{
    const struct gen_audit_question *question = page->question;
    struct gen_arena *arena = page->arena;
    struct gen_node *item, *data = NULL;
    const char *kind, *actor, *id, *origin, *job, *pipeline;
    gen_moment at;
    enum gen_status status;

    page->looked_at++;
    page->last = gen_statement_take_integer(statement);
    at = gen_statement_take_integer(statement);
    if (question->since != 0 && at < question->since) {
        page->over = true;
        return GEN_OK;
    }
    kind = gen_statement_peek_text(statement);
    actor = gen_statement_peek_text(statement);
    if ((question->until != 0 && at >= question->until) ||
        (question->kind != NULL && !gen_subscriber_kind_fits(question->kind, kind)) ||
        (question->actor != NULL && !audit_actor_fits(question->actor, actor))) {
        return GEN_OK;
    }
    item = gen_node_push(page->list, gen_node_map(arena));
    origin = gen_statement_peek_text(statement);
    id = gen_statement_peek_text(statement);
    gen_node_set(arena, item, "seq", gen_node_int(arena, page->last));
    gen_node_set(arena, item, "id", gen_node_string(arena, id));
    gen_node_set(arena, item, "type", gen_node_string(arena, kind));
    gen_node_set(arena, item, "at", gen_node_moment(arena, at));
    gen_node_set(arena, item, "actor", gen_document_text(arena, actor));
    gen_node_set(arena, item, "origin", gen_document_text(arena, origin));
    job = gen_statement_peek_text(statement);
    pipeline = gen_statement_peek_text(statement);
    if (job[0] != '\0') {
        gen_node_set(arena, item, "jobId", gen_node_string(arena, job));
    }
    if (pipeline[0] != '\0') {
        gen_node_set(arena, item, "pipelineId", gen_node_string(arena, pipeline));
    }
    gen_node_set(arena, item, "hash", gen_document_text(arena, gen_statement_peek_text(statement)));
    status = gen_document_json(arena, gen_statement_peek_text(statement), "data", id, &data, err);
    gen_node_set(arena, item, "data", data);
    return status;
}

static enum gen_status audit_rows(struct gen_database *database, struct audit_page *page,
                                  int64_t limit, bool *more, struct gen_error *err)
{
    const struct gen_audit_question *question = page->question;
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(
        database,
        question->job != NULL ? COLUMNS
            "WHERE job = ? AND job <> '' AND seq < ? AND organization = ? "
            "ORDER BY seq DESC"
                              : COLUMNS "WHERE organization = ? AND seq < ? ORDER BY seq DESC",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement,
                           question->job != NULL ? question->job : question->organization);
        gen_statement_integer(statement, question->before > 0 ? question->before : INT64_MAX);
        if (question->job != NULL) {
            gen_statement_text(statement, question->organization);
        }
    }
    *more = false;
    while (status == GEN_OK && row && !page->over) {
        status = gen_statement_next(statement, &row, err);
        if (status != GEN_OK || !row) {
            break;
        }
        if ((int64_t)gen_node_count(page->list) == limit ||
            page->looked_at == GEN_AUDIT_READING_LOOKED_AT) {
            *more = true;
            break;
        }
        status = audit_row(page, statement, err);
    }
    return status;
}

enum gen_status gen_read_audit(struct gen_store *store, const struct gen_audit_question *question,
                               struct gen_arena *arena, struct gen_node **out, int64_t *next,
                               struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct audit_page page = {.question = question, .arena = arena, .list = gen_node_list(arena)};
    int64_t limit = question->limit < 1 ? 1 : question->limit;
    bool more = false;
    enum gen_status status = gen_database_enter(database, err);

    limit = limit > GEN_AUDIT_READING_MOST ? GEN_AUDIT_READING_MOST : limit;
    if (status == GEN_OK) {
        status = audit_rows(database, &page, limit, &more, err);
    }
    gen_database_leave(database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for events");
    }
    if (status == GEN_OK) {
        *out = page.list;
        *next = more ? page.last : 0;
    }
    return status;
}
