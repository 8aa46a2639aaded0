/* lanes_test.c - one lane a provider: limits, order, leaving. */
#include "engine/lanes.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

static void want(struct gen_lanes *lanes, const char *provider, int32_t limit,
                 struct gen_ticket *ticket)
{
    cr_assert(eq(int, gen_lanes_want(lanes, provider, limit, ticket, 0), GEN_OK));
}

/* Resumed work, then priority, then deadline, then arrival. */
Test(lanes, order)
{
    struct gen_ticket tickets[] = {
        {.priority = 2},                          /* 0: fifth of all */
        {.priority = 3},                          /* 1 */
        {.priority = 2, .deadline = 500},         /* 2 */
        {.priority = 2, .deadline = 100},         /* 3 */
        {.priority = 1, .front = true},           /* 4: had a slot before a restart */
        {.priority = 2},                          /* 5 */
    };
    static const int expected[] = {4, 1, 3, 2, 0, 5};
    struct gen_lanes *lanes = gen_lanes_create();

    for (size_t i = 0; i < GEN_COUNT(tickets); i++) {
        want(lanes, "p", 1, &tickets[i]);
    }
    for (size_t i = 0; i < GEN_COUNT(tickets); i++) {
        cr_assert(eq(sz, gen_lanes_position(&tickets[expected[i]]), i + 1));
    }
    for (size_t i = 0; i < GEN_COUNT(tickets); i++) {
        struct gen_ticket *granted = gen_lanes_grant(lanes, 0);

        cr_assert(granted == &tickets[expected[i]], "place %zu", i);
        cr_assert(gen_lanes_grant(lanes, 0) == NULL, "the lane has room for one");
        cr_assert(eq(sz, gen_lanes_position(granted), 0));
        gen_lanes_leave(lanes, granted);
    }
    cr_assert(gen_lanes_grant(lanes, 0) == NULL);
    gen_lanes_destroy(lanes);
}

/* A full lane does not hold up another one; the newest limit counts. */
Test(lanes, limits)
{
    struct gen_ticket a[4] = {0}, b[1] = {0};
    struct gen_lanes *lanes = gen_lanes_create();
    size_t inside = 0;

    for (size_t i = 0; i < 4; i++) {
        want(lanes, "a", i < 3 ? 1 : 2, &a[i]);
    }
    want(lanes, "b", 0, &b[0]);
    while (gen_lanes_grant(lanes, 0) != NULL) {
        inside++;
    }
    cr_assert(eq(sz, inside, 3));
    cr_assert(b[0].inside && a[0].inside && a[1].inside && a[2].inside == false);
    cr_assert(eq(sz, gen_lanes_inside(lanes), 3));
    cr_assert(eq(sz, gen_lanes_waiting(lanes), 2));
    for (size_t i = 0; i < 4; i++) {
        gen_lanes_leave(lanes, &a[i]);
        gen_lanes_leave(lanes, &a[i]); /* twice does nothing */
    }
    gen_lanes_leave(lanes, &b[0]);
    cr_assert(eq(sz, gen_lanes_inside(lanes), 0));
    cr_assert(eq(sz, gen_lanes_waiting(lanes), 0));
    gen_lanes_destroy(lanes);
    gen_lanes_destroy(NULL);
}

/* A group that is full holds up nobody of another, and goes on when its bound is raised. */
Test(lanes, groups)
{
    struct gen_ticket of_a[3] = {0}, of_b[2] = {0};
    struct gen_lanes *lanes = gen_lanes_create();
    size_t inside = 0;

    for (size_t i = 0; i < 3; i++) {
        of_a[i].group = gen_lanes_bound(lanes, "a", 1);
        want(lanes, i == 2 ? "q" : "p", 10, &of_a[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        of_b[i].group = gen_lanes_bound(lanes, "b", 0);
        want(lanes, "p", 10, &of_b[i]);
    }
    while (gen_lanes_grant(lanes, 0) != NULL) {
        inside++;
    }
    cr_assert(eq(sz, inside, 3), "one of a, over all its lanes; both of b, who came later");
    cr_assert(of_a[0].inside && of_b[0].inside && of_b[1].inside);
    cr_assert(eq(sz, gen_lanes_group_inside(lanes, "a"), 1));
    cr_assert(eq(sz, gen_lanes_group_waiting(lanes, "a"), 2));
    cr_assert(eq(sz, gen_lanes_group_waiting(lanes, "nobody"), 0));
    cr_assert(gen_lanes_bound(lanes, "a", 2) == of_a[0].group);
    cr_assert(gen_lanes_grant(lanes, 0) != NULL && gen_lanes_grant(lanes, 0) == NULL);
    gen_lanes_leave(lanes, &of_a[0]);
    cr_assert(gen_lanes_grant(lanes, 0) != NULL, "its place is free for the next of the group");
    cr_assert(eq(sz, gen_lanes_inside_at(lanes, "p") + gen_lanes_inside_at(lanes, "q"), 4));
    gen_lanes_limit(lanes, "p", 1); /* those inside stay */
    cr_assert(eq(sz, gen_lanes_inside(lanes), 4));
    for (size_t i = 0; i < 3; i++) {
        gen_lanes_leave(lanes, &of_a[i]);
    }
    gen_lanes_leave(lanes, &of_b[0]);
    gen_lanes_leave(lanes, &of_b[1]);
    cr_assert(eq(sz, gen_lanes_group_inside(lanes, "b"), 0));
    gen_lanes_destroy(lanes);
}

/* Random comings and goings: never more inside than the limit, the counts always right. */
Test(lanes, many)
{
    enum { TICKETS = 60 };
    struct gen_ticket tickets[TICKETS] = {0};
    struct gen_lanes *lanes = gen_lanes_create();
    uint32_t draw = 7;

    for (int turn = 0; turn < 20000; turn++) {
        struct gen_ticket *ticket;
        size_t inside = 0, waiting = 0;

        draw = draw * 1664525u + 1013904223u;
        ticket = &tickets[(draw >> 8) % TICKETS];
        if (ticket->lane == NULL) {
            ticket->priority = (int32_t)(draw >> 28);
            ticket->front = (draw >> 27 & 1) != 0;
            want(lanes, "p", 5, ticket);
        } else if ((draw >> 20 & 1) != 0) {
            gen_lanes_leave(lanes, ticket);
        }
        while ((draw >> 21 & 1) != 0 && gen_lanes_grant(lanes, 0) != NULL) {
        }
        for (size_t i = 0; i < TICKETS; i++) {
            inside += tickets[i].lane != NULL && tickets[i].inside;
            waiting += tickets[i].lane != NULL && tickets[i].inside == false;
        }
        cr_assert(inside <= 5 && inside == gen_lanes_inside(lanes) &&
                  waiting == gen_lanes_waiting(lanes));
    }
    gen_lanes_destroy(lanes);
}

Test(lanes, every_allocation_fails)
{
    bool complete = false;

    for (long nth = 1; complete == false; nth++) {
        struct gen_ticket ticket = {0};
        struct gen_lanes *lanes;

        gen_alloc_fail_at(nth);
        lanes = gen_lanes_create();
        if (lanes != NULL) {
            complete = gen_lanes_want(lanes, "p", 1, &ticket, 0) == GEN_OK;
            cr_assert(complete == (ticket.lane != NULL));
        }
        gen_alloc_fail_at(0);
        gen_lanes_destroy(lanes);
        cr_assert(nth < 50);
    }
}

/* ---------------------------------------------------------------------------------------- time -- */

struct paced {
    int32_t per_minute;
    int burst; /* grants at once on an idle lane */
};

/* As many as may in any minute, and never more: a day of grants as early as each is allowed. */
Test(lanes, a_pace_holds_in_every_minute)
{
    static const struct paced rows[] = {{1, 1}, {2, 1}, {5, 1}, {10, 1}, {60, 6}, {1000, 100}};
    static gen_moment starts[20000];

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_lanes *lanes = gen_lanes_create();
        struct gen_ticket ticket = {0};
        gen_moment now = 1000000;
        size_t count = 0;
        int at_once = 0;

        while (count < 3000) {
            want(lanes, "p", 100, &ticket);
            gen_lanes_pace(lanes, "p", rows[i].per_minute);
            while (gen_lanes_grant(lanes, now) == NULL) {
                cr_assert(gen_lanes_next(lanes) > now, "it must say when");
                now = gen_lanes_next(lanes);
            }
            starts[count++] = now;
            at_once += now == 1000000;
            gen_lanes_leave(lanes, &ticket);
        }
        cr_expect(eq(int, at_once, rows[i].burst), "%d a minute", rows[i].per_minute);
        for (size_t k = 0; k + (size_t)rows[i].per_minute < count; k++) {
            cr_assert(starts[k + (size_t)rows[i].per_minute] - starts[k] >= 60000,
                      "%d a minute, at %zu", rows[i].per_minute, k);
        }
        /* and not many less: the burst is taken off, so that it fits into a minute with the rest */
        cr_expect(starts[count - 1] - starts[0] <=
                      (gen_moment)count * 60600 / (rows[i].per_minute - rows[i].burst + 1),
                  "%d a minute", rows[i].per_minute);
        gen_lanes_destroy(lanes);
    }
}

/* Who asked for a pause gets no new work; resumed work, and the other lanes, go on. */
Test(lanes, a_pause)
{
    struct gen_ticket fresh = {0}, resumed = {.front = true}, other = {0};
    struct gen_lanes *lanes = gen_lanes_create();
    gen_moment until = 0;

    want(lanes, "p", 9, &fresh);
    want(lanes, "q", 9, &other);
    gen_lanes_pause(lanes, "p", 5000);
    gen_lanes_pause(lanes, "p", 3000); /* does not shorten it */
    gen_lanes_pause(lanes, "nobody", 9000);
    cr_assert(gen_lanes_grant(lanes, 1000) == &other);
    cr_assert(gen_lanes_grant(lanes, 1000) == NULL);
    cr_assert(eq(i64, gen_lanes_next(lanes), 5000));
    cr_assert(eq(int, gen_lanes_held(&fresh, 1000, &until), GEN_LANES_PAUSE));
    cr_assert(eq(i64, until, 5000));
    cr_assert(eq(int, gen_lanes_held_at(lanes, "p", 1000, &until), GEN_LANES_PAUSE));
    cr_assert(eq(int, gen_lanes_held_at(lanes, "nobody", 1000, &until), GEN_LANES_FREE));
    want(lanes, "p", 9, &resumed);
    cr_assert(gen_lanes_grant(lanes, 1000) == &resumed);
    cr_assert(gen_lanes_grant(lanes, 4999) == NULL);
    cr_assert(gen_lanes_grant(lanes, 5000) == &fresh);
    cr_assert(gen_lanes_grant(lanes, 5000) == NULL && gen_lanes_next(lanes) == 0);
    cr_assert(eq(int, gen_lanes_held(&fresh, 5000, &until), GEN_LANES_FREE));
    gen_lanes_leave(lanes, &fresh);
    gen_lanes_leave(lanes, &resumed);
    gen_lanes_leave(lanes, &other);
    /* a pace says so, too; resumed work does not use it up */
    gen_lanes_pace(lanes, "p", 1);
    want(lanes, "p", 9, &resumed);
    want(lanes, "p", 9, &fresh);
    want(lanes, "p", 9, &other);
    cr_assert(gen_lanes_grant(lanes, 6000) == &resumed);
    cr_assert(gen_lanes_grant(lanes, 6000) == &fresh);
    cr_assert(gen_lanes_grant(lanes, 6000) == NULL);
    cr_assert(eq(int, gen_lanes_held(&other, 6000, &until), GEN_LANES_PACE));
    cr_assert(until >= 66000 && until <= 66001);
    gen_lanes_pace(lanes, "p", 0); /* the policies say so now */
    cr_assert(gen_lanes_grant(lanes, 6000) == &other);
    gen_lanes_leave(lanes, &fresh);
    gen_lanes_leave(lanes, &resumed);
    gen_lanes_leave(lanes, &other);
    gen_lanes_destroy(lanes);
}

/* A model that is full holds up nobody of another model at the same provider. */
Test(lanes, models)
{
    struct gen_ticket slow[3] = {0}, fast[2] = {0};
    struct gen_lanes *lanes = gen_lanes_create();
    size_t inside = 0;

    for (size_t i = 0; i < 3; i++) {
        slow[i].model = gen_lanes_bound_model(lanes, "p/slow", 1);
        want(lanes, "p", 10, &slow[i]);
    }
    for (size_t i = 0; i < 2; i++) {
        fast[i].model = gen_lanes_bound_model(lanes, "p/fast", 2);
        want(lanes, "p", 10, &fast[i]);
    }
    while (gen_lanes_grant(lanes, 0) != NULL) {
        inside++;
    }
    cr_assert(eq(sz, inside, 3));
    cr_assert(slow[0].inside && !slow[1].inside && fast[0].inside && fast[1].inside);
    gen_lanes_leave(lanes, &slow[0]);
    cr_assert(gen_lanes_grant(lanes, 0) == &slow[1] && gen_lanes_grant(lanes, 0) == NULL);
    for (size_t i = 0; i < 3; i++) {
        gen_lanes_leave(lanes, &slow[i]);
        gen_lanes_leave(lanes, &fast[i % 2]);
    }
    cr_assert(eq(sz, gen_lanes_inside(lanes) + gen_lanes_waiting(lanes), 0));
    gen_lanes_destroy(lanes);
}
