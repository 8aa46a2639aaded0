/* demand.h - how demanding a storyboard is, by the signals of routing.yaml, and what each of
 * them adds.
 *
 * complexity = clamp(base + the sum of value * weight, least, most), rounded to one decimal;
 * the tier follows from it. A signal whose formula has a fault adds nothing, and the fault is
 * kept.
 *
 * Thread: that of the policy set's formulas. Floor: decide. Tests: tests/unit/decide/demand_test.c
 */
#ifndef GEN_DECIDE_DEMAND_H
#define GEN_DECIDE_DEMAND_H

#include "decide/portrait.h"

struct gen_signal_share { /* a row for each signal of routing.yaml */
    const char *name;
    double value, share; /* what was measured; what it adds */
    const char *fault;   /* NULL */
};

struct gen_demand {
    double score; /* complexity, 1.0 .. 10.0 */
    int32_t tier;
    uint32_t needs; /* bits of enum gen_needs */
    const struct gen_signal_share *shares;
    size_t share_count;
};

/* Of the whole job; fills the facts of the scenes (each measured alone) and of the job with it. */
void gen_demand_measure(struct gen_portrait *portrait, struct gen_demand *out);

/* Of a scene, as gen_demand_measure left it in the portrait. */
int32_t gen_demand_scene_tier(const struct gen_portrait *portrait, size_t scene);

#endif
