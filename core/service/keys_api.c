/* keys_api.c - see keys_api.h. */
#include "service/keys_api.h"

#include "base/alloc.h"
#include "base/json.h"
#include "engine/engine.h"
#include "model/actor.h"
#include "platform/json_reader.h"
#include "platform/key_token.h"
#include "service/event_stream.h"
#include "service/limit_view.h"
#include "store/reading.h"

#include <stdio.h>
#include <string.h>

enum { KEYS_LIMIT = 50 };

const char *const gen_keys_types[] = {"application/json", NULL};

#define ORGANIZATION \
    { \
        "organization", "Those of another organization; takes the permission tenants:write." \
    }

const struct gen_parameter gen_keys_list_parameters[] = {
    {"limit", "Keys of a page, 1 to 200; 50 by default."},
    {"after", "Where the page begins: `next` of the page before."},
    ORGANIZATION,
    {NULL, NULL},
};
const struct gen_parameter gen_keys_parameters[] = {ORGANIZATION, {NULL, NULL}};

struct keys_work { /* what is told once it is durable; in the call's arena */
    struct gen_access_key key;
    char token[GEN_KEY_TOKEN_SIZE]; /* "" = none */
    int http;
};

/* Whose keys a request is about; NULL: a reply has been given. */
static const char *keys_organization(struct gen_call *call)
{
    const char *wanted = gen_exchange_query(call->exchange, "organization");
    struct gen_error err = {0};

    if (wanted == NULL || strcmp(wanted, call->principal.organization) == 0) {
        return call->principal.organization;
    }
    if (gen_principal_may(&call->principal, GEN_MAY_TENANTS_WRITE)) {
        return wanted;
    }
    gen_error_set(&err, GEN_EDENIED,
                  "keys of another organization take the permission "
                  "tenants:write, which only the owner of this daemon has");
    gen_error_place(&err, NULL, 0, 0, "organization");
    gen_call_fail(call, &err);
    return NULL;
}

static gen_moment keys_now(const struct gen_call *call)
{
    return gen_clock_now(call->service->clock);
}

static void keys_reply(struct gen_call *call, int http, const struct gen_access_key *key,
                       const char *token)
{
    struct gen_node *document = gen_access_key_write(key, keys_now(call), call->arena);
    char etag[32];

    if (token[0] != '\0') {
        gen_node_set(call->arena, document, "token", gen_node_string(call->arena, token));
    }
    (void)snprintf(etag, sizeof etag, "\"%lld\"", (long long)key->version);
    gen_exchange_reply_header(call->exchange, "ETag", etag);
    gen_call_reply(call, http, document);
}

/* The key of the path; false: a reply has been given. */
static bool keys_read(struct gen_call *call, struct gen_access_key *out)
{
    const char *organization = keys_organization(call);
    struct gen_error err = {0};

    if (organization == NULL) {
        return false;
    }
    if (gen_read_access_key(call->service->store, organization, call->value, call->arena, out,
                            &err) == GEN_OK) {
        return true;
    }
    gen_call_fail(call, &err);
    return false;
}

/* ----------------------------------------------------------------------------------- looking -- */

void gen_keys_list(struct gen_call *call)
{
    const char *organization = keys_organization(call);
    const char *after = gen_exchange_query(call->exchange, "after");
    struct gen_node *page = gen_node_map(call->arena), *list = gen_node_list(call->arena);
    struct gen_access_key *keys = NULL;
    struct gen_error err = {0};
    int64_t limit = KEYS_LIMIT;
    size_t count = 0;
    bool more = false;
    enum gen_status status;

    if (organization == NULL) {
        return;
    }
    status = gen_query_integer("limit", gen_exchange_query(call->exchange, "limit"), 1,
                               GEN_KEY_READING_MOST, &limit, &err);
    if (status == GEN_OK && after != NULL && !gen_ident_valid(GEN_IDENT_KEY, after)) {
        status = gen_error_set(&err, GEN_EINVAL, "is not `next` of a page of keys");
        gen_error_place(&err, NULL, 0, 0, "after");
    }
    if (status == GEN_OK) {
        status = gen_read_access_keys(call->service->store, organization, after, limit, call->arena,
                                      &keys, &count, &more, &err);
    }
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_EINVAL ? 400 : 0, &err);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        gen_node_push(list, gen_access_key_write(&keys[i], keys_now(call), call->arena));
    }
    gen_node_set(call->arena, page, "keys", list);
    gen_node_set(call->arena, page, "next",
                 gen_node_string(call->arena, more ? keys[count - 1].id.text : NULL));
    gen_call_reply(call, 200, page);
}

void gen_keys_show(struct gen_call *call)
{
    struct gen_access_key key;

    if (keys_read(call, &key)) {
        keys_reply(call, 200, &key, "");
    }
}

/* ----------------------------------------------------------------------------------- writing -- */

struct keys_order { /* on its way to the disk; who asked may leave meanwhile */
    struct gen_claim *claim;
    const struct gen_service *service;
    struct gen_ident key;
    bool ends; /* what was opened with the key as it was */
};

static void keys_written(void *context, enum gen_status status, const struct gen_error *err,
                         int64_t last_event)
{
    struct keys_order *order = context;
    struct gen_call *call = gen_claim_redeem(order->claim);
    struct keys_work *work;

    if (status == GEN_OK) {
        gen_event_stream_events(order->service->stream, last_event);
        if (order->ends) {
            gen_event_stream_end_key(order->service->stream, order->key.text);
        }
    }
    gen_free(order);
    if (call == NULL) {
        return; /* who asked has gone; the list shows what has become of it */
    }
    work = (struct keys_work *)(uintptr_t)call->work;
    if (status == GEN_ECONFLICT && err->path[0] == '\0' &&
        gen_exchange_header(call->exchange, "If-Match") != NULL) {
        gen_call_fail_as(call, 412, err); /* somebody was faster */
    } else if (status != GEN_OK) {
        gen_call_fail(call, err);
    } else {
        if (work->http == 201) {
            char location[64];

            (void)snprintf(location, sizeof location, "/v1/keys/%s", work->key.id.text);
            gen_exchange_reply_header(call->exchange, "Location", location);
        }
        keys_reply(call, work->http, &work->key, work->token);
    }
    gen_crypto_wipe(work->token, sizeof work->token);
}

static void keys_event(struct gen_call *call, struct gen_changes *changes, enum gen_event_kind kind,
                       const struct gen_access_key *key)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_node *data = gen_node_map(changes->arena);
    struct gen_actor actor = gen_actor_of(&call->principal, changes->arena);
    const char *role = gen_role_word(key->role);

    gen_node_set(changes->arena, data, "keyId", gen_node_string(changes->arena, key->id.text));
    gen_node_set(changes->arena, data, "name", gen_node_string(changes->arena, key->name));
    gen_node_set(changes->arena, data, "user", gen_node_string(changes->arena, key->user));
    gen_node_set(changes->arena, data, "role",
                 gen_node_string(changes->arena, role[0] == '\0' ? NULL : role));
    gen_node_set(changes->arena, data, "expiresAt",
                 gen_node_moment(changes->arena, key->expires_at));
    if (change != NULL) {
        change->as.event.kind = kind;
        change->as.event.organization = gen_arena_strdup(changes->arena, key->organization);
        change->as.event.at = key->updated_at;
        change->as.event.data = gen_json_text(changes->arena, data, NULL);
        change->as.event.actor = gen_actor_copy(&actor, changes->arena);
        gen_random_ident(call->service->random, GEN_IDENT_EVENT, key->updated_at,
                         &change->as.event.id);
    }
}

/* The budget of a key that limits what its user may spend: made, moved, or ended with it. */
static enum gen_status keys_budget(struct gen_call *call, struct gen_changes *changes,
                                   struct gen_access_key *key, struct gen_error *err)
{
    bool wanted = gen_access_key_spends(key) && key->revoked_at == 0;
    struct gen_budget budget = {.organization = key->organization,
                                .scope = GEN_SCOPE_USER,
                                .of = key->user,
                                .version = 0,
                                .created_by = key->created_by,
                                .created_at = key->updated_at};
    double shares[] = {0.8, 1};
    enum gen_change_kind kind = GEN_CHANGE_BUDGET_ADD;
    enum gen_status status = GEN_ENOTFOUND;

    if (key->budget.text[0] != '\0') {
        status = gen_read_budget(call->service->store, key->organization, key->budget.text,
                                 call->arena, &budget, err);
        if (status != GEN_OK && status != GEN_ENOTFOUND) {
            return status;
        }
        kind = status != GEN_OK || budget.ended_at != 0 ? GEN_CHANGE_BUDGET_ADD
               : wanted && budget.period == key->spend_period && strcmp(budget.of, key->user) == 0
                   ? GEN_CHANGE_BUDGET_SET
                   : GEN_CHANGE_BUDGET_END;
    }
    if (kind == GEN_CHANGE_BUDGET_END) { /* what it counts is not moved: it ends, another begins */
        budget.version++;
        budget.ended_at = budget.updated_at = key->updated_at;
        gen_changes_budget(changes, GEN_CHANGE_BUDGET_END, &budget);
        kind = GEN_CHANGE_BUDGET_ADD;
        key->budget.text[0] = '\0';
    }
    if (!wanted) {
        return GEN_OK;
    }
    if (kind == GEN_CHANGE_BUDGET_ADD) {
        budget = (struct gen_budget){.organization = key->organization,
                                     .scope = GEN_SCOPE_USER,
                                     .of = key->user,
                                     .period = key->spend_period,
                                     .alerts = {shares, GEN_COUNT(shares)},
                                     .note = gen_arena_printf(call->arena, "API key %s", key->name),
                                     .throttle_parallel = 1,
                                     .created_by = call->principal.user,
                                     .created_at = key->updated_at};
        gen_random_ident(call->service->random, GEN_IDENT_BUDGET, key->updated_at, &budget.id);
        key->budget = budget.id;
    }
    budget.hard = key->quota.spend;
    budget.frozen = key->quota.frozen;
    budget.version++;
    budget.updated_at = key->updated_at;
    gen_changes_budget(changes, kind, &budget);
    return GEN_OK;
}

/* Writes the key, its budget and what is said of it; the reply follows. */
static void keys_write(struct gen_call *call, struct keys_work *work, enum gen_change_kind kind,
                       enum gen_event_kind event)
{
    struct gen_changes *changes = gen_changes_create();
    struct keys_order *order = gen_alloc(sizeof *order);
    struct gen_error err = {0};
    enum gen_status status = changes == NULL || order == NULL
                                 ? gen_error_set(&err, GEN_ENOMEM, "out of memory")
                                 : keys_budget(call, changes, &work->key, &err);

    if (status == GEN_OK) {
        gen_changes_access_key(changes, kind, &work->key);
        keys_event(call, changes, event, &work->key);
    }
    if (status != GEN_OK) {
        gen_changes_destroy(changes);
        gen_free(order);
        gen_call_fail(call, &err);
        return;
    }
    call->work = work;
    *order = (struct keys_order){gen_call_park(call), call->service, work->key.id,
                                 event != GEN_EVENT_KEY_CREATED};
    if (order->claim == NULL) {
        gen_free(order);
    } else if (gen_engine_commit(call->service->engine, &changes, keys_written, order, &err) !=
               GEN_OK) {
        (void)gen_claim_redeem(order->claim);
        gen_free(order);
        gen_call_fail(call, &err);
    }
    gen_changes_destroy(changes);
}

static void keys_token(struct gen_call *call, struct keys_work *work)
{
    char digest[GEN_DIGEST_TEXT_SIZE];

    gen_key_token_make(call->service->random, work->token);
    gen_key_token_digest(work->token, digest);
    work->key.digest = gen_arena_strdup(call->arena, digest);
    work->key.hint = gen_arena_strdup(call->arena,
                                      work->token + GEN_KEY_TOKEN_LENGTH - GEN_KEY_TOKEN_HINT);
}

/* The body as what it asks for; NULL: a reply has been given. */
static const struct gen_node *keys_body(struct gen_call *call)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};
    size_t size;
    const char *body = gen_exchange_body(call->exchange, &size);

    if (gen_json_read(body, size, NULL, call->arena, &node, &err) == GEN_OK) {
        return node;
    }
    gen_call_fail(call, &err);
    return NULL;
}

/* Who makes or edits, with all that bounds them: their key, and budgets of their user. False: a reply has
 * been given. `old`: what is edited, or NULL. */
static bool keys_maker(struct gen_call *call, const struct gen_access_key *old,
                       struct gen_principal *out)
{
    struct gen_limit *limits = NULL;
    struct gen_error err = {0};
    size_t count = 0;

    *out = call->principal;
    if (gen_principal_is_owner(out)) {
        return true;
    }
    if (gen_limit_view_find(call, GEN_SCOPE_USER, out->user, keys_now(call), &limits, &count,
                            &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return false;
    }
    for (size_t i = 0; i < count; i++) { /* those of budget.yaml bound each user alike */
        out->bounded = out->bounded || (limits[i].id[0] != '\0' && gen_limit_capped(&limits[i]));
    }
    if (old != NULL && gen_access_key_spends(old) && strcmp(old->user, out->user) == 0 &&
        !out->quota.frozen && (out->quota.spend == 0 || old->quota.spend < out->quota.spend)) {
        out->quota.spend = old->quota.spend; /* its budget bounds who edits it, too */
        out->quota.frozen = old->quota.frozen;
        out->quota.spend_period = (int)old->spend_period;
    }
    return true;
}

void gen_keys_create(struct gen_call *call)
{
    struct gen_principal maker;
    struct keys_work *work = gen_arena_alloc(call->arena, sizeof *work);
    const struct gen_node *body = keys_body(call);
    struct gen_error err = {0};

    if (body == NULL) {
        return;
    }
    if (work == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        gen_call_fail(call, &err);
        return;
    }
    if (!keys_maker(call, NULL, &maker)) {
        return;
    }
    if (gen_access_key_read(body, NULL, &maker, keys_now(call), call->arena, &work->key, &err) !=
        GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    work->http = 201;
    work->key.created_at = work->key.updated_at = keys_now(call);
    work->key.created_by = call->principal.user;
    work->key.version = 1;
    gen_random_ident(call->service->random, GEN_IDENT_KEY, work->key.created_at, &work->key.id);
    keys_token(call, work);
    keys_write(call, work, GEN_CHANGE_KEY_ADD, GEN_EVENT_KEY_CREATED);
}

/* Who may less than a key must not get hold of it. `maker`: from keys_maker. */
static bool keys_below(struct gen_call *call, const struct gen_access_key *key,
                       struct gen_principal *maker)
{
    uint32_t beyond = key->permissions & ~call->principal.permissions;
    struct gen_error err = {0};

    if (!keys_maker(call, key, maker)) {
        return false;
    }
    if (beyond == 0) {
        if (gen_access_key_within(key, maker, &err) == GEN_OK) {
            return true;
        }
        (void)gen_error_within(&err, "this key is bounded by less than you");
        gen_call_fail(call, &err);
        return false;
    }
    gen_error_set(&err, GEN_EDENIED, "this key may more than you (%s); an administrator can do it",
                  gen_permission_word(beyond));
    gen_call_fail(call, &err);
    return false;
}

/* A living key of the path, with room for what becomes of it; NULL: a reply has been given. */
static struct keys_work *keys_living(struct gen_call *call)
{
    struct keys_work *work = gen_arena_alloc(call->arena, sizeof *work);
    struct gen_error err = {0};

    if (work == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        gen_call_fail(call, &err);
        return NULL;
    }
    if (!keys_read(call, &work->key)) {
        return NULL;
    }
    if (work->key.revoked_at != 0) {
        (void)gen_error_set(&err, GEN_ECONFLICT, "the key is revoked; make another one");
        gen_call_fail(call, &err);
        return NULL;
    }
    work->http = 200;
    return work;
}

void gen_keys_edit(struct gen_call *call)
{
    struct keys_work *work = keys_living(call);
    const struct gen_node *body = work == NULL ? NULL : keys_body(call);
    struct gen_principal maker;
    struct gen_error err = {0};

    if (body == NULL || !gen_call_match(call, "key", work->key.version, true) ||
        !keys_below(call, &work->key, &maker)) {
        return;
    }
    if (gen_access_key_read(body, &work->key, &maker, keys_now(call), call->arena, &work->key,
                            &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    work->key.version++;
    work->key.updated_at = keys_now(call);
    keys_write(call, work, GEN_CHANGE_KEY_SET, GEN_EVENT_KEY_CHANGED);
}

void gen_keys_rotate(struct gen_call *call)
{
    struct keys_work *work = keys_living(call);
    struct gen_principal maker;

    if (work == NULL || !keys_below(call, &work->key, &maker)) {
        return;
    }
    work->key.version++;
    work->key.updated_at = keys_now(call);
    keys_token(call, work);
    keys_write(call, work, GEN_CHANGE_KEY_SET, GEN_EVENT_KEY_ROTATED);
}

void gen_keys_revoke(struct gen_call *call)
{
    struct keys_work *work = gen_arena_alloc(call->arena, sizeof *work);
    struct gen_error err = {0};

    if (work == NULL) {
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        gen_call_fail(call, &err);
        return;
    }
    if (!keys_read(call, &work->key)) {
        return;
    }
    if (work->key.revoked_at != 0) { /* as it was to be */
        keys_reply(call, 200, &work->key, "");
        return;
    }
    work->http = 200;
    work->key.version++;
    work->key.revoked_at = work->key.updated_at = keys_now(call);
    keys_write(call, work, GEN_CHANGE_KEY_SET, GEN_EVENT_KEY_REVOKED);
}
