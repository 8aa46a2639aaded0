/* subscriber.h - who is told of events: a webhook, Stripe's meter, a mailbox, the log; how far he
 * is and how he is doing. Values only.
 *
 * Invariant: events up to `position` have reached the subscriber, were set aside, or are not for it.
 *
 * Thread: [any]. Floor: model. Tests: tests/unit/model/subscriber_test.c
 */
#ifndef GEN_MODEL_SUBSCRIBER_H
#define GEN_MODEL_SUBSCRIBER_H

#include "base/arena.h"
#include "base/ident.h"

enum gen_subscriber_kind {
    GEN_SUBSCRIBER_WEBHOOK = 1,
    GEN_SUBSCRIBER_STRIPE, /* billing meter events */
    GEN_SUBSCRIBER_MAIL,
    GEN_SUBSCRIBER_LOG, /* the daemon's own, of structured lines */
};

enum gen_subscriber_state {
    GEN_SUBSCRIBER_ACTIVE = 1,
    GEN_SUBSCRIBER_PAUSED, /* by a person */
    GEN_SUBSCRIBER_PARKED, /* by us, after days of failures */
};

enum gen_delivery_outcome {
    GEN_DELIVERY_DELIVERED = 1,
    GEN_DELIVERY_FAILED,    /* it is tried again */
    GEN_DELIVERY_REFUSED,   /* by the subscriber, for good; it is tried again all the same */
    GEN_DELIVERY_SET_ASIDE, /* the same, but others go on: tried again when asked for */
};

enum {
    GEN_SUBSCRIBER_ID_SIZE = 64,
    GEN_SUBSCRIBER_URL_MOST = 1000,
    GEN_SUBSCRIBER_TITLE_MOST = 200,
    GEN_SUBSCRIBER_KINDS_MOST = 1000, /* bytes of all patterns */
    GEN_SUBSCRIBER_NOTE_MOST = 300,
};

struct gen_subscriber { /* texts "" = none */
    char id
        [GEN_SUBSCRIBER_ID_SIZE]; /* "whk_…"; "stripe", "log", "mail:ops@example.com" of the daemon itself */
    enum gen_subscriber_kind kind;
    const char *organization; /* "" = all: the daemon's own */
    const char *title, *url;
    const char *kinds;                  /* patterns of event kinds with a space between; "" = all */
    const char *job, *project;          /* "" = any */
    const char *secret, *secret_before; /* as the port of secrets keeps them */
    gen_moment secret_until;            /* both sign until then */
    enum gen_subscriber_state state;
    int64_t position; /* ADD: below 0 = the newest event */
    int32_t failures; /* since the last success */
    gen_moment failing_since, retry_at;
    int32_t last_status; /* of HTTP; 0 = no answer */
    const char *last_error;
    int64_t delivered;
    gen_moment delivered_at;
    const char *created_by;
    gen_moment created_at, updated_at;
    int64_t version;
};

struct gen_told { /* what came of telling a subscriber something: all that is durable about it */
    char subscriber[GEN_SUBSCRIBER_ID_SIZE];
    int64_t position;
    int32_t failures;
    gen_moment failing_since, retry_at;
    int32_t last_status;
    const char *last_error;
    bool park;                         /* it rests from now on */
    enum gen_delivery_outcome outcome; /* 0 = only the position has moved */
    int64_t seq;                       /* of the event */
    struct gen_ident event;
    const char *event_kind;
    int32_t attempt;
    gen_moment at;
    int64_t took_ms;
    bool was_aside; /* it had been set aside; once delivered, it is not any more */
};

const char *gen_subscriber_kind_word(enum gen_subscriber_kind kind); /* "" outside the set */
enum gen_subscriber_kind gen_subscriber_kind_of(const char *word);   /* 0 */
const char *gen_subscriber_state_word(enum gen_subscriber_state state);
enum gen_subscriber_state gen_subscriber_state_of(const char *word);
const char *gen_delivery_outcome_word(enum gen_delivery_outcome outcome);

/* Does a pattern ("job.*", "job.failed", "*") of the list mean this kind? An empty list means all. */
bool gen_subscriber_kind_fits(const char *kinds, const char *kind);
/* Is an event of this kind, job and project ("" = none) for the subscriber? */
bool gen_subscriber_wants(const struct gen_subscriber *subscriber, const char *kind,
                          const char *job, const char *project);

/* A deep copy; failure shows in the arena. */
void gen_subscriber_copy(const struct gen_subscriber *from, struct gen_arena *arena,
                         struct gen_subscriber *to);

#endif
