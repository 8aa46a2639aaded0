/* webhooks_api.h - the routes of webhooks, and of the daemon's own subscribers for the house.
 *
 * A signing secret is shown when it is made, and never again. What is told and when is engine/outbox.h's.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/webhooks_test.c
 */
#ifndef GEN_SERVICE_WEBHOOKS_API_H
#define GEN_SERVICE_WEBHOOKS_API_H

#include "service/call.h"

enum { GEN_WEBHOOKS_BODY_MOST = 64 * 1024, GEN_WEBHOOKS_MOST = 50 /* of an organization */ };

extern const char *const gen_webhooks_types[];
extern const struct gen_parameter gen_webhooks_deliveries_parameters[];

/* Handlers of routes. */
gen_route_handler gen_webhooks_create;
gen_route_handler gen_webhooks_list;
gen_route_handler gen_webhooks_show;
gen_route_handler gen_webhooks_edit;
gen_route_handler gen_webhooks_remove;
gen_route_handler gen_webhooks_rotate;
gen_route_handler gen_webhooks_test;
gen_route_handler gen_webhooks_deliveries;

#endif
