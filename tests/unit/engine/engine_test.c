/* engine_test.c - the engine as the service sees it, with a real store, loop and plugin; the provider
 * is a port where nobody listens, so nothing is ever bought. */
#include "engine/engine.h"

#include "unit/engine/world.h"

TestSuite(engine, .timeout = 60);

#define BRIEF \
    "{\"models\": [\"fake/pay\"], \"scenes\": [{\"prompt\": \"a\", \"duration\": 2}], \"budget\": 1}"

/* Nobody is there who could have booked an order late. */
static const struct gen_patience hurried = {.recover_window_ms = 1, .recover_least_looks = 1,
                                            .submit_ms = 60000, .verdict_ms = 60000,
                                            .fetch_ms = 60000, .cancel_ms = 60000,
                                            .slow_ms = 60000, .asset_ms = 86400000};

static void engine_begin(struct world *world)
{
    WORLD_OK(world, gen_http_client_create(world->loop, &world->http, &world->err));
    world_options(world);
    world->options.patience = &hurried;
    WORLD_OK(world, gen_engine_create(&world->options, &world->engine, &world->err));
    WORLD_OK(world, gen_engine_resume(world->engine, &world->err));
}

static void engine_end(struct world *world)
{
    gen_engine_destroy(world->engine);
    gen_http_client_destroy(world->http);
    world->engine = NULL;
}

struct admitted {
    int calls;
    enum gen_status status;
    bool existing;
    char job[GEN_IDENT_SIZE], message[300], path[64];
};

static void on_admitted(void *context, enum gen_status status, const struct gen_error *err,
                        const char *job, bool existing)
{
    struct admitted *admitted = context;

    admitted->calls++;
    admitted->status = status;
    admitted->existing = existing;
    snprintf(admitted->job, sizeof(admitted->job), "%s", job);
    snprintf(admitted->message, sizeof(admitted->message), "%.280s", err->message);
    snprintf(admitted->path, sizeof(admitted->path), "%.60s", err->path);
}

static void ask(struct world *world, const char *brief, const char *key, const char *digest,
                struct admitted *admitted)
{
    struct gen_request request = {.organization = "org_1", .user = "usr_1", .key = key,
                                  .digest = digest, .brief = world_node(world, brief)};

    memset(admitted, 0, sizeof(*admitted));
    gen_engine_admit(world->engine, &request, on_admitted, admitted);
    cr_assert(eq(int, admitted->calls, 0), "nothing is called from inside");
}

static struct admitted admit(struct world *world, const char *brief, const char *key,
                             const char *digest)
{
    struct admitted admitted;

    ask(world, brief, key, digest, &admitted);
    while (admitted.calls == 0) {
        gen_loop_turn(world->loop);
    }
    return admitted;
}

static void wait_until_over(struct world *world, const char *job)
{
    while (gen_engine_job(world->engine, job) != NULL) {
        gen_loop_turn(world->loop);
    }
}

static const char *status_of(struct world *world, const char *job)
{
    struct gen_node *document = NULL;

    WORLD_OK(world, gen_read_job(world->store, "org_1", job, world->arena, &document,
                                 &world->err));
    return gen_node_text(gen_node_get(document, "status"), "?");
}

Test(engine, admitted_and_cancelled)
{
    struct world world;
    struct admitted admitted;
    struct gen_engine_figures figures;

    world_open(&world);
    engine_begin(&world);
    admitted = admit(&world, BRIEF, NULL, NULL);
    cr_assert(admitted.status == GEN_OK && admitted.existing == false, "%s", admitted.message);
    cr_assert(gen_engine_job(world.engine, admitted.job) != NULL);
    gen_engine_figures(world.engine, &figures);
    cr_assert(figures.open_jobs == 1 && figures.admitted == 1 && figures.refused == 0);
    cr_assert(eq(int, gen_engine_cancel(world.engine, "org_2", admitted.job, NULL, &world.err),
                 GEN_ENOTFOUND), "somebody else's");
    WORLD_OK(&world, gen_engine_cancel(world.engine, "org_1", admitted.job, NULL, &world.err));
    (void)!gen_engine_cancel(world.engine, "org_1", admitted.job, NULL, &world.err); /* twice */
    wait_until_over(&world, admitted.job);
    cr_assert(eq(str, (char *)status_of(&world, admitted.job), "canceled"));
    cr_assert(eq(int, gen_engine_cancel(world.engine, "org_1", admitted.job, NULL, &world.err),
                 GEN_ECONFLICT));
    cr_assert(eq(int, gen_engine_cancel(world.engine, "org_1", "gen_01m81rcze1hsa2asfnqtzme0wf", NULL,
                                        &world.err), GEN_ENOTFOUND));
    engine_end(&world);
    world_close(&world);
}

Test(engine, keys)
{
    struct world world;
    struct admitted first, again, other, both[2];

    world_open(&world);
    engine_begin(&world);
    first = admit(&world, BRIEF, "key", "digest");
    cr_assert(first.status == GEN_OK && first.existing == false, "%s", first.message);
    again = admit(&world, BRIEF, "key", "digest");
    cr_assert(again.status == GEN_OK && again.existing, "%s", again.message);
    cr_assert(eq(str, first.job, again.job));
    other = admit(&world, BRIEF, "key", "another digest");
    cr_assert(eq(int, other.status, GEN_ECONFLICT));
    cr_assert(eq(str, other.job, ""));
    /* Two at once: one job. */
    ask(&world, BRIEF, "both", "digest", &both[0]);
    ask(&world, BRIEF, "both", "digest", &both[1]);
    while (both[0].calls + both[1].calls < 2) {
        gen_loop_turn(world.loop);
    }
    cr_assert(both[0].status == GEN_OK && both[1].status == GEN_OK, "%s", both[1].message);
    cr_assert(both[0].existing + both[1].existing == 1);
    cr_assert(eq(str, both[0].job, both[1].job));
    /* A refused request leaves its key free. */
    other = admit(&world, "{\"scenes\": []}", "free", "digest");
    cr_assert(eq(int, other.status, GEN_EINVAL));
    other = admit(&world, BRIEF, "free", "digest");
    cr_assert(other.status == GEN_OK && other.existing == false);
    engine_end(&world);
    world_close(&world);
}

Test(engine, refusals)
{
    struct world world;
    struct admitted refused;
    struct gen_engine_figures figures;

    world_open(&world);
    engine_begin(&world);
    refused = admit(&world, "{\"models\": [\"fake/pay\"], \"scenes\": [{\"prompt\": \"a\", "
                            "\"duration\": 2}], \"budget\": 0.01}", NULL, NULL);
    cr_assert(refused.status == GEN_EBUDGET && strcmp(refused.path, "budget") == 0, "%s",
              refused.message);
    gen_store_fail_at(world.store, 1, GEN_ENOSPACE);
    refused = admit(&world, BRIEF, NULL, NULL);
    gen_store_fail_at(world.store, 0, GEN_OK);
    cr_assert(refused.status == GEN_ENOSPACE, "%s", refused.message);
    cr_assert(eq(str, refused.job, ""));
    gen_engine_figures(world.engine, &figures);
    cr_assert(figures.open_jobs == 0 && figures.admitted == 0 && figures.refused == 2);
    engine_end(&world);
    world.options.least_free = INT64_MAX;
    WORLD_OK(&world, gen_http_client_create(world.loop, &world.http, &world.err));
    world.options.http = world.http;
    WORLD_OK(&world, gen_engine_create(&world.options, &world.engine, &world.err));
    cr_assert(eq(int, gen_engine_ready(world.engine, &world.err), GEN_ENOSPACE));
    refused = admit(&world, BRIEF, NULL, NULL);
    cr_assert(refused.status == GEN_ENOSPACE && strstr(refused.message, "free"), "%s",
              refused.message);
    engine_end(&world);
    world_close(&world);
}

/* Destroyed at any moment, an engine leaves jobs that the next one goes on with. */
Test(engine, destroyed_and_resumed)
{
    for (int turns = 0; turns < 12; turns++) {
        struct world world;
        struct admitted admitted;
        char job[GEN_IDENT_SIZE];

        world_open(&world);
        engine_begin(&world);
        admitted = admit(&world, BRIEF, NULL, NULL);
        cr_assert(admitted.status == GEN_OK, "%s", admitted.message);
        snprintf(job, sizeof(job), "%s", admitted.job);
        for (int i = 0; i < turns && gen_engine_job(world.engine, job) != NULL; i++) {
            gen_loop_poll(world.loop);
        }
        engine_end(&world);
        engine_begin(&world);
        cr_assert(gen_engine_job(world.engine, job) != NULL, "after %d turns", turns);
        WORLD_OK(&world, gen_engine_cancel(world.engine, "org_1", job, NULL, &world.err));
        wait_until_over(&world, job);
        cr_assert(eq(str, (char *)status_of(&world, job), "canceled"));
        engine_end(&world);
        world_close(&world);
    }
}

/* The store cannot write: the job waits to be read again, says so, and nothing of it leaks when the
 * engine goes down meanwhile. */
Test(engine, a_job_whose_changes_were_refused)
{
    struct world world;
    struct admitted admitted;

    world_open(&world);
    gen_store_close(world.store); /* one in memory has no thread: what fails is what is written next */
    strcpy(world.database, ":memory:");
    world_open_store(&world);
    world.log.least = GEN_LEVEL_ERROR + 1; /* it is an error and logged as one */
    engine_begin(&world);
    admitted = admit(&world, BRIEF, NULL, NULL);
    cr_assert(admitted.status == GEN_OK, "%s", admitted.message);
    while (gen_store_waiting(world.store) > 0) {
        gen_loop_turn(world.loop);
    }
    gen_store_fail_at(world.store, 1, GEN_EIO); /* so the next to be written is the cancelling */
    WORLD_OK(&world, gen_engine_cancel(world.engine, "org_1", admitted.job, NULL, &world.err));
    wait_until_over(&world, admitted.job); /* out of memory, not over */
    gen_store_fail_at(world.store, 0, GEN_OK);
    cr_assert(eq(int, gen_engine_cancel(world.engine, "org_1", admitted.job, NULL, &world.err),
                 GEN_EBUSY), "%s", world.err.message);
    cr_assert(ne(str, (char *)status_of(&world, admitted.job), "canceled"));
    engine_end(&world);
    world_close(&world);
}
