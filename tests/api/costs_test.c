/* costs_test.c - costs, statements and estimates of a real gend: figures that agree with each other and with the
 * ledger, estimates that leave nothing behind, and nothing of another organization's. */
#include "house.h"

#include "store/database.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BRIEF \
    "{\"title\":\"t\",\"models\":[\"fake/pay\"],\"project\":\"tea\",\"tags\":[\"a\",\"b\"]," \
    "\"scenes\":[{\"prompt\":\"x\",\"duration\":1}],\"variations\":[{\"resolution\":\"320x320\"}]"

static gen_micros dollars(const struct gen_node *map, const char *key)
{
    gen_micros amount = -1;

    return gen_node_dollars(gen_node_get(map, key), &amount, NULL) == GEN_OK ? amount : -1;
}

static struct house_reply get_ok(struct house *house, const char *path)
{
    struct house_reply reply = house_get(house, path);

    cr_assert(reply.status == 200, "%s: %d: %s", path, reply.status, reply.body);
    return reply;
}

static const char *submit(struct house *house, const char *body)
{
    struct house_reply reply = house_post(house, "/v1/jobs", body);

    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    return gen_node_text(gen_node_get(reply.document, "jobId"), "");
}

/* Every grouping of two jobs, against what the jobs themselves say that they cost. */
Test(costs, figures_agree, .timeout = 120)
{
    static const char *const groups[] = {"provider", "model", "project", "team", "user", "job", "day",
                                         "total"};
    struct house house = {0};
    struct house_reply reply;
    gen_micros spent = 0;
    const char *job = "";

    house_open(&house);
    house_start(&house, NULL);
    for (int i = 0; i < 2; i++) {
        job = submit(&house, BRIEF "}");
        house_await(&house, job, "completed");
        reply = get_ok(&house, gen_arena_printf(house.arena, "/v1/jobs/%s", job));
        spent += dollars(gen_node_get(reply.document, "costs"), "spent");
    }
    cr_assert(spent > 0);
    for (size_t i = 0; i < GEN_COUNT(groups); i++) {
        gen_micros sum = 0;

        reply = get_ok(&house, gen_arena_printf(house.arena, "/v1/costs?groupBy=%s", groups[i]));
        for (const struct gen_node *row = gen_node_first(gen_node_get(reply.document, "rows"));
             row != NULL; row = row->next) {
            sum += dollars(row, "cost");
        }
        cr_expect(sum == spent, "%s: %s", groups[i], reply.body);
        cr_expect(dollars(gen_node_get(reply.document, "totals"), "cost") == spent);
        cr_expect(gen_node_integer(gen_node_get(gen_node_get(reply.document, "totals"), "jobs"), 0) ==
                  2);
    }
    reply = get_ok(&house, "/v1/costs?groupBy=tag"); /* both tags, each with everything */
    cr_expect(gen_node_count(gen_node_get(reply.document, "rows")) == 2, "%s", reply.body);
    reply = get_ok(&house, "/v1/costs/statement");
    cr_expect(dollars(gen_node_get(reply.document, "totals"), "cost") == spent, "%s", reply.body);
    cr_expect(dollars(gen_node_get(gen_node_get(reply.document, "providers"), "fake"), "cost") == spent,
              "%s", reply.body);
    cr_expect(strcmp(gen_node_text(gen_node_get(reply.document, "trackingId"), ""),
                     gen_node_text(gen_node_get(get_ok(&house, "/v1/costs/statement").document,
                                                "trackingId"), "x")) == 0);
    reply = get_ok(&house, "/v1/costs/statement?period=2020-01");
    cr_expect(dollars(gen_node_get(reply.document, "totals"), "cost") == 0);
    reply = get_ok(&house, gen_arena_printf(house.arena, "/v1/jobs/%s/costs", job));
    cr_expect(dollars(reply.document, "cost") == spent / 2, "%s", reply.body);
    cr_expect(strstr(reply.body, "\"kind\":\"hold\"") != NULL &&
              strstr(reply.body, "\"kind\":\"charge\"") != NULL, "%s", reply.body);
    house_close(&house);
}

/* The same order again, where the brief takes what is there: nothing is bought, and what that saved is what the
 * render would have cost, once. */
Test(costs, a_clip_used_again_saves_its_price_once, .timeout = 120)
{
    struct house house = {0};
    struct house_reply reply;
    const struct gen_node *savings;
    const char *job;
    int orders;

    house_open(&house);
    house_start(&house, NULL);
    job = submit(&house, BRIEF ",\"reuse\":\"always\"}");
    house_await(&house, job, "completed");
    orders = house.orders;
    job = submit(&house, BRIEF ",\"reuse\":\"always\"}");
    house_await(&house, job, "completed");
    cr_assert(house.orders == orders, "it was ordered again");
    reply = get_ok(&house, gen_arena_printf(house.arena, "/v1/jobs/%s/costs", job));
    cr_expect(dollars(reply.document, "cost") == 0, "%s", reply.body);
    reply = get_ok(&house, "/v1/costs");
    savings = gen_node_get(reply.document, "savings");
    cr_expect(dollars(savings, "cachedResults") == 50000, "%s", reply.body);
    cr_expect(dollars(savings, "total") == 50000, "%s", reply.body);
    cr_expect(dollars(savings, "baseline") == 100000, "%s", reply.body);
    reply = get_ok(&house, "/v1/costs/statement");
    cr_expect(dollars(gen_node_get(reply.document, "savings"), "cachedResults") == 50000, "%s",
              reply.body);
    job = submit(&house, BRIEF ",\"reuse\":\"never\"}"); /* always fresh */
    house_await(&house, job, "completed");
    cr_expect(house.orders == orders + 1);
    house_close(&house);
}

/* Changes whenever another connection commits anything at all, in any table. */
static int64_t commits(struct gen_database *database)
{
    int64_t version = -1;

    cr_assert(gen_database_number(database, "PRAGMA data_version", &version, NULL) == GEN_OK);
    return version;
}

/* The same once what a start writes is written. */
static int64_t settled(struct house *house, struct gen_database *database)
{
    int64_t before = -1, now = commits(database);

    for (int quiet = 0; quiet < 30; quiet = now == before ? quiet + 1 : 0) {
        before = now;
        usleep(10000);
        gen_loop_poll(house->loop);
        now = commits(database);
    }
    return now;
}

/* What is estimated is what is then held and charged; asking leaves no trace, not even an event. */
Test(costs, an_estimate_is_the_decision_without_its_traces, .timeout = 120)
{
    struct gen_database *database = NULL;
    int64_t before;
    char path[160];
    struct house house = {0};
    struct house_reply estimate, reply;
    const char *job;

    house_open(&house);
    house_start(&house, NULL);
    snprintf(path, sizeof path, "%s/genengine.db", house.state);
    cr_assert(gen_database_open(path, GEN_DATABASE_READER, &database, NULL) == GEN_OK);
    before = settled(&house, database);
    estimate = house_post(&house, "/v1/estimates", BRIEF "}");
    cr_assert(estimate.status == 200, "%s", estimate.body);
    /* a file that was never uploaded, by its name */
    reply = house_post(&house, "/v1/estimates",
                       BRIEF ",\"brand\":{\"logo\":\"logos/mark.png\"}}");
    cr_expect(reply.status == 200 && strstr(reply.body, "is not uploaded") != NULL, "%d: %s",
              reply.status, reply.body);
    /* too dear, and too dear for a budget that is set */
    reply = house_post(&house, "/v1/estimates", BRIEF ",\"budget\":0.04}");
    cr_expect(reply.status == 200 && strstr(reply.body, "\"affordable\":false") != NULL &&
                  strstr(reply.body, "\"code\":\"budget_exceeded\"") != NULL,
              "%s", reply.body);
    reply = house_post(&house, "/v1/estimates", "{\"briefs\":[" BRIEF "}," BRIEF "}]}");
    cr_expect(reply.status == 200, "%d: %s", reply.status, reply.body);
    cr_expect(commits(database) == before, "an estimate has written something");
    cr_expect(house.orders == 0);
    house.hold = true;
    job = submit(&house, BRIEF "}");
    house_await(&house, job, "in_progress");
    cr_expect(commits(database) != before, "what a job writes would be seen");
    gen_database_close(database);
    reply = get_ok(&house, gen_arena_printf(house.arena, "/v1/jobs/%s", job));
    cr_expect(dollars(gen_node_get(reply.document, "costs"), "held") ==
                  dollars(estimate.document, "costHeld"),
              "%s\n%s", reply.body, estimate.body);
    cr_expect(dollars(gen_node_get(reply.document, "costs"), "estimate") ==
              dollars(estimate.document, "costEstimate"));
    /* now the held money is seen by the next estimate */
    reply = house_post(&house, "/v1/estimates", BRIEF "}");
    cr_expect(dollars(gen_node_at(gen_node_get(reply.document, "limits"), 0), "held") ==
                  dollars(estimate.document, "costHeld"),
              "%s", reply.body);
    reply = house_post(&house, "/v1/budgets",
                       "{\"scope\":\"project\",\"of\":\"tea\",\"hard\":0.01}");
    cr_assert(reply.status == 201, "%s", reply.body);
    reply = house_post(&house, "/v1/estimates", BRIEF "}");
    cr_expect(strstr(reply.body, "\"affordable\":false") != NULL, "%s", reply.body);
    cr_expect(house_post(&house, "/v1/jobs", BRIEF "}").status == 402);
    house_close(&house);
}

/* Several briefs: each alone, and what all would take of the limits that they share. */
Test(costs, several_briefs, .timeout = 120)
{
    static const struct {
        const char *body, *path;
    } wrong[] = {
        {"{\"briefs\":[]}", "briefs"},
        {"{\"briefs\":" BRIEF "}}", "briefs"},
        {"{\"briefs\":[" BRIEF "}],\"budget\":1}", "budget"},
        {"{\"briefs\":[" BRIEF "}," BRIEF ",\"titel\":1}]}", "briefs[1]"},
        {"{\"briefs\":[7]}", "briefs[0]"},
    };
    struct house house = {0};
    struct house_reply one, reply;
    gen_micros held;

    house_open(&house);
    house_start(&house, NULL);
    one = house_post(&house, "/v1/estimates", BRIEF "}");
    held = dollars(one.document, "costHeld");
    cr_assert(held > 0, "%s", one.body);
    reply = house_post(&house, "/v1/estimates", "{\"briefs\":[" BRIEF "}," BRIEF "}," BRIEF "}]}");
    cr_assert(reply.status == 200, "%s", reply.body);
    cr_expect(gen_node_count(gen_node_get(reply.document, "estimates")) == 3);
    cr_expect(dollars(reply.document, "costHeld") == 3 * held, "%s", reply.body);
    cr_expect(gen_node_truth(gen_node_get(reply.document, "affordable"), false), "%s", reply.body);
    cr_expect(dollars(gen_node_at(gen_node_get(reply.document, "limits"), 0), "needs") == 3 * held,
              "%s", reply.body);
    /* enough for two of the three */
    reply = house_post(&house, "/v1/budgets",
                       gen_arena_printf(house.arena, "{\"scope\":\"project\",\"of\":\"tea\","
                                        "\"hard\":%.6f}", (double)(2 * held) / 1e6));
    cr_assert(reply.status == 201, "%s", reply.body);
    reply = house_post(&house, "/v1/estimates", "{\"briefs\":[" BRIEF "}," BRIEF "}]}");
    cr_expect(gen_node_truth(gen_node_get(reply.document, "affordable"), false), "%s", reply.body);
    reply = house_post(&house, "/v1/estimates", "{\"briefs\":[" BRIEF "}," BRIEF "}," BRIEF "}]}");
    cr_expect(!gen_node_truth(gen_node_get(reply.document, "affordable"), true), "%s", reply.body);
    cr_expect(strstr(reply.body, "\"fits\":false") != NULL, "%s", reply.body);
    for (size_t i = 0; i < GEN_COUNT(wrong); i++) {
        reply = house_post(&house, "/v1/estimates", wrong[i].body);
        cr_expect(reply.status == 422 && strstr(reply.body, wrong[i].path) != NULL, "%s: %d %s",
                  wrong[i].body, reply.status, reply.body);
    }
    house_close(&house);
}

/* The provider bills other than the book says: an event that the log tells, and a line beside the costs. */
Test(costs, bills_that_differ_are_told, .timeout = 120)
{
    struct house house = {.settings = "    prices: {perSecond: 0.04}\n", .log = "/dev/null"};
    struct house_reply reply;
    const struct gen_node *drift;
    struct gen_database *database = NULL;
    char path[160];
    int64_t events = -1;

    house_open(&house);
    house_start(&house, NULL);
    reply = get_ok(&house, "/v1/costs");
    cr_expect(gen_node_count(gen_node_get(reply.document, "priceDrifts")) == 0, "%s", reply.body);
    for (int i = 0; i < 6; i++) {
        house_await(&house, submit(&house, BRIEF "}"), "completed");
    }
    reply = get_ok(&house, "/v1/costs");
    drift = gen_node_at(gen_node_get(reply.document, "priceDrifts"), 0);
    cr_assert(drift != NULL, "%s", reply.body);
    cr_expect(strcmp(gen_node_text(gen_node_get(drift, "model"), ""), "pay") == 0);
    cr_expect(gen_node_number(gen_node_get(drift, "drift"), 0) > 0.249 &&
              gen_node_number(gen_node_get(drift, "drift"), 0) < 0.251, "%s", reply.body);
    /* the first bill is a surprise; the others are expected as they come */
    cr_expect(fabs(gen_node_number(gen_node_get(gen_node_get(reply.document, "totals"), "withinTenPercent"),
                                   1) - 5.0 / 6) < 0.001, "%s", reply.body);
    reply = get_ok(&house, "/v1/providers");
    cr_expect(strstr(reply.body, "\"priceDrifts\":[{\"provider\":\"fake\"") != NULL, "%s", reply.body);
    snprintf(path, sizeof path, "%s/genengine.db", house.state);
    cr_assert(gen_database_open(path, GEN_DATABASE_READER, &database, NULL) == GEN_OK);
    cr_assert(gen_database_number(database,
                                  "SELECT COUNT(*) FROM event WHERE kind = 'provider.price_drift'",
                                  &events, NULL) == GEN_OK);
    gen_database_close(database);
    cr_expect(events == 1, "told once, not %lld times", (long long)events);
    house_close(&house);
}

/* A job, its costs and its team are nothing to another organization. */
Test(costs, strangers_see_nothing, .timeout = 120)
{
    struct house house = {0};
    struct house_reply reply;
    const char *job, *token;

    house_open(&house);
    house_start(&house, NULL);
    job = submit(&house, BRIEF "}");
    house_await(&house, job, "completed");
    reply = house_post(&house, "/v1/keys",
                       "{\"name\":\"boss\",\"role\":\"admin\",\"organization\":\"acme\"}");
    cr_assert(reply.status == 201, "%s", reply.body);
    token = gen_node_text(gen_node_get(reply.document, "token"), "");
    reply = house_ask(&house, &(struct house_ask){.method = "GET", .path = "/v1/costs?groupBy=job",
                                                  .bearer = token, .way = HOUSE_NO_KEY});
    cr_expect(reply.status == 200 && gen_node_count(gen_node_get(reply.document, "rows")) == 0 &&
                  dollars(gen_node_get(reply.document, "totals"), "cost") == 0,
              "%s", reply.body);
    reply = house_ask(&house, &(struct house_ask){
        .method = "GET", .path = gen_arena_printf(house.arena, "/v1/jobs/%s/costs", job),
        .bearer = token, .way = HOUSE_NO_KEY});
    cr_expect(reply.status == 404, "%d", reply.status);
    reply = house_ask(&house, &(struct house_ask){
        .method = "GET", .path = gen_arena_printf(house.arena, "/v1/costs?job=%s", job),
        .bearer = token, .way = HOUSE_NO_KEY});
    cr_expect(gen_node_count(gen_node_get(reply.document, "rows")) == 0, "%s", reply.body);
    house_close(&house);
}
