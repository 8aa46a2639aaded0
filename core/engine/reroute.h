/* reroute.h - another provider for a shot that has failed where it was: the policies in force,
 * asked again about this shot alone, with what is left of the job's time and money.
 *
 * Who failed on the shot is out (unless the turn's input names the model), as is whoever is not
 * ready or cannot make this very shot in one call (its length, the picture it starts from, its
 * voice). It NEVER decides that a shot moves (decide/retry.h does) and changes nothing: the machine
 * carries it out (engine/settle.c). Invariant: what it answers costs, at most, what is left of the
 * job's budget and of every limit.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/reroute_test.c
 */
#ifndef GEN_ENGINE_REROUTE_H
#define GEN_ENGINE_REROUTE_H

#include "engine/open_job.h"

/* A gen_elsewhere_call; `context` is the struct gen_open_job of the job. GEN_ENOTFOUND; also GEN_ENOMEM
 * and the store's statuses, which mean the same to the shot. */
gen_elsewhere_call gen_reroute_find;

#endif
