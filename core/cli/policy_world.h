/* policy_world.h - the snapshot that explain and diff decide in: of a file, of the running gend, or the one
 * beside the tests.
 *
 * Thread: [loop]. Floor: cli. Tests: tests/cli/policy_test.sh
 */
#ifndef GEN_CLI_POLICY_WORLD_H
#define GEN_CLI_POLICY_WORLD_H

#include "cli/policy_layers.h"
#include "cli/session.h"

struct gen_policy_world { /* lives in the session's arena */
    struct gen_policy_layers snapshot;
    const char *said; /* for people: which one it is */
};

/* --snapshot FILE; else, where `running`, what gend answers; else tests/snapshot.yaml of one of the
 * folders (NULL-terminated), or of the usual ones. GEN_ENOTFOUND: there is none (says what to do);
 * statuses of reading it. */
GEN_MUST_CHECK enum gen_status gen_policy_world_find(struct gen_session *session, bool running,
                                                     const char *const *folders,
                                                     struct gen_policy_world *out,
                                                     struct gen_error *err);

#endif
