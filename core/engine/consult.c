/* consult.c - see consult.h. */
#include "engine/consult.h"

#include "engine/excerpt.h"
#include "engine/fetch.h"
#include "engine/remote_account.h"

/* An upload of a large file in small parts stays far below. */
enum { CONSULT_STEPS_MOST = 500 };

#define CONSULT_MEMORY ((size_t)32 << 20) /* of one call, answers included */

/* The step and its memory become the flight's; those of the step before are gone, also on failure. */
static enum gen_status consult_verb(struct gen_open_job *open, struct gen_flight *flight,
                                    const struct gen_reply *reply, struct gen_error *err)
{
    const struct gen_engine_options *options = open->owner->options;
    const struct gen_pipeline *pipeline = &open->job->pipelines[flight->pipeline];
    const struct gen_shot *shot = &pipeline->shots[flight->shot];
    const struct gen_hosted *hosted = gen_loader_find(options->loader, shot->provider);
    struct gen_task task = {.variation = gen_brief_variation(open->job->brief, pipeline->variation),
                            .shot = shot,
                            .model = shot->model,
                            .now = gen_clock_now(options->clock)};
    struct gen_excerpt excerpt = {0};
    struct gen_arena *exchange;
    struct gen_step step = {0};
    enum gen_status status;

    if (hosted == NULL || gen_hosted_model(hosted, shot->model) == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND, "%s/%s is not loaded (see gen doctor)",
                             shot->provider, shot->model);
    }
    exchange = gen_arena_create(CONSULT_MEMORY);
    status = exchange == NULL ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                              : gen_excerpt_shot(open->job, pipeline, shot, open->assets,
                                                 open->asset_count, exchange, &excerpt, err);
    if (status == GEN_OK) {
        task.brief = excerpt.brief;
        task.assets = excerpt.assets;
        task.asset_count = excerpt.asset_count;
        status = gen_hosted_step(hosted, shot->verb, &task, reply, exchange, &step, err);
    }
    gen_flight_take(flight, hosted, &step, exchange); /* the step before is done with */
    flight->attempt = shot->attempt.id; /* a result may lie there from before a restart */
    flight->fetches = shot->verb == GEN_VERB_FETCH;
    flight->result_most = gen_fetch_most_bytes(shot);
    if (status == GEN_OK && step.type == GEN_STEP_IS_RUN) {
        /* The plugin names a program, the host knows where it is. */
        flight->step.as.run.program = gen_hosted_program(hosted, step.as.run.program);
    }
    return status;
}

/* One request after the other, for ever, would be no pause for the provider and no end for us. */
static enum gen_status consult_bounded(struct gen_flight *flight, const struct gen_reply *reply,
                                       struct gen_error *err)
{
    flight->steps = reply == NULL ? 0 : flight->steps + 1;
    return flight->steps <= CONSULT_STEPS_MOST
               ? GEN_OK
               : gen_error_set(err, GEN_ECORRUPT,
                               "the plugin of %s asks for one request after the other without an "
                               "end (%d)",
                               gen_hosted_id(flight->hosted), CONSULT_STEPS_MOST);
}

/* By when the attempt began, so that it stays with its account: see docs/secrets.md. */
static struct gen_keyring_owner consult_owner(const struct gen_flight *flight)
{
    const struct gen_open_job *open = flight->owner;
    const struct gen_shot *shot = &open->job->pipelines[flight->pipeline].shots[flight->shot];

    return (struct gen_keyring_owner){.organization = open->job->organization,
                                      .team = open->job->team,
                                      .at = shot->attempt.started_at};
}

/* With a remote handle: in whose account at the provider it is one. */
static enum gen_status consult_account(const struct gen_flight *flight, struct gen_input *input,
                                       struct gen_error *err)
{
    const struct gen_open_job *open = flight->owner;
    struct gen_keyring_owner owner = consult_owner(flight);

    if (flight->step.type != GEN_STEP_IS_DONE || flight->step.as.done.handle[0] == '\0') {
        return GEN_OK;
    }
    input->account = gen_remote_account_of(open->owner->options, flight->hosted, &owner,
                                           flight->exchange);
    return input->account != NULL ? GEN_OK : gen_error_set(err, GEN_ENOMEM, "out of memory");
}

void gen_consult_plugin(struct gen_flight *flight, const struct gen_reply *reply)
{
    struct gen_open_job *open = flight->owner;
    struct gen_error err = {0};
    struct gen_input input = {.kind = GEN_INPUT_STEP,
                              .pipeline = flight->pipeline,
                              .shot = flight->shot,
                              .step = &flight->step};
    enum gen_status status = consult_bounded(flight, reply, &err);

    if (status == GEN_OK) {
        status = consult_verb(open, flight, reply, &err);
    }
    if (status == GEN_OK) {
        status = consult_account(flight, &input, &err);
    }
    if (status != GEN_OK) {
        gen_log_error(open->owner->options->log, GEN_LEVEL_WARN, "consult", &err);
        input.kind = GEN_INPUT_DEFECT;
        input.status = status;
        input.reason = err.message;
    }
    open->owner->on_input(open, &input);
}

void gen_consult_perform(struct gen_flight *flight)
{
    struct gen_open_job *open = flight->owner;
    const struct gen_pipeline *pipeline = &open->job->pipelines[flight->pipeline];
    const struct gen_shot *shot = &pipeline->shots[flight->shot];
    struct gen_excerpt excerpt;
    struct gen_error err = {0};

    if (gen_excerpt_shot(open->job, pipeline, shot, open->assets, open->asset_count,
                         flight->exchange, &excerpt, &err) != GEN_OK) {
        flight->under_way = flight->generation;
        flight->world->on_unanswered(
            flight, GEN_FATE_NOT_SENT,
            flight->step.type == GEN_STEP_IS_HTTP && flight->step.as.http.costs, err.message);
        return;
    }
    flight->signs = consult_owner(flight);
    gen_flight_perform(flight, &shot->attempt.id, excerpt.assets, excerpt.asset_count);
}
