/* retry.h - does a failed attempt get another one, and after how long?
 *
 * Pure: what failed, how often, what was billed, what the provider asked for, a random draw,
 * and the rows of retry.yaml. Allowances never multiply: those of a shot and those of the job
 * both hold.
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/retry_test.c
 */
#ifndef GEN_DECIDE_RETRY_H
#define GEN_DECIDE_RETRY_H

#include "policy/retry_policy.h"

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

/* ---- by retry.yaml */

struct gen_retry_case { /* 0 = unknown or none, where nothing else is said */
    enum gen_failure failure;
    int32_t attempts;        /* of this shot, the failed one included */
    int32_t billed_attempts; /* of these, those that were or may have been billed; only looked at
                              * when the failed one is among them */
    bool billed;             /* the failed one is */
    int32_t on_provider;     /* failures of this shot in a row on this provider */
    bool others;             /* is there another provider that could make it? */
    int32_t job_retries;     /* of the whole job so far */
    int64_t job_age_ms;      /* since admission */
    gen_micros job_estimate; /* of the whole job as it was decided */
    gen_micros job_extra;    /* spent and held for retries of the whole job so far */
    gen_micros price;        /* of another attempt */
    int64_t wait_ms;         /* what the provider asked for */
};

struct gen_retry_verdict {
    bool again;
    bool elsewhere; /* on another provider */
    int64_t pause_ms;
    const char *reason; /* why not again; static; NULL when again */
    bool hopeless;      /* not again whatever is left: another try does not help */
};

/* Is it time for another provider, if there is one? */
bool gen_retry_switches(const struct gen_retry_policy *policy, const struct gen_retry_case *it);

/* Is there another try, where, and after which pause? There is none before another provider is asked. */
struct gen_retry_verdict gen_retry_judge(const struct gen_retry_policy *policy,
                                         const struct gen_retry_case *it, uint32_t draw);

/* An attempt that may have been bought and of which nobody knows: wait for a person, or accept
 * the risk of buying it again? `today`: what was accepted at this provider since midnight. */
enum gen_doubt gen_retry_doubt(const struct gen_retry_policy *policy, const char *provider,
                               gen_micros price, gen_micros today);

/* ---- fixed */

/* The pause before a free request is repeated for the nth time: doubles from 1 s to 60 s, with the
 * upper half drawn. */
int64_t gen_retry_free_pause(int32_t failures, uint32_t draw);

#endif
