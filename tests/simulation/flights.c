/* flights.c - of shell.h: what the shots have under way in the simulated world. */
#include "simulation/shell.h"

#include <stdio.h>
#include <string.h>

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

    return flight->under_way == flight->generation &&
           job->pipelines[flight->pipeline].shots[flight->shot].verb != GEN_VERB_NONE;
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

/* A request on the wire outlives the engine: the vendor reads it also when its sender is dead. */
struct flights_wire {
    enum vendor_ask ask;
    char reference[GEN_IDENT_SIZE], handle[64];
};

static struct {
    int unused;
} const flights_nothing = {0};

static void flights_read(struct shell *shell, const struct world_aim *aim,
                         const struct flights_wire *wire, bool answers)
{
    struct shell_flight *flight = flights_of(shell, aim);
    struct vendor_answer answer;

    (void)flights_nothing;
    vendor_serve(&shell->vendor, wire->ask, wire->reference, wire->handle,
                 &shell->jobs[aim->job].models[aim->pipeline], &answer);
    if (shell->trace) {
        printf("%lld vendor reads %d of %s: %d\n", (long long)shell->world.now, wire->ask,
               wire->reference, answer.word);
    }
    if (answers && flight != NULL && flight->asking == aim->token) {
        flight->answer = answer;
        world_after(&shell->world, world_between(&shell->world, 1, 500), flights_answered, aim);
    }
}
