/* cases.h - shots that a model says it can render, as questions to its plugin.
 *
 * Made of the plugin's own capabilities: what it lists it must take.
 *
 * Thread: one. Tests: tests/contract/trial_test.sh
 */
#ifndef GEN_TESTKIT_CASES_H
#define GEN_TESTKIT_CASES_H

#include "sample.h"

struct trial_case {
    const char *name;     /* "1280x720, 5 s" */
    struct sample sample; /* its shot is not formatted yet */
    struct gen_task task;
    bool listed; /* size and duration stand in the model's lists: nothing is to be adjusted */
};

enum { CASES_MOST = 24 };

/* Fills at most CASES_MOST cases in `arena`; 0 = no memory. */
size_t cases_of(const struct gen_model *model, struct gen_arena *arena, struct trial_case *out);

/* The same of shots that a brief may hold and the model perhaps does not take. */
size_t cases_odd(const struct gen_model *model, struct gen_arena *arena, struct trial_case *out);

/* One case from a recording's `scene` (a map of brief keys; NULL = a plain one) and size. */
bool cases_recorded(const struct gen_model *model, const struct gen_node *recording,
                    struct gen_arena *arena, struct trial_case *out, struct gen_error *err);

#endif
