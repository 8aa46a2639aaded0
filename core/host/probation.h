/* probation.h - a new or changed plugin first runs in a process that may break.
 *
 * Who wants to load plugins asks here before: a file's verdict is remembered by its hash (in a file of the
 * state folder), and files without one are tried out by gen-trial, a confined child each, several at
 * once. A plugin that crashes, hangs, reaches for the network or breaks the contract is refused with what
 * was found, and nothing of it has run in this process.
 * That a trial begins is written down before it does, and each verdict as soon as it is known: whoever is
 * killed meanwhile does not begin from nothing, and a file whose trial never came to an end is refused
 * after a few times.
 * Invariant: no plugin that was refused is tried again before its file, or the engine, changes.
 *
 * Thread: [loop]; turns the loop while trials run, so ask before anything else lives on it.
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
    int64_t seconds;     /* the most for one plugin on a machine that has no time; 0 = 15 */
    size_t at_once;      /* trials side by side; 0 = 4 */
};

struct gen_probation_verdict { /* of one file */
    enum gen_status status;    /* GEN_OK: it may be loaded */
    const char *reason;        /* one sentence; "" with GEN_OK */
};

/* The verdicts of all files, in their order, in `arena`. Of each: GEN_ECORRUPT: it was refused.
 * GEN_EUNSUPPORTED: it cannot be tried on this system. GEN_EBUSY: there was no time; the next start tries
 * it again. GEN_EINVAL, GEN_ENOTFOUND, GEN_EDENIED, GEN_EIO: the file. Returned: GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_probation_round(const struct gen_probation *probation,
                                                   const char *const *paths, size_t count,
                                                   struct gen_arena *arena,
                                                   struct gen_probation_verdict **out,
                                                   struct gen_error *err);

#endif
