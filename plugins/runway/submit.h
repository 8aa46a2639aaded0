/* submit.h - starting a render at Runway: each asset uploaded, then the one request that costs money.
 *
 * The state says what was asked last and which links are there:
 *   {"asked": "link" | "file" | "create", "link": "runway://...", "links": ["runway://..."]}
 * Called without an answer (after a crash) it repeats what is free: an upload under way begins anew.
 *
 * Thread: any. Stands on gen/kit.h. Tests: tests/contract/provider_runway_test.c
 */
#ifndef RUNWAY_SUBMIT_H
#define RUNWAY_SUBMIT_H

#include "settings.h"

int32_t submit_step(const struct runway_call *call);

/* A signed request to `path` below the base; NULL without memory. */
struct gen_provider_request *submit_request(const struct runway_call *call, const char *method,
                                            const char *path);

#endif
