/* budgets_test.c - budgets of a real gend: they refuse at once, show who holds them, cannot be undone by two
 * people at once, and store every word that they accept. */
#include "house.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define BRIEF \
    "{\"title\":\"t\",\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":1}]," \
    "\"variations\":[{\"resolution\":\"320x320\"}]"

static const char *text_of(const struct house_reply *reply, const char *key)
{
    return gen_node_text(gen_node_get(reply->document, key), "");
}

static gen_micros dollars(const struct gen_node *map, const char *key)
{
    gen_micros amount = -1;

    return gen_node_dollars(gen_node_get(map, key), &amount, NULL) == GEN_OK ? amount : -1;
}

static struct house_reply change(struct house *house, const char *method, const char *path,
                                 const char *body, const char *etag)
{
    return house_ask(house, &(struct house_ask){.method = method, .path = path, .body = body,
                                                .type = body == NULL ? NULL : "application/json",
                                                .name = "if-match", .value = etag});
}

/* Every member of a body comes back as it was sent. */
Test(budgets, what_is_accepted_is_stored, .timeout = 60)
{
    static const struct {
        const char *body, *says[8];
    } cases[] = {
        {"{\"scope\":\"organization\",\"hard\":500}",
         {"\"scope\":\"organization\"", "\"of\":null", "\"period\":\"month\"", "\"hard\":500",
          "\"soft\":null", "\"alerts\":[0.8,1]"}},
        {"{\"scope\":\"team\",\"of\":\"social\",\"period\":\"week\",\"hard\":120.5,\"soft\":99.000001,"
         "\"alerts\":[0.25,0.5],\"rollover\":true,\"throttleFrom\":0.9,\"throttleParallel\":3,"
         "\"note\":\"Social\",\"currency\":\"USD\"}",
         {"\"of\":\"social\"", "\"period\":\"week\"", "\"hard\":120.5", "\"soft\":99.000001",
          "\"alerts\":[0.25,0.5]", "\"rollover\":true", "\"throttleFrom\":0.9",
          "\"throttleParallel\":3"}},
        {"{\"scope\":\"provider\",\"of\":\"fake\",\"period\":\"always\",\"soft\":1}",
         {"\"scope\":\"provider\"", "\"resetsAt\":null", "\"forecast\":null", "\"room\":null"}},
    };
    struct house house = {0};

    house_open(&house);
    house_start(&house, NULL);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct house_reply made = house_post(&house, "/v1/budgets", cases[i].body), shown;

        cr_assert(made.status == 201, "%d: %s", made.status, made.body);
        shown = house_get(&house, made.location);
        cr_assert(shown.status == 200 && shown.etag != NULL && strcmp(shown.etag, "\"1\"") == 0);
        for (size_t k = 0; k < 8 && cases[i].says[k] != NULL; k++) {
            cr_expect(strstr(shown.body, cases[i].says[k]) != NULL, "%s: %s", cases[i].says[k],
                      shown.body);
        }
    }
    cr_expect(gen_node_count(gen_node_get(house_get(&house, "/v1/budgets").document, "budgets")) ==
              3);
    house_stop(&house); /* and after a restart */
    house_start(&house, NULL);
    cr_expect(gen_node_count(gen_node_get(house_get(&house, "/v1/budgets").document, "budgets")) ==
              3);
    house_close(&house);
}

/* Refused from the reply on, with names and sums; raised from the next reply on; the job that holds is named. */
Test(budgets, count_at_once, .timeout = 120)
{
    struct house house = {0};
    struct house_reply reply, refused;
    const char *job, *path;

    house_open(&house);
    house_start(&house, NULL);
    house.hold = true;
    reply = house_post(&house, "/v1/budgets",
                       "{\"scope\":\"organization\",\"hard\":1,\"note\":\"small\"}");
    path = reply.location;
    job = house_submit(&house, "holder");
    house_await(&house, job, "in_progress");
    reply = house_get(&house, path);
    cr_expect(dollars(reply.document, "held") > 0 && strstr(reply.body, job) != NULL, "%s",
              reply.body);
    cr_expect(dollars(reply.document, "left") ==
              GEN_MICROS_PER_DOLLAR - dollars(reply.document, "held"));
    reply = change(&house, "PATCH", path, "{\"hard\":0.01}", "\"1\"");
    cr_assert(reply.status == 200, "%s", reply.body);
    cr_expect(dollars(reply.document, "left") == 0); /* never below nothing */
    refused = house_post(&house, "/v1/jobs", BRIEF "}");
    cr_expect(refused.status == 402 && strstr(refused.body, "small") != NULL, "%d: %s",
              refused.status, refused.body);
    reply = change(&house, "PATCH", path, "{\"hard\":50}", "\"2\"");
    cr_expect(reply.status == 200 && house_post(&house, "/v1/jobs", BRIEF "}").status == 201);
    reply = change(&house, "DELETE", path, NULL, "\"3\"");
    cr_expect(reply.status == 200 && text_of(&reply, "endedAt")[0] != '\0', "%s", reply.body);
    cr_expect(gen_node_get(house_get(&house, path).document, "left") == NULL);
    house_close(&house);
}

/* Two people read version 1 and both write: one wins, the other hears of it and nothing of theirs is kept. */
Test(budgets, two_at_once, .timeout = 60)
{
    struct house house = {0};
    struct house_reply one, other, shown;
    const char *path;

    house_open(&house);
    house_start(&house, NULL);
    path = house_post(&house, "/v1/budgets", "{\"scope\":\"organization\",\"hard\":10}").location;
    one = change(&house, "PATCH", path, "{\"hard\":20}", "\"1\"");
    other = change(&house, "PATCH", path, "{\"hard\":30,\"note\":\"mine\"}", "\"1\"");
    cr_expect(one.status == 200 && strcmp(one.etag, "\"2\"") == 0);
    cr_expect(other.status == 412 && strstr(other.body, "\\\"2\\\"") != NULL, "%s", other.body);
    shown = house_get(&house, path);
    cr_expect(dollars(shown.document, "hard") == 20000000 && text_of(&shown, "note")[0] == '\0');
    cr_expect(change(&house, "PATCH", path, "{\"hard\":30}", "2").status == 412); /* no ETag at all */
    cr_expect(change(&house, "DELETE", path, NULL, "\"1\"").status == 412);
    /* who did it stands in the log */
    shown = house_get(&house, "/v1/audit?kind=budget.*");
    cr_expect(strstr(shown.body, "budget.created") != NULL &&
                  strstr(shown.body, "budget.changed") != NULL,
              "%s", shown.body);
    house_close(&house);
}

/* What a viewer may: look. What another organization may: not even that. */
Test(budgets, who_may, .timeout = 60)
{
    struct house house = {0};
    struct house_reply reply;
    const char *path, *viewer, *boss;

    house_open(&house);
    house_start(&house, NULL);
    path = house_post(&house, "/v1/budgets", "{\"scope\":\"organization\",\"hard\":10}").location;
    reply = house_post(&house, "/v1/keys", "{\"name\":\"v\",\"permissions\":[\"budgets:read\"]}");
    viewer = text_of(&reply, "token");
    reply = house_post(&house, "/v1/keys",
                       "{\"name\":\"b\",\"role\":\"admin\",\"organization\":\"acme\"}");
    boss = text_of(&reply, "token");
    {
        const struct {
            const char *token, *method, *path, *body;
            int status;
        } cases[] = {
            {viewer, "GET", path, NULL, 200},
            {viewer, "POST", "/v1/budgets", "{\"scope\":\"organization\",\"hard\":1}", 403},
            {viewer, "PATCH", path, "{\"hard\":1000}", 403},
            {viewer, "DELETE", path, NULL, 403},
            {viewer, "GET", "/v1/costs", NULL, 403},
            {boss, "GET", path, NULL, 404},
            {boss, "PATCH", path, "{\"hard\":1000}", 404},
            {boss, "DELETE", path, NULL, 404},
            {boss, "GET", "/v1/budgets", NULL, 200},
        };

        for (size_t i = 0; i < GEN_COUNT(cases); i++) {
            reply = house_ask(&house, &(struct house_ask){
                .method = cases[i].method, .path = cases[i].path, .body = cases[i].body,
                .type = cases[i].body == NULL ? NULL : "application/json", .name = "if-match",
                .value = "*", .bearer = cases[i].token, .way = HOUSE_NO_KEY});
            cr_expect(reply.status == cases[i].status, "case %zu: %d: %s", i, reply.status,
                      reply.body);
        }
        cr_expect(gen_node_count(gen_node_get(reply.document, "budgets")) == 0, "%s", reply.body);
    }
    house_close(&house);
}
