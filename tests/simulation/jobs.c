/* jobs.c - of shell.h: jobs come in, are read again, are cancelled, leave memory. */
#include "simulation/shell.h"

#include "base/json.h"
#include "platform/json_reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char jobs_brief[] =
    "{\"title\": \"Simulated\", \"scenes\": [{\"prompt\": \"a\", \"duration\": 2},"
    "{\"prompt\": \"b\", \"duration\": 2}, {\"prompt\": \"c\", \"duration\": 2},"
    "{\"prompt\": \"d\", \"duration\": 2}], \"variations\": [\"16:9\", \"9:16\", \"1:1\"]}";

/* retry.yaml of this seed, for half of them: one rule for all failures. */
static void jobs_rules(struct shell *shell)
{
    struct world *world = &shell->world;

    shell->ruled = world_chance(world, 0.5);
    shell->kind = (struct gen_retry_kind){.retries = world_between(world, 0, 4),
                                          .rebuys = world_between(world, 0, 3),
                                          .first_pause_ms = 2000,
                                          .most_pause_ms = 60000,
                                          .factor = 2,
                                          .jitter = GEN_JITTER_FULL};
    shell->policy = (struct gen_retry_policy){.job = {.retries = 10000}};
    for (size_t i = 1; i < GEN_COUNT(shell->policy.by_failure); i++) {
        shell->policy.by_failure[i] = &shell->kind;
    }
}

void shell_init(struct shell *shell, uint64_t seed, int32_t crashes)
{
    struct gen_store_options options = {.path = ":memory:", .volatile_ok = true};
    struct gen_error err = {0};

    memset(shell, 0, sizeof(*shell));
    world_init(&shell->world, seed, shell);
    vendor_init(&shell->vendor, &shell->world);
    if (gen_store_open(&options, &shell->store, &err) != GEN_OK) {
        fprintf(stderr, "the store cannot be opened: %s\n", err.message);
        exit(2);
    }
    shell->lanes = gen_lanes_create();
    GEN_CHECK(shell->lanes != NULL);
    shell->crashes_left = crashes;
    shell->crash_chance = 0.002 + (double)world_between(&shell->world, 0, 20) / 1000.0;
    shell->disk_trouble =
        world_chance(&shell->world, 0.5) ? 0 : (double)world_between(&shell->world, 0, 30) / 100.0;
    jobs_rules(shell);
}

void shell_fini(struct shell *shell)
{
    for (size_t i = 0; i < shell->job_count; i++) {
        if (shell->jobs[i].open != NULL) {
            shell->jobs[i].open->commits = 0;
            shell_close_job(shell, shell->jobs[i].open);
        }
    }
    gen_lanes_destroy(shell->lanes);
    gen_store_close(shell->store);
    vendor_fini(&shell->vendor);
    world_fini(&shell->world);
    free(shell->wires);
}

/* --------------------------------------------------------------------------- open and close -- */

static void jobs_free(struct shell *shell, struct shell_open *open)
{
    for (size_t i = 0; i < open->job->pipeline_count; i++) {
        for (size_t k = 0; k < open->job->pipelines[i].shot_count; k++) {
            gen_lanes_leave(shell->lanes, &open->flights[i][k].ticket);
            gen_arena_destroy(open->flights[i][k].exchange);
        }
    }
    gen_arena_destroy(open->job->arena);
}

void shell_close_job(struct shell *shell, struct shell_open *open)
{
    if (shell->jobs[open->index].open == open) {
        shell->jobs[open->index].open = NULL;
    }
    open->over = true;
    if (open->commits == 0) {
        jobs_free(shell, open);
    }
}

void shell_open_job(struct shell *shell, size_t index, struct gen_job *job)
{
    struct shell_open *open = gen_arena_alloc(job->arena, sizeof(*open));
    struct gen_input input = {.kind = GEN_INPUT_START};

    open->job = job;
    open->index = index;
    for (size_t i = 0; i < job->pipeline_count; i++) {
        struct gen_pipeline *pipeline = &job->pipelines[i];

        open->flights[i] =
            gen_arena_array(job->arena, pipeline->shot_count, sizeof(*open->flights[i]));
        for (size_t k = 0; k < pipeline->shot_count; k++) {
            open->flights[i][k] = (struct shell_flight){.open = open, .pipeline = i, .shot = k};
            open->flights[i][k].ticket.context = &open->flights[i][k];
            pipeline->shots[k].model_flags =
                shell->provider_missing ? 0 : shell->jobs[index].models[i][k].traits;
        }
    }
    shell->jobs[index].open = open;
    shell_input(open, shell, &input);
}

void shell_load(struct shell *shell, size_t index)
{
    struct gen_job *job = NULL;
    struct gen_error err = {0};
    enum gen_status status;

    if (shell->jobs[index].open != NULL) {
        return;
    }
    status = gen_read_load(shell->store, shell->jobs[index].id.text, &job, &err);
    if (status == GEN_ENOTFOUND) {
        return; /* it died before it was durable: nobody was told that it was admitted */
    }
    if (status != GEN_OK) {
        fprintf(stderr, "job %s cannot be loaded: %s\n", shell->jobs[index].id.text, err.message);
        abort();
    }
    if (gen_job_status_terminal(job->status)) {
        gen_arena_destroy(job->arena);
        return;
    }
    shell_open_job(shell, index, job);
}

bool shell_cancel(struct shell *shell, size_t job)
{
    struct gen_input input = {.kind = GEN_INPUT_CANCEL};
    struct shell_open *open = shell->jobs[job].open;

    if (open == NULL || open->over) {
        return false;
    }
    shell_input(open, shell, &input);
    return true;
}

/* -------------------------------------------------------------------------------- admission -- */

static void jobs_draw_shot(struct shell *shell, const struct vendor_model *model,
                           struct gen_shot *shot, size_t scene)
{
    struct world *world = &shell->world;

    *shot = (struct gen_shot){.role = GEN_SHOT_SCENE, .provider = model->free ? "local" : "vendor",
                              .model = "one", .model_flags = model->traits,
                              .first_scene = scene, .scene_count = 1, .parameters = "{}",
                              .width = 1920, .height = 1080, .frame_rate_milli = 30000,
                              .duration_ms = 2000, .price = model->price, .most = model->most,
                              .queue_position = -1, .note = "", .clip = "", .attempt_count = 1};
    shot->attempt = (struct gen_attempt){
        .ordinal = 1, .state = GEN_ATTEMPT_PLANNED, .handle = "", .step_state = "",
        .hold = model->most, .estimate = model->price, .reported = -1, .started_at = world->now,
        .failure_code = "", .failure_message = "", .failure_field = ""};
    gen_random_ident(&world->random, GEN_IDENT_SHOT, world->now, &shot->id);
    gen_random_ident(&world->random, GEN_IDENT_ATTEMPT, world->now, &shot->attempt.id);
}

/* Promises a shot a file of that scene. */
static void jobs_promise(struct shell *shell, struct gen_shot *shot, const char *kind, size_t scene)
{
    struct gen_supply *supply = &shot->supplies[shot->supply_count++];

    supply->scene = scene;
    supply->asset = (struct gen_asset){.organization = "", .digest = "", .name = "", .kind = kind,
                                       .media_type = "x/y", .created_at = shell->world.now};
    gen_random_ident(&shell->world.random, GEN_IDENT_ASSET, shell->world.now, &supply->asset.id);
}

/* Its shots are slices of one scene: each but the first waits for the one before. */
static void jobs_draw_chain(struct shell *shell, struct gen_job *job, struct gen_pipeline *pipeline)
{
    for (size_t k = 0; k < pipeline->shot_count; k++) {
        struct gen_shot *shot = &pipeline->shots[k];

        shot->first_scene = 0;
        shot->from_ms = (int64_t)k * 500;
        shot->shown_ms = shot->ordered_ms = 500;
        if (k > 0) {
            shot->supplies = gen_arena_array(job->arena, 1, sizeof(*shot->supplies));
            jobs_promise(shell, shot, GEN_SUPPLY_FRAME, 0);
        }
    }
}

/* One shot more, that waits for all of them. */
static void jobs_draw_finish(struct shell *shell, struct gen_job *job,
                             struct gen_pipeline *pipeline, struct vendor_model *model)
{
    struct gen_shot *shot = &pipeline->shots[pipeline->shot_count];

    *model = (struct vendor_model){.free = true};
    jobs_draw_shot(shell, model, shot, 0);
    shot->role = GEN_SHOT_FINISH;
    shot->scene_count = job->brief->scenes.count;
    shot->supplies = gen_arena_array(job->arena, SHELL_MOST_SHOTS, sizeof(*shot->supplies));
    for (size_t k = 0; k < pipeline->shot_count; k++) {
        if (pipeline->shots[k].from_ms == 0) {
            jobs_promise(shell, shot, GEN_SUPPLY_FOOTAGE, pipeline->shots[k].first_scene);
        }
    }
    pipeline->shot_count++;
}

static void jobs_draw_pipeline(struct shell *shell, struct gen_job *job, size_t index)
{
    struct world *world = &shell->world;
    struct vendor_model *models = shell->jobs[shell->job_count].models[index];
    struct gen_pipeline *pipeline = &job->pipelines[index];
    bool several = world_chance(world, 0.3);

    *pipeline = (struct gen_pipeline){.variation = index,
                                      .provider = "vendor",
                                      .model = "one",
                                      .status = GEN_PIPELINE_QUEUED,
                                      .stage = GEN_STAGE_FORMAT,
                                      .failure_message = "",
                                      .warning = ""};
    gen_random_ident(&world->random, GEN_IDENT_PIPELINE, world->now, &pipeline->id);
    pipeline->shot_count = (size_t)world_between(world, 1, SHELL_MOST_SHOTS);
    pipeline->shots =
        gen_arena_array(job->arena, pipeline->shot_count + 1, sizeof(*pipeline->shots));
    for (size_t k = 0; k < pipeline->shot_count; k++) {
        if (k == 0 || several) {
            vendor_model_draw(&shell->vendor, &models[k]);
        } else {
            models[k] = models[0];
        }
        jobs_draw_shot(shell, &models[k], &pipeline->shots[k], k);
        job->budget += pipeline->shots[k].most;
    }
    if (world_chance(world, 0.35)) {
        jobs_draw_chain(shell, job, pipeline);
    }
    if (world_chance(world, 0.4)) {
        jobs_draw_finish(shell, job, pipeline, &models[pipeline->shot_count]);
    }
}

static struct gen_job *jobs_draw(struct shell *shell)
{
    struct world *world = &shell->world;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_job *job = gen_arena_alloc(arena, sizeof(*job));
    const struct gen_node *brief = NULL;
    struct gen_error err = {0};

    job->arena = arena;
    purses_whose(world, job);
    job->decision = "{}";
    job->status = GEN_JOB_QUEUED;
    job->created_at = world->now;
    GEN_CHECK(gen_json_read(jobs_brief, strlen(jobs_brief), NULL, arena, &brief, &err) == GEN_OK);
    GEN_CHECK(gen_brief_read(brief, arena, &job->brief, &err) == GEN_OK);
    gen_random_ident(&world->random, GEN_IDENT_JOB, world->now, &job->id);
    gen_random_ident(&world->random, GEN_IDENT_STORYBOARD, world->now, &job->storyboard);
    job->pipeline_count = (size_t)world_between(world, 1, SHELL_MOST_PIPELINES);
    job->pipelines = gen_arena_array(arena, job->pipeline_count, sizeof(*job->pipelines));
    for (size_t i = 0; i < job->pipeline_count; i++) {
        jobs_draw_pipeline(shell, job, i);
    }
    /* Exactly enough for no retry, for some, or for all of them. */
    job->budget += job->budget * world_between(world, 0, 4) / 2;
    return job;
}

/* As core/engine/admission.c does: everything of the job, its events and holds, in one set. */
static struct gen_changes *jobs_changes(struct shell *shell, struct gen_job *job)
{
    struct gen_input input = {.now = shell->world.now, .reason = ""};
    struct gen_turn turn = {.job = job, .input = &input, .random = &shell->world.random,
                            .changes = gen_changes_create()};
    struct gen_change_job *row;

    gen_changes_job(turn.changes, GEN_CHANGE_JOB_ADD, job);
    row = &turn.changes->last->as.job;
    row->brief = jobs_brief;
    row->storyboard_digest = gen_arena_strdup(turn.changes->arena, job->storyboard.text);
    gen_turn_event(&turn, GEN_EVENT_JOB_ADMITTED, "title", "Simulated");
    for (size_t i = 0; i < job->pipeline_count; i++) {
        gen_changes_pipeline(turn.changes, GEN_CHANGE_PIPELINE_ADD, job, &job->pipelines[i]);
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            gen_turn_aim(&turn, &job->pipelines[i], &job->pipelines[i].shots[k]);
            gen_changes_shot(turn.changes, GEN_CHANGE_SHOT_ADD, job, turn.pipeline, turn.shot);
            for (size_t n = 0; n < turn.shot->supply_count; n++) {
                gen_changes_supply(turn.changes, GEN_CHANGE_SUPPLY_ADD, job, turn.shot, n);
            }
            gen_changes_attempt(turn.changes, GEN_CHANGE_ATTEMPT_ADD, job, turn.pipeline,
                                turn.shot, GEN_ATTEMPT_NONE);
            gen_turn_move(&turn, GEN_ATTEMPT_RESERVED);
            gen_turn_entry(&turn, GEN_LEDGER_HOLD, turn.shot->attempt.hold, "per second");
        }
    }
    return turn.changes;
}

/* Money for paid retries on top of the first attempts, for some jobs. */
static bool jobs_reserve(struct shell *shell, struct gen_job *job)
{
    bool reserves = world_chance(&shell->world, 0.6);

    for (size_t i = 0; i < job->pipeline_count && reserves; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            struct gen_shot *shot = &job->pipelines[i].shots[k];
            struct gen_hold_shot ways = {.price = shot->price, .most = shot->most};

            gen_hold_reserve(&shell->policy, &ways, 1); /* the policy bounds shots alone */
            shot->attempt.hold += shell->ruled ? ways.reserve
                                               : shot->most * world_between(&shell->world, 0, 2);
        }
    }
    return reserves;
}

static void jobs_bare(struct gen_job *job)
{
    for (size_t i = 0; i < job->pipeline_count; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            struct gen_shot *shot = &job->pipelines[i].shots[k];

            shot->attempt.hold = shot->most;
            shot->attempt.state = GEN_ATTEMPT_PLANNED;
        }
    }
}

bool shell_admit(struct shell *shell)
{
    struct gen_job *job = jobs_draw(shell);
    bool reserved = jobs_reserve(shell, job);
    struct gen_changes *changes = jobs_changes(shell, job);
    struct gen_error err = {0};
    enum gen_status status;

    purses_equip(&shell->purses, job, changes, shell->world.now);
    status = gen_store_apply(shell->store, changes, &err);
    gen_changes_destroy(changes);
    if (status == GEN_EBUDGET && reserved) {
        reserved = false;
        jobs_bare(job);
        changes = jobs_changes(shell, job);
        purses_equip(&shell->purses, job, changes, shell->world.now);
        status = gen_store_apply(shell->store, changes, &err);
        gen_changes_destroy(changes);
    }
    if (status == GEN_EBUDGET) {
        gen_arena_destroy(job->arena);
        shell->no_money++;
        return false;
    }
    if (status != GEN_OK) {
        fprintf(stderr, "admission failed: %s\n", err.message);
        abort();
    }
    shell->jobs[shell->job_count].id = job->id;
    shell->jobs[shell->job_count].covered = reserved && shell->ruled;
    shell_open_job(shell, shell->job_count++, job);
    return true;
}
