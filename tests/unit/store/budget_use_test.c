/* budget_use_test.c - limits hold by construction: of each scope, two at once, with what rolled over, and
 * with a thousand jobs at once through the real writer. */
#include "unit/store/sample.h"

#include "store/budget_reading.h"
#include "store/budget_use.h"
#include "store/database.h"

#define DAY INT64_C(86400000)

static struct gen_balance used_of(struct sample *sample, const struct gen_limit *limit)
{
    struct gen_balance used = {0};

    OK(gen_read_use(sample->store, limit, &used, NULL, NULL));
    return used;
}

static int64_t number_of(struct sample *sample, const char *sql)
{
    int64_t number = -1;

    OK(gen_database_number(gen_store_reader(sample->store), sql, &number, NULL));
    return number;
}

/* Every scope counts this job, and only under its own name. */
Test(budget_use, scopes)
{
    static const struct {
        enum gen_scope scope;
        const char *of, *other;
    } cases[] = {
        {GEN_SCOPE_ORGANIZATION, "", ""}, {GEN_SCOPE_TEAM, "team_1", "team_2"},
        {GEN_SCOPE_PROJECT, "proj_1", "proj_2"}, {GEN_SCOPE_USER, "usr_1", "usr_2"},
        {GEN_SCOPE_PROVIDER, "local", "other"}, {GEN_SCOPE_JOB, NULL, "gen_other"},
    };

    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct sample sample;
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_limit limit, other;
        struct gen_job *job;

        sample_open(&sample);
        job = sample_admit(&sample, 1, 3);
        limit = sample_limit(cases[i].scope, cases[i].of == NULL ? job->id.text : cases[i].of,
                             2 * DOLLAR, arena);
        other = sample_limit(cases[i].scope, cases[i].other, 2 * DOLLAR, arena);
        cr_expect(sample_hold(&sample, job, 0, 2 * DOLLAR, SAMPLE_NOW, &limit, 1, 1) == GEN_OK);
        cr_expect(sample_hold(&sample, job, 1, 1, SAMPLE_NOW, &limit, 1, 2) == GEN_EBUDGET,
                  "case %zu", i);
        cr_expect(strstr(sample.err.message, "the limit") != NULL &&
                      strstr(sample.err.message, job->id.text) != NULL &&
                      strstr(sample.err.message, "$0.00 is left") != NULL, "%s", sample.err.message);
        cr_expect(eq(i64, used_of(&sample, &limit).held, 2 * DOLLAR), "case %zu", i);
        if (cases[i].scope != GEN_SCOPE_ORGANIZATION) {
            cr_expect(eq(i64, used_of(&sample, &other).held, 0), "case %zu", i);
            cr_expect(sample_hold(&sample, job, 1, 1, SAMPLE_NOW, &other, 1, 3) == GEN_OK);
        }
        gen_arena_destroy(job->arena);
        gen_arena_destroy(arena);
        sample_close(&sample);
    }
}

/* Organizations may have a slash in their names, and projects anything: what one of them spends is nothing to
 * another whose names look the same when they are put together. */
Test(budget_use, names_that_look_the_same)
{
    static const struct {
        const char *organization, *project;
    } who[] = {{"o", "a/b"}, {"o/a", "b"}, {"o", "a|b"}};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_limit limits[GEN_COUNT(who)];
    struct sample sample;

    sample_open(&sample);
    for (size_t i = 0; i < GEN_COUNT(who); i++) {
        limits[i] = sample_limit(GEN_SCOPE_PROJECT, who[i].project, 3 * DOLLAR, arena);
        limits[i].organization = who[i].organization;
        limits[i].key = gen_budget_key(GEN_SCOPE_PROJECT, who[i].organization, who[i].project, arena);
    }
    for (size_t i = 0; i < GEN_COUNT(who); i++) {
        struct gen_job *job = sample_job((int)i + 1, 1);

        job->organization = who[i].organization;
        job->project = who[i].project;
        OK(sample_apply(&sample, sample_admission(job)));
        cr_assert(sample_hold(&sample, job, 0, (gen_micros)(i + 1) * DOLLAR, SAMPLE_NOW, &limits[i], 1,
                              (int)i) == GEN_OK, "%s", sample.err.message);
        gen_arena_destroy(job->arena);
    }
    for (size_t i = 0; i < GEN_COUNT(who); i++) {
        cr_expect(eq(i64, used_of(&sample, &limits[i]).held, (gen_micros)(i + 1) * DOLLAR), "%zu", i);
    }
    gen_arena_destroy(arena);
    sample_close(&sample);
}

/* Both are asked; a refusal of the second leaves nothing of the hold behind. */
Test(budget_use, two_limits_at_once)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_limit limits[2];
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 4);
    limits[0] = sample_limit(GEN_SCOPE_ORGANIZATION, "", 5 * DOLLAR, arena);
    limits[1] = sample_limit(GEN_SCOPE_TEAM, "team_1", 3 * DOLLAR, arena);
    limits[1].name = "the team";
    cr_assert(sample_hold(&sample, job, 0, 2 * DOLLAR, SAMPLE_NOW, limits, 2, 1) == GEN_OK);
    cr_assert(sample_hold(&sample, job, 1, 2 * DOLLAR, SAMPLE_NOW, limits, 2, 2) == GEN_EBUDGET);
    cr_assert(strstr(sample.err.message, "the team") != NULL, "%s", sample.err.message);
    cr_assert(eq(i64, used_of(&sample, &limits[0]).held, 2 * DOLLAR));
    cr_assert(sample_hold(&sample, job, 1, 1 * DOLLAR, SAMPLE_NOW, limits, 2, 3) == GEN_OK);
    cr_assert(sample_hold(&sample, job, 2, 1, SAMPLE_NOW, limits, 1, 4) == GEN_OK, "one limit only");
    cr_assert(eq(i64, used_of(&sample, &limits[1]).held, 3 * DOLLAR + 1), "it is counted all the same");
    gen_arena_destroy(job->arena);
    gen_arena_destroy(arena);
    sample_close(&sample);
}

/* Money counts in the period in which it was first held; what a period leaves goes to the next, once. */
Test(budget_use, periods_and_rollover)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_changes *changes = gen_changes_create();
    struct gen_limit today, tomorrow;
    struct gen_job *job;
    gen_micros room = 0;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 5);
    today = sample_limit(GEN_SCOPE_ORGANIZATION, "", 2 * DOLLAR, arena);
    today.begins = SAMPLE_NOW - 1000;
    today.ends = SAMPLE_NOW + DAY;
    tomorrow = today;
    tomorrow.before = today.begins;
    tomorrow.begins = today.ends;
    tomorrow.ends = today.ends + DAY;
    cr_assert(sample_hold(&sample, job, 0, DOLLAR, SAMPLE_NOW, &today, 1, 1) == GEN_OK);
    cr_assert(sample_hold(&sample, job, 1, 2 * DOLLAR, today.ends, &tomorrow, 1, 2) == GEN_OK);
    cr_assert(sample_hold(&sample, job, 2, 1, today.ends, &tomorrow, 1, 3) == GEN_EBUDGET);
    cr_assert(strstr(sample.err.message, "begins anew at 20") != NULL, "%s", sample.err.message);
    /* settled after midnight: it still counts where it was held */
    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[0], GEN_LEDGER_CHARGE,
                 DOLLAR / 2, 4);
    changes->last->as.entry.at = today.ends + 5;
    sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[0], GEN_LEDGER_RELEASE,
                 DOLLAR / 2, 5);
    OK(sample_apply(&sample, changes));
    cr_assert(eq(i64, used_of(&sample, &today).spent, DOLLAR / 2));
    cr_assert(eq(i64, used_of(&sample, &today).held, 0));
    cr_assert(eq(i64, used_of(&sample, &tomorrow).held, 2 * DOLLAR));
    /* what it left is there tomorrow, for whoever allows it */
    tomorrow.rollover = true;
    OK(gen_read_use(sample.store, &tomorrow, &(struct gen_balance){0}, &room, NULL));
    cr_assert(eq(i64, room, 2 * DOLLAR + 3 * DOLLAR / 2));
    cr_assert(sample_hold(&sample, job, 2, 3 * DOLLAR / 2 + 1, today.ends, &tomorrow, 1, 6) ==
              GEN_EBUDGET);
    cr_assert(strstr(sample.err.message, "(and $1.50 from before)") != NULL, "%s",
              sample.err.message);
    cr_assert(sample_hold(&sample, job, 2, 3 * DOLLAR / 2, today.ends, &tomorrow, 1, 7) == GEN_OK);
    gen_arena_destroy(job->arena);
    gen_arena_destroy(arena);
    sample_close(&sample);
}

static void damage(struct sample *sample, const char *sql)
{
    struct gen_database *database;

    gen_store_close(sample->store);
    OK(gen_database_open(sample->path, 0, &database, NULL));
    OK(gen_database_run(database, sql, NULL));
    gen_database_close(database);
    sample_open_file(sample);
}

/* A row is made from the ledger when it is first asked for, and outlives a restart; not one that finds a balance
 * that is not what its postings add up to. */
Test(budget_use, rows_are_made_again)
{
    struct sample sample;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_limit limit;
    struct gen_job *job;

    sample_open(&sample);
    job = sample_admit(&sample, 1, 4);
    limit = sample_limit(GEN_SCOPE_USER, "usr_1", 3 * DOLLAR, arena);
    cr_assert(sample_hold(&sample, job, 0, DOLLAR, SAMPLE_NOW, NULL, 0, 1) == GEN_OK);
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM budget_use"), 0));
    cr_assert(sample_hold(&sample, job, 1, DOLLAR, SAMPLE_NOW, &limit, 1, 2) == GEN_OK);
    cr_assert(eq(i64, number_of(&sample, "SELECT held FROM budget_use"), 2 * DOLLAR));
    gen_store_close(sample.store);
    sample_open_file(&sample);
    cr_assert(eq(i64, number_of(&sample, "SELECT held FROM budget_use"), 2 * DOLLAR));
    damage(&sample, "UPDATE attempt SET held = held + 5 WHERE held > 0; UPDATE budget_use SET held = 7");
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM budget_use"), 0));
    cr_assert(eq(i64, used_of(&sample, &limit).held, 2 * DOLLAR), "without a row");
    cr_assert(sample_hold(&sample, job, 2, DOLLAR + 1, SAMPLE_NOW, &limit, 1, 3) == GEN_EBUDGET);
    cr_assert(sample_hold(&sample, job, 2, DOLLAR, SAMPLE_NOW, &limit, 1, 4) == GEN_OK);
    gen_arena_destroy(job->arena);
    gen_arena_destroy(arena);
    sample_close(&sample);
}

/* Those of jobs go at a start, and those of intervals that are over for longer than they took; the one before
 * the present one stays, for what rolls over. */
Test(budget_use, rows_that_go_at_a_start)
{
    static const struct {
        const char *key;
        int64_t begins, ends; /* in days from the last event */
        bool stays;
    } rows[] = {
        {"organization:org_1", -1, 1, true},   {"organization:org_1", -3, -1, true},
        {"organization:org_1", -5, -3, false}, {"organization:org_1", -60, -30, false},
        {"organization:org_1", -30, -1, true}, {"job:gen_1", -1, 1, false},
        {"jobs:not one", -1, 1, true},         {"organization:org_1", -9999, 99999999, true},
    };
    struct gen_changes *changes = gen_changes_create();
    struct sample sample;
    char sql[300];
    int64_t left = 0;

    sample_open(&sample);
    sample_event(changes, NULL, 0);
    OK(sample_apply(&sample, changes));
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        snprintf(sql, sizeof(sql), "INSERT INTO budget_use (key, begins, ends, held) VALUES ('%s', %lld, "
                 "%lld, %d)", rows[i].key, (long long)(SAMPLE_NOW + rows[i].begins * 86400000),
                 (long long)(rows[i].ends == 99999999 ? INT64_MAX
                                                      : SAMPLE_NOW + rows[i].ends * 86400000),
                 1 << i);
        damage(&sample, sql);
        left += rows[i].stays ? 1 << i : 0;
        gen_store_close(sample.store);
        sample_open_file(&sample);
    }
    cr_assert(eq(i64, number_of(&sample, "SELECT SUM(held) FROM budget_use"), left));
    sample_close(&sample);
}

struct crowd {
    int answered, granted, refused, other;
};

static void crowd_done(void *context, enum gen_status status, const struct gen_error *err,
                       int64_t last_event)
{
    struct crowd *crowd = context;

    (void)err;
    (void)last_event;
    crowd->answered++;
    crowd->granted += status == GEN_OK;
    crowd->refused += status == GEN_EBUDGET;
    crowd->other += status != GEN_OK && status != GEN_EBUDGET;
}

/* A thousand jobs at once on a budget for ten, through the writer's own thread: ten are admitted, not a
 * micro-dollar more, and of the others nothing is left. */
Test(budget_use, a_thousand_jobs_on_a_budget_for_ten, .timeout = 120)
{
    enum { JOBS = 1000, PAID = 10 };
    const gen_micros price = 333333;
    struct gen_limit limits[2];
    struct gen_arena *arena = gen_arena_create(0);
    struct crowd crowd = {0};
    struct gen_store_options options;
    struct sample sample;

    sample_folder(&sample);
    OK(gen_loop_create(&sample.loop, NULL));
    options = (struct gen_store_options){.path = sample.path, .loop = sample.loop};
    OK(gen_store_open(&options, &sample.store, &sample.err));
    limits[0] = sample_limit(GEN_SCOPE_ORGANIZATION, "", PAID * price + price - 1, arena);
    limits[1] = sample_limit(GEN_SCOPE_PROJECT, "proj_1", 1000 * DOLLAR, arena);
    for (int i = 1; i <= JOBS; i++) {
        struct gen_job *job = sample_job(i, 1);
        struct gen_changes *changes = sample_admission(job);

        sample_entry(changes, job, &job->pipelines[0], &job->pipelines[0].shots[0],
                     GEN_LEDGER_HOLD, price, 50000 + i);
        changes->last->as.entry.limits = gen_changes_limits(changes, limits, 2);
        changes->last->as.entry.limit_count = 2;
        OK(gen_store_commit(sample.store, &changes, crowd_done, &crowd, &sample.err));
        gen_arena_destroy(job->arena);
    }
    while (crowd.answered < JOBS) {
        gen_loop_turn(sample.loop);
    }
    cr_assert(eq(int, crowd.other, 0));
    cr_assert(eq(int, crowd.granted, PAID));
    cr_assert(eq(int, crowd.refused, JOBS - PAID));
    cr_assert(eq(i64, used_of(&sample, &limits[0]).held, PAID * price));
    cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM job"), PAID));
    cr_assert(eq(i64, number_of(&sample, "SELECT COALESCE(SUM(amount), 0) FROM posting"), 0));
    cr_assert(eq(i64, number_of(&sample, "SELECT SUM(amount) FROM posting WHERE account = 'held'"),
                 PAID * price));
    gen_store_close(sample.store);
    gen_arena_destroy(arena);
    sample.store = NULL;
    sample_close(&sample);
}

/* Every operation of the database failing in turn: the hold is there with its row, or nothing is. */
Test(budget_use, every_operation_failing)
{
    enum gen_status status = GEN_EIO;

    for (long nth = 1; status != GEN_OK && nth < 200; nth++) {
        struct sample sample;
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_limit limit;
        struct gen_job *job;

        sample_open(&sample);
        job = sample_admit(&sample, 1, 2);
        limit = sample_limit(GEN_SCOPE_TEAM, "team_1", 3 * DOLLAR, arena);
        limit.rollover = true;
        limit.begins = SAMPLE_NOW - 5;
        limit.ends = SAMPLE_NOW + 5;
        gen_store_fail_at(sample.store, nth, GEN_EIO);
        status = sample_hold(&sample, job, 0, DOLLAR, SAMPLE_NOW, &limit, 1, 1);
        gen_store_fail_at(sample.store, 0, GEN_OK);
        cr_assert(eq(i64, used_of(&sample, &limit).held, status == GEN_OK ? DOLLAR : 0));
        cr_assert(eq(i64, number_of(&sample, "SELECT COUNT(*) FROM posting"),
                     status == GEN_OK ? 2 : 0));
        gen_arena_destroy(job->arena);
        gen_arena_destroy(arena);
        sample_close(&sample);
    }
    cr_assert(eq(int, status, GEN_OK));
}
