/* runner.c - see runner.h. */
#include "engine/runner.h"

#include "base/alloc.h"
#include "base/map.h"
#include "engine/admission.h"
#include "engine/delivery.h"
#include "engine/machine.h"
#include "engine/material.h"

#include <string.h>

enum { RUNNER_MOST_JOBS = 100000 };
#define RUNNER_EXCHANGE_MEMORY ((size_t)32 << 20) /* one verb of a plugin */
#define RUNNER_RELOAD_MS 30000
#define RUNNER_PROGRESS_MS 200

struct open_pipeline {
    struct gen_open_job *open;
    struct gen_flight *flights; /* one a shot */
    struct gen_delivery *delivery;
    int64_t progress_at; /* loop time of the last word to listeners */
};

struct gen_open_job {
    struct gen_runner *runner;
    struct gen_job *job;
    const struct gen_asset *assets;
    size_t asset_count;
    struct open_pipeline *pipelines;
    size_t commits; /* on their way to the store */
    bool listed;    /* in the runner's map */
    bool over;      /* leaves memory when the last commit is back */
};

struct gen_runner {
    struct gen_engine_options options;
    struct gen_flight_world world;
    struct gen_lanes *lanes;
    struct gen_map *jobs; /* id -> struct gen_open_job */
    struct gen_listener listener;
    uint64_t inputs, dropped;
    int32_t releasing; /* depth: effects lead to turns, whose effects are released inside */
    bool granting, closing;
};

struct runner_commit { /* effects waiting for their changes to be durable */
    struct gen_open_job *open;
    struct gen_arena *arena; /* of this and the effects */
    struct gen_effect *first;
};

static void runner_input(struct gen_open_job *open, struct gen_input *input);
static void runner_grant(struct gen_runner *runner);

/* -------------------------------------------------------------------------- open and close -- */

static void open_free(struct gen_open_job *open)
{
    struct gen_job *job = open->job;

    for (size_t i = 0; i < job->pipeline_count; i++) {
        gen_delivery_stop(&open->pipelines[i].delivery);
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            struct gen_flight *flight = &open->pipelines[i].flights[k];

            gen_lanes_leave(open->runner->lanes, &flight->ticket);
            gen_flight_land(flight);
            gen_flight_fini(flight);
        }
    }
    gen_arena_destroy(job->arena); /* the open job itself lives there, too */
}

/* Takes the job out of the map; frees it once nothing of it is on its way to the store. */
static void open_close(struct gen_open_job *open)
{
    if (open->listed) {
        gen_map_remove(open->runner->jobs, open->job->id.text);
        open->listed = false;
    }
    open->over = true;
    if (open->commits == 0) {
        open_free(open);
    }
}

static void open_flight(struct gen_open_job *open, size_t pipeline, size_t shot)
{
    struct gen_flight *flight = &open->pipelines[pipeline].flights[shot];

    flight->world = &open->runner->world;
    flight->owner = open;
    flight->pipeline = pipeline;
    flight->shot = shot;
    flight->ticket.context = flight;
    flight->ticket.priority = open->job->brief->priority;
    flight->ticket.deadline = open->job->brief->deadline;
}

enum gen_status gen_runner_prepare(struct gen_runner *runner, struct gen_job *job,
                                   const struct gen_asset *assets, size_t asset_count,
                                   struct gen_open_job **out, struct gen_error *err)
{
    struct gen_open_job *open = gen_arena_alloc(job->arena, sizeof(*open));

    if (open == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *open = (struct gen_open_job){
        .runner = runner, .job = job, .assets = assets, .asset_count = asset_count};
    open->pipelines =
        gen_arena_array(job->arena, job->pipeline_count, sizeof(*open->pipelines));
    for (size_t i = 0; open->pipelines != NULL && i < job->pipeline_count; i++) {
        size_t shots = job->pipelines[i].shot_count;

        open->pipelines[i].open = open;
        open->pipelines[i].flights =
            gen_arena_array(job->arena, shots, sizeof(*open->pipelines[i].flights));
        for (size_t k = 0; open->pipelines[i].flights != NULL && k < shots; k++) {
            open_flight(open, i, k);
        }
    }
    if (gen_arena_failed(job->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = open;
    return GEN_OK;
}

void gen_runner_discard(struct gen_open_job *open)
{
    open_close(open);
}

void gen_runner_start(struct gen_runner *runner, struct gen_open_job *open)
{
    struct gen_input input = {.kind = GEN_INPUT_START};

    if (gen_map_put(runner->jobs, open->job->id.text, open, NULL) != GEN_OK) {
        struct gen_error err = {0};

        gen_error_set(&err, GEN_ELIMIT, "job %s waits for the next start: too many open jobs",
                      open->job->id.text);
        gen_log_error(runner->options.log, GEN_LEVEL_ERROR, "runner", &err);
        open_close(open);
        return;
    }
    open->listed = true;
    runner_input(open, &input);
}

/* --------------------------------------------------------------------------- plugin's verbs -- */

static void runner_defect(struct gen_flight *flight, enum gen_status status, const char *reason)
{
    struct gen_input input = {.kind = GEN_INPUT_DEFECT,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .status = status,
                              .reason = reason};

    runner_input(flight->owner, &input);
}

/* Calls the shot's verb with the reply (NULL at first) and feeds the step to the machine. */
static void runner_call(struct gen_flight *flight, const struct gen_reply *reply)
{
    struct gen_open_job *open = flight->owner;
    const struct gen_pipeline *pipeline = &open->job->pipelines[flight->pipeline];
    struct gen_runner *runner = open->runner;
    const struct gen_hosted *hosted =
        gen_loader_find(runner->options.loader, pipeline->provider);
    struct gen_task task = {.brief = open->job->brief,
                            .variation =
                                gen_brief_variation(open->job->brief, pipeline->variation),
                            .shot = &pipeline->shots[flight->shot],
                            .model = pipeline->model,
                            .assets = open->assets,
                            .asset_count = open->asset_count,
                            .now = gen_clock_now(runner->options.clock)};
    struct gen_arena *exchange = gen_arena_create(RUNNER_EXCHANGE_MEMORY);
    struct gen_input input = {.kind = GEN_INPUT_STEP,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .step = &flight->step};
    struct gen_step step = {0};
    struct gen_error err = {0};
    enum gen_status status;

    if (hosted == NULL || gen_hosted_model(hosted, pipeline->model) == NULL) {
        gen_arena_destroy(exchange);
        runner_defect(flight, GEN_ENOTFOUND, "its provider is not loaded (see gen doctor)");
        return;
    }
    status = exchange == NULL ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                              : gen_hosted_step(hosted, task.shot->verb, &task, reply, exchange,
                                                &step, &err);
    gen_flight_fini(flight); /* the step before is done with */
    flight->exchange = exchange;
    flight->step = step;
    if (status != GEN_OK) {
        gen_log_error(runner->options.log, GEN_LEVEL_WARN, "runner", &err);
        runner_defect(flight, status, err.message);
        return;
    }
    if (step.type == GEN_STEP_IS_RUN) { /* the plugin names a program, the host knows where it is */
        flight->step.as.run.program = gen_hosted_program(hosted, step.as.run.program);
    }
    runner_input(open, &input);
}

/* ---------------------------------------------------------------------- reports of flights -- */

/* Is the report about something that the machine still wants? */
static bool runner_heard(struct gen_flight *flight)
{
    struct gen_open_job *open = flight->owner;
    bool heard = flight->under_way == flight->generation && !open->over &&
                 open->job->pipelines[flight->pipeline].shots[flight->shot].verb != GEN_VERB_NONE;

    open->runner->dropped += !heard;
    return heard;
}

static void runner_on_reply(struct gen_flight *flight, const struct gen_reply *reply)
{
    if (runner_heard(flight)) {
        runner_call(flight, reply);
    }
}

static void runner_on_unanswered(struct gen_flight *flight, enum gen_fate fate, bool costs,
                                 const char *reason)
{
    struct gen_input input = {.kind = GEN_INPUT_UNANSWERED,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .fate = fate,
                              .costs = costs,
                              .reason = reason};

    if (runner_heard(flight)) {
        runner_input(flight->owner, &input);
    }
}

static void runner_on_progress(struct gen_flight *flight, int32_t progress_ppm)
{
    struct gen_input input = {.kind = GEN_INPUT_PROGRESS,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .progress_ppm = progress_ppm};

    if (runner_heard(flight)) {
        runner_input(flight->owner, &input);
    }
}

static void runner_on_timer(struct gen_flight *flight)
{
    struct gen_open_job *open = flight->owner;
    struct gen_input input = {
        .kind = GEN_INPUT_TIMER, .pipeline = flight->pipeline, .shot = flight->shot};

    if (flight->under_way == flight->generation && !open->over) {
        runner_input(open, &input);
    }
}

static void runner_on_clip(struct gen_flight *flight, enum gen_status status, const char *digest,
                           const char *reason)
{
    struct gen_input input = {.kind = GEN_INPUT_CLIP,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .status = status,
                              .digest = digest,
                              .reason = reason};

    if (runner_heard(flight)) {
        runner_input(flight->owner, &input);
    }
}

/* --------------------------------------------------------------------------------- delivery -- */

/* Fills in what only the job knows, and hands the output to the machine. */
static void runner_on_delivered(void *context, enum gen_status status,
                                const struct gen_output *output, const char *reason)
{
    struct open_pipeline *pipeline = context;
    struct gen_open_job *open = pipeline->open;
    const struct gen_runner *runner = open->runner;
    const struct gen_job *job = open->job;
    size_t index = (size_t)(pipeline - open->pipelines);
    struct gen_output whole;
    struct gen_input input = {.kind = GEN_INPUT_OUTPUT,
                              .pipeline = index,
                              .status = status,
                              .reason = reason,
                              .output = &whole};

    pipeline->delivery = NULL;
    if (status == GEN_OK) {
        whole = *output;
        whole.created_at = gen_clock_now(runner->options.clock);
        gen_random_ident(runner->options.random, GEN_IDENT_OUTPUT, whole.created_at, &whole.id);
        whole.job = job->id;
        whole.pipeline = job->pipelines[index].id;
        whole.organization = job->organization;
        whole.variation = gen_brief_variation(job->brief, job->pipelines[index].variation)->name;
    }
    runner_input(open, &input);
}

/* The bed that the user supplied, for models that do not lay one themselves. */
static const char *runner_music(const struct gen_open_job *open, const struct gen_pipeline *pipeline)
{
    const char *music = open->job->brief->sound.music;

    if (music == NULL || (pipeline->model_flags & GEN_TRAIT_WHOLE_STORYBOARD) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < open->asset_count; i++) {
        if (strcmp(open->assets[i].id.text, music) == 0) {
            return open->assets[i].digest;
        }
    }
    return NULL;
}

static void runner_assemble(struct gen_open_job *open, size_t index)
{
    const struct gen_pipeline *pipeline = &open->job->pipelines[index];
    const struct gen_variation *variation =
        gen_brief_variation(open->job->brief, pipeline->variation);
    struct gen_runner *runner = open->runner;
    const char **clips = gen_arena_array(open->job->arena, pipeline->shot_count, sizeof(*clips));
    int64_t *durations =
        gen_arena_array(open->job->arena, pipeline->shot_count, sizeof(*durations));
    struct gen_delivery_spec spec = {.loop = runner->options.loop,
                                     .programs = runner->world.programs,
                                     .blobs = runner->options.blobs,
                                     .scratch = runner->options.scratch,
                                     .id = pipeline->id.text,
                                     .clips = clips,
                                     .durations_ms = durations,
                                     .clip_count = pipeline->shot_count,
                                     .music = runner_music(open, pipeline),
                                     .width = variation->width,
                                     .height = variation->height,
                                     .frame_rate_milli = variation->frame_rate_milli,
                                     .on_end = runner_on_delivered,
                                     .context = &open->pipelines[index]};
    struct gen_error err = {0};
    enum gen_status status = GEN_ENOMEM;

    for (size_t i = 0; i < pipeline->shot_count && clips != NULL && durations != NULL; i++) {
        clips[i] = pipeline->shots[i].clip;
        durations[i] = pipeline->shots[i].duration_ms;
    }
    if (clips != NULL && durations != NULL) {
        status = gen_delivery_start(&spec, &open->pipelines[index].delivery, &err);
    }
    if (status != GEN_OK) {
        gen_log_error(runner->options.log, GEN_LEVEL_ERROR, "runner", &err);
        runner_on_delivered(&open->pipelines[index], status, NULL, err.message);
    }
}

/* ---------------------------------------------------------------------------------- effects -- */

static void runner_want(struct gen_open_job *open, struct gen_flight *flight,
                        const struct gen_effect *effect)
{
    const struct gen_pipeline *pipeline = &open->job->pipelines[flight->pipeline];
    const struct gen_hosted *hosted =
        gen_loader_find(open->runner->options.loader, pipeline->provider);
    const struct gen_model *model =
        hosted == NULL ? NULL : gen_hosted_model(hosted, pipeline->model);

    if (flight->ticket.lane != NULL) {
        return;
    }
    flight->ticket.front = effect->front;
    if (gen_lanes_want(open->runner->lanes, pipeline->provider,
                       model == NULL ? 0 : model->max_concurrent, &flight->ticket) != GEN_OK) {
        gen_log_line(open->runner->options.log, GEN_LEVEL_ERROR, "runner",
                     "no memory for a lane; the job waits for the next start", "job",
                     open->job->id.text, NULL);
    }
}

static void runner_progress(struct gen_open_job *open, size_t index)
{
    struct gen_runner *runner = open->runner;
    struct open_pipeline *pipeline = &open->pipelines[index];
    int64_t now = gen_loop_now(runner->options.loop);

    if (runner->listener.on_progress != NULL &&
        (pipeline->progress_at == 0 || now - pipeline->progress_at >= RUNNER_PROGRESS_MS)) {
        pipeline->progress_at = now;
        runner->listener.on_progress(runner->listener.context, open->job,
                                     &open->job->pipelines[index]);
    }
}

/* Effects that start something new for a flight; dropped when it was stopped in the meantime. */
static void runner_flight_effect(struct gen_open_job *open, struct gen_flight *flight,
                                 const struct gen_effect *effect)
{
    if (effect->generation != flight->generation) {
        return;
    }
    switch (effect->kind) {
    case GEN_EFFECT_CALL:
        runner_call(flight, NULL);
        break;
    case GEN_EFFECT_PERFORM:
        gen_flight_perform(
            flight,
            &open->job->pipelines[effect->pipeline].shots[effect->shot].attempt.id, open->assets,
            open->asset_count);
        break;
    case GEN_EFFECT_WAKE:
        gen_flight_wake(flight, effect->wait_ms);
        break;
    default:
        gen_flight_store(flight, effect->file);
        break;
    }
}

static void runner_effect(struct gen_open_job *open, const struct gen_effect *effect)
{
    struct open_pipeline *pipeline = &open->pipelines[effect->pipeline];
    struct gen_flight *flight = &pipeline->flights[effect->shot];

    switch (effect->kind) {
    case GEN_EFFECT_WANT_SLOT:
        runner_want(open, flight, effect);
        break;
    case GEN_EFFECT_FREE_SLOT:
        gen_lanes_leave(open->runner->lanes, &flight->ticket);
        gen_flight_land(flight);
        break;
    case GEN_EFFECT_STOP: /* a later turn's stop is, or will be, in charge of what runs now */
        if (effect->generation == flight->generation) {
            gen_flight_stop(flight);
        }
        break;
    case GEN_EFFECT_ASSEMBLE:
        runner_assemble(open, effect->pipeline);
        break;
    case GEN_EFFECT_STOP_ASSEMBLY:
        gen_delivery_stop(&pipeline->delivery);
        break;
    case GEN_EFFECT_PROGRESS:
        runner_progress(open, effect->pipeline);
        break;
    case GEN_EFFECT_OVER:
        open->over = true;
        break;
    default:
        runner_flight_effect(open, flight, effect);
        break;
    }
}

/* Carries out a turn's effects. The job may be gone afterwards. */
static void runner_release(struct gen_open_job *open, const struct gen_effect *first)
{
    struct gen_runner *runner = open->runner;

    open->commits++; /* keeps the job alive while its effects lead to further turns */
    runner->releasing++;
    for (const struct gen_effect *effect = first; effect != NULL; effect = effect->next) {
        if (!open->over) {
            runner_effect(open, effect);
        }
    }
    open->commits--;
    runner->releasing--;
    if (open->over) {
        open_close(open);
    }
    runner_grant(runner);
}

static void runner_grant(struct gen_runner *runner)
{
    struct gen_ticket *ticket;

    if (runner->granting || runner->closing || runner->releasing > 0) {
        return; /* a turn's effects come in order: no other turn of the same shot in between */
    }
    runner->granting = true;
    while ((ticket = gen_lanes_grant(runner->lanes)) != NULL) {
        struct gen_flight *flight = ticket->context;
        struct gen_input input = {
            .kind = GEN_INPUT_SLOT, .pipeline = flight->pipeline, .shot = flight->shot};

        runner_input(flight->owner, &input);
    }
    runner->granting = false;
}

/* -------------------------------------------------------------------------------- the store -- */

struct runner_reload {
    struct gen_runner *runner;
    struct gen_ident job;
    bool cancel; /* somebody was told that it is being cancelled, and the store does not know */
};

static void runner_reload_later(struct runner_reload *reload);

static void runner_reload(void *context)
{
    struct runner_reload *reload = context;
    struct gen_runner *runner = reload->runner;
    struct gen_error err = {0};
    enum gen_status status =
        runner->closing ? GEN_ECANCELED : gen_runner_load(runner, reload->job.text, &err);

    if (status == GEN_OK && reload->cancel) {
        status = gen_runner_cancel(runner, reload->job.text);
    } else if (status != GEN_OK && status != GEN_ECANCELED) {
        gen_log_error(runner->options.log, GEN_LEVEL_ERROR, "runner", &err);
    }
    if (status == GEN_ENOMEM || status == GEN_EIO || status == GEN_ENOSPACE) {
        runner_reload_later(reload); /* the trouble that parked it goes on */
    } else {
        gen_free(reload);
    }
}

static void runner_reload_later(struct runner_reload *reload)
{
    if (gen_timer_start(reload->runner->options.loop, RUNNER_RELOAD_MS, runner_reload, reload) ==
        NULL) {
        gen_free(reload); /* the next start reads it */
    }
}

/* The job in memory is ahead of the store: drop it, and read it again after a while. */
static void runner_park(struct gen_open_job *open, const struct gen_error *err)
{
    struct gen_runner *runner = open->runner;
    struct runner_reload *reload = gen_alloc(sizeof(*reload));

    gen_log_line(runner->options.log, GEN_LEVEL_ERROR, "runner",
                 "changes were refused; the job is read again from the store", "job",
                 open->job->id.text, "reason", err->message, NULL);
    if (reload != NULL) {
        *reload = (struct runner_reload){runner, open->job->id, open->job->cancel_requested};
        runner_reload_later(reload);
    }
    open_close(open);
}

static void runner_refused(struct gen_open_job *open, const struct gen_effect *effect,
                           const struct gen_error *err)
{
    struct gen_input input = {.kind = GEN_INPUT_REFUSED,
                              .pipeline = effect->pipeline,
                              .shot = effect->shot,
                              .status = err->status,
                              .reason = err->message};

    runner_input(open, &input);
}

static void runner_committed(void *context, enum gen_status status, const struct gen_error *err,
                             int64_t last_event)
{
    struct runner_commit *commit = context;
    struct gen_open_job *open = commit->open;
    struct gen_runner *runner = open->runner;
    struct gen_arena *arena = commit->arena;
    const struct gen_effect *money = commit->first;

    open->commits--;
    while (money != NULL && !money->holds_money) {
        money = money->next;
    }
    if (open->over || runner->closing) {
        if (open->over && open->commits == 0) {
            open_free(open);
        }
    } else if (status == GEN_OK) {
        gen_runner_announce(runner, last_event);
        runner_release(open, commit->first);
    } else if (status == GEN_EBUDGET && money != NULL) {
        runner_refused(open, money, err);
    } else {
        runner_park(open, err);
    }
    gen_arena_destroy(arena);
}

static void runner_commit(struct gen_open_job *open, struct gen_turn *turn)
{
    struct runner_commit *commit = gen_arena_alloc(turn->arena, sizeof(*commit));
    struct gen_error err = {0};
    enum gen_status status = GEN_ENOMEM;

    gen_error_set(&err, GEN_ENOMEM, "out of memory");
    if (commit != NULL && !gen_arena_failed(turn->arena) &&
        !gen_arena_failed(turn->changes->arena) && !gen_arena_failed(open->job->arena)) {
        *commit = (struct runner_commit){open, turn->arena, turn->first};
        status = gen_store_commit(open->runner->options.store, &turn->changes, runner_committed,
                                  commit, &err);
    }
    if (status == GEN_OK) {
        open->commits++;
        return;
    }
    gen_changes_destroy(turn->changes);
    gen_arena_destroy(turn->arena);
    runner_park(open, &err);
}

/* A stopped flight's effects and reports of before are stale from this turn on. */
static void runner_stamp(struct gen_open_job *open, struct gen_effect *first)
{
    for (struct gen_effect *effect = first; effect != NULL; effect = effect->next) {
        struct gen_flight *flight = &open->pipelines[effect->pipeline].flights[effect->shot];

        if (effect->kind == GEN_EFFECT_STOP) {
            flight->generation++;
        }
        effect->generation = flight->generation;
    }
}

static void runner_input(struct gen_open_job *open, struct gen_input *input)
{
    struct gen_runner *runner = open->runner;
    struct gen_turn turn = {.job = open->job,
                            .input = input,
                            .random = runner->options.random,
                            .retry = &gen_retry_defaults,
                            .changes = gen_changes_create(),
                            .arena = gen_arena_create(0)};
    struct gen_error err = {0};

    if (open->over || runner->closing || turn.changes == NULL || turn.arena == NULL) {
        gen_changes_destroy(turn.changes);
        gen_arena_destroy(turn.arena);
        if (!open->over && !runner->closing) {
            gen_error_set(&err, GEN_ENOMEM, "out of memory");
            runner_park(open, &err);
        }
        return;
    }
    input->now = gen_clock_now(runner->options.clock);
    input->reason = input->reason == NULL ? "" : input->reason;
    runner->inputs++;
    gen_machine_step(&turn);
    runner_stamp(open, turn.first);
    if (turn.changes->count > 0) {
        runner_commit(open, &turn);
        return;
    }
    gen_changes_destroy(turn.changes);
    runner_release(open, turn.first);
    gen_arena_destroy(turn.arena);
}

/* ----------------------------------------------------------------------------- create, ask -- */

enum gen_status gen_runner_create(const struct gen_engine_options *options,
                                  struct gen_programs *programs, struct gen_runner **out,
                                  struct gen_error *err)
{
    struct gen_runner *runner = gen_alloc(sizeof(*runner));

    if (runner == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    runner->options = *options;
    runner->world = (struct gen_flight_world){.loop = options->loop,
                                              .http = options->http,
                                              .programs = programs,
                                              .blobs = options->blobs,
                                              .scratch = options->scratch,
                                              .allow_private = options->allow_private,
                                              .on_reply = runner_on_reply,
                                              .on_unanswered = runner_on_unanswered,
                                              .on_progress = runner_on_progress,
                                              .on_timer = runner_on_timer,
                                              .on_clip = runner_on_clip};
    runner->lanes = gen_lanes_create();
    runner->jobs = gen_map_create(RUNNER_MOST_JOBS);
    if (runner->lanes == NULL || runner->jobs == NULL) {
        gen_runner_destroy(runner);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = runner;
    return GEN_OK;
}

void gen_runner_destroy(struct gen_runner *runner)
{
    size_t cursor = 0;
    const char *id;
    void *open;

    if (runner == NULL) {
        return;
    }
    runner->closing = true;
    while (runner->jobs != NULL && gen_map_next(runner->jobs, &cursor, &id, &open)) {
        open_close(open);
    }
    while (runner->options.store != NULL && gen_store_waiting(runner->options.store) > 0) {
        gen_loop_turn(runner->options.loop); /* their answers free what still waits for them */
    }
    gen_loop_poll(runner->options.loop);
    gen_map_destroy(runner->jobs);
    gen_lanes_destroy(runner->lanes);
    gen_free(runner);
}

enum gen_status gen_runner_load(struct gen_runner *runner, const char *id, struct gen_error *err)
{
    struct gen_job *job = NULL;
    struct gen_asset *assets = NULL;
    struct gen_open_job *open = NULL;
    size_t asset_count = 0;
    enum gen_status status;

    if (gen_map_get(runner->jobs, id) != NULL) {
        return gen_error_set(err, GEN_EBUSY, "job %s is open already", id);
    }
    status = gen_read_load(runner->options.store, id, &job, err);
    if (status != GEN_OK) {
        return status;
    }
    for (size_t i = 0; i < job->pipeline_count; i++) {
        job->pipelines[i].model_flags = gen_admission_flags(
            runner->options.loader, job->pipelines[i].provider, job->pipelines[i].model);
    }
    status = gen_material_read(runner->options.store, job->organization, job->brief, job->arena,
                               &assets, &asset_count, err);
    if (status == GEN_OK) {
        status = gen_runner_prepare(runner, job, assets, asset_count, &open, err);
    }
    if (status != GEN_OK) {
        gen_arena_destroy(job->arena);
        return status;
    }
    gen_runner_start(runner, open);
    return GEN_OK;
}

enum gen_status gen_runner_cancel(struct gen_runner *runner, const char *job)
{
    struct gen_open_job *open = gen_map_get(runner->jobs, job);
    struct gen_input input = {.kind = GEN_INPUT_CANCEL};

    if (open == NULL || open->over) {
        return GEN_ENOTFOUND;
    }
    runner_input(open, &input);
    return GEN_OK;
}

void gen_runner_listen(struct gen_runner *runner, const struct gen_listener *listener)
{
    runner->listener = *listener;
}

void gen_runner_announce(struct gen_runner *runner, int64_t last_event)
{
    if (runner->listener.on_events != NULL) {
        runner->listener.on_events(runner->listener.context, last_event);
    }
}

const struct gen_job *gen_runner_job(const struct gen_runner *runner, const char *job)
{
    const struct gen_open_job *open = gen_map_get(runner->jobs, job);

    return open == NULL ? NULL : open->job;
}

size_t gen_runner_position(const struct gen_runner *runner, const char *job, size_t pipeline)
{
    const struct gen_open_job *open = gen_map_get(runner->jobs, job);

    for (size_t k = 0; open != NULL && k < open->job->pipelines[pipeline].shot_count; k++) {
        size_t position = gen_lanes_position(&open->pipelines[pipeline].flights[k].ticket);

        if (position != 0) {
            return position;
        }
    }
    return 0;
}

void gen_runner_figures(const struct gen_runner *runner, struct gen_engine_figures *out)
{
    out->open_jobs = gen_map_count(runner->jobs);
    out->waiting_shots = gen_lanes_waiting(runner->lanes);
    out->working_shots = gen_lanes_inside(runner->lanes);
    out->inputs = runner->inputs;
    out->dropped_inputs = runner->dropped;
}
