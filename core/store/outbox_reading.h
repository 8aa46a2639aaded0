/* outbox_reading.h - subscribers and how they are doing, what they are to be told next, what they
 * were told.
 *
 * Thread: [loop]. Floor: store. Tests: tests/unit/store/outbox_store_test.c
 */
#ifndef GEN_STORE_OUTBOX_READING_H
#define GEN_STORE_OUTBOX_READING_H

#include "base/node.h"
#include "store/store.h"

enum { GEN_OUTBOX_SUBSCRIBERS_MOST = 1000, GEN_OUTBOX_BATCH = 64 };

/* All subscribers of an organization ("" = the daemon's own; NULL = all there are), at most
 * GEN_OUTBOX_SUBSCRIBERS_MOST, by id. GEN_ENOMEM, and statuses of store/database.h, as below. */
GEN_MUST_CHECK enum gen_status gen_read_subscribers(struct gen_store *store,
                                                    const char *organization,
                                                    struct gen_arena *arena,
                                                    struct gen_subscriber **out, size_t *count,
                                                    struct gen_error *err);
/* GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_subscriber(struct gen_store *store,
                                                   const char *organization, const char *id,
                                                   struct gen_arena *arena,
                                                   struct gen_subscriber *out,
                                                   struct gen_error *err);

struct
    gen_outbox_event { /* an event with what subscribers want to know of its job; texts "" = none */
    int64_t seq;
    struct gen_ident id;
    gen_moment at;
    const char *kind, *organization, *job, *pipeline, *actor, *data, *project, *team;
};

/* The events behind `after`, oldest first, at most `limit`, of an organization ("" = of all). */
GEN_MUST_CHECK enum gen_status gen_read_outbox(struct gen_store *store, const char *organization,
                                               int64_t after, int64_t limit,
                                               struct gen_arena *arena,
                                               struct gen_outbox_event **out, size_t *count,
                                               struct gen_error *err);
/* The first event behind `after` that the subscriber has refused for good. GEN_ENOTFOUND: there is
 * none. */
GEN_MUST_CHECK enum gen_status gen_read_outbox_aside(struct gen_store *store,
                                                     const char *subscriber, int64_t after,
                                                     struct gen_arena *arena,
                                                     struct gen_outbox_event *out,
                                                     struct gen_error *err);
/* How many there are. */
GEN_MUST_CHECK enum gen_status gen_read_outbox_asides(struct gen_store *store,
                                                      const char *subscriber, int64_t *out,
                                                      struct gen_error *err);

/* The last tries of a subscriber, newest first, those below number `before` (0 = all): a list of
 * {number, event, type, attempt, at, took (s), status?, outcome, note?}. */
GEN_MUST_CHECK enum gen_status gen_read_deliveries(struct gen_store *store, const char *subscriber,
                                                   int64_t before, int64_t limit,
                                                   struct gen_arena *arena, struct gen_node **out,
                                                   struct gen_error *err);

/* How much video an attempt ordered. GEN_ENOTFOUND. */
GEN_MUST_CHECK enum gen_status gen_read_ordered(struct gen_store *store, const char *attempt,
                                                int64_t *ms, struct gen_error *err);

#endif
