/* sweep.h - removes uploaded files that no job has used for long: the event, the row, then the blob.
 *
 * A brief that was refused, or a client that died between its upload and its job, leaves files
 * behind; nobody will ask for them again. It goes on in small parts, so that nothing waits for it.
 * Invariants: what a job names, or what was sent within the time of patience.h, stays; a file goes
 * only after it is durable that nothing names it.
 *
 * Thread: [loop]; files are removed on the worker pool. Floor: engine.
 * Tests: tests/unit/engine/sweep_test.c
 */
#ifndef GEN_ENGINE_SWEEP_H
#define GEN_ENGINE_SWEEP_H

#include "engine/terms.h"

struct gen_sweep;

/* Begins; the first part comes after a minute. `options` is borrowed for its life. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_sweep_create(const struct gen_engine_options *options,
                                                struct gen_sweep **out, struct gen_error *err);
/* Nothing more is begun; what is under way ends while the loop turns. NULL is allowed. */
void gen_sweep_destroy(struct gen_sweep *sweep);

/* Begins a part now, unless one is under way. */
void gen_sweep_now(struct gen_sweep *sweep);
bool gen_sweep_resting(const struct gen_sweep *sweep); /* nothing is under way */

#endif
