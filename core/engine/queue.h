/* queue.h - who waits at one provider, and whose turn it is.
 *
 * Places are shared by start-time fair queueing (Goyal, Vin, Cheng 1996) on two levels: among parties
 * (organizations, say) by their weight, each place counted by what it costs in money as well; and inside a
 * party among its priorities by theirs. Inside a priority the earliest due goes first: its deadline, or
 * where there is none its arrival and an hour, so that nobody waits for ever behind deadlines. Work that has
 * waited long moves up by one priority. Resumed work stands outside of all that, in front.
 * Those with the same bounds stand in one line, so whoever is full is passed over in one look.
 * It starts nothing and knows no clock.
 * Invariant: a ticket is in at most one line; a party that left with places taken in advance keeps that debt
 * until the others have caught up.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/queue_test.c
 */
#ifndef GEN_ENGINE_QUEUE_H
#define GEN_ENGINE_QUEUE_H

#include "base/error.h"
#include "base/moment.h"
#include "base/money.h"

#include <stdbool.h>

struct gen_lane;
struct gen_queue_line;

enum {
    GEN_TICKET_PURSES = 6,
    GEN_QUEUE_CLASSES = 3,       /* priorities: low, normal, high */
    GEN_QUEUE_WEIGHT_ONE = 1000, /* weights are in thousandths */
};

struct gen_lane_group { /* a bound that several share */
    size_t inside, waiting;
    int32_t limit; /* 0 = none */
};

struct gen_party {  /* among whom places are shared; owned by the lanes */
    int64_t weight; /* thousandths, > 0 */
};

struct gen_queue_terms { /* of all lanes; owned by the lanes */
    struct gen_queue_class {
        int64_t weight;   /* thousandths; 0 = after all that have one */
        int64_t aging_ms; /* waiting so long lifts by one; 0 = never */
    } classes[GEN_QUEUE_CLASSES];
    gen_micros mean; /* running mean of what granted work costs; 0 = none yet */
    uint64_t arrivals;
};

struct gen_ticket { /* caller owns, zeroed at first; must be left before it is freed */
    struct gen_ticket *next, *previous; /* in the order of its line */
    struct gen_ticket *younger, *older; /* in the order in which its line will lift them */
    struct gen_queue_line *line;
    struct gen_lane *lane;        /* NULL = nowhere */
    struct gen_lane_group *group; /* NULL = bounded by the lane alone; set while it is nowhere */
    struct gen_lane_group *model; /* the same */
    struct gen_lane_group
        *purses[GEN_TICKET_PURSES]; /* the same, of budgets that are nearly used up */
    struct gen_party *party;        /* the same; NULL = everybody else */
    bool inside;
    bool front;            /* it had a place before a restart */
    int32_t priority;      /* 1 low to 3 high */
    gen_moment deadline;   /* 0 = none */
    gen_moment not_before; /* it waits for that moment, and others go past; 0 = now */
    gen_micros cost;       /* what its order costs at most; 0 = nothing, or not known */
    void *context;         /* the caller's own */
    /* The queue's own. */
    gen_moment arrived, since, due; /* since: when it came into its class */
    uint64_t number;
    int32_t class, lifted; /* index of its class now, and by how many it moved up */
};

struct gen_queue; /* of one lane */

struct gen_queue *gen_queue_create(struct gen_queue_terms *terms); /* terms: borrowed */
void gen_queue_destroy(struct gen_queue *queue); /* NULL is allowed; tickets are the callers' */

/* GEN_ENOMEM: nothing has changed. */
GEN_MUST_CHECK enum gen_status gen_queue_add(struct gen_queue *queue, struct gen_ticket *ticket,
                                             gen_moment now);
void gen_queue_remove(struct gen_queue *queue, struct gen_ticket *ticket);

/* Whose turn it is at `now` among those whose groups have room, or resumed work only; NULL: nobody's.
 * It stays where it is. Lifts those who have waited long. */
struct gen_ticket *gen_queue_next(struct gen_queue *queue, gen_moment now, bool resumed_only);
/* Takes it out and counts the place it gets. */
void gen_queue_take(struct gen_queue *queue, struct gen_ticket *ticket);
/* When the first of those who wait for a moment may go on; 0 = nobody does. */
gen_moment gen_queue_due(const struct gen_queue *queue);

size_t gen_queue_count(const struct gen_queue *queue);
/* 1 = next, as the shares stand now and if all cost the same; those who wait for a moment are last. */
size_t gen_queue_position(const struct gen_queue *queue, const struct gen_ticket *ticket);

/* Is one of its groups full? */
bool gen_ticket_bounded(const struct gen_ticket *ticket);

#endif
