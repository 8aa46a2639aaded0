/* shell.c - see shell.h: turns, commits, effects, crashes. */
#include "simulation/shell.h"

#include "engine/release.h"
#include "engine/turn.h"
#include "store/budget_use.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHELL_MOST_TURNS = 400000, SHELL_RELOAD_MS = 30000 };

static void shell_grant(struct shell *shell);

bool shell_maybe_crash(struct shell *shell)
{
    if (!shell->crashed && shell->crashes_left > 0 &&
        world_chance(&shell->world, shell->crash_chance)) {
        shell->crashes_left--;
        shell->crashed = true;
    }
    return shell->crashed;
}

/* ---------------------------------------------------------------------------------- effects -- */

static void shell_want(struct shell *shell, struct shell_open *open, struct shell_flight *flight,
                       const struct gen_effect *effect)
{
    if (flight->ticket.lane == NULL) {
        flight->ticket.front = effect->front;
        GEN_CHECK(gen_lanes_want(
                      shell->lanes,
                      open->job->pipelines[flight->pipeline].shots[flight->shot].provider, 3,
                      &flight->ticket, 0) == GEN_OK);
    }
}

static void shell_flight_effect(struct shell *shell, struct shell_flight *flight,
                                const struct gen_effect *effect)
{
    switch (effect->kind) {
    case GEN_EFFECT_CALL:
        shell_call(shell, flight, NULL);
        break;
    case GEN_EFFECT_PERFORM:
        shell_perform(shell, flight);
        break;
    case GEN_EFFECT_WAKE:
        shell_wake(shell, flight, effect->wait_ms);
        break;
    default:
        shell_store_clip(shell, flight);
        break;
    }
}

static void shell_effect(struct shell *shell, struct shell_open *open,
                         const struct gen_effect *effect)
{
    struct shell_flight *flight = &open->flights[effect->pipeline][effect->shot];

    if (!gen_release_current(effect, flight->generation)) {
        return;
    }
    switch (effect->kind) {
    case GEN_EFFECT_WANT_SLOT:
        shell_want(shell, open, flight, effect);
        break;
    case GEN_EFFECT_FREE_SLOT:
        gen_lanes_leave(shell->lanes, &flight->ticket);
        shell_stop(flight);
        break;
    case GEN_EFFECT_STOP:
        shell_stop(flight);
        break;
    case GEN_EFFECT_ASSEMBLE:
        shell_assemble(shell, open, effect->pipeline);
        break;
    case GEN_EFFECT_STOP_ASSEMBLY:
        open->assembling[effect->pipeline] = 0;
        break;
    case GEN_EFFECT_SUPPLY:
        shell_supply(shell, open, effect->pipeline, effect->shot);
        break;
    case GEN_EFFECT_STOP_SUPPLY:
        open->supplying[effect->pipeline][effect->shot] = 0;
        break;
    case GEN_EFFECT_PROGRESS:
        break;
    case GEN_EFFECT_OVER:
        open->over = true;
        break;
    default:
        shell_flight_effect(shell, flight, effect);
        break;
    }
}

static void shell_release(struct shell *shell, struct shell_open *open,
                          const struct gen_effect *first)
{
    open->commits++;
    shell->releasing++;
    for (const struct gen_effect *effect = first; effect != NULL; effect = effect->next) {
        if (!open->over && !shell_maybe_crash(shell)) {
            shell_effect(shell, open, effect);
        }
    }
    open->commits--;
    shell->releasing--;
    if (open->over && !shell->crashed) {
        shell_close_job(shell, open);
    }
    shell_grant(shell);
}

static void shell_grant(struct shell *shell)
{
    struct gen_ticket *ticket;

    if (shell->granting || shell->crashed || shell->releasing > 0) {
        return;
    }
    shell->granting = true;
    while (!shell->crashed && (ticket = gen_lanes_grant(shell->lanes, 0)) != NULL) {
        struct shell_flight *flight = ticket->context;
        struct gen_input input = {
            .kind = GEN_INPUT_SLOT, .pipeline = flight->pipeline, .shot = flight->shot};

        shell_input(flight->open, shell, &input);
    }
    shell->granting = false;
}

/* ------------------------------------------------------------------------------------ turns -- */

static void shell_trace_turn(const struct shell *shell, const struct gen_turn *turn)
{
    static const char *const inputs[] = {"",      "START", "SLOT",   "STEP",     "DEFECT",  "UNANSWERED",
                                         "TIMER", "CLIP",  "OUTPUT", "PROGRESS", "REFUSED", "CANCEL",
                                         "REUSED", "SUPPLIED", "STRANGER"};
    static const char *const effects[] = {"",      "WANT", "FREE",     "CALL",          "PERFORM",  "WAKE",
                                          "STORE", "STOP", "ASSEMBLE", "STOP_ASSEMBLY", "PROGRESS", "OVER",
                                          "SUPPLY", "STOP_SUPPLY"};

    printf("%lld %s p%zu s%zu %s", (long long)shell->world.now, turn->job->id.text + 20,
           turn->input->pipeline, turn->input->shot, inputs[turn->input->kind]);
    if (turn->input->kind == GEN_INPUT_STEP) {
        printf("(%d)", turn->input->step->type);
    }
    printf(" %s ->", turn->input->reason);
    for (const struct gen_change *change = turn->changes->first; change != NULL;
         change = change->next) {
        if (change->kind == GEN_CHANGE_ATTEMPT_MOVE) {
            printf(" %s:%s>%s", change->as.attempt.attempt.id.text + 26,
                   gen_attempt_word(change->as.attempt.from),
                   gen_attempt_word(change->as.attempt.attempt.state));
        } else if (change->kind == GEN_CHANGE_LEDGER) {
            printf(" %s %lld", gen_ledger_word(change->as.entry.kind),
                   (long long)change->as.entry.amount);
        } else if (change->kind == GEN_CHANGE_PIPELINE_SET) {
            printf(" pipeline=%s", gen_pipeline_status_word(change->as.pipeline.status));
        } else if (change->kind == GEN_CHANGE_JOB_SET) {
            printf(" job=%s", gen_job_status_word(change->as.job.status));
        }
    }
    for (const struct gen_effect *effect = turn->first; effect != NULL; effect = effect->next) {
        printf(" [%s p%zu s%zu%s%s]", effects[effect->kind], effect->pipeline, effect->shot,
               effect->kind == GEN_EFFECT_CALL ? " " : "",
               effect->kind == GEN_EFFECT_CALL ? gen_verb_word(effect->verb) : "");
    }
    printf("\n");
}

static uint32_t *shell_generation(void *context, size_t pipeline, size_t shot)
{
    struct shell_open *open = context;

    return &open->flights[pipeline][shot].generation;
}

void shell_input(struct shell_open *open, struct shell *shell, struct gen_input *input)
{
    struct gen_turn turn = {.job = open->job,
                            .input = input,
                            .random = &shell->world.random,
                            .retry = &gen_retry_defaults,
                            .policy = shell->ruled ? &shell->policy : NULL,
                            .patience = &gen_patience_defaults,
                            .changes = gen_changes_create(),
                            .arena = gen_arena_create(0)};

    if (open->over || shell_maybe_crash(shell)) {
        gen_changes_destroy(turn.changes);
        gen_arena_destroy(turn.arena);
        return;
    }
    input->now = shell->world.now;
    input->reason = input->reason == NULL ? "" : input->reason;
    shell->turns++;
    gen_machine_step(&turn);
    gen_release_stamp(turn.first, shell_generation, open);
    if (shell->trace) {
        shell_trace_turn(shell, &turn);
    }
    if (turn.changes->count > 0) {
        shell_commit(shell, open, &turn);
        return;
    }
    gen_changes_destroy(turn.changes);
    shell_release(shell, open, turn.first);
    gen_arena_destroy(turn.arena);
}

void shell_call(struct shell *shell, struct shell_flight *flight,
                const struct vendor_answer *answer)
{
    const struct shell_job *kept = &shell->jobs[flight->open->index];
    const struct gen_shot *shot =
        &flight->open->job->pipelines[flight->pipeline].shots[flight->shot];
    struct gen_arena *exchange = gen_arena_create(0);
    struct gen_step step;
    struct gen_input input = {.kind = GEN_INPUT_STEP,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .step = &flight->step,
                              .reason = ""};
    enum gen_status status =
        shell->provider_missing
            ? GEN_ENOTFOUND
            : vendor_step(&kept->models[flight->pipeline][flight->shot], shot->verb, &shot->attempt, answer,
                          exchange, &step);

    if (status != GEN_OK) {
        gen_arena_destroy(exchange);
        input.kind = GEN_INPUT_DEFECT;
        input.status = status;
        input.reason = "the plugin cannot make sense of it";
    } else {
        gen_arena_destroy(flight->exchange);
        flight->exchange = exchange;
        flight->step = step;
    }
    shell_input(flight->open, shell, &input);
}

/* -------------------------------------------------------------------------------- the store -- */

static void shell_refused(struct shell *shell, struct shell_commit *commit,
                          enum gen_release release, const struct gen_effect *about)
{
    struct gen_input input = gen_release_input(release, about, &commit->err);

    shell->strangers += release == GEN_RELEASE_STRANGER;
    shell_input(commit->open, shell, &input);
}

static void shell_reload(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;

    if (aim->life == shell->life && shell->jobs[aim->job].open == NULL) {
        shell_load(shell, aim->job);
        if (aim->token != 0) {
            (void)shell_cancel(shell, aim->job);
        }
    }
}

static void shell_park(struct shell *shell, struct shell_open *open, const struct gen_error *err)
{
    struct world_aim aim = {shell->life, open->index, 0, 0, open->job->cancel_requested};

    if (shell->trace) {
        printf("%lld parked: %s\n", (long long)shell->world.now, err->message);
    }
    world_after(&shell->world, SHELL_RELOAD_MS, shell_reload, &aim);
    shell_close_job(shell, open);
}

static void shell_committed(struct shell *shell, struct shell_commit *commit)
{
    struct shell_open *open = commit->open;
    const struct gen_effect *about;
    enum gen_release release = gen_release_of(commit->status, &commit->err, commit->first, &about);

    open->commits--;
    shell->refused += commit->status != GEN_OK;
    if (open->over) {
        shell_close_job(shell, open);
    } else if (release == GEN_RELEASE_EFFECTS) {
        shell_release(shell, open, commit->first);
    } else if (release == GEN_RELEASE_PARK) {
        shell_park(shell, open, &commit->err);
    } else {
        shell_refused(shell, commit, release, about);
    }
}

static void shell_commit_free(struct shell_commit *commit)
{
    gen_changes_destroy(commit->changes);
    gen_arena_destroy(commit->arena); /* the commit lives there */
}

/* The loop hears of what was written. */
static void shell_written(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct shell_commit *commit;

    if (aim->life != shell->life) {
        return;
    }
    while (!shell_maybe_crash(shell) && (commit = shell->written) != NULL) {
        shell->written = commit->next;
        shell_committed(shell, commit);
        shell_commit_free(commit);
    }
}

/* The writer takes all that waits and makes it durable. */
static void shell_write(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    bool disk_full = world_chance(&shell->world, shell->disk_trouble / 20);

    if (aim->life != shell->life) {
        return;
    }
    for (struct shell_commit *commit = shell->waiting; commit != NULL; commit = commit->next) {
        commit->status = disk_full
                             ? gen_error_set(&commit->err, GEN_ENOSPACE, "the disk is full")
                             : gen_store_apply(shell->store, commit->changes, &commit->err);
    }
    *(shell->written == NULL ? &shell->written : &shell->last_written->next) = shell->waiting;
    shell->last_written = shell->last_waiting;
    shell->waiting = shell->last_waiting = NULL;
    shell->writer_busy = false;
    if (!shell_maybe_crash(shell)) {
        world_after(&shell->world, world_between(&shell->world, 0, 3), shell_written, aim);
    }
}

void shell_commit(struct shell *shell, struct shell_open *open, struct gen_turn *turn)
{
    struct shell_commit *commit = gen_arena_alloc(turn->arena, sizeof(*commit));
    struct world_aim aim = {shell->life, 0, 0, 0, 0};

    purses_equip(&shell->purses, open->job, turn->changes, turn->input->now);
    *commit = (struct shell_commit){.open = open, .changes = turn->changes, .arena = turn->arena,
                                    .first = turn->first};
    *(shell->waiting == NULL ? &shell->waiting : &shell->last_waiting->next) = commit;
    shell->last_waiting = commit;
    open->commits++;
    if (!shell->writer_busy) {
        shell->writer_busy = true;
        world_after(&shell->world,
                    world_between(&shell->world, 0, world_chance(&shell->world, 0.05) ? 3000 : 10),
                    shell_write, &aim);
    }
}

/* ------------------------------------------------------------------------------------ crash -- */

static void shell_restart(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;

    (void)aim;
    shell->provider_missing = shell->crashes_left > 0 && world_chance(&shell->world, 0.05);
    for (size_t i = 0; i < shell->job_count && !shell->crashed; i++) {
        shell_load(shell, i);
    }
}

/* Commits that nobody will hear of, and with the last one its job, if that has left memory. */
static void shell_forget(struct shell *shell, struct shell_commit **list)
{
    for (struct shell_commit *commit; (commit = *list) != NULL;) {
        struct shell_open *open = commit->open;

        *list = commit->next;
        shell_commit_free(commit);
        open->commits--;
        if (open->over) {
            shell_close_job(shell, open);
        }
    }
}

/* Everything in memory is gone; the vendor, the wires and the disk go on. */
static void shell_crash(struct shell *shell)
{
    struct world_aim aim = {0};

    if (shell->trace) {
        printf("%lld CRASH\n", (long long)shell->world.now);
    }
    shell->crashes++;
    shell_forget(shell, &shell->waiting);
    shell_forget(shell, &shell->written);
    for (size_t i = 0; i < shell->job_count; i++) {
        if (shell->jobs[i].open != NULL) {
            shell_close_job(shell, shell->jobs[i].open);
        }
    }
    GEN_CHECK(gen_budget_use_tidy(gen_store_reader(shell->store), NULL) == GEN_OK); /* as opening does */
    shell->life++;
    shell->crashed = shell->granting = shell->writer_busy = false;
    world_after(&shell->world, world_between(&shell->world, 50, 60000), shell_restart, &aim);
}

bool shell_run(struct shell *shell)
{
    uint64_t turns = 0;

    while (world_turn(&shell->world)) {
        if (shell_maybe_crash(shell)) {
            shell_crash(shell);
        }
        if (++turns > SHELL_MOST_TURNS) {
            return false;
        }
    }
    return true;
}
