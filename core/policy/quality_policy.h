/* quality_policy.h - quality.yaml: what the one number of a result is made of, and what follows from it.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_QUALITY_POLICY_H
#define GEN_POLICY_QUALITY_POLICY_H

#include "base/record.h"

enum gen_verdict {
    GEN_VERDICT_WARN = 1,
    GEN_VERDICT_REVIEW,
    GEN_VERDICT_REGENERATE,
    GEN_VERDICT_REJECT
};
enum gen_profile { GEN_PROFILE_FAST = 1, GEN_PROFILE_STANDARD, GEN_PROFILE_FULL };
enum gen_where_next { GEN_NEXT_SAME = 1, GEN_NEXT_OTHER };

struct gen_quality_weight {
    struct gen_named named; /* of gen_quality_scores */
    double weight;
};

struct gen_quality_thresholds { /* of the one number */
    double accept;              /* at least: good */
    double
        regenerate; /* below accept and at least this: made anew where allowed; lower: rejected */
};

struct gen_quality_rule {
    struct gen_named named;
    struct gen_formula
        when;    /* gen_domain_output; a rule about what was not assessed does not fire */
    int verdict; /* enum gen_verdict; the gravest of those that fire stands */
    const char *reason;
};

struct gen_quality_regenerate {
    int64_t most;      /* times for one output */
    double cost_share; /* of the job's estimate; 0 = no bound */
    int next;          /* enum gen_where_next: where */
};

struct gen_quality_policy {
    int profile;  /* enum gen_profile */
    double power; /* of the mean: -2 lets one bad score drag the whole, 1 is the plain mean */
    struct gen_records weights; /* struct gen_quality_weight */
    struct gen_quality_thresholds thresholds;
    struct gen_records rules; /* struct gen_quality_rule */
    struct gen_quality_regenerate regenerate;
};

extern const struct gen_record gen_quality_record;
extern const struct gen_choice gen_verdict_choices[], gen_profile_choices[],
    gen_where_next_choices[];
extern const struct gen_choice gen_quality_scores[]; /* compression, sharpness, ... */

/* The weighted power mean of the scores (0..10, NAN = not assessed, in the order of
 * gen_quality_scores); NAN when none was assessed. Scores count at least 0.3. */
double gen_quality_number(const struct gen_quality_policy *policy, const double *scores);

#endif
