/* routing.h - finds the dialect and the route of a request, and works the faults around it.
 *
 * Thread: the connection's; sim_routing_answer takes the world's lock. Apart: sdk/simulator.
 * Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_ROUTING_H
#define SIM_ROUTING_H

#include "simulator/call.h"

/* Fills dialect and tail from the path. */
void sim_routing_enter(struct sim_call *call);
/* Is the connection to be reset before the body is read? */
bool sim_routing_head(struct sim_call *call);
/* Judges the faults that come with the body; then, unless one of them says so, acts. The answer is in
 * call->inner; the effects that concern sending are left to the server. */
void sim_routing_judge(struct sim_call *call);
void sim_routing_act(struct sim_call *call);

#endif
