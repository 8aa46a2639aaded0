/* selection.h - which model makes which variation, and why: hard limits first, then the order of what
 * is left.
 *
 * Pure. Prices come in with the candidates; nothing is reserved here.
 *
 * Thread: [any]. Floor: decide. Tests: tests/unit/decide/selection_test.c
 */
#ifndef GEN_DECIDE_SELECTION_H
#define GEN_DECIDE_SELECTION_H

#include "base/node.h"
#include "decide/complexity.h"

struct gen_candidate {
    const struct gen_model *model;
    size_t variation;       /* index in the brief */
    const char *rejection;  /* one sentence, NULL = it can do it */
    uint32_t unmet;         /* needs it does not meet: possible, but with less */
    gen_micros price, most; /* of all its shots, where not rejected */
    bool exact;
    const char *basis;
    void *plan; /* the caller's own */
};

/* One sentence why `model` cannot make this variation at all, in `arena`; NULL when it can. */
const char *gen_selection_limit(const struct gen_brief *brief, size_t variation,
                                const struct gen_model *model, struct gen_arena *arena);

/* Negative when `a` is the better one: fewer unmet needs; the tier the storyboard asks for; the
 * lower price; the higher declared quality; then by name, so that the order never wavers. */
int gen_selection_compare(const struct gen_candidate *a, const struct gen_candidate *b,
                          int32_t tier);

/* The product's `routing` object. `chosen` has one candidate a variation. */
struct gen_node *gen_selection_explain(const struct gen_brief *brief,
                                       const struct gen_complexity *complexity,
                                       const struct gen_candidate *all, size_t count,
                                       const struct gen_candidate *const *chosen,
                                       struct gen_arena *arena);

#endif
