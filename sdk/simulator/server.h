/* server.h - libmicrohttpd with a thread a connection, so that latency, stalls and drips are plain
 * sleeps. It reads requests and sends answers; what they mean is routing.h's.
 *
 * Thread: a connection's own. Apart: sdk/simulator. Tests: tests/contract/simulator/simulator_test.sh
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "simulator/world.h"

struct sim_server;

enum { SIM_SERVER_BODY = 256 * 1024 * 1024 }; /* bytes of a request's body; 413 beyond */

/* Listens on 127.0.0.1; port 0 = any, told in world->port. GEN_EBUSY, GEN_EIO. */
GEN_MUST_CHECK enum gen_status sim_server_start(struct sim_world *world, int port,
                                                struct sim_server **out, struct gen_error *err);
void sim_server_stop(struct sim_server *server); /* waits for the connections' threads */

#endif
