/* messenger.c - see messenger.h. A row of a table for each kind of subscriber. */
#include "engine/messenger.h"

#include "base/alloc.h"
#include "engine/cloud_event.h"
#include "engine/pace.h"
#include "platform/files.h"
#include "platform/log.h"
#include "platform/process.h"
#include "platform/webhook_signature.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    MESSENGER_TIMEOUT_MS = 20000,
    MESSENGER_CONNECT_MS = 10000,
    MESSENGER_ANSWER_MOST = 16 * 1024,
    MAIL_TIMEOUT_MS = 60000,
    HTTP_GONE = 410,
};

struct gen_telling {
    const struct gen_messenger *messenger;
    struct gen_telling_order order;
    gen_telling_done *done;
    void *context;
    struct gen_arena *arena;
    struct gen_http_call *call;
    struct gen_process *process;
    const char *file; /* of a mail; NULL = none */
    int64_t began_ms;
    struct gen_telling_verdict verdict;
    char note[GEN_SUBSCRIBER_NOTE_MOST];
};

/* -------------------------------------------------------------------------------------- the end -- */

static void telling_end(void *context)
{
    struct gen_telling *telling = context;

    telling->verdict.note = telling->note;
    telling->verdict.took_ms = gen_clock_monotonic(telling->messenger->clock) - telling->began_ms;
    if (telling->file != NULL) {
        (void)unlink(telling->file);
    }
    telling->done(telling->context, &telling->verdict);
    gen_arena_destroy(telling->arena);
    gen_free(telling);
}

static void telling_note(struct gen_telling *telling, enum gen_delivery_outcome outcome,
                         const char *note)
{
    telling->verdict.outcome = outcome;
    (void)snprintf(telling->note, sizeof telling->note, "%.290s", note);
}

/* In a later turn, so that nobody is called from inside his own call. */
static enum gen_status telling_later(struct gen_telling *telling, struct gen_error *err)
{
    return gen_loop_post(telling->messenger->loop, telling_end, telling) == GEN_OK
               ? GEN_OK
               : gen_error_set(err, GEN_ENOMEM, "no memory to tell a subscriber");
}

static enum gen_status telling_failed(struct gen_telling *telling,
                                      enum gen_delivery_outcome outcome,
                                      const struct gen_error *why, struct gen_error *err)
{
    telling_note(telling, outcome, why->message);
    return telling_later(telling, err);
}

/* ------------------------------------------------------------------------------------- over HTTP -- */

static void telling_answered(struct gen_telling *telling, const struct gen_http_response *response)
{
    char note[GEN_SUBSCRIBER_NOTE_MOST];

    if (telling->order.subscriber->kind == GEN_SUBSCRIBER_STRIPE) {
        static const enum gen_delivery_outcome outcomes[] = {
            [GEN_METER_TAKEN] = GEN_DELIVERY_DELIVERED,
            [GEN_METER_AGAIN] = GEN_DELIVERY_FAILED,
            [GEN_METER_NEVER] = GEN_DELIVERY_SET_ASIDE,
        };

        telling_note(telling,
                     outcomes[gen_meter_event_judge(response->status, response->body,
                                                    response->body_size, note)],
                     note);
    } else if (response->status >= 200 && response->status < 300) {
        telling_note(telling, GEN_DELIVERY_DELIVERED, "");
    } else {
        (void)snprintf(note, sizeof note, "answered %d%s", response->status,
                       response->status >= 300 && response->status < 400
                           ? "; redirects are not followed: set the new URL"
                           : "");
        telling_note(telling, GEN_DELIVERY_FAILED, note);
        telling->verdict.park = response->status == HTTP_GONE;
    }
}

static void telling_on_end(void *context, const struct gen_http_response *response)
{
    struct gen_telling *telling = context;
    const struct gen_messenger *messenger = telling->messenger;
    /* An answer that was cut at our limit has its status all the same. */
    bool answered = response->fate == GEN_HTTP_ANSWERED || response->fate == GEN_HTTP_PARTIAL;

    telling->call = NULL;
    telling->verdict.sent = response->fate != GEN_HTTP_NOT_SENT;
    telling->verdict.status = response->status;
    if (answered) {
        telling->verdict.pause_ms = gen_pace_pause(response->status, response->headers,
                                                   response->header_count,
                                                   gen_clock_now(messenger->clock));
        telling_answered(telling, response);
    } else {
        telling_note(telling, GEN_DELIVERY_FAILED, response->reason);
    }
    telling_end(telling);
}

static enum gen_status telling_send(struct gen_telling *telling, struct gen_http_request *request,
                                    struct gen_error *err)
{
    const struct gen_messenger *messenger = telling->messenger;
    struct gen_error why = {0};

    request->method = "POST";
    request->allow_private = telling->order.subscriber->kind == GEN_SUBSCRIBER_STRIPE
                                 ? messenger->meter->allow_private
                                 : messenger->allow_private;
    request->connect_timeout_ms = MESSENGER_CONNECT_MS;
    request->timeout_ms = MESSENGER_TIMEOUT_MS;
    request->body_limit = MESSENGER_ANSWER_MOST;
    request->on_end = telling_on_end;
    request->context = telling;
    if (gen_http_send(messenger->http, request, &telling->call, &why) == GEN_OK) {
        return GEN_OK;
    }
    return telling_failed(telling, GEN_DELIVERY_FAILED, &why, err);
}

/* The secrets that sign now: the new one, and the old one for a while. */
static enum gen_status webhook_secret(const struct gen_telling *telling, const char *kept,
                                      char *out, struct gen_error *err)
{
    const struct gen_subscriber_secrets *secrets = telling->messenger->secrets;

    out[0] = '\0';
    if (kept[0] == '\0') {
        return GEN_OK;
    }
    if (secrets != NULL) {
        return secrets->open(secrets->context, telling->order.subscriber->id, kept, out,
                             GEN_WEBHOOK_SECRET_SIZE, err);
    }
    (void)snprintf(out, GEN_WEBHOOK_SECRET_SIZE, "%s", kept);
    return GEN_OK;
}

static enum gen_status webhook_sign(struct gen_telling *telling,
                                    const struct gen_webhook_message *message, gen_moment now,
                                    const char **out, struct gen_error *err)
{
    const struct gen_subscriber *subscriber = telling->order.subscriber;
    char texts[GEN_WEBHOOK_SECRETS_MOST][GEN_WEBHOOK_SECRET_SIZE] = {"", ""};
    const char *secrets[] = {texts[0], texts[1]};
    enum gen_status status = webhook_secret(telling, subscriber->secret, texts[0], err);

    if (status == GEN_OK && now < subscriber->secret_until) {
        status = webhook_secret(telling, subscriber->secret_before, texts[1], err);
    }
    if (status == GEN_OK) {
        status = gen_webhook_sign(secrets, GEN_COUNT(secrets), message, telling->arena, out, err);
    }
    gen_crypto_wipe(texts, sizeof texts);
    return status;
}

static enum gen_status tell_webhook(struct gen_telling *telling, struct gen_error *err)
{
    const struct gen_outbox_event *event = telling->order.event;
    gen_moment now = gen_clock_now(telling->messenger->clock);
    struct gen_webhook_message message = {.id = event->id.text};
    const char *signatures = NULL, *body = NULL;
    struct gen_error why = {0};
    enum gen_status status = gen_cloud_event_text(event, telling->arena, &body, &message.size,
                                                  &why);

    message.body = body;
    message.timestamp = gen_arena_printf(telling->arena, "%" PRId64, now / 1000);
    if (status == GEN_OK && message.timestamp != NULL) {
        status = webhook_sign(telling, &message, now, &signatures, &why);
    }
    if (status != GEN_OK || message.timestamp == NULL) {
        return status == GEN_ENOMEM || message.timestamp == NULL
                   ? gen_error_set(err, GEN_ENOMEM, "no memory to tell a webhook")
                   : telling_failed(telling, GEN_DELIVERY_FAILED, &why, err);
    }
    {
        struct gen_http_header headers[] = {
            {"content-type", GEN_CLOUD_EVENT_TYPE},
            {"webhook-id", message.id},
            {"webhook-timestamp", message.timestamp},
            {"webhook-signature", signatures},
        };
        struct gen_http_request request = {.url = telling->order.subscriber->url,
                                           .headers = headers,
                                           .header_count = GEN_COUNT(headers),
                                           .body = body,
                                           .body_size = message.size};

        return telling_send(telling, &request, err);
    }
}

/* --------------------------------------------------------------------------------------- Stripe -- */

static enum gen_status stripe_usage(struct gen_telling *telling, struct gen_meter_usage *usage,
                                    struct gen_error *err)
{
    const struct gen_messenger *messenger = telling->messenger;
    const struct gen_outbox_event *event = telling->order.event;
    int64_t ordered_ms = 0;

    if (messenger->meter->unit == GEN_METER_SECONDS &&
        gen_read_ordered(messenger->store, gen_meter_event_attempt(event, telling->arena),
                         &ordered_ms, err) == GEN_ECORRUPT) {
        return GEN_ECORRUPT;
    }
    return gen_meter_event_read(messenger->meter, event, ordered_ms, telling->arena, usage, err);
}

/* Too late to be sent for sure only once, or too late for Stripe. */
static enum gen_status stripe_time(const struct gen_telling *telling, struct gen_error *err)
{
    gen_moment now = gen_clock_now(telling->messenger->clock);
    gen_moment since = telling->order.trying_since;

    if (since != 0 && now - since > GEN_METER_AGAIN_MS) {
        return gen_error_set(err, GEN_EDENIED,
                             "it was tried for a day, and Stripe drops repeats for a day only; "
                             "look whether Stripe has it before it is told again");
    }
    if (now - telling->order.event->at > GEN_METER_OLDEST_MS) {
        return gen_error_set(err, GEN_EDENIED,
                             "it is older than the 35 days that Stripe takes; bill it by hand");
    }
    return GEN_OK;
}

static enum gen_status stripe_send(struct gen_telling *telling, const struct gen_meter_usage *usage,
                                   const struct gen_secret *key, struct gen_error *err)
{
    const struct gen_meter_settings *meter = telling->messenger->meter;
    struct gen_arena *arena = telling->arena;
    const char *base = meter->base != NULL && meter->base[0] != '\0' ? meter->base : GEN_METER_BASE;
    const char *form = gen_meter_event_form(meter, usage, arena);
    struct gen_http_header headers[] = {
        {"content-type", "application/x-www-form-urlencoded"},
        {"authorization", gen_arena_printf(arena, "Bearer %s", key->text)},
        /* The same key would give the same answer again, a 500 too; the identifier keeps it single. */
        {"idempotency-key",
         gen_arena_printf(arena, "%s-%d", usage->identifier, (int)telling->order.attempt)},
        {"stripe-version", meter->version},
    };
    bool versioned = meter->version != NULL && meter->version[0] != '\0';
    struct gen_http_request request = {
        .url = gen_arena_printf(arena, "%s" GEN_METER_PATH, base),
        .headers = headers,
        .header_count = GEN_COUNT(headers) - (versioned ? 0 : 1),
        .body = form,
        .body_size = form == NULL ? 0 : strlen(form),
        .once = true, /* curl is not to repeat it on its own */
    };
    enum gen_status status;

    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "no memory to tell Stripe");
    }
    status = telling_send(telling, &request, err);
    gen_crypto_wipe((char *)(uintptr_t)headers[1].value, strlen(headers[1].value));
    return status;
}

static enum gen_status tell_stripe(struct gen_telling *telling, struct gen_error *err)
{
    const struct gen_messenger *messenger = telling->messenger;
    struct gen_meter_usage usage = {.none = true};
    struct gen_secret key;
    struct gen_error why = {0};
    enum gen_status status = messenger->meter == NULL
                                 ? gen_error_set(&why, GEN_EUNSUPPORTED, "Stripe is not set up")
                                 : stripe_usage(telling, &usage, &why);

    if (status == GEN_OK && usage.none) {
        telling->verdict.dropped = true;
        telling_note(telling, GEN_DELIVERY_DELIVERED, "");
        return telling_later(telling, err);
    }
    if (status == GEN_OK) {
        status = stripe_time(telling, &why);
    }
    if (status == GEN_ENOTFOUND || status == GEN_EDENIED || status == GEN_ECORRUPT) {
        return telling_failed(telling, GEN_DELIVERY_SET_ASIDE, &why, err);
    }
    if (status == GEN_OK) {
        status = messenger->keyring == NULL
                     ? gen_error_set(&why, GEN_ENOTFOUND, "there are no secrets")
                     : gen_keyring_find(messenger->keyring, messenger->meter->credential, &key,
                                        &why);
    }
    return status == GEN_OK ? stripe_send(telling, &usage, &key, err)
                            : telling_failed(telling, GEN_DELIVERY_FAILED, &why, err);
}

/* ---------------------------------------------------------------------------------- mail and log -- */

static void mail_on_exit(void *context, const struct gen_process_end *end)
{
    struct gen_telling *telling = context;
    char note[GEN_SUBSCRIBER_NOTE_MOST];

    telling->process = NULL;
    if (end->exit_code == 0 && !end->timed_out && !end->killed) {
        telling_note(telling, GEN_DELIVERY_DELIVERED, "");
    } else {
        (void)snprintf(note, sizeof note, "sendmail ended with %d%s: %.200s",
                       end->exit_code >= 0 ? end->exit_code : 128 + end->signal,
                       end->timed_out ? " (it took too long)" : "", end->errors);
        telling_note(telling, GEN_DELIVERY_FAILED, note);
    }
    telling_end(telling);
}

/* Nothing of an event can begin another header: its texts stand in the body, as JSON. */
static const char *mail_text(const struct gen_telling *telling, const char *document)
{
    const struct gen_outbox_event *event = telling->order.event;
    const char *from = telling->messenger->mail_from;
    char when[GEN_MOMENT_TEXT_SIZE];

    return gen_arena_printf(
        telling->arena,
        "%s%s%sTo: %s\nSubject: [genengine] %s\nMessage-ID: <%s@genengine>\nMIME-Version: 1.0\n"
        "Auto-Submitted: auto-generated\nContent-Type: text/plain; charset=utf-8\n\n"
        "%s at %s: %s\n\nOrganization: %s\nJob: %s\n\n%s\n",
        from != NULL && from[0] != '\0' ? "From: " : "", from != NULL ? from : "",
        from != NULL && from[0] != '\0' ? "\n" : "", telling->order.subscriber->url, event->kind,
        event->id.text, event->kind, gen_moment_text(event->at, when),
        gen_event_meaning(gen_event_of(event->kind)), event->organization,
        event->job[0] != '\0' ? event->job : "-", document);
}

static enum gen_status tell_mail(struct gen_telling *telling, struct gen_error *err)
{
    const struct gen_messenger *messenger = telling->messenger;
    /* sendmail reads its standard input, which a child of ours does not have. */
    const char *arguments[] = {
        "/bin/sh", "-c", "exec \"$1\" -t -i < \"$2\"", "sh", messenger->sendmail, NULL, NULL};
    static const char *const environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
    struct gen_process_spec spec = {.arguments = arguments,
                                    .environment = environment,
                                    .timeout_ms = MAIL_TIMEOUT_MS,
                                    .on_exit = mail_on_exit,
                                    .context = telling};
    const char *document = NULL, *text = NULL;
    struct gen_error why = {0};
    size_t size = 0;
    enum gen_status status =
        messenger->sendmail == NULL || messenger->sendmail[0] == '\0'
            ? gen_error_set(&why, GEN_EUNSUPPORTED, "no sendmail is set in gend.yaml")
            : gen_cloud_event_text(telling->order.event, telling->arena, &document, &size, &why);

    if (status == GEN_OK) {
        text = mail_text(telling, document);
        arguments[5] = gen_arena_printf(telling->arena, "%s/mail-%s", messenger->scratch,
                                        telling->order.event->id.text);
        status = gen_arena_failed(telling->arena)
                     ? gen_error_set(&why, GEN_ENOMEM, "no memory for a mail")
                     : gen_files_write(arguments[5], text, strlen(text), 0600, &why);
    }
    if (status == GEN_OK) {
        telling->file = arguments[5];
        status = gen_process_start(messenger->loop, &spec, &telling->process, &why);
    }
    return status == GEN_OK ? GEN_OK : telling_failed(telling, GEN_DELIVERY_FAILED, &why, err);
}

static enum gen_status tell_log(struct gen_telling *telling, struct gen_error *err)
{
    const struct gen_outbox_event *event = telling->order.event;

    gen_log_line(telling->messenger->log, GEN_LEVEL_WARN, "alert",
                 gen_event_meaning(gen_event_of(event->kind)), "kind", event->kind, "event",
                 event->id.text, "organization", event->organization, "job",
                 event->job[0] != '\0' ? event->job : NULL, "data", event->data, NULL);
    telling_note(telling, GEN_DELIVERY_DELIVERED, "");
    return telling_later(telling, err);
}

/* ------------------------------------------------------------------------------------- beginning -- */

enum gen_status gen_messenger_tell(const struct gen_messenger *messenger,
                                   const struct gen_telling_order *order, gen_telling_done *done,
                                   void *context, struct gen_telling **out, struct gen_error *err)
{
    static enum gen_status (*const kinds[])(struct gen_telling *, struct gen_error *) = {
        [GEN_SUBSCRIBER_WEBHOOK] = tell_webhook,
        [GEN_SUBSCRIBER_STRIPE] = tell_stripe,
        [GEN_SUBSCRIBER_MAIL] = tell_mail,
        [GEN_SUBSCRIBER_LOG] = tell_log,
    };
    struct gen_telling *telling = gen_alloc(sizeof *telling);
    enum gen_status status = GEN_ENOMEM;

    GEN_CHECK(order->subscriber->kind >= GEN_SUBSCRIBER_WEBHOOK &&
              order->subscriber->kind <= GEN_SUBSCRIBER_LOG);
    if (telling == NULL || (telling->arena = gen_arena_create(0)) == NULL) {
        gen_free(telling);
        return gen_error_set(err, GEN_ENOMEM, "no memory to tell a subscriber");
    }
    telling->messenger = messenger;
    telling->order = *order;
    telling->done = done;
    telling->context = context;
    telling->began_ms = gen_clock_monotonic(messenger->clock);
    *out = telling; /* now: it may end before kinds[] returns only in a later turn */
    status = kinds[order->subscriber->kind](telling, err);
    if (status != GEN_OK) {
        *out = NULL;
        if (telling->file != NULL) {
            (void)unlink(telling->file);
        }
        gen_arena_destroy(telling->arena);
        gen_free(telling);
    }
    return status;
}

void gen_messenger_hurry(struct gen_telling *telling)
{
    if (telling->call != NULL) {
        gen_http_cancel(telling->call);
    } else if (telling->process != NULL) {
        gen_process_kill(telling->process);
    }
}
