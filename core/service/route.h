/* route.h - what a route of the API is, and which one a request means.
 *
 * The table itself stands in service/api.c; reference, tests and the request's limits come from its
 * rows. It replies nothing.
 *
 * Thread: [any]. Floor: service. Tests: tests/unit/service/route_test.c
 */
#ifndef GEN_SERVICE_ROUTE_H
#define GEN_SERVICE_ROUTE_H

#include "model/principal.h"
#include "platform/exchange.h"
#include "service/query.h"

struct gen_call; /* service/call.h */

/* [loop] Answers now, or keeps the call for a later answer. */
typedef void gen_route_handler(struct gen_call *call);

enum gen_route_power {
    GEN_ROUTE_READS = 1,
    GEN_ROUTE_CHANGES, /* something is changed, but no work is admitted */
    GEN_ROUTE_ADMITS,  /* work is admitted: money may be spent */
};

struct gen_route {
    const char *method;    /* GET answers HEAD too */
    const char *path;      /* "/v1/jobs/{id}": at most one {name}, a whole segment */
    const char *operation; /* operationId in docs/openapi.yaml */
    enum gen_route_power power;
    bool open;           /* no credential is asked for */
    uint32_t permission; /* enum gen_permission: what it takes; 0 with `open` only */
    enum gen_http_body body;
    int64_t limit;                     /* bytes of the body */
    const char *const *types;          /* media types of the body, NULL-terminated; NULL = any */
    const struct gen_parameter *query; /* NULL = none */
    gen_route_handler *head;           /* before the body is read; may reply; NULL = nothing */
    gen_route_handler *call;
    const char *help;
};

enum { GEN_ROUTE_ALLOW_SIZE = 64, GEN_ROUTE_VALUE_SIZE = 64 };

struct gen_route_match {
    const struct gen_route *route;    /* NULL: none */
    char value[GEN_ROUTE_VALUE_SIZE]; /* what stands for {name}, "" = nothing */
    char allow[GEN_ROUTE_ALLOW_SIZE]; /* the methods of this path; "" = there is no such path */
};

/* `table` ends with method NULL; path is decoded. */
void gen_route_find(const struct gen_route *table, const char *method, const char *path,
                    struct gen_route_match *out);

/* Is `type` (a Content-Type header, NULL = none) one that the route takes? Parameters such as
 * charset are not looked at. */
bool gen_route_takes(const struct gen_route *route, const char *type);

#endif
