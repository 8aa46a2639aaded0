/* machine.h - the engine's core: step(job, input) -> changes and effects. Pure.
 *
 * It knows no disk, network, process or clock: an input says what happened and when, the changes
 * are what must be durable, the effects what is to be done once they are. The shell (engine.c) and
 * the simulation drive the same function.
 * Invariants: effects are released only after the changes of their turn are durable; a job in
 * memory is never ahead of the store by more than turns that are on their way there; every input
 * may come late, twice or for something that is over, and then does nothing.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/machine_test.c, tests/simulation
 */
#ifndef GEN_ENGINE_MACHINE_H
#define GEN_ENGINE_MACHINE_H

#include "engine/turn.h"

/* `turn` carries job, input, random, retry, empty changes and an arena; effects come out. */
void gen_machine_step(struct gen_turn *turn);

#endif
