/* crypto.h - random bytes, BLAKE2b digests, comparison in constant time (libsodium).
 *
 * The random port: the real one is the system's generator, the simulation brings a seeded one.
 *
 * Also what the vault stands on: sealing (XChaCha20-Poly1305) and a key of a passphrase (Argon2id).
 *
 * Thread: [any] after gen_crypto_init. Floor: platform. Tests: tests/unit/platform/crypto_test.c
 */
#ifndef GEN_PLATFORM_CRYPTO_H
#define GEN_PLATFORM_CRYPTO_H

#include "base/error.h"
#include "base/ident.h"

struct gen_random { /* the port */
    void (*fill)(void *context, uint8_t *out, size_t size);
    void *context;
};

/* Once, before anything else here. GEN_EIO: no source of randomness. */
GEN_MUST_CHECK enum gen_status gen_crypto_init(struct gen_error *err);

const struct gen_random *gen_random_real(void);
/* `size` random bytes from the port. */
void gen_random_fill(const struct gen_random *random, uint8_t *out, size_t size);

/* A new id of `kind` at `now`. */
void gen_random_ident(const struct gen_random *random, enum gen_ident_kind kind, gen_moment now,
                      struct gen_ident *out);

enum { GEN_DIGEST_TEXT_SIZE = 65 }; /* 64 hexadecimal digits and NUL */

struct gen_digest { /* BLAKE2b-256 in progress; opaque, 64-byte aligned inside */
    _Alignas(64) unsigned char opaque[384];
};
void gen_digest_init(struct gen_digest *digest);
void gen_digest_add(struct gen_digest *digest, const void *data, size_t size);
void gen_digest_text(struct gen_digest *digest, char *out); /* ends it; lower case */
void gen_digest_of(const void *data, size_t size, char *out);

/* Equal, in time that depends on the longer length only. */
bool gen_crypto_equal(const char *a, const char *b);

/* `size` random bytes (at most 256) as text of 4 * ceil(size / 3) characters at most, URL-safe base64 without
 * padding; out must hold that and a NUL. */
void gen_crypto_token(const struct gen_random *random, size_t size, char *out, size_t out_size);

/* Standard base64 with padding. encode: NUL-terminated, *out is the caller's (gen_free). decode:
 * GEN_EINVAL on any other text. */
GEN_MUST_CHECK enum gen_status gen_base64_encode(const void *data, size_t size, char **out);
GEN_MUST_CHECK enum gen_status gen_base64_decode(const char *text, size_t size, void **out,
                                                 size_t *out_size);

/* The same in the alphabet for URLs, without padding (RFC 7515); the caller's (gen_free). */
GEN_MUST_CHECK enum gen_status gen_base64_url_encode(const void *data, size_t size, char **out);

/* HMAC-SHA256 (RFC 2104) with a key of any length. */
enum { GEN_HMAC_SIZE = 32 };
void gen_crypto_hmac(const void *key, size_t key_size, const void *data, size_t size,
                     unsigned char out[GEN_HMAC_SIZE]);

/* Sealing: what was sealed can be read with the same key alone, and only where the same `about` (which is
 * not kept in it) is told. Each time with another nonce. */
enum { GEN_SEAL_KEY = 32, GEN_SEAL_EXTRA = 40 /* a sealed text is longer by so much */ };

struct gen_seal_about { /* what the sealed text belongs to */
    const void *data;
    size_t size;
};

/* `out`: size + GEN_SEAL_EXTRA bytes. */
void gen_crypto_seal(const struct gen_random *random, const unsigned char key[GEN_SEAL_KEY],
                     const struct gen_seal_about *about, const void *data, size_t size,
                     unsigned char *out);
/* `out`: size - GEN_SEAL_EXTRA bytes. False: another key, another `about`, or changed on its way. */
GEN_MUST_CHECK bool gen_crypto_unseal(const unsigned char key[GEN_SEAL_KEY],
                                      const struct gen_seal_about *about,
                                      const unsigned char *sealed, size_t size, void *out);

/* A key of a passphrase (Argon2id 1.3), slow on purpose: `passes` over `memory` bytes. */
enum { GEN_STRETCH_SALT = 16 };
struct gen_stretch {
    uint64_t passes, memory; /* at least 1; at least 8 KiB */
    unsigned char salt[GEN_STRETCH_SALT];
};
/* GEN_EINVAL: parameters outside what the algorithm takes. GEN_ENOMEM: no such amount of memory. */
GEN_MUST_CHECK enum gen_status gen_crypto_stretch(const struct gen_stretch *how,
                                                  const char *passphrase, size_t size,
                                                  unsigned char out[GEN_SEAL_KEY],
                                                  struct gen_error *err);

/* Zeroed memory for secrets: kept out of swap and core dumps where the system allows it, behind guard
 * pages, wiped when it is freed. NULL: no memory. */
void *gen_crypto_hide(size_t size);
void gen_crypto_unhide(void *block); /* NULL is allowed */
/* Overwrites what the compiler would otherwise leave there. */
void gen_crypto_wipe(void *block, size_t size);

#endif
