/* tell_settings.h - whom gend tells of events, as gend.yaml says it: alerts, Stripe, mail, webhooks.
 *
 * Thread: [any]. Floor: daemon. Tests: tests/unit/daemon/tell_settings_test.c
 */
#ifndef GEN_DAEMON_TELL_SETTINGS_H
#define GEN_DAEMON_TELL_SETTINGS_H

#include "base/record.h"
#include "engine/outbox.h"

struct gen_tell_alert { /* a row of `alerts` */
    struct gen_texts events, to;
};

struct gen_tell_stripe {
    const char *credential, *event, *version, *base; /* event NULL = no Stripe */
    int unit;                                        /* enum gen_meter_unit */
    struct gen_records customers;                    /* struct gen_tell_customer */
};

struct gen_tell_customer {
    const char *organization, *team, *customer;
};

struct gen_tell_mail {
    const char *sendmail, *from;
};

struct gen_tell_webhooks {
    int64_t park_h; /* hours */
    bool allow_private;
};

extern const struct gen_record gen_tell_alert_record;
extern const struct gen_record gen_tell_stripe_record;
extern const struct gen_record gen_tell_mail_record;
extern const struct gen_record gen_tell_webhooks_record;

struct gen_tell_settings { /* the parts of struct gen_settings that say it; borrowed */
    const struct gen_records *alerts;
    const struct gen_tell_stripe *stripe;
    const struct gen_tell_mail *mail;
    const struct gen_tell_webhooks *webhooks;
    bool allow_private; /* Stripe may be anywhere (tests) */
};

/* What the settings say, in the outbox's terms; texts live in the arena and in the settings. Without alerts
 * in the settings, what people should see goes to the log. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_tell_settings_apply(const struct gen_tell_settings *settings,
                                                       struct gen_arena *arena,
                                                       struct gen_outbox_options *out,
                                                       struct gen_error *err);

#endif
