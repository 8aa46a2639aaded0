/* probation.h - a new or changed plugin first runs in a process that may break.
 *
 * Who wants to load a plugin asks here before: the file's verdict is remembered by its hash (in a file
 * of the state folder), and a file without one is tried out by gen-trial, a confined child. A plugin
 * that crashes, hangs, reaches for the network or breaks the contract is refused with what was found,
 * and nothing of it has run in this process.
 * Invariant: no plugin that was refused is tried again before its file, or the engine, changes.
 *
 * Thread: [loop]; turns the loop while a trial runs, so ask before anything else lives on it.
 * Floor: host. Tests: tests/contract/probation_test.c
 */
#ifndef GEN_HOST_PROBATION_H
#define GEN_HOST_PROBATION_H

#include "base/arena.h"
#include "platform/loop.h"

struct gen_probation {
    struct gen_loop *loop;
    const char *program; /* path of gen-trial */
    const char *memory;  /* path of the file of verdicts; NULL = remembers nothing */
    const char *version; /* of the engine: another one tries everything again */
    int64_t seconds;     /* for one plugin; 0 = 30 */
};

/* GEN_OK: it may be loaded. GEN_ECORRUPT: it was refused, and why in one sentence. GEN_EUNSUPPORTED: it
 * cannot be tried on this system. GEN_EINVAL, GEN_ENOTFOUND, GEN_EDENIED, GEN_EIO, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_probation_pass(const struct gen_probation *probation,
                                                  const char *path, struct gen_error *err);

#endif
