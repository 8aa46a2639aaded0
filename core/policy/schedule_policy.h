/* schedule_policy.h - schedule.yaml: who goes first, how many at once, and when it is cheap.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_set_test.c
 */
#ifndef GEN_POLICY_SCHEDULE_POLICY_H
#define GEN_POLICY_SCHEDULE_POLICY_H

#include "base/record.h"

enum gen_fair { GEN_FAIR_ORGANIZATION = 1, GEN_FAIR_PROJECT, GEN_FAIR_USER, GEN_FAIR_NONE };

struct gen_schedule_parallel { /* generations at once; 0 = no bound */
    int64_t organization, project, user, job, provider;
};

struct gen_schedule_priority {
    struct gen_named named; /* low, normal, high */
    double weight;          /* share of places relative to the others */
    int64_t aging_ms;       /* waiting this long lifts it by one; 0 = never */
};

struct gen_schedule_share {
    struct gen_named named; /* id of an organization, project or user */
    double weight;          /* 1 is everybody else's */
};

struct gen_schedule_fairness {
    int by;                    /* enum gen_fair */
    struct gen_records shares; /* struct gen_schedule_share */
};

struct gen_schedule_window {
    struct gen_named named;
    struct gen_texts days;          /* mon .. sun; empty = every day; the day it begins */
    const char *from, *to;          /* "20:00"; `to` before `from` ends on the next day */
    struct gen_texts providers;     /* empty = all */
    struct gen_formula defer;       /* gen_domain_guard: jobs that wait for it; absent = none */
    int64_t from_minute, to_minute; /* filled in by the check */
    uint32_t day_bits;              /* bit 0 = Monday */
};

struct gen_schedule_batching {
    bool enabled;
    int64_t most;        /* shots in a batch */
    int64_t wait_ms;     /* a shot waits at most so long for others */
    double least_saving; /* share of the price under which it is not worth it */
};

struct gen_schedule_policy {
    const char *time_zone; /* of the windows */
    struct gen_schedule_parallel parallel;
    struct gen_records priorities; /* struct gen_schedule_priority */
    struct gen_schedule_fairness fairness;
    struct gen_records off_peak; /* struct gen_schedule_window */
    struct gen_schedule_batching batching;
};

extern const struct gen_record gen_schedule_record;
extern const struct gen_choice gen_fair_choices[], gen_day_choices[];

enum { GEN_SCHEDULE_TIME = 5 }; /* bytes of "20:30" */

/* The first five bytes of `text`, "20:30", in minutes; -1 when they are no time of day. */
int64_t gen_schedule_minutes(const char *text);

/* Is a moment that is `minute` minutes into `day` (0 = Monday), local to time_zone, in the window? */
bool gen_schedule_window_holds(const struct gen_schedule_window *window, int day, int minute);

#endif
