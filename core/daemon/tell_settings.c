/* tell_settings.c - see tell_settings.h. */
#include "daemon/tell_settings.h"

#include <string.h>

static const char alerts_usual[] =
    "budget.* ledger.drift provider.price_drift policy.refused subscriber.* "
    "job.needs_attention";

#define ALERT(member) .offset = offsetof(struct gen_tell_alert, member)
#define STRIPE(member) .offset = offsetof(struct gen_tell_stripe, member)
#define CUSTOMER(member) .offset = offsetof(struct gen_tell_customer, member)
#define MAIL(member) .offset = offsetof(struct gen_tell_mail, member)
#define WEBHOOKS(member) .offset = offsetof(struct gen_tell_webhooks, member)

static const struct gen_field alert_fields[] = {
    {.key = "events",
     .type = GEN_FIELD_TEXTS,
     ALERT(events),
     .flags = GEN_FIELD_REQUIRED,
     .min = 1,
     .max = 40,
     .help = "Kinds of events: budget.alert, or budget.* for all that begin so."},
    {.key = "to",
     .type = GEN_FIELD_TEXTS,
     ALERT(to),
     .flags = GEN_FIELD_REQUIRED,
     .min = 1,
     .max = 16,
     .help = "Where they go: log, or mail:ADDRESS (webhooks choose their own events)."},
    {.type = GEN_FIELD_END},
};

/* A place that the outbox can be told: no space, quote or control character gets into a mail's header. */
static enum gen_status alert_check(void *object, const struct gen_node *node,
                                   struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_tell_alert *alert = object;

    (void)node;
    (void)arena;
    for (size_t i = 0; i < alert->to.count; i++) {
        const char *to = alert->to.items[i];
        bool mail = strncmp(to, "mail:", 5) == 0;
        static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                    "0123456789.!#$%&'*+/=?^_`{|}~@-";

        if (strcmp(to, "log") == 0 ||
            (mail && strlen(to) < GEN_SUBSCRIBER_ID_SIZE && to[5] != '-' &&
             strchr(to + 5, '@') != NULL && to[5 + strspn(to + 5, plain)] == '\0')) {
            continue;
        }
        gen_error_set(err, GEN_EINVAL,
                      "\"%.60s\" is no place for alerts: log, or mail:ADDRESS of at most %d "
                      "characters",
                      to, GEN_SUBSCRIBER_ID_SIZE - 6);
        gen_error_place(err, NULL, 0, 0, "to");
        return GEN_EINVAL;
    }
    return GEN_OK;
}

const struct gen_record gen_tell_alert_record = {.name = "alert",
                                                 .size = sizeof(struct gen_tell_alert),
                                                 .fields = alert_fields,
                                                 .check = alert_check,
                                                 .help = "Events that people are told of."};

static const struct gen_field customer_fields[] = {
    {.key = "organization",
     .type = GEN_FIELD_TEXT,
     CUSTOMER(organization),
     .flags = GEN_FIELD_REQUIRED,
     .min = 1,
     .max = 128,
     .help = "Id of the organization."},
    {.key = "team",
     .type = GEN_FIELD_TEXT,
     CUSTOMER(team),
     .min = 1,
     .max = 128,
     .help = "One of its teams; without it, all that have no row of their own."},
    {.key = "customer",
     .type = GEN_FIELD_TEXT,
     CUSTOMER(customer),
     .flags = GEN_FIELD_REQUIRED,
     .min = 1,
     .max = 100,
     .help = "Id of the customer at Stripe, cus_..."},
    {.type = GEN_FIELD_END},
};

static const struct gen_record customer_record = {.name = "customer",
                                                  .size = sizeof(struct gen_tell_customer),
                                                  .fields = customer_fields,
                                                  .help = "Who pays for whom."};

static const struct gen_field stripe_fields[] = {
    {.key = "event",
     .type = GEN_FIELD_TEXT,
     STRIPE(event),
     .flags = GEN_FIELD_REQUIRED,
     .min = 1,
     .max = 100,
     .help = "Event name of the billing meter."},
    {.key = "credential",
     .type = GEN_FIELD_TEXT,
     STRIPE(credential),
     .preset = "stripe",
     .min = 1,
     .max = 40,
     .help = "Name of the secret with the API key."},
    {.key = "unit",
     .type = GEN_FIELD_CHOICE,
     STRIPE(unit),
     .choices = gen_meter_units,
     .preset = "micros",
     .help = "What is counted: micros, cents, or seconds of video."},
    {.key = "version",
     .type = GEN_FIELD_TEXT,
     STRIPE(version),
     .min = 1,
     .max = 40,
     .help = "Stripe-Version to send; the account's own by default."},
    {.key = "url",
     .type = GEN_FIELD_TEXT,
     STRIPE(base),
     .preset = GEN_METER_BASE,
     .min = 8,
     .max = 200,
     .help = "Where the API is."},
    {.key = "customers",
     .type = GEN_FIELD_RECORDS,
     STRIPE(customers),
     .record = &customer_record,
     .max = 10000,
     .help = "Which organization and team is which customer."},
    {.type = GEN_FIELD_END},
};

const struct gen_record gen_tell_stripe_record = {.name = "stripe",
                                                  .size = sizeof(struct gen_tell_stripe),
                                                  .fields = stripe_fields,
                                                  .help = "Charges go to a billing meter."};

static const struct gen_field mail_fields[] = {
    {.key = "sendmail",
     .type = GEN_FIELD_TEXT,
     MAIL(sendmail),
     .preset = "/usr/sbin/sendmail",
     .min = 1,
     .max = 900,
     .help = "Program that takes a mail on its standard input (-t -i)."},
    {.key = "from",
     .type = GEN_FIELD_TEXT,
     MAIL(from),
     .min = 3,
     .max = 200,
     .help = "Sender's address; what sendmail says by default."},
    {.type = GEN_FIELD_END},
};

static enum gen_status mail_check(void *object, const struct gen_node *node,
                                  struct gen_arena *arena, struct gen_error *err)
{
    const struct gen_tell_mail *mail = object;

    (void)node;
    (void)arena;
    if (mail->from != NULL && strpbrk(mail->from, "\r\n") != NULL) {
        gen_error_set(err, GEN_EINVAL, "must be an address on one line");
        gen_error_place(err, NULL, 0, 0, "from");
        return GEN_EINVAL;
    }
    return GEN_OK;
}

const struct gen_record gen_tell_mail_record = {.name = "mail",
                                                .size = sizeof(struct gen_tell_mail),
                                                .fields = mail_fields,
                                                .check = mail_check,
                                                .help = "How mails leave this machine."};

static const struct gen_field webhooks_fields[] = {
    {.key = "parkAfter",
     .type = GEN_FIELD_INT,
     WEBHOOKS(park_h),
     .preset = "120",
     .min = 1,
     .max = 8760,
     .help = "Hours of failures after which deliveries rest until somebody resumes them."},
    {.key = "allowPrivate",
     .type = GEN_FIELD_BOOL,
     WEBHOOKS(allow_private),
     .help = "Webhooks may go to private addresses and over plain http."},
    {.type = GEN_FIELD_END},
};

const struct gen_record gen_tell_webhooks_record = {.name = "webhooks",
                                                    .size = sizeof(struct gen_tell_webhooks),
                                                    .fields = webhooks_fields,
                                                    .help = "How webhooks are told."};

/* ---------------------------------------------------------------------------- the outbox's terms -- */

static const char *text_or_none(const char *text)
{
    return text == NULL ? "" : text;
}

static const struct gen_meter_settings *apply_stripe(const struct gen_tell_settings *settings,
                                                     struct gen_arena *arena)
{
    const struct gen_tell_stripe *stripe = settings->stripe;
    struct gen_meter_settings *meter;
    struct gen_meter_customer *rows;
    const struct gen_tell_customer *from = stripe->customers.items;

    if (stripe->event == NULL) {
        return NULL;
    }
    meter = gen_arena_alloc(arena, sizeof *meter);
    rows = gen_arena_array(arena, stripe->customers.count + 1, sizeof *rows);
    for (size_t i = 0; rows != NULL && i < stripe->customers.count; i++) {
        rows[i] = (struct gen_meter_customer){from[i].organization, text_or_none(from[i].team),
                                              from[i].customer};
    }
    if (meter != NULL) {
        *meter = (struct gen_meter_settings){.credential = stripe->credential,
                                             .event_name = stripe->event,
                                             .version = text_or_none(stripe->version),
                                             .base = text_or_none(stripe->base),
                                             .unit = (enum gen_meter_unit)stripe->unit,
                                             .allow_private = settings->allow_private,
                                             .customers = rows,
                                             .customer_count = stripe->customers.count};
    }
    return meter;
}

static const char *alert_patterns(const struct gen_texts *events, struct gen_arena *arena)
{
    const char *all = "";

    for (size_t i = 0; i < events->count && all != NULL; i++) {
        all = gen_arena_printf(arena, "%s%s%s", all, i > 0 ? " " : "", events->items[i]);
    }
    return all;
}

static void apply_alerts(const struct gen_tell_settings *settings, struct gen_arena *arena,
                         struct gen_outbox_options *out)
{
    const struct gen_tell_alert *from = settings->alerts->items;
    struct gen_alert_route *routes;
    size_t count = 0;

    for (size_t i = 0; i < settings->alerts->count; i++) {
        count += from[i].to.count;
    }
    routes = gen_arena_array(arena, count + 1, sizeof *routes);
    if (routes == NULL) {
        return;
    }
    if (count == 0) {
        routes[0] = (struct gen_alert_route){alerts_usual, "log"};
        out->alert_count = 1;
    }
    for (size_t i = 0; i < settings->alerts->count; i++) {
        const char *kinds = alert_patterns(&from[i].events, arena);

        for (size_t k = 0; k < from[i].to.count; k++) {
            routes[out->alert_count++] = (struct gen_alert_route){kinds, from[i].to.items[k]};
        }
    }
    out->alerts = routes;
}

enum gen_status gen_tell_settings_apply(const struct gen_tell_settings *settings,
                                        struct gen_arena *arena, struct gen_outbox_options *out,
                                        struct gen_error *err)
{
    out->messenger.meter = apply_stripe(settings, arena);
    out->messenger.sendmail = text_or_none(settings->mail->sendmail);
    out->messenger.mail_from = text_or_none(settings->mail->from);
    out->messenger.allow_private = settings->webhooks->allow_private;
    out->park_ms = settings->webhooks->park_h * 3600 * 1000;
    apply_alerts(settings, arena, out);
    return gen_arena_failed(arena) ? gen_error_set(err, GEN_ENOMEM, "out of memory") : GEN_OK;
}
