/* outbox.h - brings events to whoever subscribed to them: each at least once, in the order of the log, and
 * never given up.
 *
 * The log is the queue; a subscriber is a position in it that moves when what stands there has been
 * delivered, and is durable before the next one is sent. So after kill -9 at most one event comes twice,
 * with the same id. A failure is tried again after a pause that grows to an hour, with jitter; after days
 * of failures the subscriber is parked, an event says so, and a person resumes it: nothing is skipped.
 * It does not decide what an event looks like (engine/messenger.h).
 * Invariants: at most one telling of a subscriber is under way; nothing is done while nothing happens.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/outbox_test.c
 */
#ifndef GEN_ENGINE_OUTBOX_H
#define GEN_ENGINE_OUTBOX_H

#include "engine/messenger.h"

struct gen_outbox;

struct gen_alert_route { /* which events go where; of the settings */
    const char *kinds;   /* patterns with a space between */
    const char *to;      /* "log", "mail:ops@example.com" */
};

struct gen_outbox_options { /* borrowed for the outbox's life */
    struct gen_messenger messenger;
    const struct gen_random *random;
    const struct gen_alert_route *alerts; /* those of one `to` are one subscriber */
    size_t alert_count;
    int64_t park_ms;          /* after so long without success; 0 = five days */
    int64_t first_pause_ms;   /* 0 = five seconds (tests are in a hurry) */
    const char *organization; /* of events about the daemon's own subscribers */
    void (*on_events)(void *context,
                      int64_t last_event); /* it has put events into the log; or NULL */
    void *context;
};

/* Reads the subscribers and goes on where they were; adds or changes those of the settings. Statuses of the
 * store. */
GEN_MUST_CHECK enum gen_status gen_outbox_create(const struct gen_outbox_options *options,
                                                 struct gen_outbox **out, struct gen_error *err);
/* Ends what is under way, which is told again at the next start. The loop must still turn, the store and
 * the HTTP client still work. NULL is allowed. */
void gen_outbox_destroy(struct gen_outbox *outbox);

/* Something new is in the log, up to this number. NULL is allowed. */
void gen_outbox_tell(struct gen_outbox *outbox, int64_t last_event);

/* The subscribers in the store have changed: added, set, removed. GEN_OK, or they are taken up later. */
void gen_outbox_refresh(struct gen_outbox *outbox);

/* Tells a webhook a test event now, past what waits; it changes nothing about it. `done` as of a telling.
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_outbox_try(struct gen_outbox *outbox,
                                              const struct gen_subscriber *subscriber,
                                              gen_telling_done *done, void *context,
                                              struct gen_error *err);

/* May webhooks go to private addresses, over plain http? */
bool gen_outbox_private(const struct gen_outbox *outbox);

/* What a secret looks like in the row of a subscriber, in `arena`; see gen_subscriber_secrets. */
GEN_MUST_CHECK enum gen_status gen_outbox_keep(const struct gen_outbox *outbox, const char *id,
                                               const char *secret, struct gen_arena *arena,
                                               const char **out, struct gen_error *err);

struct gen_outbox_figures { /* since the start, and now */
    uint64_t delivered, failed, set_aside;
    size_t subscribers, failing, parked;
    int64_t waiting;   /* events behind the position of the slowest that is active */
    int64_t oldest_ms; /* age of the first of them */
};
void gen_outbox_figures(const struct gen_outbox *outbox, struct gen_outbox_figures *out);

#endif
