/* providers_api.h - the route that shows which providers are loaded, what they offer, and which
 * plugins were refused and why.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/api_test.c
 */
#ifndef GEN_SERVICE_PROVIDERS_API_H
#define GEN_SERVICE_PROVIDERS_API_H

#include "base/node.h"
#include "service/call.h"

struct gen_model;

/* Handler of the route. */
gen_route_handler gen_providers_list;

/* A model in the shape of PRODUCT's modelRegistry, as far as a plugin can say. */
struct gen_node *gen_providers_model(struct gen_arena *arena, const struct gen_model *model);

#endif
