/* lanes.c - see lanes.h. */
#include "engine/lanes.h"

#include "base/alloc.h"
#include "base/map.h"

enum { LANES_MOST = 1000, LANES_DEFAULT_LIMIT = 50 };

struct gen_lane {
    struct gen_ticket *first, *last; /* waiting, in order */
    size_t inside, waiting;
    int32_t limit;
};

struct gen_lanes {
    struct gen_map *lanes; /* provider -> struct gen_lane */
    size_t inside, waiting;
};

struct gen_lanes *gen_lanes_create(void)
{
    struct gen_lanes *lanes = gen_alloc(sizeof(*lanes));

    if (lanes == NULL) {
        return NULL;
    }
    lanes->lanes = gen_map_create(LANES_MOST);
    if (lanes->lanes == NULL) {
        gen_free(lanes);
        return NULL;
    }
    return lanes;
}

void gen_lanes_destroy(struct gen_lanes *lanes)
{
    size_t cursor = 0;
    const char *key;
    void *lane;

    if (lanes == NULL) {
        return;
    }
    while (gen_map_next(lanes->lanes, &cursor, &key, &lane)) {
        gen_free(lane);
    }
    gen_map_destroy(lanes->lanes);
    gen_free(lanes);
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
}

void gen_lanes_leave(struct gen_lanes *lanes, struct gen_ticket *ticket)
{
    if (ticket->lane == NULL) {
        return;
    }
    if (ticket->inside) {
        ticket->lane->inside--;
        lanes->inside--;
    } else {
        lanes_unqueue(lanes, ticket);
    }
    ticket->lane = NULL;
    ticket->inside = false;
}

struct gen_ticket *gen_lanes_grant(struct gen_lanes *lanes)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    while (gen_map_next(lanes->lanes, &cursor, &key, &value)) {
        struct gen_lane *lane = value;
        struct gen_ticket *ticket = lane->first;

        if (ticket != NULL && lane->inside < (size_t)lane->limit) {
            lanes_unqueue(lanes, ticket);
            ticket->inside = true;
            lane->inside++;
            lanes->inside++;
            return ticket;
        }
    }
    return NULL;
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
