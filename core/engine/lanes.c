/* lanes.c - see lanes.h. */
#include "engine/lanes.h"

#include "base/alloc.h"
#include "base/map.h"

enum { LANES_MOST = 1000, LANES_MOST_GROUPS = 100000, LANES_DEFAULT_LIMIT = 50 };

struct gen_lane {
    struct gen_ticket *first, *last; /* waiting, in order */
    size_t inside, waiting;
    int32_t limit;
};

struct gen_lane_group {
    size_t inside, waiting;
    int32_t limit; /* 0 = none */
};

struct gen_lanes {
    struct gen_map *lanes;  /* provider -> struct gen_lane */
    struct gen_map *groups; /* name -> struct gen_lane_group */
    size_t inside, waiting;
};

struct gen_lanes *gen_lanes_create(void)
{
    struct gen_lanes *lanes = gen_alloc(sizeof(*lanes));

    if (lanes == NULL) {
        return NULL;
    }
    lanes->lanes = gen_map_create(LANES_MOST);
    lanes->groups = gen_map_create(LANES_MOST_GROUPS);
    if (lanes->lanes == NULL || lanes->groups == NULL) {
        gen_lanes_destroy(lanes);
        return NULL;
    }
    return lanes;
}

static void lanes_free_values(struct gen_map *map)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    while (map != NULL && gen_map_next(map, &cursor, &key, &value)) {
        gen_free(value);
    }
    gen_map_destroy(map);
}

void gen_lanes_destroy(struct gen_lanes *lanes)
{
    if (lanes != NULL) {
        lanes_free_values(lanes->lanes);
        lanes_free_values(lanes->groups);
        gen_free(lanes);
    }
}

static struct gen_lane *lanes_find(struct gen_lanes *lanes, const char *provider)
{
    struct gen_lane *lane = gen_map_get(lanes->lanes, provider);

    if (lane != NULL) {
        return lane;
    }
    lane = gen_alloc(sizeof(*lane));
    if (lane != NULL && gen_map_put(lanes->lanes, provider, lane, NULL) != GEN_OK) {
        gen_free(lane);
        return NULL;
    }
    return lane;
}

void gen_lanes_limit(struct gen_lanes *lanes, const char *provider, int32_t limit)
{
    struct gen_lane *lane = gen_map_get(lanes->lanes, provider);

    if (lane != NULL) {
        lane->limit = limit > 0 ? limit : LANES_DEFAULT_LIMIT;
    }
}

struct gen_lane_group *gen_lanes_bound(struct gen_lanes *lanes, const char *name, int32_t limit)
{
    struct gen_lane_group *group = gen_map_get(lanes->groups, name);

    if (group == NULL) {
        group = gen_alloc(sizeof(*group));
        if (group != NULL && gen_map_put(lanes->groups, name, group, NULL) != GEN_OK) {
            gen_free(group);
            group = NULL;
        }
    }
    if (group != NULL) {
        group->limit = limit;
    }
    return group;
}

/* Does `a` go before `b`? Equal ones keep their order of arrival. */
static bool lanes_before(const struct gen_ticket *a, const struct gen_ticket *b)
{
    if (a->front != b->front) {
        return a->front;
    }
    if (a->priority != b->priority) {
        return a->priority > b->priority;
    }
    return a->deadline != 0 && (b->deadline == 0 || a->deadline < b->deadline);
}

enum gen_status gen_lanes_want(struct gen_lanes *lanes, const char *provider, int32_t limit,
                               struct gen_ticket *ticket)
{
    struct gen_lane *lane = lanes_find(lanes, provider);
    struct gen_ticket *after;

    GEN_CHECK(ticket->lane == NULL);
    if (lane == NULL) {
        return GEN_ENOMEM;
    }
    lane->limit = limit > 0 ? limit : LANES_DEFAULT_LIMIT;
    for (after = lane->last; after != NULL && lanes_before(ticket, after);
         after = after->previous) {
    }
    ticket->previous = after;
    ticket->next = after == NULL ? lane->first : after->next;
    *(ticket->previous == NULL ? &lane->first : &ticket->previous->next) = ticket;
    *(ticket->next == NULL ? &lane->last : &ticket->next->previous) = ticket;
    ticket->lane = lane;
    ticket->inside = false;
    lane->waiting++;
    lanes->waiting++;
    if (ticket->group != NULL) {
        ticket->group->waiting++;
    }
    return GEN_OK;
}

static void lanes_unqueue(struct gen_lanes *lanes, struct gen_ticket *ticket)
{
    struct gen_lane *lane = ticket->lane;

    *(ticket->previous == NULL ? &lane->first : &ticket->previous->next) = ticket->next;
    *(ticket->next == NULL ? &lane->last : &ticket->next->previous) = ticket->previous;
    ticket->next = ticket->previous = NULL;
    lane->waiting--;
    lanes->waiting--;
    if (ticket->group != NULL) {
        ticket->group->waiting--;
    }
}

void gen_lanes_leave(struct gen_lanes *lanes, struct gen_ticket *ticket)
{
    if (ticket->lane == NULL) {
        return;
    }
    if (ticket->inside) {
        ticket->lane->inside--;
        lanes->inside--;
        if (ticket->group != NULL) {
            ticket->group->inside--;
        }
    } else {
        lanes_unqueue(lanes, ticket);
    }
    ticket->lane = NULL;
    ticket->inside = false;
}

static bool lanes_group_full(const struct gen_lane_group *group)
{
    return group != NULL && group->limit > 0 && group->inside >= (size_t)group->limit;
}

/* The first of the lane whose group has room. With one group only, the first speaks for all. */
static struct gen_ticket *lanes_first(const struct gen_lanes *lanes, const struct gen_lane *lane)
{
    struct gen_ticket *ticket = lane->first;

    while (ticket != NULL && lanes_group_full(ticket->group)) {
        ticket = gen_map_count(lanes->groups) > 1 ? ticket->next : NULL;
    }
    return ticket;
}

struct gen_ticket *gen_lanes_grant(struct gen_lanes *lanes)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    while (gen_map_next(lanes->lanes, &cursor, &key, &value)) {
        struct gen_lane *lane = value;
        struct gen_ticket *ticket = lane->inside < (size_t)lane->limit ? lanes_first(lanes, lane)
                                                                       : NULL;

        if (ticket != NULL) {
            lanes_unqueue(lanes, ticket);
            ticket->inside = true;
            lane->inside++;
            lanes->inside++;
            if (ticket->group != NULL) {
                ticket->group->inside++;
            }
            return ticket;
        }
    }
    return NULL;
}

size_t gen_lanes_waiting_at(const struct gen_lanes *lanes, const char *provider)
{
    const struct gen_lane *lane = gen_map_get(lanes->lanes, provider);

    return lane == NULL ? 0 : lane->waiting;
}

size_t gen_lanes_inside_at(const struct gen_lanes *lanes, const char *provider)
{
    const struct gen_lane *lane = gen_map_get(lanes->lanes, provider);

    return lane == NULL ? 0 : lane->inside;
}

size_t gen_lanes_group_waiting(const struct gen_lanes *lanes, const char *name)
{
    const struct gen_lane_group *group = gen_map_get(lanes->groups, name);

    return group == NULL ? 0 : group->waiting;
}

size_t gen_lanes_group_inside(const struct gen_lanes *lanes, const char *name)
{
    const struct gen_lane_group *group = gen_map_get(lanes->groups, name);

    return group == NULL ? 0 : group->inside;
}

size_t gen_lanes_waiting(const struct gen_lanes *lanes)
{
    return lanes->waiting;
}

size_t gen_lanes_inside(const struct gen_lanes *lanes)
{
    return lanes->inside;
}

size_t gen_lanes_position(const struct gen_ticket *ticket)
{
    size_t position = 1;

    if (ticket->lane == NULL || ticket->inside) {
        return 0;
    }
    for (const struct gen_ticket *other = ticket->previous; other != NULL;
         other = other->previous) {
        position++;
    }
    return position;
}
