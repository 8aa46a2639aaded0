/* delivery_policy.h - delivery/NAME.yaml: what a platform takes, `deliver: [NAME]` in a brief.
 *
 * Platforms change these silently, so each file says where its facts come from and when they were
 * looked at, and a rejection repeats it.
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_DELIVERY_POLICY_H
#define GEN_POLICY_DELIVERY_POLICY_H

#include "base/record.h"

enum gen_severity { GEN_SEVERITY_INFO = 1, GEN_SEVERITY_WARN, GEN_SEVERITY_REJECT };
enum gen_taking { GEN_TAKING_ALLOW = 1, GEN_TAKING_PREFER, GEN_TAKING_FORBID, GEN_TAKING_REQUIRE };
enum gen_trust { GEN_TRUST_A = 1, GEN_TRUST_B };

struct gen_delivery_source {
    const char *url, *date; /* date as the page gives it: "2024-10", "undated" */
    int trust;              /* enum gen_trust */
};

struct gen_delivery_range { /* 0 = no bound on that side */
    double min, max;
    struct gen_numbers any_of; /* exactly one of these (within `tolerance`); empty = any */
    double tolerance;
    struct gen_numbers recommended; /* one value, or from and to */
    int severity;                   /* enum gen_severity; 0 = the file's */
};

struct gen_delivery_shape {
    const char *ratio; /* "9:16" */
    double tolerance;
    const char *least, *most; /* "540x960"; NULL */
    bool recommended;
};

struct gen_delivery_container {
    struct gen_texts any_of;    /* mp4, mov, ... */
    int fast_start, edit_lists; /* enum gen_taking */
};

struct gen_delivery_video {
    struct gen_texts codecs, pixel_formats;
    int interlaced, bars, variable_rate; /* enum gen_taking */
    struct gen_delivery_range frame_rate;
    struct gen_records shapes; /* struct gen_delivery_shape; one must fit */
    struct gen_delivery_range kbps;
};

struct gen_delivery_audio {
    int present; /* enum gen_taking */
    int silent;
    struct gen_texts codecs;
    struct gen_delivery_range channels, kbps, sample_rate;
};

struct gen_delivery_loudness {
    const char *preset; /* social, snap, ebu-r128, atsc-a85; fills in what is not given */
    double target, tolerance, true_peak; /* LUFS, LU, dBTP */
    int severity;
};

struct gen_delivery_zone { /* kept free, as shares of width and height */
    double top, bottom, left, right;
    const char *mask; /* picture; NULL */
    int severity;
};

struct gen_delivery_disclosure {
    int label, metadata; /* enum gen_taking */
    const char *note;
};

struct gen_delivery_policy {
    const char *id, *name, *version, *platform, *placement; /* id = name of the file */
    struct gen_records sources;                             /* struct gen_delivery_source */
    const char *checked_on;                                 /* "2026-11-22" */
    int severity; /* enum gen_severity, where a rule names none */
    struct gen_delivery_container container;
    struct gen_delivery_video video;
    struct gen_delivery_audio audio;
    struct gen_delivery_range duration; /* seconds */
    struct gen_delivery_range size;     /* bytes */
    struct gen_delivery_loudness loudness;
    struct gen_delivery_zone safe_zone;
    struct gen_delivery_disclosure disclosure;
    struct gen_texts notes;
};

extern const struct gen_record gen_delivery_record;
extern const struct gen_choice gen_severity_choices[], gen_taking_choices[], gen_trust_choices[],
    gen_loudness_choices[];

#endif
