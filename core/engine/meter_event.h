/* meter_event.h - a charge of the ledger as a usage event of Stripe's billing meters (POST
 * /v1/billing/meter_events), and what Stripe's answer means.
 *
 * The identifier is that of the ledger entry. Stripe drops a second event with it only for about a day, so
 * one whose fate has been unknown for longer is never sent again: a person looks. It sends nothing itself.
 *
 * Thread: [any]. Floor: engine. Tests: tests/unit/engine/meter_event_test.c
 */
#ifndef GEN_ENGINE_METER_EVENT_H
#define GEN_ENGINE_METER_EVENT_H

#include "base/choice.h"
#include "store/outbox_reading.h"

#define GEN_METER_BASE "https://api.stripe.com"
#define GEN_METER_PATH "/v1/billing/meter_events"
#define GEN_METER_AGAIN_MS (INT64_C(23) * 3600 * 1000) /* how long a repeat is dropped for sure */
#define GEN_METER_OLDEST_MS (INT64_C(34) * 24 * 3600 * 1000) /* Stripe takes 35 days */

enum gen_meter_unit {
    GEN_METER_MICROS = 1, /* micro-dollars */
    GEN_METER_CENTS,      /* rounded to the nearest */
    GEN_METER_SECONDS,    /* of video that was ordered, rounded up */
};
extern const struct gen_choice gen_meter_units[];

struct gen_meter_customer { /* who pays for whom; team "" = every team without a row of its own */
    const char *organization, *team, *customer;
};

struct gen_meter_settings { /* borrowed for the outbox's life */
    const char *credential; /* name of the secret */
    const char *event_name;
    const char *version; /* of the API; "" = the account's */
    const char *base;    /* "" = GEN_METER_BASE */
    enum gen_meter_unit unit;
    bool allow_private; /* it may be anywhere, over plain http (tests) */
    const struct gen_meter_customer *customers;
    size_t customer_count;
};

struct gen_meter_usage { /* texts in the arena */
    bool none;           /* nothing to be billed: no charge, or it rounds to nothing */
    const char *identifier, *customer;
    int64_t value;
    gen_moment at;
};

/* What a ledger event is in Stripe's terms. `ordered_ms`: video of its attempt, with SECONDS.
 * GEN_ENOTFOUND: nobody pays for this organization and team. GEN_ECORRUPT: the event is not a ledger
 * entry's. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_meter_event_read(const struct gen_meter_settings *settings,
                                                    const struct gen_outbox_event *event,
                                                    int64_t ordered_ms, struct gen_arena *arena,
                                                    struct gen_meter_usage *out,
                                                    struct gen_error *err);
/* Is it, at a glance, one that is billed: a charge or a refund? */
bool gen_meter_event_wants(const struct gen_outbox_event *event);

/* The attempt of a ledger event; "" = unknown. In the arena. */
const char *gen_meter_event_attempt(const struct gen_outbox_event *event, struct gen_arena *arena);

/* The form to post, in the arena; NULL when there is no memory. */
const char *gen_meter_event_form(const struct gen_meter_settings *settings,
                                 const struct gen_meter_usage *usage, struct gen_arena *arena);

enum gen_meter_verdict {
    GEN_METER_TAKEN = 1, /* also: it was taken before */
    GEN_METER_AGAIN,     /* later: too fast, their trouble, or our key */
    GEN_METER_NEVER,     /* this one will not be taken as it is: a person must look */
};
/* `note`: GEN_SUBSCRIBER_NOTE_MOST bytes, what Stripe says; "" when taken. */
enum gen_meter_verdict gen_meter_event_judge(int status, const char *body, size_t size, char *note);

#endif
