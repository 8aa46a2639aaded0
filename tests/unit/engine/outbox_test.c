/* outbox_test.c - at least once, in order, never lost: against a server that fails, lies, asks for pauses and
 * loses answers, and through kill -9. */
#include "unit/store/sample.h"

#include "engine/outbox.h"
#include "platform/http_server.h"
#include "platform/json_reader.h"
#include "platform/webhook_signature.h"
#include "store/reading.h"

#include <signal.h>
#include <sys/wait.h>

#define SECRET "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
#define SECRET_BEFORE "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY="

enum { CALLS = 600 };

struct call { /* as it came */
    char path[80], id[64], timestamp[32], signature[256], authorization[80], key[80], version[40];
    char body[1500];
    int status; /* that it got */
};

struct desk {
    struct sample sample;
    struct gen_http_client *http;
    struct gen_http_server *server;
    struct gen_outbox *outbox;
    struct gen_keyring *keyring;
    struct gen_clock clock;
    gen_moment shift; /* of the clock */
    struct call calls[CALLS];
    size_t count;
    const int *script; /* statuses to answer with, 0 = never; ended by -1; then 200 */
    int (*judge)(struct desk *desk, struct call *call); /* instead */
    const char *answer, *retry_after;
    struct gen_alert_route routes[3];
    size_t route_count;
    const struct gen_meter_settings *meter;
    const char *sendmail;
    char ids[CALLS][120]; /* what Stripe's simulator has booked */
    int64_t values[CALLS];
    size_t booked;
};

/* ------------------------------------------------------------------------------------ the server -- */

static void copy_header(char *out, size_t size, struct gen_exchange *exchange, const char *name)
{
    const char *value = gen_exchange_header(exchange, name);

    snprintf(out, size, "%s", value == NULL ? "" : value);
}

static void on_head(void *context, struct gen_exchange *exchange)
{
    (void)context;
    gen_exchange_accept(exchange, GEN_HTTP_BODY_MEMORY, 100000);
}

static void on_body(void *context, struct gen_exchange *exchange)
{
    struct desk *desk = context;
    struct call *call = &desk->calls[desk->count];
    int status = 200;

    cr_assert(desk->count < CALLS);
    snprintf(call->path, sizeof call->path, "%s", gen_exchange_path(exchange));
    copy_header(call->id, sizeof call->id, exchange, "webhook-id");
    copy_header(call->timestamp, sizeof call->timestamp, exchange, "webhook-timestamp");
    copy_header(call->signature, sizeof call->signature, exchange, "webhook-signature");
    copy_header(call->authorization, sizeof call->authorization, exchange, "authorization");
    copy_header(call->key, sizeof call->key, exchange, "idempotency-key");
    copy_header(call->version, sizeof call->version, exchange, "stripe-version");
    snprintf(call->body, sizeof call->body, "%s", gen_exchange_body(exchange, NULL));
    if (desk->script != NULL && *desk->script >= 0) {
        status = *desk->script++;
    } else if (desk->judge != NULL) {
        status = desk->judge(desk, call);
    }
    call->status = status;
    desk->count++;
    if (desk->retry_after != NULL && status == 429) {
        gen_exchange_reply_header(exchange, "Retry-After", desk->retry_after);
    }
    if (status >= 300 && status < 400) {
        gen_exchange_reply_header(exchange, "Location", "/elsewhere");
    }
    if (status != 0) {
        const char *answer = desk->answer == NULL ? "{}" : desk->answer;

        gen_exchange_reply(exchange, status, "application/json", answer, strlen(answer));
    }
}

static void on_end(void *context, struct gen_exchange *exchange)
{
    (void)context;
    (void)exchange;
}

static gen_moment desk_now(void *context)
{
    return gen_clock_now(gen_clock_real()) + ((struct desk *)context)->shift;
}

static int64_t desk_monotonic(void *context)
{
    (void)context;
    return gen_clock_monotonic(gen_clock_real());
}

static void desk_serve(struct desk *desk)
{
    struct gen_http_listen listen = {.address = "127.0.0.1"};
    struct gen_http_handler handler = {on_head, on_body, on_end, NULL, desk};

    OK(gen_http_server_create(desk->sample.loop, &listen, &handler, &desk->server, NULL));
}

static const char *desk_url(const struct desk *desk, const char *path)
{
    static char url[100];

    snprintf(url, sizeof url, "http://127.0.0.1:%d%s", gen_http_server_port(desk->server), path);
    return url;
}

/* -------------------------------------------------------------------------------- the outbox -- */

static void desk_start(struct desk *desk)
{
    struct gen_outbox_options options = {
        .messenger = {.loop = desk->sample.loop, .http = desk->http, .store = desk->sample.store,
                      .keyring = desk->keyring, .clock = &desk->clock, .meter = desk->meter,
                      .sendmail = desk->sendmail, .scratch = desk->sample.folder,
                      .allow_private = true},
        .random = gen_random_real(),
        .alerts = desk->routes, .alert_count = desk->route_count,
        .first_pause_ms = 2, .organization = "local"};

    OK(gen_outbox_create(&options, &desk->outbox, NULL));
}

static void desk_open(struct desk *desk)
{
    memset(desk, 0, sizeof *desk);
    desk->clock = (struct gen_clock){desk_now, desk_monotonic, desk};
    OK(gen_crypto_init(NULL));
    sample_open_with_loop(&desk->sample);
    OK(gen_http_client_create(desk->sample.loop, &desk->http, NULL));
    desk_serve(desk);
}

static void desk_close(struct desk *desk)
{
    gen_outbox_destroy(desk->outbox);
    while (gen_store_waiting(desk->sample.store) > 0) {
        gen_loop_turn(desk->sample.loop);
    }
    gen_http_server_destroy(desk->server);
    gen_http_client_destroy(desk->http);
    gen_keyring_destroy(desk->keyring);
    sample_close(&desk->sample);
}

static void apply_done(void *context, enum gen_status status, const struct gen_error *err,
                       int64_t last_event)
{
    (void)last_event;
    cr_assert(status == GEN_OK, "%s", err == NULL ? "" : err->message);
    *(bool *)context = true;
}

static void desk_apply(struct desk *desk, struct gen_changes *changes)
{
    bool done = false;

    OK(gen_store_commit(desk->sample.store, &changes, apply_done, &done, NULL));
    while (!done) {
        gen_loop_turn(desk->sample.loop);
    }
}

static void add_event(struct gen_changes *changes, int number, enum gen_event_kind kind,
                      const char *organization, const char *data)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);

    change->as.event = (struct gen_change_event){
        .id = sample_ident(GEN_IDENT_EVENT, number), .kind = kind, .organization = organization,
        .data = data, .at = gen_clock_now(gen_clock_real())};
}

static void desk_events(struct desk *desk, int from, int count, enum gen_event_kind kind)
{
    struct gen_changes *changes = gen_changes_create();

    for (int i = from; i < from + count; i++) {
        add_event(changes, i, kind, "org_1", "{\"assetId\":\"ast_1\"}");
    }
    desk_apply(desk, changes);
    gen_outbox_tell(desk->outbox, INT64_MAX - 1000000 + from);
}

static void desk_subscribe(struct desk *desk, const char *id, const char *kinds)
{
    struct gen_changes *changes = gen_changes_create();
    struct gen_subscriber row = {.kind = GEN_SUBSCRIBER_WEBHOOK, .organization = "org_1",
                                 .url = desk_url(desk, "/hook"), .kinds = kinds,
                                 .secret = SECRET, .state = GEN_SUBSCRIBER_ACTIVE,
                                 .position = -1, .version = 1};

    snprintf(row.id, sizeof row.id, "%s", id);
    gen_changes_subscriber(changes, GEN_CHANGE_SUBSCRIBER_ADD, &row);
    desk_apply(desk, changes);
    gen_outbox_refresh(desk->outbox);
}

/* A timer that rang is gone. */
static void desk_rang(void *context)
{
    *(struct gen_timer **)context = NULL;
}

static void desk_wait(struct desk *desk, size_t calls)
{
    int64_t until = gen_clock_monotonic(gen_clock_real()) + 20000;

    while (desk->count < calls && gen_clock_monotonic(gen_clock_real()) < until) {
        struct gen_timer *timer = gen_timer_start(desk->sample.loop, 50, desk_rang, &timer);

        gen_loop_turn(desk->sample.loop);
        gen_timer_cancel(&timer);
    }
    cr_assert(desk->count >= calls, "%zu of %zu calls", desk->count, calls);
}

/* Turns until nothing has come for a while. */
static void desk_settle(struct desk *desk, int ms)
{
    int64_t until = gen_clock_monotonic(gen_clock_real()) + ms;

    while (gen_clock_monotonic(gen_clock_real()) < until) {
        struct gen_timer *timer = gen_timer_start(desk->sample.loop, 5, desk_rang, &timer);

        gen_loop_turn(desk->sample.loop);
        gen_timer_cancel(&timer);
    }
}

static struct gen_subscriber desk_row(struct desk *desk, const char *organization, const char *id,
                                      struct gen_arena *arena)
{
    struct gen_subscriber row;

    OK(gen_read_subscriber(desk->sample.store, organization, id, arena, &row, NULL));
    return row;
}

static int64_t number_of(struct desk *desk, const char *sql)
{
    int64_t number = -1;

    OK(gen_database_number(gen_store_reader(desk->sample.store), sql, &number, NULL));
    return number;
}

/* ------------------------------------------------------------------------------------ webhooks -- */

Test(outbox, a_webhook_is_told_in_order_and_signed)
{
    static struct desk desk;
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *document = NULL;
    struct gen_webhook_message message;
    const char *secrets[] = {SECRET};

    desk_open(&desk);
    desk_start(&desk);
    desk_subscribe(&desk, "whk_1", "asset.*");
    desk_events(&desk, 1, 5, GEN_EVENT_ASSET_STORED);
    desk_events(&desk, 6, 3, GEN_EVENT_POLICY_LOADED); /* not for it */
    desk_events(&desk, 9, 2, GEN_EVENT_ASSET_REMOVED);
    desk_wait(&desk, 7);
    desk_settle(&desk, 50);
    cr_assert(eq(sz, desk.count, 7));
    for (int i = 0; i < 7; i++) {
        struct gen_ident id = sample_ident(GEN_IDENT_EVENT, i < 5 ? i + 1 : i + 4);

        cr_assert(eq(str, desk.calls[i].id, id.text));
        message = (struct gen_webhook_message){desk.calls[i].id, desk.calls[i].timestamp,
                                               desk.calls[i].body, strlen(desk.calls[i].body)};
        OK(gen_webhook_verify(secrets, 1, &message, desk.calls[i].signature,
                              gen_clock_now(gen_clock_real()) / 1000, NULL, NULL));
    }
    OK(gen_json_read(desk.calls[0].body, strlen(desk.calls[0].body), NULL, arena, &document, NULL));
    cr_assert(eq(str, (char *)gen_node_text(gen_node_get(document, "specversion"), ""), "1.0"));
    cr_assert(eq(str, (char *)gen_node_text(gen_node_get(document, "type"), ""),
                 "genengine.asset.stored"));
    cr_assert(eq(str, (char *)gen_node_text(gen_node_get(document, "source"), ""),
                 "/genengine/organizations/org_1"));
    cr_assert(eq(str, (char *)gen_node_text(gen_node_find(document, "data.details.assetId", NULL),
                                            ""), "ast_1"));
    cr_assert(eq(i64, desk_row(&desk, "org_1", "whk_1", arena).delivered, 7));
    cr_assert(eq(i64, number_of(&desk, "SELECT COUNT(*) FROM delivery WHERE outcome = "
                                       "'delivered'"), 7));
    gen_arena_destroy(arena);
    desk_close(&desk);
}

static const struct {
    const char *what;
    int script[6];
    const char *retry_after;
    size_t calls; /* until the second event is through */
} failures[] = {
    {"server errors", {500, 503, 502, -1}, NULL, 5},
    {"refusals are tried again, too", {400, 404, -1}, NULL, 4},
    {"redirects are not followed", {302, 307, -1}, NULL, 4},
    {"too fast", {429, -1}, "0", 3},
};

Test(outbox, the_same_event_until_it_is_taken)
{
    for (size_t i = 0; i < GEN_COUNT(failures); i++) {
        static struct desk desk;
        struct gen_arena *arena = gen_arena_create(0);
        struct gen_subscriber row;

        desk_open(&desk);
        desk.script = failures[i].script;
        desk.retry_after = failures[i].retry_after;
        desk_start(&desk);
        desk_subscribe(&desk, "whk_1", "");
        desk_events(&desk, 1, 2, GEN_EVENT_ASSET_STORED);
        desk_wait(&desk, failures[i].calls);
        desk_settle(&desk, 30);
        cr_assert(desk.count == failures[i].calls, "%s: %zu", failures[i].what, desk.count);
        for (size_t k = 0; k + 1 < desk.count; k++) {
            cr_assert(eq(str, desk.calls[k].id, sample_ident(GEN_IDENT_EVENT, 1).text));
            cr_assert(eq(str, desk.calls[k].path, "/hook"));
        }
        row = desk_row(&desk, "org_1", "whk_1", arena);
        cr_assert(row.failures == 0 && row.delivered == 2 && row.failing_since == 0);
        gen_arena_destroy(arena);
        desk_close(&desk);
    }
}

Test(outbox, parks_with_an_event_and_goes_on_when_resumed)
{
    static const int gone[] = {410, -1};
    static struct desk desk;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_changes *changes = gen_changes_create();
    struct gen_subscriber row;

    desk_open(&desk);
    desk.script = gone;
    desk_start(&desk);
    desk_subscribe(&desk, "whk_1", "asset.*");
    desk_events(&desk, 1, 3, GEN_EVENT_ASSET_STORED);
    desk_wait(&desk, 1);
    desk_settle(&desk, 50);
    row = desk_row(&desk, "org_1", "whk_1", arena);
    cr_assert(row.state == GEN_SUBSCRIBER_PARKED && desk.count == 1);
    cr_assert(eq(i64, number_of(&desk, "SELECT COUNT(*) FROM event WHERE kind = "
                                       "'subscriber.parked' AND organization = 'org_1'"), 1));
    row.state = GEN_SUBSCRIBER_ACTIVE;
    row.version++;
    gen_changes_subscriber(changes, GEN_CHANGE_SUBSCRIBER_SET, &row);
    desk_apply(&desk, changes);
    gen_outbox_refresh(desk.outbox);
    desk_wait(&desk, 4);
    cr_assert(eq(str, desk.calls[1].id, sample_ident(GEN_IDENT_EVENT, 1).text));
    cr_assert(eq(str, desk.calls[3].id, sample_ident(GEN_IDENT_EVENT, 3).text));
    gen_arena_destroy(arena);
    desk_close(&desk);
}

/* Days of failures: parked, and not before. */
Test(outbox, days_of_failures)
{
    static const int bad[] = {500, 500, 500, 500, 500, 500, 500, 500, 500, -1};
    static struct desk desk;
    struct gen_arena *arena = gen_arena_create(0);

    desk_open(&desk);
    desk.script = bad;
    desk_start(&desk);
    desk_subscribe(&desk, "whk_1", "asset.*");
    desk_events(&desk, 1, 1, GEN_EVENT_ASSET_STORED);
    desk_wait(&desk, 2);
    cr_assert(desk_row(&desk, "org_1", "whk_1", arena).state == GEN_SUBSCRIBER_ACTIVE);
    desk.shift = INT64_C(6) * 24 * 3600 * 1000;
    desk_settle(&desk, 200);
    cr_assert(desk_row(&desk, "org_1", "whk_1", arena).state == GEN_SUBSCRIBER_PARKED);
    cr_assert(lt(sz, desk.count, 9));
    gen_arena_destroy(arena);
    desk_close(&desk);
}

/* Another's events, an own address space, and both secrets while one follows the other. */
Test(outbox, whose_events_and_two_secrets)
{
    static struct desk desk;
    struct gen_changes *changes = gen_changes_create();
    struct gen_arena *arena = gen_arena_create(0);
    const char *olds[] = {SECRET_BEFORE}, *news[] = {SECRET};
    struct gen_subscriber row;

    desk_open(&desk);
    desk_start(&desk);
    desk_subscribe(&desk, "whk_1", "");
    row = desk_row(&desk, "org_1", "whk_1", arena);
    row.secret_before = SECRET_BEFORE;
    row.secret_until = gen_clock_now(gen_clock_real()) + 60000;
    row.version++;
    gen_changes_subscriber(changes, GEN_CHANGE_SUBSCRIBER_SET, &row);
    desk_apply(&desk, changes);
    gen_outbox_refresh(desk.outbox);
    changes = gen_changes_create();
    add_event(changes, 1, GEN_EVENT_ASSET_STORED, "org_2", "{}");
    add_event(changes, 2, GEN_EVENT_ASSET_STORED, "org_1", "{}");
    desk_apply(&desk, changes);
    gen_outbox_tell(desk.outbox, 2);
    desk_wait(&desk, 1);
    desk_settle(&desk, 30);
    cr_assert(eq(sz, desk.count, 1));
    for (int i = 0; i < 2; i++) {
        struct gen_webhook_message message = {desk.calls[0].id, desk.calls[0].timestamp,
                                              desk.calls[0].body, strlen(desk.calls[0].body)};

        OK(gen_webhook_verify(i == 0 ? olds : news, 1, &message, desk.calls[0].signature,
                              gen_clock_now(gen_clock_real()) / 1000, NULL, NULL));
    }
    gen_arena_destroy(arena);
    desk_close(&desk);
}

/* Killed a dozen times, before and after the answer: every event comes, in order, repeats with their id. */
Test(outbox, nothing_is_lost_by_kill_9, .timeout = 120)
{
    enum { EVENTS = 60, ROUNDS = 8 };
    static struct desk desk;
    size_t next = 0;

    desk_open(&desk);
    desk_subscribe(&desk, "whk_1", "asset.*");
    desk_events(&desk, 1, EVENTS, GEN_EVENT_ASSET_STORED);
    gen_store_close(desk.sample.store);
    desk.sample.store = NULL;
    for (int round = 0; round <= ROUNDS; round++) {
        static int never[] = {0, -1};
        size_t before = desk.count;
        bool over = round == ROUNDS;
        pid_t child = fork();

        if (child == 0) { /* a daemon of its own on the same file */
            gen_http_server_destroy(NULL);
            desk.sample.loop = NULL;
            OK(gen_loop_create(&desk.sample.loop, NULL));
            OK(gen_http_client_create(desk.sample.loop, &desk.http, NULL));
            sample_open_file(&desk.sample);
            desk_start(&desk);
            gen_loop_run(desk.sample.loop);
            _exit(0);
        }
        desk.script = NULL;
        if (over) {
            desk_wait(&desk, before + 1);
            desk_settle(&desk, 1000);
        } else if (round % 2 == 0) { /* it is killed when we have read the next one, and before our answer */
            desk_wait(&desk, before + 1 + (size_t)round / 2);
            desk.script = never;
            desk_wait(&desk, before + 2 + (size_t)round / 2);
        } else { /* at once after an answer, so perhaps before it is written */
            desk_wait(&desk, before + 2);
        }
        cr_assert(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
        desk_settle(&desk, 5);
    }
    for (size_t i = 0; i < desk.count; i++) {
        bool again = next > 0 && strcmp(desk.calls[i].id,
                                        sample_ident(GEN_IDENT_EVENT, (int)next).text) == 0;

        if (!again) {
            next++;
            cr_assert(eq(str, desk.calls[i].id, sample_ident(GEN_IDENT_EVENT, (int)next).text));
        }
    }
    cr_assert(next == EVENTS, "%zu came", next);
    sample_open_file(&desk.sample);
    desk_close(&desk);
}

/* --------------------------------------------------------------------------------------- Stripe -- */

/* The value of a form's key, decoded where our keys need it; "" when it is not there. */
static void form_value(const char *form, const char *key, char *out, size_t size)
{
    const char *at = strstr(form, key);

    out[0] = '\0';
    if (at != NULL && (at == form || at[-1] == '&') && at[strlen(key)] == '=') {
        snprintf(out, size, "%.*s", (int)strcspn(at + strlen(key) + 1, "&"), at + strlen(key) + 1);
    }
}

/* A strict little Stripe: keeps what it takes, refuses what the real one refuses. */
static int stripe_judge(struct desk *desk, struct call *call)
{
    char name[100], identifier[120], at[40], customer[100], value[40];
    int64_t number, seconds;

    form_value(call->body, "event_name", name, sizeof name);
    form_value(call->body, "identifier", identifier, sizeof identifier);
    form_value(call->body, "timestamp", at, sizeof at);
    form_value(call->body, "payload%5Bstripe_customer_id%5D", customer, sizeof customer);
    if (customer[0] == '\0') {
        form_value(call->body, "payload[stripe_customer_id]", customer, sizeof customer);
    }
    form_value(call->body, "payload[value]", value, sizeof value);
    seconds = strtoll(at, NULL, 10);
    number = strtoll(value, NULL, 10);
    desk->answer = NULL;
    if (strcmp(call->path, "/v1/billing/meter_events") != 0) {
        return 404;
    }
    if (strcmp(call->authorization, "Bearer sk_test_1") != 0) {
        desk->answer = "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Invalid API "
                       "Key provided\"}}";
        return 401;
    }
    if (strcmp(name, "video_micros") != 0 || identifier[0] == '\0' || strlen(identifier) > 100 ||
        strncmp(customer, "cus_", 4) != 0 || value[strspn(value, "-0123456789")] != '\0' ||
        number == 0 || call->key[0] == '\0' || strcmp(call->version, "2025-01-27.acacia") != 0 ||
        llabs(seconds - (long long)(gen_clock_now(gen_clock_real()) / 1000)) > 300) {
        desk->answer = "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"malformed\"}}";
        return 400;
    }
    if (strcmp(customer, "cus_gone") == 0) {
        desk->answer = "{\"error\":{\"code\":\"resource_missing\",\"message\":\"No such customer: "
                       "'cus_gone'\"}}";
        return 400;
    }
    for (size_t i = 0; i < desk->booked; i++) {
        if (strcmp(desk->ids[i], identifier) == 0) {
            desk->answer = "{\"error\":{\"type\":\"invalid_request_error\",\"message\":\"An event "
                           "already exists with identifier led_x.\"}}";
            return 400;
        }
    }
    snprintf(desk->ids[desk->booked], sizeof desk->ids[0], "%s", identifier);
    desk->values[desk->booked++] = number;
    return 200;
}

/* Books it and does not answer, every third time; else as it should be. */
static int stripe_loses_answers(struct desk *desk, struct call *call)
{
    int status = stripe_judge(desk, call);

    return status == 200 && desk->booked % 3 == 0 ? 500 : status;
}

static const struct gen_meter_customer customers[] = {
    {"org_1", "", "cus_1"}, {"org_2", "", "cus_gone"}};

static struct gen_meter_settings meter = {.credential = "stripe",
                                          .event_name = "video_micros",
                                          .version = "2025-01-27.acacia",
                                          .unit = GEN_METER_MICROS,
                                          .allow_private = true,
                                          .customers = customers,
                                          .customer_count = GEN_COUNT(customers)};

static void desk_stripe(struct desk *desk)
{
    static const char *const environment[] = {"GEN_CREDENTIAL_STRIPE=sk_test_1", NULL};
    struct gen_keyring_options options = {.folder = desk->sample.folder,
                                          .environment = environment};
    static char base[100];

    OK(gen_keyring_create(&options, &desk->keyring, NULL));
    snprintf(base, sizeof base, "%s", desk_url(desk, ""));
    meter.base = base;
    desk->meter = &meter;
    desk->judge = stripe_judge;
}

static void desk_charges(struct desk *desk, const char *organization, int from, int count)
{
    struct gen_changes *changes = gen_changes_create();

    for (int i = from; i < from + count; i++) {
        add_event(changes, 1000 + 3 * i, GEN_EVENT_LEDGER_ENTRY, organization,
                  gen_arena_printf(changes->arena,
                                   "{\"entryId\":\"%s\",\"attemptId\":\"att_1\",\"kind\":\"%s\","
                                   "\"amount\":%d.000001,\"basis\":\"\\\"kind\\\":\\\"charge\\\"\"}",
                                   sample_ident(GEN_IDENT_LEDGER, i).text,
                                   i % 5 == 4 ? "refund" : "charge", i));
        add_event(changes, 1001 + 3 * i, GEN_EVENT_LEDGER_ENTRY, organization,
                  "{\"entryId\":\"led_h\",\"kind\":\"hold\",\"amount\":9,"
                  "\"basis\":\"\\\"kind\\\":\\\"charge\\\"\"}");
    }
    desk_apply(desk, changes);
    gen_outbox_tell(desk->outbox, INT64_MAX - 1000000 + from);
}

static void desk_wait_booked(struct desk *desk, size_t booked)
{
    for (int i = 0; i < 2000 && desk->booked < booked; i++) {
        desk_settle(desk, 10);
    }
    cr_assert(eq(sz, desk->booked, booked));
}

static void check_booked(const struct desk *desk, int from, int count)
{
    cr_assert(eq(sz, desk->booked, (size_t)count));
    for (int i = 0; i < count; i++) {
        int64_t value = (from + i) * DOLLAR + 1;

        cr_assert(eq(str, (char *)desk->ids[i],
                     sample_ident(GEN_IDENT_LEDGER, from + i).text));
        cr_assert(eq(i64, desk->values[i], (from + i) % 5 == 4 ? -value : value));
    }
}

Test(outbox, stripe_is_told_each_charge_once)
{
    static struct desk desk;

    desk_open(&desk);
    desk_stripe(&desk);
    desk.judge = stripe_loses_answers;
    desk_start(&desk);
    desk_settle(&desk, 50);
    desk_charges(&desk, "org_1", 1, 12);
    desk_wait_booked(&desk, 12);
    desk_settle(&desk, 100);
    check_booked(&desk, 1, 12);
    cr_assert(gt(sz, desk.count, 12)); /* some were told twice, and booked once */
    for (size_t i = 1; i < desk.count; i++) {
        cr_assert(ne(str, desk.calls[i].key, desk.calls[i - 1].key));
    }
    cr_assert(eq(i64, number_of(&desk, "SELECT COUNT(*) FROM outbox"), 0));
    desk_close(&desk);
}

/* A wrong key holds all up; a wrong customer only its own charges, which come when it is resumed. */
Test(outbox, stripe_refusals)
{
    static const int rates[] = {429, 500, 401, -1};
    static struct desk desk;
    struct gen_arena *arena = gen_arena_create(0);
    struct gen_changes *changes = gen_changes_create();
    struct gen_subscriber row;

    desk_open(&desk);
    desk_stripe(&desk);
    desk.script = rates;
    desk_start(&desk);
    desk_settle(&desk, 50);
    desk_charges(&desk, "org_2", 20, 1); /* Stripe does not know the customer */
    desk_charges(&desk, "org_3", 21, 1); /* we do not */
    desk_charges(&desk, "org_1", 1, 3);
    desk_wait_booked(&desk, 3);
    desk_settle(&desk, 50);
    check_booked(&desk, 1, 3);
    cr_assert(eq(i64, number_of(&desk, "SELECT COUNT(*) FROM outbox"), 2));
    cr_assert(eq(i64, number_of(&desk, "SELECT COUNT(*) FROM event WHERE kind = "
                                       "'subscriber.set_aside' AND organization = 'local'"), 2));
    desk.judge = NULL; /* the customer is there now */
    row = desk_row(&desk, "", "stripe", arena);
    row.version++;
    gen_changes_subscriber(changes, GEN_CHANGE_SUBSCRIBER_SET, &row);
    desk_apply(&desk, changes);
    gen_outbox_refresh(desk.outbox);
    desk_settle(&desk, 200);
    cr_assert(eq(i64, number_of(&desk, "SELECT COUNT(*) FROM outbox"), 1));
    cr_assert(eq(i64, number_of(&desk, "SELECT COUNT(*) FROM event WHERE kind = "
                                       "'subscriber.set_aside'"), 2)); /* told once */
    gen_arena_destroy(arena);
    desk_close(&desk);
}

/* Its fate is unknown for longer than Stripe drops repeats: it is not told again by itself. */
Test(outbox, stripe_after_a_day_of_doubt)
{
    static const int lost[] = {500, -1};
    static struct desk desk;

    desk_open(&desk);
    desk_stripe(&desk);
    desk.script = lost;
    desk_start(&desk);
    desk_settle(&desk, 50);
    desk_charges(&desk, "org_1", 1, 1);
    desk_wait(&desk, 1);
    gen_outbox_destroy(desk.outbox); /* down for a day, with what it knew on disk */
    desk.outbox = NULL;
    desk.shift = INT64_C(24) * 3600 * 1000;
    desk_start(&desk);
    desk_settle(&desk, 100);
    cr_assert(eq(sz, desk.count, 1));
    cr_assert(eq(i64, number_of(&desk, "SELECT COUNT(*) FROM outbox WHERE note LIKE '%for a "
                                       "day%'"), 1));
    desk_close(&desk);
}

Test(outbox, stripe_through_kill_9, .timeout = 120)
{
    enum { CHARGES = 20, ROUNDS = 6 };
    static struct desk desk;

    desk_open(&desk);
    desk_stripe(&desk);
    desk_start(&desk);
    desk_settle(&desk, 50);
    gen_outbox_destroy(desk.outbox);
    desk.outbox = NULL;
    desk_charges(&desk, "org_1", 1, CHARGES);
    gen_store_close(desk.sample.store);
    desk.sample.store = NULL;
    for (int round = 0; round <= ROUNDS; round++) {
        size_t before = desk.count;
        pid_t child = fork();

        if (child == 0) {
            OK(gen_loop_create(&desk.sample.loop, NULL));
            OK(gen_http_client_create(desk.sample.loop, &desk.http, NULL));
            sample_open_file(&desk.sample);
            desk_start(&desk);
            gen_loop_run(desk.sample.loop);
            _exit(0);
        }
        if (round == ROUNDS) {
            desk_wait_booked(&desk, CHARGES);
            desk_settle(&desk, 500);
        } else {
            desk_wait(&desk, before + 1 + (size_t)round % 3);
        }
        cr_assert(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
        desk_settle(&desk, 5);
    }
    check_booked(&desk, 1, CHARGES);
    sample_open_file(&desk.sample);
    desk_close(&desk);
}

/* ---------------------------------------------------------------------------------- mail and log -- */

Test(outbox, alerts_by_mail)
{
    static struct desk desk;
    char program[200], command[400];
    FILE *file;

    desk_open(&desk);
    snprintf(program, sizeof program, "%s/sendmail", desk.sample.folder);
    file = fopen(program, "w");
    fprintf(file, "#!/bin/sh\n[ \"$*\" = '-t -i' ] || exit 64\ncat > %s/got\n", desk.sample.folder);
    fclose(file);
    snprintf(command, sizeof command, "chmod +x %s", program);
    cr_assert(system(command) == 0);
    desk.sendmail = program;
    desk.routes[0] = (struct gen_alert_route){"budget.* policy.refused", "mail:ops@example.com"};
    desk.routes[1] = (struct gen_alert_route){"budget.*", "log"};
    desk.route_count = 2;
    desk_start(&desk);
    desk_settle(&desk, 50);
    desk_events(&desk, 1, 1, GEN_EVENT_ASSET_STORED);
    desk_events(&desk, 2, 1, GEN_EVENT_POLICY_REFUSED);
    desk_settle(&desk, 300);
    snprintf(command, sizeof command,
             "grep -q '^To: ops@example.com$' %s/got && grep -q '^Subject: .genengine. "
             "policy.refused$' %s/got && test ! -e %s/mail-*", desk.sample.folder,
             desk.sample.folder, desk.sample.folder);
    cr_assert(system(command) == 0);
    cr_assert(eq(i64, number_of(&desk, "SELECT delivered FROM subscriber WHERE id = "
                                       "'mail:ops@example.com'"), 1));
    desk_close(&desk);
}
