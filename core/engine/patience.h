/* patience.h - how long the engine asks and waits before it believes, tells a person or gives up.
 *
 * Rules as plain values: whoever drives the machine hands them in (operators will write them into a
 * policy file), the defaults are safe for every provider that we know of. It is NOT the retry of
 * failed attempts; those rules are decide/retry.h.
 * Invariant: none of these rules ever leads to a second paid submission.
 *
 * Thread: [any]. Floor: engine. Tests: tests/unit/engine/patience_test.c
 */
#ifndef GEN_ENGINE_PATIENCE_H
#define GEN_ENGINE_PATIENCE_H

#include "base/error.h"

#include <stdint.h>

struct gen_patience { /* milliseconds; the defaults stand behind */
    /* "No such job", said of a submission of unknown fate, is believed only after this time of
     * looking, and after so many looks: an order can be booked minutes after it was read. Pauses
     * count, not the clock on the wall; a restart begins anew. */
    int64_t recover_window_ms;   /* 5 minutes */
    int32_t recover_least_looks; /* 4 */

    int64_t submit_ms;  /* pauses of a submit that is told to wait; 1 hour */
    int64_t verdict_ms; /* from accepted to a verdict, before a person is told; 6 hours */
    int64_t fetch_ms;   /* pauses of a fetch, before a person is told; 1 hour */
    int64_t cancel_ms;  /* pauses of a cancel, before the job is followed to its verdict; 10 min */
    int64_t slow_ms;    /* the pace of asking once a person has been told; 10 minutes */

    /* An uploaded file that no job has used is kept this long after it was last sent to us. */
    int64_t asset_ms; /* 24 hours */
};

extern const struct gen_patience gen_patience_defaults;

#endif
