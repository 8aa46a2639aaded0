/* promise.h - shots that wait for others: what they were promised is made, and they begin.
 *
 * A slice that goes on from another needs its last frame; a finishing shot needs the footage of the
 * scenes. Both are made of settled clips only, and are durable before the shot begins, so that each try
 * at it, and each restart, finds the same files.
 * Invariant: a shot that was promised something stays reserved, outside the lanes, until it is there.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/promise_test.c
 */
#ifndef GEN_ENGINE_PROMISE_H
#define GEN_ENGINE_PROMISE_H

#include "engine/settle.h"

/* Asks for what the shot was promised, once all that it waits for is settled. */
void gen_promise_keep(struct gen_turn *turn, struct gen_pipeline *pipeline, struct gen_shot *shot);

/* The input SUPPLIED: it is there, or it cannot be made. */
void gen_promise_kept(struct gen_turn *turn);

#endif
