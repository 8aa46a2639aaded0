/* job_reading.c - see job_reading.h. */
#include "store/job_reading.h"

#include "platform/json_reader.h"
#include "store/database.h"
#include "store/document.h"
#include "store/shot_reading.h"

#include <string.h>

/* What one reading needs at hand. */
struct job_page {
    struct gen_database *database;
    struct gen_arena *arena;
    const char *id;
    struct gen_brief *brief;
    struct gen_node *root, *input, *pipelines, *completed, *failed, *outputs, *costs, *metadata;
    gen_micros estimate;
};

static void job_put(struct job_page *page, struct gen_node *map, const char *key,
                    struct gen_node *value)
{
    (void)gen_node_set(page->arena, map, key, value);
}

/* The brief, twice: as the document that it is, and as the values that we compute with. */
static enum gen_status job_page_brief(struct job_page *page, const char *text,
                                      struct gen_node **document, struct gen_error *err)
{
    struct gen_error cause = {0};
    enum gen_status status = gen_document_json(page->arena, text, "brief", page->id, document, err);

    if (status == GEN_OK) {
        status = gen_brief_read(*document, page->arena, &page->brief, &cause);
        if (status != GEN_OK) {
            status = gen_error_set(err, status == GEN_ENOMEM ? GEN_ENOMEM : GEN_ECORRUPT,
                                   "the stored brief of %s cannot be read: %s", page->id,
                                   cause.message);
        }
    }
    return status;
}

static void job_page_variations(struct job_page *page)
{
    struct gen_arena *arena = page->arena;
    struct gen_node *list = gen_node_list(arena);

    for (size_t i = 0; i < page->brief->variations.count; i++) {
        const struct gen_variation *variation = gen_brief_variation(page->brief, i);
        struct gen_node *item = gen_node_push(list, gen_node_map(arena));

        job_put(page, item, "name", gen_node_string(arena, variation->name));
        job_put(page, item, "aspectRatio", gen_node_string(arena, variation->aspect_ratio));
        job_put(page, item, "resolution", gen_node_string(arena, variation->resolution));
        job_put(page, item, "frameRate", gen_document_rate(arena, variation->frame_rate_milli));
    }
    job_put(page, page->input, "variations", list);
}

static void job_page_input(struct job_page *page, const char *storyboard, const char *title,
                           struct gen_node *document)
{
    struct gen_arena *arena = page->arena;
    const struct gen_variation *first = gen_brief_variation(page->brief, 0);
    struct gen_node *scenes = gen_node_list(arena);

    for (size_t i = 0; i < page->brief->scenes.count; i++) {
        const struct gen_scene *scene = gen_brief_scene(page->brief, i);

        (void)gen_node_push(scenes, gen_node_string(arena, scene->id));
    }
    job_put(page, page->input, "storyboardId", gen_document_text(arena, storyboard));
    job_put(page, page->input, "title", gen_document_text(arena, title));
    job_put(page, page->input, "scenes", scenes);
    job_put(page, page->input, "duration",
            gen_document_seconds(arena, gen_brief_duration(page->brief)));
    job_put(page, page->input, "resolution", gen_node_string(arena, first->resolution));
    job_put(page, page->input, "frameRate", gen_document_rate(arena, first->frame_rate_milli));
    job_page_variations(page);
    job_put(page, page->input, "storyboard", document);
}

/* Empty parts, which are filled by later steps. */
static void job_page_frame(struct job_page *page)
{
    struct gen_arena *arena = page->arena;

    page->root = gen_node_map(arena);
    page->input = gen_node_map(arena);
    page->pipelines = gen_node_list(arena);
    page->completed = gen_node_list(arena);
    page->failed = gen_node_list(arena);
    page->outputs = gen_node_list(arena);
    page->metadata = gen_node_map(arena);
    page->costs = gen_node_map(arena);
    job_put(page, page->root, "jobId", gen_node_string(arena, page->id));
}

/* The parts that follow the texts, in the order of the product's document. */
static void job_page_attach(struct job_page *page)
{
    struct gen_node *results = gen_node_map(page->arena);

    job_put(page, results, "completed", page->completed);
    job_put(page, results, "failed", page->failed);
    job_put(page, results, "outputs", page->outputs);
    job_put(page, page->root, "pipelines", page->pipelines);
    job_put(page, page->root, "results", results);
    job_put(page, page->root, "metadata", page->metadata);
    job_put(page, page->root, "costs", page->costs);
}

static enum gen_status job_page_texts(struct job_page *page, struct gen_statement *statement,
                                      struct gen_error *err)
{
    struct gen_arena *arena = page->arena;
    struct gen_node *document = NULL, *routing = NULL, *tags = NULL;
    const char *storyboard, *title;
    enum gen_status status = job_page_brief(page, gen_statement_peek_text(statement), &document,
                                            err);

    if (status == GEN_OK) {
        status = gen_document_json(arena, gen_statement_peek_text(statement), "decision", page->id,
                                   &routing, err);
    }
    if (status == GEN_OK) {
        status = gen_document_json(arena, gen_statement_peek_text(statement), "list of tags",
                                   page->id, &tags, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    storyboard = gen_statement_peek_text(statement);
    title = gen_statement_peek_text(statement);
    job_put(page, page->root, "projectId",
            gen_document_text(arena, gen_statement_peek_text(statement)));
    job_put(page, page->root, "userId",
            gen_document_text(arena, gen_statement_peek_text(statement)));
    job_put(page, page->metadata, "title", gen_document_text(arena, title));
    job_put(page, page->metadata, "tags", tags);
    job_put(page, page->root, "input", page->input);
    job_put(page, page->root, "routing", routing);
    job_page_input(page, storyboard, title, document);
    return GEN_OK;
}

static void job_page_numbers(struct job_page *page, struct gen_statement *statement)
{
    struct gen_arena *arena = page->arena;
    int priority = (int)gen_statement_take_integer(statement);

    job_put(page, page->metadata, "priority",
            gen_document_text(arena, gen_choice_word(gen_priority_choices, priority)));
    job_put(page, page->metadata, "deadline",
            gen_node_moment(arena, gen_statement_take_integer(statement)));
    job_put(page, page->metadata, "budget",
            gen_node_money(arena, gen_statement_take_integer(statement)));
    job_put(page, page->costs, "held",
            gen_node_money(arena, gen_statement_take_integer(statement)));
    job_put(page, page->costs, "spent",
            gen_node_money(arena, gen_statement_take_integer(statement)));
    job_put(page, page->costs, "unverified",
            gen_node_money(arena, gen_statement_take_integer(statement)));
    job_put(page, page->root, "createdAt",
            gen_node_moment(arena, gen_statement_take_integer(statement)));
    job_put(page, page->root, "completedAt",
            gen_node_moment(arena, gen_statement_take_integer(statement)));
    job_put(page, page->root, "cancelRequested",
            gen_node_bool(arena, gen_statement_take_integer(statement) != 0));
    job_put(page, page->root, "paused",
            gen_node_bool(page->arena, gen_statement_take_integer(statement) != 0));
    job_put(page, page->root, "sandbox",
            gen_node_bool(arena, gen_statement_take_integer(statement) != 0));
    job_put(page, page->root, "status", gen_node_string(arena, gen_statement_peek_text(statement)));
}

static enum gen_status job_page_row(struct job_page *page, const char *organization,
                                    struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        page->database,
        "SELECT brief, decision, tags, storyboard, title, project, user_id, priority, deadline, "
        "budget, held, spent, unverified, created_at, completed_at, cancel_requested, paused, "
        "sandbox, "
        "status FROM job WHERE id = ? AND organization = ?",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, page->id);
        gen_statement_text(statement, organization);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && !row) {
        status = gen_error_set(err, GEN_ENOTFOUND, "there is no job %s", page->id);
    }
    if (status == GEN_OK) {
        job_page_frame(page);
        status = job_page_texts(page, statement, err);
    }
    if (status == GEN_OK) {
        job_page_attach(page);
        job_page_numbers(page, statement);
    }
    return status;
}

/* The current row of the statement in job_page_pipelines. */
static void job_page_pipeline(struct job_page *page, struct gen_statement *statement)
{
    struct gen_arena *arena = page->arena;
    struct gen_node *item = gen_node_push(page->pipelines, gen_node_map(arena));
    struct gen_node *failure = NULL;
    const char *id = gen_statement_take_text(statement, arena);
    enum gen_pipeline_status state;
    const char *kind;
    gen_micros estimate, total;
    size_t variation;

    job_put(page, item, "pipelineId", gen_node_string(arena, id));
    job_put(page, item, "provider", gen_node_string(arena, gen_statement_peek_text(statement)));
    job_put(page, item, "model", gen_node_string(arena, gen_statement_peek_text(statement)));
    variation = (size_t)gen_statement_take_integer(statement);
    job_put(page, item, "variation",
            gen_node_string(arena, variation < page->brief->variations.count
                                       ? gen_brief_variation(page->brief, variation)->name
                                       : NULL));
    state = gen_pipeline_status_of(gen_statement_peek_text(statement));
    job_put(page, item, "status", gen_node_string(arena, gen_pipeline_status_word(state)));
    job_put(page, item, "stage", gen_document_text(arena, gen_statement_peek_text(statement)));
    job_put(page, item, "progress",
            gen_document_share(arena, gen_statement_take_integer(statement)));
    job_put(page, item, "startTime", gen_node_moment(arena, gen_statement_take_integer(statement)));
    job_put(page, item, "endTime", gen_node_moment(arena, gen_statement_take_integer(statement)));
    job_put(page, item, "estimatedCompletion",
            gen_node_moment(arena, gen_statement_take_integer(statement)));
    job_put(page, item, "cost", gen_node_money(arena, gen_statement_take_integer(statement)));
    estimate = gen_statement_take_integer(statement);
    job_put(page, item, "estimate", gen_node_money(arena, estimate));
    job_put(page, item, "attempts", gen_node_int(arena, gen_statement_take_integer(statement)));
    job_put(page, item, "warning", gen_document_text(arena, gen_statement_peek_text(statement)));
    kind = gen_statement_take_text(statement, arena);
    if (kind != NULL && kind[0] != '\0') {
        failure = gen_node_map(arena);
        job_put(page, failure, "kind", gen_node_string(arena, kind));
        job_put(page, failure, "message",
                gen_document_text(arena, gen_statement_peek_text(statement)));
    }
    job_put(page, item, "failure", failure != NULL ? failure : gen_node_null(arena));
    page->estimate = gen_money_add(&total, page->estimate, estimate) ? total : page->estimate;
    if (state == GEN_PIPELINE_COMPLETED) {
        (void)gen_node_push(page->completed, gen_node_string(arena, id));
    } else if (state == GEN_PIPELINE_FAILED) {
        (void)gen_node_push(page->failed, gen_node_string(arena, id));
    }
}

static enum gen_status job_page_pipelines(struct job_page *page, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(
        page->database,
        "SELECT p.id, p.provider, p.model, p.variation, p.status, p.stage, p.progress_ppm, "
        "p.started_at, p.ended_at, p.estimated_at, p.spent, "
        "(SELECT COALESCE(SUM(s.price), 0) FROM shot s WHERE s.pipeline = p.id), "
        "(SELECT COALESCE(SUM(s.attempt_count), 0) FROM shot s WHERE s.pipeline = p.id), "
        "p.warning, p.failure, p.failure_message FROM pipeline p WHERE p.job = ? ORDER BY "
        "p.ordinal",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, page->id);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            job_page_pipeline(page, statement);
        }
    }
    job_put(page, page->costs, "estimate", gen_node_money(page->arena, page->estimate));
    return status;
}

/* The current row of the statement in job_page_outputs. */
static void job_page_output(struct job_page *page, struct gen_statement *statement)
{
    struct gen_arena *arena = page->arena;
    struct gen_node *item = gen_node_push(page->outputs, gen_node_map(arena));
    const char *id = gen_statement_take_text(statement, arena);
    const char *verdict, *note, *by;
    int64_t width, height;
    bool thumbnail, sheet;

    job_put(page, item, "outputId", gen_node_string(arena, id));
    job_put(page, item, "pipelineId", gen_node_string(arena, gen_statement_peek_text(statement)));
    job_put(page, item, "variation", gen_node_string(arena, gen_statement_peek_text(statement)));
    thumbnail = gen_statement_peek_text(statement)[0] != '\0';
    sheet = gen_statement_peek_text(statement)[0] != '\0';
    job_put(page, item, "url", gen_document_url(arena, id, "content"));
    job_put(page, item, "thumbnailUrl",
            thumbnail ? gen_document_url(arena, id, "thumbnail") : gen_node_null(arena));
    job_put(page, item, "sheetUrl",
            sheet ? gen_document_url(arena, id, "sheet") : gen_node_null(arena));
    job_put(page, item, "quality", gen_node_null(arena));
    job_put(page, item, "format", gen_node_string(arena, gen_statement_peek_text(statement)));
    job_put(page, item, "size", gen_node_int(arena, gen_statement_take_integer(statement)));
    job_put(page, item, "duration",
            gen_document_seconds(arena, gen_statement_take_integer(statement)));
    width = gen_statement_take_integer(statement);
    height = gen_statement_take_integer(statement);
    job_put(page, item, "resolution", gen_document_size(arena, width, height));
    job_put(page, item, "frameRate",
            gen_document_rate(arena, gen_statement_take_integer(statement)));
    verdict = gen_statement_take_text(statement, arena);
    note = gen_statement_take_text(statement, arena);
    by = gen_statement_take_text(statement, arena);
    job_put(page, item, "review",
            gen_document_review(arena, verdict, note, by, gen_statement_take_integer(statement)));
}

static enum gen_status job_page_outputs(struct job_page *page, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status = gen_database_prepare(
        page->database,
        "SELECT o.id, o.pipeline, o.variation, o.thumbnail, o.sheet, o.format, o.size, "
        "o.duration_ms, o.width, o.height, o.frame_rate_milli, o.review, o.review_note, "
        "o.reviewed_by, o.reviewed_at FROM output o "
        "JOIN pipeline p ON p.id = o.pipeline WHERE o.job = ? ORDER BY p.variation, p.ordinal",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, page->id);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            job_page_output(page, statement);
        }
    }
    return status;
}

enum gen_status gen_read_job(struct gen_store *store, const char *organization, const char *job,
                             struct gen_arena *arena, struct gen_node **out, struct gen_error *err)
{
    struct job_page page = {.database = gen_store_reader(store), .arena = arena, .id = job};
    enum gen_status status = gen_database_enter(page.database, err);

    if (status == GEN_OK) {
        status = job_page_row(&page, organization, err);
    }
    if (status == GEN_OK) {
        status = job_page_pipelines(&page, err);
    }
    if (status == GEN_OK) {
        status = gen_read_shots(page.database, job, page.brief, page.pipelines, arena, err);
    }
    if (status == GEN_OK) {
        status = job_page_outputs(&page, err);
    }
    gen_database_leave(page.database);
    if (status == GEN_OK && gen_arena_failed(arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the document of job %s", job);
    }
    if (status == GEN_OK) {
        *out = page.root;
    }
    return status;
}
