/* horizon.h - a pipeline of an open job as people ask about it: what goes on, how far it is, when it will be
 * done.
 *
 * Measured where the provider says how far it is, estimated from how long others took where it does not. It
 * is NOT what decides anything: the machine never looks here.
 * Invariant: what is told of a pipeline's progress never goes back, not with another attempt, nor
 * from measured to estimated, nor over a restart as far as the store has it.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/horizon_test.c
 */
#ifndef GEN_ENGINE_HORIZON_H
#define GEN_ENGINE_HORIZON_H

#include "engine/open_job.h"

/* Of a job that is open (its id); of another one it says nothing (all zero). Remembers what it told. */
void gen_horizon_look(const struct gen_open_owner *owner, const char *job, size_t pipeline,
                      gen_moment now, struct gen_horizon *out);

#endif
