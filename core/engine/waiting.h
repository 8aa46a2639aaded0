/* waiting.h - who waits for a place at a provider, where in the queue, and what else holds him up.
 *
 * It only looks at the open jobs and their lanes.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/lanes_test.c
 */
#ifndef GEN_ENGINE_WAITING_H
#define GEN_ENGINE_WAITING_H

#include "engine/open_job.h"

/* Place of a pipeline's first waiting shot, 1 = next; 0 = none waits, or the job is not open. */
size_t gen_waiting_position(const struct gen_open_owner *owner, const char *job, size_t pipeline);

/* What time holds up a pipeline at `now`, till when and at whom; gen_lanes_held. */
enum gen_lanes_hold gen_waiting_held(const struct gen_open_owner *owner, const char *job,
                                     size_t pipeline, gen_moment now, gen_moment *until,
                                     const char **provider);

#endif
