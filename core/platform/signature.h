/* signature.h - RSA signatures over SHA-256: made with a private key in PEM, checked with a public one
 * (GnuTLS, which libcurl's flavour brings along; libsodium has no RSA).
 *
 * Why this library: docs/decisions/0007-signing.md.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/web_token_test.c,
 * tests/unit/platform/token_check_test.c
 */
#ifndef GEN_PLATFORM_SIGNATURE_H
#define GEN_PLATFORM_SIGNATURE_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

/* RSASSA-PKCS1-v1_5 with SHA-256 ("RS256" of RFC 7518); *out is the caller's (gen_free).
 * GEN_EINVAL: the text is no RSA private key, or one below 2048 bits; the message does not repeat it.
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_signature_rs256(const char *pem, size_t pem_size,
                                                   const void *data, size_t size,
                                                   unsigned char **out, size_t *out_size,
                                                   struct gen_error *err);

/* ---- checking */

struct gen_public_key;

/* An RSA key of at least 2048 bits: a PEM ("-----BEGIN PUBLIC KEY-----"), or its modulus and exponent
 * (big-endian). GEN_EINVAL: it is none. GEN_ENOMEM. destroy: NULL is allowed. */
GEN_MUST_CHECK enum gen_status gen_public_key_of_pem(const char *pem, size_t pem_size,
                                                     struct gen_public_key **out,
                                                     struct gen_error *err);
GEN_MUST_CHECK enum gen_status gen_public_key_of_rsa(const void *modulus, size_t modulus_size,
                                                     const void *exponent, size_t exponent_size,
                                                     struct gen_public_key **out,
                                                     struct gen_error *err);
void gen_public_key_destroy(struct gen_public_key *key);

/* Is this the RS256 signature of the data by that key? Anything else (also no memory) is not. */
bool gen_signature_good(const struct gen_public_key *key, const void *data, size_t size,
                        const void *signature, size_t signature_size);

#endif
