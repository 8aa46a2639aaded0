/* durably.h - changes that a request makes, and its reply, which waits until they are durable.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/hand_test.c
 */
#ifndef GEN_SERVICE_DURABLY_H
#define GEN_SERVICE_DURABLY_H

#include "model/change.h"
#include "service/call.h"

/* Takes `changes` (NULL: out of memory). `reply` is called once they, and all that was to be written before
 * them, are durable, unless who asked has gone; a refusal is replied to here. */
void gen_durably_commit(struct gen_call *call, struct gen_changes *changes,
                        void (*reply)(struct gen_call *call));

#endif
