/* call.h - one request on its way through the service: who asks for what, and the reply.
 *
 * Handlers get it and answer through it, so that every reply has its request id, every error is a
 * problem document and every end is counted. A handler that answers later takes a claim, which
 * outlives the call: the peer may leave first.
 * Invariant: a call lives as long as its exchange, a claim until it is redeemed.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/doors_test.c
 */
#ifndef GEN_SERVICE_CALL_H
#define GEN_SERVICE_CALL_H

#include "base/node.h"
#include "platform/clock.h"
#include "platform/crypto.h"
#include "platform/exchange.h"
#include "platform/log.h"
#include "service/route.h"

struct gen_engine;
struct gen_store;
struct gen_loader;
struct gen_rulebook;
struct gen_lockbox;
struct gen_signet;
struct gen_turnstile;
struct gen_event_stream;
struct gen_follower;
struct gen_http_server;
struct gen_outbox;

struct gen_service { /* what the rooms of the API work with; all borrowed */
    struct gen_engine *engine;
    struct gen_store *store;
    const struct gen_loader *loader;
    struct gen_rulebook *rules;
    struct gen_lockbox *lockbox; /* NULL: no secrets are kept */
    struct gen_turnstile *turnstile;
    struct gen_signet *signet; /* NULL: signing secrets are kept as they are (tests) */
    struct gen_outbox *outbox; /* NULL: nobody is told of events */
    const struct gen_clock *clock;
    const struct gen_random *random;
    const struct gen_log *log;
    const char *blobs; /* folder */
    const char *version;
    const char *address; /* "http://127.0.0.1:8377"; NULL = no TCP */
    bool sandbox;        /* the providers are simulated */
    gen_moment started_at;
    struct gen_event_stream *stream;
    const struct gen_http_server *server; /* NULL before it listens */
    uint64_t *counts;                     /* of requests: GEN_CALL_CLASSES for each route */
    const struct gen_route *routes;
};

enum { GEN_CALL_CLASSES = 6, GEN_CALL_ID_SIZE = 65 }; /* replies by their first digit; 0 = other */

struct gen_claim;

struct gen_call {
    const struct gen_service *service;
    struct gen_exchange *exchange;
    struct gen_arena *arena;          /* of the exchange */
    const struct gen_route *route;    /* NULL: none was found */
    char id[GEN_CALL_ID_SIZE];        /* of the request */
    char value[GEN_ROUTE_VALUE_SIZE]; /* what stands for {id} in the path */
    struct gen_principal principal;   /* who asks; all zero on an open route */
    int status;                       /* of the reply, 0 = none by us */
    const char *retry_after;          /* seconds, of a failure; NULL = the usual ones */
    const void *work;                 /* the handler's own, in the arena */
    struct gen_claim *claim;
    struct gen_follower *follower; /* of the event stream */
};

/* Begins a call and gives its reply the request id: the peer's X-Request-Id if it is short and
 * plain, else a new one. NULL when there is no memory. The call becomes the exchange's state. */
struct gen_call *gen_call_begin(const struct gen_service *service, struct gen_exchange *exchange);
/* The exchange is over: counts and logs it, and lets go of the claim. NULL is allowed. */
void gen_call_end(struct gen_call *call);

/* Replies with a document, with a file, or begins an event stream. */
void gen_call_reply(struct gen_call *call, int http, const struct gen_node *document);
void gen_call_reply_file(struct gen_call *call, int fd, const char *type, const char *etag);
void gen_call_stream(struct gen_call *call, const char *type, size_t limit);
void gen_call_reply_text(struct gen_call *call, int http, const char *type, const char *text,
                         size_t size);

/* Replies with a problem document: the HTTP status of the table, or another (0 = the table's). */
void gen_call_fail(struct gen_call *call, const struct gen_error *err);
void gen_call_fail_as(struct gen_call *call, int http, const struct gen_error *err);

/* The same with a document that the handler made (service/problem.h). */
void gen_call_fail_with(struct gen_call *call, int http, const struct gen_node *problem);

/* If-Match against the version of what is to be changed, so that two people who edit at once do not undo
 * each other: 412 when somebody was faster, 428 when it is not sent and `must` be. False: replied. */
bool gen_call_match(struct gen_call *call, const char *what, int64_t version, bool must);

/* Says later: NULL when there is no memory (then a reply has been given). redeem frees the claim
 * and gives the call back, NULL when its peer has left. */
struct gen_claim *gen_call_park(struct gen_call *call);
struct gen_call *gen_claim_redeem(struct gen_claim *claim);

#endif
