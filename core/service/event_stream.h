/* event_stream.h - the live stream: the event log as server-sent events, and progress between them.
 *
 * Events carry their id, so Last-Event-ID (or ?after=) goes on where a reader was; progress is told
 * to those who listen and never repeated. A reader who is slower than the log is left alone until
 * his buffer has room, and then reads on from the store: he misses no event, and memory is bounded.
 * It is not the log (store/event_reading.h).
 * Invariants: a follower gets every event after its start exactly once and in order; an event is
 * formatted once, and only followers whose job it is are looked at.
 *
 * Thread: [loop]. Floor: service. Tests: tests/unit/service/event_stream_test.c
 */
#ifndef GEN_SERVICE_EVENT_STREAM_H
#define GEN_SERVICE_EVENT_STREAM_H

#include "base/node.h"
#include "service/call.h"

struct gen_event_stream;
struct gen_job;
struct gen_loop;
struct gen_pipeline;

enum {
    GEN_EVENT_STREAM_LIMIT = 256 * 1024, /* unsent bytes of one reader */
    GEN_EVENT_STREAM_MOST = 900,         /* readers at once, below the server's connections */
    GEN_EVENT_STREAM_BEAT_MS = 15000,    /* a comment line, so that dead streams are noticed */
};

extern const struct gen_parameter gen_event_stream_parameters[];

/* `service` is borrowed. GEN_ENOMEM, GEN_EIO, GEN_ECORRUPT. destroy: after the server, when nobody
 * follows any more. */
GEN_MUST_CHECK enum gen_status gen_event_stream_create(struct gen_loop *loop,
                                                       const struct gen_service *service,
                                                       struct gen_event_stream **out,
                                                       struct gen_error *err);
void gen_event_stream_destroy(struct gen_event_stream *stream);

/* The handler of the route. */
gen_route_handler gen_event_stream_follow;

/* The call has room again, or is over. Calls that follow nothing are allowed. */
void gen_event_stream_drain(struct gen_call *call);
void gen_event_stream_leave(struct gen_call *call);

/* News of the engine (struct gen_listener). */
void gen_event_stream_events(struct gen_event_stream *stream, int64_t last_event);
void gen_event_stream_progress(struct gen_event_stream *stream, const struct gen_job *job,
                               const struct gen_pipeline *pipeline);

size_t gen_event_stream_count(const struct gen_event_stream *stream); /* readers */

/* One event of gen_read_events as the lines of a stream. Sticky failure of `out`. */
void gen_event_stream_format(const struct gen_node *event, struct gen_bytes *out);

/* Ends the streams that were opened with this API key: it was revoked, or has another token now. */
void gen_event_stream_end_key(struct gen_event_stream *stream, const char *key);

#endif
