/* token_check.h - is this JSON Web Token one that its issuer signed, for us, and in force (RFC 7515, 7519)?
 * With RS256 alone, by public keys that come from outside. Why on platform/signature.h and not on a
 * library of tokens: docs/decisions/0011-session-tokens.md.
 *
 * It fetches nothing and knows no users: service/clerk.h says which keys and rules, and what the claims
 * mean. A token's own header never chooses a key (jwk, jku, x5c, x5u are not looked at) nor another
 * algorithm; a header with `crit`, `b64` or `zip` is refused. Where the JSON can be read in two ways
 * (duplicate members) it is refused.
 * Invariant: claims are given only after the signature over exactly these bytes was found good.
 *
 * Thread: [loop]. Floor: platform. Tests: tests/unit/platform/token_check_test.c,
 * tests/clients/clerk_test.mjs
 */
#ifndef GEN_PLATFORM_TOKEN_CHECK_H
#define GEN_PLATFORM_TOKEN_CHECK_H

#include "base/field.h"
#include "base/node.h"

enum {
    GEN_TOKEN_MOST = 8 * 1024,        /* bytes of a token */
    GEN_TOKEN_KEYS_MOST = 32,         /* keys of a set that are kept */
    GEN_TOKEN_KEYS_SIZE = 256 * 1024, /* bytes of a set */
    GEN_TOKEN_BITS_LEAST = 2048,
    GEN_TOKEN_LEEWAY_MS = 5000, /* clocks may differ by so much */
};

struct gen_token_keys;

/* From a JSON Web Key Set: RSA keys of at least 2048 bits with a `kid`, for signatures; others are left
 * out. GEN_EINVAL: it is no set, or none of its keys can be used. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_token_keys_of_set(const char *text, size_t size,
                                                     struct gen_token_keys **out,
                                                     struct gen_error *err);
/* From one public key as PEM: it stands for every `kid`. GEN_EINVAL, GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_token_keys_of_pem(const char *text, size_t size,
                                                     struct gen_token_keys **out,
                                                     struct gen_error *err);
void gen_token_keys_destroy(struct gen_token_keys *keys); /* NULL is allowed */
size_t gen_token_keys_count(const struct gen_token_keys *keys);

struct gen_token_rules { /* borrowed */
    const char *issuer;  /* `iss`; NULL = any */
    const struct gen_texts
        *parties; /* `azp` must be one of them; NULL or none = any, or none at all */
    const struct gen_texts
        *audiences; /* a token that names audiences must name one of these; the same */
    int64_t leeway_ms;
};

/* The claims, in `arena`. GEN_EDENIED: the token is not good, and why. GEN_ENOTFOUND: it may be, but the
 * key that it names is not here. GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_token_check(
    const struct gen_token_keys *keys, const struct gen_token_rules *rules, const char *token,
    gen_moment now, struct gen_arena *arena, const struct gen_node **claims, struct gen_error *err);

#endif
