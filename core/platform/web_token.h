/* web_token.h - JSON Web Tokens that we sign ourselves (RFC 7515, 7519): with a shared secret, or with the
 * private key of a service account.
 *
 * It asks nobody and keeps nothing: secrets come in, a token goes out. Tokens from outside are not
 * verified here.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/web_token_test.c
 */
#ifndef GEN_PLATFORM_WEB_TOKEN_H
#define GEN_PLATFORM_WEB_TOKEN_H

#include "base/node.h"

/* Signs {"alg":"HS256","typ":"JWT"} and `claims`. *out is in hidden memory (gen_crypto_unhide).
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_web_token_hs256(const struct gen_node *claims,
                                                   const void *secret, size_t secret_size,
                                                   char **out, struct gen_error *err);

/* The same with RS256 and the id of the key ("" = none). Also statuses of gen_signature_rs256. */
GEN_MUST_CHECK enum gen_status gen_web_token_rs256(const struct gen_node *claims, const char *pem,
                                                   size_t pem_size, const char *key_id, char **out,
                                                   struct gen_error *err);

#endif
