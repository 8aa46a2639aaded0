/* answers.h - what a provider may answer on a bad day, and what a recorded answer looks like damaged.
 *
 * Thread: one. Tests: tests/contract/trial_test.sh
 */
#ifndef GEN_TESTKIT_ANSWERS_H
#define GEN_TESTKIT_ANSWERS_H

#include "base/node.h"
#include "host/step.h"

#include <stdbool.h>

/* Hostile answers, by number; `ran`: of a program, else of a server. false: no memory. */
size_t answers_count(bool ran);
const char *answers_name(bool ran, size_t index);
bool answers_hostile(bool ran, size_t index, struct gen_arena *arena, struct gen_reply *out);

/* The answer of a recording's turn; false when the turn has none. */
bool answers_recorded(const struct gen_node *answer, struct gen_arena *arena,
                      struct gen_reply *out);

/* The same answer with something wrong in it. */
size_t answers_damages(void);
const char *answers_damage_name(size_t index);
bool answers_damaged(size_t index, const struct gen_reply *recorded, struct gen_arena *arena,
                     struct gen_reply *out);

#endif
