/* providers_api.h - the route that shows which providers are loaded, how they are, what they offer, and
 * which plugins were refused and why.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/api_test.c
 */
#ifndef GEN_SERVICE_PROVIDERS_API_H
#define GEN_SERVICE_PROVIDERS_API_H

#include "engine/engine.h"
#include "service/call.h"

/* Handler of the route. */
gen_route_handler gen_providers_list;

/* Why a pipeline does not begin though others would let it: "rate limit of runway until 12:00:05" (UTC), in
 * `arena`. NULL: nothing of that kind holds it up. */
const char *gen_providers_held(struct gen_arena *arena, const struct gen_engine *engine,
                               const struct gen_job *job, const struct gen_pipeline *pipeline);

#endif
