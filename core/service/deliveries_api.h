/* deliveries_api.h - the routes of what is sent to a webhook: a test event now, and the last tries.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/api_test.c, tests/clients/webhooks_test.mjs
 */
#ifndef GEN_SERVICE_DELIVERIES_API_H
#define GEN_SERVICE_DELIVERIES_API_H

#include "service/call.h"

extern const struct gen_parameter gen_deliveries_parameters[];

/* Handlers of routes. */
gen_route_handler gen_deliveries_try;
gen_route_handler gen_deliveries_list;

#endif
