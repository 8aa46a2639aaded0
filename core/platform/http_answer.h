/* http_answer.h - what comes back on one request: its header lines and body, piece by piece.
 *
 * It reads bytes from outside and knows no network: platform/http_client.c feeds it. The body of a
 * 2xx goes where the caller wanted it (memory, a new file, a callback); any other body goes to
 * memory, for its error message. Interim responses (1xx) are forgotten when the next one begins,
 * trailers are dropped.
 *
 * Invariant: a sink file that nobody wanted kept is gone; memory is bounded
 * whatever the other side sends.
 * Thread: [loop]; writes to the sink block. Floor: platform.
 * Tests: tests/unit/platform/http_answer_test.c
 */
#ifndef GEN_PLATFORM_HTTP_ANSWER_H
#define GEN_PLATFORM_HTTP_ANSWER_H

#include "base/arena.h"
#include "base/bytes.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    GEN_HTTP_HEADERS_MOST = 256,             /* fields of one response */
    GEN_HTTP_HEADER_BYTES_MOST = 256 * 1024, /* of all responses on a request, interim ones too */
    GEN_HTTP_MEMORY_MOST = 8 * 1024 * 1024,  /* body in memory, unless the caller said */
};

struct gen_http_header {
    const char *name, *value; /* names in lower case in responses */
};

typedef void gen_http_data_call(void *context, const char *data, size_t size);

struct gen_http_answer {         /* caller owns; gen_http_answer_init, gen_http_answer_fini */
    struct gen_arena *arena;     /* borrowed: headers live there */
    const char *sink_file;       /* or NULL; borrowed */
    int64_t sink_from;           /* bytes that the file has already; a 206 goes on behind them */
    bool sink_keeps;             /* what came of a body that broke off stays in the file */
    size_t body_limit;           /* 0 = GEN_HTTP_MEMORY_MOST in memory, none elsewhere */
    gen_http_data_call *on_data; /* or NULL */
    void *context;
    int status;         /* 0 until a status line came */
    bool in_fields;     /* between a status line and the empty line */
    bool headers_ended; /* of a final response */
    bool cut;           /* the body was cut at its limit */
    bool sink_open;
    int sink;
    size_t header_bytes;
    size_t header_count;
    struct gen_http_header *headers; /* GEN_HTTP_HEADERS_MOST, or NULL before the first */
    struct gen_bytes body;
    size_t passed;          /* bytes of the body that went to the sink or to on_data */
    bool resumed;           /* the sink goes on behind sink_from */
    struct gen_error error; /* why line or body returned false */
};

void gen_http_answer_init(struct gen_http_answer *answer, struct gen_arena *arena,
                          const char *sink_file, size_t body_limit, gen_http_data_call *on_data,
                          void *context);
/* Closes it first, without keeping the file. */
void gen_http_answer_fini(struct gen_http_answer *answer);

/* Forgets the response so far: the next one is another (a redirect was followed). */
void gen_http_answer_restart(struct gen_http_answer *answer);

/* One header line with its line end (a status line, a field, the empty line), or a piece of the
 * body. False: stop the transfer; `cut` or `error` says why. */
bool gen_http_answer_line(struct gen_http_answer *answer, const char *line, size_t size);
bool gen_http_answer_body(struct gen_http_answer *answer, const char *data, size_t size);

/* The transfer is over: closes the sink file, and removes it unless `keep`, or unless `sink_keeps` and
 * there is something in it. False when closing it failed, with `error` set and the file removed. */
bool gen_http_answer_close(struct gen_http_answer *answer, bool keep);

/* Value of a field (name in lower case) or NULL. */
const char *gen_http_answer_header(const struct gen_http_answer *answer, const char *name);

#endif
