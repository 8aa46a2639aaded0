/* meter_event.c - see meter_event.h. */
#include "engine/meter_event.h"

#include "model/ledger.h"
#include "platform/json_reader.h"
#include "store/document.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct gen_choice gen_meter_units[] = {
    {"micros", GEN_METER_MICROS, "micro-dollars, exactly"},
    {"cents", GEN_METER_CENTS, "cents, each charge rounded to the nearest"},
    {"seconds", GEN_METER_SECONDS, "seconds of video ordered, rounded up"},
    {NULL, 0, NULL},
};

/* ------------------------------------------------------------------------------------ the usage -- */

static const char *meter_customer(const struct gen_meter_settings *settings,
                                  const struct gen_outbox_event *event)
{
    const char *whole = NULL;

    for (size_t i = 0; i < settings->customer_count; i++) {
        const struct gen_meter_customer *row = &settings->customers[i];

        if (strcmp(row->organization, event->organization) != 0) {
            continue;
        }
        if (row->team[0] != '\0' && strcmp(row->team, event->team) == 0) {
            return row->customer;
        }
        whole = row->team[0] == '\0' ? row->customer : whole;
    }
    return whole;
}

static int64_t meter_value(enum gen_meter_unit unit, gen_micros amount, int64_t ordered_ms)
{
    const int64_t cent = GEN_MICROS_PER_DOLLAR / 100;

    switch (unit) {
    case GEN_METER_CENTS:
        return (amount + cent / 2) / cent;
    case GEN_METER_SECONDS:
        return (ordered_ms + 999) / 1000;
    case GEN_METER_MICROS:
    default:
        return amount;
    }
}

static enum gen_status meter_data(const struct gen_outbox_event *event, struct gen_arena *arena,
                                  struct gen_node **out, struct gen_error *err)
{
    return gen_document_json(arena, event->data, "data", event->id.text, out, err);
}

bool gen_meter_event_wants(const struct gen_outbox_event *event)
{
    /* Our own compact JSON: inside of texts the quotes would have a backslash. */
    return strstr(event->data, "\"kind\":\"charge\"") != NULL ||
           strstr(event->data, "\"kind\":\"refund\"") != NULL;
}

const char *gen_meter_event_attempt(const struct gen_outbox_event *event, struct gen_arena *arena)
{
    struct gen_node *data = NULL;

    return meter_data(event, arena, &data, NULL) == GEN_OK
               ? gen_node_text(gen_node_get(data, "attemptId"), "")
               : "";
}

enum gen_status gen_meter_event_read(const struct gen_meter_settings *settings,
                                     const struct gen_outbox_event *event, int64_t ordered_ms,
                                     struct gen_arena *arena, struct gen_meter_usage *out,
                                     struct gen_error *err)
{
    struct gen_node *data = NULL;
    gen_micros amount = 0;
    const char *kind;
    bool refund;
    enum gen_status status = meter_data(event, arena, &data, err);

    *out = (struct gen_meter_usage){.none = true, .at = event->at};
    if (status != GEN_OK) {
        return status;
    }
    kind = gen_node_text(gen_node_get(data, "kind"), "");
    refund = strcmp(kind, "refund") == 0;
    if (!refund && strcmp(kind, "charge") != 0) {
        return GEN_OK;
    }
    if (gen_node_dollars(gen_node_get(data, "amount"), &amount, err) != GEN_OK) {
        return gen_error_set(err, GEN_ECORRUPT, "event %s has no amount", event->id.text);
    }
    out->value = meter_value(settings->unit, amount, ordered_ms) * (refund ? -1 : 1);
    if (out->value == 0 || (refund && settings->unit == GEN_METER_SECONDS)) {
        return GEN_OK; /* seconds that were rendered stay rendered */
    }
    out->none = false;
    out->identifier = gen_node_text(gen_node_get(data, "entryId"), event->id.text);
    out->customer = meter_customer(settings, event);
    if (out->customer == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "no customer stands for organization %.80s%s%.80s; add it to "
                             "stripe.customers in gend.yaml, restart, and resume",
                             event->organization, event->team[0] != '\0' ? ", team " : "",
                             event->team);
    }
    return GEN_OK;
}

/* ------------------------------------------------------------------------------------- the form -- */

static void form_pair(struct gen_bytes *out, const char *key, const char *value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

    gen_bytes_printf(out, "%s%s=", out->size > 0 ? "&" : "", key);
    for (; *value != '\0'; value++) {
        if (strchr(plain, *value) != NULL) {
            gen_bytes_append(out, value, 1);
        } else {
            gen_bytes_printf(out, "%%%02X", (unsigned)(unsigned char)*value);
        }
    }
}

const char *gen_meter_event_form(const struct gen_meter_settings *settings,
                                 const struct gen_meter_usage *usage, struct gen_arena *arena)
{
    char number[24];
    struct gen_bytes text;
    const char *form = NULL;

    gen_bytes_init(&text, 8192);
    form_pair(&text, "event_name", settings->event_name);
    form_pair(&text, "identifier", usage->identifier);
    (void)snprintf(number, sizeof number, "%" PRId64, usage->at / 1000);
    form_pair(&text, "timestamp", number);
    form_pair(&text, "payload[stripe_customer_id]", usage->customer);
    (void)snprintf(number, sizeof number, "%" PRId64, usage->value);
    form_pair(&text, "payload[value]", number);
    if (gen_bytes_status(&text) == GEN_OK) {
        form = gen_arena_strdup(arena, text.data);
    }
    gen_bytes_fini(&text);
    return form;
}

/* ----------------------------------------------------------------------------------- the answer -- */

enum gen_meter_verdict gen_meter_event_judge(int status, const char *body, size_t size, char *note)
{
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *document = NULL, *problem = NULL;
    const char *message = "", *code = "";
    enum gen_meter_verdict verdict;

    note[0] = '\0';
    if (arena != NULL && gen_json_read(body, size, NULL, arena, &document, NULL) == GEN_OK) {
        problem = gen_node_get(document, "error");
        message = gen_node_text(gen_node_get(problem, "message"), "");
        code = gen_node_text(gen_node_get(problem, "code"), "");
    }
    if (status >= 200 && status < 300) {
        verdict = GEN_METER_TAKEN;
    } else if ((status == 400 || status == 409) &&
               (strcmp(code, "duplicate_meter_event") == 0 ||
                strcmp(code, "resource_already_exists") == 0 ||
                strstr(message, "already exists with identifier") != NULL)) {
        verdict = GEN_METER_TAKEN;
    } else if (status == 400 || status == 402 || status == 404 || status == 422) {
        verdict = GEN_METER_NEVER;
    } else { /* 401 and 403: the key, 409: the same one is under way, 429, 5xx, and what nobody expects */
        verdict = GEN_METER_AGAIN;
    }
    if (verdict != GEN_METER_TAKEN) {
        (void)snprintf(note, GEN_SUBSCRIBER_NOTE_MOST, "Stripe answered %d%s%.40s%s%.200s", status,
                       code[0] != '\0' ? " " : "", code, message[0] != '\0' ? ": " : "", message);
    }
    gen_arena_destroy(arena);
    return verdict;
}
