/* http_request.h - an outbound request and its response as values.
 *
 * It sends nothing (platform/http_client.h does); it says what may be sent at all: no header that
 * would break the framing or smuggle another one, no method that is none.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/http_client_test.c
 */
#ifndef GEN_PLATFORM_HTTP_REQUEST_H
#define GEN_PLATFORM_HTTP_REQUEST_H

#include "platform/http_answer.h"

#include <stdint.h>

struct gen_http_part { /* of a multipart body, sent in order */
    const char *name;
    const char *text;         /* or */
    const char *file;         /* path, streamed */
    const char *file_name;    /* NULL = none */
    const char *content_type; /* NULL = none */
};

/* How far a request got that has no response. */
enum gen_http_fate {
    GEN_HTTP_ANSWERED = 1, /* a complete response: status, headers, body */
    GEN_HTTP_NOT_SENT,     /* certain: no connection, no byte of the request left */
    GEN_HTTP_UNKNOWN,      /* it may have been read: broken, timed out, cancelled */
    GEN_HTTP_PARTIAL,      /* status and headers came, the body broke off or could not be stored */
};

struct gen_http_response { /* valid during on_end */
    enum gen_http_fate fate;
    int status; /* 0 without one */
    const struct gen_http_header *headers;
    size_t header_count;
    const char *body; /* NUL-terminated; "" when it went to a file or to on_data */
    size_t body_size;
    bool body_complete; /* false: cut at body_limit (the transfer was ended there), or broken */
    int64_t stored; /* bytes of the body that went to the file (with those before) or to on_data */
    bool timed_out;
    const char *reason; /* for people, when fate is not ANSWERED; else "" */
};

struct gen_http_request { /* copied by gen_http_send, but for files and context */
    const char *method;
    const char *url;
    const char *unix_socket; /* path: talk to it instead of the URL's host; NULL = network */
    const struct gen_http_header *headers; /* an empty value sends the empty header */
    size_t header_count;
    const void *body; /* or one of the next two; NULL = none */
    size_t body_size;
    const char *body_file; /* path, streamed with the size it has now */
    const struct gen_http_part *parts;
    size_t part_count;
    /* The body of a 2xx goes to this new file (mode 0600), others to memory. The file stays only
     * when the fate is ANSWERED and the body complete. */
    const char *sink_file;
    /* Bytes that the file has already, from an answer that broke off: a 206 goes on behind them, any
     * other 2xx begins it again. The caller's headers ask for the range. */
    int64_t sink_from;
    bool sink_keeps;   /* the file stays when the body breaks off, too */
    size_t body_limit; /* 0 = 8 MiB in memory, no limit in a file or for on_data */
    bool once;         /* see http_client.h */
    /* Redirects of GET and HEAD, at most 5. To another origin only harmless headers go along. */
    bool follow;
    bool allow_private;         /* loopback and private addresses, and plain http */
    bool allow_loopback;        /* this machine, also over plain http; no other private address */
    int64_t connect_timeout_ms; /* name, connection and TLS; 0 = 10 s */
    int64_t first_byte_timeout_ms; /* from the request's last byte on; 0 = as long as a stall */
    int64_t stall_timeout_ms;      /* no byte for so long; 0 = 60 s, negative = never (streams) */
    int64_t timeout_ms;            /* whole exchange; 0 = none */
    /* An answer that trickles: from its first byte on it may take so long in all, and may not bring fewer
     * bytes than slow_bytes in any slow_ms. 0 = none */
    int64_t answer_timeout_ms, slow_ms, slow_bytes;
    /* Streaming: pieces of a 2xx body as they come, instead of collecting them; may be NULL. */
    gen_http_data_call *on_data;
    /* Bytes of the request body sent so far, of a total (0 = not yet known); may be NULL. It begins
     * again when a request that is not `once` has to be repeated. */
    void (*on_sent)(void *context, int64_t sent, int64_t total);
    void (*on_end)(void *context, const struct gen_http_response *response);
    void *context;
};

/* GEN_EINVAL: a malformed method or header, or one that is ours to set. Not the URL. */
GEN_MUST_CHECK enum gen_status gen_http_request_check(const struct gen_http_request *request,
                                                      struct gen_error *err);

/* Copies the texts, without the bodies; redirects stay wanted only where they are harmless.
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_http_request_copy(const struct gen_http_request *from,
                                                     struct gen_arena *arena,
                                                     struct gen_http_request *to);

/* The limits that hold: presets filled in. Negative = none. */
int64_t gen_http_request_stall_ms(const struct gen_http_request *request);
int64_t gen_http_request_first_byte_ms(const struct gen_http_request *request);

/* May this header of the caller's go out at all, and to another origin? */
bool gen_http_request_sends(const char *name);
bool gen_http_request_harmless(const char *name);

#endif
