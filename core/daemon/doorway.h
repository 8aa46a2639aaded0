/* doorway.h - who may come in, as gend.yaml says: the key file, API keys, Clerk, the names and proxies of
 * this daemon; and that nothing listens to the world before somebody can be told apart from anybody.
 *
 * Thread: [loop]. Floor: daemon. Tests: tests/unit/daemon/doorway_test.c, tests/api/public_test.c
 */
#ifndef GEN_DAEMON_DOORWAY_H
#define GEN_DAEMON_DOORWAY_H

#include "daemon/settings.h"
#include "platform/crypto.h"
#include "service/access.h"
#include "service/clerk.h"
#include "service/gate.h"

struct gen_doorway_options { /* borrowed for its life */
    const struct gen_settings *settings;
    const char *key; /* of the key file */
    struct gen_store *store;
    struct gen_http_client *http;
    const struct gen_clock *clock;
    const struct gen_random *random;
    const struct gen_log *log;
    struct gen_arena *arena;
};

struct gen_doorway { /* all zero = closed */
    struct gen_gate *gate;
    struct gen_clerk *clerk;
    struct gen_access access;
};

/* GEN_EDENIED: asked to listen on a public address, and what is missing for that. GEN_EINVAL: the key of
 * Clerk's tokens is none; statuses of reading it and the store; GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_doorway_open(const struct gen_doorway_options *options,
                                                struct gen_doorway *out, struct gen_error *err);
void gen_doorway_close(struct gen_doorway *doorway); /* before the HTTP client */

/* Is this address reached from this machine alone? What is no address is not. */
bool gen_doorway_loopback(const char *address);

#endif
