/* requests.h - the log of requests, for tests that count.
 *
 * Thread: [any], world locked. Apart: sdk/simulator. Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_REQUESTS_H
#define SIM_REQUESTS_H

#include "simulator/call.h"

struct sim_requests *sim_requests_create(void);
void sim_requests_destroy(struct sim_requests *requests);
void sim_requests_clear(struct sim_requests *requests);
/* A number for a new request; its line is written at once, so a stalled one is seen too. */
int64_t sim_requests_begin(struct sim_requests *requests, const struct sim_call *call);
/* What became of it; status 0 = no answer was sent. */
void sim_requests_end(struct sim_requests *requests, const struct sim_call *call, int status,
                      const char *fate);
struct gen_node *sim_requests_list(const struct sim_requests *requests, int64_t since,
                                   struct gen_arena *arena);

#endif
