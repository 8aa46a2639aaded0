/* http_call.h - one outbound request on a curl easy handle: how it goes out and how it ended.
 *
 * It runs nothing: platform/http_client.c owns the calls and drives them on the loop.
 * Invariant: `committed` is false only while no byte of the request can have left.
 *
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/http_client_test.c
 */
#ifndef GEN_PLATFORM_HTTP_CALL_H
#define GEN_PLATFORM_HTTP_CALL_H

#include "platform/http_form.h"
#include "platform/http_request.h"

struct gen_http_client;
struct gen_loop;

struct gen_http_call {                     /* private to this room and http_client.c */
    struct gen_http_call *next, *previous; /* the client's list */
    struct gen_http_call *after;           /* the client's queue of those that wait for it */
    bool queued;                           /* in that queue */
    struct gen_http_client *client;
    struct gen_loop *loop;
    bool proxied;      /* it goes through the proxy, */
    const char *proxy; /* this one; "" = none */
    bool running;      /* curl has it */
    bool canceled;     /* the client ends it at the next chance */
    bool starved;      /* no memory to watch its socket: ended like a cancelled one */
    bool ended;        /* on_end is being called */
    struct gen_arena *arena;
    struct gen_http_request request;
    struct gen_http_answer answer;
    void *easy;    /* CURL */
    void *headers; /* struct curl_slist */
    struct gen_http_form form;
    int64_t sent;        /* last told to on_sent */
    int64_t deadline_ms; /* on the loop's clock, 0 = none */
    int redirects;
    bool committed;             /* see above */
    bool stalled;               /* ended since nothing moved for too long */
    int64_t moved_at;           /* when a byte moved last, on the loop's clock */
    int64_t down;               /* bytes that have come, as last told */
    int64_t answer_at;          /* when the first byte of the answer came; 0 = none has */
    int64_t slow_at, slow_down; /* when slow_ms began to be counted, and what had come by then */
    const char *refusal;        /* why we ended it ourselves, NULL if we did not */
    char detail[256];           /* memory for refusal */
    char words[256];            /* curl's own about a failure (CURL_ERROR_SIZE) */
};

/* `proxy` is "" for none. GEN_EINVAL: malformed URL, method or header, or another scheme than http,
 * https. GEN_EDENIED: plain http without allow_private. GEN_ENOTFOUND, GEN_EIO, GEN_EDENIED: a body
 * file. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_http_call_create(const struct gen_http_request *request,
                                                    const char *proxy, struct gen_loop *loop,
                                                    struct gen_http_call **out,
                                                    struct gen_error *err);
void gen_http_call_destroy(struct gen_http_call *call); /* NULL is allowed */

/* The transfer ended with this CURLcode: is there a redirect to follow? Then the easy handle is
 * ready to run again. */
bool gen_http_call_redirect(struct gen_http_call *call, int code, int64_t now_ms);

/* The transfer ended for good; fills `out`, which borrows from the call. */
void gen_http_call_finish(struct gen_http_call *call, int code, struct gen_http_response *out);

#endif
