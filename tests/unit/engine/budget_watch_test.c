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

static void run(struct tower *tower, const char *sql)
{
    struct gen_database *database;

    WORLD_OK(&tower->world, gen_database_open(tower->world.database, 0, &database,
                                              &tower->world.err));
    WORLD_OK(&tower->world, gen_database_run(database, sql, &tower->world.err));
    gen_database_close(database);
}

/* An attempt that held so much then: forecasts look at days. */
static void attempt(struct tower *tower, int number, gen_micros amount, gen_moment held_at)
{
    char sql[400];

    snprintf(sql, sizeof(sql),
             "PRAGMA foreign_keys = OFF; INSERT INTO attempt (id, job, pipeline, shot, ordinal, state, "
             "organization, provider, model, held_at, spent) VALUES ('att_%d', 'gen_1', 'pip_1', "
             "'sht_%d', 1, 'settled', 'org_1', 'vendor', 'one', %lld, %lld)", number, number,
             (long long)held_at, (long long)amount);
    run(tower, sql);
}

/* The use of the limit, as its row says it. */
static void spend(struct tower *tower, gen_micros amount)
{
    char sql[300];

    snprintf(sql, sizeof(sql), "INSERT INTO budget_use (key, begins, ends, held, spent) VALUES "
             "('organization:org_1', %lld, %lld, 0, %lld) ON CONFLICT (key, begins, ends) DO UPDATE "
             "SET spent = excluded.spent", (long long)tower->limit.begins,
             (long long)tower->limit.ends, (long long)amount);
    run(tower, sql);
}

/* Somebody has used so much of it: looks at it, and says whether throttling changed. */
static bool used(struct tower *tower, gen_micros amount, gen_moment now)
{
    bool changed;

    spend(tower, amount);
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

/* budget.yaml is edited while its period goes on: the new amounts count, and what was said is not said again. */
Test(budget_watch, a_limit_that_is_edited)
{
    struct tower tower;

    begin(&tower);
    (void)used(&tower, 9 * DOLLAR, NOW);
    cr_assert(eq(int, gen_budget_watch_parallel(tower.watch, &tower.limit, NOW), 3));
    cr_assert(told(&tower, "share") == 1 && told(&tower, "soft") == 1 && told(&tower, "hard") == 0);
    tower.limit.hard = 100 * DOLLAR;
    tower.limit.soft = 90 * DOLLAR;
    (void)used(&tower, 9 * DOLLAR, NOW);
    cr_assert(eq(int, gen_budget_watch_parallel(tower.watch, &tower.limit, NOW), 0), "raised");
    tower.limit.hard = 9 * DOLLAR;
    tower.limit.throttle_parallel = 1;
    (void)used(&tower, 9 * DOLLAR, NOW);
    cr_assert(eq(int, gen_budget_watch_parallel(tower.watch, &tower.limit, NOW), 1), "lowered");
    cr_assert(told(&tower, "share") == 1 && told(&tower, "hard") == 1);
    tower.alerts[0] = 0.25; /* another level: not told of yet */
    (void)used(&tower, 9 * DOLLAR, NOW);
    cr_assert(eq(i64, told(&tower, "share"), 2));
    end(&tower);
}

/* After a start, and when other budgets are changed, a limit that is nearly used up slows down at once. */
Test(budget_watch, slowed_down_before_anybody_touches_it)
{
    struct tower tower;

    begin(&tower);
    (void)used(&tower, 9 * DOLLAR, NOW);
    gen_budget_watch_forget(tower.watch);
    cr_assert(eq(int, gen_budget_watch_parallel(tower.watch, &tower.limit, NOW), 3));
    gen_budget_watch_destroy(tower.watch);
    tower_watch(&tower);
    cr_assert(eq(int, gen_budget_watch_parallel(tower.watch, &tower.limit, NOW), 3));
    cr_assert(eq(int, gen_budget_watch_parallel(tower.watch, &tower.limit, tower.limit.ends), 0));
    tower.limit.hard = 20 * DOLLAR;
    cr_assert(eq(int, gen_budget_watch_parallel(tower.watch, &tower.limit, NOW), 0));
    end(&tower);
}

/* Budgets are changed while a hold is on its way: the level that it reaches is told all the same. */
Test(budget_watch, forgotten_with_a_hold_on_its_way)
{
    struct tower tower;

    begin(&tower);
    (void)used(&tower, 5 * DOLLAR - 1, NOW);
    WORLD_OK(&tower.world, gen_budget_watch_note(tower.watch, &tower.limit, 1, &tower.world.err));
    gen_budget_watch_forget(tower.watch);
    cr_assert(eq(i64, told(&tower, "share"), 0));
    spend(&tower, 5 * DOLLAR);
    (void)gen_budget_watch_look(tower.watch, NOW);
    settle(&tower);
    cr_assert(eq(i64, told(&tower, "share"), 1));
    end(&tower);
}

static int64_t foretold(struct tower *tower)
{
    int64_t number = -1;

    WORLD_OK(&tower->world, gen_database_number(gen_store_reader(tower->world.store),
                                                "SELECT COUNT(*) FROM event WHERE kind = "
                                                "'budget.forecast'", &number, &tower->world.err));
    return number;
}

/* A month that goes on as it began would pass its limit: people hear of that while most of it is there still,
 * once, and again in the next month. Steady spending that fits is not spoken of. */
Test(budget_watch, told_before_the_overrun)
{
    static const struct {
        int day;
        gen_micros used;
        int foretold;
    } steps[] = {
        {0, DOLLAR / 2, 0}, /* too early to say anything */
        {2, DOLLAR / 2, 0}, /* 0.25 a day: 7.50 in thirty days */
        {4, DOLLAR, 0},
        {6, 5 * DOLLAR / 2, 1}, /* 0.42 a day: 12.50 */
        {7, 3 * DOLLAR, 1},     /* it is known */
        {8, 4 * DOLLAR, 1},
    };
    struct tower tower;
    gen_micros before = 0;

    begin(&tower);
    tower.limit.begins = NOW - NOW % DAY;
    tower.limit.ends = tower.limit.begins + 30 * DAY;
    tower.limit.throttle_from = 0;
    for (size_t i = 0; i < GEN_COUNT(steps); i++) {
        gen_moment now = tower.limit.begins + steps[i].day * DAY + DAY / 24;

        attempt(&tower, (int)i, steps[i].used - before, now - DAY / 48);
        before = steps[i].used;
        (void)used(&tower, steps[i].used, now);
        cr_assert(eq(i64, foretold(&tower), steps[i].foretold), "day %d", steps[i].day);
        cr_assert(told(&tower, "share") == 0 && told(&tower, "hard") == 0, "the overrun is far off");
    }
    gen_budget_watch_destroy(tower.watch); /* a restart: it is known still */
    tower_watch(&tower);
    (void)used(&tower, 9 * DOLLAR / 2, tower.limit.begins + 9 * DAY);
    cr_assert(eq(i64, foretold(&tower), 1));
    tower.limit.begins = tower.limit.ends;
    tower.limit.ends += 30 * DAY;
    attempt(&tower, 99, 4 * DOLLAR, tower.limit.begins + DAY);
    (void)used(&tower, 4 * DOLLAR, tower.limit.begins + 3 * DAY);
    cr_assert(eq(i64, foretold(&tower), 2));
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
