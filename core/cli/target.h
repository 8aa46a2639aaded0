/* target.h - which gend is meant, and how it is reached.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/target_test.c
 */
#ifndef GEN_CLI_TARGET_H
#define GEN_CLI_TARGET_H

#include "cli/option.h"

struct gen_target {     /* where gend is; texts live in an arena */
    const char *url;    /* origin: "http://127.0.0.1:8377", "http://gend" on a socket */
    const char *socket; /* NULL = TCP */
    const char *key;    /* NULL = none */
    const char *name;   /* for people: the socket's path or the URL */
};

/* From options, then the environment (GEN_SERVER, GEN_SOCKET, GEN_STATE, GEN_KEY), then the user's
 * own socket; where that is missing and a system daemon's is there, the latter. GEN_EINVAL: not a
 * URL, or a contradiction. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_target_find(const struct gen_options *options,
                                               struct gen_arena *arena, struct gen_target *out,
                                               struct gen_error *err);

#endif
