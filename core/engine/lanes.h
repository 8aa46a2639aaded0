/* lanes.h - who may work at a provider now, and who waits: one lane a provider, with a limit.
 *
 * Across the lanes a group (an organization) may have a bound of its own; who waits because of it holds
 * up nobody of another group.
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
struct gen_lane_group;

struct gen_ticket { /* caller owns, zeroed at first; must be left before it is freed */
    struct gen_ticket *next, *previous;
    struct gen_lane *lane;        /* NULL = nowhere */
    struct gen_lane_group *group; /* NULL = bounded by the lane alone; set while it is nowhere */
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
/* The newest limit of a lane (0 = 50); nothing when nobody has been there yet. */
void gen_lanes_limit(struct gen_lanes *lanes, const char *provider, int32_t limit);
/* A group and its newest bound (0 = none). Borrowed, as long as the lanes; NULL: no memory. */
struct gen_lane_group *gen_lanes_bound(struct gen_lanes *lanes, const char *group, int32_t limit);
/* Leaves the lane or its queue; nothing when it is nowhere. */
void gen_lanes_leave(struct gen_lanes *lanes, struct gen_ticket *ticket);
/* The next waiting ticket that has room, now inside; NULL when there is none. */
struct gen_ticket *gen_lanes_grant(struct gen_lanes *lanes);

/* Of one lane; 0 when nobody has been there yet. */
size_t gen_lanes_waiting_at(const struct gen_lanes *lanes, const char *provider);
size_t gen_lanes_inside_at(const struct gen_lanes *lanes, const char *provider);
/* The same of a group. */
size_t gen_lanes_group_waiting(const struct gen_lanes *lanes, const char *group);
size_t gen_lanes_group_inside(const struct gen_lanes *lanes, const char *group);
size_t gen_lanes_waiting(const struct gen_lanes *lanes);
size_t gen_lanes_inside(const struct gen_lanes *lanes);
/* 1 = next in its lane; 0 when it is not waiting. */
size_t gen_lanes_position(const struct gen_ticket *ticket);

#endif
