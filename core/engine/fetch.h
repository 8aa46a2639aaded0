/* fetch.h - the fetch stage: from a clip at the provider to a clip that is safe with us.
 *
 * What was rendered is paid for, so a fetch that fails is tried again for long; only a provider
 * that says it is gone, or files that are never usable, end it, and then it was billed. One that is
 * told to wait for longer than patience.h allows needs a person and leaves its lane; it stays
 * rendered, is asked for slowly, and is never bought again. A download that is larger than any clip of its
 * length is ended and counts as a file that is not usable.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/machine_test.c
 */
#ifndef GEN_ENGINE_FETCH_H
#define GEN_ENGINE_FETCH_H

#include "engine/poll.h"

/* What the clip of this shot can have at most, in bytes: an endless download is ended there. */
int64_t gen_fetch_most_bytes(const struct gen_shot *shot);

void gen_fetch_step(struct gen_turn *turn);
void gen_fetch_clip(struct gen_turn *turn); /* the result is stored, or is not usable */

#endif
