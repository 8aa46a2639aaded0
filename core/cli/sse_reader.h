/* sse_reader.h - reads a stream of server-sent events, piece by piece (WHATWG HTML, section 9.2).
 *
 * It knows no events: each complete one goes to a call. What is larger than the maximum is dropped
 * whole, and reading goes on after it.
 *
 * Thread: one at a time. Floor: cli. Tests: tests/unit/cli/sse_reader_test.c
 */
#ifndef GEN_CLI_SSE_READER_H
#define GEN_CLI_SSE_READER_H

#include "base/bytes.h"

#include <stdbool.h>

enum { GEN_SSE_ID_SIZE = 128, GEN_SSE_TYPE_SIZE = 64, GEN_SSE_EVENT_MOST = 1024 * 1024 };

/* `type` is "message" where the stream gave none. Texts are borrowed for the call. */
typedef void gen_sse_event(void *context, const char *type, const char *data, size_t size);

struct gen_sse_reader { /* caller owns; gen_sse_init, gen_sse_fini */
    gen_sse_event *on_event;
    void *context;
    struct gen_bytes line, data;
    char type[GEN_SSE_TYPE_SIZE];
    char next_id[GEN_SSE_ID_SIZE]; /* of the event being read */
    char id[GEN_SSE_ID_SIZE];      /* last one of a complete event, "" = none: resume after it */
    bool after_cr;                 /* a LF now belongs to the line end before */
    bool any_data, broken;         /* of the event being read */
    bool started;                  /* past a byte order mark */
};

void gen_sse_init(struct gen_sse_reader *reader, gen_sse_event *on_event, void *context);
void gen_sse_fini(struct gen_sse_reader *reader);

/* The stream begins again (a new connection): what was unfinished is forgotten, `id` stays. */
void gen_sse_restart(struct gen_sse_reader *reader);

/* A piece of the stream as it came. */
void gen_sse_feed(struct gen_sse_reader *reader, const char *data, size_t size);

#endif
