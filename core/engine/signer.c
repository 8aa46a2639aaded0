/* signer.c - see signer.h. */
#include "engine/signer.h"

#include "base/alloc.h"
#include "base/map.h"
#include "engine/token_exchange.h"
#include "platform/crypto.h"
#include "platform/http_date.h"
#include "platform/web_token.h"

#include <stdio.h>
#include <string.h>

enum {
    SIGNER_MOST = 1000,    /* credentials of all providers */
    SIGNER_KEY_SIZE = 160, /* "provider/credential" */
    SIGNER_INDEX_SIZE = SIGNER_KEY_SIZE + GEN_DIGEST_TEXT_SIZE,
    SIGNER_OWNER_SIZE = 136,      /* an organization, a team */
    SIGNER_EARLY_MS = 300 * 1000, /* a token is renewed so long before its end */
    SIGNER_SKEW_LEAST_MS = 2000,  /* clocks that differ by less are the same */
    SIGNER_BACKDATE_S = 5,        /* nbf of a token of ours */
};

struct waiter {
    struct waiter *next;
    gen_signer_done *done;
    void *context;
};

struct desk { /* of one credential, and of whoever's secrets are behind it */
    struct gen_signer *signer;
    char key[SIGNER_KEY_SIZE];
    char index[SIGNER_INDEX_SIZE];
    char labels[GEN_SIGNER_PARTS][GEN_KEYRING_LABEL_SIZE]; /* of the secrets; "" = our own */
    bool stale;       /* one of them has changed: it goes when nobody waits any more */
    char *token;      /* hidden; NULL = none */
    gen_moment until; /* it is good till then, on our clock */
    int64_t skew_ms;  /* their clock less ours */
    bool repaired;    /* the exchange under way is the second one, with another clock */
    struct gen_token_exchange *exchange;
    struct waiter *first, **last;
    /* What an exchange needs to be asked again. */
    char secret[GEN_SIGNER_NAME_SIZE];
    char organization[SIGNER_OWNER_SIZE], team[SIGNER_OWNER_SIZE];
    gen_moment at;
    char *token_url, *scope;
    bool loopback_http;
};

struct gen_signer {
    struct gen_signer_options options;
    struct gen_map *desks;
};

const char *gen_signer_part(enum gen_signing signing, size_t index)
{
    static const char *const parts[][GEN_SIGNER_PARTS] = {
        [GEN_SIGNING_HEADER] = {"key", NULL},
        [GEN_SIGNING_BEARER] = {"key", NULL},
        [GEN_SIGNING_JWT_HS256] = {"access", "secret"},
        [GEN_SIGNING_SERVICE_ACCOUNT] = {"account", NULL},
    };

    return index < GEN_SIGNER_PARTS ? parts[signing][index] : NULL;
}

/* ------------------------------------------------------------------------------------ desks -- */

static void desk_drop_token(struct desk *desk)
{
    gen_crypto_unhide(desk->token);
    desk->token = NULL;
    desk->until = 0;
}

static void desk_free(struct desk *desk)
{
    gen_token_exchange_cancel(&desk->exchange);
    desk_drop_token(desk);
    gen_free(desk->token_url);
    gen_free(desk->scope);
    gen_free(desk);
}

/* The missing one is named with the place where a key can be had. */
static enum gen_status signer_secret(struct gen_signer *signer,
                                     const struct gen_signing_order *order, size_t part,
                                     struct gen_secret *out, struct gen_error *err)
{
    enum gen_status status = gen_keyring_find_for(signer->options.keyring, &order->owner,
                                                  order->secrets[part], out, err);

    if (status == GEN_ENOTFOUND && err != NULL && order->credential->hint[0] != '\0') {
        struct gen_error why = *err;

        return gen_error_set(err, GEN_ENOTFOUND, "%.450s. Where to get it: %.150s", why.message,
                             order->credential->hint);
    }
    return status;
}

/* Where the desk of an order stands: by its credential, and by the secrets of the vault behind it. */
static enum gen_status desk_place(struct gen_signer *signer, const struct gen_signing_order *order,
                                  struct desk *out, struct gen_error *err)
{
    struct gen_digest digest;
    struct gen_secret secret;
    char hex[GEN_DIGEST_TEXT_SIZE] = "";
    bool ours = true;
    enum gen_status status = GEN_OK;

    gen_digest_init(&digest);
    for (size_t i = 0; status == GEN_OK && i < GEN_SIGNER_PARTS && order->secrets[i] != NULL; i++) {
        status = signer_secret(signer, order, i, &secret, err);
        if (status == GEN_OK) {
            (void)snprintf(out->labels[i], sizeof out->labels[i], "%s", secret.label);
            gen_digest_add(&digest, secret.label, strlen(secret.label) + 1);
            ours = ours && secret.label[0] == '\0';
        }
    }
    gen_digest_text(&digest, hex);
    (void)snprintf(out->key, sizeof out->key, "%s/%s", order->provider, order->credential->name);
    (void)snprintf(out->index, sizeof out->index, "%s%s", out->key, ours ? "" : hex);
    return status;
}

static void desk_own(struct desk *desk, const struct gen_keyring_owner *owner)
{
    (void)snprintf(desk->organization, sizeof desk->organization, "%s",
                   owner->organization == NULL ? "" : owner->organization);
    (void)snprintf(desk->team, sizeof desk->team, "%s", owner->team == NULL ? "" : owner->team);
    desk->at = owner->at;
}

/* GEN_ENOTFOUND and the like: a secret is missing. GEN_ENOMEM. */
static enum gen_status desk_find(struct gen_signer *signer, const struct gen_signing_order *order,
                                 struct desk **out, struct gen_error *err)
{
    struct desk place = {0}, *desk;
    enum gen_status status = desk_place(signer, order, &place, err);

    if (status != GEN_OK) {
        return status;
    }
    desk = gen_map_get(signer->desks, place.index);
    if (desk == NULL) {
        desk = gen_alloc(sizeof *desk);
        if (desk == NULL) {
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
        *desk = place;
        desk->signer = signer;
        desk->last = &desk->first;
        if (gen_map_put(signer->desks, desk->index, desk, NULL) != GEN_OK) {
            desk_free(desk);
            return gen_error_set(err, GEN_ENOMEM, "out of memory");
        }
    }
    desk_own(desk, &order->owner);
    *out = desk;
    return GEN_OK;
}

static void desk_retire(struct desk *desk)
{
    desk_drop_token(desk);
    desk->stale = true;
    if (desk->exchange == NULL && desk->first == NULL) {
        (void)gen_map_remove(desk->signer->desks, desk->index);
        desk_free(desk);
    }
}

static gen_moment desk_now(const struct desk *desk)
{
    return gen_clock_now(desk->signer->options.clock) + desk->skew_ms;
}

/* A token that is good for so long is used up to five minutes before its end, a short one for half. */
static void desk_keep(struct desk *desk, char *token, int64_t lifetime_s)
{
    int64_t life_ms = lifetime_s * 1000;
    int64_t use_ms = life_ms > 2 * SIGNER_EARLY_MS ? life_ms - SIGNER_EARLY_MS : life_ms / 2;

    desk_drop_token(desk);
    desk->token = token;
    desk->until = gen_clock_now(desk->signer->options.clock) + use_ms;
}

static bool desk_fresh(const struct desk *desk)
{
    return desk->token != NULL && gen_clock_now(desk->signer->options.clock) < desk->until;
}

/* Takes the clock of a refusal over; is it another one than we thought? */
static bool desk_repair(struct desk *desk, const char *date)
{
    gen_moment theirs = date == NULL ? 0 : gen_http_date(date);
    int64_t skew = theirs - gen_clock_now(desk->signer->options.clock);
    int64_t change = skew - desk->skew_ms;

    if (theirs == 0 || (change < SIGNER_SKEW_LEAST_MS && change > -SIGNER_SKEW_LEAST_MS)) {
        return false;
    }
    desk->skew_ms = skew;
    return true;
}

/* --------------------------------------------------------------------------------- answering -- */

static void signer_fail(gen_signer_done *done, void *context, const struct gen_error *err)
{
    done(context, err->status, err, "", "");
}

/* "Bearer TOKEN" under its name, in memory that is wiped. */
static void signer_hand_over(gen_signer_done *done, void *context, const char *name,
                             const char *prefix, const char *secret)
{
    size_t prefix_size = strlen(prefix), size = strlen(secret);
    char *value = gen_crypto_hide(prefix_size + size + 1);
    struct gen_error err = {0};

    if (value == NULL) {
        gen_error_set(&err, GEN_ENOMEM, "out of memory");
        signer_fail(done, context, &err);
        return;
    }
    memcpy(value, prefix, prefix_size);        /* NOLINT(bugprone-not-null-terminated-result) */
    memcpy(value + prefix_size, secret, size); /* NOLINT(bugprone-not-null-terminated-result) */
    value[prefix_size + size] = '\0';
    done(context, GEN_OK, &err, name, value);
    gen_crypto_unhide(value);
}

static void desk_answer(struct desk *desk, const struct gen_error *err)
{
    struct waiter *waiter = desk->first;

    desk->first = NULL;
    desk->last = &desk->first;
    while (waiter != NULL) {
        struct waiter *next = waiter->next;

        if (err->status != GEN_OK || desk->token == NULL) {
            signer_fail(waiter->done, waiter->context, err);
        } else {
            signer_hand_over(waiter->done, waiter->context, "authorization", "Bearer ",
                             desk->token);
        }
        gen_free(waiter);
        waiter = next;
    }
}

/* ------------------------------------------------------------------------ the ways of signing -- */

static void sign_plainly(struct gen_signer *signer, const struct gen_signing_order *order,
                         gen_signer_done *done, void *context)
{
    const struct gen_hosted_credential *credential = order->credential;
    bool header = credential->signing == GEN_SIGNING_HEADER;
    struct gen_secret secret;
    struct gen_error err = {0};

    if (signer_secret(signer, order, 0, &secret, &err) != GEN_OK) {
        signer_fail(done, context, &err);
    } else if (strpbrk(secret.text, "\r\n") != NULL) {
        gen_error_set(&err, GEN_EINVAL, "credential \"%s\" has several lines, so it is no key",
                      order->secrets[0]);
        signer_fail(done, context, &err);
    } else {
        signer_hand_over(done, context, header ? credential->header : "authorization",
                         header ? credential->prefix : "Bearer ", secret.text);
    }
}

static enum gen_status sign_own_token(struct desk *desk, const struct gen_signing_order *order,
                                      struct gen_error *err)
{
    struct gen_secret access, secret;
    struct gen_arena *arena = NULL;
    struct gen_node *claims;
    int64_t now_s = desk_now(desk) / 1000;
    char *token = NULL;
    enum gen_status status = signer_secret(desk->signer, order, 0, &access, err);

    status = status == GEN_OK ? signer_secret(desk->signer, order, 1, &secret, err) : status;
    if (status != GEN_OK) {
        return status;
    }
    arena = gen_arena_create(0);
    if (arena == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    claims = gen_node_map(arena);
    gen_node_set(arena, claims, "iss", gen_node_string(arena, access.text));
    gen_node_set(arena, claims, "exp", gen_node_int(arena, now_s + order->credential->lifetime_s));
    gen_node_set(arena, claims, "nbf", gen_node_int(arena, now_s - SIGNER_BACKDATE_S));
    status = gen_arena_failed(arena)
                 ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                 : gen_web_token_hs256(claims, secret.text, secret.size, &token, err);
    if (status == GEN_OK) {
        desk_keep(desk, token, order->credential->lifetime_s);
    }
    gen_arena_destroy(arena);
    return status;
}

/* -------------------------------------------------------------------------- tokens to be fetched -- */

static enum gen_status desk_exchange(struct desk *desk, struct gen_error *err);

static void desk_on_token(void *context, const struct gen_token_answer *answer)
{
    struct desk *desk = context;
    struct gen_error err = *answer->err;
    char *token = NULL;

    desk->exchange = NULL;
    if (answer->refused && !desk->repaired && desk_repair(desk, answer->date)) {
        desk->repaired = true; /* refused for our clock, perhaps: once more with theirs */
        if (desk_exchange(desk, &err) == GEN_OK) {
            return;
        }
    }
    if (answer->token != NULL) {
        token = gen_crypto_hide(strlen(answer->token) + 1);
        if (token == NULL) {
            gen_error_set(&err, GEN_ENOMEM, "out of memory");
        } else {
            memcpy(token, answer->token, strlen(answer->token));
            desk_keep(desk, token, answer->lifetime_s);
        }
    }
    if (err.status != GEN_OK) {
        gen_error_within(&err, "credential of %s", desk->key);
    }
    desk_answer(desk, &err);
    if (desk->stale) {
        desk_retire(desk);
    }
}

static enum gen_status desk_exchange(struct desk *desk, struct gen_error *err)
{
    struct gen_signer *signer = desk->signer;
    struct gen_token_question question = {.token_url = desk->token_url,
                                          .scope = desk->scope,
                                          .now = desk_now(desk),
                                          .allow_private = signer->options.allow_private,
                                          .allow_loopback = desk->loopback_http};
    struct gen_keyring_owner owner = {
        .organization = desk->organization[0] != '\0' ? desk->organization : NULL,
        .team = desk->team,
        .at = desk->at};
    enum gen_status status = gen_keyring_find_for(signer->options.keyring, &owner, desk->secret,
                                                  &question.account, err);

    if (status != GEN_OK) {
        return status;
    }
    if (strcmp(question.account.label, desk->labels[0]) != 0) { /* a token of another account */
        desk->stale = true;
        return gen_error_set(err, GEN_EBUSY, "credential \"%s\" was just changed", desk->secret);
    }
    status = gen_token_exchange_start(signer->options.http, &question, desk_on_token, desk,
                                      &desk->exchange, err);
    if (status != GEN_OK) {
        gen_error_within(err, "credential \"%s\"", desk->secret);
    }
    return status;
}

static enum gen_status desk_remember(struct desk *desk, const struct gen_signing_order *order,
                                     struct gen_error *err)
{
    char *url = gen_strdup(order->credential->token_url);
    char *scope = gen_strdup(order->credential->scope);

    if (url == NULL || scope == NULL) {
        gen_free(url);
        gen_free(scope);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    gen_free(desk->token_url);
    gen_free(desk->scope);
    desk->token_url = url;
    desk->scope = scope;
    desk->loopback_http = order->loopback_http;
    (void)snprintf(desk->secret, sizeof desk->secret, "%.60s", order->secrets[0]);
    return GEN_OK;
}

static void sign_fetched(struct desk *desk, const struct gen_signing_order *order,
                         gen_signer_done *done, void *context)
{
    struct waiter *waiter = gen_alloc(sizeof *waiter);
    struct gen_secret account;
    struct gen_error err = {0};
    enum gen_status status = GEN_OK;

    if (waiter == NULL) {
        status = gen_error_set(&err, GEN_ENOMEM, "out of memory");
    } else if (desk->exchange == NULL) {
        desk->repaired = false;
        status = signer_secret(desk->signer, order, 0, &account, &err); /* with its hint */
        status = status == GEN_OK ? desk_remember(desk, order, &err) : status;
        status = status == GEN_OK ? desk_exchange(desk, &err) : status;
    }
    if (waiter == NULL || status != GEN_OK) {
        gen_free(waiter);
        signer_fail(done, context, &err);
        return;
    }
    *waiter = (struct waiter){.done = done, .context = context};
    *desk->last = waiter;
    desk->last = &waiter->next;
}

/* ------------------------------------------------------------------------------------ outside -- */

void gen_signer_sign(struct gen_signer *signer, const struct gen_signing_order *order,
                     gen_signer_done *done, void *context)
{
    enum gen_signing signing = order->credential->signing;
    struct desk *desk = NULL;
    struct gen_error err = {0};

    if (signing == GEN_SIGNING_HEADER || signing == GEN_SIGNING_BEARER) {
        sign_plainly(signer, order, done, context);
        return;
    }
    if (desk_find(signer, order, &desk, &err) != GEN_OK) {
        signer_fail(done, context, &err);
    } else if (desk_fresh(desk)) {
        signer_hand_over(done, context, "authorization", "Bearer ", desk->token);
    } else if (signing == GEN_SIGNING_SERVICE_ACCOUNT) {
        sign_fetched(desk, order, done, context);
    } else if (sign_own_token(desk, order, &err) != GEN_OK) {
        signer_fail(done, context, &err);
    } else {
        GEN_CHECK(desk->token != NULL); /* just made */
        signer_hand_over(done, context, "authorization", "Bearer ", desk->token);
    }
}

bool gen_signer_refused(struct gen_signer *signer, const struct gen_signing_order *order,
                        const char *date)
{
    enum gen_signing signing = order->credential->signing;
    struct desk *desk = NULL;
    char text[32];

    if (signing == GEN_SIGNING_HEADER || signing == GEN_SIGNING_BEARER ||
        desk_find(signer, order, &desk, NULL) != GEN_OK) {
        return false; /* a key is the same each time */
    }
    desk_drop_token(desk);
    if (desk_repair(desk, date)) {
        (void)snprintf(text, sizeof text, "%lld", (long long)(desk->skew_ms / 1000));
        gen_log_line(signer->options.log, GEN_LEVEL_WARN, "signer",
                     "the clock of a provider differs from ours, which is allowed for",
                     "credential", desk->key, "seconds", text, NULL);
    }
    return true;
}

void gen_signer_forget(struct gen_signer *signer)
{
    size_t cursor = 0;
    const char *key;
    void *desk;

    while (gen_map_next(signer->desks, &cursor, &key, &desk)) {
        desk_drop_token(desk);
    }
}

void gen_signer_forget_label(struct gen_signer *signer, const char *label)
{
    size_t cursor = 0;
    const char *key;
    void *value;

    while (gen_map_next(signer->desks, &cursor, &key, &value)) {
        struct desk *desk = value;
        bool made_of_it = false;

        for (size_t i = 0; i < GEN_SIGNER_PARTS; i++) {
            made_of_it = made_of_it || strcmp(desk->labels[i], label) == 0;
        }
        if (made_of_it && label[0] != '\0') {
            desk_retire(desk);
        }
    }
}

enum gen_status gen_signer_create(const struct gen_signer_options *options, struct gen_signer **out,
                                  struct gen_error *err)
{
    struct gen_signer *signer = gen_alloc(sizeof *signer);

    if (signer != NULL) {
        signer->options = *options;
        signer->desks = gen_map_create(SIGNER_MOST);
    }
    if (signer == NULL || signer->desks == NULL) {
        gen_free(signer);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = signer;
    return GEN_OK;
}

void gen_signer_destroy(struct gen_signer *signer)
{
    size_t cursor = 0;
    const char *key;
    void *value;
    struct gen_error err = {0};

    if (signer == NULL) {
        return;
    }
    gen_error_set(&err, GEN_ECANCELED, "the daemon stops");
    while (gen_map_next(signer->desks, &cursor, &key, &value)) {
        desk_answer(value, &err);
        desk_free(value);
    }
    gen_map_destroy(signer->desks);
    gen_free(signer);
}
