/* signature.c - see signature.h; the only file that includes GnuTLS. */
#include "platform/signature.h"

#include "base/alloc.h"

#include <gnutls/abstract.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>

enum { SIGNATURE_LEAST_BITS = 2048 };

static enum gen_status signature_failed(struct gen_error *err, int code, const char *what)
{
    return code == GNUTLS_E_MEMORY_ERROR
               ? gen_error_set(err, GEN_ENOMEM, "out of memory")
               : gen_error_set(err, GEN_EINVAL, "%s: %s", what, gnutls_strerror(code));
}

static enum gen_status signature_key(gnutls_privkey_t key, const char *pem, size_t size,
                                     struct gen_error *err)
{
    gnutls_datum_t text = {(unsigned char *)(uintptr_t)pem, (unsigned)size}; /* it only reads */
    unsigned bits = 0;
    int code = size > UINT16_MAX
                   ? GNUTLS_E_ASN1_DER_ERROR
                   : gnutls_privkey_import_x509_raw(key, &text, GNUTLS_X509_FMT_PEM, NULL, 0);

    if (code < 0) {
        return signature_failed(err, code, "the private key cannot be read");
    }
    if (gnutls_privkey_get_pk_algorithm(key, &bits) != GNUTLS_PK_RSA) {
        return gen_error_set(err, GEN_EINVAL, "the private key is no RSA key");
    }
    if (bits < SIGNATURE_LEAST_BITS) {
        return gen_error_set(err, GEN_EINVAL, "the private key has %u bits, at least %d are needed",
                             bits, SIGNATURE_LEAST_BITS);
    }
    return GEN_OK;
}

enum gen_status gen_signature_rs256(const char *pem, size_t pem_size, const void *data, size_t size,
                                    unsigned char **out, size_t *out_size, struct gen_error *err)
{
    gnutls_datum_t text = {(unsigned char *)(uintptr_t)data, (unsigned)size}; /* it only reads */
    gnutls_datum_t signature = {NULL, 0};
    gnutls_privkey_t key = NULL;
    enum gen_status status;
    int code = gnutls_privkey_init(&key);

    if (code < 0) {
        return signature_failed(err, code, "no private key");
    }
    status = signature_key(key, pem, pem_size, err);
    if (status != GEN_OK) {
        goto done;
    }
    code = gnutls_privkey_sign_data(key, GNUTLS_DIG_SHA256, 0, &text, &signature);
    if (code < 0) {
        status = signature_failed(err, code, "signing failed");
        goto done;
    }
    *out = gen_alloc(signature.size);
    if (*out == NULL) {
        status = gen_error_set(err, GEN_ENOMEM, "out of memory");
        goto done;
    }
    memcpy(*out, signature.data, signature.size);
    *out_size = signature.size;
done:
    gnutls_free(signature.data);
    gnutls_privkey_deinit(key);
    return status;
}

/* ---------------------------------------------------------------------------------- checking -- */

struct gen_public_key {
    gnutls_pubkey_t key;
};

/* Takes what an import has made of the key: kept when it is good, else given back. */
static enum gen_status public_key_take(struct gen_public_key *key, int code,
                                       struct gen_public_key **out, struct gen_error *err)
{
    unsigned bits = 0;
    enum gen_status status = GEN_OK;

    if (code < 0) {
        status = signature_failed(err, code, "the public key cannot be read");
    } else if (gnutls_pubkey_get_pk_algorithm(key->key, &bits) != GNUTLS_PK_RSA ||
               bits < SIGNATURE_LEAST_BITS) {
        status = gen_error_set(err, GEN_EINVAL, "the public key is no RSA key of at least %d bits",
                               SIGNATURE_LEAST_BITS);
    }
    if (status == GEN_OK) {
        *out = key;
    } else {
        gen_public_key_destroy(key);
    }
    return status;
}

static enum gen_status public_key_begin(struct gen_public_key **out, struct gen_error *err)
{
    struct gen_public_key *key = gen_alloc(sizeof *key);

    if (key == NULL || gnutls_pubkey_init(&key->key) < 0) {
        gen_free(key);
        return gen_error_set(err, GEN_ENOMEM, "out of memory");
    }
    *out = key;
    return GEN_OK;
}

enum gen_status gen_public_key_of_pem(const char *pem, size_t pem_size, struct gen_public_key **out,
                                      struct gen_error *err)
{
    gnutls_datum_t text = {(unsigned char *)(uintptr_t)pem, (unsigned)pem_size}; /* it only reads */
    struct gen_public_key *key = NULL;
    enum gen_status status = public_key_begin(&key, err);

    return status != GEN_OK
               ? status
               : public_key_take(key,
                                 pem_size > UINT16_MAX
                                     ? GNUTLS_E_ASN1_DER_ERROR
                                     : gnutls_pubkey_import(key->key, &text, GNUTLS_X509_FMT_PEM),
                                 out, err);
}

enum gen_status gen_public_key_of_rsa(const void *modulus, size_t modulus_size,
                                      const void *exponent, size_t exponent_size,
                                      struct gen_public_key **out, struct gen_error *err)
{
    gnutls_datum_t n = {(unsigned char *)(uintptr_t)modulus, (unsigned)modulus_size};
    gnutls_datum_t e = {(unsigned char *)(uintptr_t)exponent, (unsigned)exponent_size};
    struct gen_public_key *key = NULL;
    enum gen_status status;

    /* With an exponent of 1 anybody could sign. */
    if (modulus_size == 0 || modulus_size > UINT16_MAX || exponent_size == 0 ||
        exponent_size > UINT16_MAX || (exponent_size == 1 && e.data[0] < 3)) {
        return gen_error_set(err, GEN_EINVAL, "the public key has no modulus or no exponent");
    }
    status = public_key_begin(&key, err);
    return status != GEN_OK
               ? status
               : public_key_take(key, gnutls_pubkey_import_rsa_raw(key->key, &n, &e), out, err);
}

void gen_public_key_destroy(struct gen_public_key *key)
{
    if (key != NULL) {
        gnutls_pubkey_deinit(key->key);
        gen_free(key);
    }
}

bool gen_signature_good(const struct gen_public_key *key, const void *data, size_t size,
                        const void *signature, size_t signature_size)
{
    gnutls_datum_t text = {(unsigned char *)(uintptr_t)data, (unsigned)size};
    gnutls_datum_t given = {(unsigned char *)(uintptr_t)signature, (unsigned)signature_size};

    return size <= UINT32_MAX && signature_size <= UINT16_MAX &&
           gnutls_pubkey_verify_data2(key->key, GNUTLS_SIGN_RSA_SHA256, 0, &text, &given) >= 0;
}
