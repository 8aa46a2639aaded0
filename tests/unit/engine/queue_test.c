/* queue_test.c - whose turn it is at one provider: shares of parties and priorities, age, bounds, moments. */
#include "engine/queue.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

static struct gen_queue_terms shipped(void)
{
    return (struct gen_queue_terms){.classes = {{.weight = 1000, .aging_ms = 30 * MINUTE},
                                                {.weight = 4000, .aging_ms = 30 * MINUTE},
                                                {.weight = 8000}}};
}

static void add(struct gen_queue *queue, struct gen_ticket *ticket, gen_moment now)
{
    cr_assert(eq(int, gen_queue_add(queue, ticket, now), GEN_OK));
}

/* Grants one and lets it stand in line again at once, so that everybody always has work. */
static struct gen_ticket *serve(struct gen_queue *queue, gen_moment now)
{
    struct gen_ticket *ticket = gen_queue_next(queue, now, false);

    cr_assert(ticket != NULL);
    gen_queue_take(queue, ticket);
    return ticket;
}

/* Places by weight, whatever each has waiting: 3 to 2 to 1, over every stretch of a few dozen. */
Test(queue, parties_share_by_weight)
{
    enum { PARTIES = 3, EACH = 40, ROUNDS = 600 };
    struct gen_party parties[PARTIES] = {{3000}, {2000}, {1000}};
    static struct gen_ticket tickets[PARTIES][EACH];
    struct gen_queue_terms terms = shipped();
    struct gen_queue *queue = gen_queue_create(&terms);
    int served[PARTIES] = {0};

    for (int i = 0; i < PARTIES; i++) {
        for (int k = 0; k < EACH - 13 * i; k++) { /* the last has fewer waiting than its share brings */
            tickets[i][k].party = &parties[i];
            tickets[i][k].priority = 2;
            add(queue, &tickets[i][k], 0);
        }
    }
    for (int round = 1; round <= ROUNDS; round++) {
        struct gen_ticket *ticket = serve(queue, 0);

        served[ticket->party - parties]++;
        add(queue, ticket, 0);
        for (int i = 0; i < PARTIES; i++) {
            cr_assert(served[i] * 6 >= (3 - i) * round - 12 && served[i] * 6 <= (3 - i) * round + 12,
                      "round %d: party %d has had %d", round, i, served[i]);
        }
    }
    gen_queue_destroy(queue);
}

/* Who asks for one at a time, each time at once, gets no more than who has a hundred waiting. */
Test(queue, one_at_a_time_is_no_trick)
{
    struct gen_party many = {1000}, one = {1000};
    static struct gen_ticket crowd[100], single;
    struct gen_queue_terms terms = shipped();
    struct gen_queue *queue = gen_queue_create(&terms);
    int of_one = 0;

    for (size_t i = 0; i < GEN_COUNT(crowd); i++) {
        crowd[i].party = &many;
        add(queue, &crowd[i], 0);
    }
    single.party = &one;
    add(queue, &single, 0);
    for (int round = 0; round < 100; round++) {
        struct gen_ticket *ticket = serve(queue, 0);

        of_one += ticket == &single;
        add(queue, ticket, 0);
    }
    cr_assert(of_one >= 49 && of_one <= 51, "%d of 100", of_one);
    gen_queue_destroy(queue);
}

/* Who comes back after a while has no claim to what he missed, and owes nothing either. */
Test(queue, absence_is_not_saved_up)
{
    struct gen_party here = {1000}, away = {1000};
    static struct gen_ticket stays[4], comes[4];
    struct gen_queue_terms terms = shipped();
    struct gen_queue *queue = gen_queue_create(&terms);
    int of_away = 0;

    for (size_t i = 0; i < 4; i++) {
        stays[i].party = &here;
        comes[i].party = &away;
        add(queue, &stays[i], 0);
    }
    for (int round = 0; round < 1000; round++) {
        add(queue, serve(queue, 0), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        add(queue, &comes[i], 0);
    }
    for (int round = 0; round < 20; round++) {
        struct gen_ticket *ticket = serve(queue, 0);

        of_away += ticket->party == &away;
        add(queue, ticket, 0);
    }
    cr_assert(of_away >= 9 && of_away <= 11, "%d of 20", of_away);
    gen_queue_destroy(queue);
}

/* Money counts as well: whose orders cost three times as much gets a third of the places beside another, so
 * that both spend alike; what costs less than the mean counts as one place. */
Test(queue, dear_orders_count_as_more)
{
    struct gen_party dear = {1000}, cheap = {1000};
    static struct gen_ticket of_dear[9], of_cheap[9];
    struct gen_queue_terms terms = shipped();
    struct gen_queue *queue = gen_queue_create(&terms);
    gen_micros spent_dear = 0, spent_cheap = 0;

    for (size_t i = 0; i < 9; i++) {
        of_dear[i] = (struct gen_ticket){.party = &dear, .cost = 6000000};
        of_cheap[i] = (struct gen_ticket){.party = &cheap, .cost = 2000000};
        add(queue, &of_dear[i], 0);
        add(queue, &of_cheap[i], 0);
    }
    for (int round = 0; round < 2000; round++) {
        struct gen_ticket *ticket = serve(queue, 0);

        *(ticket->party == &dear ? &spent_dear : &spent_cheap) += ticket->cost;
        add(queue, ticket, 0);
    }
    /* the mean lies between the two: the dear one still gets more money, but not thrice as much */
    cr_assert(spent_dear < spent_cheap * 2 && spent_cheap < spent_dear, "%lld and %lld",
              (long long)spent_dear, (long long)spent_cheap);
    gen_queue_destroy(queue);
}

/* Amounts at the ends of what there is do no harm. */
Test(queue, any_cost)
{
    static const gen_micros costs[] = {0, -1, 1, INT64_MAX, 1, INT64_MAX, 500, INT64_MAX / 2};
    struct gen_queue_terms terms = shipped();
    struct gen_queue *queue = gen_queue_create(&terms);
    struct gen_ticket ticket = {.priority = 2};

    for (size_t i = 0; i < 1000; i++) {
        ticket.cost = costs[i % GEN_COUNT(costs)];
        add(queue, &ticket, 0);
        cr_assert(serve(queue, 0) == &ticket && terms.mean >= 0);
    }
    gen_queue_destroy(queue);
}

/* Inside a party by priority, 8 to 4 to 1, and the low ones are never forgotten. */
Test(queue, priorities_share_by_weight)
{
    static struct gen_ticket tickets[3][30];
    struct gen_queue_terms terms = shipped();
    struct gen_queue *queue = gen_queue_create(&terms);
    int served[3] = {0};

    for (int class = 0; class < 3; class++) {
        for (int k = 0; k < 30; k++) {
            tickets[class][k].priority = class + 1;
            add(queue, &tickets[class][k], 0);
        }
    }
    for (int round = 0; round < 1300; round++) {
        struct gen_ticket *ticket = serve(queue, 0);

        served[ticket->priority - 1]++;
        add(queue, ticket, 0);
    }
    cr_assert(served[0] >= 98 && served[0] <= 102 && served[1] >= 396 && served[1] <= 404,
              "%d %d %d", served[0], served[1], served[2]);
    gen_queue_destroy(queue);
}

/* A priority without weight comes after all others - until its age lifts it. */
Test(queue, age_fires)
{
    struct gen_queue_terms terms = {.classes = {{.weight = 0, .aging_ms = 10 * MINUTE},
                                                {.weight = 1000, .aging_ms = 20 * MINUTE},
                                                {.weight = 1000}}};
    struct gen_queue *queue = gen_queue_create(&terms);
    static struct gen_ticket high[3], low = {.priority = 1};
    gen_moment now = 0;

    add(queue, &low, now);
    for (size_t i = 0; i < 3; i++) {
        high[i].priority = 3;
        add(queue, &high[i], now);
    }
    for (; now < 10 * MINUTE; now += MINUTE) { /* high work never ends */
        struct gen_ticket *ticket = serve(queue, now);

        cr_assert(ticket != &low, "after %lld minutes", (long long)(now / MINUTE));
        add(queue, ticket, now);
    }
    cr_assert(gen_queue_next(queue, now, false) == &low, "lifted to normal, which has had nothing");
    cr_assert(low.lifted == 1);
    gen_queue_next(queue, 30 * MINUTE, false);
    cr_assert(low.lifted == 2, "10 minutes as low, 20 as normal");
    gen_queue_next(queue, 30 * HOUR, false);
    cr_assert(low.lifted == 2, "there is nothing above");
    gen_queue_destroy(queue);
}

/* The same without age: the test before would find it broken. */
Test(queue, without_age_it_waits_for_ever)
{
    struct gen_queue_terms terms = {.classes = {{.weight = 0}, {.weight = 1000}, {.weight = 1000}}};
    struct gen_queue *queue = gen_queue_create(&terms);
    static struct gen_ticket high = {.priority = 3}, low = {.priority = 1};

    add(queue, &low, 0);
    add(queue, &high, 0);
    for (gen_moment now = 0; now < 100 * HOUR; now += HOUR) {
        cr_assert(serve(queue, now) == &high);
        add(queue, &high, now);
    }
    gen_queue_destroy(queue);
}

/* The earliest deadline goes first; who has none is due an hour after he came, so later deadlines do not pass
 * him. */
Test(queue, what_is_due)
{
    struct gen_queue_terms terms = shipped();
    struct gen_queue *queue = gen_queue_create(&terms);
    struct gen_ticket plain = {.priority = 2}, soon = {.priority = 2, .deadline = 30 * MINUTE},
                      later = {.priority = 2, .deadline = 2 * HOUR},
                      sooner = {.priority = 2, .deadline = 10 * MINUTE};

    add(queue, &later, 0);
    add(queue, &plain, 0);
    add(queue, &soon, 0);
    add(queue, &sooner, 1);
    cr_assert(eq(sz, gen_queue_position(queue, &sooner), 1));
    cr_assert(eq(sz, gen_queue_position(queue, &soon), 2));
    cr_assert(eq(sz, gen_queue_position(queue, &plain), 3));
    cr_assert(eq(sz, gen_queue_position(queue, &later), 4));
    cr_assert(serve(queue, 1) == &sooner && serve(queue, 1) == &soon);
    cr_assert(serve(queue, 1) == &plain && serve(queue, 1) == &later);
    gen_queue_destroy(queue);
}

/* Those that wait for a moment hold up nobody, and come in by themselves. */
Test(queue, moments)
{
    struct gen_queue_terms terms = shipped();
    struct gen_queue *queue = gen_queue_create(&terms);
    struct gen_ticket night = {.priority = 3, .not_before = 500},
                      evening = {.priority = 3, .not_before = 200}, now = {.priority = 1},
                      resumed = {.priority = 1, .not_before = 900, .front = true};

    add(queue, &night, 0);
    add(queue, &evening, 0);
    add(queue, &now, 0);
    cr_assert(eq(i64, gen_queue_due(queue), 200));
    cr_assert(eq(sz, gen_queue_position(queue, &now), 1));
    cr_assert(eq(sz, gen_queue_position(queue, &evening), 2));
    cr_assert(eq(sz, gen_queue_position(queue, &night), 3));
    add(queue, &resumed, 0); /* it has begun: it waits for nothing */
    cr_assert(serve(queue, 0) == &resumed);
    cr_assert(serve(queue, 0) == &now);
    cr_assert(gen_queue_next(queue, 199, false) == NULL && gen_queue_count(queue) == 2);
    cr_assert(serve(queue, 200) == &evening);
    cr_assert(eq(i64, gen_queue_due(queue), 500));
    gen_queue_remove(queue, &night);
    cr_assert(gen_queue_due(queue) == 0 && gen_queue_count(queue) == 0);
    gen_queue_destroy(queue);
}

/* Random comings, goings and grants: what is told as the next is the next; nobody is lost; the position of
 * whoever is granted was 1, where all cost the same and nobody is bounded. */
Test(queue, many)
{
    enum { TICKETS = 80, PARTIES = 5 };
    struct gen_party parties[PARTIES] = {{500}, {1000}, {1000}, {2500}, {8000}};
    static struct gen_ticket tickets[TICKETS];
    bool waits[TICKETS] = {false};
    struct gen_queue_terms terms = shipped();
    struct gen_queue *queue = gen_queue_create(&terms);
    uint32_t draw = 11;
    size_t count = 0;

    for (gen_moment now = 0; now < 40000; now += 1) {
        size_t at;
        struct gen_ticket *ticket;

        draw = draw * 1664525u + 1013904223u;
        at = (draw >> 8) % TICKETS;
        ticket = &tickets[at];
        if (!waits[at]) {
            *ticket = (struct gen_ticket){.party = (draw >> 4) % 6 == 5 ? NULL : &parties[(draw >> 4) % 6],
                                          .priority = (int32_t)(draw >> 30),
                                          .deadline = (draw >> 20 & 1) != 0 ? now + (draw >> 16) : 0,
                                          .front = (draw >> 21 & 7) == 0};
            add(queue, ticket, now);
            waits[at] = true;
            count++;
        } else if ((draw >> 24 & 3) == 0) {
            gen_queue_remove(queue, ticket);
            waits[at] = false;
            count--;
        }
        if ((draw >> 26 & 1) != 0 && count > 0) {
            ticket = gen_queue_next(queue, now, false);
            cr_assert(ticket != NULL && waits[ticket - tickets]);
            cr_assert(eq(sz, gen_queue_position(queue, ticket), 1), "at %lld", (long long)now);
            gen_queue_take(queue, ticket);
            waits[ticket - tickets] = false;
            count--;
        }
        cr_assert(eq(sz, gen_queue_count(queue), count));
    }
    gen_queue_destroy(queue);
}

/* The position that is told is the one at which it is granted, while nobody comes or goes. */
Test(queue, positions_come_true)
{
    enum { TICKETS = 60 };
    struct gen_party parties[3] = {{1000}, {2000}, {3000}};
    static struct gen_ticket tickets[TICKETS];
    size_t told[TICKETS];
    struct gen_queue_terms terms = shipped();
    struct gen_queue *queue = gen_queue_create(&terms);

    for (size_t i = 0; i < TICKETS; i++) {
        tickets[i].party = &parties[i % 3];
        tickets[i].priority = (int32_t)(i / 3 % 3) + 1;
        tickets[i].front = i % 20 == 7;
        tickets[i].deadline = i % 5 == 0 ? (gen_moment)(100000 - i * 1000) : 0;
        add(queue, &tickets[i], 0);
    }
    for (size_t i = 0; i < TICKETS; i++) {
        told[i] = gen_queue_position(queue, &tickets[i]);
    }
    for (size_t place = 1; place <= TICKETS; place++) {
        struct gen_ticket *ticket = serve(queue, 0);
        size_t off = told[ticket - tickets] > place ? told[ticket - tickets] - place
                                                    : place - told[ticket - tickets];

        /* Of parties that are even, who had his last place first goes first, which changes with each grant. */
        cr_expect(off <= 2, "told %zu, came %zu", told[ticket - tickets], place);
    }
    gen_queue_destroy(queue);
}

Test(queue, every_allocation_fails)
{
    bool complete = false;

    for (long nth = 1; !complete; nth++) {
        struct gen_queue_terms terms = shipped();
        struct gen_party party = {1000};
        struct gen_ticket low = {.priority = 1, .party = &party}, later = {.not_before = 5};
        struct gen_queue *queue;

        gen_alloc_fail_at(nth);
        queue = gen_queue_create(&terms);
        complete = queue != NULL && gen_queue_add(queue, &low, 0) == GEN_OK &&
                   gen_queue_add(queue, &later, 0) == GEN_OK;
        if (complete) {
            (void)gen_queue_next(queue, 40 * MINUTE, false); /* one is lifted, one comes in */
            complete = low.lifted == 1 && later.line != NULL;
            gen_alloc_fail_at(0);
            cr_assert(gen_queue_next(queue, 40 * MINUTE, false) != NULL && gen_queue_count(queue) == 2,
                      "without memory they stay for the next time");
            cr_assert(low.lifted == 1 && later.line != NULL);
        }
        gen_alloc_fail_at(0);
        gen_queue_destroy(queue);
        cr_assert(nth < 50);
    }
}
