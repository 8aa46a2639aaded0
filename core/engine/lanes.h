/* lanes.h - who may work at a provider now, and who waits: one lane a provider, with a limit.
 *
 * Across the lanes a group (an organization) may have a bound of its own, inside a lane a model,
 * and a budget that is nearly used up; who waits because of one holds up nobody else.
 * A lane may have a pace: so many starts in any minute. And its provider may have asked for a pause. Both
 * hold up new work only: resumed work has been started, and is asked about as its plugin wants.
 * Whose turn it is in a lane is the queue's to say (engine/queue.h).
 * Pure bookkeeping: it starts nothing and knows no clock, the engine says what time it is and asks for the
 * next grant.
 * Invariant: a ticket is in exactly one of three places: nowhere, waiting, inside.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/lanes_test.c
 */
#ifndef GEN_ENGINE_LANES_H
#define GEN_ENGINE_LANES_H

#include "engine/queue.h"

struct gen_lanes;

struct gen_lanes *gen_lanes_create(void); /* NULL: no memory */
void gen_lanes_destroy(struct gen_lanes *lanes);

/* Queues a ticket that is nowhere at `now`; `limit` is the lane's newest limit (0 = 50). GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_lanes_want(struct gen_lanes *lanes, const char *provider,
                                              int32_t limit, struct gen_ticket *ticket,
                                              gen_moment now);
/* What a priority (1 low to 3 high) is worth, in thousandths, and how long its work waits till it is
 * lifted by one; see gen_queue_class. All are 1000 and never at first. */
void gen_lanes_priority(struct gen_lanes *lanes, int32_t priority, int64_t weight,
                        int64_t aging_ms);
/* Somebody who shares the places with others, and his newest weight in thousandths. Borrowed, as long as the
 * lanes; NULL: no memory. */
struct gen_party *gen_lanes_party(struct gen_lanes *lanes, const char *name, int64_t weight);
/* The newest limit of a lane (0 = 50); nothing when nobody has been there yet. */
void gen_lanes_limit(struct gen_lanes *lanes, const char *provider, int32_t limit);
/* A group and its newest bound (0 = none). Borrowed, as long as the lanes; NULL: no memory. */
struct gen_lane_group *gen_lanes_bound(struct gen_lanes *lanes, const char *group, int32_t limit);
/* The same of a model ("runway/gen4.5"). */
struct gen_lane_group *gen_lanes_bound_model(struct gen_lanes *lanes, const char *model,
                                             int32_t limit);
/* The same of a budget that slows work down near its limit. */
struct gen_lane_group *gen_lanes_bound_purse(struct gen_lanes *lanes, const char *purse,
                                             int32_t limit);
/* Has somebody set such a bound already? */
bool gen_lanes_has_purse(const struct gen_lanes *lanes, const char *purse);
/* The newest pace of a lane: so many grants of new work in any minute, of which a tenth may come at
 * once; 0 = any number. Nothing when nobody has been there yet. */
void gen_lanes_pace(struct gen_lanes *lanes, const char *provider, int32_t per_minute);
/* No new work there before `until`; the latest such moment counts. */
void gen_lanes_pause(struct gen_lanes *lanes, const char *provider, gen_moment until);
/* Leaves the lane or its queue; nothing when it is nowhere. */
void gen_lanes_leave(struct gen_lanes *lanes, struct gen_ticket *ticket);
/* The next waiting ticket that has room at `now`, now inside; NULL when there is none. */
struct gen_ticket *gen_lanes_grant(struct gen_lanes *lanes, gen_moment now);
/* When time alone lets somebody go on who waits, as of the last grant that gave none; 0 = nobody waits for
 * that. */
gen_moment gen_lanes_next(const struct gen_lanes *lanes);

enum gen_lanes_hold {                     /* why a ticket waits */
                      GEN_LANES_FREE = 0, /* nothing holds it up */
                      GEN_LANES_PACE,     /* the pace of its lane */
                      GEN_LANES_PAUSE,    /* its provider asked for it */
                      GEN_LANES_LATER,    /* it wants to wait */
                      GEN_LANES_GROUP,    /* its organization has as much under way as it may */
                      GEN_LANES_MODEL,    /* its model bears no more at once */
                      GEN_LANES_PURSE, /* a budget, or a bound of its user or team, slows it down */
                      GEN_LANES_FULL,  /* its provider has no place free */
                      GEN_LANES_OTHERS, /* others have their turn before it */
};
/* What holds up a waiting ticket at `now`; till when, where time alone ends it (0 = others do). */
enum gen_lanes_hold gen_lanes_held(const struct gen_ticket *ticket, gen_moment now,
                                   gen_moment *until);
/* The same of new work at a provider. */
enum gen_lanes_hold gen_lanes_held_at(const struct gen_lanes *lanes, const char *provider,
                                      gen_moment now, gen_moment *until);

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
