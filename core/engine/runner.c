/* runner.c - see runner.h. */
#include "engine/runner.h"

#include "base/alloc.h"
#include "engine/admission.h"
#include "engine/assembly.h"
#include "engine/consult.h"
#include "engine/doubts.h"
#include "engine/loading.h"
#include "engine/machine.h"
#include "engine/pricing.h"
#include "engine/provision.h"
#include "engine/release.h"
#include "engine/reload.h"
#include "engine/reports.h"
#include "engine/reroute.h"
#include "engine/reuse.h"
#include "engine/rules.h"
#include "engine/shares.h"

#include <string.h>

enum { RUNNER_MOST_JOBS = 100000 };
#define RUNNER_PROGRESS_MS 200

struct gen_runner {
    struct gen_open_owner owner; /* first: an open job leads back to its runner */
    struct gen_engine_options options;
    struct gen_flight_world world;
    struct gen_listener listener;
    struct gen_outlook *outlook;
    uint64_t inputs;
    int32_t releasing; /* depth: effects lead to turns, whose effects are released inside */
    bool granting;
    struct gen_timer *pause; /* until somebody may go on by time alone */
    gen_moment pause_until;
    struct gen_reloads reloads; /* jobs that are to be read again */
};

struct runner_commit { /* effects waiting for their changes to be durable */
    struct gen_open_job *open;
    struct gen_arena *arena; /* of this and the effects */
    struct gen_effect *first;
};

static void runner_input(struct gen_open_job *open, struct gen_input *input);
static void runner_grant(struct gen_runner *runner);

static struct gen_runner *runner_of(const struct gen_open_job *open)
{
    return (struct gen_runner *)open->owner;
}

void gen_runner_start(struct gen_runner *runner, struct gen_open_job *open)
{
    struct gen_input input = {.kind = GEN_INPUT_START};

    if (gen_open_job_list(open) != GEN_OK) {
        struct gen_error err = {0};

        gen_error_set(&err, GEN_ELIMIT, "job %s waits for the next start: too many open jobs",
                      open->job->id.text);
        gen_log_error(runner->options.log, GEN_LEVEL_ERROR, "runner", &err);
        gen_open_job_close(open);
        return;
    }
    runner_input(open, &input);
}

/* ---------------------------------------------------------------------------------- effects -- */

static void runner_progress(struct gen_open_job *open, size_t index)
{
    struct gen_runner *runner = runner_of(open);
    struct gen_open_pipeline *pipeline = &open->pipelines[index];
    int64_t now = gen_loop_now(runner->options.loop);

    if (runner->listener.on_progress != NULL &&
        (pipeline->progress_at == 0 || now - pipeline->progress_at >= RUNNER_PROGRESS_MS)) {
        pipeline->progress_at = now;
        runner->listener.on_progress(runner->listener.context, open->job,
                                     &open->job->pipelines[index]);
    }
}

/* Effects that start something new for a flight. */
static void runner_flight_effect(struct gen_flight *flight, const struct gen_effect *effect)
{
    switch (effect->kind) {
    case GEN_EFFECT_CALL:
        gen_consult_plugin(flight, NULL);
        break;
    case GEN_EFFECT_PERFORM:
        gen_consult_perform(flight);
        break;
    case GEN_EFFECT_WAKE:
        gen_flight_wake(flight, effect->wait_ms);
        break;
    default:
        gen_flight_store(flight, effect->file);
        break;
    }
}

/* A shot wants its lane; or is there a finished clip to the very same order? */
static void runner_want_slot(struct gen_open_job *open, struct gen_flight *flight, bool front)
{
    struct gen_clip_found found;
    struct gen_input input = {.kind = GEN_INPUT_REUSED,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .digest = found.digest,
                              .made_by = &found.attempt,
                              .made_for = &found.job};

    if (gen_reuse_find(open, flight->pipeline, flight->shot, &found) == GEN_OK) {
        runner_input(open, &input);
    } else {
        gen_open_job_queue(open, flight, front);
    }
}

static void runner_effect(struct gen_open_job *open, const struct gen_effect *effect)
{
    struct gen_open_pipeline *pipeline = &open->pipelines[effect->pipeline];
    struct gen_flight *flight = &pipeline->flights[effect->shot];

    if (!gen_release_current(effect, flight->generation)) {
        return;
    }
    switch (effect->kind) {
    case GEN_EFFECT_WANT_SLOT:
        runner_want_slot(open, flight, effect->front);
        break;
    case GEN_EFFECT_FREE_SLOT:
        gen_lanes_leave(runner_of(open)->owner.lanes, &flight->ticket);
        gen_flight_land(flight);
        break;
    case GEN_EFFECT_STOP:
        gen_flight_stop(flight);
        break;
    case GEN_EFFECT_ASSEMBLE:
        gen_assembly_start(open, effect->pipeline);
        break;
    case GEN_EFFECT_STOP_ASSEMBLY:
        gen_delivery_stop(&pipeline->delivery);
        break;
    case GEN_EFFECT_SUPPLY:
        gen_provision_start(open, effect->pipeline, effect->shot);
        break;
    case GEN_EFFECT_STOP_SUPPLY:
        gen_provision_stop(&pipeline->provisions[effect->shot]);
        break;
    case GEN_EFFECT_PROGRESS:
        runner_progress(open, effect->pipeline);
        break;
    case GEN_EFFECT_OVER:
        open->over = true;
        break;
    default:
        runner_flight_effect(flight, effect);
        break;
    }
}

/* Carries out a turn's effects. The job may be gone afterwards. */
static void runner_release(struct gen_open_job *open, const struct gen_effect *first)
{
    struct gen_runner *runner = runner_of(open);

    gen_open_job_use(open); /* it stays while its effects lead to further turns */
    runner->releasing++;
    for (const struct gen_effect *effect = first; effect != NULL; effect = effect->next) {
        if (!open->over) {
            runner_effect(open, effect);
        }
    }
    runner->releasing--;
    if (open->over) {
        gen_open_job_close(open);
    }
    gen_open_job_leave(open);
    runner_grant(runner);
}

static void runner_on_time(void *context)
{
    ((struct gen_runner *)context)->pause = NULL;
    runner_grant(context);
}

/* Somebody may go on when a pace or a pause lets him: one timer for the first of them. */
static void runner_wait(struct gen_runner *runner)
{
    gen_moment next = gen_lanes_next(runner->owner.lanes);

    if (next != runner->pause_until) {
        gen_timer_cancel(&runner->pause);
        runner->pause_until = next;
    }
    if (next != 0 && runner->pause == NULL) {
        runner->pause = gen_timer_start(runner->options.loop,
                                        next - gen_clock_now(runner->options.clock) + 1,
                                        runner_on_time, runner);
        GEN_CHECK(runner->pause != NULL); /* without it they would sleep for ever */
    }
}

static void runner_slot(struct gen_runner *runner, struct gen_flight *flight)
{
    const struct gen_open_job *open = flight->owner;
    const struct gen_job *job = open->job;
    const struct gen_shot *shot = &job->pipelines[flight->pipeline].shots[flight->shot];
    struct gen_input input = {
        .kind = GEN_INPUT_SLOT,
        .pipeline = flight->pipeline,
        .shot = flight->shot,
        .price = gen_pricing_start(&runner->options, gen_rules_set(&runner->options), shot,
                                   job->created_at, gen_clock_now(runner->options.clock))};
    gen_micros dearer;

    input.needed = gen_pricing_needed(
        shot, gen_outlook_bill_ppm(runner->outlook, shot->provider, shot->model), &dearer);
    input.price = dearer > input.price ? dearer : input.price;
    runner_input(flight->owner, &input);
}

static void runner_grant(struct gen_runner *runner)
{
    struct gen_ticket *ticket;

    if (runner->granting || runner->owner.closing || runner->releasing > 0) {
        return; /* a turn's effects come in order: no other turn of the same shot in between */
    }
    runner->granting = true;
    while ((ticket = gen_lanes_grant(runner->owner.lanes, gen_clock_now(runner->options.clock))) !=
           NULL) {
        runner_slot(runner, ticket->context);
    }
    runner->granting = false;
    runner_wait(runner);
}

/* -------------------------------------------------------------------------------- the store -- */

static enum gen_status runner_read_again(void *context, const char *job, bool cancel)
{
    struct gen_runner *runner = context;
    struct gen_error err = {0};
    enum gen_status status = gen_runner_load(runner, job, &err);

    if (status != GEN_OK) {
        gen_log_error(runner->options.log, GEN_LEVEL_ERROR, "runner", &err);
    }
    return status == GEN_OK && cancel ? gen_runner_cancel(runner, job, NULL) : status;
}

/* The job in memory is ahead of the store: drop it, and read it again after a while. */
static void runner_park(struct gen_open_job *open, const struct gen_error *err)
{
    struct gen_runner *runner = runner_of(open);

    gen_log_line(runner->options.log, GEN_LEVEL_ERROR, "runner",
                 "changes were refused; the job is read again from the store", "job",
                 open->job->id.text, "reason", err->message, NULL);
    gen_reload_add(&runner->reloads, &open->job->id, open->job->cancel_requested);
    gen_open_job_close(open);
}

static void runner_refused(struct gen_open_job *open, enum gen_release release,
                           const struct gen_effect *about, const struct gen_error *err)
{
    struct gen_input input = gen_release_input(release, about, err);

    if (release == GEN_RELEASE_STRANGER) {
        gen_log_line(runner_of(open)->options.log, GEN_LEVEL_ERROR, "runner",
                     "a provider gave the id of another order; its clip is not taken", "job",
                     open->job->id.text, "reason", err->message, NULL);
    }
    runner_input(open, &input);
}

static void runner_committed(void *context, enum gen_status status, const struct gen_error *err,
                             int64_t last_event)
{
    struct runner_commit *commit = context;
    struct gen_open_job *open = commit->open;
    struct gen_runner *runner = runner_of(open);
    struct gen_arena *arena = commit->arena;
    const struct gen_effect *about;
    enum gen_release release = gen_release_of(status, err, commit->first, &about);

    if (open->over || runner->owner.closing) {
        /* nobody waits for it any more */
    } else if (release == GEN_RELEASE_EFFECTS) {
        gen_runner_announce(runner, last_event);
        runner_release(open, commit->first);
    } else if (release == GEN_RELEASE_PARK) {
        runner_park(open, err);
    } else {
        runner_refused(open, release, about, err);
    }
    gen_open_job_leave(open);
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
        status = gen_outlook_equip(runner_of(open)->outlook, open->job, turn->changes,
                                   turn->input->now, &err);
    }
    if (status == GEN_OK) {
        status = gen_store_commit(runner_of(open)->options.store, &turn->changes, runner_committed,
                                  commit, &err);
    }
    if (status == GEN_OK) {
        gen_open_job_use(open);
        return;
    }
    gen_changes_destroy(turn->changes);
    gen_arena_destroy(turn->arena);
    runner_park(open, &err);
}

static uint32_t *runner_generation(void *context, size_t pipeline, size_t shot)
{
    struct gen_open_job *open = context;

    return &open->pipelines[pipeline].flights[shot].generation;
}

static void runner_input(struct gen_open_job *open, struct gen_input *input)
{
    struct gen_runner *runner = runner_of(open);
    struct gen_patience patience = gen_rules_patience(&runner->options);
    struct gen_turn turn = {.job = open->job,
                            .input = input,
                            .random = runner->options.random,
                            .retry = &gen_retry_defaults,
                            .policy = gen_rules_set(&runner->options) == NULL
                                          ? NULL
                                          : gen_rules_set(&runner->options)->retry,
                            .patience = &patience,
                            .elsewhere = gen_reroute_find,
                            .elsewhere_context = open,
                            .doubted = gen_doubts_today,
                            .doubted_context = open,
                            .changes = gen_changes_create(),
                            .arena = gen_arena_create(0)};
    struct gen_error err = {0};

    if (open->over || runner->owner.closing || turn.changes == NULL || turn.arena == NULL) {
        gen_changes_destroy(turn.changes);
        gen_arena_destroy(turn.arena);
        if (!open->over && !runner->owner.closing) {
            gen_error_set(&err, GEN_ENOMEM, "out of memory");
            runner_park(open, &err);
        }
        return;
    }
    input->now = gen_clock_now(runner->options.clock);
    input->reason = input->reason == NULL ? "" : input->reason;
    runner->inputs++;
    gen_machine_step(&turn);
    gen_release_stamp(turn.first, runner_generation, open);
    gen_outlook_learn(runner->outlook, open->job, turn.changes);
    if (turn.changes->count > 0) {
        runner_commit(open, &turn);
        return;
    }
    gen_changes_destroy(turn.changes);
    runner_release(open, turn.first);
    gen_arena_destroy(turn.arena);
}

/* ----------------------------------------------------------------------------- create, ask -- */

static void runner_on_alert(void *context, int64_t last_event)
{
    gen_runner_announce(context, last_event);
}

enum gen_status gen_runner_create(const struct gen_engine_options *options,
                                  struct gen_programs *programs, struct gen_runner **out,
                                  struct gen_error *err)
{
    struct gen_runner *runner = gen_alloc(sizeof(*runner));
    enum gen_status status;

    if (runner == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    runner->options = *options;
    runner->world = (struct gen_flight_world){.loop = options->loop,
                                              .programs = programs,
                                              .blobs = options->blobs,
                                              .scratch = options->scratch,
                                              .options = &runner->options,
                                              .errands = options->errands};
    gen_reports_attach(&runner->world);
    runner->reloads =
        (struct gen_reloads){.loop = options->loop, .read = runner_read_again, .context = runner};
    runner->owner = (struct gen_open_owner){.options = &runner->options,
                                            .world = &runner->world,
                                            .lanes = gen_lanes_create(),
                                            .jobs = gen_map_create(RUNNER_MOST_JOBS),
                                            .on_input = runner_input,
                                            .stop_provision = gen_provision_stop};
    if (runner->owner.lanes == NULL || runner->owner.jobs == NULL) {
        gen_runner_destroy(runner);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_shares_steer(&runner->options, runner->owner.lanes);
    status = gen_outlook_create(&runner->options, runner->owner.lanes, &runner->outlook, err);
    if (status != GEN_OK) {
        gen_runner_destroy(runner);
        return status;
    }
    runner->owner.outlook = runner->outlook;
    gen_budget_watch_listen(gen_treasury_watch(gen_outlook_treasury(runner->outlook)),
                            runner_on_alert, runner);
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
    runner->owner.closing = true;
    gen_timer_cancel(&runner->pause);
    gen_reload_clear(&runner->reloads);
    while (runner->owner.jobs != NULL && gen_map_next(runner->owner.jobs, &cursor, &id, &open)) {
        gen_open_job_close(open);
    }
    while (runner->options.store != NULL && gen_store_waiting(runner->options.store) > 0) {
        gen_loop_turn(runner->options.loop); /* their answers free what still waits for them */
    }
    gen_loop_poll(runner->options.loop);
    gen_map_destroy(runner->owner.jobs);
    gen_outlook_destroy(runner->outlook);
    gen_lanes_destroy(runner->owner.lanes);
    gen_free(runner);
}

enum gen_status gen_runner_prepare(struct gen_runner *runner, struct gen_job *job,
                                   const struct gen_asset *assets, size_t asset_count,
                                   struct gen_open_job **out, struct gen_error *err)
{
    return gen_open_job_create(&runner->owner, job, assets, asset_count, out, err);
}

enum gen_status gen_runner_load(struct gen_runner *runner, const char *id, struct gen_error *err)
{
    struct gen_open_job *open = NULL;
    enum gen_status status;

    if (gen_map_get(runner->owner.jobs, id) != NULL) {
        return gen_error_set(err, GEN_EBUSY, "job %s is open already", id);
    }
    status = gen_loading_read(&runner->owner, id, false, &open, err);
    if (status == GEN_OK) {
        gen_runner_start(runner, open);
    }
    return status;
}

enum gen_status gen_runner_cancel(struct gen_runner *runner, const char *job,
                                  const struct gen_actor *actor)
{
    struct gen_open_job *open = gen_map_get(runner->owner.jobs, job);
    struct gen_input input = {.kind = GEN_INPUT_CANCEL, .actor = actor};

    if (open == NULL || open->over) {
        return GEN_ENOTFOUND;
    }
    runner_input(open, &input);
    return GEN_OK;
}

struct gen_outlook *gen_runner_outlook(struct gen_runner *runner)
{
    return runner->outlook;
}

static void runner_steer_all(struct gen_runner *runner)
{
    size_t cursor = 0;
    const char *id;
    void *value;

    gen_shares_steer(&runner->options, runner->owner.lanes);
    while (gen_map_next(runner->owner.jobs, &cursor, &id, &value)) {
        gen_open_job_steer(value);
    }
}

void gen_runner_steer(struct gen_runner *runner)
{
    runner_steer_all(runner);
    runner_grant(runner);
}

struct gen_open_owner *gen_runner_owner(struct gen_runner *runner)
{
    return &runner->owner;
}

void gen_runner_listen(struct gen_runner *runner, const struct gen_listener *listener)
{
    runner->listener = *listener;
}

/* Something is durable, perhaps money among it: who is to be told, or slowed down? */
void gen_runner_announce(struct gen_runner *runner, int64_t last_event)
{
    struct gen_budget_watch *watch = gen_treasury_watch(gen_outlook_treasury(runner->outlook));

    if (runner->listener.on_events != NULL) {
        runner->listener.on_events(runner->listener.context, last_event);
    }
    if (gen_budget_watch_look(watch, gen_clock_now(runner->options.clock))) {
        runner_steer_all(runner);
    }
}

const struct gen_job *gen_runner_job(const struct gen_runner *runner, const char *job)
{
    const struct gen_open_job *open = gen_map_get(runner->owner.jobs, job);

    return open == NULL ? NULL : open->job;
}

void gen_runner_figures(const struct gen_runner *runner, struct gen_engine_figures *out)
{
    out->open_jobs = gen_map_count(runner->owner.jobs);
    out->waiting_shots = gen_lanes_waiting(runner->owner.lanes);
    out->working_shots = gen_lanes_inside(runner->owner.lanes);
    out->inputs = runner->inputs;
    out->dropped_inputs = runner->owner.dropped;
}
