/* premises.h - the state folder: made, found closed to others, locked, and its rooms.
 *
 * It does not know what lies in the rooms.
 * Invariant: nothing is changed in a state folder that another gend works on.
 *
 * Thread: [loop]. Floor: daemon. Tests: tests/unit/daemon/premises_test.c
 */
#ifndef GEN_DAEMON_PREMISES_H
#define GEN_DAEMON_PREMISES_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>

struct gen_premises {  /* all zero = outside; texts in the arena */
    const char *state; /* absolute */
    const char *blobs, *scratch, *uploads, *credentials;
    bool locked;
    int lock;
};

/* Makes the folder (0700) where there is none, and locks it. GEN_EDENIED: others may write to it. GEN_EBUSY:
 * another gend works on it. GEN_EIO, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_premises_enter(const char *folder, struct gen_arena *arena,
                                                  struct gen_premises *out, struct gen_error *err);
/* What a crash left of uploads goes, for it belongs to nobody; the rooms that people look for are made. */
GEN_MUST_CHECK enum gen_status gen_premises_clear(const struct gen_premises *premises,
                                                  struct gen_error *err);
/* A sandbox and real work never share a state: what was simulated would stand among what was paid.
 * `simulator`: the folder that only a sandbox has. GEN_ECONFLICT. */
GEN_MUST_CHECK enum gen_status gen_premises_apart(const struct gen_premises *premises, bool sandbox,
                                                  const char *simulator, struct gen_arena *arena,
                                                  struct gen_error *err);
void gen_premises_leave(struct gen_premises *premises);

#endif
