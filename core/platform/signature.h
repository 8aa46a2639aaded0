/* signature.h - RSA signatures over SHA-256 with a private key in PEM (GnuTLS, which libcurl's flavour
 * brings along; libsodium has no RSA).
 *
 * Why this library: docs/decisions/0007-signing.md.
 *
 * Thread: [any]. Floor: platform. Tests: tests/unit/platform/web_token_test.c
 */
#ifndef GEN_PLATFORM_SIGNATURE_H
#define GEN_PLATFORM_SIGNATURE_H

#include "base/error.h"

#include <stddef.h>

/* RSASSA-PKCS1-v1_5 with SHA-256 ("RS256" of RFC 7518); *out is the caller's (gen_free).
 * GEN_EINVAL: the text is no RSA private key, or one below 2048 bits; the message does not repeat it.
 * GEN_ENOMEM. */
GEN_MUST_CHECK enum gen_status gen_signature_rs256(const char *pem, size_t pem_size,
                                                   const void *data, size_t size,
                                                   unsigned char **out, size_t *out_size,
                                                   struct gen_error *err);

#endif
