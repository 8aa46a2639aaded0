/* whereabouts.h - where things live by default: the state folder and what gend and gen meet at in it.
 *
 * It creates nothing and asks for nothing but the environment. gend has the same rules in
 * daemon/paths.c (the wings of this floor do not include each other); tests/cli proves that they agree.
 *
 * Thread: [any]. Floor: cli. Tests: tests/unit/cli/target_test.c
 */
#ifndef GEN_CLI_WHEREABOUTS_H
#define GEN_CLI_WHEREABOUTS_H

#include "base/arena.h"
#include "base/error.h"

enum gen_whereabouts_scope {
    GEN_WHEREABOUTS_USER = 1, /* XDG folders, no set-up */
    GEN_WHEREABOUTS_SYSTEM,   /* /etc/genengine, /var/lib/genengine, /run/genengine */
};

enum { GEN_WHEREABOUTS_SOCKET_MOST = 107 }; /* bytes that the address of a Unix socket holds */

struct gen_whereabouts { /* texts live in the arena */
    const char *config;  /* folder of configuration: $XDG_CONFIG_HOME/genengine, /etc/genengine */
    const char *state;   /* folder */
    const char *socket;  /* in $XDG_RUNTIME_DIR/genengine or the state folder; /run/genengine */
    const char *lock;    /* state/lock: held, with its pid inside, while gend runs */
    const char *log;     /* state/gend.log: what a gend that `gen up` started writes */
};

/* `state` (may be NULL) is a folder that was asked for: then everything but config is inside it, so
 * that several daemons can run side by side. GEN_EINVAL: no home folder is known, or the socket's
 * path is longer than GEN_WHEREABOUTS_SOCKET_MOST. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_whereabouts_find(enum gen_whereabouts_scope scope,
                                                    const char *state, struct gen_arena *arena,
                                                    struct gen_whereabouts *out,
                                                    struct gen_error *err);

/* The folder that our own executable is in, links resolved; NULL when it is not known. */
const char *gen_whereabouts_own_folder(struct gen_arena *arena);

enum { GEN_WHEREABOUTS_PLUGINS = 8 };

/* The folders that gend looks for plugins in by default, at most GEN_WHEREABOUTS_PLUGINS: those
 * beside our own executable, then the user's. They may not be there. Returns how many. */
size_t gen_whereabouts_plugins(struct gen_arena *arena, const char **out);

/* `path` made absolute against the working folder (not resolved); NULL when that fails. */
const char *gen_whereabouts_absolute(const char *path, struct gen_arena *arena);

#endif
