/* paths.h - where things are: our own programs and plugins beside the running one, and the folders of
 * the user or of the system.
 *
 * In a build tree gend stands in bin/ with gen-media beside it and plugins in ../lib/plugins; when
 * installed, in PREFIX/bin with PREFIX/libexec/genengine and LIBDIR/genengine/plugins.
 *
 * Thread: [any]; looks at the disk. Floor: daemon. Tests: tests/unit/daemon/paths_test.c
 */
#ifndef GEN_DAEMON_PATHS_H
#define GEN_DAEMON_PATHS_H

#include "base/arena.h"
#include "base/error.h"

struct gen_paths {                      /* texts in the arena */
    const char *media, *trial;          /* gen-media, gen-trial */
    const char *const *plugin_folders;  /* NULL-terminated: installed ones, `own`, `more` */
    const char *const *program_folders; /* NULL-terminated: where our helpers are */
};

/* `executable`: path of gend. `own`: plugin folder of the user, NULL = none. `more`: those of the settings,
 * NULL-terminated, may be NULL. GEN_ENOTFOUND: no gen-media or gen-trial. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_paths_find(const char *executable, const char *own,
                                              const char *const *more, struct gen_arena *arena,
                                              struct gen_paths *out, struct gen_error *err);

/* Path of the running program; GEN_EIO, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_paths_executable(struct gen_arena *arena, const char **out,
                                                    struct gen_error *err);

/* The folder of policies that is in use where the settings name none: the first that is there of
 * /etc/genengine/policies, the user's by the XDG rules, the installed defaults (in a build tree those of
 * its sources). GEN_ENOTFOUND, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_paths_policies(const char *executable,
                                                  const char *const *environment,
                                                  struct gen_arena *arena, const char **out,
                                                  struct gen_error *err);

/* gen-sim and its description of a sandbox. GEN_ENOTFOUND, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_paths_simulator(const char *executable, struct gen_arena *arena,
                                                   const char **program, const char **description,
                                                   struct gen_error *err);

struct gen_places { /* defaults of settings; texts in the arena or constant, NULL = unknown */
    const char *state, *config, *socket;
    const char
        *plugins; /* folder: where `make install` of the template puts them; none of a service */
};

/* Value of an environment variable in a list of "NAME=value"; NULL when absent or empty. */
const char *gen_paths_variable(const char *const *environment, const char *name);

/* The places of a system service, or of a user by the XDG rules. Where `state` is given (may be
 * NULL), the socket stands in it. */
void gen_paths_places(const char *const *environment, bool system, const char *state,
                      struct gen_arena *arena, struct gen_places *out);

#endif
