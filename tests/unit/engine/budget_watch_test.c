/* budget_watch_test.c - people are told once a limit, level and period, also across a restart; who is
 * slowed down. */
#include "engine/budget_watch.h"

#include "store/database.h"
#include "unit/engine/world.h"

TestSuite(budget_watch, .timeout = 60);

#define NOW INT64_C(1800000000000)
#define DAY INT64_C(86400000)
#define DOLLAR GEN_MICROS_PER_DOLLAR

struct tower {
    struct world world;
    struct gen_budget_watch *watch;
    struct gen_limit limit;
    double alerts[2];
    int events;
};

static void on_events(void *context, int64_t last_event)
{
    (void)last_event;
    ((struct tower *)context)->events++;
}

static void tower_watch(struct tower *tower)
{
    WORLD_OK(&tower->world, gen_budget_watch_create(&tower->world.options, &tower->watch,
                                                    &tower->world.err));
    gen_budget_watch_listen(tower->watch, on_events, tower);
}

static void begin(struct tower *tower)
{
    memset(tower, 0, sizeof(*tower));
    world_open_bare(&tower->world);
    world_options(&tower->world);
    tower->alerts[0] = 0.5;
    tower->alerts[1] = 1;
    tower->limit = (struct gen_limit){.name = "the month", .id = "", .scope = GEN_SCOPE_ORGANIZATION,
                                      .period = GEN_PERIOD_MONTH, .organization = "org_1", .of = "",
                                      .key = "organization:org_1", .begins = NOW - DAY / 100,
                                      .ends = NOW + 29 * DAY, .hard = 10 * DOLLAR,
                                      .soft = 8 * DOLLAR, .alerts = {tower->alerts, 2},
                                      .throttle_from = 0.9, .throttle_parallel = 3};
    tower_watch(tower);
}

static void settle(struct tower *tower)
{
    while (gen_store_waiting(tower->world.store) > 0) {
        gen_loop_turn(tower->world.loop);
    }
    gen_loop_poll(tower->world.loop);
}

static void end(struct tower *tower)
{
    settle(tower);
    gen_budget_watch_destroy(tower->watch);
    gen_budget_watch_destroy(NULL);
    world_close(&tower->world);
}

/* The use of the limit, as its row says it; looks at it, and says whether throttling changed. */
static bool used(struct tower *tower, gen_micros amount, gen_moment now)
{
    struct gen_database *database;
    char sql[300];
    bool changed;

    snprintf(sql, sizeof(sql), "INSERT INTO budget_use (key, begins, ends, held, spent) VALUES "
             "('organization:org_1', %lld, %lld, 0, %lld) ON CONFLICT (key, begins, ends) DO UPDATE "
             "SET spent = excluded.spent", (long long)tower->limit.begins,
             (long long)tower->limit.ends, (long long)amount);
    WORLD_OK(&tower->world, gen_database_open(tower->world.database, 0, &database,
                                              &tower->world.err));
    WORLD_OK(&tower->world, gen_database_run(database, sql, &tower->world.err));
    gen_database_close(database);
    WORLD_OK(&tower->world, gen_budget_watch_note(tower->watch, &tower->limit, 1,
                                                  &tower->world.err));
    changed = gen_budget_watch_look(tower->watch, now);
    settle(tower);
    return changed;
}

static int64_t told(struct tower *tower, const char *level)
{
    char sql[200];
    int64_t number = -1;

    snprintf(sql, sizeof(sql), "SELECT COUNT(*) FROM event WHERE kind = 'budget.alert' AND data LIKE "
             "'%%\"level\":\"%s\"%%'", level);
    WORLD_OK(&tower->world, gen_database_number(gen_store_reader(tower->world.store), sql, &number,
                                                &tower->world.err));
    return number;
}

Test(budget_watch, once_a_level)
{
    static const struct {
        gen_micros used;
        int share, soft, hard;
        bool throttled;
    } steps[] = {
        {4 * DOLLAR, 0, 0, 0, false},     {5 * DOLLAR, 1, 0, 0, false},
        {6 * DOLLAR, 1, 0, 0, false},     {8 * DOLLAR, 1, 1, 0, false},
        {9 * DOLLAR - 1, 1, 1, 0, false}, {9 * DOLLAR, 1, 1, 0, true},
        {10 * DOLLAR, 1, 1, 1, true},     {11 * DOLLAR, 1, 1, 1, true},
        {3 * DOLLAR, 1, 1, 1, false},     {10 * DOLLAR, 1, 1, 1, true},
    };
    struct tower tower;
    bool before = false;

    begin(&tower);
    for (size_t i = 0; i < GEN_COUNT(steps); i++) {
        bool changed = used(&tower, steps[i].used, NOW);

        cr_assert(eq(i64, told(&tower, "share"), steps[i].share), "step %zu", i);
        cr_assert(eq(i64, told(&tower, "soft"), steps[i].soft), "step %zu", i);
        cr_assert(eq(i64, told(&tower, "hard"), steps[i].hard), "step %zu", i);
        cr_assert(changed == (steps[i].throttled != before), "step %zu", i);
        before = steps[i].throttled;
        cr_assert(eq(int, gen_budget_watch_parallel(tower.watch, &tower.limit, NOW),
                     before ? 3 : 0), "step %zu", i);
        if (i == 6) { /* a restart: nobody is told again */
            gen_budget_watch_destroy(tower.watch);
            tower_watch(&tower);
            before = false;
        }
    }
    cr_assert(eq(int, tower.events, 3));
    cr_assert(eq(int, gen_budget_watch_parallel(tower.watch, &tower.limit, tower.limit.ends), 0),
              "the period is over");
    /* the next period begins anew */
    tower.limit.begins = tower.limit.ends;
    tower.limit.ends += 30 * DAY;
    (void)used(&tower, 5 * DOLLAR, tower.limit.begins);
    cr_assert(eq(i64, told(&tower, "share"), 2));
    end(&tower);
}

/* Nothing is said of a limit that has no amount, nor when a commit is lost: then it is said later. */
Test(budget_watch, what_could_not_be_written_is_said_later)
{
    struct tower tower;

    begin(&tower);
    gen_store_fail_at(tower.world.store, 1, GEN_EIO);
    (void)used(&tower, 5 * DOLLAR, NOW);
    gen_store_fail_at(tower.world.store, 0, GEN_OK);
    cr_assert(eq(i64, told(&tower, "share"), 0));
    (void)used(&tower, 5 * DOLLAR, NOW);
    cr_assert(eq(i64, told(&tower, "share"), 1));
    tower.limit.hard = tower.limit.soft = 0;
    tower.limit.name = "only added up";
    (void)used(&tower, 50 * DOLLAR, NOW);
    cr_assert(eq(i64, told(&tower, "share"), 1));
    end(&tower);
}
