/* hold.c - what a hold costs the writer: with no limit beside the job's own, with 3 and with 6 of them.
 *
 * usage: hold FOLDER JOBS [HOLDS SETTLED]
 * Fills FOLDER's database with HOLDS attempts that hold money and SETTLED that are charged (two ledger entries
 * each), all in the period that counts. Then admits JOBS jobs of one shot and holds money for each, first
 * without limits, then with more; synchronous=OFF, so that the disk is left out. Prints one JSON line:
 * microseconds of processor time for the admission's set, of it what its hold costs with 0, 3 and 6 limits,
 * sets with a hold a second, what a refusal costs, milliseconds for the first hold under limits that are new
 * (their period is added up), and for the first one after a start.
 */
#include "base/json.h"
#include "store/database.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NOW INT64_C(1800000000000)

static void die(const char *what, const struct gen_error *err)
{
    fprintf(stderr, "%s: %s\n", what, err->message);
    exit(1);
}

static double now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* others may use the machine */
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static struct gen_ident ident(enum gen_ident_kind kind, uint32_t number)
{
    uint8_t random[GEN_IDENT_RANDOM] = {0};
    struct gen_ident out;

    memcpy(random, &number, sizeof number);
    gen_ident_make(kind, NOW, random, &out);
    return out;
}

static struct gen_limit limit(enum gen_scope scope, const char *of, struct gen_arena *arena)
{
    return (struct gen_limit){.name = "bench", .id = "", .scope = scope,
                              .period = GEN_PERIOD_MONTH, .organization = "org_1", .of = of,
                              .key = gen_budget_key(scope, "org_1", of, arena),
                              .begins = NOW - 1000, .ends = NOW + 1000000000,
                              .hard = INT64_C(1000000000000000)};
}

/* One job of one shot with its hold, as one set. */
static struct gen_changes *admission(uint32_t number, const struct gen_limit *limits, size_t count,
                                     bool holds)
{
    struct gen_shot shot = {.id = ident(GEN_IDENT_SHOT, number), .role = GEN_SHOT_SCENE,
                            .provider = "runway", .model = "gen4.5", .scene_count = 1,
                            .parameters = "{}", .clip = "", .note = "", .price = 10, .most = 10,
                            .attempt_count = 1,
                            .attempt = {.id = ident(GEN_IDENT_ATTEMPT, number), .ordinal = 1,
                                        .state = GEN_ATTEMPT_RESERVED, .handle = "",
                                        .step_state = "", .hold = 10, .failure_code = "",
                                        .failure_message = "", .failure_field = ""}};
    struct gen_pipeline pipeline = {.id = ident(GEN_IDENT_PIPELINE, number), .provider = "runway",
                                    .model = "gen4.5", .status = GEN_PIPELINE_QUEUED,
                                    .stage = GEN_STAGE_FORMAT, .shots = &shot, .shot_count = 1,
                                    .failure_message = "", .warning = ""};
    struct gen_job job = {.id = ident(GEN_IDENT_JOB, number),
                          .storyboard = ident(GEN_IDENT_STORYBOARD, number),
                          .organization = "org_1", .team = "t", .user = "u", .project = "p",
                          .decision = "{}", .budget = 100, .status = GEN_JOB_QUEUED,
                          .pipelines = &pipeline, .pipeline_count = 1, .created_at = NOW};
    struct gen_changes *changes = gen_changes_create();
    struct gen_change *entry;

    gen_changes_job(changes, GEN_CHANGE_JOB_ADD, &job);
    changes->last->as.job.brief = "{}";
    gen_changes_pipeline(changes, GEN_CHANGE_PIPELINE_ADD, &job, &pipeline);
    gen_changes_shot(changes, GEN_CHANGE_SHOT_ADD, &job, &pipeline, &shot);
    gen_changes_attempt(changes, GEN_CHANGE_ATTEMPT_ADD, &job, &pipeline, &shot, GEN_ATTEMPT_NONE);
    if (holds) {
        entry = gen_changes_add(changes, GEN_CHANGE_LEDGER);
        entry->as.entry = (struct gen_change_entry){
            .id = ident(GEN_IDENT_LEDGER, number), .job = job.id, .pipeline = pipeline.id,
            .attempt = shot.attempt.id, .kind = GEN_LEDGER_HOLD, .amount = 10,
            .provider = "runway", .basis = "bench", .at = NOW, .limits = limits,
            .limit_count = count};
    }
    return changes;
}

static void run(struct gen_database *database, const char *sql)
{
    struct gen_error err = {0};

    if (gen_database_run(database, sql, &err) != GEN_OK) {
        die(sql, &err);
    }
}

/* Attempts `from` to `to` of others, one a job, with the entries that led there. */
static void fill(struct gen_database *database, uint32_t from, uint32_t to, bool charged)
{
    static const char numbers[] = "WITH RECURSIVE n(i) AS (SELECT %u UNION ALL SELECT i + 1 FROM n "
                                  "WHERE i < %u) ";
    static const char *const rows[] = {
        "INSERT INTO job (id, organization, team, user_id, project, storyboard, title, status, budget, "
        "held, spent, created_at) SELECT printf('gen_%%026d', i), 'org_1', 't', 'u', 'p', '', '', "
        "'completed', 100, %d, %d, 1 FROM n",
        "INSERT INTO pipeline (id, job, status, stage, spent) SELECT printf('pip_%%026d', i), "
        "printf('gen_%%026d', i), 'completed', 'submit', %2$d FROM n WHERE %1$d >= 0",
        "INSERT INTO shot (id, job, pipeline) SELECT printf('sht_%%026d', i), printf('gen_%%026d', i), "
        "printf('pip_%%026d', i) FROM n WHERE %d + %d > 0",
        "INSERT INTO attempt (id, job, pipeline, shot, ordinal, state, organization, provider, model, "
        "held, spent, held_at) SELECT printf('att_%%026d', i), printf('gen_%%026d', i), "
        "printf('pip_%%026d', i), printf('sht_%%026d', i), 1, 'settled', 'org_1', 'runway', 'gen4.5', "
        "%d, %d, 1800000000000 - i %% 500 FROM n",
        "INSERT INTO ledger_entry (id, organization, job, pipeline, attempt, kind, amount, provider, at) "
        "SELECT printf('led_%%026d', 2 * i), 'org_1', printf('gen_%%026d', i), "
        "printf('pip_%%026d', i), printf('att_%%026d', i), 'hold', %d + %d, 'runway', 1800000000000 "
        "FROM n",
        "INSERT INTO posting (entry, account, amount) SELECT printf('led_%%026d', 2 * i), 'held', "
        "%d + %d FROM n UNION ALL SELECT printf('led_%%026d', 2 * i), 'funds', -10 FROM n",
        "INSERT INTO ledger_entry (id, organization, job, pipeline, attempt, kind, amount, provider, at) "
        "SELECT printf('led_%%026d', 2 * i + 1), 'org_1', printf('gen_%%026d', i), "
        "printf('pip_%%026d', i), printf('att_%%026d', i), 'charge', 10, 'runway', 1800000000000 "
        "FROM n WHERE %d < %d",
        "INSERT INTO posting (entry, account, amount) SELECT printf('led_%%026d', 2 * i + 1), 'spent', 10 "
        "FROM n WHERE %1$d < %2$d UNION ALL SELECT printf('led_%%026d', 2 * i + 1), 'held', -10 FROM n "
        "WHERE %1$d < %2$d",
    };
    int held = charged ? 0 : 10, spent = charged ? 10 : 0;

    for (size_t i = 0; i < sizeof rows / sizeof *rows && from <= to; i++) {
        char sql[1200];
        int at = snprintf(sql, sizeof sql, numbers, from, to);

        (void)snprintf(sql + at, sizeof sql - (size_t)at, rows[i], held, spent);
        run(database, sql);
    }
}

static void fill_all(const char *path, uint32_t holds, uint32_t settled)
{
    struct gen_database *database = NULL;
    struct gen_error err = {0};

    if (gen_database_open(path, 0, &database, &err) != GEN_OK) {
        die(path, &err);
    }
    run(database, "PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN");
    fill(database, 1, holds, false);
    fill(database, holds + 1, holds + settled, true);
    run(database, "COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    gen_database_close(database);
}

static void on_done(void *context, enum gen_status status, const struct gen_error *err,
                    int64_t last_event)
{
    (void)last_event;
    if (status != GEN_OK && status != GEN_EBUDGET) {
        die("commit", err);
    }
    ++*(uint32_t *)context;
}

/* Microseconds a set, in commits of up to a thousand. */
static double measure(struct gen_store *store, struct gen_loop *loop, uint32_t from, uint32_t jobs,
                      const struct gen_limit *limits, size_t count, bool holds)
{
    double began = now_us();
    struct gen_error err = {0};
    uint32_t sent = 0, done = 0;

    while (done < jobs) {
        while (sent < jobs && sent - done < 2000) {
            struct gen_changes *changes = admission(from + sent++, limits, count, holds);

            if (gen_store_commit(store, &changes, on_done, &done, &err) != GEN_OK) {
                die("commit", &err);
            }
        }
        gen_loop_turn(loop);
    }
    return (now_us() - began) / jobs;
}

int main(int argc, char **argv)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_limit limits[6], full;
    struct gen_store_options options = {.volatile_ok = true};
    struct gen_store *store = NULL;
    struct gen_error err = {0};
    uint32_t jobs = argc >= 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0, from = 1;
    uint32_t holds = argc == 5 ? (uint32_t)strtoul(argv[3], NULL, 10) : 0;
    uint32_t settled = argc == 5 ? (uint32_t)strtoul(argv[4], NULL, 10) : 0;
    double first, again, without, none, three, six, refused;
    char path[500];

    if (jobs == 0 || gen_loop_create(&options.loop, &err) != GEN_OK) {
        fprintf(stderr, "usage: hold FOLDER JOBS [HOLDS SETTLED]\n");
        return 2;
    }
    (void)snprintf(path, sizeof path, "%s/hold.db", argv[1]);
    options.path = path;
    if (gen_store_open(&options, &store, &err) != GEN_OK) {
        die(path, &err);
    }
    gen_store_close(store); /* it has made its tables */
    fill_all(path, holds, settled);
    if (gen_store_open(&options, &store, &err) != GEN_OK) {
        die(path, &err);
    }
    limits[0] = limit(GEN_SCOPE_ORGANIZATION, "", arena);
    limits[1] = limit(GEN_SCOPE_PROJECT, "p", arena);
    limits[2] = limit(GEN_SCOPE_PROVIDER, "runway", arena);
    limits[3] = limit(GEN_SCOPE_TEAM, "t", arena);
    limits[4] = limit(GEN_SCOPE_USER, "u", arena);
    limits[5] = limits[0]; /* another interval of the same */
    limits[5].begins = 0;
    full = limits[0];
    full.hard = 1;
    first = measure(store, options.loop, from++, 1, limits, 6, true) / 1000;
    gen_store_close(store);
    if (gen_store_open(&options, &store, &err) != GEN_OK) {
        die(path, &err);
    }
    again = measure(store, options.loop, from++, 1, limits, 6, true) / 1000;
    without = measure(store, options.loop, from, jobs, NULL, 0, false);
    none = measure(store, options.loop, from += jobs, jobs, NULL, 0, true);
    three = measure(store, options.loop, from += jobs, jobs, limits, 3, true);
    six = measure(store, options.loop, from += jobs, jobs, limits, 6, true);
    refused = measure(store, options.loop, from += jobs, 20, &full, 1, true);
    printf("{\"jobs\": %u, \"holds\": %u, \"entries\": %u, \"setUs\": %.1f, \"holdUs\": {\"0\": %.1f, "
           "\"3\": %.1f, \"6\": %.1f}, \"perSecond\": {\"0\": %.0f, \"3\": %.0f, \"6\": %.0f}, "
           "\"refusalUs\": %.0f, \"newLimitsMs\": %.1f, \"afterStartMs\": %.1f}\n",
           jobs, holds, holds + 2 * settled, without, none - without, three - without, six - without,
           1e6 / none, 1e6 / three, 1e6 / six, refused, first, again);
    gen_store_close(store);
    gen_loop_destroy(options.loop);
    gen_arena_destroy(arena);
    return 0;
}
