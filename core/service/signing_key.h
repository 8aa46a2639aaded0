/* signing_key.h - goes on with a call when signing secrets can be sealed: at once, but for the very first
 * one of this daemon, which waits until the key is durable.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/api_test.c, tests/api/planted_test.c
 */
#ifndef GEN_SERVICE_SIGNING_KEY_H
#define GEN_SERVICE_SIGNING_KEY_H

#include "service/call.h"

/* Calls `next`, now or from a later turn, or replies why not. */
void gen_signing_key_then(struct gen_call *call, void (*next)(struct gen_call *call));

#endif
