/* gate.h - slows down addresses that keep failing to say who they are: a token bucket for each, in
 * bounded memory.
 *
 * Guessing 256 random bits is hopeless anyway; what is bounded here is the work and the log lines that
 * trying costs. Neighbours in an IPv6 /64 share a bucket. When the table is full the bucket that is
 * nearest to full again is forgotten first. Loopback addresses are let be: a proxy on this machine
 * would shut out everybody behind it.
 * Invariant: memory never grows; an address that never fails is never slowed down.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/gate_test.c
 */
#ifndef GEN_SERVICE_GATE_H
#define GEN_SERVICE_GATE_H

#include "base/moment.h"

#include <stdbool.h>

enum {
    GEN_GATE_BURST = 20,       /* failures at once */
    GEN_GATE_REFILL_MS = 3000, /* one more after so long: 20 a minute */
    GEN_GATE_SLOTS = 4096,     /* addresses that are remembered */
};

struct gen_gate;

struct gen_gate *gen_gate_create(
    uint64_t seed);                           /* random, so that nobody can aim; NULL: no memory */
void gen_gate_destroy(struct gen_gate *gate); /* NULL is allowed */

/* May this address try at `now` (ms of a clock that only goes forward)? Not, then `*wait_s` is when
 * again. NULL address: always. */
bool gen_gate_open(struct gen_gate *gate, const char *address, int64_t now, int64_t *wait_s);
/* It has failed. */
void gen_gate_fail(struct gen_gate *gate, const char *address, int64_t now);

#endif
