/* child.h - the child of a trial: loads the plugin, gives up what it does not need, tries everything.
 *
 * Thread: one. Tests: tests/contract/trial_test.sh
 */
#ifndef GEN_TESTKIT_CHILD_H
#define GEN_TESTKIT_CHILD_H

#include "base/node.h"
#include "report.h"

enum { CHILD_RECORDINGS = 2000 };

/* Where a finding stands that the host made when it opened the plugin: a missing program, another ABI.
 * The next machine, or the same tomorrow, may say something else. */
#define CHILD_OPENING "opening"

struct child_order {
    const char *path, *settings_path, *recordings_path; /* the last two NULL = none */
    const char *programs;            /* folder of our own programs, which plugins may name */
    const struct gen_node *settings; /* map for configure; NULL */
    bool quick;                      /* a look before loading, not a whole check */
    bool settings_only;              /* does it take the settings? No verb is called */
    const struct gen_node **recordings;
    size_t recording_count;
};

/* Reads the files that the order names. GEN_EINVAL, GEN_ENOTFOUND, GEN_EIO, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status child_prepare(struct child_order *order, struct gen_arena *arena,
                                             struct gen_error *err);

/* Reports into `fd`; returns when there is nothing more to try. The process is of no use then. */
void child_run(const struct child_order *order, int fd);

#endif
