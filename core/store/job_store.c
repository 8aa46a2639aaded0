/* job_store.c - see job_store.h. */
#include "store/job_store.h"

/* A change of a row that must be there. */
static enum gen_status job_store_one(struct gen_statement *statement, const char *noun,
                                     const struct gen_ident *id, struct gen_error *err)
{
    int64_t changed = 0;
    enum gen_status status = gen_statement_change(statement, &changed, err);

    if (status == GEN_OK && changed != 1) {
        status = gen_error_set(err, GEN_ECONFLICT, "there is no %s %s to change", noun, id->text);
    }
    return status;
}

/* The digest under which a storyboard is shared; one without a digest is shared with nobody. */
static const char *job_store_digest(const struct gen_change_job *job)
{
    return job->storyboard_digest != NULL && job->storyboard_digest[0] != '\0'
               ? job->storyboard_digest
               : job->storyboard.text;
}

static enum gen_status job_store_storyboard(struct gen_database *database,
                                            const struct gen_change_job *job, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO storyboard (id, organization, digest, document, created_at) "
        "VALUES (?, ?, ?, ?, ?) ON CONFLICT (organization, digest) DO NOTHING",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, job->storyboard.text);
    gen_statement_text(statement, job->organization);
    gen_statement_text(statement, job_store_digest(job));
    gen_statement_text(statement, job->brief);
    gen_statement_integer(statement, job->created_at);
    return gen_statement_change(statement, NULL, err);
}

static enum gen_status job_store_tags(struct gen_database *database,
                                      const struct gen_change_job *job, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status;

    if (job->tags == NULL || job->tags[0] == '\0') {
        return GEN_OK;
    }
    /* json_each is SQLite's; PostgreSQL says json_array_elements_text. */
    status = gen_database_prepare(database,
                                  "INSERT INTO job_tag (organization, tag, created_at, job) "
                                  "SELECT DISTINCT ?, value, ?, ? FROM json_each(?)",
                                  &statement, err);
    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, job->organization);
    gen_statement_integer(statement, job->created_at);
    gen_statement_text(statement, job->id.text);
    gen_statement_text(statement, job->tags);
    return gen_statement_change(statement, NULL, err);
}

static enum gen_status job_store_row(struct gen_database *database,
                                     const struct gen_change_job *job, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO job (id, storyboard, organization, team, user_id, project, title, brief, "
        "decision, "
        "tags, status, priority, budget, created_at, completed_at, deadline, cancel_requested, "
        "sandbox, batch, batch_ordinal, keep_first) VALUES (?, (SELECT id FROM storyboard WHERE "
        "organization = ? AND digest = ?), "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, job->id.text);
    gen_statement_text(statement, job->organization);
    gen_statement_text(statement, job_store_digest(job));
    gen_statement_text(statement, job->organization);
    gen_statement_text(statement, job->team);
    gen_statement_text(statement, job->user);
    gen_statement_text(statement, job->project);
    gen_statement_text(statement, job->title);
    gen_statement_text(statement, job->brief);
    gen_statement_text(statement, job->decision);
    gen_statement_text(statement, job->tags);
    gen_statement_text(statement, gen_job_status_word(job->status));
    gen_statement_integer(statement, job->priority);
    gen_statement_integer(statement, job->budget);
    gen_statement_integer(statement, job->created_at);
    gen_statement_integer(statement, job->completed_at);
    gen_statement_integer(statement, job->deadline);
    gen_statement_integer(statement, job->cancel_requested);
    gen_statement_integer(statement, job->sandbox);
    gen_statement_text(statement, job->batch.text);
    gen_statement_integer(statement, job->batch_ordinal);
    gen_statement_integer(statement, job->keep_first);
    return gen_statement_change(statement, NULL, err);
}

enum gen_status gen_job_store_add(struct gen_database *database, const struct gen_change *change,
                                  struct gen_error *err)
{
    const struct gen_change_job *job = &change->as.job;
    enum gen_status status = job_store_storyboard(database, job, err);

    if (status == GEN_OK) {
        status = job_store_row(database, job, err);
    }
    return status == GEN_OK ? job_store_tags(database, job, err) : status;
}

enum gen_status gen_job_store_set(struct gen_database *database, const struct gen_change *change,
                                  struct gen_error *err)
{
    const struct gen_change_job *job = &change->as.job;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(database,
                                                  "UPDATE job SET status = ?, cancel_requested = "
                                                  "?, paused = ?, completed_at = ? WHERE id = ?",
                                                  &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, gen_job_status_word(job->status));
    gen_statement_integer(statement, job->cancel_requested);
    gen_statement_integer(statement, job->paused);
    gen_statement_integer(statement, job->completed_at);
    gen_statement_text(statement, job->id.text);
    return job_store_one(statement, "job", &job->id, err);
}

enum gen_status gen_job_store_add_pipeline(struct gen_database *database,
                                           const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_pipeline *pipeline = &change->as.pipeline;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO pipeline (id, job, ordinal, variation, provider, model, model_flags, status, "
        "stage, progress_ppm, started_at, ended_at, estimated_at, failure, failure_message, "
        "output, warning) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, pipeline->id.text);
    gen_statement_text(statement, pipeline->job.text);
    gen_statement_integer(statement, pipeline->ordinal);
    gen_statement_integer(statement, pipeline->variation);
    gen_statement_text(statement, pipeline->provider);
    gen_statement_text(statement, pipeline->model);
    gen_statement_integer(statement, pipeline->model_flags);
    gen_statement_text(statement, gen_pipeline_status_word(pipeline->status));
    gen_statement_text(statement, gen_stage_word(pipeline->stage));
    gen_statement_integer(statement, pipeline->progress_ppm);
    gen_statement_integer(statement, pipeline->started_at);
    gen_statement_integer(statement, pipeline->ended_at);
    gen_statement_integer(statement, pipeline->estimated_at);
    gen_statement_text(statement, gen_failure_word(pipeline->failure));
    gen_statement_text(statement, pipeline->failure_message);
    gen_statement_text(statement, pipeline->output.text);
    gen_statement_text(statement, pipeline->warning);
    return gen_statement_change(statement, NULL, err);
}

enum gen_status gen_job_store_set_pipeline(struct gen_database *database,
                                           const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_pipeline *pipeline = &change->as.pipeline;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE pipeline SET status = ?, stage = ?, progress_ppm = ?, started_at = ?, "
        "ended_at = ?, estimated_at = ?, failure = ?, failure_message = ?, output = ?, "
        "warning = ? WHERE id = ?",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, gen_pipeline_status_word(pipeline->status));
    gen_statement_text(statement, gen_stage_word(pipeline->stage));
    gen_statement_integer(statement, pipeline->progress_ppm);
    gen_statement_integer(statement, pipeline->started_at);
    gen_statement_integer(statement, pipeline->ended_at);
    gen_statement_integer(statement, pipeline->estimated_at);
    gen_statement_text(statement, gen_failure_word(pipeline->failure));
    gen_statement_text(statement, pipeline->failure_message);
    gen_statement_text(statement, pipeline->output.text);
    gen_statement_text(statement, pipeline->warning);
    gen_statement_text(statement, pipeline->id.text);
    return job_store_one(statement, "pipeline", &pipeline->id, err);
}

enum gen_status gen_job_store_add_shot(struct gen_database *database,
                                       const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_shot *shot = &change->as.shot;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO shot (id, job, pipeline, ordinal, first_scene, scene_count, parameters, clip, "
        "width, height, frame_rate_milli, duration_ms, attempt_count, price, most, price_exact, "
        "role, provider, model, model_flags, from_ms, shown_ms, ordered_ms, speaks) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, shot->id.text);
    gen_statement_text(statement, shot->job.text);
    gen_statement_text(statement, shot->pipeline.text);
    gen_statement_integer(statement, shot->ordinal);
    gen_statement_integer(statement, shot->first_scene);
    gen_statement_integer(statement, shot->scene_count);
    gen_statement_text(statement, shot->parameters);
    gen_statement_text(statement, shot->clip);
    gen_statement_integer(statement, shot->width);
    gen_statement_integer(statement, shot->height);
    gen_statement_integer(statement, shot->frame_rate_milli);
    gen_statement_integer(statement, shot->duration_ms);
    gen_statement_integer(statement, shot->attempt_count);
    gen_statement_integer(statement, shot->price);
    gen_statement_integer(statement, shot->most);
    gen_statement_integer(statement, shot->price_exact);
    gen_statement_text(statement, gen_shot_role_word(shot->role));
    gen_statement_text(statement, shot->provider);
    gen_statement_text(statement, shot->model);
    gen_statement_integer(statement, shot->model_flags);
    gen_statement_integer(statement, shot->from_ms);
    gen_statement_integer(statement, shot->shown_ms);
    gen_statement_integer(statement, shot->ordered_ms);
    gen_statement_integer(statement, shot->speaks);
    return gen_statement_change(statement, NULL, err);
}

enum gen_status gen_job_store_set_shot(struct gen_database *database,
                                       const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_shot *shot = &change->as.shot;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database, "UPDATE shot SET clip = ?, attempt_count = ? WHERE id = ?", &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, shot->clip);
    gen_statement_integer(statement, shot->attempt_count);
    gen_statement_text(statement, shot->id.text);
    return job_store_one(statement, "shot", &shot->id, err);
}

/* Its pipeline is called by those who work for it. */
static enum gen_status job_store_name(struct gen_database *database,
                                      const struct gen_change_shot *shot, struct gen_error *err)
{
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database, "UPDATE pipeline SET provider = ?, model = ?, model_flags = ? WHERE id = ?",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, shot->pipeline_provider);
    gen_statement_text(statement, shot->pipeline_model);
    gen_statement_integer(statement, shot->pipeline_flags);
    gen_statement_text(statement, shot->pipeline.text);
    return job_store_one(statement, "pipeline", &shot->pipeline, err);
}

enum gen_status gen_job_store_move_shot(struct gen_database *database,
                                        const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_shot *shot = &change->as.shot;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE shot SET provider = ?, model = ?, model_flags = ?, parameters = ?, width = ?, "
        "height = ?, frame_rate_milli = ?, duration_ms = ?, from_ms = ?, shown_ms = ?, "
        "ordered_ms = ?, price = ?, most = ?, price_exact = ?, attempt_count = ? WHERE id = ?",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, shot->provider);
    gen_statement_text(statement, shot->model);
    gen_statement_integer(statement, shot->model_flags);
    gen_statement_text(statement, shot->parameters);
    gen_statement_integer(statement, shot->width);
    gen_statement_integer(statement, shot->height);
    gen_statement_integer(statement, shot->frame_rate_milli);
    gen_statement_integer(statement, shot->duration_ms);
    gen_statement_integer(statement, shot->from_ms);
    gen_statement_integer(statement, shot->shown_ms);
    gen_statement_integer(statement, shot->ordered_ms);
    gen_statement_integer(statement, shot->price);
    gen_statement_integer(statement, shot->most);
    gen_statement_integer(statement, shot->price_exact);
    gen_statement_integer(statement, shot->attempt_count);
    gen_statement_text(statement, shot->id.text);
    status = job_store_one(statement, "shot", &shot->id, err);
    return status == GEN_OK ? job_store_name(database, shot, err) : status;
}

enum gen_status gen_job_store_add_supply(struct gen_database *database,
                                         const struct gen_change *change, struct gen_error *err)
{
    const struct gen_change_supply *supply = &change->as.supply;
    const struct gen_asset *asset = &supply->asset;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "INSERT INTO supply (id, job, shot, ordinal, scene, kind, digest, media_type, size, width, "
        "height, duration_ms, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, asset->id.text);
    gen_statement_text(statement, supply->job.text);
    gen_statement_text(statement, supply->shot.text);
    gen_statement_integer(statement, supply->ordinal);
    gen_statement_integer(statement, supply->scene);
    gen_statement_text(statement, asset->kind);
    gen_statement_text(statement, asset->digest);
    gen_statement_text(statement, asset->media_type);
    gen_statement_integer(statement, asset->size);
    gen_statement_integer(statement, asset->width);
    gen_statement_integer(statement, asset->height);
    gen_statement_integer(statement, asset->duration_ms);
    gen_statement_integer(statement, asset->created_at);
    return gen_statement_change(statement, NULL, err);
}

enum gen_status gen_job_store_set_supply(struct gen_database *database,
                                         const struct gen_change *change, struct gen_error *err)
{
    const struct gen_asset *asset = &change->as.supply.asset;
    struct gen_statement *statement;
    enum gen_status status = gen_database_prepare(
        database,
        "UPDATE supply SET digest = ?, media_type = ?, size = ?, width = ?, height = ?, "
        "duration_ms = ?, created_at = ? WHERE id = ?",
        &statement, err);

    if (status != GEN_OK) {
        return status;
    }
    gen_statement_text(statement, asset->digest);
    gen_statement_text(statement, asset->media_type);
    gen_statement_integer(statement, asset->size);
    gen_statement_integer(statement, asset->width);
    gen_statement_integer(statement, asset->height);
    gen_statement_integer(statement, asset->duration_ms);
    gen_statement_integer(statement, asset->created_at);
    gen_statement_text(statement, asset->id.text);
    return job_store_one(statement, "supply", &asset->id, err);
}
