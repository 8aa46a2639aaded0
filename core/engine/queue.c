/* queue.c - see queue.h. */
#include "engine/queue.h"

#include "base/alloc.h"

#include <string.h>

enum {
    QUEUE_PLACE = 1000000,              /* service that one place of mean cost is worth */
    QUEUE_DEAREST = 8,                  /* no order counts as more places than so many */
    QUEUE_MEAN_OVER = 16,               /* orders that the running mean looks back on */
    QUEUE_PATIENCE_MS = 60 * 60 * 1000, /* a deadline for those who have none */
};

struct queue_stand { /* a party in this lane */
    struct queue_stand *next;
    const struct gen_party *party; /* NULL = everybody else */
    size_t waiting;
    uint64_t number; /* of its last grant or return; of those that are even the lowest */
    int64_t served;  /* virtual time of the lane at which its next work begins */
    int64_t class_served[GEN_QUEUE_CLASSES]; /* of its own virtual time */
    size_t class_waiting[GEN_QUEUE_CLASSES];
    int64_t class_time;
};

struct gen_queue_line { /* tickets of one party and class with the same bounds */
    struct gen_queue_line *next;
    struct queue_stand *stand;
    struct gen_ticket *first, *last;    /* by what is due */
    struct gen_ticket *oldest, *newest; /* by `since` */
    int32_t class;
    bool front;
};

struct gen_queue {
    struct gen_queue_terms *terms;
    struct gen_queue_line *lines, *spare;
    struct queue_stand *stands;
    struct queue_stand resumed; /* of all work that had a place before; no shares are counted */
    struct gen_ticket *later;   /* wait for a moment; the earliest first, by next and previous */
    int64_t time;               /* virtual: where the work began that was granted last */
    size_t count;
};

struct gen_queue *gen_queue_create(struct gen_queue_terms *terms)
{
    struct gen_queue *queue = gen_alloc(sizeof(*queue));

    if (queue != NULL) {
        queue->terms = terms;
    }
    return queue;
}

static void lines_free(struct gen_queue_line *line)
{
    while (line != NULL) {
        struct gen_queue_line *next = line->next;

        gen_free(line);
        line = next;
    }
}

void gen_queue_destroy(struct gen_queue *queue)
{
    if (queue == NULL) {
        return;
    }
    lines_free(queue->lines);
    lines_free(queue->spare);
    while (queue->stands != NULL) {
        struct queue_stand *next = queue->stands->next;

        gen_free(queue->stands);
        queue->stands = next;
    }
    gen_free(queue);
}

bool gen_ticket_bounded(const struct gen_ticket *ticket)
{
    const struct gen_lane_group *const groups[] = {ticket->group, ticket->model};

    for (size_t i = 0; i < GEN_COUNT(groups) + GEN_TICKET_PURSES; i++) {
        const struct gen_lane_group *group = i < GEN_COUNT(groups)
                                                 ? groups[i]
                                                 : ticket->purses[i - GEN_COUNT(groups)];

        if (group != NULL && group->limit > 0 && group->inside >= (size_t)group->limit) {
            return true;
        }
    }
    return false;
}

/* ------------------------------------------------------------------------------------- stands -- */

static int64_t stand_weight(const struct queue_stand *stand)
{
    return stand->party == NULL || stand->party->weight <= 0 ? GEN_QUEUE_WEIGHT_ONE
                                                             : stand->party->weight;
}

static int64_t class_step(const struct gen_queue *queue, int32_t class)
{
    int64_t weight = queue->terms->classes[class].weight;

    return (int64_t)QUEUE_PLACE * GEN_QUEUE_WEIGHT_ONE / (weight > 0 ? weight : 1);
}

/* Those that nobody waits at are kept while they owe something, then used again. */
static struct queue_stand *queue_stand(struct gen_queue *queue, const struct gen_party *party)
{
    struct queue_stand *idle = NULL;

    for (struct queue_stand *stand = queue->stands; stand != NULL; stand = stand->next) {
        if (stand->party == party) {
            return stand;
        }
        if (idle == NULL && stand->waiting == 0 && stand->served <= queue->time) {
            idle = stand;
        }
    }
    if (idle == NULL) {
        idle = gen_alloc(sizeof(*idle));
        if (idle == NULL) {
            return NULL;
        }
        idle->next = queue->stands;
        queue->stands = idle;
    } else {
        struct queue_stand *next = idle->next;

        *idle = (struct queue_stand){.next = next};
    }
    idle->party = party;
    return idle;
}

static void stand_join(struct gen_queue *queue, struct queue_stand *stand, int32_t class)
{
    if (stand->waiting++ == 0) {
        stand->number = ++queue->terms->arrivals;
        stand->served = stand->served > queue->time ? stand->served : queue->time;
    }
    if (stand->class_waiting[class]++ == 0 && stand->class_served[class] < stand->class_time) {
        stand->class_served[class] = stand->class_time;
    }
}

static void stand_quit(struct queue_stand *stand, int32_t class)
{
    stand->waiting--;
    stand->class_waiting[class]--;
}

/* -------------------------------------------------------------------------------------- lines -- */

static bool line_fits(const struct gen_queue_line *line, const struct gen_ticket *ticket)
{
    const struct gen_ticket *other = line->first;

    return line->class == ticket->class && other->group == ticket->group &&
           other->model == ticket->model &&
           memcmp(other->purses, ticket->purses, sizeof other->purses) == 0;
}

static struct gen_queue_line *queue_line(struct gen_queue *queue, struct queue_stand *stand,
                                         const struct gen_ticket *ticket)
{
    struct gen_queue_line *line;

    for (line = queue->lines; line != NULL; line = line->next) {
        if (line->stand == stand && line_fits(line, ticket)) {
            return line;
        }
    }
    line = queue->spare;
    if (line != NULL) {
        queue->spare = line->next;
    } else {
        line = gen_alloc(sizeof(*line));
        if (line == NULL) {
            return NULL;
        }
    }
    *line = (struct gen_queue_line){
        .next = queue->lines, .stand = stand, .class = ticket->class, .front = ticket->front};
    queue->lines = line;
    return line;
}

/* Among resumed work priority counts first; among the rest it is another class. */
static bool ticket_before(const struct gen_ticket *a, const struct gen_ticket *b)
{
    if (a->front && b->front && a->priority != b->priority) {
        return a->priority > b->priority;
    }
    if (a->due != b->due) {
        return a->due < b->due;
    }
    return a->number < b->number;
}

static void line_put(struct gen_queue_line *line, struct gen_ticket *ticket)
{
    struct gen_ticket *after = line->last, *older = line->newest;

    while (after != NULL && ticket_before(ticket, after)) {
        after = after->previous;
    }
    ticket->previous = after;
    ticket->next = after == NULL ? line->first : after->next;
    *(after == NULL ? &line->first : &after->next) = ticket;
    *(ticket->next == NULL ? &line->last : &ticket->next->previous) = ticket;
    while (older != NULL && ticket->since < older->since) {
        older = older->older;
    }
    ticket->older = older;
    ticket->younger = older == NULL ? line->oldest : older->younger;
    *(older == NULL ? &line->oldest : &older->younger) = ticket;
    *(ticket->younger == NULL ? &line->newest : &ticket->younger->older) = ticket;
    ticket->line = line;
}

static void line_drop(struct gen_queue *queue, struct gen_ticket *ticket)
{
    struct gen_queue_line *line = ticket->line;
    struct gen_queue_line **place = &queue->lines;

    *(ticket->previous == NULL ? &line->first : &ticket->previous->next) = ticket->next;
    *(ticket->next == NULL ? &line->last : &ticket->next->previous) = ticket->previous;
    *(ticket->older == NULL ? &line->oldest : &ticket->older->younger) = ticket->younger;
    *(ticket->younger == NULL ? &line->newest : &ticket->younger->older) = ticket->older;
    ticket->next = ticket->previous = ticket->younger = ticket->older = NULL;
    ticket->line = NULL;
    if (line->first != NULL) {
        return;
    }
    while (*place != line) {
        place = &(*place)->next;
    }
    *place = line->next;
    line->next = queue->spare;
    queue->spare = line;
}

/* ------------------------------------------------------------------------------------ tickets -- */

/* Into its line; GEN_ENOMEM: it is in none. */
static enum gen_status queue_enter(struct gen_queue *queue, struct gen_ticket *ticket)
{
    struct queue_stand *stand = ticket->front ? &queue->resumed : queue_stand(queue, ticket->party);
    struct gen_queue_line *line = stand == NULL ? NULL : queue_line(queue, stand, ticket);

    if (line == NULL) {
        return GEN_ENOMEM;
    }
    line_put(line, ticket);
    stand_join(queue, stand, ticket->class);
    return GEN_OK;
}

static void queue_delay(struct gen_queue *queue, struct gen_ticket *ticket)
{
    struct gen_ticket *after = NULL, *next = queue->later;

    while (next != NULL && next->not_before <= ticket->not_before) {
        after = next;
        next = next->next;
    }
    ticket->previous = after;
    ticket->next = next;
    *(after == NULL ? &queue->later : &after->next) = ticket;
    if (next != NULL) {
        next->previous = ticket;
    }
}

enum gen_status gen_queue_add(struct gen_queue *queue, struct gen_ticket *ticket, gen_moment now)
{
    enum gen_status status = GEN_OK;
    int32_t class = ticket->priority - 1;

    GEN_CHECK(ticket->line == NULL);
    ticket->class = class < 0 ? 0 : class < GEN_QUEUE_CLASSES ? class : GEN_QUEUE_CLASSES - 1;
    ticket->lifted = 0;
    ticket->arrived = ticket->since = now;
    ticket->due = ticket->deadline != 0 ? ticket->deadline : now + QUEUE_PATIENCE_MS;
    ticket->number = ++queue->terms->arrivals;
    if (ticket->not_before > now && !ticket->front) {
        queue_delay(queue, ticket);
    } else {
        status = queue_enter(queue, ticket);
    }
    queue->count += status == GEN_OK;
    return status;
}

void gen_queue_remove(struct gen_queue *queue, struct gen_ticket *ticket)
{
    queue->count--;
    if (ticket->line != NULL) {
        struct queue_stand *stand = ticket->line->stand;

        line_drop(queue, ticket);
        stand_quit(stand, ticket->class);
        return;
    }
    *(ticket->previous == NULL ? &queue->later : &ticket->previous->next) = ticket->next;
    if (ticket->next != NULL) {
        ticket->next->previous = ticket->previous;
    }
    ticket->next = ticket->previous = NULL;
}

/* --------------------------------------------------------------------------------------- turn -- */

/* Those whose moment has come. Without memory they stay for the next time. */
static void queue_wake(struct gen_queue *queue, gen_moment now)
{
    while (queue->later != NULL && queue->later->not_before <= now) {
        struct gen_ticket *ticket = queue->later, *next = ticket->next;

        ticket->next = NULL;
        ticket->since = now; /* it has waited by its own choice so far */
        if (queue_enter(queue, ticket) != GEN_OK) {
            ticket->next = next;
            return;
        }
        queue->later = next;
        if (next != NULL) {
            next->previous = NULL;
        }
    }
}

/* Moves the oldest of a line up while they have waited long enough. The line may be gone afterwards. */
static void line_lift(struct gen_queue *queue, struct gen_queue_line *line, gen_moment now)
{
    int64_t aging = queue->terms->classes[line->class].aging_ms;
    struct gen_ticket *ticket = line->oldest;

    if (line->front || aging <= 0 || line->class == GEN_QUEUE_CLASSES - 1) {
        return;
    }
    while (ticket != NULL && now - ticket->since >= aging) {
        struct gen_ticket *younger = ticket->younger;
        struct queue_stand *stand = line->stand;
        struct gen_queue_line *up;

        ticket->class ++;
        up = queue_line(queue, stand, ticket);
        if (up == NULL) {
            ticket->class --;
            return; /* no memory: it stays for the next time */
        }
        line_drop(queue, ticket);
        stand_quit(stand, ticket->class - 1);
        ticket->lifted++;
        ticket->since += aging;
        line_put(up, ticket);
        stand_join(queue, stand, ticket->class);
        ticket = younger;
    }
}

static bool weightless(const struct gen_queue *queue, int32_t class)
{
    return queue->terms->classes[class].weight <= 0;
}

/* Does line `a` have its turn before line `b`? */
static bool line_before(const struct gen_queue *queue, const struct gen_queue_line *a,
                        const struct gen_queue_line *b)
{
    const struct gen_ticket *first = a->first, *second = b->first;

    if (a->front != b->front) {
        return a->front;
    }
    if (a->front) {
        return ticket_before(first, second);
    }
    if (a->stand != b->stand) {
        return a->stand->served != b->stand->served ? a->stand->served < b->stand->served
                                                    : a->stand->number < b->stand->number;
    }
    if (a->class != b->class) {
        int64_t served = a->stand->class_served[a->class];
        int64_t other = a->stand->class_served[b->class];

        if (weightless(queue, a->class) != weightless(queue, b->class)) {
            return weightless(queue, b->class);
        }
        return served != other ? served < other : a->class > b->class;
    }
    return ticket_before(first, second);
}

struct gen_ticket *gen_queue_next(struct gen_queue *queue, gen_moment now, bool resumed_only)
{
    struct gen_queue_line *best = NULL;

    queue_wake(queue, now);
    for (struct gen_queue_line *line = queue->lines, *next; line != NULL; line = next) {
        next = line->next;
        line_lift(queue, line, now); /* a line that comes of it is the first: looked at below */
    }
    for (struct gen_queue_line *line = queue->lines; line != NULL; line = line->next) {
        if ((line->front || !resumed_only) && !gen_ticket_bounded(line->first) &&
            (best == NULL || line_before(queue, line, best))) {
            best = line;
        }
    }
    return best == NULL ? NULL : best->first;
}

/* How many thousandths of a place it counts as: the larger of its place and its money. */
static int64_t queue_parts(struct gen_queue_terms *terms, gen_micros cost)
{
    int64_t parts = GEN_QUEUE_WEIGHT_ONE;

    if (cost <= 0) {
        return parts;
    }
    if (terms->mean == 0) {
        terms->mean = cost;
    }
    if (cost / QUEUE_DEAREST >= terms->mean) {
        parts *= QUEUE_DEAREST;
    } else if (cost > terms->mean) {
        parts = terms->mean > INT64_MAX / QUEUE_PLACE ? cost / (terms->mean / parts)
                                                      : cost * parts / terms->mean;
    }
    terms->mean += (cost - terms->mean) / QUEUE_MEAN_OVER;
    terms->mean = terms->mean > 0 ? terms->mean : 1;
    return parts;
}

void gen_queue_take(struct gen_queue *queue, struct gen_ticket *ticket)
{
    struct queue_stand *stand = ticket->line->stand;

    if (!ticket->front) {
        int64_t *served = &stand->class_served[ticket->class];

        if (stand->served > queue->time) {
            queue->time = stand->served;
        }
        stand->number = ++queue->terms->arrivals;
        stand->served += queue_parts(queue->terms, ticket->cost) * QUEUE_PLACE /
                         stand_weight(stand);
        if (*served > stand->class_time) {
            stand->class_time = *served;
        }
        *served += class_step(queue, ticket->class);
    }
    gen_queue_remove(queue, ticket);
}

gen_moment gen_queue_due(const struct gen_queue *queue)
{
    return queue->later == NULL ? 0 : queue->later->not_before;
}

size_t gen_queue_count(const struct gen_queue *queue)
{
    return queue->count;
}

/* ----------------------------------------------------------------------------------- position -- */

/* How many of `count` places, the first at `from` and then every `step`, begin before `until`. */
static size_t places_before(int64_t from, int64_t step, size_t count, int64_t until, bool even)
{
    int64_t room = until - from;
    size_t places;

    if (room < 0 || (room == 0 && !even)) {
        return 0;
    }
    places = (size_t)(room / step) + (even || room % step != 0 ? 1 : 0);
    return places < count ? places : count;
}

/* How many of its own party go before it. */
static size_t ahead_at_home(const struct gen_queue *queue, const struct gen_ticket *ticket)
{
    const struct queue_stand *stand = ticket->line->stand;
    size_t same = 0, ahead;
    int64_t begins;

    for (const struct gen_queue_line *line = queue->lines; line != NULL; line = line->next) {
        if (line->stand != stand || line->class != ticket->class) {
            continue;
        }
        for (const struct gen_ticket *other = line->first;
             other != NULL && other != ticket && ticket_before(other, ticket);
             other = other->next) {
            same++;
        }
    }
    ahead = same;
    begins = stand->class_served[ticket->class] + (int64_t)same * class_step(queue, ticket->class);
    for (int32_t class = 0; class < GEN_QUEUE_CLASSES; class ++) {
        bool after = queue->terms->classes[class].weight <= 0;

        if (class == ticket->class || (after && !weightless(queue, ticket->class))) {
            continue;
        }
        ahead += !after && weightless(queue, ticket->class)
                     ? stand->class_waiting[class]
                     : places_before(stand->class_served[class], class_step(queue, class),
                                     stand->class_waiting[class], begins, class > ticket->class);
    }
    return ahead;
}

static size_t position_later(const struct gen_queue *queue, const struct gen_ticket *ticket)
{
    size_t position = queue->count;

    for (const struct gen_ticket *other = ticket->next; other != NULL; other = other->next) {
        position--;
    }
    return position;
}

size_t gen_queue_position(const struct gen_queue *queue, const struct gen_ticket *ticket)
{
    const struct queue_stand *own = ticket->line == NULL ? NULL : ticket->line->stand;
    size_t position = 1, home;
    int64_t begins;

    if (own == NULL) {
        return position_later(queue, ticket);
    }
    for (const struct gen_queue_line *line = queue->lines; line != NULL; line = line->next) {
        for (const struct gen_ticket *other = line->front ? line->first : NULL; other != NULL;
             other = other->next) {
            position += !ticket->front || ticket_before(other, ticket);
        }
    }
    if (ticket->front) {
        return position;
    }
    home = ahead_at_home(queue, ticket);
    begins = own->served + (int64_t)home * GEN_QUEUE_WEIGHT_ONE * QUEUE_PLACE / stand_weight(own);
    for (const struct queue_stand *stand = queue->stands; stand != NULL; stand = stand->next) {
        if (stand != own) {
            position += places_before(
                stand->served, (int64_t)GEN_QUEUE_WEIGHT_ONE * QUEUE_PLACE / stand_weight(stand),
                stand->waiting, begins, stand->number < own->number);
        }
    }
    return position + home;
}
