/* policy_guards.h - which facts an expression reads although they may not be there, and nobody asks first.
 *
 * A fact is guarded where the expression only matters if it is there: has(x) in the same chain of &&,
 * !has(x) in the same chain of ||, has(x) before "?", "k" in m for m.k; x.?y needs no guard. Operators
 * absorb faults, so the order in a chain does not matter.
 * It is NOT the checker: types and names are right already.
 *
 * Invariant: what it does not name can be read whenever it is read, or the fault is absorbed.
 * Thread: [any]. Floor: policy. Tests: tests/unit/policy/policy_guards_test.c
 */
#ifndef GEN_POLICY_POLICY_GUARDS_H
#define GEN_POLICY_POLICY_GUARDS_H

#include "policy/policy_facts.h"

enum { GEN_POLICY_GUARDS_MOST = 64 }; /* facts of one expression that are looked at */

struct gen_policy_gap { /* each fact once, at its first such place */
    const char *fact;   /* "job.deadlineIn"; in the arena */
    uint32_t offset;    /* byte in the expression */
};

/* `text` is an expression that compiles with these variables. `gaps` has room for GEN_POLICY_GUARDS_MOST.
 * GEN_ENOMEM; what the compiler would refuse is refused alike. */
GEN_MUST_CHECK enum gen_status gen_policy_guards_find(const char *text, size_t size,
                                                      const struct gen_variable *variables,
                                                      struct gen_arena *arena,
                                                      struct gen_policy_gap *gaps, size_t *count,
                                                      struct gen_error *err);

/* The fact that is read at a byte of an expression, "job.deadlineIn"; NULL: none is, or no memory. */
const char *gen_policy_guards_fact(const char *text, size_t size, uint32_t offset,
                                   struct gen_arena *arena);

#endif
