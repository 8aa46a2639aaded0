/* doors_test.c - one door for work and no other (LESSONS 5), and no door for those who may not come
 * in: every route and every method is tried. */
#include "house.h"

#include "service/api.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char BRIEF[] =
    "{\"models\":[\"fake/pay\"],\"scenes\":[{\"prompt\":\"x\",\"duration\":1}],"
    "\"variations\":[{\"resolution\":\"320x320\"}]}";

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

/* A whole brief is sent to every path with every method, as owner: only one route of the table says
 * that it admits work, only that one does, and it is POST /v1/jobs. */
Test(doors, one_admits, .timeout = 120)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE",
                                          "OPTIONS"};
    struct house house = {.hold = true};
    const char *job;
    size_t doors = 0;

    house_open(&house);
    house_start(&house, NULL);
    job = house_submit(&house, "the only one");
    for (const struct gen_route *route = gen_api_routes; route->method != NULL; route++) {
        doors += route->power == GEN_ROUTE_ADMITS;
        for (size_t i = 0; i < GEN_COUNT(methods); i++) {
            bool door = strcmp(route->path, "/v1/jobs") == 0 && strcmp(methods[i], "POST") == 0;
            long before = metric(&house, "gen_admitted_total "), after;
            struct house_ask ask = {.method = methods[i], .path = filled(&house, route->path, job),
                                    .type = "application/json", .body = BRIEF};
            struct house_reply reply = {0};

            if (i < 2 && endless(route)) {
                continue; /* it does not end; a GET has nothing to say there */
            }
            reply = house_ask(&house, &ask);
            after = metric(&house, "gen_admitted_total ");
            cr_expect(after - before == (door ? 1 : 0), "%s %s admitted %ld jobs (%d)", methods[i],
                      route->path, after - before, reply.status);
            cr_expect(reply.status < 500, "%s %s: %d", methods[i], route->path, reply.status);
        }
    }
    cr_assert(doors == 1, "%zu routes may admit work", doors);
    cr_assert(strcmp(gen_api_routes[0].path, "/v1/jobs") == 0 &&
              gen_api_routes[0].power == GEN_ROUTE_ADMITS);
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
