/* keys_test.c - an API key from the hand that makes it to its end: shown once, bounded by its maker, by teams,
 * urgency and a day's jobs; gone at once when it is revoked or rotated. */
#include "house.h"

#include "platform/files.h"
#include "platform/key_token.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define BRIEF \
    "{\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":1}]," \
    "\"variations\":[{\"resolution\":\"320x320\"}]"

static struct house_reply ask_as(struct house *house, const char *token, const char *method,
                                 const char *path, const char *body)
{
    return house_ask(house, &(struct house_ask){.method = method, .path = path, .bearer = token,
                                                .way = HOUSE_NO_KEY, .body = body,
                                                .type = body == NULL ? NULL : "application/json"});
}

static const char *text_of(const struct house_reply *reply, const char *key)
{
    return gen_node_text(gen_node_get(reply->document, key), "");
}

static const char *make_key(struct house *house, const char *body)
{
    struct house_reply reply = house_post(house, "/v1/keys", body);

    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    return text_of(&reply, "token");
}

/* A folder's files hold the text nowhere. */
static void expect_nowhere(struct house *house, const char *file, const char *token)
{
    struct gen_error err = {0};
    struct gen_bytes text;
    char path[160];

    (void)snprintf(path, sizeof path, "%s/%s", house->state, file);
    gen_bytes_init(&text, 256 * 1024 * 1024);
    if (gen_files_read(path, &text, &err) == GEN_OK && text.size > 0) {
        cr_expect(memmem(text.data, text.size, token, strlen(token)) == NULL, "it is in %s", file);
        cr_expect(memmem(text.data, text.size, token + 7, 43) == NULL, "it is in %s", file);
    }
    gen_bytes_fini(&text);
}

/* Shown once: neither the key's document nor the database nor a reply has it again. */
Test(keys, a_token_is_shown_once, .timeout = 60)
{
    struct house house = {0};
    struct house_reply reply;
    const char *token;

    house_open(&house);
    house_start(&house, NULL);
    token = make_key(&house, "{\"name\":\"once\",\"role\":\"producer\"}");
    cr_expect(gen_key_token_look(token) == GEN_KEY_TOKEN_WHOLE);
    reply = house_get(&house, "/v1/keys/once");
    cr_expect(reply.status == 200 && gen_node_get(reply.document, "token") == NULL);
    cr_expect(strstr(reply.body, token) == NULL);
    cr_expect(strcmp(text_of(&reply, "hint"), token + strlen(token) - 4) == 0);
    cr_expect(strstr(house_get(&house, "/v1/keys").body, token) == NULL);
    cr_expect(ask_as(&house, token, "GET", "/v1/me", NULL).status == 200);
    house_stop(&house);
    cr_expect(strstr(house.last_words, token) == NULL, "it is in the log");
    expect_nowhere(&house, "genengine.db", token);
    expect_nowhere(&house, "genengine.db-wal", token);
    house_start(&house, NULL);
    reply = ask_as(&house, token, "GET", "/v1/me", NULL); /* and it is still good */
    cr_expect(reply.status == 200 && strcmp(text_of(&reply, "user"), "key:once") == 0 &&
                  strcmp(text_of(&reply, "via"), "key") == 0,
              "%s", reply.body);
    reply = house_get(&house, "/v1/keys/once");
    cr_expect(text_of(&reply, "lastUsedAt")[0] != '\0', "%s", reply.body);
    house_close(&house);
}

/* A wrong letter, a cut end, a good form that nobody has made, nonsense: 401, each with its word. */
Test(keys, wrong_tokens, .timeout = 60)
{
    struct house house = {0};
    char token[GEN_KEY_TOKEN_SIZE], other[GEN_KEY_TOKEN_SIZE];
    struct house_reply reply;

    house_open(&house);
    house_start(&house, NULL);
    strcpy(token, make_key(&house, "{\"name\":\"k\",\"role\":\"viewer\"}"));
    gen_key_token_make(gen_random_real(), other);
    {
        char wrong[GEN_KEY_TOKEN_SIZE];
        const struct {
            const char *token, *says;
        } cases[] = {
            {wrong, "missing or wrong"},
            {gen_arena_strndup(house.arena, token, 40), "missing or wrong"},
            {gen_arena_printf(house.arena, "%sx", token), "missing or wrong"},
            {other, "no key of this daemon"},
            {"gen_sk_", "missing or wrong"},
            {"nonsense", "this is not the key"},
            {"a.b.c", "this is not the key"}, /* no Clerk is set up */
        };

        strcpy(wrong, token);
        wrong[20] = wrong[20] == 'x' ? 'y' : 'x';
        for (size_t i = 0; i < GEN_COUNT(cases); i++) {
            reply = ask_as(&house, cases[i].token, "GET", "/v1/me", NULL);
            cr_expect(reply.status == 401 && strstr(reply.body, cases[i].says) != NULL,
                      "case %zu: %d: %s", i, reply.status, reply.body);
            cr_expect(strlen(cases[i].token) < 20 || strstr(reply.body, cases[i].token + 10) == NULL,
                      "it is told again");
        }
    }
    cr_expect(ask_as(&house, token, "GET", "/v1/me", NULL).status == 200);
    house_close(&house);
}

/* Rotated and revoked: the old one is nothing from the reply on. */
Test(keys, end_at_once, .timeout = 60)
{
    struct house house = {0};
    struct house_reply reply;
    const char *first, *second;

    house_open(&house);
    house_start(&house, NULL);
    first = make_key(&house, "{\"name\":\"turn\",\"role\":\"producer\"}");
    reply = house_post(&house, "/v1/keys/turn/rotate", NULL);
    second = text_of(&reply, "token");
    cr_expect(reply.status == 200 && strcmp(first, second) != 0);
    cr_expect(ask_as(&house, first, "GET", "/v1/me", NULL).status == 401);
    cr_expect(ask_as(&house, second, "GET", "/v1/me", NULL).status == 200);
    reply = house_ask(&house, &(struct house_ask){.method = "DELETE", .path = "/v1/keys/turn"});
    cr_expect(reply.status == 200 && strcmp(text_of(&reply, "status"), "revoked") == 0);
    reply = ask_as(&house, second, "GET", "/v1/me", NULL);
    cr_expect(reply.status == 401 && strstr(reply.body, "revoked at") != NULL, "%s", reply.body);
    /* the name is free again */
    cr_expect(strlen(make_key(&house, "{\"name\":\"turn\",\"role\":\"viewer\"}")) > 0);
    house_close(&house);
}

/* Nobody gives, takes over or changes what is more than they have. */
Test(keys, cannot_climb, .timeout = 60)
{
    static const struct {
        const char *method, *path, *body;
        int status;
    } cases[] = {
        {"POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"admin\"}", 403},
        {"POST", "/v1/keys", "{\"name\":\"x\",\"permissions\":[\"budgets:write\"]}", 403},
        {"POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"viewer\",\"mostPriority\":\"high\"}", 403},
        {"POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"viewer\"}", 403}, /* would never end */
        {"POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"viewer\",\"expiresDays\":3}", 403},
        {"POST", "/v1/keys",
         "{\"name\":\"x\",\"role\":\"viewer\",\"expiresDays\":1,\"teams\":[\"tv\"]}", 403},
        {"POST", "/v1/keys", "{\"name\":\"x\",\"role\":\"viewer\",\"expiresDays\":1}", 201},
        {"POST", "/v1/keys/mighty/rotate", NULL, 403},
        {"PATCH", "/v1/keys/mighty", "{\"name\":\"y\"}", 403},
        {"PATCH", "/v1/keys/maker", "{\"role\":\"admin\"}", 403},
        {"PATCH", "/v1/keys/maker", "{\"expiresDays\":0}", 403},
    };
    struct house house = {0};
    const char *token;

    house_open(&house);
    house_start(&house, NULL);
    (void)make_key(&house, "{\"name\":\"mighty\",\"role\":\"brand_manager\"}");
    token = make_key(&house, "{\"name\":\"maker\",\"expiresDays\":2,\"mostPriority\":\"normal\","
                             "\"teams\":[\"social\"],\"permissions\":[\"keys:write\",\"keys:read\","
                             "\"jobs:read\",\"outputs:read\",\"assets:read\",\"providers:read\"]}");
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct house_reply reply = house_ask(&house, &(struct house_ask){
            .method = cases[i].method, .path = cases[i].path, .body = cases[i].body,
            .type = cases[i].body == NULL ? NULL : "application/json", .way = HOUSE_NO_KEY,
            .bearer = token, .name = "if-match", .value = "*"});

        cr_expect(reply.status == cases[i].status, "case %zu: %d: %s", i, reply.status, reply.body);
    }
    house_close(&house);
}

/* Teams, urgency and the day's jobs of a key bound what it submits. */
Test(keys, bound_jobs, .timeout = 120)
{
    static const struct {
        const char *more; /* of the brief */
        int status;
        const char *path;
    } cases[] = {
        {"", 201, NULL}, /* on its first team */
        {",\"team\":\"tv\"", 201, NULL},
        {",\"team\":\"finance\"", 403, "team"},
        {",\"priority\":\"high\"", 403, "priority"},
        {",\"priority\":\"low\"", 201, NULL},
        /* what was refused has not been counted, and now three have been admitted */
        {"", 429, "quota"},
    };
    struct house house = {.hold = true};
    struct house_reply reply;
    const char *token;

    house_open(&house);
    house_start(&house, NULL);
    token = make_key(&house, "{\"name\":\"farm\",\"role\":\"producer\",\"teams\":[\"social\",\"tv\"],"
                             "\"mostPriority\":\"normal\",\"jobsPerDay\":3,\"spendLimit\":5}");
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        const struct gen_node *first;

        reply = ask_as(&house, token, "POST", "/v1/jobs",
                       gen_arena_printf(house.arena, BRIEF "%s}", cases[i].more));
        first = gen_node_at(gen_node_get(reply.document, "errors"), 0);
        cr_expect(reply.status == cases[i].status, "case %zu: %d: %s", i, reply.status, reply.body);
        cr_expect(cases[i].path == NULL ||
                      strcmp(gen_node_text(gen_node_get(first, "path"), ""), cases[i].path) == 0,
                  "case %zu: %s", i, reply.body);
    }
    cr_expect(reply.retry != NULL);
    reply = ask_as(&house, token, "GET", "/v1/me", NULL);
    cr_expect(gen_node_integer(gen_node_find(reply.document, "quota.jobsToday", NULL), 0) == 3 &&
                  gen_node_integer(gen_node_find(reply.document, "quota.jobsPerDay", NULL), 0) == 3,
              "%s", reply.body);
    /* another user's day is another */
    reply = house_post(&house, "/v1/jobs", BRIEF "}");
    cr_expect(reply.status == 201, "%s", reply.body);
    house_close(&house);
}

/* The budget of a key: what it may spend in a period holds, whatever else is left. */
Test(keys, bound_money, .timeout = 120)
{
    struct house house = {.hold = true};
    struct house_reply reply;
    const char *token;
    int admitted = 0;

    house_open(&house);
    house_start(&house, NULL);
    /* a job costs $0.05; what paid retries could cost is held on top where there is enough */
    token = make_key(&house, "{\"name\":\"poor\",\"role\":\"producer\",\"spendLimit\":0.12}");
    for (int i = 0; i < 4; i++) {
        reply = ask_as(&house, token, "POST", "/v1/jobs", BRIEF "}");
        cr_expect(reply.status == 201 || reply.status == 402, "%d: %s", reply.status, reply.body);
        admitted += reply.status == 201;
    }
    cr_expect(admitted >= 1 && admitted <= 2, "%d jobs of $0.05 on $0.12", admitted);
    cr_expect(reply.status == 402);
    reply = house_post(&house, "/v1/jobs", BRIEF "}"); /* it is the key's limit, not the house's */
    cr_expect(reply.status == 201, "%s", reply.body);
    house_close(&house);
}

static struct house_reply edit_as(struct house *house, const char *token, const char *method, const char *path,
                                  const char *body)
{
    return house_ask(house, &(struct house_ask){.method = method, .path = path, .bearer = token,
                                                .way = token == NULL ? HOUSE_SOCKET : HOUSE_NO_KEY,
                                                .body = body, .name = "if-match", .value = "*",
                                                .type = body == NULL ? NULL : "application/json"});
}

/* Whoever has a limit cannot shed it: not by the budget, not by his key, not by another key. */
Test(keys, bounds_stay_on, .timeout = 120)
{
    static const char *const wider[] = {
        "{\"name\":\"b\",\"role\":\"admin\",\"spendLimit\":null}",
        "{\"name\":\"b\",\"role\":\"admin\",\"spendLimit\":5}",
        "{\"name\":\"b\",\"role\":\"admin\",\"spendLimit\":1,\"spendPeriod\":\"day\"}",
        "{\"name\":\"b\",\"role\":\"admin\",\"spendLimit\":1,\"user\":\"somebody-else\"}",
        "{\"name\":\"b\",\"role\":\"admin\",\"jobsPerDay\":100}",
        "{\"name\":\"b\",\"role\":\"admin\",\"parallel\":50}",
        "{\"name\":\"b\",\"role\":\"admin\",\"mostPriority\":\"high\"}",
    };
    struct house house = {0};
    struct house_reply reply;
    const char *token, *path, *key, *budget;

    house_open(&house);
    house_start(&house, NULL);
    reply = house_post(&house, "/v1/keys",
                       "{\"name\":\"a\",\"role\":\"admin\",\"spendLimit\":1,\"jobsPerDay\":5,"
                       "\"parallel\":2,\"mostPriority\":\"normal\"}");
    cr_assert(reply.status == 201, "%s", reply.body);
    token = text_of(&reply, "token");
    key = gen_arena_printf(house.arena, "/v1/keys/%s", text_of(&reply, "keyId"));
    budget = text_of(&reply, "budgetId");
    path = gen_arena_printf(house.arena, "/v1/budgets/%s", budget);
    reply = edit_as(&house, token, "PATCH", path, "{\"hard\":100}");
    cr_expect(reply.status == 403, "%d: %s", reply.status, reply.body);
    reply = edit_as(&house, token, "DELETE", path, NULL);
    cr_expect(reply.status == 403, "%d: %s", reply.status, reply.body);
    reply = edit_as(&house, token, "PATCH", key, "{\"spendLimit\":null}");
    cr_expect(reply.status == 403, "%d: %s", reply.status, reply.body);
    for (size_t i = 0; i < GEN_COUNT(wider); i++) {
        reply = ask_as(&house, token, "POST", "/v1/keys", wider[i]);
        cr_expect(reply.status == 403, "%s: %d: %s", wider[i], reply.status, reply.body);
    }
    /* one that says nothing of bounds has those of its maker */
    reply = ask_as(&house, token, "POST", "/v1/keys", "{\"name\":\"b\",\"role\":\"admin\"}");
    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    cr_expect(strstr(reply.body, "\"spendLimit\":1") != NULL && strstr(reply.body, "\"jobsPerDay\":5") != NULL &&
                  strstr(reply.body, "\"parallel\":2") != NULL &&
                  strstr(reply.body, "\"mostPriority\":\"normal\"") != NULL,
              "%s", reply.body);
    /* somebody else may: M1, the budget of a key can be edited */
    reply = edit_as(&house, NULL, "PATCH", path, "{\"hard\":2}");
    cr_expect(reply.status == 200, "%d: %s", reply.status, reply.body);
    house_close(&house);
}

/* 0 is a limit of nothing; null takes it away. */
Test(keys, a_limit_of_nothing, .timeout = 120)
{
    struct house house = {0};
    struct house_reply reply;
    const char *path, *token;

    house_open(&house);
    house_start(&house, NULL);
    reply = house_post(&house, "/v1/budgets", "{\"scope\":\"organization\",\"hard\":0}");
    cr_assert(reply.status == 201, "%s", reply.body);
    path = reply.location;
    reply = house_post(&house, "/v1/jobs", BRIEF "}");
    cr_expect(reply.status == 402, "%d: %s", reply.status, reply.body);
    house_stop(&house);
    house_start(&house, NULL);
    reply = house_get(&house, path);
    cr_expect(strstr(reply.body, "\"hard\":0,") != NULL, "%s", reply.body);
    cr_expect(house_post(&house, "/v1/jobs", BRIEF "}").status == 402);
    reply = edit_as(&house, NULL, "PATCH", path, "{\"hard\":null,\"soft\":1}");
    cr_expect(reply.status == 200 && strstr(reply.body, "\"hard\":null") != NULL, "%d: %s", reply.status,
              reply.body);
    cr_expect(house_post(&house, "/v1/jobs", BRIEF "}").status == 201);
    token = make_key(&house, "{\"name\":\"broke\",\"role\":\"producer\",\"spendLimit\":0}");
    reply = ask_as(&house, token, "POST", "/v1/jobs", BRIEF "}");
    cr_expect(reply.status == 402, "%d: %s", reply.status, reply.body);
    house_close(&house);
}
