/* shares_test.c - whom places are shared among, and what priorities are worth, by the shipped policies and
 * by others. */
#include "engine/shares.h"

#include "unit/engine/world.h"

#include <stdio.h>
#include <stdlib.h>

TestSuite(shares, .timeout = 60);

static struct gen_ticket *grant(struct gen_lanes *lanes)
{
    struct gen_ticket *ticket = gen_lanes_grant(lanes, 0);

    cr_assert(ticket != NULL);
    gen_lanes_leave(lanes, ticket);
    return ticket;
}

/* The shipped ones: organizations share alike; high before normal before low as 8 to 4 to 1. */
Test(shares, shipped)
{
    static const char *const users[] = {"ann", "bob", "cat"};
    struct gen_ticket tickets[3] = {{.priority = 1}, {.priority = 3}, {.priority = 1}};
    struct gen_shot shot = {.attempt = {.hold = 40}};
    struct gen_lanes *lanes = gen_lanes_create();
    struct world world;

    world_open(&world);
    world_options(&world);
    gen_shares_steer(&world.options, lanes);
    for (size_t i = 0; i < 3; i++) {
        struct gen_job job = {.organization = i < 2 ? "org_1" : "org_2", .user = users[i],
                              .project = "spring"};

        gen_shares_sign(&world.options, lanes, &job, &shot, &tickets[i]);
        cr_assert(tickets[i].cost == 40 && tickets[i].party != NULL && tickets[i].party->weight == 1000);
        cr_assert(gen_lanes_want(lanes, "p", 1, &tickets[i], 0) == GEN_OK);
    }
    cr_assert(tickets[0].party == tickets[1].party && tickets[0].party != tickets[2].party);
    cr_assert(grant(lanes) == &tickets[1], "high first");
    cr_assert(grant(lanes) == &tickets[2], "then the other organization, though its work is low");
    cr_assert(grant(lanes) == &tickets[0]);
    gen_lanes_destroy(lanes);
    world_close(&world);
}

/* Without policies everybody is alike, too. */
Test(shares, without_policies)
{
    struct gen_engine_options options = {0};
    struct gen_lanes *lanes = gen_lanes_create();
    struct gen_job job = {.organization = "org_1", .user = "ann", .project = ""};
    struct gen_shot shot = {0};
    struct gen_ticket ticket = {0};

    gen_shares_steer(&options, lanes);
    gen_shares_sign(&options, lanes, &job, &shot, &ticket);
    cr_assert(ticket.party != NULL && ticket.party->weight == 1000 && ticket.cost == 0);
    gen_lanes_destroy(lanes);
}

/* A rulebook on the shipped folder with another schedule.yaml. */
static struct gen_rulebook *rulebook_with(struct world *world, const char *fairness, char *folder)
{
    struct gen_rulebook_options options = {.loop = world->loop, .clock = gen_clock_real(),
                                           .random = gen_random_real(), .organization = "org_1",
                                           .log = &world->log, .folder = folder};
    struct gen_rulebook *rules = NULL;
    char command[500];
    FILE *file;

    cr_assert(mkdtemp(folder) != NULL);
    (void)snprintf(command, sizeof command, "cp -r %s/policies/. %s", GEN_SOURCE_DIR, folder);
    cr_assert(eq(int, system(command), 0));
    (void)snprintf(command, sizeof command, "%s/schedule.yaml", folder);
    file = fopen(command, "w");
    cr_assert(file != NULL);
    (void)fprintf(file, "priorities: {high: 8, normal: 4, low: 1}\nfairness:\n  %s", fairness);
    (void)fclose(file);
    cr_assert(gen_rulebook_create(&options, &rules, &world->err) == GEN_OK, "%s", world->err.message);
    return rules;
}

/* By what schedule.yaml names, with its weights. */
Test(shares, by)
{
    static const struct {
        const char *fairness;
        bool alike; /* two users of one organization, in one project */
        int64_t first; /* weight of ann's party; 0 = none */
    } rows[] = {
        {"by: user\n  shares: {ann: 2.5}\n", false, 2500},
        {"by: project\n  shares: {spring: 0.5, ann: 3}\n", true, 500},
        {"by: none\n", true, 0},
        {"by: organization\n  shares: {org_1: 4}\n", true, 4000},
    };

    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        struct gen_lanes *lanes = gen_lanes_create();
        struct gen_shot shot = {0};
        struct gen_ticket ann = {0}, bob = {0};
        struct gen_job job = {.organization = "org_1", .user = "ann", .project = "spring"};
        struct world world;
        struct gen_rulebook *rules;
        int64_t weight;
        bool alike;
        char folder[] = "/tmp/gen-shares-XXXXXX", command[100];

        world_open(&world);
        world_options(&world);
        rules = rulebook_with(&world, rows[i].fairness, folder);
        world.options.rules = rules;
        gen_shares_sign(&world.options, lanes, &job, &shot, &ann);
        job.user = "bob";
        gen_shares_sign(&world.options, lanes, &job, &shot, &bob);
        alike = ann.party == bob.party;
        weight = ann.party == NULL ? 0 : ann.party->weight;
        cr_expect(alike == rows[i].alike && weight == rows[i].first, "case %zu", i);
        gen_lanes_destroy(lanes);
        gen_rulebook_destroy(rules);
        world_close(&world);
        (void)snprintf(command, sizeof command, "rm -r %s", folder);
        cr_assert(eq(int, system(command), 0));
    }
}
