/* budgets_api.c - see budgets_api.h. */
#include "service/budgets_api.h"

#include "base/alloc.h"
#include "base/json.h"
#include "engine/engine.h"
#include "engine/rulebook.h"
#include "model/actor.h"
#include "platform/json_reader.h"
#include "service/event_stream.h"
#include "service/limit_view.h"
#include "store/reading.h"

#include <stdio.h>
#include <string.h>

const char *const gen_budgets_types[] = {"application/json", NULL};

const struct gen_parameter gen_budgets_parameters[] = {
    {"ended", "true: those that were ended, too."},
    {NULL, NULL},
};

static gen_moment budgets_now(const struct gen_call *call)
{
    return gen_clock_now(call->service->clock);
}

/* ----------------------------------------------------------------------------------- looking -- */

/* What is used of it now; an ended one counts nothing any more. */
static enum gen_status budgets_document(struct gen_call *call, const struct gen_budget *budget,
                                        struct gen_node **out, struct gen_error *err)
{
    struct gen_node *map = gen_budget_write(budget, call->arena);
    struct gen_limit *limits = NULL;
    size_t count = 0;
    enum gen_status status = GEN_OK;

    *out = map;
    if (budget->ended_at == 0) {
        status = gen_limit_view_find(call, budget->scope, budget->of, budgets_now(call), &limits,
                                     &count, err);
    }
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        if (strcmp(limits[i].id, budget->id.text) == 0) {
            return gen_limit_view_add(call, &limits[i], budgets_now(call), map, err);
        }
    }
    return status;
}

/* A limit of budget.yaml; without anybody named it is one for each, and nothing can be added up here. */
static enum gen_status budgets_policy_row(struct gen_call *call, const char *name,
                                          const struct gen_budget_limit *row, const char *of,
                                          struct gen_node *list, struct gen_error *err)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_push(list, gen_node_map(arena));
    bool each = row->scope != GEN_SCOPE_ORGANIZATION && of == NULL;
    struct gen_limit *limits = NULL;
    size_t count = 0;
    enum gen_status status = GEN_OK;

    gen_node_set(arena, map, "name", gen_node_string(arena, name));
    gen_node_set(arena, map, "scope",
                 gen_node_string(arena, gen_scope_word((enum gen_scope)row->scope)));
    gen_node_set(arena, map, "of", gen_node_string(arena, of));
    gen_node_set(arena, map, "each", gen_node_bool(arena, each));
    gen_node_set(arena, map, "period",
                 gen_node_string(arena, gen_period_word((enum gen_period)row->period)));
    gen_node_set(arena, map, "hard",
                 row->hard > 0 ? gen_node_money(arena, row->hard) : gen_node_null(arena));
    gen_node_set(arena, map, "soft",
                 row->soft > 0 ? gen_node_money(arena, row->soft) : gen_node_null(arena));
    gen_node_set(arena, map, "conditional", gen_node_bool(arena, row->when.program != NULL));
    if (!each) {
        status = gen_limit_view_find(call, (enum gen_scope)row->scope, of, budgets_now(call),
                                     &limits, &count, err);
    }
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        if (limits[i].id[0] == '\0' && strcmp(limits[i].name, name) == 0) {
            return gen_limit_view_add(call, &limits[i], budgets_now(call), map, err);
        }
    }
    return status;
}

static enum gen_status budgets_policy(struct gen_call *call, struct gen_node *page,
                                      struct gen_error *err)
{
    struct gen_node *list = gen_node_list(call->arena);
    struct gen_rulebook_facts facts = {0};
    const struct gen_budget_limit *rows;
    enum gen_status status = GEN_OK;

    gen_node_set(call->arena, page, "policy", list);
    if (call->service->rules == NULL) {
        return GEN_OK;
    }
    gen_rulebook_facts(call->service->rules, &facts);
    rows = facts.set->budget->limits.items;
    for (size_t i = 0; i < facts.set->budget->limits.count && status == GEN_OK; i++) {
        bool named = rows[i].scope != GEN_SCOPE_ORGANIZATION && rows[i].of.count > 0;

        for (size_t k = 0; k < (named ? rows[i].of.count : 1) && status == GEN_OK; k++) {
            status = budgets_policy_row(call, rows[i].named.name, &rows[i],
                                        named ? rows[i].of.items[k] : NULL, list, err);
        }
    }
    return status;
}

void gen_budgets_list(struct gen_call *call)
{
    const char *ended = gen_exchange_query(call->exchange, "ended");
    struct gen_node *page = gen_node_map(call->arena), *list = gen_node_list(call->arena);
    struct gen_budget *budgets = NULL;
    struct gen_error err = {0};
    size_t count = 0;
    enum gen_status status;

    if (ended != NULL && strcmp(ended, "true") != 0 && strcmp(ended, "false") != 0) {
        (void)gen_error_set(&err, GEN_EINVAL, "must be true or false");
        gen_error_place(&err, NULL, 0, 0, "ended");
        gen_call_fail_as(call, 400, &err);
        return;
    }
    status = gen_read_budgets(call->service->store, call->principal.organization,
                              ended != NULL && strcmp(ended, "true") == 0, call->arena, &budgets,
                              &count, &err);
    for (size_t i = 0; i < count && status == GEN_OK; i++) {
        struct gen_node *map = NULL;

        status = budgets_document(call, &budgets[i], &map, &err);
        gen_node_push(list, map);
    }
    gen_node_set(call->arena, page, "budgets", list);
    if (status == GEN_OK) {
        status = budgets_policy(call, page, &err);
    }
    if (status == GEN_OK) {
        gen_call_reply(call, 200, page);
    } else {
        gen_call_fail(call, &err);
    }
}

static void budgets_etag(const struct gen_budget *budget, char out[32])
{
    (void)snprintf(out, 32, "\"%lld\"", (long long)budget->version);
}

static void budgets_reply(struct gen_call *call, int http, const struct gen_budget *budget)
{
    struct gen_node *document = NULL;
    struct gen_error err = {0};
    char etag[32];

    if (budgets_document(call, budget, &document, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    budgets_etag(budget, etag);
    gen_exchange_reply_header(call->exchange, "ETag", etag);
    gen_call_reply(call, http, document);
}

/* The budget of the path; false: a reply has been given. */
static bool budgets_read(struct gen_call *call, struct gen_budget *out)
{
    struct gen_error err = {0};

    if (gen_read_budget(call->service->store, call->principal.organization, call->value,
                        call->arena, out, &err) == GEN_OK) {
        return true;
    }
    gen_call_fail(call, &err);
    return false;
}

void gen_budgets_show(struct gen_call *call)
{
    struct gen_budget budget;

    if (budgets_read(call, &budget)) {
        budgets_reply(call, 200, &budget);
    }
}

/* ----------------------------------------------------------------------------------- writing -- */

struct budgets_order { /* on its way to the disk; who asked may leave meanwhile */
    struct gen_claim *claim;
    const struct gen_service *service;
    int http;
};

static void budgets_written(void *context, enum gen_status status, const struct gen_error *err,
                            int64_t last_event)
{
    struct budgets_order order = *(struct budgets_order *)context;
    struct gen_call *call = gen_claim_redeem(order.claim);
    const struct gen_budget *budget;

    gen_free(context);
    if (status == GEN_OK) {
        gen_event_stream_events(order.service->stream, last_event);
    }
    if (call == NULL) {
        return; /* who asked has gone; the list shows what has become of it */
    }
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_ECONFLICT ? 412 : 0, err);
        return;
    }
    budget = call->work;
    if (order.http == 201) {
        char location[64];

        (void)snprintf(location, sizeof location, "/v1/budgets/%s", budget->id.text);
        gen_exchange_reply_header(call->exchange, "Location", location);
    }
    budgets_reply(call, order.http, budget);
}

/* Who did what; the amounts are what people will ask for. */
static void budgets_event(struct gen_call *call, struct gen_changes *changes,
                          enum gen_event_kind kind, const struct gen_budget *budget)
{
    struct gen_change *change = gen_changes_add(changes, GEN_CHANGE_EVENT);
    struct gen_actor actor = gen_actor_of(&call->principal, changes->arena);

    if (change != NULL) {
        change->as.event.kind = kind;
        change->as.event.organization = gen_arena_strdup(changes->arena, budget->organization);
        change->as.event.at = budget->updated_at;
        change->as.event.data = gen_json_text(changes->arena,
                                              gen_budget_write(budget, changes->arena), NULL);
        change->as.event.actor = gen_actor_copy(&actor, changes->arena);
        gen_random_ident(call->service->random, GEN_IDENT_EVENT, budget->updated_at,
                         &change->as.event.id);
    }
}

static void budgets_write(struct gen_call *call, const struct gen_budget *budget, int http,
                          enum gen_change_kind kind, enum gen_event_kind event)
{
    struct gen_changes *changes = gen_changes_create();
    struct budgets_order *order = gen_alloc(sizeof *order);
    struct gen_budget *kept = gen_arena_alloc(call->arena, sizeof *kept);
    struct gen_error err = {0};

    if (changes == NULL || order == NULL || kept == NULL) {
        gen_changes_destroy(changes);
        gen_free(order);
        (void)gen_error_set(&err, GEN_ENOMEM, "out of memory");
        gen_call_fail(call, &err);
        return;
    }
    *kept = *budget;
    call->work = kept;
    gen_changes_budget(changes, kind, budget);
    budgets_event(call, changes, event, budget);
    *order = (struct budgets_order){gen_call_park(call), call->service, http};
    if (order->claim == NULL) {
        gen_free(order);
    } else if (gen_engine_commit(call->service->engine, &changes, budgets_written, order, &err) !=
               GEN_OK) {
        (void)gen_claim_redeem(order->claim);
        gen_free(order);
        gen_call_fail(call, &err);
    }
    gen_changes_destroy(changes);
}

/* The body; NULL: a reply has been given. */
static const struct gen_node *budgets_body(struct gen_call *call)
{
    const struct gen_node *node = NULL;
    struct gen_error err = {0};
    size_t size;
    const char *body = gen_exchange_body(call->exchange, &size);

    if (gen_json_read(body, size, NULL, call->arena, &node, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return NULL;
    }
    if (gen_node_type_of(node) != GEN_NODE_MAP) {
        (void)gen_error_set(&err, GEN_EINVAL,
                            "the body must be a map such as {\"scope\": "
                            "\"organization\", \"hard\": 500}");
        gen_call_fail(call, &err);
        return NULL;
    }
    return node;
}

/* Whose it is must be a word that a job could name. */
static enum gen_status budgets_check_of(const struct gen_budget *budget, struct gen_error *err)
{
    bool good = budget->of[0] == '\0' ||
                (budget->scope == GEN_SCOPE_JOB
                     ? gen_ident_valid(GEN_IDENT_JOB, budget->of)
                     : budget->scope == GEN_SCOPE_PROJECT ||
                           gen_principal_word_valid(budget->of, strlen(budget->of)));

    if (good) {
        return GEN_OK;
    }
    gen_error_set(err, GEN_EINVAL, "is no id of a %s: nothing would ever count under it",
                  gen_scope_word(budget->scope));
    gen_error_place(err, NULL, 0, 0, "of");
    return GEN_EINVAL;
}

void gen_budgets_create(struct gen_call *call)
{
    const struct gen_node *body = budgets_body(call);
    struct gen_budget budget;
    struct gen_error err = {0};

    if (body == NULL) {
        return;
    }
    if (gen_budget_read(body, call->arena, &budget, &err) != GEN_OK ||
        budgets_check_of(&budget, &err) != GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    budget.organization = call->principal.organization;
    budget.created_by = call->principal.user;
    budget.created_at = budget.updated_at = budgets_now(call);
    budget.version = 1;
    gen_random_ident(call->service->random, GEN_IDENT_BUDGET, budget.created_at, &budget.id);
    budgets_write(call, &budget, 201, GEN_CHANGE_BUDGET_ADD, GEN_EVENT_BUDGET_CREATED);
}

/* The version that somebody has seen must be the one that is there. */
static bool budgets_match(struct gen_call *call, const struct gen_budget *budget)
{
    const char *match = gen_exchange_header(call->exchange, "If-Match");
    struct gen_error err = {0};
    char etag[32];

    budgets_etag(budget, etag);
    if (match == NULL) {
        (void)gen_error_set(&err, GEN_EINVAL,
                            "send If-Match with the ETag of the budget as you saw it (%s)", etag);
        gen_call_fail_as(call, 428, &err);
        return false;
    }
    if (strcmp(match, "*") != 0 && strcmp(match, etag) != 0) {
        (void)gen_error_set(&err, GEN_ECONFLICT,
                            "somebody has changed the budget meanwhile: its ETag is %s now; look "
                            "at it again",
                            etag);
        gen_call_fail_as(call, 412, &err);
        return false;
    }
    return true;
}

/* A budget in force, as its ETag says; false: a reply has been given. */
static bool budgets_living(struct gen_call *call, struct gen_budget *out)
{
    struct gen_error err = {0};

    if (!budgets_read(call, out)) {
        return false;
    }
    if (out->ended_at != 0) {
        (void)gen_error_set(&err, GEN_ECONFLICT, "the budget has ended; set another one");
        gen_call_fail(call, &err);
        return false;
    }
    return budgets_match(call, out);
}

/* A limit on one's own user is somebody else's to loosen; the machine's owner has nobody else. */
static bool budgets_own(struct gen_call *call, const struct gen_budget *budget)
{
    struct gen_error err = {0};

    if (budget->scope != GEN_SCOPE_USER || strcmp(budget->of, call->principal.user) != 0 ||
        gen_principal_is_owner(&call->principal)) {
        return false;
    }
    (void)gen_error_set(&err, GEN_EDENIED,
                        "this budget bounds you (user %s); somebody else who may set budgets can "
                        "change or end it",
                        budget->of);
    gen_call_fail(call, &err);
    return true;
}

/* What the body says on top of what is there. Other keys than those of a new budget are mistakes. */
static struct gen_node *budgets_overlay(struct gen_arena *arena, const struct gen_budget *budget,
                                        const struct gen_node *body)
{
    static const char *const keys[] = {
        "scope",    "of",           "period",           "hard", "soft", "alerts",
        "rollover", "throttleFrom", "throttleParallel", "note", NULL};
    const struct gen_node *before = gen_budget_write(budget, arena);
    struct gen_node *whole = gen_node_map(arena);

    for (size_t i = 0; keys[i] != NULL; i++) {
        const struct gen_node *value = gen_node_get(before, keys[i]);

        if (gen_node_get(body, keys[i]) == NULL && gen_node_type_of(value) > GEN_NODE_NULL) {
            gen_node_set(arena, whole, keys[i], gen_node_copy(arena, value));
        }
    }
    for (const struct gen_node *item = gen_node_first(body); item != NULL; item = item->next) {
        gen_node_set(arena, whole, item->key, gen_node_copy(arena, item));
    }
    return whole;
}

void gen_budgets_edit(struct gen_call *call)
{
    const struct gen_node *body = budgets_body(call);
    struct gen_budget budget, edited;
    struct gen_error err = {0};

    if (body == NULL || !budgets_living(call, &budget) || budgets_own(call, &budget)) {
        return;
    }
    if (gen_budget_read(budgets_overlay(call->arena, &budget, body), call->arena, &edited, &err) !=
        GEN_OK) {
        gen_call_fail(call, &err);
        return;
    }
    if (edited.scope != budget.scope || edited.period != budget.period ||
        strcmp(edited.of, budget.of) != 0) {
        (void)gen_error_set(&err, GEN_EINVAL,
                            "what a budget counts cannot be changed, only how much: end it and set "
                            "another one");
        gen_error_place(&err, NULL, 0, 0,
                        edited.scope != budget.scope     ? "scope"
                        : edited.period != budget.period ? "period"
                                                         : "of");
        gen_call_fail(call, &err);
        return;
    }
    edited.id = budget.id;
    edited.organization = budget.organization;
    edited.created_by = budget.created_by;
    edited.created_at = budget.created_at;
    edited.updated_at = budgets_now(call);
    edited.version = budget.version + 1;
    budgets_write(call, &edited, 200, GEN_CHANGE_BUDGET_SET, GEN_EVENT_BUDGET_CHANGED);
}

void gen_budgets_end(struct gen_call *call)
{
    struct gen_budget budget;

    if (!budgets_living(call, &budget) || budgets_own(call, &budget)) {
        return;
    }
    budget.version++;
    budget.ended_at = budget.updated_at = budgets_now(call);
    budgets_write(call, &budget, 200, GEN_CHANGE_BUDGET_END, GEN_EVENT_BUDGET_ENDED);
}
