/* recover.h - a submission of unknown fate: what became of it, and what to do about it.
 *
 * Never blindly repeated. In this order: ask the provider by our reference where it has a way, for
 * as long as patience.h says before it is believed that nothing was bought; submit again under the
 * same reference where the provider is known to honour it; else a person decides. The reservation
 * stays all the while. A job that is cancelled meanwhile is asked for, too, but not submitted again.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/machine_test.c
 */
#ifndef GEN_ENGINE_RECOVER_H
#define GEN_ENGINE_RECOVER_H

#include "engine/settle.h"

/* The attempt's fate is unknown from now on, or still; `reason` says why. Starts what can be done. */
void gen_recover_begin(struct gen_turn *turn, const char *reason);

/* The same where nothing but the answer is missing. What the plugin keeps of its order so far is
 * kept for a repetition: it must name the same uploads, or it is another order under the same key. */
void gen_recover_lost(struct gen_turn *turn, const char *reason);

/* The same for an attempt that was ambiguous already before a restart, or whose pause is over. */
void gen_recover_go_on(struct gen_turn *turn);

/* Its provider has it, under the handle of this step: the attempt takes it, in the same changes, and is
 * polled once that is durable. A handle is one attempt's: the store refuses another one's. */
void gen_recover_accepted(struct gen_turn *turn);

/* Refused: the provider answered with another attempt's. What this one bought has an end that nobody
 * knows: it is asked for by our reference where the provider has a way, else a person decides. */
void gen_recover_stranger(struct gen_turn *turn);

/* The recover verb answered. */
void gen_recover_step(struct gen_turn *turn);

/* The recover verb got no answer, or none that its plugin understands: asks again after a pause, and
 * after many times a person. In a pipeline that is being brought to its end the window ends it. */
void gen_recover_stumbled(struct gen_turn *turn, const char *reason);

/* Only a person can decide, unless retry.yaml accepts the risk (`ambiguous`): then the attempt is
 * booked as unverified and followed by another. Else says so on the pipeline and leaves the lane. A
 * pipeline that is being brought to its end asks nobody: the attempt is booked as unverified in the
 * same turn. */
void gen_recover_ask_person(struct gen_turn *turn, const char *reason);

enum { GEN_POLL_MOST_FAILURES = 30 }; /* fetches in a row, before a person is told */

/* Does the shot's attempt wait for a person? */
bool gen_recover_needs_person(const struct gen_shot *shot);

#endif
