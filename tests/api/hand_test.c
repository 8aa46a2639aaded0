/* hand_test.c - what people decide, on a real gend: a job rests and goes on, what failed is made again with what
 * was finished kept, an order in doubt is looked up, a video is rejected. All of it survives a kill, and the log
 * says who and why. */
#include "house.h"

#include "platform/files.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SCENE(words) "{\"prompt\":\"" words "\",\"duration\":1}"
#define BRIEF(scenes) \
    "{\"title\":\"t\",\"models\":[\"fake/pay\"],\"scenes\":[" scenes "]," \
    "\"variations\":[{\"resolution\":\"320x320\"}]}"

struct vendor {
    bool refuses, garbles; /* orders of what is called bad; the next order's answer */
    bool late, now;        /* bad ones are taken, and fail once it is time */
    int orders;
    char bad[24];          /* the id of one of those */
};

static bool vendor_answer(struct house *house, struct gen_exchange *exchange)
{
    static const char refused[] = "{\"error\":{\"code\":\"moderated\",\"message\":\"no\"}}";
    static const char failed[] = "{\"status\":\"moderated\",\"error\":{\"code\":\"moderated\","
                                 "\"message\":\"no\",\"billed\":0}}";
    struct vendor *vendor = house->answers;
    size_t size = 0;
    const char *body = gen_exchange_body(exchange, &size);

    if (strcmp(gen_exchange_method(exchange), "POST") != 0) {
        if (vendor->bad[0] == '\0' || strstr(gen_exchange_path(exchange), vendor->bad) == NULL) {
            return false;
        }
        body = vendor->now ? failed : "{\"status\":\"running\"}";
        gen_exchange_reply(exchange, 200, "application/json", body, strlen(body));
        return true;
    }
    vendor->orders++;
    if (vendor->late && memmem(body, size, "bad", 3) != NULL) {
        snprintf(vendor->bad, sizeof vendor->bad, "order-%d", house->orders + 1);
        vendor->late = false;
        return false;
    }
    if (vendor->garbles) {
        vendor->garbles = false;
        gen_exchange_reply(exchange, 200, "text/plain", "?", 1);
        return true;
    }
    if (vendor->refuses && memmem(body, size, "bad", 3) != NULL) {
        gen_exchange_reply(exchange, 400, "application/json", refused, strlen(refused));
        return true;
    }
    return false;
}

static const char *submit(struct house *house, const char *brief)
{
    struct house_reply admitted = house_post(house, "/v1/jobs", brief);

    cr_assert(admitted.status == 201, "%d: %s", admitted.status, admitted.body);
    return gen_node_text(gen_node_get(admitted.document, "jobId"), "");
}

static struct house_reply wish(struct house *house, const char *job, const char *verb,
                               const char *body)
{
    return house_post(house, gen_arena_printf(house->arena, "/v1/jobs/%s/%s", job, verb), body);
}

static void await_number(struct house *house, const char *sql, int64_t wanted)
{
    for (int i = 0; i < 5000 && house_number(house, sql) != wanted; i++) {
        (void)house_get(house, "/healthz");
    }
    cr_assert(house_number(house, sql) == wanted, "%s: %lld", sql,
              (long long)house_number(house, sql));
}

static void turn(struct house *house, int times)
{
    for (int i = 0; i < times; i++) {
        (void)house_get(house, "/healthz");
    }
}

static void one_at_a_time(const struct house *house)
{
    static const char text[] = "id: fake\nlimits: {parallel: 1}\n";
    struct gen_error err = {0};
    char command[400], path[200];

    snprintf(command, sizeof command, "cp -r %s/policies %s/policies && rm -rf %s/policies/tests",
             GEN_SOURCE_DIR, house->folder, house->folder);
    cr_assert(system(command) == 0);
    snprintf(path, sizeof path, "%s/policies/providers/fake.yaml", house->folder);
    cr_assert(gen_files_write(path, text, strlen(text), 0600, &err) == GEN_OK, "%s", err.message);
}

/* What waits is not ordered, what is at the provider goes on, money stays held; a kill changes nothing. */
Test(hand, a_job_rests, .timeout = 120)
{
    struct vendor vendor = {0};
    struct house house = {.answer = vendor_answer, .answers = &vendor, .hold = true};
    struct house_reply reply;
    char policies[128];
    const char *const more[] = {"--policies", policies, NULL};
    const char *job;
    int64_t held;

    house_open(&house);
    snprintf(policies, sizeof policies, "%s/policies", house.folder);
    one_at_a_time(&house);
    house_start(&house, more);
    job = submit(&house, BRIEF(SCENE("a") "," SCENE("b")));
    await_number(&house, "SELECT COUNT(*) FROM attempt WHERE state = 'accepted'", 1);
    reply = wish(&house, job, "pause", "{\"reason\":\"the client called\"}");
    cr_assert(reply.status == 200 &&
                  gen_node_truth(gen_node_get(reply.document, "paused"), false),
              "%d: %s", reply.status, reply.body);
    held = house_number(&house, "SELECT held FROM job");
    house.hold = false; /* what is there is fetched */
    await_number(&house, "SELECT COUNT(*) FROM attempt WHERE state = 'settled'", 1);
    turn(&house, 30);
    cr_expect(vendor.orders == 1, "%d orders", vendor.orders);
    cr_expect(house_number(&house, "SELECT held FROM job") > 0 && held > 0);
    house_kill(&house);
    house_start(&house, more);
    turn(&house, 60);
    cr_expect(vendor.orders == 1, "%d orders after a restart", vendor.orders);
    reply = wish(&house, job, "resume", NULL);
    cr_assert(reply.status == 200 &&
                  !gen_node_truth(gen_node_get(reply.document, "paused"), true),
              "%d: %s", reply.status, reply.body);
    house_await(&house, job, "completed");
    cr_expect(vendor.orders == 2, "%d orders", vendor.orders);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM event WHERE kind IN ('job.paused', "
                                   "'job.resumed')") == 2);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM event WHERE kind = 'job.paused' AND "
                                   "data LIKE '%the client called%' AND actor LIKE '%owner%'") == 1);
    house_check_books(&house);
    house_close(&house);
}

/* A job that failed is made again: only what is missing, in the same job, with money held anew. */
Test(hand, what_failed_is_tried_again, .timeout = 120)
{
    struct vendor vendor = {.late = true};
    struct house house = {.answer = vendor_answer, .answers = &vendor};
    struct house_reply reply;
    const char *job;

    house_open(&house);
    house_start(&house, NULL);
    job = submit(&house, BRIEF(SCENE("good") "," SCENE("bad")));
    await_number(&house, "SELECT COUNT(*) FROM attempt WHERE state = 'settled'", 1);
    vendor.now = true;
    house_await(&house, job, "failed");
    cr_expect(house_number(&house, "SELECT held FROM job") == 0);
    cr_assert(vendor.orders == 2);
    vendor.bad[0] = '\0';
    reply = wish(&house, job, "retry", "{\"reason\":\"they said sorry\"}");
    cr_assert(reply.status == 200, "%d: %s", reply.status, reply.body);
    cr_expect(strcmp(gen_node_text(gen_node_get(reply.document, "status"), ""), "failed") != 0, "%s",
              reply.body);
    house_await(&house, job, "completed");
    cr_expect(vendor.orders == 3, "%d orders: the good one is kept", vendor.orders);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM output") == 1);
    cr_expect(house_number(&house, "SELECT spent FROM job") == 100000);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM event WHERE kind = 'job.retried' AND data "
                                   "LIKE '%sorry%'") == 1);
    reply = wish(&house, job, "retry", NULL);
    cr_expect(reply.status == 409 && strstr(reply.body, "has failed") != NULL, "%s", reply.body);
    house_check_books(&house);
    house_close(&house);
}

/* With another model; one that cannot make it changes nothing. */
Test(hand, with_another_model, .timeout = 120)
{
    struct vendor vendor = {.refuses = true};
    struct house house = {.answer = vendor_answer, .answers = &vendor};
    struct house_reply reply;
    const char *job;

    house_open(&house);
    house_start(&house, NULL);
    job = submit(&house, BRIEF(SCENE("bad")));
    house_await(&house, job, "failed");
    reply = wish(&house, job, "retry", "{\"model\":\"fake/none\"}");
    cr_expect(reply.status == 404 && strstr(reply.body, "cannot make") != NULL, "%d: %s",
              reply.status, reply.body);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM attempt") == 1, "nothing was changed");
    vendor.refuses = false;
    reply = wish(&house, job, "retry", "{\"model\":\"fake/pay-idem\"}");
    cr_assert(reply.status == 200, "%d: %s", reply.status, reply.body);
    house_await(&house, job, "completed");
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM shot WHERE model = 'pay-idem'") == 1);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM event WHERE kind = 'shot.moved'") == 1);
    house_check_books(&house);
    house_close(&house);
}

/* An order whose answer was lost: three findings, three ends, and the money of each. */
static const struct {
    const char *what, *body;
    int orders; /* in all */
    int64_t spent;
} findings[] = {
    {"never bought: it is ordered again", "{\"as\":\"not_bought\"}", 2, 50000},
    {"lost: charged, and ordered again", "{\"as\":\"lost\",\"cost\":0.03}", 2, 80000},
    {"found: followed", "{\"as\":\"found\",\"handle\":\"order-99\"}", 1, 50000},
};

Test(hand, an_order_in_doubt, .timeout = 240)
{
    for (size_t i = 0; i < GEN_COUNT(findings); i++) {
        struct vendor vendor = {.garbles = true};
        struct house house = {.answer = vendor_answer, .answers = &vendor};
        struct house_reply reply;
        const char *job;

        house_open(&house);
        house_start(&house, NULL);
        job = submit(&house, BRIEF(SCENE("a")));
        await_number(&house, "SELECT COUNT(*) FROM attempt WHERE state = 'ambiguous'", 1);
        reply = wish(&house, job, "resolve", findings[i].body);
        cr_assert(reply.status == 200, "%s: %d: %s", findings[i].what, reply.status, reply.body);
        house_await(&house, job, "completed");
        cr_expect(vendor.orders == findings[i].orders, "%s: %d orders", findings[i].what,
                  vendor.orders);
        cr_expect(house_number(&house, "SELECT spent FROM job") == findings[i].spent, "%s: %lld",
                  findings[i].what, (long long)house_number(&house, "SELECT spent FROM job"));
        cr_expect(house_number(&house, "SELECT held + unverified FROM job") == 0);
        reply = wish(&house, job, "resolve", findings[i].body);
        cr_expect(reply.status == 409, "%d: %s", reply.status, reply.body);
        house_check_books(&house);
        house_close(&house);
    }
}

/* The last word about a video counts, with who said it and why. */
Test(hand, a_video_is_judged, .timeout = 120)
{
    struct house house = {0};
    struct house_reply reply;
    const char *job, *output;
    const struct gen_node *first;

    house_open(&house);
    house_start(&house, NULL);
    job = house_submit(&house, "t");
    house_await(&house, job, "completed");
    reply = house_get(&house, gen_arena_printf(house.arena, "/v1/jobs/%s/outputs", job));
    first = gen_node_at(gen_node_get(reply.document, "outputs"), 0);
    cr_expect(gen_node_type_of(gen_node_get(first, "review")) == GEN_NODE_NULL);
    output = gen_node_text(gen_node_get(first, "outputId"), "");
    reply = house_post(&house, gen_arena_printf(house.arena, "/v1/outputs/%s/accept", output), NULL);
    cr_assert(reply.status == 200, "%d: %s", reply.status, reply.body);
    reply = house_post(&house, gen_arena_printf(house.arena, "/v1/outputs/%s/reject", output),
                       "{\"reason\":\"the logo is upside down\"}");
    cr_assert(reply.status == 200, "%d: %s", reply.status, reply.body);
    house_kill(&house);
    house_start(&house, NULL);
    reply = house_get(&house, gen_arena_printf(house.arena, "/v1/jobs/%s", job));
    first = gen_node_find(reply.document, "results.outputs[0].review", NULL);
    cr_expect(strcmp(gen_node_text(gen_node_get(first, "verdict"), ""), "rejected") == 0 &&
                  strcmp(gen_node_text(gen_node_get(first, "by"), ""), "owner") == 0 &&
                  strstr(gen_node_text(gen_node_get(first, "reason"), ""), "upside") != NULL,
              "%s", reply.body);
    cr_expect(house_number(&house, "SELECT COUNT(*) FROM event WHERE kind LIKE 'output.%ed'") == 2);
    house_close(&house);
}
