/* brand_policy.h - brands/NAME.yaml: what a brand looks like, says and never says.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_BRAND_POLICY_H
#define GEN_POLICY_BRAND_POLICY_H

#include "base/record.h"

struct gen_brand_colour {
    struct gen_named named; /* "primary" */
    const char *value;      /* "#rrggbb" */
    double least_area;      /* share of the picture that must show it; 0 = may be absent */
};

struct gen_brand_match { /* Delta E 2000 */
    double match, warn;  /* at most: matches; at most: a warning; above: fails */
};

struct gen_brand_logo {
    const char *file;
    struct gen_texts variants;
    double least_width;   /* share of the picture's width */
    double clear_space;   /* share of the logo's height */
    double least_seconds; /* on screen */
    const char *corner;   /* top-left ... ; NULL = anywhere */
};

struct gen_brand_copy {
    struct gen_texts required;  /* words that must be readable */
    struct gen_texts forbidden; /* words that must not be said or shown */
    const char *legal;
    double legal_seconds;
};

struct gen_brand_voice {
    const char *tone, *voice, *language;
};

struct gen_brand_profile {
    const char *id, *name;      /* id = name of the file */
    struct gen_records colours; /* struct gen_brand_colour */
    struct gen_brand_match tolerance;
    struct gen_texts fonts;
    struct gen_brand_logo logo;
    struct gen_brand_copy copy;
    struct gen_brand_voice voice;
    struct gen_texts models, exclude; /* patterns: only these, never these */
    struct gen_texts deliver;         /* delivery specs */
    double least_quality;             /* of the one number; 0 = what quality.yaml says */
};

extern const struct gen_record gen_brand_policy_record;

#endif
