/* estimates_api.h - what a brief would cost, or several of them: what admission would decide, with
 * nothing kept.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/costs_test.c
 */
#ifndef GEN_SERVICE_ESTIMATES_API_H
#define GEN_SERVICE_ESTIMATES_API_H

#include "service/call.h"

enum { GEN_ESTIMATES_MOST = 50 }; /* briefs of one request */

/* POST /v1/estimates: a brief, or {briefs: [...]}. */
void gen_estimates_make(struct gen_call *call);

#endif
