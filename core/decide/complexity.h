/* complexity.h - how demanding a storyboard is, from 1 to 10, and what a model must be able to do.
 *
 * From structured facts of the brief only: who is seen, what is spoken, what is supplied, how long,
 * how large. Each signal's share is kept, so that the number can be explained.
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/complexity_test.c
 */
#ifndef GEN_DECIDE_COMPLEXITY_H
#define GEN_DECIDE_COMPLEXITY_H

#include "model/brief.h"
#include "model/registry.h"

enum { GEN_COMPLEXITY_SIGNALS = 8 };

struct gen_complexity {
    double score;   /* 1.0 .. 10.0, one decimal */
    int32_t tier;   /* 1 below 4, 2 below 7, else 3 */
    uint32_t needs; /* bits of enum gen_needs */
    struct {
        const char *name;              /* "presenter" */
        double share;                  /* what it adds to the score */
    } signals[GEN_COMPLEXITY_SIGNALS]; /* those that add something, name NULL ends */
};

void gen_complexity_of(const struct gen_brief *brief, struct gen_complexity *out);

#endif
