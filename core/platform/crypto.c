/* crypto.c - see crypto.h; the only file that includes libsodium. */
#include "platform/crypto.h"

#include "base/alloc.h"

#include <sodium.h>
#include <string.h>

enum {
    CRYPTO_DIGEST_SIZE = 32,
    CRYPTO_TOKEN_MAX = 256, /* random bytes in one token */
};

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct gen_digest),
               "struct gen_digest is too small for libsodium's state");
_Static_assert(_Alignof(crypto_generichash_state) <= _Alignof(struct gen_digest),
               "struct gen_digest is not aligned for libsodium's state");
_Static_assert(2 * CRYPTO_DIGEST_SIZE + 1 == GEN_DIGEST_TEXT_SIZE, "text of a digest");

enum gen_status gen_crypto_init(struct gen_error *err)
{
    if (sodium_init() < 0) { /* 1: done before */
        return gen_error_set(err, GEN_EIO,
                             "no source of randomness: the system gives no /dev/urandom");
    }
    return GEN_OK;
}

/* randomness */

static void random_real_fill(void *context, uint8_t *out, size_t size)
{
    (void)context;
    randombytes_buf(out, size);
}

const struct gen_random *gen_random_real(void)
{
    static const struct gen_random real = {random_real_fill, NULL};

    return &real;
}

void gen_random_fill(const struct gen_random *random, uint8_t *out, size_t size)
{
    random->fill(random->context, out, size);
}

void gen_random_ident(const struct gen_random *random, enum gen_ident_kind kind, gen_moment now,
                      struct gen_ident *out)
{
    uint8_t bytes[GEN_IDENT_RANDOM];

    gen_random_fill(random, bytes, sizeof(bytes));
    gen_ident_make(kind, now, bytes, out);
}

void gen_crypto_token(const struct gen_random *random, size_t size, char *out, size_t out_size)
{
    uint8_t bytes[CRYPTO_TOKEN_MAX];

    GEN_CHECK(size <= sizeof(bytes));
    GEN_CHECK(out_size >=
              sodium_base64_encoded_len(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING));
    gen_random_fill(random, bytes, size);
    (void)sodium_bin2base64(out, out_size, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(bytes, sizeof(bytes));
}

/* digests: libsodium's calls fail on wrong sizes only, which are constants here */

static crypto_generichash_state *digest_state(struct gen_digest *digest)
{
    return (crypto_generichash_state *)(void *)digest->opaque;
}

void gen_digest_init(struct gen_digest *digest)
{
    GEN_CHECK(crypto_generichash_init(digest_state(digest), NULL, 0, CRYPTO_DIGEST_SIZE) == 0);
}

void gen_digest_add(struct gen_digest *digest, const void *data, size_t size)
{
    GEN_CHECK(crypto_generichash_update(digest_state(digest), data, size) == 0);
}

void gen_digest_text(struct gen_digest *digest, char *out)
{
    unsigned char hash[CRYPTO_DIGEST_SIZE];

    GEN_CHECK(crypto_generichash_final(digest_state(digest), hash, sizeof(hash)) == 0);
    (void)sodium_bin2hex(out, GEN_DIGEST_TEXT_SIZE, hash, sizeof(hash));
}

void gen_digest_of(const void *data, size_t size, char *out)
{
    struct gen_digest digest;

    gen_digest_init(&digest);
    gen_digest_add(&digest, data, size);
    gen_digest_text(&digest, out);
}

/* comparison */

bool gen_crypto_equal(const char *a, const char *b)
{
    size_t a_size = strlen(a);
    size_t b_size = strlen(b);
    size_t size = a_size > b_size ? a_size : b_size;
    volatile unsigned char different = a_size != b_size; /* volatile: no early way out */

    for (size_t i = 0; i < size; i++) {
        char left = a[i < a_size ? i : a_size];
        char right = b[i < b_size ? i : b_size];

        different = (unsigned char)(different | (unsigned char)(left ^ right));
    }
    return different == 0;
}

/* base64 */

static enum gen_status base64_encode(const void *data, size_t size, int variant, char **out)
{
    size_t out_size;
    char *text;

    if (size > SIZE_MAX / 2) {
        return GEN_ENOMEM;
    }
    out_size = sodium_base64_encoded_len(size, variant);
    text = gen_alloc(out_size);
    if (text == NULL) {
        return GEN_ENOMEM;
    }
    (void)sodium_bin2base64(text, out_size, data, size, variant);
    *out = text;
    return GEN_OK;
}

enum gen_status gen_base64_encode(const void *data, size_t size, char **out)
{
    return base64_encode(data, size, sodium_base64_VARIANT_ORIGINAL, out);
}

enum gen_status gen_base64_url_encode(const void *data, size_t size, char **out)
{
    return base64_encode(data, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING, out);
}

enum gen_status gen_base64_decode(const char *text, size_t size, void **out, size_t *out_size)
{
    size_t room = size / 4 * 3;
    unsigned char *data;
    size_t used;

    if (size % 4 != 0) {
        return GEN_EINVAL;
    }
    for (size_t i = 0; i < size; i++) {
        if ((unsigned char)text[i] >= 0x80) { /* libsodium 1.0.18 takes some of these for digits */
            return GEN_EINVAL;
        }
    }
    data = gen_alloc(room);
    if (data == NULL) {
        return GEN_ENOMEM;
    }
    if (sodium_base642bin(data, room, text, size, NULL, &used, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0) {
        gen_free(data);
        return GEN_EINVAL;
    }
    *out = data;
    *out_size = used;
    return GEN_OK;
}

/* secrets */

void gen_crypto_hmac(const void *key, size_t key_size, const void *data, size_t size,
                     unsigned char out[GEN_HMAC_SIZE])
{
    crypto_auth_hmacsha256_state state;

    _Static_assert(crypto_auth_hmacsha256_BYTES == GEN_HMAC_SIZE, "size of an HMAC");
    GEN_CHECK(crypto_auth_hmacsha256_init(&state, key, key_size) == 0);
    GEN_CHECK(crypto_auth_hmacsha256_update(&state, data, size) == 0);
    GEN_CHECK(crypto_auth_hmacsha256_final(&state, out) == 0);
    sodium_memzero(&state, sizeof(state));
}

void gen_crypto_seal(const struct gen_random *random, const unsigned char key[GEN_SEAL_KEY],
                     const struct gen_seal_about *about, const void *data, size_t size,
                     unsigned char *out)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
    unsigned long long written = 0;

    _Static_assert(crypto_aead_xchacha20poly1305_ietf_KEYBYTES == GEN_SEAL_KEY, "size of a key");
    _Static_assert(NONCE + crypto_aead_xchacha20poly1305_ietf_ABYTES == GEN_SEAL_EXTRA,
                   "nonce and tag");
    gen_random_fill(random, out, NONCE);
    GEN_CHECK(crypto_aead_xchacha20poly1305_ietf_encrypt(out + NONCE, &written, data, size,
                                                         about->data, about->size, NULL, out,
                                                         key) == 0);
    GEN_CHECK(written == size + GEN_SEAL_EXTRA - NONCE);
}

bool gen_crypto_unseal(const unsigned char key[GEN_SEAL_KEY], const struct gen_seal_about *about,
                       const unsigned char *sealed, size_t size, void *out)
{
    enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
    unsigned long long written = 0;

    return size >= GEN_SEAL_EXTRA && crypto_aead_xchacha20poly1305_ietf_decrypt(
                                         out, &written, NULL, sealed + NONCE, size - NONCE,
                                         about->data, about->size, sealed, key) == 0;
}

enum gen_status gen_crypto_stretch(const struct gen_stretch *how, const char *passphrase,
                                   size_t size, unsigned char out[GEN_SEAL_KEY],
                                   struct gen_error *err)
{
    _Static_assert(crypto_pwhash_argon2id_SALTBYTES == GEN_STRETCH_SALT, "size of a salt");
    if (how->passes < crypto_pwhash_argon2id_OPSLIMIT_MIN ||
        how->passes > crypto_pwhash_argon2id_OPSLIMIT_MAX ||
        how->memory < crypto_pwhash_argon2id_MEMLIMIT_MIN ||
        how->memory > crypto_pwhash_argon2id_MEMLIMIT_MAX) {
        return gen_error_set(err, GEN_EINVAL, "no way of Argon2id to make a key of a passphrase");
    }
    if (crypto_pwhash_argon2id(out, GEN_SEAL_KEY, passphrase, size, how->salt, how->passes,
                               (size_t)how->memory, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0) {
        return gen_error_set(err, GEN_ENOMEM,
                             "making a key of the passphrase needs %llu MB of memory for a moment",
                             (unsigned long long)(how->memory >> 20));
    }
    return GEN_OK;
}

void *gen_crypto_hide(size_t size)
{
    void *probe = gen_alloc(1); /* so that tests can fail this allocation, too */
    void *block = probe == NULL ? NULL : sodium_malloc(size > 0 ? size : 1);

    gen_free(probe);
    if (block != NULL) {
        memset(block, 0, size);
    }
    return block;
}

void gen_crypto_unhide(void *block)
{
    sodium_free(block);
}

void gen_crypto_wipe(void *block, size_t size)
{
    if (block != NULL) {
        sodium_memzero(block, size);
    }
}
