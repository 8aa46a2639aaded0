/* world.h - the simulated world's clock, chance and future: everything follows from one number.
 *
 * An event is a call at an instant with a few numbers (never a pointer to something that a crash may
 * take away). Equal instants keep the order in which they were asked for.
 */
#ifndef SIMULATION_WORLD_H
#define SIMULATION_WORLD_H

#include "platform/crypto.h"

struct world_aim { /* what an event is about; whoever gets it checks that it still exists */
    uint64_t life;
    size_t job, pipeline, shot;
    uint64_t token;
};

typedef void world_call(void *context, const struct world_aim *aim);

struct world_event {
    int64_t at;
    uint64_t order;
    world_call *call;
    struct world_aim aim;
};

struct world {
    gen_moment now;
    uint64_t state; /* of the generator */
    uint64_t next_order;
    struct world_event *events; /* a heap */
    size_t count, capacity;
    struct gen_random random; /* the port, from the same generator */
    void *context;            /* of every call */
};

void world_init(struct world *world, uint64_t seed, void *context);
void world_fini(struct world *world);

uint64_t world_draw(struct world *world);
int64_t world_between(struct world *world, int64_t least, int64_t most); /* both included */
bool world_chance(struct world *world, double share);

void world_after(struct world *world, int64_t wait_ms, world_call *call,
                 const struct world_aim *aim);
/* Goes on to the next event and calls it; false when there is none. */
bool world_turn(struct world *world);

#endif
