/* revoke.h - brings the attempt of a shot to an end that is not its own: its job was cancelled, or
 * its pipeline cannot succeed any more.
 *
 * Nothing that may have been bought is forgotten: what runs at a provider is cancelled there where
 * that is possible, else followed to its verdict and settled late. What may run there is looked for
 * first, where the provider can be asked, and booked as unverified only when that tells nothing.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/machine_test.c
 */
#ifndef GEN_ENGINE_REVOKE_H
#define GEN_ENGINE_REVOKE_H

#include "engine/fetch.h"

/* Can be called again: does nothing to an attempt that is terminal or on its way there. */
void gen_revoke_shot(struct gen_turn *turn);

void gen_revoke_step(struct gen_turn *turn); /* the cancel verb answered */

#endif
