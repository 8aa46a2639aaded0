/* retry_policy.h - retry.yaml: who gets another try, when, where, and what a doubtful order costs.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_RETRY_POLICY_H
#define GEN_POLICY_RETRY_POLICY_H

#include "base/record.h"
#include "model/failure.h"

enum gen_jitter { GEN_JITTER_FULL = 1, GEN_JITTER_HALF, GEN_JITTER_NONE };
enum gen_doubt { GEN_DOUBT_WAIT = 1, GEN_DOUBT_ACCEPT };

struct gen_retry_kind {
    struct gen_named named; /* word of a failure; "default" for those not named */
    int64_t retries;        /* of one shot, after the first attempt */
    int64_t rebuys;         /* of these, after attempts that were, or may have been, billed */
    int64_t first_pause_ms, most_pause_ms; /* upper ends */
    double factor;                         /* the upper end grows by it */
    int jitter;                            /* enum gen_jitter: what is drawn */
    int64_t switch_after; /* failures in a row before another provider is taken; 0 = never */
    bool honour_wait;     /* a longer pause that the provider asks for is kept */
};

struct gen_retry_job { /* allowances of single shots never add up beyond these */
    int64_t retries;
    int64_t time_ms;   /* since admission; 0 = no bound */
    double cost_share; /* money for retries over the estimate; 0 = no bound */
};

struct gen_retry_concession {
    struct gen_named named;
    struct gen_formula when; /* gen_domain_failure */
    struct gen_texts allow;  /* words of gen_concession_choices */
};

struct gen_retry_doubt_of { /* for one provider */
    struct gen_named named;
    int action;      /* enum gen_doubt */
    gen_micros most; /* accept: of one attempt */
    gen_micros most_a_day;
};

struct gen_retry_doubt {
    int action;
    int64_t window_ms;            /* "no such job" is believed after this time of looking ... */
    int64_t looks;                /* ... and after so many looks */
    struct gen_records providers; /* struct gen_retry_doubt_of */
};

struct gen_retry_patience { /* see engine/patience.h */
    int64_t submit_ms, verdict_ms, fetch_ms, cancel_ms, slow_ms, asset_ms;
};

enum gen_concession {
    GEN_CONCESSION_TIER = 1,
    GEN_CONCESSION_RESOLUTION,
    GEN_CONCESSION_QUALITY,
    GEN_CONCESSION_MODELS,
    GEN_CONCESSION_PAUSES,
};

struct gen_retry_policy {
    struct gen_records kinds; /* struct gen_retry_kind */
    struct gen_retry_job job;
    struct gen_records concessions; /* struct gen_retry_concession: what urgency may degrade */
    struct gen_retry_doubt ambiguous;
    struct gen_retry_patience patience;
    /* By failure, every one filled in at load; borrowed from kinds. */
    const struct gen_retry_kind *by_failure[GEN_FAILURE_OUTPUT + 1];
};

extern const struct gen_record gen_retry_record;
extern const struct gen_choice gen_jitter_choices[], gen_doubt_choices[], gen_concession_choices[];

#endif
