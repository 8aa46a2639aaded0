/* open_job.c - see open_job.h. */
#include "engine/open_job.h"

#include "engine/entitlement.h"
#include "engine/rules.h"
#include "engine/shares.h"
#include "engine/treasury.h"

#include <stdio.h>
#include <string.h>

static void open_job_flight(struct gen_open_job *open, size_t pipeline, size_t shot)
{
    struct gen_flight *flight = &open->pipelines[pipeline].flights[shot];

    flight->world = open->owner->world;
    flight->owner = open;
    flight->pipeline = pipeline;
    flight->shot = shot;
    flight->ticket.context = flight;
    flight->ticket.priority = open->job->brief->priority;
    flight->ticket.deadline = open->job->brief->deadline;
}

enum gen_status gen_open_job_create(struct gen_open_owner *owner, struct gen_job *job,
                                    const struct gen_asset *assets, size_t asset_count,
                                    struct gen_open_job **out, struct gen_error *err)
{
    struct gen_open_job *open = gen_arena_alloc(job->arena, sizeof(*open));

    if (open == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    open->owner = owner;
    open->job = job;
    open->assets = assets;
    open->asset_count = asset_count;
    open->pipelines = gen_arena_array(job->arena, job->pipeline_count, sizeof(*open->pipelines));
    for (size_t i = 0; open->pipelines != NULL && i < job->pipeline_count; i++) {
        struct gen_open_pipeline *pipeline = &open->pipelines[i];
        size_t shots = job->pipelines[i].shot_count;

        pipeline->open = open;
        pipeline->flights = gen_arena_array(job->arena, shots, sizeof(*pipeline->flights));
        pipeline->provisions = gen_arena_array(job->arena, shots, sizeof(*pipeline->provisions));
        for (size_t k = 0; pipeline->flights != NULL && k < shots; k++) {
            open_job_flight(open, i, k);
        }
    }
    if (gen_arena_failed(job->arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = open;
    return GEN_OK;
}

enum gen_status gen_open_job_list(struct gen_open_job *open)
{
    enum gen_status status = gen_map_put(open->owner->jobs, open->job->id.text, open, NULL);

    open->listed = status == GEN_OK;
    return status;
}

static void open_job_free(struct gen_open_job *open)
{
    struct gen_job *job = open->job;

    for (size_t i = 0; i < job->pipeline_count; i++) {
        gen_delivery_stop(&open->pipelines[i].delivery);
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            struct gen_flight *flight = &open->pipelines[i].flights[k];

            open->owner->stop_provision(&open->pipelines[i].provisions[k]);
            gen_lanes_leave(open->owner->lanes, &flight->ticket);
            if (open->owner->closing) { /* the next start empties the scratch folder */
                gen_flight_stop(flight);
            } else {
                gen_flight_land(flight);
            }
            gen_flight_fini(flight);
        }
    }
    gen_arena_destroy(job->arena); /* the open job itself lives there, too */
}

void gen_open_job_close(struct gen_open_job *open)
{
    if (open->listed) {
        gen_map_remove(open->owner->jobs, open->job->id.text);
        open->listed = false;
    }
    open->over = true;
    if (open->uses == 0) {
        open_job_free(open);
    }
}

void gen_open_job_use(struct gen_open_job *open)
{
    open->uses++;
}

void gen_open_job_leave(struct gen_open_job *open)
{
    open->uses--;
    if (open->over && open->uses == 0) {
        open_job_free(open);
    }
}

/* What the model bears is a bound of its own inside the lane. NULL: no memory, or no bound. */
static struct gen_lane_group *open_job_model(const struct gen_open_job *open,
                                             const struct gen_shot *shot)
{
    const struct gen_hosted *hosted = gen_loader_find(open->owner->options->loader, shot->provider);
    const struct gen_model *model = hosted == NULL ? NULL : gen_hosted_model(hosted, shot->model);
    char name[160];

    if (model == NULL || model->max_concurrent <= 0) {
        return NULL;
    }
    (void)snprintf(name, sizeof name, "%s/%s", shot->provider, shot->model);
    return gen_lanes_bound_model(open->owner->lanes, name, model->max_concurrent);
}

static int32_t open_job_limit(const struct gen_open_job *open, const struct gen_shot *shot)
{
    return gen_rules_provider_limit(open->owner->options, shot->provider, NULL);
}

/* Budgets that slow work down near their limit bound how many shots run on them. With a ticket (NULL =
 * none), it belongs to them from now on. */
static void open_job_purses(const struct gen_open_job *open, const struct gen_shot *shot,
                            struct gen_ticket *ticket)
{
    const struct gen_engine_options *options = open->owner->options;
    struct gen_outlook *outlook = open->owner->outlook;
    struct gen_arena *arena = outlook == NULL ? NULL : gen_arena_create(0);
    gen_moment now = arena == NULL ? 0 : gen_clock_now(options->clock);
    struct gen_error err = {0};
    struct gen_limit *limits = NULL;
    size_t count = 0, purses = 0;

    if (ticket != NULL) {
        memset(ticket->purses, 0, sizeof ticket->purses);
    }
    if (arena != NULL && gen_outlook_throttles(outlook, open->job, shot->provider, now, arena,
                                               &limits, &count, &err) == GEN_OK) {
        const struct gen_budget_watch *watch = gen_treasury_watch(gen_outlook_treasury(outlook));

        for (size_t i = 0; i < count && purses < GEN_TICKET_PURSES; i++) {
            const char *which = limits[i].id[0] != '\0' ? limits[i].id : limits[i].name;
            const char *name = gen_arena_printf(arena, "%s %s", limits[i].key, which);
            struct gen_lane_group *purse =
                name == NULL
                    ? NULL
                    : gen_lanes_bound_purse(open->owner->lanes, name,
                                            gen_budget_watch_parallel(watch, &limits[i], now));

            if (purse != NULL && ticket != NULL) {
                ticket->purses[purses++] = purse;
            }
        }
    }
    gen_arena_destroy(arena);
}

void gen_open_job_steer(struct gen_open_job *open)
{
    const struct gen_job *job = open->job;

    gen_lanes_bound(open->owner->lanes, job->organization,
                    gen_rules_organization_limit(open->owner->options, job->organization));
    gen_entitlement_bound(open->owner->options, open->owner->lanes, job, NULL);
    for (size_t i = 0; i < job->pipeline_count; i++) {
        for (size_t k = 0; k < job->pipelines[i].shot_count; k++) {
            const struct gen_shot *shot = &job->pipelines[i].shots[k];

            gen_lanes_limit(open->owner->lanes, shot->provider, open_job_limit(open, shot));
            gen_lanes_pace(open->owner->lanes, shot->provider,
                           gen_rules_provider_pace(open->owner->options, shot->provider));
            (void)open_job_model(open, shot);
            if (k == 0 || strcmp(shot->provider, shot[-1].provider) != 0) {
                open_job_purses(open, shot, NULL);
            }
        }
    }
}

void gen_open_job_queue(struct gen_open_job *open, struct gen_flight *flight, bool front)
{
    const struct gen_shot *shot = &open->job->pipelines[flight->pipeline].shots[flight->shot];

    if (flight->ticket.lane != NULL) {
        return;
    }
    flight->ticket.front = front;
    flight->ticket.group = gen_lanes_bound(
        open->owner->lanes, open->job->organization,
        gen_rules_organization_limit(open->owner->options, open->job->organization));
    flight->ticket.model = open_job_model(open, shot);
    open_job_purses(open, shot, &flight->ticket);
    gen_entitlement_bound(open->owner->options, open->owner->lanes, open->job, &flight->ticket);
    gen_shares_sign(open->owner->options, open->owner->lanes, open->job, shot, &flight->ticket);
    if (flight->ticket.group == NULL ||
        gen_lanes_want(open->owner->lanes, shot->provider, open_job_limit(open, shot),
                       &flight->ticket, gen_clock_now(open->owner->options->clock)) != GEN_OK) {
        gen_log_line(open->owner->options->log, GEN_LEVEL_ERROR, "open_job",
                     "no memory for a lane; the job waits for the next start", "job",
                     open->job->id.text, NULL);
        return;
    }
    gen_lanes_pace(open->owner->lanes, shot->provider,
                   gen_rules_provider_pace(open->owner->options, shot->provider));
}
