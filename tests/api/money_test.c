/* money_test.c - what a real gend does with money when everybody comes at once, when it is killed, and when the
 * answer is no: budgets hold to the micro-dollar, the books add up, and a refusal says what is missing. */
#include "house.h"

#include "base/ident.h"
#include "platform/files.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SHOT "\"scenes\":[{\"prompt\":\"x\",\"duration\":1}],\"variations\":[{\"resolution\":\"320x320\"}]"
#define BRIEF "{\"title\":\"t\",\"models\":[\"fake/pay\"],\"project\":\"tea\"," SHOT

static gen_micros dollars(const struct gen_node *map, const char *key)
{
    gen_micros amount = -1;

    return gen_node_dollars(gen_node_get(map, key), &amount, NULL) == GEN_OK ? amount : -1;
}

/* ----------------------------------------------------------------------------------------- crowd -- */

enum { CROWD = 1000, THREADS = 8, PAID = 10 };

struct crowd {
    const char *socket;
    atomic_int next, admitted, refused, other, left;
};

/* One request over a connection of its own; the status, 0 when there is none. */
static int crowd_post(const char *path, const char *body)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char text[1024], answer[64] = "";
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), size, status = 0;

    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    size = snprintf(text, sizeof text,
                    "POST /v1/jobs HTTP/1.1\r\nHost: gend\r\nContent-Type: application/json\r\n"
                    "Connection: close\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        send(fd, text, (size_t)size, MSG_NOSIGNAL) == size) {
        size_t have = 0;
        ssize_t got;

        while (have < sizeof answer - 1 &&
               (got = recv(fd, answer + have, sizeof answer - 1 - have, 0)) > 0) {
            have += (size_t)got;
        }
        status = have > 12 ? atoi(answer + 9) : 0;
        while (recv(fd, text, sizeof text, 0) > 0) { /* the rest of it */
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    return status;
}

static void *crowd_run(void *context)
{
    struct crowd *crowd = context;

    while (atomic_fetch_add(&crowd->next, 1) < CROWD) {
        int status = crowd_post(crowd->socket, BRIEF "}");

        atomic_fetch_add(status == 201   ? &crowd->admitted
                         : status == 402 ? &crowd->refused
                                         : &crowd->other,
                         1);
    }
    atomic_fetch_sub(&crowd->left, 1);
    return NULL;
}

/* A thousand jobs from many threads on a budget for ten, and a micro-dollar less than one more: ten are
 * admitted. Then gend is killed, comes back, and finishes them: nothing changes but from held to spent. */
Test(money, a_thousand_jobs_over_http_on_a_budget_for_ten, .timeout = 280)
{
    struct crowd crowd = {.left = THREADS};
    pthread_t threads[THREADS];
    struct house house = {0};
    struct house_reply reply;
    const struct gen_node *holders;
    const char *path;

    house_open(&house);
    house_start(&house, NULL);
    house.hold = true;
    crowd.socket = house.socket;
    /* each holds 0.05 for itself, and 0.05 for a paid retry where that is left; the last one is not */
    path = house_post(&house, "/v1/budgets", "{\"scope\":\"organization\",\"hard\":1.049999}").location;
    for (int i = 0; i < THREADS; i++) {
        cr_assert(pthread_create(&threads[i], NULL, crowd_run, &crowd) == 0);
    }
    while (atomic_load(&crowd.left) > 0) {
        gen_loop_poll(house.loop); /* the provider works meanwhile */
        usleep(500);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    cr_expect(atomic_load(&crowd.other) == 0, "%d", atomic_load(&crowd.other));
    cr_assert(atomic_load(&crowd.admitted) == PAID, "%d", atomic_load(&crowd.admitted));
    cr_expect(atomic_load(&crowd.refused) == CROWD - PAID);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM job") == PAID, "nothing of the others is left");
    house_check_books(&house);
    house_kill(&house);
    house_start(&house, NULL);
    house_check_books(&house);
    reply = house_get(&house, path);
    cr_expect(dollars(reply.document, "held") == 1000000 && dollars(reply.document, "left") == 49999,
              "%s", reply.body);
    holders = gen_node_get(reply.document, "heldBy");
    cr_expect(gen_node_count(holders) == PAID, "%s", reply.body);
    for (const struct gen_node *holder = gen_node_first(holders); holder != NULL;
         holder = holder->next) {
        cr_expect(dollars(holder, "held") == 100000, "%s", reply.body);
    }
    house.hold = false;
    for (const struct gen_node *holder = gen_node_first(holders); holder != NULL;
         holder = holder->next) {
        house_await(&house, gen_node_text(gen_node_get(holder, "jobId"), ""), "completed");
    }
    reply = house_get(&house, path);
    cr_expect(dollars(reply.document, "held") == 0 && dollars(reply.document, "spent") == 500000,
              "%s", reply.body);
    cr_expect(house.orders == PAID);
    house_check_books(&house);
    house_close(&house);
}

/* ------------------------------------------------------------------------------------------ bills -- */

enum { WAVE = 24, AT_ONCE = 4 }; /* jobs; renders that the provider takes at a time */

/* Admits jobs until one is refused; how many. */
static int wave(struct house *house, char jobs[WAVE][GEN_IDENT_SIZE], int most)
{
    int count = 0;

    while (count < most) {
        struct house_reply reply = house_post(house, "/v1/jobs", BRIEF "}");

        if (reply.status != 201) {
            cr_assert(reply.status == 402, "%d: %s", reply.status, reply.body);
            break;
        }
        snprintf(jobs[count++], GEN_IDENT_SIZE, "%s",
                 gen_node_text(gen_node_get(reply.document, "jobId"), ""));
    }
    return count;
}

/* How a job ended. */
static const char *ending(struct house *house, const char *job)
{
    const char *path = gen_arena_printf(house->arena, "/v1/jobs/%s", job);

    for (int i = 0; i < 3000; i++) {
        const char *status = gen_node_text(gen_node_get(house_get(house, path).document, "status"), "");

        if (strcmp(status, "completed") == 0 || strcmp(status, "failed") == 0) {
            return status;
        }
        usleep(10000);
        gen_loop_poll(house->loop);
    }
    cr_assert(false, "%s does not end", job);
    return "";
}

/* The provider bills twice what its price list says. The first bills are a surprise; from then on that is what is
 * expected and held, also for what waited with less: who has not enough is not ordered. The budget is passed by
 * no more than what was at work before the first bill came. */
Test(money, bills_above_the_price_list, .timeout = 240)
{
    char jobs[WAVE][GEN_IDENT_SIZE];
    struct house house = {.bill = "0.1"};
    struct house_reply reply;
    const char *path;
    int made = 0, failed = 0, count, orders;
    gen_micros spent;

    house_open(&house);
    house_start(&house, NULL);
    house.hold = true;
    path = house_post(&house, "/v1/budgets", "{\"scope\":\"organization\",\"hard\":1}").location;
    count = wave(&house, jobs, WAVE);
    cr_assert(count >= 10 && count <= 20, "%d", count); /* 0.05 each, 0.1 with what a retry would take */
    house.hold = false;
    for (int i = 0; i < count; i++) {
        bool good = strcmp(ending(&house, jobs[i]), "completed") == 0;

        made += good;
        failed += !good;
        if (!good) {
            reply = house_get(&house, gen_arena_printf(house.arena, "/v1/jobs/%s", jobs[i]));
            cr_expect(strstr(reply.body, "higher than its price list") != NULL, "%s", reply.body);
        }
    }
    reply = house_get(&house, path);
    spent = dollars(reply.document, "spent");
    cr_expect(spent == 100000 * (gen_micros)made && dollars(reply.document, "held") == 0, "%s", reply.body);
    cr_expect(spent <= 1000000 + AT_ONCE * 50000, "%s", reply.body);
    cr_expect(made >= 8, "%d made, %d not", made, failed);
    cr_expect(house.orders == made, "who was refused was not ordered: %d of %d", house.orders, made);
    /* what is asked for now costs what it will cost, also after a restart */
    house_stop(&house);
    house_start(&house, NULL);
    cr_assert(house_post(&house, "/v1/budgets", "{\"scope\":\"user\",\"of\":\"owner\",\"hard\":100}").status == 201);
    cr_assert(house_ask(&house, &(struct house_ask){.method = "PATCH", .path = path, .type = "application/json",
                                                    .body = "{\"hard\":2}", .name = "if-match",
                                                    .value = "\"1\""}).status == 200);
    reply = house_post(&house, "/v1/estimates", BRIEF "}");
    cr_expect(dollars(reply.document, "costEstimate") == 100000, "%s", reply.body);
    cr_expect(strstr(reply.body, "2.00 times") != NULL, "%s", reply.body);
    orders = house.orders;
    count = wave(&house, jobs, WAVE);
    for (int i = 0; i < count; i++) {
        cr_expect_str_eq(ending(&house, jobs[i]), "completed");
    }
    reply = house_get(&house, path);
    cr_expect(dollars(reply.document, "spent") <= 2000000, "%s", reply.body);
    cr_expect(house.orders - orders == count && count > 0, "%d", count);
    house_close(&house);
}

/* --------------------------------------------------------------------------------------- refusals -- */

/* Whatever limit says no, in whatever period: 402, by name, with what is missing, since when it counts and
 * when it begins anew. */
Test(money, refusals_say_what_is_missing, .timeout = 120)
{
    static const struct {
        const char *body;
        const char *says[6];
    } cases[] = {
        {"{\"scope\":\"organization\",\"period\":\"day\",\"hard\":0.04,\"note\":\"the day\"}",
         {"\\\"the day\\\"", "$0.04", "$0.01 is missing", "since 20", "begins anew at 20"}},
        {"{\"scope\":\"project\",\"of\":\"tea\",\"period\":\"month\",\"hard\":0.000001,\"note\":\"tea\"}",
         {"\\\"tea\\\" of project tea", "$0.000001", "$0.049999 is missing", "since 20",
          "begins anew at 20"}},
        {"{\"scope\":\"provider\",\"of\":\"fake\",\"period\":\"year\",\"hard\":0.03,\"note\":\"the fake\"}",
         {"\\\"the fake\\\" of provider fake", "$0.02 is missing", "since 20", "begins anew at 20"}},
        {"{\"scope\":\"organization\",\"period\":\"always\",\"hard\":0.03,\"note\":\"for good\"}",
         {"\\\"for good\\\"", "$0.02 is missing"}},
    };
    struct house house = {0};

    house_open(&house);
    house_start(&house, NULL);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct house_reply made = house_post(&house, "/v1/budgets", cases[i].body), reply;

        cr_assert(made.status == 201, "%s", made.body);
        reply = house_post(&house, "/v1/jobs", BRIEF "}");
        cr_expect(reply.status == 402 && strstr(reply.type, "application/problem+json") != NULL &&
                      strstr(reply.body, "\"code\":\"budget_exceeded\"") != NULL &&
                      strstr(reply.body, "\"path\":\"budget\"") != NULL,
                  "%d: %s", reply.status, reply.body);
        for (size_t k = 0; k < 6 && cases[i].says[k] != NULL; k++) {
            cr_expect(strstr(reply.body, cases[i].says[k]) != NULL, "case %zu: %s is not in %s", i,
                      cases[i].says[k], reply.body);
        }
        reply = house_ask(&house, &(struct house_ask){.method = "DELETE", .path = made.location,
                                                      .name = "if-match", .value = "*"});
        cr_assert(reply.status == 200);
    }
    cr_expect(house_post(&house, "/v1/jobs", BRIEF "}").status == 201);
    house_check_books(&house);
    house_close(&house);
}

/* ------------------------------------------------------------------------------------- conditions -- */

static void write_policy(const struct house *house, const char *limits)
{
    char path[200], command[400], text[1000];
    struct gen_error err = {0};

    snprintf(command, sizeof command, "cp -r %s/policies %s/policies", GEN_SOURCE_DIR, house->folder);
    cr_assert(system(command) == 0);
    snprintf(path, sizeof path, "%s/policies/budget.yaml", house->folder);
    snprintf(text, sizeof text, "timeZone: UTC\njobDefault: 10\njobMost: 500\n%s", limits);
    cr_assert(gen_files_write(path, text, strlen(text), 0600, &err) == GEN_OK);
    snprintf(command, sizeof command, "rm -rf %s/policies/tests", house->folder);
    cr_assert(system(command) == 0);
}

static int working(struct house *house)
{
    return (int)house_number(house, "SELECT COUNT(DISTINCT job) FROM attempt WHERE state IN "
                                 "('submitting', 'accepted', 'rendered')");
}

/* A limit with a condition refuses and slows down the jobs that it is for, and no others. */
Test(money, conditions_of_limits, .timeout = 120)
{
    static const char limits[] = "limits:\n"
                                 "  small fry:\n"
                                 "    scope: organization\n"
                                 "    period: day\n"
                                 "    hard: 0.40\n"
                                 "    throttleFrom: 0.01\n"
                                 "    throttleParallel: 1\n"
                                 "    when: job.priority == \"low\"\n";
    struct house house = {0};
    char policies[128];
    const char *const more[] = {"--policies", policies, NULL};
    struct house_reply reply;
    const char *job = NULL;

    house_open(&house);
    snprintf(policies, sizeof policies, "%s/policies", house.folder);
    write_policy(&house, limits);
    house_start(&house, more);
    cr_assert(!house.ended, "%s", house.last_words);
    house.hold = true;
    for (int i = 0; i < 3; i++) {
        reply = house_post(&house, "/v1/jobs", BRIEF ",\"priority\":\"low\"}");
        cr_assert(reply.status == 201, "%s", reply.body);
        job = i == 0 ? gen_node_text(gen_node_get(reply.document, "jobId"), "") : job;
    }
    house_await(&house, job, "in_progress");
    job = house_submit(&house, "high"); /* of no such priority: it passes by */
    house_await(&house, job, "in_progress");
    for (int i = 0; i < 30; i++) {
        (void)house_get(&house, "/healthz"); /* turns of the loop */
    }
    cr_expect(working(&house) == 2, "%d work: one of those that are slowed down, and the other",
              working(&house));
    /* what is added up is the money of all of them */
    reply = house_post(&house, "/v1/jobs", BRIEF ",\"priority\":\"low\"}");
    cr_expect(reply.status == 402 && strstr(reply.body, "small fry") != NULL, "%d: %s",
              reply.status, reply.body);
    cr_expect(house_post(&house, "/v1/jobs", BRIEF "}").status == 201);
    house_check_books(&house);
    house_close(&house);
}

/* ---------------------------------------------------------------------------------- unknown prices -- */

static void forget_price(const struct house *house)
{
    struct gen_error err = {0};
    char path[160], text[400];

    snprintf(path, sizeof path, "%s/gend.yaml", house->folder);
    snprintf(text, sizeof text,
             "allowPrivate: true\nleastFree: 1\nproviders:\n  fake:\n    settings:\n      baseUrl: "
             "http://127.0.0.1:%d\n      pollMs: 200\n      pricePerSecond: null\n",
             gen_http_server_port(house->service));
    cr_assert(gen_files_write(path, text, strlen(text), 0600, &err) == GEN_OK, "%s", err.message);
}

/* Work whose price nobody knows is refused, or the policy's ceiling is held for it; what the provider then says
 * that it cost is charged, and the rest is let go of. */
Test(money, a_price_that_nobody_knows, .timeout = 120)
{
    struct house house = {0};
    char policies[128], command[400];
    const char *const more[] = {"--policies", policies, NULL};
    struct house_reply reply;
    const char *job;

    house_open(&house);
    forget_price(&house);
    snprintf(policies, sizeof policies, "%s/policies", house.folder);
    write_policy(&house, "unknownPrice: refuse\n");
    house_start(&house, more);
    cr_assert(!house.ended, "%s", house.last_words);
    reply = house_post(&house, "/v1/jobs", BRIEF ",\"budget\":100}");
    cr_expect(reply.status == 422 &&
                  strstr(reply.body, "work without a price is not admitted") != NULL,
              "%d: %s", reply.status, reply.body);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM job") == 0 && house.orders == 0);
    house_stop(&house);

    snprintf(command, sizeof command, "rm -r %s", policies);
    cr_assert(system(command) == 0);
    write_policy(&house, "unknownPrice: {action: hold, ceiling: 0.30}\n");
    house_start(&house, more);
    cr_assert(!house.ended, "%s", house.last_words);
    house.hold = true;
    reply = house_post(&house, "/v1/jobs", BRIEF ",\"budget\":0.29}");
    cr_expect(reply.status == 402, "%d: %s", reply.status, reply.body);
    reply = house_post(&house, "/v1/jobs", BRIEF ",\"budget\":0.59}");
    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    job = gen_node_text(gen_node_get(reply.document, "jobId"), "");
    cr_expect(house_number(&house, "SELECT SUM(held) FROM job") == 300000);
    house_await(&house, job, "in_progress");
    house.hold = false;
    house_await(&house, job, "completed");
    cr_expect(house_number(&house, "SELECT SUM(spent) FROM job") == 50000);
    cr_expect(house_number(&house, "SELECT SUM(held + unverified) FROM job") == 0);
    house_check_books(&house);
    house_close(&house);
}
