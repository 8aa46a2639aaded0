/* overrule.h - what people decide about a job: let it rest, let it go on, try again what failed, say what
 * became of an order that nobody could find out about.
 *
 * Each is an input of the machine with its actor and reason, so that it is durable, in the event log, and
 * bound by the same table of moves as everything else: nobody can have an order made twice, or money
 * forgotten.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/overrule_test.c
 */
#ifndef GEN_ENGINE_OVERRULE_H
#define GEN_ENGINE_OVERRULE_H

#include "engine/recover.h"

/* Nothing new is ordered for the job; what providers have begun is followed and fetched. It keeps its
 * money. Again is nothing. */
void gen_overrule_pause(struct gen_turn *turn);
void gen_overrule_resume(struct gen_turn *turn);

/* One more attempt for each shot that failed, also when the job is over: its videos that failed are made
 * again, what was finished of them is kept, and money is held anew. A retry that waits for its pause, or a
 * clip that is slow to come, is tried at once. With a model, what is not ordered yet goes there, too.
 * All of it or, with input->answer, nothing: GEN_ECONFLICT (nothing has failed, it was cancelled),
 * GEN_ENOTFOUND (the model cannot make it). */
void gen_overrule_retry(struct gen_turn *turn);

/* The shot's ambiguous attempt: never bought (it is tried again as after any failure), lost (charged, and
 * tried again as the policy allows), or to be followed under the handle that somebody has found.
 * input->answer: GEN_ECONFLICT when nobody is in doubt about it. */
void gen_overrule_resolve(struct gen_turn *turn);

#endif
