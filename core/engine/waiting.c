/* waiting.c - see waiting.h. */
#include "engine/waiting.h"

size_t gen_waiting_position(const struct gen_open_owner *owner, const char *job, size_t pipeline)
{
    const struct gen_open_job *open = gen_map_get(owner->jobs, job);

    for (size_t k = 0; open != NULL && k < open->job->pipelines[pipeline].shot_count; k++) {
        size_t position = gen_lanes_position(&open->pipelines[pipeline].flights[k].ticket);

        if (position != 0) {
            return position;
        }
    }
    return 0;
}

enum gen_lanes_hold gen_waiting_held(const struct gen_open_owner *owner, const char *job,
                                     size_t pipeline, gen_moment now, gen_moment *until,
                                     const char **provider)
{
    const struct gen_open_job *open = gen_map_get(owner->jobs, job);

    *until = 0;
    *provider = "";
    for (size_t k = 0; open != NULL && k < open->job->pipelines[pipeline].shot_count; k++) {
        const struct gen_ticket *ticket = &open->pipelines[pipeline].flights[k].ticket;
        enum gen_lanes_hold hold = gen_lanes_held(ticket, now, until);

        if (hold != GEN_LANES_FREE) {
            *provider = open->job->pipelines[pipeline].shots[k].provider;
            return hold;
        }
    }
    return GEN_LANES_FREE;
}
