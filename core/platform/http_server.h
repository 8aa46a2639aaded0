/* http_server.h - inbound HTTP on a Unix socket and on TCP (libmicrohttpd, its epoll descriptor on
 * the loop).
 *
 * It knows no routes. For each request it calls on_head when the headers are in; the handler says
 * where the body goes (memory, a temporary file, nowhere) or replies at once; then on_body when all
 * of it is there. The reply may come later, from another turn of the loop.
 * Invariants: every exchange gets exactly one on_end, after its reply was sent or its peer left;
 * bodies beyond their limit never occupy memory or disk.
 *
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/http_server_test.c
 */
#ifndef GEN_PLATFORM_HTTP_SERVER_H
#define GEN_PLATFORM_HTTP_SERVER_H

#include "platform/exchange.h"
#include "platform/loop.h"

struct gen_http_server;

/* struct gen_http_handler and what a handler may do with a request stand in exchange.h. */

struct gen_http_listen {
    const char *unix_socket;   /* path, created 0600, a dead one is replaced; NULL = none */
    const char *address;       /* "127.0.0.1"; NULL = no TCP */
    int port;                  /* 0 = any free port, see gen_http_server_port */
    int max_connections;       /* 0 = 1024 */
    int idle_timeout_s;        /* 0 = 60; a stream is not idle while it is written to */
    const char *upload_folder; /* for GEN_HTTP_BODY_FILE; must exist */
};

/* GEN_EBUSY: address in use (by a living server). GEN_EDENIED, GEN_EIO, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_http_server_create(struct gen_loop *loop,
                                                      const struct gen_http_listen *listen,
                                                      const struct gen_http_handler *handler,
                                                      struct gen_http_server **out,
                                                      struct gen_error *err);
void gen_http_server_destroy(struct gen_http_server *server);   /* ends every exchange */
int gen_http_server_port(const struct gen_http_server *server); /* 0 without TCP */
size_t gen_http_server_connections(const struct gen_http_server *server);

#endif
