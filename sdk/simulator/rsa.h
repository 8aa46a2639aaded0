/* rsa.h - RSA keys and signatures of service accounts (GnuTLS, which no other room includes).
 *
 * Public keys are hexadecimal digits of their DER form (SubjectPublicKeyInfo), so that they fit into
 * an account's secret; private keys are PEM (PKCS #8).
 * Thread: [any]. Apart: sdk/simulator. Tests: tests/data/exchanges/google.jsonl
 */
#ifndef SIM_RSA_H
#define SIM_RSA_H

#include "base/arena.h"

/* A new key of 2048 bits; NULL when it cannot be made. */
const char *sim_rsa_make(struct gen_arena *arena);
/* The public half of a private key; NULL when `pem` is not one. */
const char *sim_rsa_public(struct gen_arena *arena, const char *pem);
/* Is `signature` RSASSA-PKCS1-v1_5 with SHA-256 over `data` by the owner of `key`? */
bool sim_rsa_signed(const char *key, const void *data, size_t size, const void *signature,
                    size_t signature_size);

#endif
