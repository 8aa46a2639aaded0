/* quotas_test.c - what a user and a team may at most: each bound with requests that race for its last unit, which is
 * given once and never twice. */
#include "house.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

enum { MANY = 24 };

static const char BRIEF[] =
    "{\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":2}],"
    "\"variations\":[{\"resolution\":\"320x320\"}]}";

static const char *make_key(struct house *house, const char *body)
{
    struct house_reply reply = house_post(house, "/v1/keys", body);

    cr_assert(reply.status == 201, "%d: %s", reply.status, reply.body);
    return gen_node_text(gen_node_get(reply.document, "token"), "");
}

static struct house_ask job_of(const char *token)
{
    return (struct house_ask){.method = "POST", .path = "/v1/jobs", .type = "application/json",
                              .body = BRIEF, .way = HOUSE_NO_KEY, .bearer = token};
}

/* How many of MANY jobs that are sent at once get 201; the others must get `refused`. */
static int race(struct house *house, const char *const *tokens, size_t count, int refused)
{
    struct house_ask asks[MANY];
    struct house_reply replies[MANY];
    int admitted = 0;

    for (size_t i = 0; i < MANY; i++) {
        asks[i] = job_of(tokens[i % count]);
    }
    house_ask_all(house, asks, replies, MANY);
    for (size_t i = 0; i < MANY; i++) {
        admitted += replies[i].status == 201;
        cr_expect(replies[i].status == 201 || replies[i].status == refused, "%d: %s",
                  replies[i].status, replies[i].body);
        cr_expect(refused != 429 || replies[i].status == 201 || replies[i].retry != NULL);
    }
    return admitted;
}

/* Two keys of one user: what they may is counted together, whoever asks. */
static const struct {
    const char *name, *more; /* of the keys' bodies */
    int admitted, refused;
    const char *member; /* of `quota` of /v1/me */
    double used;
} rows[] = {
    {"jobs", "\"jobsPerDay\":5", 5, 429, "jobsToday", 5},
    /* 2 s each: the sixth would pass 11 s */
    {"video", "\"secondsPerDay\":11", 5, 429, "secondsToday", 10},
    {"both", "\"secondsPerDay\":11,\"jobsPerDay\":3", 3, 429, "secondsToday", 6},
    /* less than one job's */
    {"none", "\"secondsPerDay\":1", 0, 429, "secondsToday", 0},
};

Test(quotas, of_a_day, .timeout = 200)
{
    struct house house = {.hold = true};

    house_open(&house);
    house_start(&house, NULL);
    for (size_t i = 0; i < GEN_COUNT(rows); i++) {
        const char *tokens[2];
        struct house_reply me;
        int admitted;

        for (int k = 0; k < 2; k++) {
            tokens[k] = make_key(&house,
                                 gen_arena_printf(house.arena,
                                                  "{\"name\":\"%s%d\",\"role\":\"producer\","
                                                  "\"user\":\"u-%s\",\"teams\":[\"t-%s\"],%s}",
                                                  rows[i].name, k, rows[i].name, rows[i].name,
                                                  rows[i].more));
        }
        admitted = race(&house, tokens, 2, rows[i].refused);
        cr_expect(admitted == rows[i].admitted, "%s: %d, not %d", rows[i].name, admitted,
                  rows[i].admitted);
        me = house_ask(&house, &(struct house_ask){.method = "GET", .path = "/v1/me",
                                                   .way = HOUSE_NO_KEY, .bearer = tokens[0]});
        cr_expect(gen_node_number(gen_node_get(gen_node_get(me.document, "quota"), rows[i].member),
                                  -1) == rows[i].used,
                  "%s: %s", rows[i].name, me.body);
        /* a day's units stay used over a restart */
        house_stop(&house);
        house_start(&house, NULL);
        admitted = race(&house, tokens, 2, rows[i].refused);
        cr_expect(admitted == 0, "%s: %d more after a restart", rows[i].name, admitted);
    }
    house_close(&house);
}

/* Requests of a minute: exactly so many pass, over all keys of the user; the next minute has new ones. Another
 * user is not held up. */
Test(quotas, of_a_minute, .timeout = 200)
{
    struct house house = {0};
    struct house_ask asks[MANY];
    struct house_reply replies[MANY], other;
    const char *tokens[2], *free;
    int passed = 0, turned = 0;
    double wait = 0;

    house_open(&house);
    house_start(&house, NULL);
    for (int k = 0; k < 2; k++) {
        tokens[k] = make_key(&house, gen_arena_printf(house.arena,
                                                      "{\"name\":\"k%d\",\"role\":\"viewer\","
                                                      "\"user\":\"ann\",\"requestsPerMinute\":7}",
                                                      k));
    }
    free = make_key(&house, "{\"name\":\"free\",\"role\":\"viewer\"}");
    for (size_t i = 0; i < MANY; i++) {
        asks[i] = (struct house_ask){.method = "GET", .path = i % 3 == 0 ? "/v1/me" : "/v1/jobs",
                                     .way = HOUSE_NO_KEY, .bearer = tokens[i % 2]};
    }
    /* when the clock's minute turns in between, both halves may have theirs: then once more */
    for (int i = 0; i < 3 && passed != 7; i++) {
        passed = turned = 0;
        house_ask_all(&house, asks, replies, MANY);
        for (size_t k = 0; k < MANY; k++) {
            passed += replies[k].status == 200;
            turned += replies[k].status == 429;
            if (replies[k].status == 429) {
                wait = strtod(replies[k].retry, NULL);
                cr_expect(wait >= 1 && wait <= 60, "%s", replies[k].retry);
                cr_expect(strstr(replies[k].body, "\"ann\\\"") != NULL, "%s", replies[k].body);
            }
        }
        cr_expect(passed + turned == MANY);
        cr_expect(passed <= 14, "%d", passed);
    }
    cr_expect(passed == 7, "%d", passed);
    other = house_ask(&house, &(struct house_ask){.method = "GET", .path = "/v1/me",
                                                  .way = HOUSE_NO_KEY, .bearer = free});
    cr_expect(other.status == 200, "%s", other.body);
    house_close(&house);
}

/* Money: jobs that race for what is left of a key's limit never hold more than it. */
Test(quotas, of_money, .timeout = 200)
{
    struct house house = {.hold = true};
    struct house_reply reply;
    const struct gen_node *budgets;
    const char *token;
    int admitted;

    house_open(&house);
    house_start(&house, NULL);
    token = make_key(&house, "{\"name\":\"poor\",\"role\":\"producer\",\"spendLimit\":0.55}");
    admitted = race(&house, &token, 1, 402);
    cr_expect(admitted >= 1 && admitted < MANY, "%d", admitted);
    reply = house_get(&house, "/v1/budgets");
    budgets = gen_node_get(reply.document, "budgets");
    cr_assert(gen_node_count(budgets) >= 1, "%s", reply.body);
    for (const struct gen_node *one = gen_node_first(budgets); one != NULL; one = one->next) {
        if (strcmp(gen_node_text(gen_node_get(one, "of"), ""), "key:poor") == 0) {
            double held = gen_node_number(gen_node_get(one, "held"), -1);

            cr_expect(held > 0 && held <= 0.55, "%s", reply.body);
        }
    }
    house_close(&house);
}

/* Generations at once: all are admitted, and never more than so many are at the provider. */
Test(quotas, at_once, .timeout = 200)
{
    struct house house = {.hold = true};
    const char *token;

    house_open(&house);
    house_start(&house, NULL);
    token = make_key(&house, "{\"name\":\"slow\",\"role\":\"producer\",\"parallel\":2}");
    cr_expect(race(&house, &token, 1, 429) == MANY);
    for (int i = 0; i < 400; i++) { /* they stay at work there */
        (void)house_get(&house, "/healthz");
        cr_assert(house.orders <= 2, "%d at once", house.orders);
    }
    cr_expect(house.orders == 2, "%d", house.orders);
    house_close(&house);
}

/* Models by plan, and what a plan allows of a team. */
Test(quotas, of_a_plan, .timeout = 200)
{
    struct house house = {.hold = true};
    char folder[128], command[700];
    const char *tokens[2], *boss;
    struct house_reply reply;
    FILE *file;

    house_open(&house);
    (void)snprintf(folder, sizeof folder, "%s/policies", house.folder);
    (void)snprintf(command, sizeof command, "cp -r " GEN_SOURCE_DIR "/policies %s", folder);
    cr_assert(system(command) == 0);
    (void)snprintf(command, sizeof command, "%s/access.yaml", folder);
    file = fopen(command, "w");
    cr_assert(file != NULL);
    fputs("plan: open\nplans:\n"
          "  open: {}\n"
          "  small: {models: [local]}\n"
          "  crew: {teamSecondsPerDay: 7, userSecondsPerDay: 5, mostPriority: normal}\n"
          "members: {acme: small, bolt: crew}\n", file);
    fclose(file);
    house_start(&house, (const char *const[]){"--policies", folder, NULL});
    cr_assert(!house.ended, "%s", house.last_words);
    boss = make_key(&house, "{\"name\":\"a\",\"role\":\"producer\",\"organization\":\"acme\"}");
    reply = house_ask(&house, &(struct house_ask){.method = "POST", .path = "/v1/jobs",
                                                  .type = "application/json", .body = BRIEF,
                                                  .way = HOUSE_NO_KEY, .bearer = boss});
    cr_expect(reply.status == 422 && strstr(reply.body, "small") != NULL, "%d: %s", reply.status,
              reply.body);
    /* two users of a team: 5 s each, 7 s together: 2 + 2 of one, 2 of the other */
    for (int k = 0; k < 2; k++) {
        tokens[k] = make_key(&house, gen_arena_printf(house.arena,
                                                      "{\"name\":\"k%d\",\"role\":\"producer\","
                                                      "\"organization\":\"bolt\",\"teams\":[\"tv\"]}",
                                                      k));
    }
    cr_expect(race(&house, tokens, 2, 429) == 3);
    reply = house_ask(&house, &(struct house_ask){
        .method = "POST", .path = "/v1/jobs", .type = "application/json", .way = HOUSE_NO_KEY,
        .bearer = tokens[0], .body = gen_arena_printf(house.arena, "%.*s,\"priority\":\"high\"}",
                                                      (int)strlen(BRIEF) - 1, BRIEF)});
    cr_expect((reply.status == 403 || reply.status == 422) &&
                  strstr(reply.body, "priority") != NULL, "%d: %s", reply.status, reply.body);
    house_close(&house);
}
