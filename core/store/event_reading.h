/* event_reading.h - the event log, from any number on.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/event_reading_test.c
 */
#ifndef GEN_STORE_EVENT_READING_H
#define GEN_STORE_EVENT_READING_H

#include "base/node.h"
#include "store/store.h"

enum { GEN_EVENT_READING_MOST = 1000 }; /* events of one reading */

/* Events with numbers above `after`, oldest first, at most `limit` (1..GEN_EVENT_READING_MOST,
 * others are moved into it): a list of {seq, id, organization, type, at, jobId?, pipelineId?, data}.
 * job NULL = all of the organization, organization NULL = all there are (then job is not looked at).
 * `*last` is the newest number looked at, also when the filter dropped it:
 * the next reading goes on after it. GEN_ENOMEM, GEN_ECORRUPT. */
GEN_MUST_CHECK enum gen_status gen_read_events(struct gen_store *store, const char *organization,
                                               const char *job, int64_t after, int64_t limit,
                                               struct gen_arena *arena, struct gen_node **out,
                                               int64_t *last, struct gen_error *err);

/* The newest number; 0 when there is no event yet. */
GEN_MUST_CHECK enum gen_status gen_read_last_event(struct gen_store *store, int64_t *out,
                                                   struct gen_error *err);

/* The number of an event id ("evt_...") of the organization. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_event_number(struct gen_store *store,
                                                     const char *organization, const char *event,
                                                     int64_t *out, struct gen_error *err);

#endif
