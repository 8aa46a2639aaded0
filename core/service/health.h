/* health.h - does the daemon answer, can it admit work, and which version is it.
 *
 * Alive and ready are different questions: a daemon whose disk is full is alive (do not restart it)
 * and not ready (send no work).
 *
 * Thread: [loop]. Floor: service. Tests: tests/api/api_test.c
 */
#ifndef GEN_SERVICE_HEALTH_H
#define GEN_SERVICE_HEALTH_H

#include "service/call.h"

/* Handlers of routes. */
gen_route_handler gen_health_alive;
gen_route_handler gen_health_ready;
gen_route_handler gen_health_version;

#endif
