/* lanes.h - who may work at a provider now, and who waits: one lane a provider, with a limit.
 *
 * Waiting shots are ordered by: resumed work first, then priority, then deadline, then arrival.
 * Pure bookkeeping: it starts nothing, the engine asks for the next grant.
 * Invariant: a ticket is in exactly one of three places: nowhere, waiting, inside.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/lanes_test.c
 */
#ifndef GEN_ENGINE_LANES_H
#define GEN_ENGINE_LANES_H

#include "base/error.h"
#include "base/moment.h"

#include <stdbool.h>

struct gen_lanes;
struct gen_lane;

struct gen_ticket { /* caller owns, zeroed at first; must be left before it is freed */
    struct gen_ticket *next, *previous;
    struct gen_lane *lane; /* NULL = nowhere */
    bool inside;
    bool front;
    int32_t priority;    /* higher goes first */
    gen_moment deadline; /* 0 = none */
    void *context;       /* the caller's own */
};

struct gen_lanes *gen_lanes_create(void); /* NULL: no memory */
void gen_lanes_destroy(struct gen_lanes *lanes);

/* Queues a ticket that is nowhere; `limit` is the lane's newest limit (0 = 50). GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_lanes_want(struct gen_lanes *lanes, const char *provider,
                                              int32_t limit, struct gen_ticket *ticket);
/* Leaves the lane or its queue; nothing when it is nowhere. */
void gen_lanes_leave(struct gen_lanes *lanes, struct gen_ticket *ticket);
/* The next waiting ticket that has room, now inside; NULL when there is none. */
struct gen_ticket *gen_lanes_grant(struct gen_lanes *lanes);

size_t gen_lanes_waiting(const struct gen_lanes *lanes);
size_t gen_lanes_inside(const struct gen_lanes *lanes);
/* 1 = next in its lane; 0 when it is not waiting. */
size_t gen_lanes_position(const struct gen_ticket *ticket);

#endif
