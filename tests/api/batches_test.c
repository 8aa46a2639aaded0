/* batches_test.c - many briefs at once on a real gend: all or none, once, each with its own money. */
#include "house.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define BRIEF(title) \
    "{\"title\":\"" title "\",\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":1}]," \
    "\"variations\":[{\"resolution\":\"320x320\"}]}"
#define WRONG "{\"title\":\"w\",\"scenes\":[{\"prompt\":\"x\",\"duration\":-1}]}"

static const char *text_of(const struct gen_node *map, const char *key)
{
    return gen_node_text(gen_node_get(map, key), "");
}

static struct house_reply post(struct house *house, const char *body, const char *key)
{
    return house_ask(house, &(struct house_ask){.method = "POST",
                                                .path = "/v1/batches",
                                                .body = body,
                                                .type = "application/json",
                                                .name = key == NULL ? NULL : "idempotency-key",
                                                .value = key});
}

static size_t jobs_there(struct house *house)
{
    return gen_node_count(gen_node_get(house_get(house, "/v1/jobs").document, "jobs"));
}

static void await_batch(struct house *house, const char *path, const char *status)
{
    for (int i = 0; i < 600; i++) {
        struct house_reply reply = house_get(house, path);

        if (strcmp(text_of(reply.document, "status"), status) == 0) {
            return;
        }
        usleep(20000);
        gen_loop_poll(house->loop);
    }
    cr_assert(false, "the batch did not become %s: %s", status, house_get(house, path).body);
}

Test(batches, all_of_them, .timeout = 120)
{
    struct house house = {0};
    struct house_reply made, again, shown;
    const char *path;

    house_open(&house);
    house_start(&house, NULL);
    made = post(&house, "{\"title\":\"Spring\",\"briefs\":[" BRIEF("a") "," BRIEF("b") "," BRIEF("c") "]}",
                "monday");
    cr_assert(made.status == 201, "%d: %s", made.status, made.body);
    path = made.location;
    cr_expect_str_eq(text_of(made.document, "title"), "Spring");
    cr_expect(gen_node_count(gen_node_get(made.document, "jobs")) == 3);
    cr_expect_str_eq(text_of(gen_node_at(gen_node_get(made.document, "jobs"), 1), "title"), "b");
    /* the same again is the same batch; another body with the key is a mistake */
    again = post(&house, "{\"title\":\"Spring\",\"briefs\":[" BRIEF("a") "," BRIEF("b") "," BRIEF("c") "]}",
                 "monday");
    cr_expect(again.status == 200, "%d: %s", again.status, again.body);
    cr_expect_str_eq(text_of(again.document, "batchId"), text_of(made.document, "batchId"));
    again = post(&house, "{\"briefs\":[" BRIEF("z") "]}", "monday");
    cr_expect(again.status == 409, "%d: %s", again.status, again.body);
    cr_expect(jobs_there(&house) == 3);
    await_batch(&house, path, "completed");
    shown = house_get(&house, path);
    cr_expect(gen_node_number(gen_node_get(shown.document, "cost"), 0) > 0, "%s", shown.body);
    cr_expect(gen_node_number(gen_node_get(shown.document, "held"), 1) == 0, "%s", shown.body);
    shown = house_get(&house, "/v1/batches?limit=1");
    cr_expect(gen_node_count(gen_node_get(shown.document, "batches")) == 1, "%s", shown.body);
    cr_expect(house_post(&house, gen_arena_printf(house.arena, "%s/cancel", path), "").status == 409);
    house_close(&house);
}

/* Wrong ones, and too dear ones: nothing is admitted, nothing is held, and the brief is named. */
Test(batches, or_none, .timeout = 120)
{
    static const struct {
        const char *body;
        int status;
        const char *says;
    } cases[] = {
        {"{\"briefs\":[" BRIEF("a") "," WRONG "]}", 422, "briefs[1].scenes[0].duration"},
        {"{\"briefs\":[" BRIEF("a") ",{\"scenes\":[{\"prompt\":\"x\",\"duration\":1,\"assets\":"
         "[\"ast_01kb5rk3y2v7m8n9pqrst4wxyz\"]}]}]}", 422, "briefs[1].scenes[0].assets[0]"},
        {"{\"briefs\":[]}", 422, "1 to 100"},
        {"{\"briefs\":{}}", 422, "1 to 100"},
        {"{}", 422, "1 to 100"},
        {"[1]", 422, "must be a map"},
        {"{\"briefs\":[" BRIEF("a") "],\"budget\":3}", 422, "budget"},
        {"{\"briefs\":[" BRIEF("a") ",3]}", 422, "briefs[1]"},
        {"{\"briefs\":[" BRIEF("a") "],\"title\":7}", 422, "title"},
        {"{\"briefs\":[", 422, "line"},
        /* together they are too much, whatever each of them costs */
        {"{\"briefs\":[" BRIEF("a") "," BRIEF("b") "," BRIEF("c") "," BRIEF("d") "]}", 402, "small"},
    };
    struct house house = {0};
    struct house_reply reply;

    house_open(&house);
    house_start(&house, NULL);
    house.hold = true;
    reply = house_post(&house, "/v1/jobs", BRIEF("one"));
    cr_assert(reply.status == 201);
    reply = house_get(&house, gen_arena_printf(house.arena, "/v1/jobs/%s", text_of(reply.document, "jobId")));
    {
        double one = gen_node_number(gen_node_get(gen_node_get(reply.document, "costs"), "held"), 0);
        char body[200];

        cr_assert(one > 0, "%s", reply.body);
        (void)snprintf(body, sizeof body,
                       "{\"scope\":\"organization\",\"hard\":%.6f,\"note\":\"small\"}", one * 2.5);
        cr_assert(house_post(&house, "/v1/budgets", body).status == 201);
    }
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        reply = post(&house, cases[i].body, NULL);
        cr_expect(reply.status == cases[i].status && strstr(reply.body, cases[i].says) != NULL,
                  "%s: %d: %s", cases[i].body, reply.status, reply.body);
    }
    cr_expect(jobs_there(&house) == 1);
    cr_expect(gen_node_count(gen_node_get(house_get(&house, "/v1/batches").document, "batches")) == 0);
    house_close(&house);
}

/* One cancel for all; after kill -9 the batch is as it was. */
Test(batches, cancelled_together, .timeout = 120)
{
    struct house house = {0};
    struct house_reply made, reply;
    const char *path;

    house_open(&house);
    house_start(&house, NULL);
    house.hold = true;
    made = post(&house, "{\"briefs\":[" BRIEF("a") "," BRIEF("b") "]}", NULL);
    cr_assert(made.status == 201, "%s", made.body);
    path = made.location;
    house_kill(&house);
    house_start(&house, NULL);
    cr_expect(gen_node_count(gen_node_get(house_get(&house, path).document, "jobs")) == 2);
    house.hold = false;
    reply = house_post(&house, gen_arena_printf(house.arena, "%s/cancel", path), "");
    cr_expect(reply.status == 202, "%d: %s", reply.status, reply.body);
    await_batch(&house, path, "canceled");
    cr_expect(gen_node_number(gen_node_get(house_get(&house, path).document, "held"), 1) == 0);
    cr_expect(house_get(&house, "/v1/batches/bat_01kb5rk3y2v7m8n9pqrst4wxyz").status == 404);
    house_close(&house);
}
