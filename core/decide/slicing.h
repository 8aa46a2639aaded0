/* slicing.h - a scene that a model cannot render in one call: which calls make it.
 *
 * Fewest calls first, then the least that is rendered and not shown. The parts are shown one after the
 * other without a gap; what a call renders beyond its part is trimmed.
 * Invariant: the parts shown add up to the scene; none is longer than what is ordered for it.
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/slicing_test.c
 */
#ifndef GEN_DECIDE_SLICING_H
#define GEN_DECIDE_SLICING_H

#include "model/registry.h"

enum { GEN_SLICING_MOST = 64 }; /* slices of one scene */

struct gen_slice {
    int64_t from_ms, shown_ms; /* of the scene */
    int64_t ordered_ms;        /* a length that the model renders */
};

/* Fills `out` and returns how many; 0: it would take more than GEN_SLICING_MOST. The durations of the
 * model are in no order. */
size_t gen_slicing_plan(const struct gen_model *model, int64_t scene_ms,
                        struct gen_slice out[GEN_SLICING_MOST]);

#endif
