/* retry.h - does a failed attempt get another one, and after how long?
 *
 * Pure: kind of failure, attempts so far, what the provider asked for, a random draw. The figures
 * are the product's: three retries, exponential pauses with full jitter.
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/retry_test.c
 */
#ifndef GEN_DECIDE_RETRY_H
#define GEN_DECIDE_RETRY_H

#include "model/failure.h"

#include <stdint.h>

struct gen_retry_rules {
    int32_t most_retries;   /* of one shot; 3 */
    int32_t most_rebuys;    /* of these, after attempts that were (or may have been) billed; 1 */
    int64_t first_pause_ms; /* upper end of the first pause; 2,000 */
    int64_t most_pause_ms;  /* pauses never grow beyond it; 60,000 */
};

extern const struct gen_retry_rules gen_retry_defaults;

struct gen_retry {
    bool again;
    int64_t pause_ms;
};

/* attempts: how many have been made, the failed one included. retry_after_ms: what the provider
 * asked for, 0 = nothing. draw: a uniform random number. */
struct gen_retry gen_retry_decide(const struct gen_retry_rules *rules, enum gen_failure failure,
                                  int32_t attempts, int64_t retry_after_ms, uint32_t draw);

/* The pause before a free request is repeated for the nth time: doubles from 1 s to 60 s, with the
 * upper half drawn. */
int64_t gen_retry_free_pause(int32_t failures, uint32_t draw);

#endif
