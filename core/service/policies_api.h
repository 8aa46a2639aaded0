/* policies_api.h - the routes of the policies: what is in force, loading it again, what a decision sees
 * and would be.
 *
 * Invariant: none of these routes admits work or spends anything.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/policies_test.c
 */
#ifndef GEN_SERVICE_POLICIES_API_H
#define GEN_SERVICE_POLICIES_API_H

#include "service/call.h"

/* Handlers of the routes. */
gen_route_handler gen_policies_show;
gen_route_handler gen_policies_reload;
gen_route_handler gen_policies_snapshot;
gen_route_handler gen_policies_explain;

#endif
