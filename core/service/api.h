/* api.h - the API as a whole: its table of routes, its server, and the way of a request through it.
 *
 * A request is found in the table, let in by access.h with a principal, its query is checked, and then
 * its handler is called. It knows nothing of what handlers do.
 * Invariant: only routes marked GEN_ROUTE_ADMITS can lead to new work.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/api_test.c
 */
#ifndef GEN_SERVICE_API_H
#define GEN_SERVICE_API_H

#include "platform/http_server.h"
#include "service/access.h"
#include "service/call.h"

struct gen_api;

struct gen_api_options { /* borrowed for the API's life */
    struct gen_loop *loop;
    struct gen_engine *engine;
    struct gen_store *store;
    const struct gen_loader *loader;
    struct gen_rulebook *rules;
    struct gen_outbox *outbox;   /* may be NULL */
    struct gen_lockbox *lockbox; /* NULL: no secrets are kept */
    struct gen_signet *signet;   /* NULL: signing secrets are kept as they are (tests) */
    const struct gen_clock *clock;
    const struct gen_random *random;
    const struct gen_log *log; /* may be NULL */
    const char *blobs;
    const char *version;
    bool sandbox; /* see gen_service */
    struct gen_access access;
};

/* Listens to the engine from now on. GEN_ENOMEM, GEN_EIO, GEN_ECORRUPT. */
GEN_MUST_CHECK enum gen_status gen_api_create(const struct gen_api_options *options,
                                              struct gen_api **out, struct gen_error *err);
/* Ends every exchange; before the engine. Answers of the engine that are still due are dropped. */
void gen_api_destroy(struct gen_api *api); /* NULL is allowed */

/* Opens the doors; once, or again after GEN_EBUSY. Statuses of gen_http_server_create. */
GEN_MUST_CHECK enum gen_status gen_api_listen(struct gen_api *api,
                                              const struct gen_http_listen *listen,
                                              struct gen_error *err);
/* "http://127.0.0.1:8377"; NULL without TCP. */
const char *gen_api_address(const struct gen_api *api);

/* Events up to this number are in the log that somebody else than the engine wrote. */
void gen_api_tell(struct gen_api *api, int64_t last_event);

/* The table; ends with method NULL. */
extern const struct gen_route gen_api_routes[];

#endif
