/* exchange.h - one inbound request and its reply.
 *
 * It knows no routes and no sockets: platform/http_server.c owns the connections, the handler above
 * decides. A body larger than its limit gets 413, one that cannot be stored 507 or 500, a request
 * that can be read in two ways (two Host headers) 400, without the handler being asked; those are
 * problem documents (RFC 9457) with the word of the status.
 * Every reply has `x-content-type-options: nosniff`.
 * Invariants: on_end is called exactly once for each on_head; a temporary file that was not kept is
 * removed; a body beyond its limit never occupies memory or disk.
 *
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/http_server_test.c
 */
#ifndef GEN_PLATFORM_EXCHANGE_H
#define GEN_PLATFORM_EXCHANGE_H

#include "base/arena.h"
#include "base/bytes.h"

#include <stdbool.h>

struct gen_exchange;
struct gen_linger;
struct MHD_Connection;

enum gen_http_body {
    GEN_HTTP_BODY_NONE = 1, /* a body is an error (400) */
    GEN_HTTP_BODY_MEMORY,
    GEN_HTTP_BODY_FILE,
};

struct gen_http_handler {
    /* Headers are in. Either reply at once (a body is then not read, and the connection closed), or
     * choose with gen_exchange_accept where the body goes; doing neither means NONE. */
    void (*on_head)(void *context, struct gen_exchange *exchange);
    /* The body is complete (also when there is none). Reply now or later. Not called after a reply
     * or when the body was too large (413 was sent) or could not be stored (507 or 500). */
    void (*on_body)(void *context, struct gen_exchange *exchange);
    /* The exchange is over; forget it. Its temporary file, if not taken, is removed. */
    void (*on_end)(void *context, struct gen_exchange *exchange);
    /* A stream that refused a write is down to half its limit. May be NULL without streams. */
    void (*on_drain)(void *context, struct gen_exchange *exchange);
    void *context;
};

/* The request; texts live as long as the exchange. */
const char *gen_exchange_method(const struct gen_exchange *exchange);
const char *gen_exchange_path(const struct gen_exchange *exchange); /* decoded, without query */
/* The first value of a query key, decoded, "" when it has none; NULL = absent. */
const char *gen_exchange_query(const struct gen_exchange *exchange, const char *key);
typedef bool gen_exchange_pair(void *context, const char *key, const char *value);
void gen_exchange_each_query(const struct gen_exchange *exchange, gen_exchange_pair *call,
                             void *context); /* call returns false to stop */
const char *gen_exchange_header(const struct gen_exchange *exchange,
                                const char *name);               /* or NULL */
bool gen_exchange_is_local(const struct gen_exchange *exchange); /* came over the Unix socket */
/* Is the process at the other end of the Unix socket one of our own user, or of root? */
bool gen_exchange_is_owner(const struct gen_exchange *exchange);
/* The address of a TCP peer, in the arena; NULL over the socket, and without memory. */
const char *gen_exchange_address(struct gen_exchange *exchange);
/* From on_body on: the bytes of MEMORY, NUL-terminated, "" without a body; the path of FILE,
 * closed, NULL when that was not asked for. `size` may be NULL. */
const char *gen_exchange_body(const struct gen_exchange *exchange, size_t *size);
const char *gen_exchange_body_file(const struct gen_exchange *exchange, int64_t *size);
/* The handler takes the temporary file over: it will not be removed. */
void gen_exchange_keep_file(struct gen_exchange *exchange);
struct gen_arena *gen_exchange_arena(struct gen_exchange *exchange); /* dies with the exchange */
void *gen_exchange_state(const struct gen_exchange *exchange);       /* the handler's own pointer */
void gen_exchange_set_state(struct gen_exchange *exchange, void *state);

/* In on_head: where the body goes; at most `limit` bytes, else 413. When the announced body is too
 * large or not wanted, this replies; gen_exchange_replied tells. */
void gen_exchange_accept(struct gen_exchange *exchange, enum gen_http_body where, int64_t limit);
bool gen_exchange_replied(const struct gen_exchange *exchange);

/* Adds a header to the reply (before it); copied. */
void gen_exchange_reply_header(struct gen_exchange *exchange, const char *name, const char *value);
/* Sends; body is copied; content_type may be NULL. One reply an exchange: more are our bug. A reply
 * that finds no memory closes the connection. For HEAD the body is left out, its size is told. */
void gen_exchange_reply(struct gen_exchange *exchange, int status, const char *content_type,
                        const void *body, size_t size);
/* Sends a file by its descriptor (taken over, closed at the end), honouring Range (one range: 206,
 * 416) and If-None-Match (304) against `etag`, the text between the quotes (may be NULL), by
 * sendfile where possible. */
void gen_exchange_reply_file(struct gen_exchange *exchange, int fd, const char *content_type,
                             const char *etag);

/* Starts a reply without an end; then write pieces. `end` closes the reply after what was written.
 * write: GEN_ELIMIT, taking nothing, when `limit` unsent bytes would be passed: a slow reader;
 * on_drain says when there is room again. GEN_ENOMEM; the stream is then still whole.
 * GEN_ECONFLICT: it has ended. */
void gen_exchange_stream(struct gen_exchange *exchange, int status, const char *content_type,
                         size_t limit);
GEN_MUST_CHECK enum gen_status gen_exchange_write(struct gen_exchange *exchange, const void *data,
                                                  size_t size);
size_t gen_exchange_unsent(const struct gen_exchange *exchange);
void gen_exchange_end(struct gen_exchange *exchange);

/* ------------------------------------------------------------------- for http_server.c alone -- */

struct gen_exchange_host { /* what a server gives its exchanges; outlives them */
    const struct gen_http_handler *handler;
    const char *upload_folder;      /* or NULL */
    bool local;                     /* the Unix socket */
    int wake_fd;                    /* an eventfd: the server runs the library soon */
    struct gen_linger *linger;      /* for connections that are closed before their body was read */
    struct gen_exchange *exchanges; /* those that live */
};

/* One step of the library's access handler: the head (`*exchange` NULL), a piece of the body, or
 * the end of the request (*size 0). False: close the connection. */
bool gen_exchange_step(struct gen_exchange_host *host, struct MHD_Connection *connection,
                       const char *method, const char *path, const char *data, size_t *size,
                       struct gen_exchange **exchange);
/* The library is done with the request, well or not. */
void gen_exchange_finish(struct gen_exchange *exchange);
/* Lets go of all that wait, so that the library can be stopped; it finishes them then. */
void gen_exchange_release(struct gen_exchange_host *host);

#endif
