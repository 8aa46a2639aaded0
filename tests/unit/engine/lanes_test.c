/* lanes_test.c - one lane a provider: limits, order, leaving. */
#include "engine/lanes.h"

#include "base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

static void want(struct gen_lanes *lanes, const char *provider, int32_t limit,
                 struct gen_ticket *ticket)
{
    cr_assert(eq(int, gen_lanes_want(lanes, provider, limit, ticket), GEN_OK));
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
        struct gen_ticket *granted = gen_lanes_grant(lanes);

        cr_assert(granted == &tickets[expected[i]], "place %zu", i);
        cr_assert(gen_lanes_grant(lanes) == NULL, "the lane has room for one");
        cr_assert(eq(sz, gen_lanes_position(granted), 0));
        gen_lanes_leave(lanes, granted);
    }
    cr_assert(gen_lanes_grant(lanes) == NULL);
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
    while (gen_lanes_grant(lanes) != NULL) {
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
    while (gen_lanes_grant(lanes) != NULL) {
        inside++;
    }
    cr_assert(eq(sz, inside, 3), "one of a, over all its lanes; both of b, who came later");
    cr_assert(of_a[0].inside && of_b[0].inside && of_b[1].inside);
    cr_assert(eq(sz, gen_lanes_group_inside(lanes, "a"), 1));
    cr_assert(eq(sz, gen_lanes_group_waiting(lanes, "a"), 2));
    cr_assert(eq(sz, gen_lanes_group_waiting(lanes, "nobody"), 0));
    cr_assert(gen_lanes_bound(lanes, "a", 2) == of_a[0].group);
    cr_assert(gen_lanes_grant(lanes) != NULL && gen_lanes_grant(lanes) == NULL);
    gen_lanes_leave(lanes, &of_a[0]);
    cr_assert(gen_lanes_grant(lanes) != NULL, "its place is free for the next of the group");
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
        while ((draw >> 21 & 1) != 0 && gen_lanes_grant(lanes) != NULL) {
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
            complete = gen_lanes_want(lanes, "p", 1, &ticket) == GEN_OK;
            cr_assert(complete == (ticket.lane != NULL));
        }
        gen_alloc_fail_at(0);
        gen_lanes_destroy(lanes);
        cr_assert(nth < 50);
    }
}
