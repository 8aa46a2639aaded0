/* treasury_test.c - limits on their way to the store, what is left of them, budgets that are changed. */
#include "engine/treasury.h"

#include "base/alloc.h"
#include "unit/engine/world.h"

TestSuite(treasury, .timeout = 60);

#define NOW INT64_C(1800000000000)
#define DOLLAR GEN_MICROS_PER_DOLLAR

struct purse_world {
    struct world world;
    struct gen_treasury *treasury;
    struct gen_job job;
};

static void begin(struct purse_world *it)
{
    world_open(&it->world);
    world_options(&it->world);
    WORLD_OK(&it->world, gen_treasury_create(&it->world.options, &it->treasury, &it->world.err));
    it->job = (struct gen_job){.organization = "org_1", .user = "usr_1", .project = "p", .team = "t"};
    strcpy(it->job.id.text, "gen_1");
}

static void end(struct purse_world *it)
{
    while (gen_store_waiting(it->world.store) > 0) {
        gen_loop_turn(it->world.loop);
    }
    gen_loop_poll(it->world.loop);
    gen_treasury_destroy(it->treasury);
    gen_treasury_destroy(NULL);
    world_close(&it->world);
}

static void on_done(void *context, enum gen_status status, const struct gen_error *err,
                    int64_t last_event)
{
    (void)err;
    (void)last_event;
    *(int *)context = 1 + (int)status;
}

static enum gen_status commit(struct purse_world *it, enum gen_change_kind kind,
                              const struct gen_budget *budget)
{
    struct gen_changes *changes = gen_changes_create();
    int done = 0;

    gen_changes_budget(changes, kind, budget);
    WORLD_OK(&it->world, gen_treasury_commit(it->treasury, &changes, on_done, &done,
                                             &it->world.err));
    while (done == 0) {
        gen_loop_turn(it->world.loop);
    }
    return (enum gen_status)(done - 1);
}

/* What is in force is known at once when a change is durable, and again after a restart. */
Test(treasury, budgets_come_and_go)
{
    struct gen_budget budget = {.organization = "org_1", .scope = GEN_SCOPE_TEAM, .of = "t",
                                .period = GEN_PERIOD_MONTH, .hard = 7 * DOLLAR, .note = "film",
                                .version = 1, .created_by = "", .created_at = NOW};
    struct purse_world it;
    struct gen_hold_of of;
    struct gen_purse purse;
    size_t count = 9;

    begin(&it);
    strcpy(budget.id.text, "bud_1");
    of = gen_treasury_of(&it.job, "fake", NOW);
    WORLD_OK(&it.world, gen_treasury_left(it.treasury, &of, NULL, it.world.arena, &purse,
                                          &it.world.err));
    cr_assert(purse.limited && strcmp(purse.limit.name, "organization a month") == 0);
    cr_assert(eq(int, commit(&it, GEN_CHANGE_BUDGET_ADD, &budget), GEN_OK));
    WORLD_OK(&it.world, gen_treasury_left(it.treasury, &of, NULL, it.world.arena, &purse,
                                          &it.world.err));
    cr_assert(purse.limited && purse.left == 7 * DOLLAR, "the lower wins");
    cr_assert(eq(str, (char *)purse.limit.name, "film"));
    of.team = "others";
    WORLD_OK(&it.world, gen_treasury_left(it.treasury, &of, NULL, it.world.arena, &purse,
                                          &it.world.err));
    cr_assert(purse.left > 7 * DOLLAR);
    cr_assert(eq(int, commit(&it, GEN_CHANGE_BUDGET_SET, &budget), GEN_ECONFLICT), "stale");
    gen_treasury_destroy(it.treasury);
    WORLD_OK(&it.world, gen_treasury_create(&it.world.options, &it.treasury, &it.world.err));
    (void)gen_treasury_budgets(it.treasury, &count);
    cr_assert(eq(sz, count, 1));
    budget.version = 2;
    budget.ended_at = NOW;
    cr_assert(eq(int, commit(&it, GEN_CHANGE_BUDGET_END, &budget), GEN_OK));
    (void)gen_treasury_budgets(it.treasury, &count);
    cr_assert(eq(sz, count, 0));
    end(&it);
}

/* Holds get their limits, but not what is carried over; nothing else is touched. */
Test(treasury, holds_bring_their_limits)
{
    static const struct {
        enum gen_ledger_kind kind;
        gen_micros amount;
        const char *from;
        bool limits;
    } cases[] = {
        {GEN_LEDGER_HOLD, 5, "", true},      {GEN_LEDGER_HOLD, 0, "", false},
        {GEN_LEDGER_HOLD, 5, "att_1", false}, {GEN_LEDGER_CHARGE, 5, "", false},
        {GEN_LEDGER_HOLD, 9, "", true},
    };
    struct gen_changes *changes = gen_changes_create();
    const struct gen_change *change;
    struct purse_world it;
    size_t i = 0;

    begin(&it);
    for (i = 0; i < GEN_COUNT(cases); i++) {
        struct gen_change *added = gen_changes_add(changes, GEN_CHANGE_LEDGER);

        added->as.entry = (struct gen_change_entry){.kind = cases[i].kind,
                                                    .amount = cases[i].amount,
                                                    .provider = "fake"};
        strcpy(added->as.entry.carried_from.text, cases[i].from);
    }
    WORLD_OK(&it.world, gen_treasury_equip(it.treasury, &it.job, NULL, changes, NOW,
                                           &it.world.err));
    for (i = 0, change = changes->first; change != NULL; change = change->next, i++) {
        cr_assert(cases[i].limits == (change->as.entry.limit_count > 0), "case %zu", i);
    }
    cr_assert(changes->first->as.entry.limits == changes->last->as.entry.limits, "shared");
    gen_changes_destroy(changes);
    end(&it);
}

/* Memory that fails anywhere gives an error, and nothing leaks. */
Test(treasury, no_memory)
{
    enum gen_status status = GEN_ENOMEM;
    struct purse_world it;

    begin(&it);
    gen_treasury_destroy(it.treasury);
    it.treasury = NULL;
    for (long nth = 1; status != GEN_OK && nth < 300; nth++) {
        struct gen_changes *changes = gen_changes_create();
        struct gen_change *added = gen_changes_add(changes, GEN_CHANGE_LEDGER);
        struct gen_treasury *treasury = NULL;

        added->as.entry = (struct gen_change_entry){.kind = GEN_LEDGER_HOLD, .amount = 1,
                                                    .provider = "fake"};
        gen_alloc_fail_at(nth);
        status = gen_treasury_create(&it.world.options, &treasury, &it.world.err);
        if (status == GEN_OK) {
            status = gen_treasury_equip(treasury, &it.job, NULL, changes, NOW, &it.world.err);
        }
        gen_alloc_fail_at(0);
        cr_assert(status == GEN_OK || status == GEN_ENOMEM);
        gen_treasury_destroy(treasury);
        gen_changes_destroy(changes);
    }
    cr_assert(eq(int, status, GEN_OK));
    end(&it);
}
