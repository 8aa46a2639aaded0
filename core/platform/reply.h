/* reply.h - what goes back on one inbound request: bytes, a part of a file, or a stream.
 *
 * It is the lower half of platform/exchange.h, which alone uses it: it knows the library's
 * connection and when that must wait, but nothing of handlers and bodies that come in.
 * Invariant: a connection is suspended exactly while there is no reply, or nothing to say.
 *
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/http_server_test.c
 */
#ifndef GEN_PLATFORM_REPLY_H
#define GEN_PLATFORM_REPLY_H

#include "base/arena.h"
#include "base/bytes.h"

#include <stdbool.h>

struct MHD_Connection;
struct MHD_Response;
struct gen_http_ask;
struct reply_header;

struct gen_reply { /* caller owns; gen_reply_init, gen_reply_fini */
    struct MHD_Connection *connection;
    struct gen_arena *arena;         /* borrowed */
    int wake_fd;                     /* an eventfd: the library must run soon */
    void (*on_drain)(void *context); /* a stream that refused a write has room again */
    void *context;
    bool suspended; /* the library leaves the connection alone until we resume it */
    bool given;     /* there is a reply */
    bool queued;    /* the library has it */
    bool broken;    /* there was no memory for it: close the connection */
    struct MHD_Response *response;
    int status;
    struct reply_header *headers;
    bool streaming, ended;
    bool blocked; /* a write was refused: on_drain is due */
    size_t stream_limit;
    struct gen_bytes unsent;
    size_t unsent_at; /* the bytes before it are sent */
};

void gen_reply_init(struct gen_reply *reply, struct MHD_Connection *connection,
                    struct gen_arena *arena, int wake_fd);
void gen_reply_fini(struct gen_reply *reply);

/* As in exchange.h. */
void gen_reply_header(struct gen_reply *reply, const char *name, const char *value);
void gen_reply_bytes(struct gen_reply *reply, int status, const char *content_type,
                     const void *body, size_t size);
void gen_reply_file(struct gen_reply *reply, int fd, const char *content_type, const char *etag,
                    const struct gen_http_ask *ask);
void gen_reply_stream(struct gen_reply *reply, int status, const char *content_type, size_t limit);
GEN_MUST_CHECK enum gen_status gen_reply_write(struct gen_reply *reply, const void *data,
                                               size_t size);
size_t gen_reply_unsent(const struct gen_reply *reply);
void gen_reply_end(struct gen_reply *reply);

/* Our own refusals as problem documents: 400, 413, 500, 503, 507. `detail` is text without quotes
 * or backslashes that is copied; NULL = what is usual for the status. */
void gen_reply_problem(struct gen_reply *reply, int status, const char *detail);

/* From the library's access handler only: hands the reply over (false: close the connection), or
 * waits for one. */
bool gen_reply_queue(struct gen_reply *reply);
void gen_reply_wait(struct gen_reply *reply);
/* Ends the wait, if there is one. */
void gen_reply_resume(struct gen_reply *reply);

#endif
