/* submit.h - the submit stage: from reserved money to a remote handle.
 *
 * `submitting` is durable before a request that costs money leaves, and an attempt sends at most
 * one such request (again only under the same reference where the provider honours it).
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/machine_test.c
 */
#ifndef GEN_ENGINE_SUBMIT_H
#define GEN_ENGINE_SUBMIT_H

#include "engine/recover.h"

void gen_submit_step(struct gen_turn *turn);       /* the submit verb answered with a step */
void gen_submit_unanswered(struct gen_turn *turn); /* its request got no answer */
void gen_submit_defect(struct gen_turn *turn);     /* its plugin refused or broke the contract */

#endif
