/* messenger.h - tells one subscriber one event, once: a signed webhook, a usage event of Stripe, a
 * mail, a line in the log. What to do when it fails is engine/outbox.h's.
 *
 * Requests to webhooks follow no redirect, go to no private address (unless that is allowed), take 20
 * seconds at most, and a few KiB of the answer are read.
 * Invariant: each telling that was begun ends in one call of `done`, from a later turn, unless it was
 * stopped.
 *
 * Thread: [loop]. Floor: engine. Tests: tests/unit/engine/outbox_test.c
 */
#ifndef GEN_ENGINE_MESSENGER_H
#define GEN_ENGINE_MESSENGER_H

#include "engine/meter_event.h"
#include "platform/crypto.h"
#include "platform/http_client.h"
#include "platform/keyring.h"

struct gen_telling;

/* Where signing secrets lie: `keep` makes of a secret what the row of a subscriber holds (in the
 * arena), `open` the opposite. NULL in the options: the row holds the secret itself. */
struct gen_subscriber_secrets {
    enum gen_status (*keep)(void *context, const char *subscriber, const char *secret,
                            struct gen_arena *arena, const char **out, struct gen_error *err);
    enum gen_status (*open)(void *context, const char *subscriber, const char *kept, char *out,
                            size_t room, struct gen_error *err);
    void *context;
};

struct gen_messenger { /* what all tellings share; borrowed */
    struct gen_loop *loop;
    struct gen_http_client *http;
    struct gen_store *store;
    struct gen_keyring *keyring; /* NULL: nothing for Stripe */
    const struct gen_clock *clock;
    const struct gen_log *log; /* may be NULL */
    const struct gen_subscriber_secrets *secrets;
    const struct gen_meter_settings *meter; /* NULL: no Stripe */
    const char *sendmail;                   /* path; NULL or "": no mail */
    const char *mail_from;                  /* "" = whatever sendmail says */
    const char *scratch;                    /* folder for mails on their way */
    bool allow_private;
};

struct gen_telling_verdict { /* valid during the call */
    enum gen_delivery_outcome outcome;
    bool dropped;     /* there was nothing to tell after all: no delivery is kept */
    bool park;        /* the subscriber wants no more */
    bool sent;        /* the other side may have read it */
    int status;       /* of HTTP, 0 = no answer */
    int64_t pause_ms; /* it asks for so long a pause, 0 = no */
    int64_t took_ms;
    const char *note; /* "" when all is well */
};
typedef void gen_telling_done(void *context, const struct gen_telling_verdict *verdict);

struct gen_telling_order { /* borrowed until `done` */
    const struct gen_subscriber *subscriber;
    const struct gen_outbox_event *event;
    int32_t attempt;         /* 1, 2, ... */
    gen_moment trying_since; /* 0 = this is the first try */
};

/* GEN_ENOMEM: nothing was begun. Everything else is a verdict. */
GEN_MUST_CHECK enum gen_status gen_messenger_tell(const struct gen_messenger *messenger,
                                                  const struct gen_telling_order *order,
                                                  gen_telling_done *done, void *context,
                                                  struct gen_telling **out, struct gen_error *err);
/* Ends it sooner; `done` follows all the same. */
void gen_messenger_hurry(struct gen_telling *telling);

#endif
