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
    struct gen_queue *queue; /* who waits */
    size_t inside;
    int32_t limit;
    /* The pace, as the generic cell rate algorithm has it: each start moves `due` on by an interval, and
     * it may be ahead of the clock by what `burst` starts take. In microseconds. */
    int32_t per_minute;
    int64_t interval, burst, due;
    gen_moment paused_until;
};

struct gen_lanes {
    struct gen_map *lanes;   /* provider -> struct gen_lane */
    struct gen_map *groups;  /* name -> struct gen_lane_group */
    struct gen_map *models;  /* the same, by "provider/model" */
    struct gen_map *purses;  /* the same, by budget */
    struct gen_map *parties; /* name -> struct gen_party */
    struct gen_queue_terms terms;
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
    lanes->parties = gen_map_create(LANES_MOST_GROUPS);
    for (size_t i = 0; i < GEN_QUEUE_CLASSES; i++) {
        lanes->terms.classes[i].weight = GEN_QUEUE_WEIGHT_ONE;
    }
    if (lanes->lanes == NULL || lanes->groups == NULL || lanes->models == NULL ||
        lanes->purses == NULL || lanes->parties == NULL) {
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
    size_t cursor = 0;
    const char *key;
    void *value;

    if (lanes != NULL) {
        while (lanes->lanes != NULL && gen_map_next(lanes->lanes, &cursor, &key, &value)) {
            gen_queue_destroy(((struct gen_lane *)value)->queue);
        }
        lanes_free_values(lanes->parties);
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
    if (lane == NULL) {
        return NULL;
    }
    lane->queue = gen_queue_create(&lanes->terms);
    if (lane->queue == NULL || gen_map_put(lanes->lanes, provider, lane, NULL) != GEN_OK) {
        gen_queue_destroy(lane->queue);
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

struct gen_party *gen_lanes_party(struct gen_lanes *lanes, const char *name, int64_t weight)
{
    struct gen_party *party = gen_map_get(lanes->parties, name);

    if (party == NULL) {
        party = gen_alloc(sizeof(*party));
        if (party != NULL && gen_map_put(lanes->parties, name, party, NULL) != GEN_OK) {
            gen_free(party);
            party = NULL;
        }
    }
    if (party != NULL) {
        party->weight = weight > 0 ? weight : 1;
    }
    return party;
}

void gen_lanes_priority(struct gen_lanes *lanes, int32_t priority, int64_t weight, int64_t aging_ms)
{
    struct gen_queue_class *class;

    GEN_CHECK(priority >= 1 && priority <= GEN_QUEUE_CLASSES);
    class = &lanes->terms.classes[priority - 1];
    class->weight = weight > 0 ? weight : 0;
    class->aging_ms = aging_ms > 0 ? aging_ms : 0;
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

static bool lanes_group_full(const struct gen_lane_group *group)
{
    return group != NULL && group->limit > 0 && group->inside >= (size_t)group->limit;
}

enum gen_lanes_hold gen_lanes_held(const struct gen_ticket *ticket, gen_moment now,
                                   gen_moment *until)
{
    enum gen_lanes_hold hold = GEN_LANES_FREE;

    *until = 0;
    if (ticket->lane == NULL || ticket->inside) {
        return GEN_LANES_FREE;
    }
    if (!ticket->front && ticket->not_before > now) {
        *until = ticket->not_before;
        return GEN_LANES_LATER;
    }
    if (!ticket->front) {
        hold = lane_held(ticket->lane, now, until);
    }
    return hold != GEN_LANES_FREE                                ? hold
           : lanes_group_full(ticket->group)                     ? GEN_LANES_GROUP
           : lanes_group_full(ticket->model)                     ? GEN_LANES_MODEL
           : gen_ticket_bounded(ticket)                          ? GEN_LANES_PURSE
           : ticket->lane->inside >= (size_t)ticket->lane->limit ? GEN_LANES_FULL
                                                                 : GEN_LANES_OTHERS;
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
                               struct gen_ticket *ticket, gen_moment now)
{
    struct gen_lane *lane = lanes_find(lanes, provider);

    GEN_CHECK(ticket->lane == NULL);
    if (lane == NULL || gen_queue_add(lane->queue, ticket, now) != GEN_OK) {
        return GEN_ENOMEM;
    }
    lane->limit = limit > 0 ? limit : LANES_DEFAULT_LIMIT;
    ticket->lane = lane;
    ticket->inside = false;
    lanes->waiting++;
    ticket_count(ticket, 1, 0);
    return GEN_OK;
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
        gen_queue_remove(ticket->lane->queue, ticket);
        lanes->waiting--;
        ticket_count(ticket, -1, 0);
    }
    ticket->lane = NULL;
    ticket->inside = false;
}

/* The lane's next ticket, unless time holds it up, which is noted. */
static struct gen_ticket *lanes_next_of(struct gen_lanes *lanes, struct gen_lane *lane,
                                        gen_moment now)
{
    gen_moment until, later;
    bool held;
    struct gen_ticket *ticket;

    if (gen_queue_count(lane->queue) == 0 || lane->inside >= (size_t)lane->limit) {
        return NULL;
    }
    held = lane_held(lane, now, &until) != GEN_LANES_FREE;
    ticket = gen_queue_next(lane->queue, now, held);
    if (ticket != NULL) {
        return ticket;
    }
    if (held && gen_queue_next(lane->queue, now, false) == NULL) {
        until = 0; /* nobody waits for that alone */
    }
    later = gen_queue_due(lane->queue);
    until = until == 0 || (later != 0 && later < until) ? later : until;
    if (until != 0 && (lanes->next == 0 || until < lanes->next)) {
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
            gen_queue_take(lane->queue, ticket);
            ticket->inside = true;
            lane->inside++;
            lanes->inside++;
            lanes->waiting--;
            ticket_count(ticket, -1, 1);
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

    return lane == NULL ? 0 : gen_queue_count(lane->queue);
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
    return ticket->lane == NULL || ticket->inside ? 0
                                                  : gen_queue_position(ticket->lane->queue, ticket);
}
