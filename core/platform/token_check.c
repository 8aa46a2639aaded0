/* token_check.c - see token_check.h. It takes the token apart; cryptography is platform/signature's. */
#include "platform/token_check.h"

#include "base/alloc.h"
#include "platform/crypto.h"
#include "platform/json_reader.h"
#include "platform/signature.h"

#include <string.h>

enum { KID_MOST = 128 };

struct token_key {
    char kid[KID_MOST + 1]; /* "" = any */
    struct gen_public_key *key;
};

struct gen_token_keys {
    struct token_key items[GEN_TOKEN_KEYS_MOST];
    size_t count;
};

struct part {
    const char *text;
    size_t size;
};

/* Base64 for URLs without padding, strictly; `*out` in the arena. GEN_EINVAL: it is none. */
static enum gen_status token_decode(const struct part *part, struct gen_arena *arena,
                                    const char **out, size_t *size)
{
    size_t padded = (part->size + 3) / 4 * 4;
    char *text = gen_arena_alloc(arena, padded + 1);
    void *data = NULL;
    enum gen_status status;

    if (text == NULL) {
        return GEN_ENOMEM;
    }
    for (size_t i = 0; i < padded; i++) {
        char c = i < part->size ? part->text[i] : '=';

        if (i < part->size && (c == '+' || c == '/' || c == '=')) {
            return GEN_EINVAL;
        }
        text[i] = (char)(c == '-' ? '+' : c == '_' ? '/' : c);
    }
    status = gen_base64_decode(text, padded, &data, size);
    if (status == GEN_OK) {
        *out = gen_arena_strndup(arena, data, *size);
        status = *out == NULL ? GEN_ENOMEM : GEN_OK;
        gen_free(data);
    }
    return status;
}

/* -------------------------------------------------------------------------------------- keys -- */

static bool key_says(const struct gen_node *node, const char *member, const char *wanted)
{
    const struct gen_node *value = gen_node_get(node, member);

    return value == NULL || strcmp(gen_node_text(value, ""), wanted) == 0;
}

/* One member of a set; what cannot be used is passed over. False: no memory. */
static bool keys_add(struct gen_token_keys *keys, const struct gen_node *node,
                     struct gen_arena *arena)
{
    const char *kid = gen_node_text(gen_node_get(node, "kid"), "");
    const char *n = gen_node_text(gen_node_get(node, "n"), "");
    const char *e = gen_node_text(gen_node_get(node, "e"), "");
    const char *modulus = NULL, *exponent = NULL;
    size_t modulus_size = 0, exponent_size = 0;
    struct token_key *key = &keys->items[keys->count];
    struct gen_error ignored;
    enum gen_status status;

    if (keys->count == GEN_TOKEN_KEYS_MOST || kid[0] == '\0' || strlen(kid) > KID_MOST ||
        strcmp(gen_node_text(gen_node_get(node, "kty"), ""), "RSA") != 0 ||
        !key_says(node, "use", "sig") || !key_says(node, "alg", "RS256") || n[0] == '\0' ||
        e[0] == '\0') {
        return true;
    }
    status = token_decode(&(struct part){n, strlen(n)}, arena, &modulus, &modulus_size);
    if (status == GEN_OK) {
        status = token_decode(&(struct part){e, strlen(e)}, arena, &exponent, &exponent_size);
    }
    if (status != GEN_OK) {
        return status != GEN_ENOMEM;
    }
    status = gen_public_key_of_rsa(modulus, modulus_size, exponent, exponent_size, &key->key,
                                   &ignored);
    if (status == GEN_OK) {
        memcpy(key->kid, kid, strlen(kid) + 1);
        keys->count++;
    }
    return status != GEN_ENOMEM;
}

enum gen_status gen_token_keys_of_set(const char *text, size_t size, struct gen_token_keys **out,
                                      struct gen_error *err)
{
    struct gen_token_keys *keys = gen_alloc(sizeof *keys);
    struct gen_arena *arena = gen_arena_create(0);
    const struct gen_node *set = NULL;
    enum gen_status status = GEN_OK;

    if (keys == NULL || arena == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "no memory for the keys of tokens");
    } else if (size > GEN_TOKEN_KEYS_SIZE) {
        status = gen_error_set(err, GEN_EINVAL, "the key set has more than %d bytes",
                               GEN_TOKEN_KEYS_SIZE);
    } else {
        status = gen_json_read(text, size, "key set", arena, &set, err);
    }
    for (const struct gen_node *node = gen_node_first(gen_node_get(set, "keys"));
         status == GEN_OK && node != NULL; node = node->next) {
        if (!keys_add(keys, node, arena)) {
            status = gen_error_set(err, GEN_ENOMEM, "no memory for the keys of tokens");
        }
    }
    if (status == GEN_OK && keys->count == 0) {
        status = gen_error_set(err, GEN_EINVAL,
                               "the key set has no RSA key with a kid that can check a signature");
    }
    if (status == GEN_ETOOLARGE) {
        status = GEN_EINVAL;
    }
    gen_arena_destroy(arena);
    if (status == GEN_OK) {
        *out = keys;
    } else {
        gen_token_keys_destroy(keys);
    }
    return status;
}

enum gen_status gen_token_keys_of_pem(const char *text, size_t size, struct gen_token_keys **out,
                                      struct gen_error *err)
{
    struct gen_token_keys *keys = gen_alloc(sizeof *keys);
    enum gen_status status = keys == NULL
                                 ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                 : gen_public_key_of_pem(text, size, &keys->items[0].key, err);

    if (status != GEN_OK) {
        gen_free(keys);
        return status;
    }
    keys->count = 1;
    *out = keys;
    return GEN_OK;
}

void gen_token_keys_destroy(struct gen_token_keys *keys)
{
    if (keys == NULL) {
        return;
    }
    for (size_t i = 0; i < keys->count; i++) {
        gen_public_key_destroy(keys->items[i].key);
    }
    gen_free(keys);
}

size_t gen_token_keys_count(const struct gen_token_keys *keys)
{
    return keys->count;
}

static const struct gen_public_key *keys_find(const struct gen_token_keys *keys, const char *kid)
{
    for (size_t i = 0; i < keys->count; i++) {
        if (keys->items[i].kid[0] == '\0' || strcmp(keys->items[i].kid, kid) == 0) {
            return keys->items[i].key;
        }
    }
    return NULL;
}

/* ---------------------------------------------------------------------------- taking it apart -- */

static enum gen_status refuse(struct gen_error *err, const char *why)
{
    return gen_error_set(err, GEN_EDENIED, "this session token is not good: %s", why);
}

/* Three parts with two dots between. */
static bool token_split(const char *token, struct part parts[3])
{
    for (int i = 0; i < 3; i++) {
        parts[i].text = token;
        parts[i].size = strcspn(token, ".");
        token += parts[i].size;
        if (parts[i].size == 0 || *token != (i < 2 ? '.' : '\0')) {
            return false;
        }
        token += i < 2;
    }
    return true;
}

static enum gen_status token_json(const struct part *part, struct gen_arena *arena,
                                  const struct gen_node **out, struct gen_error *err)
{
    const char *text = NULL;
    size_t size = 0;
    enum gen_status status;

    status = token_decode(part, arena, &text, &size);
    if (status != GEN_OK) {
        return status == GEN_ENOMEM ? gen_error_set(err, GEN_ENOMEM, "out of memory")
                                    : refuse(err, "a part of it is no base64 for URLs");
    }
    status = gen_json_read(text, size, NULL, arena, out, err);
    if (status == GEN_ENOMEM) {
        return status;
    }
    if (status != GEN_OK || gen_node_type_of(*out) != GEN_NODE_MAP) {
        return refuse(err, "a part of it is no JSON object");
    }
    return GEN_OK;
}

/* What the header may say. `*kid` is "" when it names none. */
static enum gen_status token_header(const struct gen_node *header, const char **kid,
                                    struct gen_error *err)
{
    static const char *const forbidden[] = {"crit", "b64", "zip"};
    const struct gen_node *type = gen_node_get(header, "typ"), *cat = gen_node_get(header, "cat");

    if (strcmp(gen_node_text(gen_node_get(header, "alg"), ""), "RS256") != 0) {
        return refuse(err, "it is not signed with RS256");
    }
    if (type != NULL && strcmp(gen_node_text(type, ""), "JWT") != 0) {
        return refuse(err, "its header says that it is no JWT");
    }
    for (size_t i = 0; i < GEN_COUNT(forbidden); i++) {
        if (gen_node_get(header, forbidden[i]) != NULL) {
            return refuse(err, "its header asks for what session tokens do not have");
        }
    }
    if (cat != NULL && strcmp(gen_node_text(cat, ""), "cl_B7d4PD111AAA") != 0) {
        return refuse(err, "it is a token of Clerk, but none of a session");
    }
    *kid = gen_node_text(gen_node_get(header, "kid"), "");
    return GEN_OK;
}

/* Over the first two parts with the dot between, just as they stand there. */
static enum gen_status token_signed(const struct part parts[3], const struct gen_public_key *key,
                                    struct gen_arena *arena, struct gen_error *err)
{
    const char *signature = NULL;
    size_t size = 0;
    enum gen_status status = token_decode(&parts[2], arena, &signature, &size);

    if (status == GEN_ENOMEM) {
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    return status == GEN_OK &&
                   gen_signature_good(key, parts[0].text, parts[0].size + 1 + parts[1].size,
                                      signature, size)
               ? GEN_OK
               : refuse(err, "its signature is wrong");
}

/* ------------------------------------------------------------------------------------ claims -- */

static bool listed(const struct gen_texts *list, const char *text)
{
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->items[i], text) == 0) {
            return true;
        }
    }
    return false;
}

/* `aud` is one text or a list of them; a token that names none is for everybody. */
static bool audience_fits(const struct gen_texts *wanted, const struct gen_node *aud)
{
    if (wanted == NULL || wanted->count == 0 || gen_node_type_of(aud) <= GEN_NODE_NULL ||
        (gen_node_type_of(aud) == GEN_NODE_STRING && aud->size == 0) ||
        (gen_node_type_of(aud) == GEN_NODE_LIST && gen_node_count(aud) == 0)) {
        return true;
    }
    if (gen_node_type_of(aud) == GEN_NODE_STRING) {
        return listed(wanted, gen_node_text(aud, ""));
    }
    for (const struct gen_node *one = gen_node_first(aud); one != NULL; one = one->next) {
        if (gen_node_type_of(one) == GEN_NODE_STRING && listed(wanted, gen_node_text(one, ""))) {
            return true;
        }
    }
    return false;
}

/* A claim in seconds as milliseconds; false when it is no number. Far away is far away. */
static bool claim_moment(const struct gen_node *node, double *out)
{
    enum gen_node_type type = gen_node_type_of(node);

    if (type != GEN_NODE_INT && type != GEN_NODE_REAL) {
        return false;
    }
    *out = gen_node_number(node, 0) * 1000;
    return true;
}

static enum gen_status check_times(const struct gen_node *claims, int64_t leeway, gen_moment now,
                                   struct gen_error *err)
{
    const struct gen_node *nbf = gen_node_get(claims, "nbf"), *iat = gen_node_get(claims, "iat");
    double clock = (double)now, slack = (double)leeway, at = 0;

    if (!claim_moment(gen_node_get(claims, "exp"), &at)) {
        return refuse(err, "it does not say when it expires");
    }
    if (at <= clock - slack) {
        return refuse(err, "it has expired; get a new one (Clerk's live for a minute)");
    }
    if (nbf != NULL && (!claim_moment(nbf, &at) || at > clock + slack)) {
        return refuse(err, "it is not valid yet; is the clock of this machine right?");
    }
    if (iat != NULL && (!claim_moment(iat, &at) || at > clock + slack)) {
        return refuse(err, "it was issued in the future; is the clock of this machine right?");
    }
    return GEN_OK;
}

static enum gen_status check_claims(const struct gen_node *claims,
                                    const struct gen_token_rules *rules, gen_moment now,
                                    struct gen_error *err)
{
    if (gen_node_type_of(gen_node_get(claims, "sub")) != GEN_NODE_STRING) {
        return refuse(err, "it does not say whose it is");
    }
    if (!audience_fits(rules->audiences, gen_node_get(claims, "aud"))) {
        return refuse(err, "it is for somebody else (aud)");
    }
    if (rules->parties != NULL && rules->parties->count > 0 &&
        !listed(rules->parties, gen_node_text(gen_node_get(claims, "azp"), ""))) {
        return refuse(err,
                      "the page that got it (azp) is not among authorizedParties in gend.yaml");
    }
    if (rules->issuer != NULL &&
        strcmp(gen_node_text(gen_node_get(claims, "iss"), ""), rules->issuer) != 0) {
        return refuse(err, "somebody else has issued it (iss)");
    }
    return check_times(claims, rules->leeway_ms, now, err);
}

enum gen_status gen_token_check(const struct gen_token_keys *keys,
                                const struct gen_token_rules *rules, const char *token,
                                gen_moment now, struct gen_arena *arena,
                                const struct gen_node **claims, struct gen_error *err)
{
    const struct gen_node *header = NULL, *payload = NULL;
    const char *kid = "";
    struct part parts[3];
    const struct gen_public_key *key;
    enum gen_status status;

    if (strnlen(token, GEN_TOKEN_MOST + 1) > GEN_TOKEN_MOST) {
        return refuse(err, "it is too long");
    }
    if (!token_split(token, parts)) {
        return refuse(err, "it has not three parts with dots between");
    }
    status = token_json(&parts[0], arena, &header, err);
    if (status == GEN_OK) {
        status = token_header(header, &kid, err);
    }
    if (status == GEN_OK) {
        status = token_json(&parts[1], arena, &payload, err);
    }
    if (status != GEN_OK) {
        return status;
    }
    key = keys_find(keys, kid);
    if (key == NULL) {
        return gen_error_set(err, GEN_ENOTFOUND,
                             "this session token is not good: it names a key that its issuer does "
                             "not have");
    }
    status = token_signed(parts, key, arena, err);
    if (status == GEN_OK) {
        status = check_claims(payload, rules, now, err);
    }
    if (status == GEN_OK) {
        *claims = payload;
    }
    return status;
}
