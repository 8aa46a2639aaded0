/* batches_api.h - the routes of batches: many briefs admitted together, or none; shown, cancelled.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/batches_test.c
 */
#ifndef GEN_SERVICE_BATCHES_API_H
#define GEN_SERVICE_BATCHES_API_H

#include "service/call.h"

enum { GEN_BATCHES_MOST = 100 }; /* briefs of one */

extern const struct gen_parameter gen_batches_parameters[]; /* of the list */

/* Handlers of routes. */
gen_route_handler gen_batches_submit;
gen_route_handler gen_batches_list;
gen_route_handler gen_batches_show;
gen_route_handler gen_batches_cancel;

#endif
