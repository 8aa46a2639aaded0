/* concession.h - what urgency may degrade after a failure, by the conditions of retry.yaml.
 *
 * Nothing is given up that no rule allows. What follows from a concession is the engine's.
 *
 * Thread: that of the policy set's formulas. Floor: decide.
 * Tests: tests/unit/decide/concession_test.c
 */
#ifndef GEN_DECIDE_CONCESSION_H
#define GEN_DECIDE_CONCESSION_H

#include "decide/contest.h"

struct gen_concession_case { /* the attempt that has just failed */
    enum gen_failure failure;
    const char *provider, *model; /* "runway", "gen4.5" */
    int32_t attempts, on_provider, job_retries;
    bool billed;
    gen_micros price;
    int64_t job_age_ms;
};

struct gen_concessions {
    uint32_t allowed;  /* bits 1 << enum gen_concession */
    const char *rule;  /* the last that allowed something; NULL; borrowed from the policy */
    const char *fault; /* of a condition, which then does not hold; in the arena; NULL */
};

/* The question is the job's, with a snapshot of now. GEN_ENOMEM, GEN_ELIMIT as
 * gen_decision_make. */
GEN_MUST_CHECK enum gen_status gen_concession_decide(const struct gen_question *question,
                                                     const struct gen_concession_case *it,
                                                     struct gen_arena *arena,
                                                     struct gen_concessions *out,
                                                     struct gen_error *err);

#endif
