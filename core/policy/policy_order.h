/* policy_order.h - chains of names inside one policy file: who extends whom, which score names which. A chain
 * must not bite its tail.
 *
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_order_test.c
 */
#ifndef GEN_POLICY_POLICY_ORDER_H
#define GEN_POLICY_POLICY_ORDER_H

#include "policy/policy_problem.h"
#include "policy/routing_policy.h"

/* A copy of `root` in which each map under `list` (a map of names) that has `extends` holds the keys of
 * the one it names too, but for `extends` and `help`. Unknown names and cycles become problems, placed in
 * `file`. NULL when the arena has failed. */
const struct gen_node *gen_policy_order_extend(const struct gen_node *root, const char *list,
                                               const char *file, struct gen_arena *arena,
                                               struct gen_policy_problems *problems);

/* Puts the scores in an order in which each comes after those that it names; a cycle is a problem. The
 * formulas are compiled; one without a program names nobody. NULL when there was a problem, or no memory. */
const size_t *gen_policy_order_scores(const struct gen_routing *routing, const char *file,
                                      struct gen_arena *arena,
                                      struct gen_policy_problems *problems);

#endif
