/* secrets_api.c - see secrets_api.h. */
#include "service/secrets_api.h"

#include "base/alloc.h"
#include "base/choice.h"
#include "engine/engine.h"
#include "engine/lockbox.h"
#include "store/document.h"

#include <string.h>

const char *const gen_secrets_types[] = {"text/plain", "application/octet-stream", NULL};

const struct gen_parameter gen_secrets_set_parameters[] = {
    {"team", "Whose it is: a team; without it that of the whole organization."},
    {"account",
     "Of a secret that is set already: same (another key of the same account) or other."},
    {NULL, NULL},
};

const struct gen_parameter gen_secrets_team_parameters[] = {
    {"team", "Whose it is: a team; without it that of the whole organization."},
    {NULL, NULL},
};

const struct gen_parameter gen_secrets_remove_parameters[] = {
    {"team", "Whose it is: a team; without it that of the whole organization."},
    {"force", "true: also when renders under way need it."},
    {NULL, NULL},
};

static const struct gen_choice accounts[] = {
    {"same", GEN_LOCKBOX_SAME, NULL},
    {"other", GEN_LOCKBOX_OTHER, NULL},
    {NULL, 0, NULL},
};

/* ------------------------------------------------------------------------------------ documents -- */

static struct gen_node *secret_users(struct gen_call *call, const char *name)
{
    struct gen_node *list = gen_node_list(call->arena);
    const struct gen_hosted **users = NULL;
    size_t count = gen_engine_secret_users(call->service->engine, name, call->arena, &users);

    for (size_t i = 0; i < count; i++) {
        gen_node_push(list, gen_node_string(call->arena, gen_hosted_id(users[i])));
    }
    return list;
}

static struct gen_node *secret_trial(struct gen_arena *arena, const struct gen_secret_row *row)
{
    struct gen_node *map;

    if (row->tested_at == 0) {
        return gen_node_null(arena);
    }
    map = gen_node_map(arena);
    gen_node_set(arena, map, "at", gen_node_moment(arena, row->tested_at));
    gen_node_set(arena, map, "ok", gen_node_bool(arena, row->tested_well));
    gen_node_set(arena, map, "detail", gen_document_text(arena, row->tested_note));
    return map;
}

static struct gen_node *secret_node(struct gen_call *call, const struct gen_secret_row *row,
                                    size_t versions)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    struct gen_error err = {0};
    bool readable = gen_lockbox_readable(call->service->lockbox, row, &err) == GEN_OK;

    gen_node_set(arena, map, "name", gen_node_string(arena, row->name));
    gen_node_set(arena, map, "team", gen_document_text(arena, row->team));
    gen_node_set(arena, map, "version", gen_node_int(arena, row->version));
    gen_node_set(arena, map, "versions", gen_node_int(arena, (int64_t)versions));
    gen_node_set(arena, map, "providers", secret_users(call, row->name));
    gen_node_set(arena, map, "createdAt", gen_node_moment(arena, row->created_at));
    gen_node_set(arena, map, "createdBy", gen_document_text(arena, row->created_by));
    gen_node_set(arena, map, "rotatedAt", gen_node_moment(arena, row->rotated_at));
    gen_node_set(arena, map, "rotatedBy", gen_document_text(arena, row->rotated_by));
    gen_node_set(arena, map, "lastTest", secret_trial(arena, row));
    gen_node_set(arena, map, "readable", gen_node_bool(arena, readable));
    gen_node_set(arena, map, "trouble", gen_node_string(arena, readable ? NULL : err.message));
    return map;
}

/* ------------------------------------------------------------------------------------- all routes -- */

static bool secrets_lack(struct gen_call *call)
{
    struct gen_error err = {0};

    if (call->service->lockbox != NULL) {
        return false;
    }
    gen_error_set(&err, GEN_EUNSUPPORTED, "this daemon keeps no secrets");
    gen_call_fail(call, &err);
    return true;
}

/* Whose secret a request is about; false: a reply has been given. */
static bool secrets_order(struct gen_call *call, struct gen_lockbox_order *out)
{
    const char *team = gen_exchange_query(call->exchange, "team");
    struct gen_error err = {0};

    if (secrets_lack(call)) {
        return false;
    }
    *out = (struct gen_lockbox_order){.organization = call->principal.organization,
                                      .team = team == NULL ? "" : team,
                                      .name = call->value,
                                      .user = call->principal.user};
    if (gen_principal_in_team(&call->principal, out->team)) {
        return true;
    }
    gen_error_set(&err, GEN_ENOTFOUND, "there is no team \"%.130s\" for you", out->team);
    gen_error_place(&err, NULL, 0, 0, "team");
    gen_call_fail(call, &err);
    return false;
}

/* What fails before it is on its way is told now; else the claim is redeemed later. */
static void secrets_begun(struct gen_claim *claim, enum gen_status status,
                          const struct gen_error *err)
{
    if (status != GEN_OK) {
        struct gen_call *call = gen_claim_redeem(claim);

        if (call != NULL) {
            gen_call_fail(call, err);
        }
    }
}

/* Every body here is a secret: the only copy that we keep is sealed. */
static void secrets_wipe(struct gen_call *call)
{
    size_t size = 0;
    const char *body = gen_exchange_body(call->exchange, &size);

    gen_crypto_wipe((void *)(uintptr_t)body, size);
}

/* ---------------------------------------------------------------------------------------- setting -- */

static void set_done(void *context, enum gen_status status, const struct gen_error *err,
                     const struct gen_secret_row *row)
{
    struct gen_call *call = gen_claim_redeem(context);

    if (call == NULL) {
        return;
    }
    if (status != GEN_OK) {
        gen_call_fail(call, err);
    } else {
        GEN_CHECK(row != NULL); /* just written, and nobody else could write */
        gen_call_reply(call, row->version == 1 ? 201 : 200, secret_node(call, row, 1));
    }
}

static enum gen_status set_account(struct gen_call *call, struct gen_lockbox_order *order,
                                   struct gen_error *err)
{
    const char *word = gen_exchange_query(call->exchange, "account");
    int account = word == NULL ? GEN_LOCKBOX_FIRST : gen_choice_value(accounts, word);

    if (account < 0) {
        gen_error_set(err, GEN_EINVAL, "must be same or other");
        gen_error_place(err, NULL, 0, 0, "account");
        return GEN_EINVAL;
    }
    order->account = (enum gen_lockbox_account)account;
    return GEN_OK;
}

void gen_secrets_set(struct gen_call *call)
{
    struct gen_lockbox_order order;
    struct gen_error err = {0};
    struct gen_claim *claim;

    if (!secrets_order(call, &order)) {
        secrets_wipe(call);
        return;
    }
    if (set_account(call, &order, &err) != GEN_OK) {
        secrets_wipe(call);
        gen_call_fail_as(call, 400, &err);
        return;
    }
    order.text = gen_exchange_body(call->exchange, &order.size);
    claim = gen_call_park(call);
    if (claim != NULL) {
        enum gen_status status = gen_lockbox_set(call->service->lockbox, &order, set_done, claim,
                                                 &err);

        secrets_wipe(call);
        secrets_begun(claim, status, &err);
    } else {
        secrets_wipe(call);
    }
}

/* ------------------------------------------------------------------------------ listing, removing -- */

void gen_secrets_list(struct gen_call *call)
{
    struct gen_node *page = gen_node_map(call->arena), *list = gen_node_list(call->arena);
    const struct gen_secret_row *row;
    size_t cursor = 0, versions = 0;

    if (secrets_lack(call)) {
        return;
    }
    while ((row = gen_lockbox_next(call->service->lockbox, call->principal.organization, &cursor,
                                   &versions)) != NULL) {
        if (gen_principal_in_team(&call->principal, row->team)) {
            gen_node_push(list, secret_node(call, row, versions));
        }
    }
    gen_node_set(call->arena, page, "secrets", list);
    gen_call_reply(call, 200, page);
}

static void remove_done(void *context, enum gen_status status, const struct gen_error *err,
                        const struct gen_secret_row *row)
{
    struct gen_call *call = gen_claim_redeem(context);
    struct gen_node *map;

    (void)row;
    if (call == NULL) {
        return;
    }
    if (status != GEN_OK) {
        gen_call_fail(call, err);
        return;
    }
    map = gen_node_map(call->arena);
    gen_node_set(call->arena, map, "removed", gen_node_bool(call->arena, true));
    gen_call_reply(call, 200, map);
}

/* GEN_ECONFLICT: open jobs need it, and which. Those of a team that has one of its own do not. */
static enum gen_status remove_fits(struct gen_call *call, const struct gen_lockbox_order *order,
                                   struct gen_error *err)
{
    enum { NAMED = 5 };
    const char *force = gen_exchange_query(call->exchange, "force");
    const struct gen_job **jobs = NULL;
    const char *list = "";
    size_t count, needing = 0;

    if (force != NULL && strcmp(force, "true") != 0 && strcmp(force, "false") != 0) {
        gen_error_set(err, GEN_EINVAL, "must be true or false");
        gen_error_place(err, NULL, 0, 0, "force");
        return GEN_EINVAL;
    }
    if ((force != NULL && force[0] == 't') ||
        gen_lockbox_find(call->service->lockbox, order->organization, order->team, order->name) ==
            NULL) {
        return GEN_OK;
    }
    count = gen_engine_secret_jobs(call->service->engine, order->organization, order->team,
                                   order->name, call->arena, &jobs);
    for (size_t i = 0; jobs != NULL && list != NULL && i < count; i++) {
        bool own = order->team[0] == '\0' && jobs[i]->team != NULL && jobs[i]->team[0] != '\0' &&
                   gen_lockbox_find(call->service->lockbox, order->organization, jobs[i]->team,
                                    order->name) != NULL;

        if (!own && needing++ < NAMED) {
            list = gen_arena_printf(call->arena, "%s%s%s", list, list[0] != '\0' ? ", " : "",
                                    jobs[i]->id.text);
        }
    }
    if (needing == 0 && jobs != NULL) {
        return GEN_OK;
    }
    return jobs == NULL || list == NULL
               ? gen_error_set(err, GEN_ENOMEM, "out of memory")
               : gen_error_set(
                     err, GEN_ECONFLICT,
                     "%zu open job%s %s it: %s%s; wait for %s, or cancel %s, or remove it "
                     "all the same (gen secret remove --force)",
                     needing, needing == 1 ? "" : "s", needing == 1 ? "needs" : "need", list,
                     needing > NAMED ? ", ..." : "", needing == 1 ? "it" : "them",
                     needing == 1 ? "it" : "them");
}

void gen_secrets_remove(struct gen_call *call)
{
    struct gen_lockbox_order order;
    struct gen_error err = {0};
    struct gen_claim *claim;

    enum gen_status status;

    if (!secrets_order(call, &order)) {
        return;
    }
    status = remove_fits(call, &order, &err);
    if (status != GEN_OK) {
        gen_call_fail_as(call, status == GEN_EINVAL ? 400 : 0, &err);
    } else if ((claim = gen_call_park(call)) != NULL) {
        secrets_begun(claim,
                      gen_lockbox_remove(call->service->lockbox, &order, remove_done, claim, &err),
                      &err);
    }
}

/* ----------------------------------------------------------------------------------------- testing -- */

struct trial { /* of one secret at all providers that use it; in its arena */
    struct gen_arena *arena;
    struct gen_lockbox *lockbox;
    struct gen_claim *claim;
    struct gen_lockbox_order order;
    struct gen_node *results;
    size_t waiting, well, bad;
    const char *why; /* of the first that was not well */
};

struct trial_one { /* at one of them */
    struct trial *trial;
    struct gen_node *result;
};

static void trial_reply(struct trial *trial)
{
    struct gen_call *call = gen_claim_redeem(trial->claim);
    struct gen_node *map;

    if (call != NULL) {
        map = gen_node_map(call->arena);
        gen_node_set(call->arena, map, "name", gen_node_string(call->arena, trial->order.name));
        gen_node_set(call->arena, map, "team", gen_document_text(call->arena, trial->order.team));
        gen_node_set(call->arena, map, "ok",
                     trial->well + trial->bad == 0 ? gen_node_null(call->arena)
                                                   : gen_node_bool(call->arena, trial->bad == 0));
        gen_node_set(call->arena, map, "providers", gen_node_copy(call->arena, trial->results));
        gen_call_reply(call, 200, map);
    }
    gen_arena_destroy(trial->arena);
}

static void trial_noted(void *context, enum gen_status status, const struct gen_error *err,
                        const struct gen_secret_row *row)
{
    (void)status; /* what was found is told, kept or not */
    (void)err;
    (void)row;
    trial_reply(context);
}

static void trial_end(struct trial *trial)
{
    struct gen_error err = {0};

    if (trial->well + trial->bad == 0 ||
        gen_lockbox_note(trial->lockbox, &trial->order, trial->bad == 0,
                         trial->why != NULL ? trial->why : "", trial_noted, trial,
                         &err) != GEN_OK) {
        trial_reply(trial);
    }
}

static void trial_say(struct trial *trial, struct gen_node *result, struct gen_node *ok,
                      const char *words)
{
    gen_node_set(trial->arena, result, "ok", ok);
    gen_node_set(trial->arena, result, "detail", gen_document_text(trial->arena, words));
}

static void trial_on_verdict(void *context, const struct gen_checkup_verdict *verdict)
{
    struct trial_one *one = context;
    struct trial *trial = one->trial;

    trial->well += verdict->well;
    trial->bad += !verdict->well;
    if (!verdict->well && trial->why == NULL) {
        trial->why = gen_arena_strdup(trial->arena, verdict->words);
    }
    trial_say(trial, one->result, gen_node_bool(trial->arena, verdict->well), verdict->words);
    gen_node_set(trial->arena, one->result, "took",
                 gen_document_seconds(trial->arena, verdict->took_ms));
    if (--trial->waiting == 0) {
        trial_end(trial);
    }
}

/* A sandbox signs with the keys of its simulated providers: nobody's real one is sent to them. */
static void trial_skip(struct trial *trial, const struct gen_hosted *hosted)
{
    struct gen_node *result = gen_node_push(trial->results, gen_node_map(trial->arena));

    gen_node_set(trial->arena, result, "provider",
                 gen_node_string(trial->arena, gen_hosted_id(hosted)));
    trial_say(trial, result, gen_node_null(trial->arena),
              "in a sandbox the simulated providers have keys of their own; this one is not used");
}

static void trial_ask(struct trial *trial, struct gen_engine *engine,
                      const struct gen_hosted *hosted)
{
    const struct gen_keyring_owner owner = {.organization = trial->order.organization,
                                            .team = trial->order.team};
    struct trial_one *one = gen_arena_alloc(trial->arena, sizeof *one);
    struct gen_node *result = gen_node_push(trial->results, gen_node_map(trial->arena));
    struct gen_error err = {0};
    enum gen_status status;

    gen_node_set(trial->arena, result, "provider",
                 gen_node_string(trial->arena, gen_hosted_id(hosted)));
    if (one == NULL || result == NULL) {
        return;
    }
    *one = (struct trial_one){trial, result};
    status = gen_engine_try(engine, hosted, &owner, trial_on_verdict, one, &err);
    if (status == GEN_OK) {
        trial->waiting++;
    } else {
        trial->bad += status != GEN_EUNSUPPORTED;
        trial->why = trial->why != NULL || status == GEN_EUNSUPPORTED
                         ? trial->why
                         : gen_arena_strdup(trial->arena, err.message);
        trial_say(trial, result,
                  status == GEN_EUNSUPPORTED ? gen_node_null(trial->arena)
                                             : gen_node_bool(trial->arena, false),
                  err.message);
    }
}

static struct trial *trial_create(struct gen_call *call, const struct gen_lockbox_order *order)
{
    struct gen_arena *arena = gen_arena_create(0);
    struct trial *trial = arena == NULL ? NULL : gen_arena_alloc(arena, sizeof *trial);

    if (trial != NULL) {
        *trial = (struct trial){
            .arena = arena, .lockbox = call->service->lockbox, .results = gen_node_list(arena)};
        trial->order.organization = gen_arena_strdup(arena, order->organization);
        trial->order.team = gen_arena_strdup(arena, order->team);
        trial->order.name = gen_arena_strdup(arena, order->name);
        trial->order.user = gen_arena_strdup(arena, order->user);
    }
    if (trial == NULL || gen_arena_failed(arena)) {
        gen_arena_destroy(arena);
        return NULL;
    }
    return trial;
}

void gen_secrets_test(struct gen_call *call)
{
    struct gen_engine *engine = call->service->engine;
    const struct gen_hosted **users = NULL;
    struct gen_lockbox_order order;
    struct gen_error err = {0};
    struct trial *trial;
    size_t count;

    if (!secrets_order(call, &order)) {
        return;
    }
    if (gen_lockbox_find(call->service->lockbox, order.organization, order.team, order.name) ==
        NULL) {
        gen_error_set(&err, GEN_ENOTFOUND, "there is no secret \"%s\"%s%s", order.name,
                      order.team[0] != '\0' ? " of team " : "", order.team);
        gen_call_fail(call, &err);
        return;
    }
    count = gen_engine_secret_users(engine, order.name, call->arena, &users);
    trial = trial_create(call, &order);
    if (trial == NULL || (trial->claim = gen_call_park(call)) == NULL) {
        gen_error_set(&err, GEN_ENOMEM, "no memory to test a secret; try again");
        if (trial == NULL) {
            gen_call_fail(call, &err);
        } else {
            gen_arena_destroy(trial->arena);
        }
        return;
    }
    trial->waiting = 1; /* so that it does not end before all are asked */
    for (size_t i = 0; i < count && users != NULL; i++) {
        if (call->service->sandbox) {
            trial_skip(trial, users[i]);
        } else {
            trial_ask(trial, engine, users[i]);
        }
    }
    if (--trial->waiting == 0) {
        trial_end(trial);
    }
}

/* --------------------------------------------------------------------------------- the master key -- */

static struct gen_node *master_node(struct gen_call *call)
{
    struct gen_arena *arena = call->arena;
    struct gen_node *map = gen_node_map(arena);
    struct gen_lockbox_facts facts;
    enum gen_status trouble;

    gen_lockbox_facts(call->service->lockbox, &facts);
    trouble = facts.trouble.status;
    gen_node_set(arena, map, "source",
                 gen_node_string(arena, gen_choice_word(gen_master_choices, (int)facts.source)));
    gen_node_set(arena, map, "place", gen_node_string(arena, facts.place));
    gen_node_set(arena, map, "masterKeyId", gen_document_text(arena, facts.id));
    gen_node_set(arena, map, "secrets", gen_node_int(arena, (int64_t)facts.secrets));
    gen_node_set(arena, map, "unreadable", gen_node_int(arena, (int64_t)facts.unreadable));
    gen_node_set(arena, map, "rotating", gen_node_bool(arena, facts.pending));
    gen_node_set(arena, map, "trouble",
                 gen_node_string(arena, trouble == GEN_OK ||
                                                (trouble == GEN_ENOTFOUND && facts.unreadable == 0)
                                            ? NULL
                                            : facts.trouble.message));
    return map;
}

/* It is the whole machine's, whoever may set secrets of an organization. */
static bool master_closed(struct gen_call *call)
{
    struct gen_error err = {0};

    if (secrets_lack(call)) {
        return true;
    }
    if (gen_principal_of_house(&call->principal)) {
        return false;
    }
    gen_error_set(&err, GEN_EDENIED, "the master key is the matter of the machine's owner");
    gen_call_fail(call, &err);
    return true;
}

void gen_secrets_master(struct gen_call *call)
{
    if (!master_closed(call)) {
        gen_call_reply(call, 200, master_node(call));
    }
}

static void rekey_done(void *context, enum gen_status status, const struct gen_error *err,
                       const struct gen_secret_row *row)
{
    struct gen_call *call = gen_claim_redeem(context);

    (void)row;
    if (call == NULL) {
        return;
    }
    if (status != GEN_OK) {
        gen_call_fail(call, err);
    } else {
        gen_call_reply(call, 200, master_node(call));
    }
}

void gen_secrets_rekey(struct gen_call *call)
{
    struct gen_error err = {0};
    struct gen_claim *claim;
    size_t size = 0;
    const char *body = gen_exchange_body(call->exchange, &size);
    enum gen_status status;

    if (master_closed(call) || (claim = gen_call_park(call)) == NULL) {
        secrets_wipe(call);
        return;
    }
    status = strlen(body) != size || strpbrk(body, "\r\n") != NULL
                 ? gen_error_set(&err, GEN_EINVAL, "a passphrase is one line without a line end")
                 : gen_lockbox_rekey(call->service->lockbox, size > 0 ? body : NULL,
                                     call->principal.organization, call->principal.user, rekey_done,
                                     claim, &err);
    secrets_wipe(call);
    secrets_begun(claim, status, &err);
}
