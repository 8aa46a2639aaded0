/* leaks.h - memory that stays taken after many equal calls.
 *
 * Whatever a plugin needs it takes from the arena that it is given, so that calls which are equal leave
 * the allocator as they found it. A few calls are looked at first; only what grows there is called often
 * enough to be sure.
 *
 * Thread: one. Tests: tests/contract/functions_test.sh
 */
#ifndef GEN_TESTKIT_LEAKS_H
#define GEN_TESTKIT_LEAKS_H

#include "report.h"

enum { LEAKS_FEW = 8, LEAKS_QUICK = 2 };

typedef void leaks_call(void *context);

/* Calls `call`, which gives back whatever it took itself, `few` times, and if need be often; reports a
 * finding where memory stays. Returns how often it called. */
size_t leaks_look(struct report *report, int few, leaks_call *call, void *context);

#endif
