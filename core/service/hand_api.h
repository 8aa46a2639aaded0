/* hand_api.h - what people decide: jobs that rest, go on or are tried again, orders that somebody looked up,
 * videos that are accepted or rejected.
 *
 * Every reply is given when what was decided is durable; who did it and why stands in the log.
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/hand_test.c
 */
#ifndef GEN_SERVICE_HAND_API_H
#define GEN_SERVICE_HAND_API_H

#include "service/call.h"

enum { GEN_HAND_BODY_MOST = 16 * 1024 };

gen_route_handler gen_hand_pause;
gen_route_handler gen_hand_resume;
gen_route_handler gen_hand_retry;
gen_route_handler gen_hand_resolve;
gen_route_handler gen_hand_accept;
gen_route_handler gen_hand_reject;

#endif
