/* poll.h - the poll stage: from a remote handle to a rendered clip at the provider.
 *
 * A timeout is not a verdict: polls are free and go on; after the time of patience.h a person is told
 * while the engine keeps asking slowly.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/machine_test.c
 */
#ifndef GEN_ENGINE_POLL_H
#define GEN_ENGINE_POLL_H

#include "engine/recover.h"

void gen_poll_step(struct gen_turn *turn);

/* Is a failure of this kind about asking (too fast, a server in trouble, a wrong key) and not about
 * the job that was asked about? */
bool gen_poll_only_asking(enum gen_failure kind);
/* A free request (poll, fetch, recover, cancel) got no answer, or its plugin failed: ask again
 * after a pause, and after many failures tell a person. */
void gen_poll_stumbled(struct gen_turn *turn);

#endif
