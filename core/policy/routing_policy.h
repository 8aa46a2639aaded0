/* routing_policy.h - routing.yaml: tiers, complexity signals, scores, strategies and rules.
 *
 * Invariant (of a loaded set): every name that is referred to exists, `extends` is resolved, scores form
 * no cycle, formulas are compiled and give what is asked of them.
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_ROUTING_POLICY_H
#define GEN_POLICY_ROUTING_POLICY_H

#include "base/record.h"

struct gen_routing_tier {   /* in rising order of `from` */
    struct gen_named named; /* "simple" */
    int64_t tier;           /* 1 .. 3 */
    double from;            /* least complexity */
    const char *baseline;   /* "runway/gen4.5": what savings are measured against; NULL */
    const char *help;
};

struct gen_routing_signal {
    struct gen_named named;   /* "presenter" */
    struct gen_formula value; /* gen_domain_signal; times weight is its share of the complexity */
    double weight;
    double most; /* the share never grows beyond it; 0 = no bound */
    const char *help;
};

struct gen_routing_complexity {
    double base, least, most;   /* score = clamp(base + shares, least, most) */
    struct gen_records signals; /* struct gen_routing_signal */
};

struct gen_routing_score { /* higher is better */
    struct gen_named named;
    struct gen_formula formula; /* gen_domain_score */
    const char *help;
};

enum gen_keep { GEN_KEEP_ALL = 1, GEN_KEEP_FIRST };
enum gen_unit { GEN_UNIT_JOB = 1, GEN_UNIT_SCENE };
enum gen_unmet { GEN_UNMET_REJECT = 1, GEN_UNMET_LAST, GEN_UNMET_ACCEPT };
enum gen_tie { GEN_TIE_CHEAPER = 1, GEN_TIE_FASTER, GEN_TIE_BETTER, GEN_TIE_IDLER, GEN_TIE_NAME };

struct gen_routing_strategy {
    struct gen_named named;
    const char *extends; /* already resolved */
    const char *score;   /* name in scores */
    int64_t parallel;    /* models at once for each video */
    int keep;  /* enum gen_keep: with parallel > 1, all outputs, or the first that is good */
    int unit;  /* enum gen_unit: one model for the job, or one for each scene */
    int unmet; /* enum gen_unmet: a model that lacks a need */
    int64_t tiers_below, tiers_above; /* how far from the tier asked for a model may be */
    double least_quality;             /* expected, 0 = any */
    double least_reliability;         /* expected, 0 = any */
    bool distinct_providers;          /* parallel models come from different providers */
    struct gen_texts tie_breaks;      /* words of gen_tie_choices, first decides first */
    const char *help;
    size_t score_index; /* of `score` in scores; filled in at load */
};

struct gen_routing_match {    /* both: a model that fits one of the patterns and the condition */
    struct gen_texts models;  /* "runway", "runway/gen4.5", "veo/veo-3.1-*", "*"; empty = any */
    struct gen_formula where; /* gen_domain_where; absent = any */
};

struct gen_routing_rule {
    struct gen_named named;
    struct gen_formula when;                           /* gen_domain_guard; absent = always */
    struct gen_routing_match prefer, require, exclude; /* in use where has_... */
    bool has_prefer, has_require, has_exclude;
    double weight;        /* the score of preferred models is multiplied by it */
    const char *strategy; /* used where the brief names none; NULL */
    const char *reason;   /* for people */
    bool enabled;
};

enum gen_reuse_when { GEN_REUSE_WHEN_ASKED = 1, GEN_REUSE_WHEN_ALWAYS, GEN_REUSE_WHEN_NEVER };

struct gen_routing_reuse { /* of clips that were made to the very same order */
    int when;              /* enum gen_reuse_when */
    int64_t days;          /* older ones are forgotten */
};

struct gen_routing {
    const char *strategy;                                /* default */
    struct gen_records tiers, scores, strategies, rules; /* the structs above; rules in order */
    struct gen_routing_complexity complexity;
    struct gen_texts tie_breaks;
    struct gen_routing_reuse reuse;
    const size_t *score_order; /* indexes of scores, those that others name first; at load */
};

extern const struct gen_record gen_routing_record;
extern const struct gen_choice gen_keep_choices[], gen_unit_choices[], gen_unmet_choices[],
    gen_tie_choices[], gen_reuse_when_choices[];

/* Borrowed; NULL when there is none. */
const struct gen_routing_strategy *gen_routing_strategy_of(const struct gen_routing *routing,
                                                           const char *name);
const struct gen_routing_tier *gen_routing_tier_of(const struct gen_routing *routing,
                                                   double complexity);

/* Does "provider/model" fit one of the patterns? */
bool gen_routing_pattern_fits(const char *pattern, const char *provider, const char *model);
bool gen_routing_patterns_fit(const struct gen_texts *patterns, const char *provider,
                              const char *model); /* false when empty */

#endif
