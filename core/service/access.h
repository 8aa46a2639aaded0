/* access.h - may this request come in at all, and who is asking.
 *
 * Over the Unix socket it is the owner: the file's mode has decided. Over TCP it must name a host of
 * ours (a page of a rebound DNS name cannot), come from no other web page, and bring the key.
 * What somebody may do once inside is not decided here.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/access_test.c
 */
#ifndef GEN_SERVICE_ACCESS_H
#define GEN_SERVICE_ACCESS_H

#include "base/error.h"

#include <stdbool.h>

struct gen_access {           /* borrowed for the service's life */
    const char *key;          /* NULL or "": nobody gets in over TCP */
    const char *const *hosts; /* beside localhost and loopback addresses; NULL-terminated or NULL */
};

struct gen_visitor { /* what a request says of itself; NULL = nothing */
    bool local;
    bool open; /* the route asks for no key */
    const char *host, *origin, *authorization;
};

/* GEN_OK, or GEN_EDENIED with `*http` 401 (bring a key) or 403 (not from there). */
GEN_MUST_CHECK enum gen_status gen_access_check(const struct gen_access *access,
                                                const struct gen_visitor *visitor, int *http,
                                                struct gen_error *err);

#endif
