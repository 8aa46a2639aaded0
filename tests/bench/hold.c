/* hold.c - what a hold costs the writer: with no limit beside the job's own, with 3 and with 6 of them.
 *
 * usage: hold FOLDER JOBS
 * Admits JOBS jobs of one shot in FOLDER's database and holds money for each, first without limits, then
 * with more; synchronous=OFF, so that the disk is left out. Prints one JSON line: microseconds for the
 * admission's set with its hold, the hold's share of it, and what a second round costs on a full ledger.
 */
#include "base/json.h"
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

static void on_done(void *context, enum gen_status status, const struct gen_error *err,
                    int64_t last_event)
{
    (void)last_event;
    if (status != GEN_OK) {
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
    struct gen_limit limits[6];
    struct gen_store_options options = {.volatile_ok = true};
    struct gen_store *store = NULL;
    struct gen_error err = {0};
    uint32_t jobs = argc == 3 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0, from = 1;
    double without, none, three, six;
    char path[500];

    if (jobs == 0 || gen_loop_create(&options.loop, &err) != GEN_OK) {
        fprintf(stderr, "usage: hold FOLDER JOBS\n");
        return 2;
    }
    (void)snprintf(path, sizeof path, "%s/hold.db", argv[1]);
    options.path = path;
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
    without = measure(store, options.loop, from, jobs, NULL, 0, false);
    none = measure(store, options.loop, from += jobs, jobs, NULL, 0, true);
    three = measure(store, options.loop, from += jobs, jobs, limits, 3, true);
    six = measure(store, options.loop, from += jobs, jobs, limits, 6, true);
    printf("{\"jobs\": %u, \"setUs\": %.1f, \"holdUs\": {\"0\": %.1f, \"3\": %.1f, \"6\": %.1f}}\n",
           jobs, without, none - without, three - without, six - without);
    gen_store_close(store);
    gen_loop_destroy(options.loop);
    gen_arena_destroy(arena);
    return 0;
}
