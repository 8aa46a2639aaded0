/* webhooks_api.c - see webhooks_api.h. */
#include "service/webhooks_api.h"

#include "base/alloc.h"
#include "base/json.h"
#include "base/record.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "platform/http_url.h"
#include "platform/json_reader.h"
#include "platform/webhook_signature.h"
#include "service/event_stream.h"
#include "service/signing_key.h"
#include "service/webhook_kinds.h"
#include "store/outbox_reading.h"

#include <stdio.h>
#include <string.h>
#define ROTATION_MS (INT64_C(24) * 3600 * 1000) /* both secrets sign for so long */

const char *const gen_webhooks_types[] = {"application/json", NULL};

struct webhook_wish { /* the body of POST and PATCH; NULL = not said */
    const char *url, *title, *job, *project, *secret;
    struct gen_texts events;
    int state; /* 0 = not said */
};

static const struct gen_choice states[] = {
    {"active", GEN_SUBSCRIBER_ACTIVE, "deliveries go on"},
    {"paused", GEN_SUBSCRIBER_PAUSED, "events wait"},
    {NULL, 0, NULL},
};

#define FIELD(member) .offset = offsetof(struct webhook_wish, member)

static const struct gen_field wish_fields[] = {
    {.key = "url",
     .type = GEN_FIELD_TEXT,
     FIELD(url),
     .min = 8,
     .max = GEN_SUBSCRIBER_URL_MOST,
     .help = "Where events are posted to."},
    {.key = "title",
     .type = GEN_FIELD_TEXT,
     FIELD(title),
     .max = GEN_SUBSCRIBER_TITLE_MOST,
     .help = "What it is for."},
    {.key = "events",
     .type = GEN_FIELD_TEXTS,
     FIELD(events),
     .max = 40,
     .help = "Kinds of events: job.completed, or job.* for all that begin so; none = all."},
    {.key = "jobId", .type = GEN_FIELD_TEXT, FIELD(job), .max = 40, .help = "Only of this job."},
    {.key = "project",
     .type = GEN_FIELD_TEXT,
     FIELD(project),
     .max = 200,
     .help = "Only of jobs of this project."},
    {.key = "secret",
     .type = GEN_FIELD_TEXT,
     FIELD(secret),
     .min = 8,
     .max = 100,
     .help = "Signing secret, whsec_...; made when there is none."},
    {.key = "state",
     .type = GEN_FIELD_CHOICE,
     FIELD(state),
     .choices = states,
     .help = "active or paused."},
    {.type = GEN_FIELD_END},
};

static const struct gen_record wish_record = {.name = "webhook",
                                              .size = sizeof(struct webhook_wish),
                                              .fields = wish_fields,
                                              .help = "Who is told of which events."};

struct webhook_work { /* what is told once it is durable; in the call's arena */
    struct gen_subscriber row;
    char secret[GEN_WEBHOOK_SECRET_SIZE]; /* "" = none to be shown */
    int http;
};

static struct gen_node *webhook_events(struct gen_arena *arena, const char *kinds)
{
    struct gen_node *list = gen_node_list(arena);

    while (*kinds != '\0') {
        size_t size = strcspn(kinds, " ");

        gen_node_push(list, gen_node_string_sized(arena, kinds, size));
        kinds += size;
        kinds += strspn(kinds, " ");
    }
    return list;
}

static struct gen_node *text_or_null(struct gen_arena *arena, const char *text)
{
    return gen_node_string(arena, text[0] != '\0' ? text : NULL);
}

static struct gen_node *webhook_node(struct gen_call *call, const struct gen_subscriber *row)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    int64_t asides = 0;

    if (row->kind == GEN_SUBSCRIBER_STRIPE) {
        (void)!gen_read_outbox_asides(call->service->store, row->id, &asides, NULL);
    }
    gen_node_set(arena, map, "id", gen_node_string(arena, row->id));
    gen_node_set(arena, map, "kind", gen_node_string(arena, gen_subscriber_kind_word(row->kind)));
    gen_node_set(arena, map, "title", text_or_null(arena, row->title));
    gen_node_set(arena, map, "url", text_or_null(arena, row->url));
    gen_node_set(arena, map, "events", webhook_events(arena, row->kinds));
    gen_node_set(arena, map, "jobId", text_or_null(arena, row->job));
    gen_node_set(arena, map, "project", text_or_null(arena, row->project));
    gen_node_set(arena, map, "state",
                 gen_node_string(arena, gen_subscriber_state_word(row->state)));
    gen_node_set(arena, map, "failures", gen_node_int(arena, row->failures));
    gen_node_set(arena, map, "failingSince",
                 gen_node_moment(arena, row->failures > 0 ? row->failing_since : 0));
    gen_node_set(arena, map, "retryAt", gen_node_moment(arena, row->retry_at));
    gen_node_set(arena, map, "lastError", text_or_null(arena, row->last_error));
    gen_node_set(arena, map, "delivered", gen_node_int(arena, row->delivered));
    gen_node_set(arena, map, "deliveredAt", gen_node_moment(arena, row->delivered_at));
    gen_node_set(arena, map, "setAside", gen_node_int(arena, asides));
    gen_node_set(arena, map, "createdBy", text_or_null(arena, row->created_by));
    gen_node_set(arena, map, "createdAt", gen_node_moment(arena, row->created_at));
    gen_node_set(arena, map, "updatedAt", gen_node_moment(arena, row->updated_at));
    return map;
}

static void webhook_reply(struct gen_call *call, int http, const struct gen_subscriber *row,
                          const char *secret)
{
    struct gen_node *document = webhook_node(call, row);
    char etag[32];

    if (secret[0] != '\0') {
        gen_node_set(call->arena, document, "secret", gen_node_string(call->arena, secret));
    }
    (void)snprintf(etag, sizeof etag, "\"%lld\"", (long long)row->version);
    gen_exchange_reply_header(call->exchange, "ETag", etag);
    gen_call_reply(call, http, document);
}

/* That of the path: of the organization, or for the house one of the daemon's own. False: replied. */
bool gen_webhooks_read(struct gen_call *call, struct gen_subscriber *out)
{
    struct gen_error err = {0};
    enum gen_status status = gen_read_subscriber(call->service->store, call->principal.organization,
                                                 call->value, call->arena, out, &err);

    if (status == GEN_ENOTFOUND && gen_principal_of_house(&call->principal)) {
        status = gen_read_subscriber(call->service->store, "", call->value, call->arena, out, &err);
    }
    if (status == GEN_OK) {
        return true;
    }
    gen_call_fail(call, &err);
    return false;
}

void gen_webhooks_list(struct gen_call *call)
{
    const char *owners[] = {call->principal.organization, ""};
    size_t owner_count = gen_principal_of_house(&call->principal) ? 2 : 1;
    struct gen_node *page = gen_node_map(call->arena), *list = gen_node_list(call->arena);
    struct gen_error err = {0};

    for (size_t i = 0; i < owner_count; i++) {
        struct gen_subscriber *rows = NULL;
        size_t count = 0;

        if (gen_read_subscribers(call->service->store, owners[i], call->arena, &rows, &count,
                                 &err) != GEN_OK) {
            gen_call_fail(call, &err);
            return;
        }
        for (size_t k = 0; k < count; k++) {
            gen_node_push(list, webhook_node(call, &rows[k]));
        }
    }
    gen_node_set(call->arena, page, "webhooks", list);
    gen_call_reply(call, 200, page);
}

void gen_webhooks_show(struct gen_call *call)
{
    struct gen_subscriber row;

    if (gen_webhooks_read(call, &row)) {
        webhook_reply(call, 200, &row, "");
    }
}

struct webhook_order { /* on its way to the disk; who asked may leave meanwhile */
    struct gen_claim *claim;
    const struct gen_service *service;
};

static void webhook_written(void *context, enum gen_status status, const struct gen_error *err,
                            int64_t last_event)
{
    struct webhook_order *order = context;
    struct gen_call *call = gen_claim_redeem(order->claim);
    struct webhook_work *work;

    if (status == GEN_OK) {
        gen_outbox_refresh(order->service->outbox);
        gen_event_stream_events(order->service->stream, last_event);
    }
    gen_free(order);
    if (call == NULL) {
        return;
    }
    work = (struct webhook_work *)(uintptr_t)call->work;
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_ECONFLICT ? 412 : 0, err);
    } else if (work->http == 204) {
        gen_call_reply_text(call, 204, NULL, "", 0);
    } else {
        if (work->http == 201) {
            char location[120];

            (void)snprintf(location, sizeof location, "/v1/webhooks/%s", work->row.id);
            gen_exchange_reply_header(call->exchange, "Location", location);
        }
        webhook_reply(call, work->http, &work->row, work->secret);
    }
    gen_crypto_wipe(work->secret, sizeof work->secret);
}

static void webhook_event(struct gen_call *call, struct gen_changes *changes,
                          enum gen_event_kind kind, const struct gen_subscriber *row)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_arena *arena = changes->arena;
    struct gen_node *data = gen_node_map(arena);
    struct gen_actor actor = gen_actor_of(&call->principal, arena);
    char host[256];

    if (change == NULL) {
        return;
    }
    gen_node_set(arena, data, "webhookId", gen_node_string(arena, row->id));
    gen_node_set(
        arena, data, "host",
        gen_node_string(arena, gen_http_url_host(row->url, host, sizeof host) ? host : NULL));
    gen_node_set(arena, data, "events", webhook_events(arena, row->kinds));
    gen_node_set(arena, data, "state",
                 gen_node_string(arena, gen_subscriber_state_word(row->state)));
    change->as.event = (struct gen_change_event){
        .kind = kind,
        .organization = gen_arena_strdup(arena, call->principal.organization),
        .at = row->updated_at,
        .data = gen_json_text(arena, data, NULL),
        .actor = gen_actor_copy(&actor, arena),
    };
    gen_random_ident(call->service->random, GEN_IDENT_EVENT, row->updated_at, &change->as.event.id);
}

/* Writes the row and what is said of it; the reply follows. */
static void webhook_write(struct gen_call *call, struct webhook_work *work,
                          enum gen_change_kind kind, enum gen_event_kind event)
{
    struct gen_changes *changes = gen_changes_create();
    struct webhook_order *order = gen_alloc(sizeof *order);
    struct gen_error err = {0};

    if (changes == NULL || order == NULL) {
        gen_changes_destroy(changes);
        gen_free(order);
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        gen_call_fail(call, &err);
        return;
    }
    webhook_event(call, changes, event, &work->row); /* before it, so that it is not told itself */
    gen_changes_subscriber(changes, kind, &work->row);
    call->work = work;
    *order = (struct webhook_order){gen_call_park(call), call->service};
    if (order->claim == NULL) {
        gen_free(order);
    } else if (gen_engine_commit(call->service->engine, &changes, webhook_written, order, &err) !=
               GEN_OK) {
        (void)gen_claim_redeem(order->claim);
        gen_free(order);
        gen_call_fail(call, &err);
    }
    gen_changes_destroy(changes);
}

/* ------------------------------------------------------------------------------- what is asked for -- */

static enum gen_status wrong(struct gen_error *err, const char *key, const char *message)
{
    gen_error_set(err, GEN_EINVAL, "%s", message);
    gen_error_place(err, NULL, 0, 0, key);
    return GEN_EINVAL;
}

/* What was said, into the row; the rest stays. */
static enum gen_status wish_apply(struct gen_call *call, const struct gen_node *body,
                                  const struct webhook_wish *wish, struct gen_subscriber *row,
                                  struct gen_error *err)
{
    enum gen_status status = GEN_OK;

    if (wish->url != NULL) {
        status = gen_http_url_check(wish->url, gen_outbox_private(call->service->outbox), err);
        if (status == GEN_OK && !gen_outbox_private(call->service->outbox) &&
            gen_http_url_private(wish->url)) {
            return wrong(err, "url",
                         "goes to a private address, which webhooks.allowPrivate in "
                         "gend.yaml would have to allow");
        }
        row->url = wish->url;
    }
    if (status != GEN_OK) {
        gen_error_place(err, NULL, 0, 0, "url");
        err->status = status == GEN_EDENIED ? GEN_EINVAL : status;
        return err->status;
    }
    if (gen_node_get(body, "events") != NULL) {
        status = gen_webhook_kinds_read(&wish->events, call->arena, &row->kinds, err);
    }
    if (status == GEN_OK) {
        status = gen_webhook_kinds_narrow(&call->principal, call->arena, &row->kinds, err);
    }
    if (status == GEN_OK && wish->job != NULL) {
        row->job = wish->job;
        if (wish->job[0] != '\0' && !gen_ident_valid(GEN_IDENT_JOB, wish->job)) {
            return wrong(err, "jobId", "is not the id of a job");
        }
    }
    row->project = wish->project != NULL ? wish->project : row->project;
    row->title = wish->title != NULL ? wish->title : row->title;
    row->state = wish->state != 0 ? (enum gen_subscriber_state)wish->state : row->state;
    return status;
}

/* The body; false: a reply has been given. */
static bool wish_read(struct gen_call *call, const struct gen_node **node,
                      struct webhook_wish *wish)
{
    struct gen_error err = {0};
    size_t size;
    const char *body = gen_exchange_body(call->exchange, &size);
    enum gen_status status = gen_json_read(body, size, NULL, call->arena, node, &err);

    if (status == GEN_OK) {
        status = gen_record_bind(&wish_record, *node, "", call->arena, wish, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail(call, &err);
    }
    return status == GEN_OK;
}

static bool work_fails(struct gen_call *call, enum gen_status status, const struct gen_error *err)
{
    if (status == GEN_OK) {
        return false;
    }
    gen_call_fail(call, err);
    return true;
}

/* The given secret, or a new one, as it is kept. */
static enum gen_status work_secret(struct gen_call *call, struct webhook_work *work,
                                   const char *given, struct gen_error *err)
{
    enum gen_status status = GEN_OK;

    if (given != NULL) {
        status = gen_webhook_secret_check(given, err);
        if (status == GEN_OK) {
            (void)snprintf(work->secret, sizeof work->secret, "%s", given);
        } else {
            gen_error_place(err, NULL, 0, 0, "secret");
        }
    } else {
        status = gen_webhook_secret_make(call->service->random, work->secret, err);
    }
    return status == GEN_OK ? gen_outbox_keep(call->service->outbox, work->row.id, work->secret,
                                              call->arena, &work->row.secret, err)
                            : status;
}

static enum gen_status work_room(struct gen_call *call, struct gen_error *err)
{
    struct gen_subscriber *rows = NULL;
    size_t count = 0;
    enum gen_status status = gen_read_subscribers(
        call->service->store, call->principal.organization, call->arena, &rows, &count, err);

    return status == GEN_OK && count >= GEN_WEBHOOKS_MOST
               ? gen_error_set(err, GEN_ECONFLICT, "there are %d webhooks already; remove one",
                               GEN_WEBHOOKS_MOST)
               : status;
}

static void webhook_create(struct gen_call *call)
{
    struct webhook_work *work = gen_arena_alloc(call->arena, sizeof *work);
    gen_moment now = gen_clock_now(call->service->clock);
    const struct gen_node *body = NULL;
    struct webhook_wish wish;
    struct gen_error err = {0};
    struct gen_ident id;
    enum gen_status status;

    if (work == NULL || !wish_read(call, &body, &wish)) {
        return;
    }
    gen_random_ident(call->service->random, GEN_IDENT_WEBHOOK, now, &id);
    work->http = 201;
    work->row =
        (struct gen_subscriber){.kind = GEN_SUBSCRIBER_WEBHOOK,
                                .organization = call->principal.organization,
                                .title = "",
                                .url = "",
                                .kinds = "",
                                .job = "",
                                .project = "",
                                .secret = "",
                                .secret_before = "",
                                .state = GEN_SUBSCRIBER_ACTIVE,
                                .position = -1,
                                .last_error = "",
                                .created_by = gen_actor_of(&call->principal, call->arena).who,
                                .created_at = now,
                                .updated_at = now,
                                .version = 1};
    memcpy(work->row.id, id.text, sizeof id.text);
    status = wish.url == NULL ? wrong(&err, "url", "is missing: where should events go?")
                              : wish_apply(call, body, &wish, &work->row, &err);
    if (status == GEN_OK) {
        status = work_room(call, &err);
    }
    if (status == GEN_OK) {
        status = work_secret(call, work, wish.secret, &err);
    }
    if (!work_fails(call, status, &err)) {
        webhook_write(call, work, GEN_CHANGE_SUBSCRIBER_ADD, GEN_EVENT_WEBHOOK_CREATED);
    }
}

/* The one of the path, to be changed; NULL: a reply has been given. */
static struct webhook_work *webhook_begin(struct gen_call *call, bool must_match, int http)
{
    struct webhook_work *work = gen_arena_alloc(call->arena, sizeof *work);
    struct gen_error err = {0};

    if (work == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        gen_call_fail(call, &err);
        return NULL;
    }
    if (!gen_webhooks_read(call, &work->row) ||
        !gen_call_match(call, "webhook", work->row.version, must_match)) {
        return NULL;
    }
    work->http = http;
    work->row.version++;
    work->row.updated_at = gen_clock_now(call->service->clock);
    return work;
}

/* Only its state: the rest of it stands in gend.yaml. */
bool gen_webhooks_ours(struct gen_call *call, const struct gen_subscriber *row)
{
    struct gen_error err = {0};

    if (row->kind == GEN_SUBSCRIBER_WEBHOOK) {
        return true;
    }
    (void)gen_error_set(&err, GEN_ECONFLICT,
                        "%s is set in gend.yaml; here only its state can be changed", row->id);
    gen_call_fail(call, &err);
    return false;
}

void gen_webhooks_edit(struct gen_call *call)
{
    struct webhook_work *work = webhook_begin(call, true, 200);
    const struct gen_node *body = NULL;
    struct webhook_wish wish;
    struct gen_error err = {0};
    enum gen_status status;

    if (work == NULL || !wish_read(call, &body, &wish)) {
        return;
    }
    if ((gen_node_count(body) != 1 || wish.state == 0) && !gen_webhooks_ours(call, &work->row)) {
        return;
    }
    status = wish.secret != NULL
                 ? wrong(&err, "secret",
                         "is rotated (POST .../rotate), so that both sign for a day")
                 : wish_apply(call, body, &wish, &work->row, &err);
    if (work_fails(call, status, &err)) {
        return;
    }
    if (work->row.state == GEN_SUBSCRIBER_ACTIVE) {
        work->row.failures = 0;
        work->row.retry_at = 0;
    }
    webhook_write(call, work, GEN_CHANGE_SUBSCRIBER_SET, GEN_EVENT_WEBHOOK_UPDATED);
}

static void webhook_rotate(struct gen_call *call)
{
    struct webhook_work *work = webhook_begin(call, false, 200);
    struct gen_error err = {0};

    if (work == NULL || !gen_webhooks_ours(call, &work->row)) {
        return;
    }
    work->row.secret_before = work->row.secret;
    work->row.secret_until = work->row.updated_at + ROTATION_MS;
    if (!work_fails(call, work_secret(call, work, NULL, &err), &err)) {
        webhook_write(call, work, GEN_CHANGE_SUBSCRIBER_SET, GEN_EVENT_WEBHOOK_UPDATED);
    }
}

void gen_webhooks_create(struct gen_call *call)
{
    gen_signing_key_then(call, webhook_create);
}

void gen_webhooks_rotate(struct gen_call *call)
{
    gen_signing_key_then(call, webhook_rotate);
}

void gen_webhooks_remove(struct gen_call *call)
{
    struct webhook_work *work = webhook_begin(call, false, 204);

    if (work != NULL && gen_webhooks_ours(call, &work->row)) {
        work->row.version--;
        webhook_write(call, work, GEN_CHANGE_SUBSCRIBER_REMOVE, GEN_EVENT_WEBHOOK_REMOVED);
    }
}
