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
    const char *up;     /* what starts a gend there: "gen up --state ./try"; NULL with TCP */
};

enum {                            /* what a command that is told to the user repeats */
       GEN_TARGET_STATE = 1 << 0, /* --state, --system */
       GEN_TARGET_SOCKET = 1 << 1,
       GEN_TARGET_SERVER = 1 << 2,
       GEN_TARGET_VARIABLES = 1 << 3, /* as options, what GEN_STATE and GEN_SOCKET say */
};

/* `command` with the options that say which gend is meant, quoted for a shell. NULL: no memory. */
const char *gen_target_command(const struct gen_options *options, const char *command,
                               uint32_t parts, struct gen_arena *arena);

/* With --sandbox (or GEN_SANDBOX): the state folder of the sandbox becomes that of the options, which is
 * "sandbox" in the usual one where none is named. A sandbox never shares a state with real work.
 * GEN_EINVAL: together with --server, --socket or --system. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_target_sandbox(struct gen_options *options,
                                                  struct gen_arena *arena, struct gen_error *err);

/* From options, then the environment (GEN_SERVER, GEN_SOCKET, GEN_STATE, GEN_KEY), then the user's
 * own socket; where that is missing and a system daemon's is there, the latter. GEN_EINVAL: not a
 * URL, or a contradiction. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_target_find(const struct gen_options *options,
                                               struct gen_arena *arena, struct gen_target *out,
                                               struct gen_error *err);

#endif
