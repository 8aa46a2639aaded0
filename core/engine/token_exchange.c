/* token_exchange.c - see token_exchange.h. */
#include "engine/token_exchange.h"

#include "base/alloc.h"
#include "platform/crypto.h"
#include "platform/json_reader.h"
#include "platform/web_token.h"

#include <string.h>

enum {
    TOKEN_CLAIM_S = 3600, /* as long as Google allows */
    TOKEN_ANSWER_MOST = 64 * 1024,
    TOKEN_TIMEOUT_MS = 30 * 1000,
    TOKEN_LIFETIME_MOST_S = 24 * 3600,
};

static const char token_grant[] =
    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=";

struct gen_token_exchange {
    gen_token_done *done; /* NULL once nobody wants it */
    void *context;
    struct gen_http_call *call;
};

struct account { /* in the arena it was read into */
    const char *email, *key, *key_id, *token_url;
};

static enum gen_status token_account(const struct gen_token_question *question,
                                     struct gen_arena *arena, struct account *out,
                                     struct gen_error *err)
{
    const struct gen_node *file = NULL;
    struct gen_error why = {0};
    enum gen_status status = gen_json_read(question->account.text, question->account.size, NULL,
                                           arena, &file, &why);

    if (status == GEN_ENOMEM) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    if (status != GEN_OK || gen_node_type_of(file) != GEN_NODE_MAP) {
        return gen_error_set(err, GEN_EINVAL, /* without the parser's words: they quote the text */
                             "it is not the JSON file of a service account");
    }
    *out = (struct account){
        .email = gen_node_text(gen_node_get(file, "client_email"), ""),
        .key = gen_node_text(gen_node_get(file, "private_key"), ""),
        .key_id = gen_node_text(gen_node_get(file, "private_key_id"), ""),
        .token_url = question->token_url[0] != '\0'
                         ? question->token_url
                         : gen_node_text(gen_node_get(file, "token_uri"), ""),
    };
    if (out->email[0] == '\0' || out->key[0] == '\0' || out->token_url[0] == '\0') {
        return gen_error_set(err, GEN_EINVAL, "the file of the service account lacks %s",
                             out->email[0] == '\0' ? "client_email"
                             : out->key[0] == '\0' ? "private_key"
                                                   : "token_uri");
    }
    return GEN_OK;
}

static enum gen_status token_claim(const struct gen_token_question *question,
                                   const struct account *account, struct gen_arena *arena,
                                   char **out, struct gen_error *err)
{
    struct gen_node *claims = gen_node_map(arena);
    int64_t now_s = question->now / 1000;

    gen_node_set(arena, claims, "iss", gen_node_string(arena, account->email));
    gen_node_set(arena, claims, "scope", gen_node_string(arena, question->scope));
    gen_node_set(arena, claims, "aud", gen_node_string(arena, account->token_url));
    gen_node_set(arena, claims, "iat", gen_node_int(arena, now_s));
    gen_node_set(arena, claims, "exp", gen_node_int(arena, now_s + TOKEN_CLAIM_S));
    if (gen_arena_failed(arena)) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return gen_web_token_rs256(claims, account->key, strlen(account->key), account->key_id, out,
                               err);
}

/* ------------------------------------------------------------------------------- the answer -- */

static void token_read(const struct gen_http_response *response, struct gen_arena *arena,
                       struct gen_token_answer *answer, struct gen_error *err)
{
    const struct gen_node *body = NULL;
    const char *reason;

    if (gen_json_read(response->body, response->body_size, NULL, arena, &body, NULL) != GEN_OK) {
        body = NULL;
    }
    reason = gen_node_text(gen_node_get(body, "error_description"),
                           gen_node_text(gen_node_get(body, "error"), ""));
    answer->date = gen_http_header(response, "date");
    answer->token = gen_node_text(gen_node_get(body, "access_token"), NULL);
    if (response->status == 200 && answer->token != NULL && answer->token[0] != '\0') {
        answer->lifetime_s = gen_node_integer(gen_node_get(body, "expires_in"), 0);
        answer->lifetime_s = answer->lifetime_s < 0                       ? 0
                             : answer->lifetime_s > TOKEN_LIFETIME_MOST_S ? TOKEN_LIFETIME_MOST_S
                                                                          : answer->lifetime_s;
        return;
    }
    answer->token = NULL;
    answer->refused = response->status == 400 || response->status == 401;
    answer->status = response->status >= 400 && response->status < 500 && response->status != 429
                         ? GEN_EDENIED
                         : GEN_EUNREACHABLE;
    gen_error_set(err, answer->status, "the token server answers with %d%s%.300s", response->status,
                  reason[0] != '\0' ? ": " : "", reason);
}

static void token_on_end(void *context, const struct gen_http_response *response)
{
    struct gen_token_exchange *exchange = context;
    struct gen_error err = {0};
    struct gen_token_answer answer = {.status = GEN_OK, .err = &err, .date = ""};
    struct gen_arena *arena = gen_arena_create(0);

    if (arena == NULL) {
        answer.status = gen_error_set(&err, GEN_ENOMEM, "out of memory");
    } else if (response->fate != GEN_HTTP_ANSWERED) {
        answer.status = gen_error_set(&err, GEN_EUNREACHABLE,
                                      "the token server cannot be asked: %.300s", response->reason);
    } else {
        token_read(response, arena, &answer, &err);
    }
    answer.date = answer.date == NULL ? "" : answer.date;
    if (exchange->done != NULL) {
        exchange->done(exchange->context, &answer);
    }
    if (answer.token != NULL) {
        gen_crypto_wipe((void *)(uintptr_t)answer.token,
                        strlen(answer.token)); /* ours: the arena's */
    }
    gen_arena_destroy(arena);
    gen_free(exchange);
}

/* -------------------------------------------------------------------------------- the question -- */

static enum gen_status token_send(struct gen_http_client *http,
                                  const struct gen_token_question *question,
                                  const struct account *account, const char *claim,
                                  struct gen_token_exchange *exchange, struct gen_error *err)
{
    static const struct gen_http_header headers[] = {
        {"content-type", "application/x-www-form-urlencoded"}, {"accept", "application/json"}};
    size_t size = sizeof token_grant - 1 + strlen(claim);
    char *body = gen_crypto_hide(size + 1);
    struct gen_http_request request = {.method = "POST",
                                       .url = account->token_url,
                                       .headers = headers,
                                       .header_count = GEN_COUNT(headers),
                                       .body = body,
                                       .body_size = size,
                                       .body_limit = TOKEN_ANSWER_MOST,
                                       .allow_private = question->allow_private,
                                       .allow_loopback = question->allow_loopback,
                                       .timeout_ms = TOKEN_TIMEOUT_MS,
                                       .on_end = token_on_end,
                                       .context = exchange};
    enum gen_status status;

    if (body == NULL) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    memcpy(body, token_grant, sizeof token_grant - 1);
    memcpy(body + sizeof token_grant - 1, claim, strlen(claim) + 1);
    status = gen_http_send(http, &request, &exchange->call, err);
    gen_crypto_unhide(body);
    return status;
}

enum gen_status gen_token_exchange_start(struct gen_http_client *http,
                                         const struct gen_token_question *question,
                                         gen_token_done *done, void *context,
                                         struct gen_token_exchange **out, struct gen_error *err)
{
    struct gen_token_exchange *exchange = gen_alloc(sizeof *exchange);
    struct gen_arena *arena = gen_arena_create(0);
    struct account account = {0};
    char *claim = NULL;
    enum gen_status status = exchange == NULL || arena == NULL
                                 ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                 : token_account(question, arena, &account, err);

    if (status == GEN_OK) {
        status = token_claim(question, &account, arena, &claim, err);
    }
    if (status == GEN_OK) {
        *exchange = (struct gen_token_exchange){.done = done, .context = context};
        status = token_send(http, question, &account, claim, exchange, err);
    }
    if (account.key != NULL) {
        gen_crypto_wipe((void *)(uintptr_t)account.key, strlen(account.key)); /* the arena's */
    }
    gen_crypto_unhide(claim);
    gen_arena_destroy(arena);
    if (status == GEN_OK) {
        *out = exchange;
    } else {
        gen_free(exchange);
    }
    return status;
}

void gen_token_exchange_cancel(struct gen_token_exchange **exchange)
{
    if (*exchange != NULL) {
        (*exchange)->done = NULL;
        gen_http_cancel((*exchange)->call);
        *exchange = NULL;
    }
}
