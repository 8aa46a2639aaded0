/* outlook_test.c - the snapshot that decisions look at, made of a real store, loader and lanes. */
#include "engine/outlook.h"

#include "base/alloc.h"
#include "unit/engine/world.h"

TestSuite(outlook, .timeout = 60);

#define NOW INT64_C(1800000000000)

Test(outlook, of_a_quiet_world)
{
    struct gen_lanes *lanes = gen_lanes_create();
    struct gen_outlook *outlook = NULL;
    struct gen_snapshot *snapshot = NULL;
    struct gen_ticket tickets[2] = {0};
    struct world world;
    bool found = false;

    world_open(&world);
    world_options(&world);
    for (size_t i = 0; i < 2; i++) {
        tickets[i].group = gen_lanes_bound(lanes, "org_1", 50);
        cr_assert(gen_lanes_want(lanes, "fake", 1, &tickets[i], 0) == GEN_OK);
    }
    cr_assert(gen_lanes_grant(lanes, 0) != NULL);
    WORLD_OK(&world, gen_outlook_create(&world.options, lanes, &outlook, &world.err));
    WORLD_OK(&world, gen_outlook_snapshot(outlook, &(struct gen_hold_of){.organization = "org_1", .at = NOW},
                                          world.arena, &snapshot,
                                          &world.err));
    cr_assert(eq(i64, snapshot->now, NOW));
    for (size_t i = 0; i < snapshot->model_count; i++) {
        found = found || strcmp(snapshot->models[i].model->id, "pay") == 0;
    }
    cr_assert(found, "a model of the loaded plugin");
    cr_assert(eq(i64, gen_snapshot_provider(snapshot, "fake")->running, 1));
    cr_assert(eq(i64, gen_snapshot_provider(snapshot, "fake")->queue, 1));
    cr_assert(eq(i64, snapshot->team.running, 1));
    cr_assert(eq(i64, snapshot->team.waiting, 1));
    cr_assert(eq(i64, snapshot->team.spent, 0));
    cr_assert(snapshot->team.budget > 0 && snapshot->team.remaining == snapshot->team.budget,
              "of budget.yaml");
    gen_lanes_leave(lanes, &tickets[0]);
    gen_lanes_leave(lanes, &tickets[1]);
    gen_outlook_destroy(outlook);
    gen_outlook_destroy(NULL);
    gen_lanes_destroy(lanes);
    world_close(&world);
}

Test(outlook, no_memory)
{
    struct gen_lanes *lanes = gen_lanes_create();
    enum gen_status status = GEN_ENOMEM;
    struct world world;

    world_open(&world);
    world_options(&world);
    for (long nth = 1; status != GEN_OK && nth < 200; nth++) {
        struct gen_outlook *outlook = NULL;

        gen_alloc_fail_at(nth);
        status = gen_outlook_create(&world.options, lanes, &outlook, &world.err);
        gen_alloc_fail_at(0);
        gen_outlook_destroy(outlook);
    }
    cr_assert(eq(int, status, GEN_OK));
    gen_lanes_destroy(lanes);
    world_close(&world);
}
