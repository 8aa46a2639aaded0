/* access.h - the one door: may this request come in, who is asking, may they do what the route does.
 *
 * Over the Unix socket the machine's owner needs no key: the system says who is at the other end. Anybody
 * else brings a credential: the key of the key file, an API key, a session token. Over TCP a request
 * must also name a host of ours (a page of a rebound DNS name cannot) and come from no other web page.
 * What belongs to whom is not decided here: handlers read with the principal's organization, and what
 * is not in it does not exist.
 * Invariants: no request reaches a handler without a principal, unless its route is marked open; a
 * principal has every permission that the route needs.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/access_test.c, tests/api/doors_test.c
 */
#ifndef GEN_SERVICE_ACCESS_H
#define GEN_SERVICE_ACCESS_H

#include "base/error.h"
#include "model/principal.h"
#include "platform/clock.h"

#include <stdbool.h>

struct gen_store;
struct gen_gate;
struct gen_clerk;

struct gen_access {           /* borrowed for the service's life */
    const char *key;          /* of the key file; NULL or "": there is none */
    const char *const *hosts; /* beside localhost and loopback addresses; NULL-terminated or NULL */
    const char *const *proxies;    /* addresses whose X-Forwarded-For is believed; the same */
    const struct gen_clock *clock; /* NULL: nothing expires and nobody is slowed down (tests) */
    struct gen_store *store;       /* of API keys; NULL: there are none */
    struct gen_clerk *clerk;       /* session tokens; NULL: none are taken */
    struct gen_gate *gate;         /* failures by address; NULL: not counted */
};

struct gen_visitor { /* what a request says of itself; NULL = nothing */
    bool local;      /* came over the Unix socket */
    bool owner;      /* from a process of the daemon's own user, or of root */
    bool open;       /* the route asks for no credential */
    uint32_t needs;  /* permissions of the route; 0 = none in particular */
    const char *host, *origin, *authorization;
    const char *forwarded; /* X-Forwarded-For: a proxy stands in between */
    const char *address;   /* of the peer; NULL over the socket */
};

/* Where a request comes from: the peer, or, when that is a proxy of ours, whom it forwards for (the last
 * that X-Forwarded-For names). Borrowed or in `arena`; "" without an address. */
const char *gen_access_address(const struct gen_access *access, const char *peer,
                               const char *forwarded, struct gen_arena *arena);

/* GEN_OK with who it is (its texts live in `arena`, or as long as the service), or why not:
 * GEN_EDENIED with `*http` 401 (bring a credential) or 403 (not from there; not with these
 * permissions), GEN_ELIMIT with 429 (too many failures), GEN_EBUSY with 503 (the keys of session
 * tokens are being fetched), GEN_ENOMEM and statuses of the store with 0. An open route's principal
 * is all zero. */
GEN_MUST_CHECK enum gen_status gen_access_check(const struct gen_access *access,
                                                const struct gen_visitor *visitor,
                                                struct gen_arena *arena, struct gen_principal *out,
                                                int *http, struct gen_error *err);

#endif
