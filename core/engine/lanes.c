/* lanes.c - see lanes.h. */
#include "engine/lanes.h"

#include "base/alloc.h"
#include "base/map.h"

enum {
    LANES_MOST = 1000,
    LANES_MOST_GROUPS = 100000,
    LANES_MOST_MODELS = 10000,
    LANES_DEFAULT_LIMIT = 50,
    LANES_MINUTE_MS = 60 * 1000,
};

struct gen_lane {
    struct gen_ticket *first, *last; /* waiting, in order */
    size_t inside, waiting;
    int32_t limit;
    /* The pace, as the generic cell rate algorithm has it: each start moves `due` on by an interval, and
     * it may be ahead of the clock by what `burst` starts take. In microseconds. */
    int32_t per_minute;
    int64_t interval, burst, due;
    gen_moment paused_until;
};

struct gen_lane_group {
    size_t inside, waiting;
    int32_t limit; /* 0 = none */
};

struct gen_lanes {
    struct gen_map *lanes;  /* provider -> struct gen_lane */
    struct gen_map *groups; /* name -> struct gen_lane_group */
    struct gen_map *models; /* the same, by "provider/model" */
    struct gen_map *purses; /* the same, by budget */
    size_t inside, waiting;
    gen_moment next;
};

struct gen_lanes *gen_lanes_create(void)
{
    struct gen_lanes *lanes = gen_alloc(sizeof(*lanes));

    if (lanes == NULL) {
        return NULL;
    }
    lanes->lanes = gen_map_create(LANES_MOST);
    lanes->groups = gen_map_create(LANES_MOST_GROUPS);
    lanes->models = gen_map_create(LANES_MOST_MODELS);
    lanes->purses = gen_map_create(LANES_MOST_GROUPS);
    if (lanes->lanes == NULL || lanes->groups == NULL || lanes->models == NULL ||
        lanes->purses == NULL) {
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
        lanes_free_values(lanes->models);
        lanes_free_values(lanes->purses);
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

static struct gen_lane_group *lanes_bound(struct gen_map *map, const char *name, int32_t limit)
{
    struct gen_lane_group *group = gen_map_get(map, name);

    if (group == NULL) {
        group = gen_alloc(sizeof(*group));
        if (group != NULL && gen_map_put(map, name, group, NULL) != GEN_OK) {
            gen_free(group);
            group = NULL;
        }
    }
    if (group != NULL) {
        group->limit = limit;
    }
    return group;
}

struct gen_lane_group *gen_lanes_bound(struct gen_lanes *lanes, const char *name, int32_t limit)
{
    return lanes_bound(lanes->groups, name, limit);
}

struct gen_lane_group *gen_lanes_bound_model(struct gen_lanes *lanes, const char *model,
                                             int32_t limit)
{
    return lanes_bound(lanes->models, model, limit);
}

struct gen_lane_group *gen_lanes_bound_purse(struct gen_lanes *lanes, const char *purse,
                                             int32_t limit)
{
    return lanes_bound(lanes->purses, purse, limit);
}

bool gen_lanes_has_purse(const struct gen_lanes *lanes, const char *purse)
{
    return gen_map_get(lanes->purses, purse) != NULL;
}

/* ------------------------------------------------------------------------------------- time -- */

void gen_lanes_pace(struct gen_lanes *lanes, const char *provider, int32_t per_minute)
{
    struct gen_lane *lane = gen_map_get(lanes->lanes, provider);
    int64_t burst;

    if (lane == NULL || lane->per_minute == per_minute) {
        return;
    }
    lane->per_minute = per_minute > 0 ? per_minute : 0;
    if (lane->per_minute == 0) {
        return;
    }
    /* A burst and what comes after it in a minute are together what the minute allows. */
    burst = per_minute < 10 ? 1 : per_minute / 10;
    lane->interval = LANES_MINUTE_MS * INT64_C(1000) / (per_minute - burst + 1) + 1;
    lane->burst = (burst - 1) * lane->interval;
}

void gen_lanes_pause(struct gen_lanes *lanes, const char *provider, gen_moment until)
{
    struct gen_lane *lane = gen_map_get(lanes->lanes, provider);

    if (lane != NULL && until > lane->paused_until) {
        lane->paused_until = until;
    }
}

static enum gen_lanes_hold lane_held(const struct gen_lane *lane, gen_moment now, gen_moment *until)
{
    gen_moment due = lane->per_minute > 0 ? (lane->due - lane->burst + 999) / 1000 : 0;

    *until = due > lane->paused_until ? due : lane->paused_until;
    if (*until <= now) {
        *until = 0;
        return GEN_LANES_FREE;
    }
    return lane->paused_until == *until ? GEN_LANES_PAUSE : GEN_LANES_PACE;
}

static void lane_started(struct gen_lane *lane, gen_moment now)
{
    if (lane->per_minute > 0) {
        lane->due = (lane->due > now * 1000 ? lane->due : now * 1000) + lane->interval;
    }
}

enum gen_lanes_hold gen_lanes_held(const struct gen_ticket *ticket, gen_moment now,
                                   gen_moment *until)
{
    *until = 0;
    return ticket->lane == NULL || ticket->inside || ticket->front
               ? GEN_LANES_FREE
               : lane_held(ticket->lane, now, until);
}

enum gen_lanes_hold gen_lanes_held_at(const struct gen_lanes *lanes, const char *provider,
                                      gen_moment now, gen_moment *until)
{
    const struct gen_lane *lane = gen_map_get(lanes->lanes, provider);

    *until = 0;
    return lane == NULL ? GEN_LANES_FREE : lane_held(lane, now, until);
}

gen_moment gen_lanes_next(const struct gen_lanes *lanes)
{
    return lanes->next;
}

/* ------------------------------------------------------------------------------------ tickets -- */

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

/* Counts it in or out of the groups that it belongs to. */
static void ticket_count(const struct gen_ticket *ticket, int waiting, int inside)
{
    struct gen_lane_group *const groups[] = {ticket->group, ticket->model};

    for (size_t i = 0; i < GEN_COUNT(groups); i++) {
        if (groups[i] != NULL) {
            groups[i]->waiting += (size_t)waiting; /* wraps as it must for -1 */
            groups[i]->inside += (size_t)inside;
        }
    }
    for (size_t i = 0; i < GEN_TICKET_PURSES; i++) {
        if (ticket->purses[i] != NULL) {
            ticket->purses[i]->waiting += (size_t)waiting;
            ticket->purses[i]->inside += (size_t)inside;
        }
    }
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
    ticket_count(ticket, 1, 0);
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
    ticket_count(ticket, -1, 0);
}

void gen_lanes_leave(struct gen_lanes *lanes, struct gen_ticket *ticket)
{
    if (ticket->lane == NULL) {
        return;
    }
    if (ticket->inside) {
        ticket->lane->inside--;
        lanes->inside--;
        ticket_count(ticket, 0, -1);
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

static bool lanes_full(const struct gen_ticket *ticket)
{
    bool full = lanes_group_full(ticket->group) || lanes_group_full(ticket->model);

    for (size_t i = 0; i < GEN_TICKET_PURSES && !full; i++) {
        full = lanes_group_full(ticket->purses[i]);
    }
    return full;
}

/* The first of the lane whose groups have room. With one group only, and no models, the first speaks for
 * all. */
static struct gen_ticket *lanes_first(const struct gen_lanes *lanes, const struct gen_lane *lane)
{
    struct gen_ticket *ticket = lane->first;
    bool alike = gen_map_count(lanes->groups) <= 1 && gen_map_count(lanes->models) == 0 &&
                 gen_map_count(lanes->purses) == 0; /* not everybody has one */

    while (ticket != NULL && lanes_full(ticket)) {
        ticket = alike ? NULL : ticket->next;
    }
    return ticket;
}

/* The lane's next ticket, unless time holds it up, which is noted. */
static struct gen_ticket *lanes_next_of(struct gen_lanes *lanes, struct gen_lane *lane,
                                        gen_moment now)
{
    struct gen_ticket *ticket = lane->inside < (size_t)lane->limit ? lanes_first(lanes, lane)
                                                                   : NULL;
    gen_moment until;

    if (ticket == NULL || gen_lanes_held(ticket, now, &until) == GEN_LANES_FREE) {
        return ticket;
    }
    if (lanes->next == 0 || until < lanes->next) {
        lanes->next = until;
    }
    return NULL;
}

struct gen_ticket *gen_lanes_grant(struct gen_lanes *lanes, gen_moment now)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    lanes->next = 0;
    while (gen_map_next(lanes->lanes, &cursor, &key, &value)) {
        struct gen_lane *lane = value;
        struct gen_ticket *ticket = lanes_next_of(lanes, lane, now);

        if (ticket != NULL) {
            lanes_unqueue(lanes, ticket);
            ticket->inside = true;
            lane->inside++;
            lanes->inside++;
            ticket_count(ticket, 0, 1);
            if (!ticket->front) {
                lane_started(lane, now);
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
