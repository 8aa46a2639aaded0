/* google_token.c - the token endpoint of Google's OAuth: a service account's signed assertion for an
 * access token (RFC 7523).
 *
 * The shapes of errors are RFC 6749's; their texts are those that the vendor is known for. Tokens live
 * an hour by the simulator's clock and are remembered as memos.
 *
 * Thread: see dialect.h. Apart: sdk/simulator. Tests: tests/data/exchanges/google.jsonl, tests/clients
 */
#include "simulator/google.h"

#include "base/alloc.h"
#include "platform/crypto.h"
#include "simulator/rsa.h"

#include <string.h>

enum {
    TOKEN_LIFE_S = 3599,
    TOKEN_ASSERTION_S = 3600, /* an assertion may live so long */
    TOKEN_SKEW_S = 300,       /* and begin so far in the future */
};

static void token_refuse(struct sim_call *call, int status, const char *code, const char *message)
{
    sim_answer_json(
        call, status,
        sim_node_texts(
            call->arena,
            (const char *const[]){
                "error",
                code != NULL ? code : (status < 500 ? "invalid_request" : "internal_failure"),
                "error_description", message != NULL ? message : "Bad Request", NULL}));
}

static bool token_grant(struct sim_call *call, const char *message)
{
    token_refuse(call, 400, "invalid_grant", message);
    return false;
}

/* Undoes percent signs and plus signs in place. */
static void token_decode(char *text)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    char *to = text;

    for (; *text != '\0'; text++) {
        const char *high = *text == '%' && text[1] != '\0' ? strchr(digits, text[1]) : NULL;
        const char *low = high != NULL && text[2] != '\0' ? strchr(digits, text[2]) : NULL;

        if (low != NULL) {
            *to++ = (char)(((high - digits) % 16) * 16 + (low - digits) % 16);
            text += 2;
        } else {
            *to++ = *text == '+' ? ' ' : *text;
        }
    }
    *to = '\0';
}

/* A field of a form body; NULL = absent. */
static const char *token_field(struct sim_call *call, const char *name)
{
    char *rest = gen_arena_strdup(call->arena, call->body);
    size_t size = strlen(name);
    char *pair;

    while (rest != NULL && (pair = strsep(&rest, "&")) != NULL) {
        if (strncmp(pair, name, size) == 0 && pair[size] == '=') {
            token_decode(pair + size + 1);
            return pair + size + 1;
        }
    }
    return NULL;
}

/* base64url without padding into bytes (gen_free); NULL when it is not that. */
static void *token_bytes(struct sim_call *call, const char *text, size_t *size)
{
    size_t length = strlen(text);
    char *padded = gen_arena_printf(call->arena, "%s%.*s", text, (int)((4 - length % 4) % 4),
                                    "===");
    void *bytes = NULL;

    for (char *at = padded; at != NULL && *at != '\0'; at++) {
        *at = *at == '-' ? '+' : *at == '_' ? '/' : *at;
    }
    return padded != NULL && gen_base64_decode(padded, strlen(padded), &bytes, size) == GEN_OK
               ? bytes
               : NULL;
}

static bool token_signed(struct sim_call *call, const struct sim_account *account,
                         const char *assertion)
{
    const char *dot = strrchr(assertion, '.');
    size_t size = 0;
    void *signature = dot != NULL ? token_bytes(call, dot + 1, &size) : NULL;
    bool good = signature != NULL && sim_rsa_signed(account->secret, assertion,
                                                    (size_t)(dot - assertion), signature, size);

    gen_free(signature);
    return good;
}

/* The claims: who, for whom, for what, when. */
static bool token_claims(struct sim_call *call, const struct gen_node *claims)
{
    const char *aud = gen_node_text(gen_node_get(claims, "aud"), "");
    const char *scope = gen_node_text(gen_node_get(claims, "scope"), "");
    int64_t iat = gen_node_integer(gen_node_get(claims, "iat"), 0);
    int64_t exp = gen_node_integer(gen_node_get(claims, "exp"), 0);
    int64_t now = call->now / 1000;

    if (strcmp(aud, "https://oauth2.googleapis.com/token") != 0 &&
        strcmp(aud, gen_arena_printf(call->arena, "%s%s", call->origin, call->dialect->prefix)) !=
            0) {
        return token_grant(call, "Invalid JWT: aud must be the token endpoint.");
    }
    if (iat <= 0 || exp <= now || iat > now + TOKEN_SKEW_S || exp - iat > TOKEN_ASSERTION_S) {
        return token_grant(call,
                           "Invalid JWT: Token must be a short-lived token (60 minutes) and in "
                           "a reasonable timeframe. Check your iat and exp values in the JWT "
                           "claim.");
    }
    if (strstr(scope, "https://www.googleapis.com/auth/cloud-platform") == NULL) {
        token_refuse(call, 400, "invalid_scope",
                     "Invalid OAuth scope or ID token audience provided.");
        return false;
    }
    return true;
}

static bool token_judge(struct sim_call *call, const char *assertion)
{
    const struct gen_node *header = NULL, *claims = NULL;
    const char *iss;

    if (!sim_jwt_read(call, assertion, &header, &claims)) {
        return token_grant(call, "Bad Request");
    }
    if (strcmp(gen_node_text(gen_node_get(header, "alg"), ""), "RS256") != 0) {
        return token_grant(call, "Invalid JWT: alg must be RS256.");
    }
    iss = gen_node_text(gen_node_get(claims, "iss"), "");
    call->account = sim_account_by_key(call->world, "google", iss);
    if (call->account == NULL || call->account->secret == NULL) {
        return token_grant(call, "Invalid grant: account not found");
    }
    if (!token_signed(call, call->account, assertion)) {
        return token_grant(call, "Invalid JWT Signature.");
    }
    return token_claims(call, claims);
}

static void token_create(struct sim_call *call)
{
    const char *type = token_field(call, "grant_type");
    const char *assertion = token_field(call, "assertion");
    struct gen_node *answer = gen_node_map(call->arena);
    struct gen_node *memo = gen_node_map(call->arena);
    char *token;

    if (!sim_call_type_is(call, "application/x-www-form-urlencoded") || type == NULL ||
        assertion == NULL) {
        token_refuse(call, 400, NULL, "Required parameter is missing: grant_type, assertion");
        return;
    }
    if (strcmp(type, "urn:ietf:params:oauth:grant-type:jwt-bearer") != 0) {
        token_refuse(call, 400, "unsupported_grant_type", "Invalid grant_type");
        return;
    }
    if (!token_judge(call, assertion)) {
        return;
    }
    token = gen_arena_printf(call->arena, "ya29.sim-%s", sim_ident_word(call, 60));
    google_set(call, memo, "account", call->account->name);
    sim_memo_put(call, gen_arena_printf(call->arena, "token:%s", token), memo,
                 call->now + INT64_C(1000) * TOKEN_LIFE_S);
    google_set(call, answer, "access_token", token);
    gen_node_set(call->arena, answer, "expires_in", gen_node_int(call->arena, TOKEN_LIFE_S));
    google_set(call, answer, "token_type", "Bearer");
    sim_answer_json(call, 200, answer);
}

bool google_bearer_account(struct sim_call *call)
{
    const char *token = sim_call_bearer(call);
    const struct gen_node *memo =
        token != NULL ? sim_memo_get(call, gen_arena_printf(call->arena, "token:%s", token)) : NULL;
    const char *name = gen_node_text(gen_node_get(memo, "account"), NULL);

    call->account = name != NULL ? sim_account_by_name(call->world, "google", name) : NULL;
    return call->account != NULL;
}

static const struct sim_route token_routes[] = {
    {"POST", "", token_create, 0},
    {NULL, NULL, NULL, 0},
};

extern const struct sim_dialect sim_google_token;
const struct sim_dialect sim_google_token = {
    .prefix = "/token",
    .provider = "google",
    .routes = token_routes,
    .refuse = token_refuse,
};
