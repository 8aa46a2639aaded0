/* webhooks_api.h - the routes of webhooks, and of the daemon's own subscribers for the house.
 *
 * A signing secret is shown when it is made, and never again. What is told and when is engine/outbox.h's.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/api_test.c, tests/clients/webhooks_test.mjs
 */
#ifndef GEN_SERVICE_WEBHOOKS_API_H
#define GEN_SERVICE_WEBHOOKS_API_H

#include "service/call.h"

enum { GEN_WEBHOOKS_BODY_MOST = 64 * 1024, GEN_WEBHOOKS_MOST = 50 /* of an organization */ };

extern const char *const gen_webhooks_types[];

/* Handlers of routes. */
gen_route_handler gen_webhooks_create;
gen_route_handler gen_webhooks_list;
gen_route_handler gen_webhooks_show;
gen_route_handler gen_webhooks_edit;
gen_route_handler gen_webhooks_remove;
gen_route_handler gen_webhooks_rotate;

struct gen_subscriber;

/* That of the path: of the organization, or for the house one of the daemon's own. False: a reply has been
 * given. */
bool gen_webhooks_read(struct gen_call *call, struct gen_subscriber *out);
/* Is it a webhook? One of gend.yaml is refused: false. */
bool gen_webhooks_ours(struct gen_call *call, const struct gen_subscriber *row);

#endif
