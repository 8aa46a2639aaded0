/* doors_test.c - the doors for work and no others (LESSONS 5), and no door for those who may not come
 * in: every route and every method is tried. */
#include "house.h"

#include "service/api.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BRIEF \
    "{\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":1}]," \
    "\"variations\":[{\"resolution\":\"320x320\"}]}"

static long metric(struct house *house, const char *name)
{
    struct house_reply reply = house_get(house, "/metrics");
    const char *line = reply.body;

    cr_assert(reply.status == 200);
    while ((line = strstr(line, name)) != NULL) {
        if (line[-1] == '\n') {
            return strtol(line + strlen(name), NULL, 10);
        }
        line++;
    }
    cr_assert(false, "there is no metric %s", name);
    return 0;
}

static const char *filled(struct house *house, const char *path, const char *job)
{
    const char *at = strstr(path, "{id}");

    return at == NULL ? path
                      : gen_arena_printf(house->arena, "%.*s%s%s", (int)(at - path), path, job,
                                         at + 4);
}

static bool endless(const struct gen_route *route)
{
    return strcmp(route->operation, "followEvents") == 0;
}

/* The doors for work, and what is sent through them: one brief, and a batch of one. */
static const struct door {
    const char *path, *body;
} doors[] = {{"/v1/jobs", BRIEF}, {"/v1/batches", "{\"briefs\":[" BRIEF "]}"}};

/* What would admit a job at one door is sent to a path as owner: it admits there, or nowhere. */
static void knock(struct house *house, const struct door *door, const char *method,
                  const struct gen_route *route, const char *job)
{
    bool opens = strcmp(route->path, door->path) == 0 && strcmp(method, "POST") == 0;
    long before = metric(house, "gen_admitted_total "), after;
    struct house_ask ask = {.method = method, .path = filled(house, route->path, job),
                            .type = "application/json", .body = door->body};
    struct house_reply reply = house_ask(house, &ask);

    after = metric(house, "gen_admitted_total ");
    cr_expect(after - before == (opens ? 1 : 0), "%s %s admitted %ld jobs (%d)", method, route->path,
              after - before, reply.status);
    cr_expect(reply.status < 500, "%s %s: %d", method, route->path, reply.status);
}

/* A whole brief, and a batch of it, are sent to every path with every method, as owner: only the
 * two routes that the table says admit work do so, each what is meant for it. */
Test(doors, only_these_admit, .timeout = 120)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE",
                                          "OPTIONS"};
    struct house house = {.hold = true};
    const char *job;
    size_t admitting = 0;

    house_open(&house);
    house_start(&house, NULL);
    job = house_submit(&house, "the only one");
    for (const struct gen_route *route = gen_api_routes; route->method != NULL; route++) {
        if (route->power == GEN_ROUTE_ADMITS) {
            cr_assert(admitting < GEN_COUNT(doors) && strcmp(route->method, "POST") == 0 &&
                          strcmp(route->path, doors[admitting].path) == 0,
                      "%s admits work too", route->path);
            admitting++;
        }
        for (size_t i = 0; i < GEN_COUNT(methods) * GEN_COUNT(doors); i++) {
            if (i / GEN_COUNT(doors) < 2 && endless(route)) {
                continue; /* it does not end; a GET has nothing to say there */
            }
            knock(&house, &doors[i % GEN_COUNT(doors)], methods[i / GEN_COUNT(doors)], route, job);
        }
    }
    cr_assert(admitting == GEN_COUNT(doors));
    house_close(&house);
}

/* Methods that a path has not, with Allow; paths that are not there. */
Test(doors, wrong_ways, .timeout = 60)
{
    static const struct {
        const char *method, *path;
        int status;
        const char *allow;
    } cases[] = {
        {"DELETE", "/v1/jobs", 405, "POST, GET, HEAD"},
        {"PUT", "/v1/jobs/gen_x/cancel", 405, "POST"},
        {"POST", "/healthz", 405, "GET, HEAD"},
        {"GET", "/v1/job", 404, NULL},
        {"GET", "/v1/jobs/", 404, NULL},
        {"GET", "/v1/jobs/a/b", 404, NULL},
        {"GET", "/", 404, NULL},
        {"GET", "/v1/jobs/" /* longer than any id */
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
         404, NULL},
    };
    struct house house = {0};

    house_open(&house);
    house_start(&house, NULL);
    for (size_t i = 0; i < GEN_COUNT(cases); i++) {
        struct house_reply reply = house_ask(
            &house, &(struct house_ask){.method = cases[i].method, .path = cases[i].path});

        cr_expect(reply.status == cases[i].status, "%s %s: %d", cases[i].method, cases[i].path,
                  reply.status);
        cr_expect(cases[i].allow == NULL ||
                      (reply.allow != NULL && strcmp(reply.allow, cases[i].allow) == 0),
                  "%s %s: Allow is %s", cases[i].method, cases[i].path, reply.allow);
    }
    house_close(&house);
}

/* Over TCP every route but those marked open wants the key, before it looks at anything else. */
Test(doors, want_the_key, .timeout = 60)
{
    static const enum house_way ways[] = {HOUSE_NO_KEY, HOUSE_WRONG_KEY, HOUSE_WRONG_HOST,
                                          HOUSE_WRONG_ORIGIN};
    struct house house = {.hold = true};
    const char *job;

    house_open(&house);
    house_start(&house, NULL);
    job = house_submit(&house, "locked");
    for (const struct gen_route *route = gen_api_routes; route->method != NULL; route++) {
        for (size_t i = 0; i < GEN_COUNT(ways); i++) {
            struct house_reply reply = house_ask(
                &house, &(struct house_ask){.method = route->method,
                                            .path = filled(&house, route->path, job),
                                            .way = ways[i]});
            int wanted = ways[i] == HOUSE_WRONG_HOST || ways[i] == HOUSE_WRONG_ORIGIN ? 403
                         : route->open                                               ? 200
                                                                                     : 401;

            cr_expect(reply.status == wanted, "%s %s: %d, not %d", route->method, route->path,
                      reply.status, wanted);
            cr_expect((reply.authenticate != NULL) == (wanted == 401), "%s: WWW-Authenticate",
                      route->path);
        }
    }
    house_close(&house);
}

/* The peer's own request id comes back if it is plain; else it gets one of ours. */
Test(doors, request_ids, .timeout = 60)
{
    struct house house = {0};
    struct house_reply reply;

    house_open(&house);
    house_start(&house, NULL);
    reply = house_ask(&house, &(struct house_ask){.method = "GET", .path = "/healthz",
                                                  .name = "x-request-id", .value = "my-1.2_3"});
    cr_expect(strcmp(reply.request, "my-1.2_3") == 0);
    reply = house_ask(&house, &(struct house_ask){.method = "GET", .path = "/healthz",
                                                  .name = "x-request-id", .value = "<script>"});
    cr_expect(reply.request != NULL && strlen(reply.request) == 16 &&
              strchr(reply.request, '<') == NULL);
    house_close(&house);
}
