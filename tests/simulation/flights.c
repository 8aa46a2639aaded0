/* flights.c - of shell.h: what the shots have under way in the simulated world. */
#include "simulation/shell.h"

#include "engine/release.h"

#include <stdio.h>
#include <stdlib.h>

struct world_aim shell_aim(struct shell *shell, const struct shell_flight *flight, uint64_t token)
{
    return (struct world_aim){shell->life, flight->open->index, flight->pipeline, flight->shot,
                              token};
}

/* The flight an event is about, when it is still in the same memory. */
static struct shell_flight *flights_of(struct shell *shell, const struct world_aim *aim)
{
    struct shell_open *open = aim->life == shell->life ? shell->jobs[aim->job].open : NULL;

    return open == NULL || open->over ? NULL : &open->flights[aim->pipeline][aim->shot];
}

static bool flights_heard(const struct shell_flight *flight)
{
    const struct gen_job *job = flight->open->job;

    return gen_release_heard(flight->under_way, flight->generation,
                             &job->pipelines[flight->pipeline].shots[flight->shot]);
}

void shell_stop(struct shell_flight *flight)
{
    flight->asking = flight->storing = flight->timer = 0;
}

/* ------------------------------------------------------------------------------- requests -- */

static void flights_unanswered(struct shell *shell, struct shell_flight *flight,
                               enum gen_fate fate)
{
    struct gen_input input = {.kind = GEN_INPUT_UNANSWERED,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .fate = fate,
                              .costs = flight->step.type == GEN_STEP_IS_HTTP &&
                                       flight->step.as.http.costs,
                              .reason = fate == GEN_FATE_UNKNOWN ? "the connection broke"
                                                                 : "no connection"};

    flight->asking = 0;
    if (flights_heard(flight)) {
        shell_input(flight->open, shell, &input);
    }
}

static void flights_not_sent(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct shell_flight *flight = flights_of(shell, aim);

    if (flight != NULL && flight->asking == aim->token) {
        flights_unanswered(shell, flight, GEN_FATE_NOT_SENT);
    }
}

static void flights_broken(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct shell_flight *flight = flights_of(shell, aim);

    if (flight != NULL && flight->asking == aim->token) {
        flights_unanswered(shell, flight, GEN_FATE_UNKNOWN);
    }
}

static void flights_answered(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct shell_flight *flight = flights_of(shell, aim);
    struct vendor_answer answer;

    if (flight == NULL || flight->asking != aim->token) {
        return;
    }
    flight->asking = 0;
    answer = flight->answer;
    if (flights_heard(flight)) {
        shell_call(shell, flight, &answer);
    }
}

static void flights_read(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    const struct shell_wire *wire = &shell->wires[aim->token - 1];
    struct shell_flight *flight = flights_of(shell, aim);
    struct vendor_answer answer;

    vendor_serve(&shell->vendor, wire->ask, wire->reference, wire->handle,
                 &shell->jobs[aim->job].models[aim->pipeline][aim->shot], &answer);
    if (shell->trace) {
        printf("%lld vendor reads ask %d of %s: word %d%s\n", (long long)shell->world.now,
               wire->ask, wire->reference, answer.word, wire->answers ? "" : ", answer lost");
    }
    if (wire->answers && flight != NULL && flight->asking == aim->token) {
        flight->answer = answer;
        world_after(&shell->world, world_between(&shell->world, 1, 500), flights_answered, aim);
    }
}

static struct shell_wire *flights_wire(struct shell *shell, struct shell_flight *flight)
{
    const struct gen_attempt *attempt =
        &flight->open->job->pipelines[flight->pipeline].shots[flight->shot].attempt;
    struct shell_wire *wire;

    if (shell->wire_count == shell->wire_capacity) {
        shell->wire_capacity = shell->wire_capacity * 2 + 64;
        shell->wires = realloc(shell->wires, shell->wire_capacity * sizeof(*shell->wires));
        GEN_CHECK(shell->wires != NULL);
    }
    wire = &shell->wires[shell->wire_count++];
    wire->ask = vendor_asks(&flight->step);
    wire->answers = true;
    snprintf(wire->reference, sizeof(wire->reference), "%s", attempt->id.text);
    snprintf(wire->handle, sizeof(wire->handle), "%s", attempt->handle);
    flight->asking = shell->wire_count;
    return wire;
}

/* Sends it: most requests arrive; some never leave, some break before or after they were read, and
 * a few are read only after the sender has given up. */
void shell_perform(struct shell *shell, struct shell_flight *flight)
{
    struct world *world = &shell->world;
    double trouble = shell->vendor.trouble / 3;
    struct shell_wire *wire;
    struct world_aim aim;

    GEN_CHECK(flight->asking == 0);
    wire = flights_wire(shell, flight);
    flight->under_way = flight->generation;
    aim = shell_aim(shell, flight, flight->asking);
    if (wire->ask == VENDOR_RUN) {
        world_after(world, world_between(world, 500, 60000), flights_read, &aim);
    } else if (world_chance(world, trouble)) {
        world_after(world, world_between(world, 0, 200), flights_not_sent, &aim);
    } else if (world_chance(world, trouble)) { /* breaks, before it was read or after */
        wire->answers = false;
        if (world_chance(world, 0.6)) {
            world_after(world,
                        world_between(world, 0, world_chance(world, 0.2) ? 120000 : 1500),
                        flights_read, &aim);
        }
        world_after(world, world_between(world, 0, 2000), flights_broken, &aim);
    } else {
        world_after(world, world_between(world, 1, 1500), flights_read, &aim);
    }
}

/* -------------------------------------------------------------------------- timers, clips -- */

static void flights_timer(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct shell_flight *flight = flights_of(shell, aim);
    struct gen_input input = {
        .kind = GEN_INPUT_TIMER, .pipeline = aim->pipeline, .shot = aim->shot};

    if (flight == NULL || flight->timer != aim->token) {
        return;
    }
    flight->timer = 0;
    if (flight->under_way == flight->generation) {
        shell_input(flight->open, shell, &input);
    }
}

void shell_wake(struct shell *shell, struct shell_flight *flight, int64_t wait_ms)
{
    struct world_aim aim;

    flight->timer = ++shell->next_token;
    flight->under_way = flight->generation;
    aim = shell_aim(shell, flight, flight->timer);
    world_after(&shell->world, wait_ms, flights_timer, &aim);
}

static void flights_stored(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct shell_flight *flight = flights_of(shell, aim);
    struct gen_input input = {.kind = GEN_INPUT_CLIP,
                              .pipeline = aim->pipeline,
                              .shot = aim->shot,
                              .digest = "c11b",
                              .reason = ""};

    if (flight == NULL || flight->storing != aim->token) {
        return;
    }
    flight->storing = 0;
    if (world_chance(&shell->world, shell->disk_trouble)) {
        input.status = world_chance(&shell->world, 0.5) ? GEN_ENOSPACE : GEN_EINVAL;
        input.reason = "the file could not be stored";
    }
    if (flights_heard(flight)) {
        shell_input(flight->open, shell, &input);
    }
}

void shell_store_clip(struct shell *shell, struct shell_flight *flight)
{
    struct world_aim aim;

    flight->storing = ++shell->next_token;
    flight->under_way = flight->generation;
    aim = shell_aim(shell, flight, flight->storing);
    world_after(&shell->world, world_between(&shell->world, 10, 2000), flights_stored, &aim);
}

/* ------------------------------------------------------------------------------- delivery -- */

static void flights_assembled(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct shell_open *open = aim->life == shell->life ? shell->jobs[aim->job].open : NULL;
    struct gen_output output = {.organization = "org_1", .variation = "16x9", .digest = "d1",
                                .thumbnail = "d2", .sheet = "d3", .format = "mp4", .size = 1,
                                .probe = "{}"};
    struct gen_input input = {.kind = GEN_INPUT_OUTPUT, .pipeline = aim->pipeline,
                              .output = &output, .reason = ""};

    if (open == NULL || open->over || open->assembling[aim->pipeline] != aim->token) {
        return;
    }
    open->assembling[aim->pipeline] = 0;
    gen_random_ident(&shell->world.random, GEN_IDENT_OUTPUT, shell->world.now, &output.id);
    output.job = open->job->id;
    output.pipeline = open->job->pipelines[aim->pipeline].id;
    output.created_at = shell->world.now;
    if (world_chance(&shell->world, shell->disk_trouble)) {
        input.status = world_chance(&shell->world, 0.8) ? GEN_ENOSPACE : GEN_EINVAL;
        input.reason = "the video could not be made";
    }
    shell_input(open, shell, &input);
}

void shell_assemble(struct shell *shell, struct shell_open *open, size_t pipeline)
{
    struct world_aim aim = {shell->life, open->index, pipeline, 0, ++shell->next_token};

    open->assembling[pipeline] = aim.token;
    world_after(&shell->world, world_between(&shell->world, 100, 20000), flights_assembled, &aim);
}

/* ------------------------------------------------------------------- what shots were promised -- */

static void flights_supplied(void *context, const struct world_aim *aim)
{
    struct shell *shell = context;
    struct shell_open *open = aim->life == shell->life ? shell->jobs[aim->job].open : NULL;
    struct gen_asset made[SHELL_MOST_SHOTS];
    struct gen_input input = {.kind = GEN_INPUT_SUPPLIED, .pipeline = aim->pipeline,
                              .shot = aim->shot, .supplies = made, .reason = ""};

    if (open == NULL || open->over ||
        open->supplying[aim->pipeline][aim->shot] != aim->token) {
        return;
    }
    open->supplying[aim->pipeline][aim->shot] = 0;
    for (size_t i = 0; i < GEN_COUNT(made); i++) {
        made[i] = (struct gen_asset){.digest = "5a5a", .size = 5, .width = 1920, .height = 1080};
    }
    if (world_chance(&shell->world, shell->disk_trouble)) {
        input.status = world_chance(&shell->world, 0.8) ? GEN_ENOSPACE : GEN_EINVAL;
        input.reason = "what was promised could not be made";
    }
    shell_input(open, shell, &input);
}

/* Only of clips that are there. */
void shell_supply(struct shell *shell, struct shell_open *open, size_t pipeline, size_t index)
{
    struct world_aim aim = {shell->life, open->index, pipeline, index, ++shell->next_token};
    const struct gen_pipeline *it = &open->job->pipelines[pipeline];

    for (size_t k = 0; k < it->shot_count; k++) {
        GEN_CHECK(!gen_shot_follows(it, &it->shots[index], &it->shots[k]) ||
                  it->shots[k].clip[0] != '\0');
    }
    GEN_CHECK(open->supplying[pipeline][index] == 0);
    open->supplying[pipeline][index] = aim.token;
    world_after(&shell->world, world_between(&shell->world, 50, 10000), flights_supplied, &aim);
}
