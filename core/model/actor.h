/* actor.h - who did something, and from where, as the two texts that stand in the log of events.
 *
 * who: "user:owner" (at the socket), "key:key_01…" (an API key), "key:file" (the key of the state folder),
 * "clerk:user_2ab…" (a session), "provider:runway" (what a provider answered), "daemon".
 * origin: "socket", the peer's address, "" (the daemon's own work).
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/actor_test.c
 */
#ifndef GEN_MODEL_ACTOR_H
#define GEN_MODEL_ACTOR_H

#include "model/principal.h"

#define GEN_ACTOR_DAEMON "daemon"

struct
    gen_actor { /* texts of whoever made it; NULL or "" = the daemon, and nowhere in particular */
    const char *who, *origin;
};

/* In `arena`; GEN_ACTOR_DAEMON when there is no memory for more. A principal that is nobody (of an open
 * route) is "nobody". */
struct gen_actor gen_actor_of(const struct gen_principal *principal, struct gen_arena *arena);

/* "provider:<id>" */
struct gen_actor gen_actor_provider(const char *provider, struct gen_arena *arena);

/* A copy in `arena`; NULL gives the daemon. */
struct gen_actor gen_actor_copy(const struct gen_actor *actor, struct gen_arena *arena);

#endif
