/* load.c - see load.h. */
#include "store/load.h"

#include "platform/json_reader.h"
#include "store/database.h"

#include <string.h>

/* All ids that a statement without values gives. */
static enum gen_status load_ids(struct gen_store *store, const char *sql, struct gen_arena *arena,
                                struct gen_ident **out, size_t *count, struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_statement *statement;
    struct gen_ident *ids = NULL;
    size_t total = 0, capacity = 0;
    bool row = true;
    enum gen_status status = gen_database_enter(database, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(database, sql, &statement, err);
    }
    while (status == GEN_OK) {
        status = gen_statement_next(statement, &row, err);
        if (status != GEN_OK || !row) {
            break;
        }
        if (total == capacity) { /* the few blocks left behind die with the arena */
            struct gen_ident *more = gen_arena_array(arena, capacity * 2 + 16, sizeof(*more));

            if (more == NULL) {
                status = gen_error_set(err, GEN_ENOMEM, "no memory for a list of ids");
                break;
            }
            if (total > 0) {
                memcpy(more, ids, total * sizeof(*ids));
            }
            ids = more;
            capacity = capacity * 2 + 16;
        }
        gen_statement_take_ident(statement, &ids[total++]);
    }
    gen_database_leave(database);
    if (status == GEN_OK) {
        *out = ids;
        *count = total;
    }
    return status;
}

#define LOAD_OPEN "status IN ('queued', 'in_progress', 'canceling', 'needs_attention')"

enum gen_status gen_read_open_jobs(struct gen_store *store, struct gen_arena *arena,
                                   struct gen_ident **out, size_t *count, struct gen_error *err)
{
    return load_ids(store, "SELECT id FROM job WHERE " LOAD_OPEN " ORDER BY created_at, id", arena,
                    out, count, err);
}

enum gen_status gen_read_rendered(struct gen_store *store, struct gen_arena *arena,
                                  struct gen_ident **out, size_t *count, struct gen_error *err)
{
    return load_ids(store,
                    "SELECT a.id FROM job j JOIN attempt a ON a.job = j.id WHERE j." LOAD_OPEN
                    " AND a.state = 'rendered'",
                    arena, out, count, err);
}

static enum gen_status load_brief(struct gen_job *job, const char *text, struct gen_error *err)
{
    char reason[GEN_ERROR_MESSAGE_SIZE];
    const struct gen_node *node;
    struct gen_error cause = {0};
    enum gen_status status = gen_json_read(text, strlen(text), NULL, job->arena, &node, &cause);

    if (status == GEN_OK) {
        status = gen_brief_read(node, job->arena, &job->brief, &cause);
    }
    if (status == GEN_ENOMEM) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to load job %s", job->id.text);
    }
    if (status != GEN_OK) {
        (void)gen_error_text(&cause, reason, sizeof(reason));
        return gen_error_set(err, GEN_ECORRUPT, "the stored brief of job %s cannot be read: %s",
                             job->id.text, reason);
    }
    return GEN_OK;
}

static enum gen_status load_job(struct gen_database *database, const char *id, struct gen_job *job,
                                struct gen_error *err)
{
    struct gen_statement *statement;
    const char *brief;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT id, storyboard, organization, team, user_id, project, decision, budget, status, "
        "created_at, completed_at, cancel_requested, paused, keep_first, sandbox, brief FROM job "
        "WHERE id = ?",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, id);
        status = gen_statement_next(statement, &row, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    if (!row) {
        return gen_error_set(err, GEN_ENOTFOUND, "there is no job %s", id);
    }
    gen_statement_take_ident(statement, &job->id);
    gen_statement_take_ident(statement, &job->storyboard);
    job->organization = gen_statement_take_text(statement, job->arena);
    job->team = gen_statement_take_text(statement, job->arena);
    job->user = gen_statement_take_text(statement, job->arena);
    job->project = gen_statement_take_text(statement, job->arena);
    job->decision = gen_statement_take_text(statement, job->arena);
    job->budget = gen_statement_take_integer(statement);
    job->status = gen_job_status_of(gen_statement_peek_text(statement));
    job->created_at = gen_statement_take_integer(statement);
    job->completed_at = gen_statement_take_integer(statement);
    job->cancel_requested = gen_statement_take_integer(statement) != 0;
    job->paused = gen_statement_take_integer(statement) != 0;
    job->keep_first = gen_statement_take_integer(statement) != 0;
    job->sandbox = gen_statement_take_integer(statement) != 0;
    brief = gen_statement_take_text(statement, job->arena);
    if (gen_arena_failed(job->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to load job %s", id);
    }
    return load_brief(job, brief, err);
}

/* How many rows hang from `id`. */
static enum gen_status load_count(struct gen_database *database, const char *sql, const char *id,
                                  size_t *count, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(database, sql, &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, id);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK) {
        *count = row ? (size_t)gen_statement_take_integer(statement) : 0;
    }
    return status;
}

static enum gen_status load_pipelines(struct gen_database *database, struct gen_job *job,
                                      struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    size_t total = 0;
    enum gen_status status = load_count(database, "SELECT COUNT(*) FROM pipeline WHERE job = ?",
                                        job->id.text, &total, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "SELECT id, variation, provider, model, model_flags, status, stage, started_at, "
            "ended_at, estimated_at, progress_ppm, failure, failure_message, output, warning "
            "FROM pipeline "
            "WHERE job = ? ORDER BY ordinal",
            &statement, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    job->pipelines = gen_arena_array(job->arena, total, sizeof(*job->pipelines));
    gen_statement_text(statement, job->id.text);
    while (status == GEN_OK && row && job->pipelines != NULL) {
        struct gen_pipeline *pipeline = &job->pipelines[job->pipeline_count];

        status = gen_statement_next(statement, &row, err);
        if (status != GEN_OK || !row) {
            break;
        }
        GEN_CHECK(job->pipeline_count < total); /* both statements see one instant */
        gen_statement_take_ident(statement, &pipeline->id);
        pipeline->variation = (size_t)gen_statement_take_integer(statement);
        pipeline->provider = gen_statement_take_text(statement, job->arena);
        pipeline->model = gen_statement_take_text(statement, job->arena);
        pipeline->model_flags = (uint32_t)gen_statement_take_integer(statement);
        pipeline->status = gen_pipeline_status_of(gen_statement_peek_text(statement));
        pipeline->stage = gen_stage_of(gen_statement_peek_text(statement));
        pipeline->started_at = gen_statement_take_integer(statement);
        pipeline->ended_at = gen_statement_take_integer(statement);
        pipeline->estimated_at = gen_statement_take_integer(statement);
        pipeline->shown_ppm = (int32_t)gen_statement_take_integer(statement);
        pipeline->failure = gen_failure_of(gen_statement_peek_text(statement));
        pipeline->failure_message = gen_statement_take_text(statement, job->arena);
        gen_statement_take_ident(statement, &pipeline->output);
        pipeline->warning = gen_statement_take_text(statement, job->arena);
        job->pipeline_count++;
    }
    return status;
}

static void load_take_shot(struct gen_statement *statement, struct gen_arena *arena,
                           struct gen_shot *shot)
{
    gen_statement_take_ident(statement, &shot->id);
    shot->first_scene = (size_t)gen_statement_take_integer(statement);
    shot->scene_count = (size_t)gen_statement_take_integer(statement);
    shot->parameters = gen_statement_take_text(statement, arena);
    shot->width = (int32_t)gen_statement_take_integer(statement);
    shot->height = (int32_t)gen_statement_take_integer(statement);
    shot->frame_rate_milli = (int32_t)gen_statement_take_integer(statement);
    shot->duration_ms = gen_statement_take_integer(statement);
    shot->price = gen_statement_take_integer(statement);
    shot->most = gen_statement_take_integer(statement);
    shot->price_exact = gen_statement_take_integer(statement) != 0;
    shot->clip = gen_statement_take_text(statement, arena);
    shot->attempt_count = (int32_t)gen_statement_take_integer(statement);
    shot->role = gen_shot_role_of(gen_statement_peek_text(statement));
    shot->provider = gen_statement_take_text(statement, arena);
    shot->model = gen_statement_take_text(statement, arena);
    shot->model_flags = (uint32_t)gen_statement_take_integer(statement);
    shot->from_ms = gen_statement_take_integer(statement);
    shot->shown_ms = gen_statement_take_integer(statement);
    shot->ordered_ms = gen_statement_take_integer(statement);
    shot->speaks = gen_statement_take_integer(statement) != 0;
    shot->queue_position = -1;
    shot->note = "";
}

static enum gen_status load_shots(struct gen_database *database, struct gen_job *job,
                                  struct gen_pipeline *pipeline, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    size_t total = 0;
    enum gen_status status = load_count(database, "SELECT COUNT(*) FROM shot WHERE pipeline = ?",
                                        pipeline->id.text, &total, err);

    if (status == GEN_OK) {
        status = gen_database_prepare(
            database,
            "SELECT id, first_scene, scene_count, parameters, width, height, frame_rate_milli, "
            "duration_ms, price, most, price_exact, clip, attempt_count, role, provider, model, "
            "model_flags, from_ms, shown_ms, ordered_ms, speaks FROM shot "
            "WHERE pipeline = ? ORDER BY ordinal",
            &statement, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    pipeline->shots = gen_arena_array(job->arena, total, sizeof(*pipeline->shots));
    gen_statement_text(statement, pipeline->id.text);
    while (status == GEN_OK && row && pipeline->shots != NULL) {
        struct gen_shot *shot = &pipeline->shots[pipeline->shot_count];

        status = gen_statement_next(statement, &row, err);
        if (status != GEN_OK || !row) {
            break;
        }
        GEN_CHECK(pipeline->shot_count < total);
        load_take_shot(statement, job->arena, shot);
        pipeline->shot_count++;
    }
    return status;
}

static void load_take_attempt(struct gen_statement *statement, struct gen_arena *arena,
                              struct gen_attempt *attempt)
{
    gen_statement_take_ident(statement, &attempt->id);
    attempt->ordinal = (int32_t)gen_statement_take_integer(statement);
    attempt->state = gen_attempt_of(gen_statement_peek_text(statement));
    attempt->handle = gen_statement_take_text(statement, arena);
    attempt->step_state = gen_statement_take_text(statement, arena);
    attempt->hold = gen_statement_take_integer(statement);
    attempt->estimate = gen_statement_take_integer(statement);
    attempt->cost = gen_statement_take_integer(statement);
    attempt->reported = gen_statement_take_integer(statement);
    attempt->seed = gen_statement_take_integer(statement);
    attempt->started_at = gen_statement_take_integer(statement);
    attempt->accepted_at = gen_statement_take_integer(statement);
    attempt->ended_at = gen_statement_take_integer(statement);
    attempt->failure = gen_failure_of(gen_statement_peek_text(statement));
    attempt->failure_code = gen_statement_take_text(statement, arena);
    attempt->failure_message = gen_statement_take_text(statement, arena);
    attempt->failure_field = gen_statement_take_text(statement, arena);
    attempt->book = gen_statement_take_integer(statement);
    attempt->held_at = gen_statement_take_integer(statement);
    if (gen_attempt_terminal(attempt->state)) {
        attempt->hold = 0; /* the row says what it was; nothing of it is left */
    }
}

/* The newest attempt of a shot; one that was never tried has an attempt in no state. */
static enum gen_status load_attempt(struct gen_database *database, struct gen_job *job,
                                    struct gen_shot *shot, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = false;
    enum gen_status status = gen_database_prepare(
        database,
        "SELECT id, ordinal, state, handle, step_state, hold, estimate, cost, reported, seed, "
        "started_at, accepted_at, ended_at, failure, failure_code, failure_message, "
        "failure_field, book, held_at FROM attempt WHERE shot = ? ORDER BY ordinal DESC LIMIT 1",
        &statement, err);

    if (status == GEN_OK) {
        gen_statement_text(statement, shot->id.text);
        status = gen_statement_next(statement, &row, err);
    }
    if (status == GEN_OK && row) {
        load_take_attempt(statement, job->arena, &shot->attempt);
    } else if (status == GEN_OK && shot->attempt_count > 0) {
        status = gen_error_set(err, GEN_ECORRUPT, "shot %s of job %s has lost its attempts",
                               shot->id.text, job->id.text);
    } else if (status == GEN_OK) {
        shot->attempt = (struct gen_attempt){.handle = "",
                                             .step_state = "",
                                             .reported = -1,
                                             .failure_code = "",
                                             .failure_message = "",
                                             .failure_field = ""};
    }
    return status;
}

/* Where its attempts came to nothing; one attempt, the newest, says it itself. */
static enum gen_status load_failures(struct gen_database *database, struct gen_job *job,
                                     struct gen_shot *shot, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    enum gen_status status;

    if (shot->attempt_count <= 1) {
        return GEN_OK;
    }
    status = gen_database_prepare(database,
                                  "SELECT provider, COUNT(*) FROM attempt WHERE shot = ? AND "
                                  "state IN ('refused', 'failed') GROUP BY provider "
                                  "ORDER BY MIN(ordinal)",
                                  &statement, err);
    if (status == GEN_OK) {
        gen_statement_text(statement, shot->id.text);
    }
    while (status == GEN_OK && row) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            const char *provider = gen_statement_take_text(statement, job->arena);

            gen_shot_fail_at(shot, provider == NULL ? "" : provider,
                             (int32_t)gen_statement_take_integer(statement), job->arena);
        }
    }
    return status;
}

static void load_take_supply(struct gen_statement *statement, struct gen_arena *arena,
                             struct gen_supply *supply)
{
    struct gen_asset *asset = &supply->asset;

    gen_statement_take_ident(statement, &asset->id);
    supply->scene = (size_t)gen_statement_take_integer(statement);
    asset->kind = gen_statement_take_text(statement, arena);
    asset->digest = gen_statement_take_text(statement, arena);
    asset->media_type = gen_statement_take_text(statement, arena);
    asset->size = gen_statement_take_integer(statement);
    asset->width = (int32_t)gen_statement_take_integer(statement);
    asset->height = (int32_t)gen_statement_take_integer(statement);
    asset->duration_ms = gen_statement_take_integer(statement);
    asset->created_at = gen_statement_take_integer(statement);
    asset->organization = asset->name = "";
}

static enum gen_status load_supplies(struct gen_database *database, struct gen_job *job,
                                     struct gen_shot *shot, struct gen_error *err)
{
    struct gen_statement *statement;
    bool row = true;
    size_t total = 0;
    enum gen_status status = load_count(database, "SELECT COUNT(*) FROM supply WHERE shot = ?",
                                        shot->id.text, &total, err);

    if (status == GEN_OK && total > 0) {
        shot->supplies = gen_arena_array(job->arena, total, sizeof(*shot->supplies));
        status = gen_database_prepare(database,
                                      "SELECT id, scene, kind, digest, media_type, size, width, "
                                      "height, duration_ms, created_at FROM supply WHERE shot = ? "
                                      "ORDER BY ordinal",
                                      &statement, err);
    }
    if (status != GEN_OK || total == 0) {
        return status;
    }
    gen_statement_text(statement, shot->id.text);
    while (status == GEN_OK && row && shot->supplies != NULL) {
        status = gen_statement_next(statement, &row, err);
        if (status == GEN_OK && row) {
            GEN_CHECK(shot->supply_count < total);
            load_take_supply(statement, job->arena, &shot->supplies[shot->supply_count++]);
        }
    }
    return status;
}

static enum gen_status load_tree(struct gen_database *database, const char *id, struct gen_job *job,
                                 struct gen_error *err)
{
    enum gen_status status = load_job(database, id, job, err);

    if (status == GEN_OK) {
        status = load_pipelines(database, job, err);
    }
    for (size_t i = 0; i < job->pipeline_count && status == GEN_OK; i++) {
        struct gen_pipeline *pipeline = &job->pipelines[i];

        if (pipeline->variation >= job->brief->variations.count) {
            return gen_error_set(err, GEN_ECORRUPT,
                                 "pipeline %s of job %s renders a variation "
                                 "that its brief does not have",
                                 pipeline->id.text, id);
        }
        status = load_shots(database, job, pipeline, err);
        for (size_t k = 0; k < pipeline->shot_count && status == GEN_OK; k++) {
            status = load_supplies(database, job, &pipeline->shots[k], err);
            if (status == GEN_OK) {
                status = load_attempt(database, job, &pipeline->shots[k], err);
            }
            if (status == GEN_OK) {
                status = load_failures(database, job, &pipeline->shots[k], err);
            }
        }
    }
    if (status == GEN_OK && gen_arena_failed(job->arena)) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory to load job %s", id);
    }
    return status;
}

enum gen_status gen_read_load(struct gen_store *store, const char *job, struct gen_job **out,
                              struct gen_error *err)
{
    struct gen_database *database = gen_store_reader(store);
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_job *loaded = arena != NULL ? gen_arena_alloc(arena, sizeof(*loaded)) : NULL;
    enum gen_status status;

    if (loaded == NULL) {
        gen_arena_destroy(arena);
        return gen_error_set(err, GEN_ENOMEM, "no memory to load job %s", job);
    }
    loaded->arena = arena;
    status = gen_database_enter(database, err);
    if (status == GEN_OK) {
        status = load_tree(database, job, loaded, err);
    }
    gen_database_leave(database);
    if (status != GEN_OK) {
        gen_arena_destroy(arena);
        return status;
    }
    *out = loaded;
    return GEN_OK;
}
