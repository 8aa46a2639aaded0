/* entrance_test.c - a thousand requests at once through the engine and its store, on a budget for ten. */
#include "engine/engine.h"
#include "engine/treasury.h"

#include "store/budget_reading.h"
#include "store/database.h"
#include "unit/engine/world.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

TestSuite(entrance, .timeout = 240);

#define BRIEF \
    "{\"models\": [\"fake/pay\"], \"scenes\": [{\"prompt\": \"a\", \"duration\": 2}], \"budget\": 1}"

enum { CROWD = 1000, PAID = 10 };

struct tally {
    int answers, admitted, refused, other;
    char words[640];
};

static void on_admitted(void *context, enum gen_status status, const struct gen_error *err,
                        const char *job, bool existing)
{
    struct tally *tally = context;

    (void)job;
    tally->answers++;
    tally->admitted += status == GEN_OK && !existing;
    tally->refused += status == GEN_EBUDGET;
    tally->other += status != GEN_OK && status != GEN_EBUDGET;
    if (status != GEN_OK) {
        snprintf(tally->words, sizeof(tally->words), "%s", err->message);
    }
}

/* A provider whose line is never picked up: what is admitted stays at work. */
static int silence(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    cr_assert(fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0 && listen(fd, 128) == 0);
    cr_assert(getsockname(fd, (struct sockaddr *)&address, &size) == 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static int64_t number_of(struct world *world, const char *sql)
{
    int64_t number = -1;

    WORLD_OK(world, gen_database_number(gen_store_reader(world->store), sql, &number, &world->err));
    return number;
}

/* What one such job holds: for itself, or with money for paid retries. */
static gen_micros held_by_one(struct world *world, bool bare)
{
    struct gen_request request = {.organization = "org_2", .user = "usr_1", .bare = bare,
                                  .brief = world_node(world, BRIEF)};
    struct tally tally = {0};

    gen_engine_admit(world->engine, &request, on_admitted, &tally);
    while (tally.answers == 0) {
        gen_loop_turn(world->loop);
    }
    cr_assert(tally.admitted == 1, "%s", tally.words);
    return number_of(world, "SELECT held FROM job ORDER BY id DESC LIMIT 1");
}

static void on_set(void *context, enum gen_status status, const struct gen_error *err,
                   int64_t last_event)
{
    (void)last_event;
    cr_assert(status == GEN_OK, "%s", err->message);
    *(bool *)context = true;
}

static void begin(struct world *world, gen_micros hard)
{
    struct gen_budget budget = {.id = {"bud_1"}, .organization = "org_1",
                                .scope = GEN_SCOPE_ORGANIZATION, .of = "", .hard = hard,
                                .period = GEN_PERIOD_MONTH, .note = "for ten", .version = 1,
                                .created_by = ""};
    struct gen_changes *changes = gen_changes_create();
    bool set = false;

    world->http = NULL;
    WORLD_OK(world, gen_http_client_create(world->loop, &world->http, &world->err));
    world_options(world);
    WORLD_OK(world, gen_engine_create(&world->options, &world->engine, &world->err));
    WORLD_OK(world, gen_engine_resume(world->engine, &world->err));
    gen_changes_budget(changes, GEN_CHANGE_BUDGET_ADD, &budget);
    WORLD_OK(world, gen_engine_commit(world->engine, &changes, on_set, &set, &world->err));
    while (!set) {
        gen_loop_turn(world->loop);
    }
}

static void end(struct world *world)
{
    gen_engine_destroy(world->engine);
    gen_http_client_destroy(world->http);
    world->engine = NULL;
}

/* All of them ask before anybody is answered, so that every plan is made while all the money is there still. */
Test(entrance, a_thousand_at_once)
{
    struct gen_request request = {.organization = "org_1", .user = "usr_1"};
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_hold_of of = {.organization = "org_1"};
    struct gen_limit *limits = NULL;
    struct gen_balance used;
    struct tally tally = {0};
    struct world world;
    gen_micros one, bare;
    size_t count = 0;
    int port, fd = silence(&port);

    world_open_at(&world, port);
    begin(&world, 1);
    one = held_by_one(&world, false);
    bare = held_by_one(&world, true);
    cr_assert(bare > 0 && one == 2 * bare, "%lld and %lld", (long long)one, (long long)bare);
    end(&world);
    world_close(&world);

    world_open_at(&world, port); /* the last one of the first attempts only is short of a micro-dollar */
    begin(&world, PAID * one + bare - 1);
    request.brief = world_node(&world, BRIEF);
    for (int i = 0; i < CROWD; i++) {
        gen_engine_admit(world.engine, &request, on_admitted, &tally);
    }
    cr_assert(eq(int, tally.answers, 0));
    while (tally.answers < CROWD) {
        gen_loop_turn(world.loop);
    }
    cr_assert(eq(int, tally.other, 0), "%s", tally.words);
    cr_assert(eq(int, tally.admitted, PAID));
    cr_assert(eq(int, tally.refused, CROWD - PAID));
    cr_assert(strstr(tally.words, "for ten") != NULL, "%s", tally.words);
    cr_assert(eq(i64, number_of(&world, "SELECT COUNT(*) FROM job"), PAID));
    cr_assert(eq(i64, number_of(&world, "SELECT SUM(held) FROM job"), PAID * one));
    cr_assert(eq(i64, number_of(&world, "SELECT COALESCE(SUM(amount), 0) FROM posting"), 0));
    of.at = gen_clock_now(world.options.clock);
    WORLD_OK(&world, gen_engine_limits(world.engine, &of, arena, &limits, &count, &world.err));
    for (size_t i = 0; i < count; i++) {
        WORLD_OK(&world, gen_read_use(world.store, &limits[i], &used, NULL, &world.err));
        cr_assert(eq(i64, used.held, PAID * one), "%s", limits[i].name);
    }
    cr_assert(count >= 2, "the budget, and that of budget.yaml");
    end(&world);
    gen_arena_destroy(arena);
    world_close(&world);
    close(fd);
}
